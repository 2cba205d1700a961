/* Lines of a source: LF or CRLF ended, the last one perhaps without. A line longer than
 * FF_LINE_MAX is given as its first bytes with `is_long` and its rest is skipped. */
#ifndef FF_LINES_H
#define FF_LINES_H

#include "footfall/ingest.h"
#include "source.h"

struct ff_lines;

/* Takes `source` whether it succeeds or not. On FF_OK *out is the caller's.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_lines_open(struct ff_lines **out, struct ff_source *source,
                                      struct ff_fault *fault);

/* One block of whole lines, the unit of work that can be handed to a worker: `text`
 * ends with a newline, but for the input's last line and for one that is cut
 * (`is_long`: then the block is that one line, without its end). A CR before a newline
 * is left for who splits the block to cut. Borrowed until the next call. */
struct ff_block {
    struct ff_span text;
    uint64_t offset; /* of its first byte in the source's text */
    bool is_long;
};

/* Memory for a block. Zeroed at the start; freed by ff_text_memory_clear. Much of it is
 * never written, and then not wiped: pages that nobody touches take no memory. */
#define FF_LINES_BYTES     (2 * (size_t)FF_LINE_MAX)
#define FF_LINES_ALIGNMENT 4096
struct ff_text_memory {
    char *bytes; /* FF_LINES_BYTES from a page's beginning on; NULL: not taken yet */
    size_t from, to; /* what of them may have been written */
};
/* Takes it, if it has not been; false when memory ran out. */
bool ff_text_memory_take(struct ff_text_memory *memory);
/* Before bytes `from` to `to` are written. */
static inline void ff_text_memory_note(struct ff_text_memory *memory, size_t from,
                                       size_t to)
{
    memory->from = from < memory->from ? from : memory->from;
    memory->to = to > memory->to ? to : memory->to;
}
/* Wipes and frees. */
void ff_text_memory_clear(struct ff_text_memory *memory);

/* The next block in the caller's memory, so that several blocks can be there at once.
 * text.len is 0 at the end. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_lines_read(struct ff_lines *lines,
                                      struct ff_text_memory *memory,
                                      struct ff_block *out, struct ff_fault *fault);

/* The same in memory of its own, until the next call. */
FF_MUST_USE enum ff_err ff_lines_next(struct ff_lines *lines, struct ff_block *out,
                                      struct ff_fault *fault);

/* Gives the first block without taking it: the next call of any of these gives it
 * again. For looking at the format. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_lines_peek(struct ff_lines *lines, struct ff_block *out,
                                      struct ff_fault *fault);

const struct ff_source *ff_lines_source(const struct ff_lines *lines);

/* Wipes and frees the buffer, closes the source. NULL is allowed. */
void ff_lines_close(struct ff_lines *lines);

#endif
