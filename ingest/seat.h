/* A reader's seat in a round: the pieces that it has taken and not read yet, one after
 * the other in their input, and the memory of their text. */
#ifndef FF_SEAT_H
#define FF_SEAT_H

#include "lines.h"
#include "piece.h"

/* Of an input that cannot be shared out, a reader takes so many pieces at once at most,
 * 4 MiB: a visitor's next line then mostly is the same reader's. */
#define FF_SEAT_PIECES 16

/* Zeroed at the start; freed by ff_seat_clear. Not for threads to share without a lock.
 */
struct ff_seat {
    struct ff_piece *pieces[FF_SEAT_PIECES];
    size_t n, at; /* those before `at` have been read */
    size_t run;   /* how many were to be taken last */
    struct ff_text_memory memory[FF_SEAT_PIECES];
};

/* A round begins: the seat has no pieces. */
void ff_seat_begin(struct ff_seat *seat);

/* Empties the seat, whose pieces have been read. Gives how many to take next: one at a
 * round's beginning, then twice as many each time, up to `most`, so that no reader
 * waits long for another one's. */
size_t ff_seat_run(struct ff_seat *seat, size_t most);
/* Memory for the text of the next piece that is added; NULL when there is none. */
struct ff_text_memory *ff_seat_memory(struct ff_seat *seat);
/* Adds the piece, whose text is in that memory. */
void ff_seat_add(struct ff_seat *seat, struct ff_piece *piece);

/* The next piece to read; NULL if the seat is empty. Its text stays until pieces are
 * added again. */
struct ff_piece *ff_seat_next(struct ff_seat *seat);

/* The next piece of the seat that has the most, for a reader whose own is empty and who
 * would have to wait; NULL: all are. The text's memory becomes the helper's, and one of
 * its own the other's, so pieces may be added there while it reads. */
struct ff_piece *ff_seat_help(struct ff_seat *seats, size_t n, size_t helper);

/* Wipes and frees. */
void ff_seat_clear(struct ff_seat *seat);

#endif
