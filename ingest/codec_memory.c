/* Pieces that are not in use are given again to whoever asks for as much or less. A
 * window is no small matter: a large piece serves large requests only, and those that
 * are too small for one are let go first, so that what is kept stays near the most that
 * the library had at one time, whatever sizes the members of a file ask for. */
#include "codec_memory.h"

#include <assert.h>
#include <stdlib.h>

#include <sodium.h>

enum { LARGE_BYTES = 64 * 1024 };

static void let_go(struct ff_codec_piece *piece)
{
    if (piece->data)
        sodium_memzero(piece->data, piece->size);
    free(piece->data);
    *piece = (struct ff_codec_piece) { 0 };
}

static bool is_kept(const struct ff_codec_piece *piece)
{
    return piece->data && !piece->is_used;
}

static bool serves(const struct ff_codec_piece *piece, size_t size)
{
    return is_kept(piece) && piece->size >= size &&
           (piece->size >= LARGE_BYTES) == (size >= LARGE_BYTES);
}

/* The smallest kept piece that will do. */
static struct ff_codec_piece *find_kept(struct ff_codec_memory *memory, size_t size)
{
    struct ff_codec_piece *best = NULL;
    for (size_t i = 0; i < FF_CODEC_PIECES; i++) {
        struct ff_codec_piece *piece = &memory->pieces[i];
        if (serves(piece, size) && (!best || piece->size < best->size))
            best = piece;
    }
    return best;
}

/* A place for a new piece, or NULL. */
static struct ff_codec_piece *make_room(struct ff_codec_memory *memory, size_t size)
{
    struct ff_codec_piece *place = NULL, *kept = NULL;
    for (size_t i = 0; i < FF_CODEC_PIECES; i++) {
        struct ff_codec_piece *piece = &memory->pieces[i];
        if (size >= LARGE_BYTES && is_kept(piece) && piece->size >= LARGE_BYTES)
            let_go(piece);
        if (!piece->data)
            place = piece;
        else if (is_kept(piece))
            kept = piece;
    }
    if (!place && kept) {
        let_go(kept);
        place = kept;
    }
    return place;
}

void *ff_codec_memory_take(struct ff_codec_memory *memory, size_t size)
{
    const size_t bytes = size ? size : 1;
    struct ff_codec_piece *piece = find_kept(memory, bytes);
    if (!piece) {
        piece = make_room(memory, bytes);
        void *const data = piece ? malloc(bytes) : NULL;
        if (!data)
            return NULL;
        *piece = (struct ff_codec_piece) { .data = data, .size = bytes };
    }
    piece->is_used = true;
    return piece->data;
}

void ff_codec_memory_give(struct ff_codec_memory *memory, void *data)
{
    if (!data)
        return;
    size_t i = 0;
    while (i < FF_CODEC_PIECES && memory->pieces[i].data != data)
        i++;
    assert(i < FF_CODEC_PIECES && memory->pieces[i].is_used);
    memory->pieces[i].is_used = false;
}

void ff_codec_memory_wipe(struct ff_codec_memory *memory)
{
    for (size_t i = 0; i < FF_CODEC_PIECES; i++)
        let_go(&memory->pieces[i]);
}
