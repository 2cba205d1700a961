/* SipHash-2-4 (Aumasson and Bernstein 2012) of messages that are a few words already:
 * what a new client waits for is not the arithmetic but its code, and libsodium's is
 * ten times as long. A test holds it against that. */
#ifndef FF_SIPHASH_H
#define FF_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Of a message of `n` words less what the last one does not hold: eight bytes a word,
 * the first lowest; the last has zero to seven bytes and, highest, the length of the
 * message. */
uint64_t ff_siphash(const unsigned char key[static 16], const uint64_t *words,
                    size_t n);

#endif
