/* What a reader asks of CBOR that has one form only: the next head, of this type,
 * definite and in its shortest form. `what` is the field, for messages. Each gives
 * FF_ERR_DATA with the place. */
#ifndef FF_CBOR_EXPECT_H
#define FF_CBOR_EXPECT_H

#include "cbor_cursor.h"

FF_MUST_USE enum ff_err ff_cbor_expect(struct ff_cbor_cursor *cursor,
                                       enum ff_cbor_type type, const char *what,
                                       struct ff_cbor_item *item);

FF_MUST_USE enum ff_err ff_cbor_expect_count(struct ff_cbor_cursor *cursor,
                                             const char *what, uint64_t *out);
/* A number from `least` to `most`. */
FF_MUST_USE enum ff_err ff_cbor_expect_number(struct ff_cbor_cursor *cursor,
                                              const char *what, uint32_t least,
                                              uint32_t most, uint32_t *out);
FF_MUST_USE enum ff_err ff_cbor_expect_flag(struct ff_cbor_cursor *cursor,
                                            const char *what, bool *out);
/* An array (or map) of exactly `count` items (or pairs). */
FF_MUST_USE enum ff_err ff_cbor_expect_start(struct ff_cbor_cursor *cursor,
                                             enum ff_cbor_type type, const char *what,
                                             uint64_t count);
/* The key of a map that has all keys in order. */
FF_MUST_USE enum ff_err ff_cbor_expect_key(struct ff_cbor_cursor *cursor,
                                           const char *what, uint64_t key);

#endif
