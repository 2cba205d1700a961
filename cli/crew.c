#include "crew.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "footfall/wipe.h"

/* Unless the round is known to be long, the others are first started when the leader
 * has gone so many steps: most logs of a night are read before a thread is there. */
#define STEPS_ALONE 16

struct member {
    struct ff_crew *crew;
    size_t number;
    pthread_t thread;
    uint64_t round; /* that it was started for, or did last */
    enum ff_err err;
    struct ff_fault fault;
};

struct ff_crew {
    struct ff_crew_work work;
    struct member *members;
    size_t n;
    size_t n_started;        /* members, the leader among them */
    pthread_mutex_t lock;    /* of what follows */
    pthread_cond_t is_begun; /* a round for the others, or the end */
    pthread_cond_t is_ended; /* the last one's round */
    uint64_t round;          /* the others' */
    size_t n_busy;           /* of the others */
    bool is_over;
};

enum ff_err ff_crew_create(struct ff_crew **out, size_t n,
                           const struct ff_crew_work *work, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_crew *crew = calloc(1, sizeof *crew);
    struct member *members = calloc(n, sizeof *members);
    if (!crew || !members) {
        free(crew);
        free(members);
        return ff_fault_nomem(fault);
    }
    *crew =
        (struct ff_crew) { .work = *work, .members = members, .n = n, .n_started = 1 };
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->is_begun, NULL);
    pthread_cond_init(&crew->is_ended, NULL);
    for (size_t i = 0; i < n; i++) {
        members[i].crew = crew;
        members[i].number = i;
    }
    *out = crew;
    return FF_OK;
}

void ff_crew_destroy(struct ff_crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->is_over = true;
    pthread_cond_broadcast(&crew->is_begun);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 1; i < crew->n_started; i++)
        pthread_join(crew->members[i].thread, NULL);
    pthread_cond_destroy(&crew->is_begun);
    pthread_cond_destroy(&crew->is_ended);
    pthread_mutex_destroy(&crew->lock);
    free(crew->members);
    free(crew);
}

/* A member's part of a round. */
static void follow(struct member *m)
{
    const struct ff_crew_work *work = &m->crew->work;
    bool is_over = false;
    while (!is_over && !m->err)
        m->err = work->step(work->context, m->number, &is_over, &m->fault);
    if (m->err)
        work->stop(work->context);
    ff_wipe_stack(); /* between rounds keys are forgotten, and periods closed */
}

static bool wait_for_round(struct member *m)
{
    struct ff_crew *crew = m->crew;
    pthread_mutex_lock(&crew->lock);
    while (m->round == crew->round && !crew->is_over)
        pthread_cond_wait(&crew->is_begun, &crew->lock);
    const bool is_any = m->round != crew->round;
    m->round = crew->round;
    pthread_mutex_unlock(&crew->lock);
    return is_any;
}

static void end_round(struct ff_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    if (--crew->n_busy == 0)
        pthread_cond_signal(&crew->is_ended);
    pthread_mutex_unlock(&crew->lock);
}

static void *serve(void *argument)
{
    struct member *m = argument;
    while (wait_for_round(m)) {
        follow(m);
        end_round(m->crew);
    }
    return NULL;
}

static void begin_round(struct ff_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->round++;
    crew->n_busy = crew->n_started - 1;
    pthread_cond_broadcast(&crew->is_begun);
    pthread_mutex_unlock(&crew->lock);
}

static bool start(struct member *m)
{
    struct ff_crew *crew = m->crew;
    pthread_mutex_lock(&crew->lock);
    m->round = crew->round - 1;
    crew->n_busy++;
    pthread_mutex_unlock(&crew->lock);
    if (pthread_create(&m->thread, NULL, serve, m) == 0)
        return true;
    end_round(crew);
    return false;
}

/* Has the others do their part of this round; who has no thread yet gets one. */
static enum ff_err call_others(struct ff_crew *crew, struct ff_fault *fault)
{
    const struct ff_crew_work *work = &crew->work;
    begin_round(crew);
    for (; crew->n_started < crew->n; crew->n_started++) {
        struct member *m = &crew->members[crew->n_started];
        if (work->prepare)
            FF_TRY(work->prepare(work->context, m->number, fault));
        if (!start(m))
            return FF_OK;
    }
    return FF_OK;
}

static enum ff_err lead(struct ff_crew *crew, bool is_long, struct ff_fault *fault)
{
    const struct ff_crew_work *work = &crew->work;
    const unsigned alone = crew->n_started > 1 ? 0 : STEPS_ALONE;
    bool is_over = false;
    if (is_long)
        FF_TRY(call_others(crew, fault));
    for (unsigned steps = 0; !is_over; steps++) {
        FF_TRY(work->step(work->context, 0, &is_over, fault));
        if (steps == alone && !is_over && !is_long)
            FF_TRY(call_others(crew, fault));
        if (work->show)
            work->show(work->context);
    }
    return FF_OK;
}

static void wait_for_others(struct ff_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->n_busy)
        pthread_cond_wait(&crew->is_ended, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}

enum ff_err ff_crew_round(struct ff_crew *crew, bool is_long, struct ff_fault *fault)
{
    enum ff_err err = lead(crew, is_long, fault);
    if (err)
        crew->work.stop(crew->work.context);
    wait_for_others(crew);
    for (size_t i = 1; i < crew->n_started; i++) {
        const struct member *m = &crew->members[i];
        if (err || !m->err)
            continue;
        err = m->err;
        *fault = m->fault;
    }
    return err;
}
