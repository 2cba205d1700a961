#include "round.h"

#include <assert.h>
#include <stdlib.h>

#include "seat.h"

/* A round ends when so much text has been taken, or so many pieces. */
#define ROUND_BYTES  ((uint64_t)64 << 20)
#define SHORT_BYTES  (ROUND_BYTES / 8)
#define ROUND_PIECES 1024
/* What is worth a thread from the beginning on. */
#define LONG_BYTES ((uint64_t)4 << 20)

struct ff_round {
    struct ff_inputs *inputs;
    pthread_mutex_t lock;          /* of all that follows, and the inputs */
    pthread_cond_t is_freed;       /* an ordered input may be read on */
    struct ff_input *shared;       /* the one that all read in this round; NULL: none */
    uint64_t shared_bytes;         /* of it, in this round */
    struct ff_stretches stretches; /* of it */
    struct ff_seat *seats; /* a reader's each; of more than one, see seats_lock */
    size_t n_readers;
    pthread_mutex_t seats_lock; /* of the seats' pieces; taken last */
    struct ff_piece *pieces;    /* in the order in which they were taken */
    size_t n, most;
    uint64_t text_bytes, most_bytes;
    bool is_short; /* the next one is to be */
    bool is_stopped;
    bool is_taken;       /* the inputs have no more pieces in this round */
    struct ff_hit *hits; /* of lines without a time; two a piece */
    size_t n_hits;
    struct ff_stray_lines strays;
    struct ff_majority majority;
};

enum ff_err ff_round_create(struct ff_round **out, struct ff_inputs *inputs,
                            const struct ff_ingest_settings *settings,
                            struct ff_fault *fault)
{
    *out = NULL;
    struct ff_round *round = calloc(1, sizeof *round);
    if (!round)
        return ff_fault_nomem(fault);
    round->inputs = inputs;
    round->most = settings->is_live ? 1 : ROUND_PIECES;
    round->pieces = aligned_alloc(FF_APART, ROUND_PIECES * sizeof *round->pieces);
    round->hits = malloc(2 * ROUND_PIECES * sizeof *round->hits);
    round->n_readers = settings->n_readers;
    round->seats = calloc(round->n_readers, sizeof *round->seats);
    pthread_mutex_init(&round->lock, NULL);
    pthread_mutex_init(&round->seats_lock, NULL);
    pthread_cond_init(&round->is_freed, NULL);
    enum ff_err err =
        round->pieces && round->hits && round->seats ? FF_OK : ff_fault_nomem(fault);
    if (!err)
        err = ff_stretches_init(&round->stretches, round->n_readers, fault);
    if (err) {
        ff_round_destroy(round);
        return err;
    }
    *out = round;
    return FF_OK;
}

void ff_round_stop(struct ff_round *round)
{
    pthread_mutex_lock(&round->lock);
    round->is_stopped = true;
    pthread_cond_broadcast(&round->is_freed);
    pthread_mutex_unlock(&round->lock);
}

static void clear_pieces(struct ff_round *round)
{
    for (size_t i = 0; i < round->n; i++)
        ff_findings_clear(&round->pieces[i].found);
    round->n = 0;
}

void ff_round_destroy(struct ff_round *round)
{
    if (!round)
        return;
    if (round->pieces)
        clear_pieces(round);
    free(round->pieces);
    free(round->hits);
    for (size_t i = 0; round->seats && i < round->n_readers; i++)
        ff_seat_clear(&round->seats[i]);
    free(round->seats);
    ff_stretches_clear(&round->stretches);
    pthread_cond_destroy(&round->is_freed);
    pthread_mutex_destroy(&round->lock);
    pthread_mutex_destroy(&round->seats_lock);
    free(round);
}

void ff_round_shorten(struct ff_round *round)
{
    round->is_short = true;
}

enum ff_err ff_round_begin(struct ff_round *round, bool *more, struct ff_fault *fault)
{
    clear_pieces(round);
    round->text_bytes = 0;
    round->most_bytes = round->is_short ? SHORT_BYTES : ROUND_BYTES;
    round->is_short = false;
    round->is_taken = false;
    for (size_t i = 0; i < round->n_readers; i++)
        ff_seat_begin(&round->seats[i]);
    FF_TRY(ff_inputs_open_next(round->inputs, more, fault));
    struct ff_range range;
    round->shared = ff_inputs_share(round->inputs, round->most_bytes, &range);
    round->shared_bytes = round->shared ? range.to - range.from : 0;
    if (round->shared)
        ff_stretches_share(&round->stretches, range);
    return FF_OK;
}

