#include "crew.h"

#include <pthread.h>
#include <stdlib.h>

#include "footfall/wipe.h"

/* Unless the round is known to be long, the others are first started when the leader
 * has gone so many steps: most logs of a night are read before a thread is there. */
#define STEPS_ALONE 16

struct member {
    struct ff_crew *crew;
    size_t number;
    pthread_t thread;
    enum ff_err err;
    struct ff_fault fault;
};

struct ff_crew {
    struct ff_crew_work work;
    struct member *members;
    size_t n;
    bool has_started; /* the others, in this round or one before */
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
    *crew = (struct ff_crew) { .work = *work, .members = members, .n = n };
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
    free(crew->members);
    free(crew);
}

static void *follow(void *argument)
{
    struct member *m = argument;
    const struct ff_crew_work *work = &m->crew->work;
    bool is_over = false;
    while (!is_over && !m->err)
        m->err = work->step(work->context, m->number, &is_over, &m->fault);
    if (m->err)
        work->stop(work->context);
    ff_wipe_stack(); /* it goes back with the thread */
    return NULL;
}

/* Starts the others; *n is how many members there are then. */
static enum ff_err start_others(struct ff_crew *crew, size_t *n, struct ff_fault *fault)
{
    const struct ff_crew_work *work = &crew->work;
    crew->has_started = true;
    for (; *n < crew->n; (*n)++) {
        struct member *m = &crew->members[*n];
        if (work->prepare)
            FF_TRY(work->prepare(work->context, *n, fault));
        if (pthread_create(&m->thread, NULL, follow, m) != 0)
            return FF_OK;
    }
    return FF_OK;
}

static enum ff_err lead(struct ff_crew *crew, bool is_long, size_t *n,
                        struct ff_fault *fault)
{
    const struct ff_crew_work *work = &crew->work;
    const unsigned alone = crew->has_started ? 0 : STEPS_ALONE;
    bool is_over = false;
    if (is_long)
        FF_TRY(start_others(crew, n, fault));
    for (unsigned steps = 0; !is_over; steps++) {
        FF_TRY(work->step(work->context, 0, &is_over, fault));
        if (steps == alone && !is_over && !is_long)
            FF_TRY(start_others(crew, n, fault));
        if (work->show)
            work->show(work->context);
    }
    return FF_OK;
}

enum ff_err ff_crew_round(struct ff_crew *crew, bool is_long, struct ff_fault *fault)
{
    size_t n = 1;
    enum ff_err err = lead(crew, is_long, &n, fault);
    if (err)
        crew->work.stop(crew->work.context);
    for (size_t i = 1; i < n; i++) {
        const struct member *m = &crew->members[i];
        pthread_join(m->thread, NULL);
        if (err || !m->err)
            continue;
        err = m->err;
        *fault = m->fault;
    }
    return err;
}
