#include "seat.h"

#include <assert.h>

void ff_seat_begin(struct ff_seat *seat)
{
    seat->n = seat->at = seat->run = 0;
}

size_t ff_seat_run(struct ff_seat *seat, size_t most)
{
    assert(seat->at == seat->n);
    seat->n = seat->at = 0;
    seat->run = seat->run ? seat->run * 2 : 1;
    if (seat->run > most)
        seat->run = most;
    return seat->run;
}

struct ff_text_memory *ff_seat_memory(struct ff_seat *seat)
{
    assert(seat->n < FF_SEAT_PIECES);
    struct ff_text_memory *memory = &seat->memory[seat->n];
    return ff_text_memory_take(memory) ? memory : NULL;
}

void ff_seat_add(struct ff_seat *seat, struct ff_piece *piece)
{
    seat->pieces[seat->n++] = piece;
}

struct ff_piece *ff_seat_next(struct ff_seat *seat)
{
    return seat->at < seat->n ? seat->pieces[seat->at++] : NULL;
}

struct ff_piece *ff_seat_help(struct ff_seat *seats, size_t n, size_t helper)
{
    struct ff_seat *most = &seats[0], *own = &seats[helper];
    assert(own->at == own->n);
    for (size_t i = 1; i < n; i++)
        if (seats[i].n - seats[i].at > most->n - most->at)
            most = &seats[i];
    if (most->at == most->n)
        return NULL;
    const size_t i = most->at++;
    const struct ff_text_memory memory = own->memory[0];
    own->memory[0] = most->memory[i];
    most->memory[i] = memory;
    return most->pieces[i];
}

void ff_seat_clear(struct ff_seat *seat)
{
    for (size_t i = 0; i < FF_SEAT_PIECES; i++)
        ff_text_memory_clear(&seat->memory[i]);
}
