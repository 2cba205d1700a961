#include "cbor_writer.h"

#include <cbor.h>
#include <stdlib.h>

#define HEAD_MAX 9

bool ff_cbor_reserve(struct ff_cbor_writer *w, size_t more)
{
    if (!w->is_out && more <= w->cap - w->len)
        return true;
    const size_t cap = w->cap * 2 > w->len + more ? w->cap * 2 : w->len + more + 4096;
    unsigned char *bytes = w->is_out ? NULL : realloc(w->bytes, cap);
    if (!bytes) {
        w->is_out = true;
        return false;
    }
    w->bytes = bytes;
    w->cap = cap;
    return true;
}

void ff_cbor_put_uint(struct ff_cbor_writer *w, uint64_t value)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_uint(value, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_int(struct ff_cbor_writer *w, int64_t value)
{
    if (value >= 0)
        ff_cbor_put_uint(w, (uint64_t)value);
    else if (ff_cbor_reserve(w, HEAD_MAX))
        w->len +=
            cbor_encode_negint((uint64_t)(-1 - value), w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_array(struct ff_cbor_writer *w, size_t count)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_array_start(count, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_map(struct ff_cbor_writer *w, size_t count)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_map_start(count, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_tag(struct ff_cbor_writer *w, uint64_t tag)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_tag(tag, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_flag(struct ff_cbor_writer *w, bool flag)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_bool(flag, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_null(struct ff_cbor_writer *w)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_null(w->bytes + w->len, HEAD_MAX);
}

/* The bytes of a string behind its head, for which there is room. */
static void put_content(struct ff_cbor_writer *w, const void *bytes, size_t len)
{
    if (len)
        memcpy(w->bytes + w->len, bytes, len);
    w->len += len;
}

void ff_cbor_put_text(struct ff_cbor_writer *w, struct ff_span text)
{
    w->is_out = w->is_out || text.len > w->most;
    if (!ff_cbor_reserve(w, HEAD_MAX + text.len))
        return;
    w->len += cbor_encode_string_start(text.len, w->bytes + w->len, HEAD_MAX);
    put_content(w, text.data, text.len);
}

void ff_cbor_put_bytes(struct ff_cbor_writer *w, const void *bytes, size_t len)
{
    w->is_out = w->is_out || len > w->most;
    if (!ff_cbor_reserve(w, HEAD_MAX + len))
        return;
    w->len += cbor_encode_bytestring_start(len, w->bytes + w->len, HEAD_MAX);
    put_content(w, bytes, len);
}

void ff_cbor_put_bytes_head(struct ff_cbor_writer *w, size_t len)
{
    if (ff_cbor_reserve(w, HEAD_MAX))
        w->len += cbor_encode_bytestring_start(len, w->bytes + w->len, HEAD_MAX);
}

void ff_cbor_put_raw(struct ff_cbor_writer *w, const void *bytes, size_t len)
{
    if (ff_cbor_reserve(w, len))
        put_content(w, bytes, len);
}
