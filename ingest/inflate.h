/* Raw deflate (RFC 1951), without the gzip wrapping around it, by one of two libraries.
 * zlib is the reference and always there; ISA-L is 2.5 times as fast on x86. For good
 * data they give the same bytes. For damaged data ISA-L may stop a few bytes early, and
 * takes some Huffman codes that zlib refuses, so gzip.c lets zlib have the last word.
 */
#ifndef FF_INFLATE_H
#define FF_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/* One call's bytes. The inflater moves `in` and `out` on. */
struct ff_inflate_io {
    const unsigned char *in;
    size_t n_in;
    unsigned char *out;
    size_t n_out;
    /* With FF_INFLATER_END: bytes after the end of the data that were taken too. They
     * may have come with an earlier call, so they are given back by value. */
    unsigned char over[8];
    size_t n_over;
};

enum ff_inflater_state {
    FF_INFLATER_MORE, /* all input is taken, or there is no room for more output */
    FF_INFLATER_END,
    FF_INFLATER_CORRUPT,
    FF_INFLATER_NOMEM,
};

struct ff_inflater {
    /* The state is the caller's, for destroy. NULL: memory ran out. */
    void *(*create)(void);
    /* Ready for another run of deflate data, also after trouble. */
    void (*reset)(void *state);
    enum ff_inflater_state (*run)(void *state, struct ff_inflate_io *io);
    /* Goes on with gzip's CRC-32, from 0. */
    uint32_t (*crc)(uint32_t crc, const unsigned char *data, size_t len);
    /* Wipes and frees. NULL is allowed. */
    void (*destroy)(void *state);
};

extern const struct ff_inflater ff_inflater_zlib;

/* ISA-L, or NULL where the build or the processor does not have what it needs. */
const struct ff_inflater *ff_inflater_fast(void);

#endif