bool ff_round_is_long(const struct ff_round *round)
{
    return round->shared_bytes >= LONG_BYTES;
}

/* With the lock: whether the inputs have a piece more in this round; it is read into
 * the seat's memory. Once they have none, they have none for anybody. */
static enum ff_err take_next(struct ff_round *round, struct ff_seat *seat, bool *is_any,
                             struct ff_fault *fault)
{
    struct ff_text_memory *memory = ff_seat_memory(seat);
    struct ff_piece *piece;
    *is_any = false;
    if (!memory)
        return ff_fault_nomem(fault);
    for (;;) {
        round->is_taken |= round->is_stopped || round->n == round->most ||
                           round->text_bytes >= round->most_bytes;
        if (round->is_taken)
            return FF_OK;
        piece = &round->pieces[round->n];
        FF_TRY(ff_inputs_take(round->inputs, memory, piece, fault));
        if (!piece->input || piece->text.len || piece->is_long)
            break;
        if (seat->n)
            return FF_OK; /* it comes when those before it have been read */
        pthread_cond_wait(&round->is_freed, &round->lock);
    }
    *is_any = piece->input != NULL;
    round->is_taken = !*is_any;
    if (!*is_any)
        return FF_OK;
    round->n++;
    round->text_bytes += piece->text.len;
    pthread_mutex_lock(&round->seats_lock);
    ff_seat_add(seat, piece);
    pthread_mutex_unlock(&round->seats_lock);
    return FF_OK;
}

/* Whether the next piece may be taken before this one has been read. */
static bool goes_on(const struct ff_piece *piece)
{
    return piece->is_known && !piece->is_ordered && !piece->input->is_awaited;
}

/* The next piece of the reader's seat; if there is none and it is to help, of another
 * one's. NULL: there is none. */
static struct ff_piece *next_of_seats(struct ff_round *round, size_t reader,
                                      bool is_to_help)
{
    pthread_mutex_lock(&round->seats_lock);
    struct ff_piece *piece = ff_seat_next(&round->seats[reader]);
    if (!piece && is_to_help)
        piece = ff_seat_help(round->seats, round->n_readers, reader);
    pthread_mutex_unlock(&round->seats_lock);
    return piece;
}

/* With the lock: takes pieces of the inputs as they go on. *piece is the first of them,
 * or one that another reader has; others may help before it is. */
static enum ff_err take_run(struct ff_round *round, size_t reader,
                            struct ff_piece **piece, struct ff_fault *fault)
{
    struct ff_seat *seat = &round->seats[reader];
    do {
        bool is_any;
        pthread_mutex_lock(&round->seats_lock);
        const size_t most =
            ff_seat_run(seat, round->n_readers > 1 ? FF_SEAT_PIECES : 1);
        pthread_mutex_unlock(&round->seats_lock);
        do
            FF_TRY(take_next(round, seat, &is_any, fault));
        while (is_any && seat->n < most && goes_on(seat->pieces[seat->n - 1]));
        *piece = next_of_seats(round, reader, !round->is_stopped);
    } while (!*piece && !round->is_taken);
    return FF_OK;
}

/* A range of what is shared out: only its place is taken with the lock. */
static enum ff_err take_range(struct ff_round *round, size_t reader,
                              struct ff_piece **piece, struct ff_fault *fault)
{
    struct ff_text_memory *memory = ff_seat_memory(&round->seats[reader]);
    struct ff_range range;
    if (!memory)
        return ff_fault_nomem(fault);
    pthread_mutex_lock(&round->lock);
    if (!round->is_stopped && ff_stretches_take(&round->stretches, reader, &range)) {
        assert(round->n < ROUND_PIECES);
        *piece = &round->pieces[round->n++];
        **piece = (struct ff_piece) { .input = round->shared };
        round->shared->stats.bytes_read += range.to - range.from;
    }
    pthread_mutex_unlock(&round->lock);
    return *piece ? ff_input_read_range(round->shared, range, memory, *piece, fault)
                  : FF_OK;
}

/* The worker's last piece is read. */
static void leave_piece(struct ff_round *round, struct ff_worker *worker)
{
    struct ff_piece *piece = ff_worker_end(worker);
    if (!piece || !piece->is_ordered)
        return;
    pthread_mutex_lock(&round->lock);
    ff_input_piece_is_read(piece->input, &piece->found);
    pthread_cond_broadcast(&round->is_freed);
    pthread_mutex_unlock(&round->lock);
}

