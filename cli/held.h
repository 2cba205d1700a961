/* Sentences on stderr, held back while a picture is on the terminal that they would be
 * written across. In memory, and 64 KiB of them at most. */
#ifndef FF_HELD_H
#define FF_HELD_H

#include <stdbool.h>
#include <stddef.h>

/* Begin with ff_held_begin. */
struct ff_held {
    int messages; /* a file in memory; -1: nothing is held back */
    int before;   /* what stderr was */
};

/* Does nothing where stderr is no terminal, or the system has no such memory. */
void ff_held_begin(struct ff_held *held);
/* Drops them where there are too many: whatever says so much says it again. */
void ff_held_tend(const struct ff_held *held);
/* The last sentence, cut to `size`; "" if there is none. Gives the bytes held. */
size_t ff_held_last(const struct ff_held *held, char *text, size_t size);
/* Tells them all; a terminal that takes nothing for two seconds is left alone. */
void ff_held_end(struct ff_held *held);

#endif
