/* The crew: all do each round's work once, by the same threads from round to round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdatomic.h>
#include <string.h>

#include "crew.h"

#define MOST 4

struct work {
    _Atomic int left;        /* steps, in this round */
    _Atomic int steps[MOST]; /* gone by each */
    _Atomic int n_threads;   /* that have ever gone a step, but the leader's */
    int fails_at;            /* the step before which so many are left; INT_MIN: none */
    _Atomic bool is_stopped;
    int n_prepared;
};

static _Thread_local bool was_here;

static enum ff_err step(void *context, size_t member, bool *is_over,
                        struct ff_fault *fault)
{
    struct work *work = context;
    if (member > 0 && !was_here)
        atomic_fetch_add(&work->n_threads, 1);
    was_here = true;
    const int left = atomic_fetch_sub(&work->left, 1);
    *is_over = left <= 0 || work->is_stopped;
    if (left == work->fails_at)
        return ff_fault_set(fault, FF_ERR_DATA, "step %d", left);
    if (!*is_over)
        work->steps[member]++;
    return FF_OK;
}

static enum ff_err prepare(void *context, size_t member, struct ff_fault *fault)
{
    struct work *work = context;
    (void)member;
    (void)fault;
    work->n_prepared++;
    return FF_OK;
}

static void stop(void *context)
{
    struct work *work = context;
    work->is_stopped = true;
}

static struct ff_crew *make(struct work *work, size_t n)
{
    struct ff_crew *crew;
    struct ff_fault fault;
    *work = (struct work) { .fails_at = INT_MIN };
    const struct ff_crew_work its = {
        .context = work, .step = step, .prepare = prepare, .stop = stop
    };
    assert_int_equal(ff_crew_create(&crew, n, &its, &fault), FF_OK);
    return crew;
}

/* One round of so many steps; gives how many of them others than the leader went. */
static int go(struct ff_crew *crew, struct work *work, int steps, bool is_long)
{
    struct ff_fault fault;
    int all = 0;
    work->left = steps;
    for (size_t i = 0; i < MOST; i++)
        work->steps[i] = 0;
    assert_int_equal(ff_crew_round(crew, is_long, &fault), FF_OK);
    for (size_t i = 0; i < MOST; i++)
        all += work->steps[i];
    assert_int_equal(all, steps);
    return all - work->steps[0];
}

static void each_step_is_gone_once(void **state)
{
    (void)state;
    for (size_t n = 1; n <= MOST; n++) {
        struct work work;
        struct ff_crew *crew = make(&work, n);
        for (int round = 0; round < 300; round++)
            (void)go(crew, &work, round * 7 % 100, round % 3 == 0);
        ff_crew_destroy(crew);
        assert_true(work.n_threads <= (int)n - 1);
        assert_int_equal(work.n_prepared, n - 1);
    }
}

/* So many steps that the others come to theirs. */
static void threads_stay(void **state)
{
    (void)state;
    struct work work;
    struct ff_crew *crew = make(&work, 3);
    int others = 0;
    for (int round = 0; round < 20; round++)
        others += go(crew, &work, 200000, round % 2);
    ff_crew_destroy(crew);
    assert_true(others > 0);
    assert_int_equal(work.n_threads, 2);
}

static void a_short_round_starts_nobody(void **state)
{
    (void)state;
    struct work work;
    struct ff_crew *crew = make(&work, 2);
    assert_int_equal(go(crew, &work, 10, false), 0);
    assert_int_equal(work.n_prepared, 0);
    ff_crew_destroy(crew);
}

static void an_error_ends_the_round(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct work work;
        struct ff_fault fault;
        struct ff_crew *crew = make(&work, MOST);
        (void)go(crew, &work, 1000, true);
        work.left = 100000;
        work.fails_at = 99900 - i * 50;
        assert_int_equal(ff_crew_round(crew, true, &fault), FF_ERR_DATA);
        assert_non_null(strstr(fault.text, "step "));
        assert_true(work.left > 0 && work.is_stopped);
        ff_crew_destroy(crew);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_gone_once),
        cmocka_unit_test(threads_stay),
        cmocka_unit_test(a_short_round_starts_nobody),
        cmocka_unit_test(an_error_ends_the_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
