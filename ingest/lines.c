/* Blocks of whole lines. A block's memory has two halves: reads go into the second,
 * page by page; the beginning of a line whose end is still to come is put right before
 * it. So reads stay aligned and no line but the first of a block can be longer than
 * FF_LINE_MAX, since the others lie within one half.
 *
 * NULs and CRs are ordinary bytes here: who splits the block cuts a line's last CR. A
 * byte order mark before the first line is left out. */
#include "lines.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "footfall/wipe.h"

enum { READ_BYTES = FF_LINES_BYTES - FF_LINE_MAX };
static_assert(READ_BYTES <= FF_LINE_MAX && FF_LINE_MAX % FF_LINES_ALIGNMENT == 0,
              "the head of lines.c");

struct ff_lines {
    struct ff_source *source;
    struct ff_text_memory *memory; /* the block's; NULL between blocks */
    char *start, *end;             /* text in it that is not given yet */
    char *rest;                    /* the same between blocks, FF_LINE_MAX */
    size_t rest_len, rest_most;
    struct ff_text_memory own; /* for ff_lines_next and what is peeked */
    uint64_t offset;           /* of `start` in the source's text */
    bool is_begun;    /* the beginning has been looked at for a byte order mark */
    bool is_skipping; /* `start` is inside a long line that was given */
    bool is_ended;    /* the source is */
    bool is_peeked;   /* `peeked` was looked at but not taken */
    struct ff_block peeked;
};

bool ff_text_memory_take(struct ff_text_memory *memory)
{
    if (memory->bytes)
        return true;
    memory->bytes = aligned_alloc(FF_LINES_ALIGNMENT, FF_LINES_BYTES);
    memory->from = FF_LINES_BYTES;
    memory->to = 0;
    return memory->bytes != NULL;
}

void ff_text_memory_clear(struct ff_text_memory *memory)
{
    if (memory->from < memory->to)
        ff_wipe(memory->bytes + memory->from, memory->to - memory->from);
    free(memory->bytes);
    *memory = (struct ff_text_memory) { 0 };
}

enum ff_err ff_lines_open(struct ff_lines **out, struct ff_source *source,
                          struct ff_fault *fault)
{
    *out = NULL;
    struct ff_lines *lines = calloc(1, sizeof *lines);
    char *rest = lines ? malloc(FF_LINE_MAX) : NULL;
    if (!rest) {
        free(lines);
        ff_source_close(source);
        return ff_fault_nomem(fault);
    }
    *lines = (struct ff_lines) { .source = source, .rest = rest };
    *out = lines;
    return FF_OK;
}

/* Gives `len` bytes of the text that is there, as one block. */
static void give(struct ff_lines *lines, size_t len, bool is_long, struct ff_block *out)
{
    *out = (struct ff_block) { .text = { lines->start, len },
                               .offset = lines->offset,
                               .is_long = is_long };
    lines->start += len;
    lines->offset += len;
    lines->is_skipping = is_long;
}

/* Skips UTF-8's byte order mark; false while there may be more of it to come. */
static bool skip_mark(struct ff_lines *lines)
{
    const struct ff_span mark = FF_SPAN("\xEF\xBB\xBF");
    const size_t n = (size_t)(lines->end - lines->start);
    const bool is_like =
        memcmp(lines->start, mark.data, n < mark.len ? n : mark.len) == 0;
    if (is_like && n < mark.len && !lines->is_ended)
        return false;
    if (is_like && n >= mark.len) {
        lines->start += mark.len;
        lines->offset += mark.len;
    }
    lines->is_begun = true;
    return true;
}

/* Gives what can be given without reading; false if there is nothing. */
static bool take_block(struct ff_lines *lines, struct ff_block *out)
{
    if (!lines->is_begun && !skip_mark(lines))
        return false;
    const size_t n = (size_t)(lines->end - lines->start);
    const size_t most = FF_LINE_MAX + 1;
    if (n == 0)
        return false;
    if (!memchr(lines->start, '\n', n < most ? n : most)) {
        const bool is_long = n > FF_LINE_MAX;
        if (is_long || lines->is_ended)
            give(lines, is_long ? FF_LINE_MAX : n, is_long, out);
        return is_long || lines->is_ended;
    }
    const char *end = lines->end;
    while (end[-1] != '\n')
        end--;
    give(lines, (size_t)(end - lines->start), false, out);
    return true;
}

