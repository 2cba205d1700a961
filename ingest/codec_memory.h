/* The memory that a compression library works in. It holds the log in the clear, so it
 * is wiped before it goes back. Between the members of a file it is kept for the next:
 * a file of a million small members is not wiped a million times. */
#ifndef FF_CODEC_MEMORY_H
#define FF_CODEC_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

enum { FF_CODEC_PIECES = 64 };

/* Zeroed is ready. The owner wipes it when the library is closed. */
struct ff_codec_memory {
    struct ff_codec_piece {
        void *data;
        size_t size;
        bool is_used;
    } pieces[FF_CODEC_PIECES];
};

/* As malloc: NULL when there is none. At most FF_CODEC_PIECES at a time. */
void *ff_codec_memory_take(struct ff_codec_memory *memory, size_t size);

/* As free. */
void ff_codec_memory_give(struct ff_codec_memory *memory, void *data);

/* Wipes and frees all, also what was not given back. */
void ff_codec_memory_wipe(struct ff_codec_memory *memory);

#endif
