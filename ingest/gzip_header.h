/* The header of a gzip member (RFC 1952, 2.3), taken byte by byte and forgotten:
 * nothing in it matters to a log. Its checksum is checked where it has one. */
#ifndef FF_GZIP_HEADER_H
#define FF_GZIP_HEADER_H

#include <stdbool.h>
#include <stdint.h>

enum ff_gzip_field {
    FF_GZIP_FIXED, /* the first 10 bytes */
    FF_GZIP_EXTRA_LEN,
    FF_GZIP_EXTRA,
    FF_GZIP_NAME,
    FF_GZIP_COMMENT,
    FF_GZIP_CRC,
    FF_GZIP_WHOLE, /* the header is over */
};

/* Begins as { 0 }; owns nothing. */
struct ff_gzip_header {
    enum ff_gzip_field field;
    unsigned flags;
    unsigned n, extra_len; /* bytes of the field so far; bytes of EXTRA */
    uint32_t crc;          /* of the bytes so far */
};

/* Takes one more byte; not for a header that is whole. What is wrong with it, or NULL.
 */
const char *ff_gzip_header_take(struct ff_gzip_header *header, unsigned char byte);

#endif