/* The worker is done with its piece and wants another one: the next of its seat, which
 * does not wait for who is reading the inputs on; else what that one has read already;
 * else one that is taken now. NULL: there is none. */
static enum ff_err next_piece(struct ff_round *round, size_t reader,
                              struct ff_piece **piece, struct ff_fault *fault)
{
    *piece = NULL;
    if (round->shared)
        return take_range(round, reader, piece, fault);
    *piece = next_of_seats(round, reader, false);
    if (*piece)
        return FF_OK;
    if (pthread_mutex_trylock(&round->lock) != 0) {
        *piece = next_of_seats(round, reader, true);
        if (*piece)
            return FF_OK;
        pthread_mutex_lock(&round->lock);
    }
    const enum ff_err err = take_run(round, reader, piece, fault);
    pthread_mutex_unlock(&round->lock);
    return err;
}

static enum ff_err change_piece(struct ff_round *round, size_t reader,
                                struct ff_worker *worker, bool *is_over,
                                struct ff_fault *fault)
{
    struct ff_piece *piece;
    leave_piece(round, worker);
    enum ff_err err = next_piece(round, reader, &piece, fault);
    *is_over = !piece;
    if (!err && piece)
        err = ff_worker_begin(worker, piece, fault);
    if (err)
        ff_round_stop(round);
    return err;
}

enum ff_err ff_round_next(struct ff_round *round, size_t reader,
                          struct ff_worker *worker, const struct ff_ahead *ahead,
                          struct ff_batch *out, struct ff_fault *fault)
{
    bool is_over = false;
    for (;;) {
        FF_TRY(ff_worker_next(worker, ahead, out, fault));
        if (out->n || is_over)
            return FF_OK;
        FF_TRY(change_piece(round, reader, worker, &is_over, fault));
    }
}

static void give_settled(struct ff_round *round, const struct ff_settled_lines *before)
{
    const struct {
        enum ff_kind kind;
        uint64_t lines;
    } kinds[] = { { FF_LINE_MALFORMED, before->lines.malformed },
                  { FF_LINE_BLANK, before->lines.blank } };
    for (size_t i = 0; i < 2; i++)
        if (kinds[i].lines)
            round->hits[round->n_hits++] =
                (struct ff_hit) { .kind = (uint8_t)kinds[i].kind,
                                  .time = before->time,
                                  .lines = (uint32_t)kinds[i].lines };
}

static int by_order(const void *a, const void *b)
{
    const struct ff_piece *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

enum ff_err ff_round_end(struct ff_round *round, const struct ff_hit **hits, size_t *n,
                         struct ff_fault *fault)
{
    round->n_hits = 0;
    if (round->shared)
        qsort(round->pieces, round->n, sizeof *round->pieces, by_order);
    for (size_t i = 0; i < round->n; i++) {
        const struct ff_piece *piece = &round->pieces[i];
        struct ff_settled_lines before;
        FF_TRY(ff_input_add(piece->input, &piece->found, &before, fault));
        give_settled(round, &before);
        round->majority.same += piece->found.majority.same;
        round->majority.hits += piece->found.majority.hits;
    }
    if (round->shared)
        ff_input_end_share(round->shared);
    for (size_t i = 0; i < ff_inputs_count(round->inputs); i++) {
        struct ff_input *input = ff_inputs_at(round->inputs, i);
        if (!input->is_done)
            continue;
        round->strays.malformed += input->waiting.malformed;
        round->strays.blank += input->waiting.blank;
        input->waiting = (struct ff_waiting) { 0 };
    }
    *hits = round->hits;
    *n = round->n_hits;
    return FF_OK;
}

struct ff_stray_lines ff_round_strays(const struct ff_round *round)
{
    return round->strays;
}

struct ff_majority ff_round_majority(const struct ff_round *round)
{
    return round->majority;
}

void ff_round_progress(struct ff_round *round, uint64_t *bytes, uint64_t *total)
{
    bool is_known = true;
    *bytes = *total = 0;
    pthread_mutex_lock(&round->lock);
    for (size_t i = 0; i < ff_inputs_count(round->inputs); i++) {
        const struct ff_input_stats *s = &ff_inputs_at(round->inputs, i)->stats;
        *bytes += s->bytes_read;
        *total += s->bytes_total;
        is_known &= s->bytes_total > 0 || s->bytes_read == 0;
    }
    pthread_mutex_unlock(&round->lock);
    if (!is_known)
        *total = 0;
}
