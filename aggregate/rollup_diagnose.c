/* CBOR as diagnostic notation (RFC 8949 8), from the bytes: any well-formed CBOR, so
 * that a damaged or foreign file can be looked at. Arrays of plain items are on one
 * line, which is a row a line. Nesting is a stack of fixed depth. */
#include "footfall/rollup.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cbor_cursor.h"

#define DEPTH_MAX 32
#define FLAT_MAX  64 /* most items of an array on one line */

enum frame_kind { FRAME_ARRAY, FRAME_MAP, FRAME_TAG, FRAME_CHUNKS };

struct frame {
    enum frame_kind kind;
    enum ff_cbor_type chunk; /* of FRAME_CHUNKS: bytes or text */
    bool is_endless;         /* a break ends it, else `left` does */
    bool is_flat;
    uint64_t done, left; /* items in it; a map's pairs are two */
};

struct printer {
    FILE *out;
    struct ff_cbor_cursor cursor;
    struct frame frames[DEPTH_MAX];
    size_t depth;
};

static void print_line_break(const struct printer *p)
{
    fputc('\n', p->out);
    for (size_t i = 0; i < p->depth; i++)
        fputs(p->frames[i].kind == FRAME_TAG ? "" : "  ", p->out);
}

/* What a terminal would obey rather than show, or what would hide or reorder text. */
static bool is_unprintable(uint32_t code)
{
    return ff_cbor_is_control(code) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff);
}

static void print_escape(FILE *out, uint32_t code)
{
    if (code > 0xffff)
        fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + ((code - 0x10000) >> 10),
                0xdc00 + ((code - 0x10000) & 0x3ff));
    else
        fprintf(out, "\\u%04" PRIx32, code);
}

static enum ff_err print_text(const struct printer *p, const struct ff_cbor_item *item)
{
    const struct ff_span text = item->text;
    fputc('"', p->out);
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        const size_t step = ff_cbor_code_point(text, at, &code);
        if (step == 0)
            return ff_cbor_fault(&p->cursor, item->at, "text that is not UTF-8");
        if (code == '"' || code == '\\')
            fprintf(p->out, "\\%c", (char)code);
        else if (is_unprintable(code))
            print_escape(p->out, code);
        else
            fwrite(text.data + at, 1, step, p->out);
        at += step;
    }
    fputc('"', p->out);
    return FF_OK;
}

static void print_bytes(FILE *out, struct ff_span bytes)
{
    fputs("h'", out);
    for (size_t i = 0; i < bytes.len; i++)
        fprintf(out, "%02x", (unsigned)(unsigned char)bytes.data[i]);
    fputc('\'', out);
}

static void print_float(FILE *out, const struct ff_cbor_item *item)
{
    char text[40];
    if (isnan(item->number)) {
        fputs("NaN", out);
    } else if (isinf(item->number)) {
        fputs(item->number < 0 ? "-Infinity" : "Infinity", out);
    } else {
        snprintf(text, sizeof text, "%.17g", item->number);
        fputs(text, out);
        if (!strpbrk(text, ".e"))
            fputs(".0", out);
    }
    fprintf(out, "_%d", item->info - 24); /* its width is part of what was written */
}

static void print_negative(FILE *out, uint64_t value)
{
    if (value == UINT64_MAX)
        fputs("-18446744073709551616", out);
    else
        fprintf(out, "-%" PRIu64, value + 1);
}

/* RFC 8949 8.1: "_0" to "_3" after what was written longer than needed. */
static void print_width(FILE *out, const struct ff_cbor_item *item)
{
    if (!ff_cbor_is_shortest(item))
        fprintf(out, "_%d", item->info - 24);
}

static enum ff_err print_plain(const struct printer *p, const struct ff_cbor_item *item)
{
    switch (item->type) {
    case FF_CBOR_UINT:
        fprintf(p->out, "%" PRIu64, item->value);
        break;
    case FF_CBOR_NEGINT:
        print_negative(p->out, item->value);
        break;
    case FF_CBOR_BYTES:
        print_bytes(p->out, item->text);
        break;
    case FF_CBOR_TEXT:
        FF_TRY(print_text(p, item));
        break;
    case FF_CBOR_FLOAT:
        print_float(p->out, item);
        break;
    case FF_CBOR_BOOL:
        fputs(item->value ? "true" : "false", p->out);
        break;
    case FF_CBOR_NULL:
        fputs("null", p->out);
        break;
    default:
        assert(item->type == FF_CBOR_UNDEFINED);
        fputs("undefined", p->out);
    }
    print_width(p->out, item);
    return FF_OK;
}

static bool is_string(const struct ff_cbor_item *item)
{
    return item->type == FF_CBOR_BYTES || item->type == FF_CBOR_TEXT;
}

static bool opens_frame(const struct ff_cbor_item *item)
{
    return item->type == FF_CBOR_ARRAY || item->type == FF_CBOR_MAP ||
           item->type == FF_CBOR_TAG || (is_string(item) && item->is_indefinite);
}

/* Whether the `count` items after the cursor are plain. It looks at most FLAT_MAX
 * ahead and changes nothing; damage is found again when it is printed. */
