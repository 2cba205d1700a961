/* CBOR into memory that grows, deterministic (RFC 8949 4.2.1): heads in their shortest
 * form, nothing indefinite. */
#ifndef FF_CBOR_WRITER_H
#define FF_CBOR_WRITER_H

#include <stdint.h>

#include "footfall/span.h"

/* Begin with zeros but `most`. `bytes` is malloc'd, the owner's to free. */
struct ff_cbor_writer {
    unsigned char *bytes;
    size_t len, cap;
    size_t most; /* no string may be longer */
    bool is_out; /* memory ran out; what follows is dropped */
};

/* Room for `more` bytes behind len; false when memory ran out. */
bool ff_cbor_reserve(struct ff_cbor_writer *writer, size_t more);

void ff_cbor_put_uint(struct ff_cbor_writer *writer, uint64_t value);
void ff_cbor_put_int(struct ff_cbor_writer *writer, int64_t value);
void ff_cbor_put_array(struct ff_cbor_writer *writer, size_t count);
void ff_cbor_put_map(struct ff_cbor_writer *writer, size_t count);
void ff_cbor_put_tag(struct ff_cbor_writer *writer, uint64_t tag);
void ff_cbor_put_flag(struct ff_cbor_writer *writer, bool flag);
void ff_cbor_put_null(struct ff_cbor_writer *writer);
/* Text is UTF-8. */
void ff_cbor_put_text(struct ff_cbor_writer *writer, struct ff_span text);
void ff_cbor_put_bytes(struct ff_cbor_writer *writer, const void *bytes, size_t len);
/* The head alone, of a string whose bytes stand elsewhere. */
void ff_cbor_put_bytes_head(struct ff_cbor_writer *writer, size_t len);
/* Bytes that are CBOR already. */
void ff_cbor_put_raw(struct ff_cbor_writer *writer, const void *bytes, size_t len);

#endif
