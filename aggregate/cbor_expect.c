#include "cbor_expect.h"

#include <inttypes.h>

#include "footfall/rollup.h"

enum ff_err ff_cbor_expect(struct ff_cbor_cursor *c, enum ff_cbor_type type,
                           const char *what, struct ff_cbor_item *item)
{
    FF_TRY(ff_cbor_next(c, item));
    if (c->audit)
        c->audit->checks++;
    if (item->type != type) {
        const struct ff_cbor_item wanted = { .type = type };
        return ff_cbor_fault(c, item->at, "%s: expected %s, found %s", what,
                             ff_cbor_type_name(&wanted), ff_cbor_type_name(item));
    }
    if (item->is_indefinite)
        return ff_cbor_fault(c, item->at, "%s: of indefinite length", what);
    const bool is_number = type == FF_CBOR_UINT || type == FF_CBOR_TAG;
    if (!ff_cbor_is_shortest(item))
        return ff_cbor_fault(c, item->at, "%s: %s not in its shortest form", what,
                             is_number ? "integer" : "length");
    return FF_OK;
}

enum ff_err ff_cbor_expect_count(struct ff_cbor_cursor *c, const char *what,
                                 uint64_t *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_UINT, what, &item));
    *out = item.value;
    return FF_OK;
}

enum ff_err ff_cbor_expect_number(struct ff_cbor_cursor *c, const char *what,
                                  uint32_t least, uint32_t most, uint32_t *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_UINT, what, &item));
    if (item.value < least || item.value > most)
        return ff_cbor_fault(c, item.at,
                             "%s: %" PRIu64 " is not from %" PRIu32 " to %" PRIu32,
                             what, item.value, least, most);
    *out = (uint32_t)item.value;
    return FF_OK;
}

enum ff_err ff_cbor_expect_flag(struct ff_cbor_cursor *c, const char *what, bool *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_BOOL, what, &item));
    *out = item.value != 0;
    return FF_OK;
}

enum ff_err ff_cbor_expect_start(struct ff_cbor_cursor *c, enum ff_cbor_type type,
                                 const char *what, uint64_t count)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, type, what, &item));
    if (item.value != count)
        return ff_cbor_fault(c, item.at,
                             "%s: expected %s of %" PRIu64 ", found %" PRIu64, what,
                             ff_cbor_type_name(&item), count, item.value);
    return FF_OK;
}

enum ff_err ff_cbor_expect_key(struct ff_cbor_cursor *c, const char *what, uint64_t key)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_UINT, what, &item));
    if (item.value != key)
        return ff_cbor_fault(c, item.at, "%s: expected key %" PRIu64 ", found %" PRIu64,
                             what, key, item.value);
    return FF_OK;
}