static bool is_flat(const struct ff_cbor_cursor *cursor, uint64_t count)
{
    struct ff_fault unused;
    struct ff_cbor_cursor ahead = *cursor;
    ahead.fault = &unused;
    if (count > FLAT_MAX)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        struct ff_cbor_item item;
        if (ff_cbor_next(&ahead, &item) != FF_OK || opens_frame(&item) ||
            item.type == FF_CBOR_BREAK)
            return false;
    }
    return true;
}

static enum ff_err open_frame(struct printer *p, const struct ff_cbor_item *item)
{
    struct frame frame = { .is_endless = item->is_indefinite, .left = item->value };
    if (p->depth == DEPTH_MAX)
        return ff_cbor_fault(&p->cursor, item->at, "nested deeper than %d", DEPTH_MAX);
    if (item->type != FF_CBOR_TAG && item->value > ff_cbor_left(&p->cursor))
        return ff_cbor_cut_off(&p->cursor); /* each item takes a byte at least */
    if (item->type == FF_CBOR_TAG) {
        frame = (struct frame) { .kind = FRAME_TAG, .is_flat = true, .left = 1 };
        fprintf(p->out, "%" PRIu64, item->value);
        print_width(p->out, item);
        fputc('(', p->out);
    } else if (item->type == FF_CBOR_MAP) {
        frame.kind = FRAME_MAP;
        frame.left *= 2;
        fputc('{', p->out);
    } else if (item->type == FF_CBOR_ARRAY) {
        frame.kind = FRAME_ARRAY;
        frame.is_flat = !frame.is_endless && is_flat(&p->cursor, frame.left);
        fputc('[', p->out);
    } else {
        frame.kind = FRAME_CHUNKS;
        frame.chunk = item->type;
        frame.is_flat = true;
        fputc('(', p->out);
    }
    if (frame.is_endless) {
        fputs("_ ", p->out);
    } else if (frame.kind != FRAME_TAG && !ff_cbor_is_shortest(item)) {
        print_width(p->out, item);
        fputc(' ', p->out);
    }
    p->frames[p->depth++] = frame;
    return FF_OK;
}

static void close_frame(struct printer *p)
{
    const struct frame frame = p->frames[--p->depth];
    if (!frame.is_flat && frame.done > 0)
        print_line_break(p);
    fputc(frame.kind == FRAME_ARRAY ? ']'
          : frame.kind == FRAME_MAP ? '}'
                                    : ')',
          p->out);
}

/* What stands before the next item of the innermost frame. */
static void print_separator(const struct printer *p)
{
    const struct frame *top = &p->frames[p->depth - 1];
    if (top->kind == FRAME_MAP && top->done % 2 == 1) {
        fputs(": ", p->out);
        return;
    }
    if (top->done > 0)
        fputs(top->is_flat ? ", " : ",", p->out);
    if (!top->is_flat)
        print_line_break(p);
}

static bool may_break(const struct printer *p)
{
    if (p->depth == 0)
        return false;
    const struct frame *top = &p->frames[p->depth - 1];
    return top->is_endless && !(top->kind == FRAME_MAP && top->done % 2 == 1);
}

static enum ff_err print_item(struct printer *p, const struct ff_cbor_item *item)
{
    if (item->type == FF_CBOR_BREAK) {
        if (!may_break(p))
            return ff_cbor_fault(&p->cursor, item->at, "a break where none can be");
        close_frame(p);
        return FF_OK;
    }
    if (p->depth > 0) {
        struct frame *top = &p->frames[p->depth - 1];
        if (top->kind == FRAME_CHUNKS &&
            (item->type != top->chunk || item->is_indefinite))
            return ff_cbor_fault(&p->cursor, item->at, "a string with %s in it",
                                 ff_cbor_type_name(item));
        print_separator(p);
        top->done++;
        if (!top->is_endless)
            top->left--;
    }
    return opens_frame(item) ? open_frame(p, item) : print_plain(p, item);
}

/* One item of the sequence and all that is in it. */
static enum ff_err print_whole(struct printer *p)
{
    do {
        struct ff_cbor_item item;
        FF_TRY(ff_cbor_next(&p->cursor, &item));
        FF_TRY(print_item(p, &item));
        while (p->depth > 0 && !p->frames[p->depth - 1].is_endless &&
               p->frames[p->depth - 1].left == 0)
            close_frame(p);
    } while (p->depth > 0);
    return FF_OK;
}

enum ff_err ff_rollup_diagnose(FILE *out, const unsigned char *bytes, size_t len,
                               const char *name, struct ff_fault *fault)
{
    struct printer p = {
        .out = out,
        .cursor = { .bytes = bytes, .len = len, .name = name, .fault = fault },
    };
    enum ff_err err = FF_OK;
    do {
        err = print_whole(&p);
        fputc('\n', out);
    } while (err == FF_OK && p.cursor.at < len);
    if (fflush(out) != 0 || ferror(out))
        return ff_fault_set(fault, FF_ERR_IO, "cannot write: %s", strerror(errno));
    return err;
}
