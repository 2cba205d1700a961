/* One CBOR head at a time: libcbor's callbacks fill an item. Which callback fired tells
 * the type; the head's first byte tells how it was written, which libcbor does not. */
#include "cbor_cursor.h"

#include <assert.h>
#include <cbor.h>

static void on_uint8(void *context, uint8_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_UINT, .value = value };
}

static void on_uint16(void *context, uint16_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_UINT, .value = value };
}

static void on_uint32(void *context, uint32_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_UINT, .value = value };
}

static void on_uint64(void *context, uint64_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_UINT, .value = value };
}

static void on_negint8(void *context, uint8_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_NEGINT, .value = value };
}

static void on_negint16(void *context, uint16_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_NEGINT, .value = value };
}

static void on_negint32(void *context, uint32_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_NEGINT, .value = value };
}

static void on_negint64(void *context, uint64_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_NEGINT, .value = value };
}

static void on_bytes(void *context, cbor_data data, size_t len)
{
    *(struct ff_cbor_item *)context = (struct ff_cbor_item) {
        .type = FF_CBOR_BYTES, .value = len, .text = { (const char *)data, len }
    };
}

static void on_text(void *context, cbor_data data, size_t len)
{
    *(struct ff_cbor_item *)context = (struct ff_cbor_item) {
        .type = FF_CBOR_TEXT, .value = len, .text = { (const char *)data, len }
    };
}

static void on_array(void *context, size_t count)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_ARRAY, .value = count };
}

static void on_map(void *context, size_t count)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_MAP, .value = count };
}

static void on_endless_bytes(void *context)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_BYTES, .is_indefinite = true };
}

static void on_endless_text(void *context)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_TEXT, .is_indefinite = true };
}

static void on_endless_array(void *context)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_ARRAY, .is_indefinite = true };
}

static void on_endless_map(void *context)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_MAP, .is_indefinite = true };
}

static void on_tag(void *context, uint64_t value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_TAG, .value = value };
}

static void on_float(void *context, float number)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_FLOAT, .number = (double)number };
}

static void on_double(void *context, double number)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_FLOAT, .number = number };
}

static void on_bool(void *context, bool value)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_BOOL, .value = value };
}

static void on_null(void *context)
{
    *(struct ff_cbor_item *)context = (struct ff_cbor_item) { .type = FF_CBOR_NULL };
}

static void on_undefined(void *context)
{
    *(struct ff_cbor_item *)context =
        (struct ff_cbor_item) { .type = FF_CBOR_UNDEFINED };
}

static void on_break(void *context)
{
    *(struct ff_cbor_item *)context = (struct ff_cbor_item) { .type = FF_CBOR_BREAK };
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negint8,
    .negint16 = on_negint16,
    .negint32 = on_negint32,
    .negint64 = on_negint64,
    .byte_string_start = on_endless_bytes,
    .byte_string = on_bytes,
    .string_start = on_endless_text,
    .string = on_text,
    .indef_array_start = on_endless_array,
    .array_start = on_array,
    .indef_map_start = on_endless_map,
    .map_start = on_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_undefined,
    .null = on_null,
    .boolean = on_bool,
    .indef_break = on_break,
};

enum ff_err ff_cbor_next(struct ff_cbor_cursor *cursor, struct ff_cbor_item *item)
{
    assert(cursor->at <= cursor->len);
    if (cursor->at == cursor->len)
        return ff_cbor_cut_off(cursor);
    const unsigned char *head = cursor->bytes + cursor->at;
    const struct cbor_decoder_result result =
        cbor_stream_decode(head, ff_cbor_left(cursor), &callbacks, item);
    if (result.status == CBOR_DECODER_NEDATA)
        return ff_cbor_cut_off(cursor);
    if (result.status != CBOR_DECODER_FINISHED)
        return ff_cbor_fault(cursor, cursor->at,
                             "this is not CBOR as footfall knows it");
    assert(result.read > 0 && result.read <= ff_cbor_left(cursor));
    item->at = cursor->at;
    item->info = *head & 31;
    cursor->at += result.read;
    return FF_OK;
}

bool ff_cbor_is_shortest(const struct ff_cbor_item *item)
{
    if (item->is_indefinite || item->type >= FF_CBOR_FLOAT)
        return true; /* not a question of length */
    if (item->value < 24)
        return item->info == item->value;
    if (item->value <= UINT8_MAX)
        return item->info == 24;
    if (item->value <= UINT16_MAX)
        return item->info == 25;
    return item->info == (item->value <= UINT32_MAX ? 26 : 27);
}

const char *ff_cbor_type_name(const struct ff_cbor_item *item)
{
    static const char *const names[FF_CBOR_TYPES] = {
        [FF_CBOR_UINT] = "a whole number", [FF_CBOR_NEGINT] = "a negative number",
        [FF_CBOR_BYTES] = "bytes",         [FF_CBOR_TEXT] = "text",
        [FF_CBOR_ARRAY] = "an array",      [FF_CBOR_MAP] = "a map",
        [FF_CBOR_TAG] = "a tag",           [FF_CBOR_FLOAT] = "a floating-point number",
        [FF_CBOR_BOOL] = "true or false",  [FF_CBOR_NULL] = "null",
        [FF_CBOR_UNDEFINED] = "undefined", [FF_CBOR_BREAK] = "a break",
    };
    assert(item->type < FF_CBOR_TYPES);
    return names[item->type];
}

enum ff_err ff_cbor_fault(const struct ff_cbor_cursor *cursor, size_t at,
                          const char *format, ...)
{
    char sentence[sizeof cursor->fault->text];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return ff_fault_set(cursor->fault, FF_ERR_DATA, "%s: byte %llu: %s", cursor->name,
                        (unsigned long long)(cursor->begin + at), sentence);
}

enum ff_err ff_cbor_cut_off(const struct ff_cbor_cursor *cursor)
{
    return ff_fault_set(cursor->fault, FF_ERR_DATA, "%s: cut off at byte %zu",
                        cursor->name, cursor->len);
}

size_t ff_cbor_code_point(struct ff_span text, size_t at, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    assert(at < text.len);
    const unsigned char *bytes = (const unsigned char *)text.data + at;
    const unsigned char lead = *bytes;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    const size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || len > text.len - at)
        return 0;
    uint32_t point = lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (bytes[i] & 0x3f);
    }
    *code = point;
    const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    return point < least[len] || is_surrogate || point > 0x10ffff ? 0 : len;
}
