/* A cursor over CBOR bytes, one head at a time, on libcbor's streaming decoder. It
 * allocates nothing and believes no count; nesting is the caller's. (libcbor's
 * cbor_load allocates what a 5-byte file claims, so it is not used.) */
#ifndef FF_CBOR_CURSOR_H
#define FF_CBOR_CURSOR_H

#include <stdint.h>

#include "footfall/err.h"
#include "footfall/span.h"

enum ff_cbor_type {
    FF_CBOR_UINT,
    FF_CBOR_NEGINT,
    FF_CBOR_BYTES,
    FF_CBOR_TEXT,
    FF_CBOR_ARRAY,
    FF_CBOR_MAP,
    FF_CBOR_TAG,
    FF_CBOR_FLOAT,
    FF_CBOR_BOOL,
    FF_CBOR_NULL,
    FF_CBOR_UNDEFINED,
    FF_CBOR_BREAK,
    FF_CBOR_TYPES,
};

/* One head and, for definite strings, their bytes, borrowed from the cursor's. */
struct ff_cbor_item {
    enum ff_cbor_type type;
    bool is_indefinite; /* strings, arrays and maps that a break ends */
    uint8_t info;       /* the head's additional information, 0 to 31 */
    uint64_t value; /* the number (FF_CBOR_NEGINT: -1 - value), count, tag or bool */
    double number;  /* FF_CBOR_FLOAT */
    struct ff_span text; /* FF_CBOR_BYTES and FF_CBOR_TEXT */
    size_t at;           /* where its head is in the cursor's bytes */
};

struct ff_rollup_audit;

/* Borrows all it points to. */
struct ff_cbor_cursor {
    const unsigned char *bytes;
    size_t len, at;
    uint64_t begin; /* where the bytes begin in what `name` names, for messages */
    const char *name;
    struct ff_fault *fault;
    struct ff_rollup_audit *audit; /* NULL: no more is asked than to be well formed */
};

/* The next head; FF_ERR_DATA when the bytes end inside it or are no CBOR. */
FF_MUST_USE enum ff_err ff_cbor_next(struct ff_cbor_cursor *cursor,
                                     struct ff_cbor_item *item);

/* Whether the head is as short as its value allows (RFC 8949 4.2.1). */
bool ff_cbor_is_shortest(const struct ff_cbor_item *item);

/* "a whole number", "text", ..., for messages. */
const char *ff_cbor_type_name(const struct ff_cbor_item *item);

static inline size_t ff_cbor_left(const struct ff_cbor_cursor *cursor)
{
    return cursor->len - cursor->at;
}

/* FF_ERR_DATA with "NAME: byte AT: " before the sentence. */
__attribute__((format(printf, 3, 4))) enum ff_err
ff_cbor_fault(const struct ff_cbor_cursor *cursor, size_t at, const char *format, ...);

/* FF_ERR_DATA: the bytes end too early. */
enum ff_err ff_cbor_cut_off(const struct ff_cbor_cursor *cursor);

/* Length of the UTF-8 sequence at text.data[at], and its code point; 0 when it is none
 * (overlong, a surrogate, past U+10FFFF or cut off). `at` is inside the text. */
size_t ff_cbor_code_point(struct ff_span text, size_t at, uint32_t *code);

/* Unicode's Cc: what moves a terminal's cursor and no text needs. */
static inline bool ff_cbor_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

#endif
