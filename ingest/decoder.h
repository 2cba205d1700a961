/* What a source knows of a compression format: compressed bytes in, plain bytes out.
 * A new format is one file with a `struct ff_decoder` and one line in source.c's table.
 * Decoders do no I/O and hold flat memory: what the input can drive is time only. */
#ifndef FF_DECODER_H
#define FF_DECODER_H

#include <stdint.h>

#include "magic.h"
#include "source.h"

/* One call's bytes. The decoder moves `in` and `out` on. */
struct ff_flow {
    const unsigned char *in;
    size_t n_in;
    unsigned char *out;
    size_t n_out;
    bool is_last; /* nothing comes after `in` */

    /* Set with FF_FLOW_DAMAGED and FF_FLOW_REWIND: a place in the compressed input, and
     * what is wrong there ("cut off"), and if more is known why, or NULL. */
    uint64_t at;
    const char *what, *why;
};

enum ff_flow_state {
    FF_FLOW_MORE,    /* all input is taken, or there is no room for more output */
    FF_FLOW_END,     /* the input has ended where it may; only with is_last */
    FF_FLOW_DAMAGED, /* what could be read has been given */
    FF_FLOW_REWIND,  /* go on with the input from `at`; only if settings allow it */
    FF_FLOW_NOMEM,
};

struct ff_decoder_settings {
    enum ff_inflate inflate;
    bool can_rewind;
};

enum { FF_DECODER_MAGICS = 2 };

struct ff_decoder {
    const char *name;                          /* for people */
    struct ff_magic magics[FF_DECODER_MAGICS]; /* how an input of this format begins */
    /* The state is the caller's, for destroy. NULL: memory ran out. */
    void *(*create)(const struct ff_decoder_settings *settings);
    enum ff_flow_state (*run)(void *state, struct ff_flow *flow);
    /* Wipes and frees. NULL is allowed. */
    void (*destroy)(void *state);
};

extern const struct ff_decoder ff_decoder_gzip;
extern const struct ff_decoder ff_decoder_zstd;
extern const struct ff_decoder ff_decoder_xz;
extern const struct ff_decoder ff_decoder_bzip2;

#endif