static void skip_rest_of_line(struct ff_lines *lines)
{
    const size_t n = (size_t)(lines->end - lines->start);
    char *newline = n ? memchr(lines->start, '\n', n) : NULL;
    char *const next = newline ? newline + 1 : lines->end;
    lines->offset += (uint64_t)(next - lines->start);
    lines->start = next;
    lines->is_skipping = !newline;
}

/* The text begins `n` bytes before the memory's second half. */
static void begin_at(struct ff_lines *lines, size_t n)
{
    struct ff_text_memory *memory = lines->memory;
    ff_text_memory_note(memory, FF_LINE_MAX - n, FF_LINE_MAX);
    lines->start = memory->bytes + FF_LINE_MAX - n;
    lines->end = memory->bytes + FF_LINE_MAX;
}

static enum ff_err fill(struct ff_lines *lines, struct ff_fault *fault)
{
    char *const half = lines->memory->bytes + FF_LINE_MAX;
    const size_t n = (size_t)(lines->end - lines->start);
    assert(n <= FF_LINE_MAX);
    size_t room = (size_t)(half + READ_BYTES - lines->end);
    /* A line that a pipe brings in small pieces is not moved at every piece. */
    if (n == 0 || room < READ_BYTES / 2) {
        if (n > 0)
            memmove(half - n, lines->start, n);
        begin_at(lines, n);
        room = READ_BYTES;
    }
    /* What is read is written so far, what is decoded may be written further. */
    const size_t at = (size_t)(lines->end - lines->memory->bytes);
    const bool is_read = ff_source_is_plain_file(lines->source);
    size_t got = 0;
    const enum ff_err err =
        ff_source_read(lines->source, lines->end, room, &got, fault);
    ff_text_memory_note(lines->memory, at, at + (is_read && !err ? got : room));
    lines->end += got;
    lines->is_ended = got == 0;
    return err;
}

/* Puts what was left of the block before right before the new block's reads. */
static void begin_block(struct ff_lines *lines, struct ff_text_memory *memory)
{
    const size_t n = lines->rest_len;
    lines->memory = memory;
    begin_at(lines, n);
    if (n)
        memcpy(lines->start, lines->rest, n);
}

static void end_block(struct ff_lines *lines)
{
    const size_t n = (size_t)(lines->end - lines->start);
    assert(n <= FF_LINE_MAX);
    if (n)
        memcpy(lines->rest, lines->start, n);
    lines->rest_len = n;
    if (lines->rest_most < n)
        lines->rest_most = n;
    lines->memory = NULL;
}

static enum ff_err read_block(struct ff_lines *lines, struct ff_block *out,
                              struct ff_fault *fault)
{
    for (;;) {
        if (lines->is_skipping)
            skip_rest_of_line(lines);
        if (take_block(lines, out))
            return FF_OK;
        if (lines->is_ended)
            break;
        FF_TRY(fill(lines, fault));
    }
    *out = (struct ff_block) { .text = { lines->end, 0 }, .offset = lines->offset };
    return FF_OK;
}

enum ff_err ff_lines_read(struct ff_lines *lines, struct ff_text_memory *memory,
                          struct ff_block *out, struct ff_fault *fault)
{
    if (lines->is_peeked) {
        lines->is_peeked = false;
        *out = lines->peeked;
        if (memory != &lines->own && out->text.len) {
            memcpy(memory->bytes, out->text.data, out->text.len);
            out->text.data = memory->bytes;
            ff_text_memory_note(memory, 0, out->text.len);
        }
        return FF_OK;
    }
    begin_block(lines, memory);
    const enum ff_err err = read_block(lines, out, fault);
    end_block(lines);
    return err;
}

enum ff_err ff_lines_next(struct ff_lines *lines, struct ff_block *out,
                          struct ff_fault *fault)
{
    if (!ff_text_memory_take(&lines->own))
        return ff_fault_nomem(fault);
    return ff_lines_read(lines, &lines->own, out, fault);
}

enum ff_err ff_lines_peek(struct ff_lines *lines, struct ff_block *out,
                          struct ff_fault *fault)
{
    if (!lines->is_peeked)
        FF_TRY(ff_lines_next(lines, &lines->peeked, fault));
    lines->is_peeked = true;
    *out = lines->peeked;
    return FF_OK;
}

const struct ff_source *ff_lines_source(const struct ff_lines *lines)
{
    return lines->source;
}

void ff_lines_close(struct ff_lines *lines)
{
    if (!lines)
        return;
    ff_source_close(lines->source);
    ff_wipe_free(lines->rest, lines->rest_most);
    ff_text_memory_clear(&lines->own);
    free(lines);
}
