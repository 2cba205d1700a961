/* The header of a gzip member, one field after another as its flags announce them. */
#include "gzip_header.h"

#include <assert.h>

#include "inflate.h"

enum { HAS_CRC = 2, HAS_EXTRA = 4, HAS_NAME = 8, HAS_COMMENT = 16, RESERVED = 0xe0 };

/* In which order the fields come, and which flag says that one is there. */
static const struct {
    enum ff_gzip_field field;
    unsigned flag;
} optional[] = {
    { FF_GZIP_EXTRA_LEN, HAS_EXTRA },
    { FF_GZIP_NAME, HAS_NAME },
    { FF_GZIP_COMMENT, HAS_COMMENT },
    { FF_GZIP_CRC, HAS_CRC },
};
enum { N_OPTIONAL = sizeof optional / sizeof *optional };

static void begin(struct ff_gzip_header *header, enum ff_gzip_field field)
{
    header->field = field;
    header->n = 0;
}

static void end_field(struct ff_gzip_header *header)
{
    for (size_t i = 0; i < N_OPTIONAL; i++) {
        if (optional[i].field > header->field && header->flags & optional[i].flag) {
            begin(header, optional[i].field);
            return;
        }
    }
    begin(header, FF_GZIP_WHOLE);
}

static const char *take_fixed(struct ff_gzip_header *header, unsigned char byte)
{
    const unsigned at = header->n++;
    if (header->n == 10)
        end_field(header);
    switch (at) {
    case 0:
        return byte == 0x1f ? NULL : "no gzip header";
    case 1:
        return byte == 0x8b ? NULL : "no gzip header";
    case 2:
        return byte == 8 ? NULL : "unknown compression method";
    case 3:
        header->flags = byte;
        return byte & RESERVED ? "unknown flags in the header" : NULL;
    default:
        return NULL;
    }
}

static void take_extra_len(struct ff_gzip_header *header, unsigned char byte)
{
    if (header->n++ == 0) {
        header->extra_len = byte;
        return;
    }
    header->extra_len |= (unsigned)byte << 8;
    begin(header, FF_GZIP_EXTRA);
    if (header->extra_len == 0)
        end_field(header);
}

static const char *take_crc(struct ff_gzip_header *header, unsigned char byte)
{
    if (byte != (header->crc >> 8 * header->n++ & 0xff))
        return "the header's checksum is wrong";
    if (header->n == 2)
        end_field(header);
    return NULL;
}

const char *ff_gzip_header_take(struct ff_gzip_header *header, unsigned char byte)
{
    if (header->field == FF_GZIP_CRC)
        return take_crc(header, byte);
    header->crc = ff_inflater_zlib.crc(header->crc, &byte, 1);
    switch (header->field) {
    case FF_GZIP_FIXED:
        return take_fixed(header, byte);
    case FF_GZIP_EXTRA_LEN:
        take_extra_len(header, byte);
        return NULL;
    case FF_GZIP_EXTRA:
        if (++header->n == header->extra_len)
            end_field(header);
        return NULL;
    default:
        assert(header->field == FF_GZIP_NAME || header->field == FF_GZIP_COMMENT);
        if (byte == 0)
            end_field(header);
        return NULL;
    }
}
