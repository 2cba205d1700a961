/* The open periods. Hits go to theirs; release closes one. */
#include "footfall/aggregate.h"

#include "active.h"
#include "release.h"

struct ff_aggregate {
    struct ff_aggregate_settings settings;
    struct ff_secret secret;
    struct ff_budget budget;  /* of all open periods */
    struct ff_visitors *open; /* in order of their first day */
    size_t n, cap;
    size_t last;       /* the one that took the last hit */
    int32_t *released; /* first days of periods that are closed, in order */
    size_t n_released, cap_released;
    uint64_t late;
    unsigned folded;
};

bool ff_goal_is_name(struct ff_span name)
{
    if (name.len == 0 || name.len >= FF_GOAL_NAME_SIZE || name.data[0] == ' ' ||
        name.data[name.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        const bool is_alnum =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_alnum && !memchr(" .-_", c, 4))
            return false;
    }
    return true;
}

enum ff_err ff_aggregate_create(struct ff_aggregate **out,
                                const struct ff_aggregate_settings *settings,
                                struct ff_fault *fault)
{
    *out = NULL;
    struct ff_aggregate *a = calloc(1, sizeof *a);
    if (!a)
        return ff_fault_nomem(fault);
    a->settings = *settings;
    a->budget.cap = settings->memory_bytes;
    a->budget.kept = a->budget.cap / 4; /* what one period leaves, see visitors.c */
    if (!ff_secret_init(&a->secret)) {
        free(a);
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    }
    *out = a;
    return FF_OK;
}

void ff_aggregate_destroy(struct ff_aggregate *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->n; i++)
        ff_visitors_clear(&a->open[i]);
    free(a->open);
    free(a->released);
    ff_wipe_free(a, sizeof *a); /* the secret */
}

static bool is_released(const struct ff_aggregate *a, int32_t start)
{
    for (size_t i = a->n_released; i-- > 0;)
        if (a->released[i] == start)
            return true;
    return false;
}

static size_t place_of(const struct ff_aggregate *a, int32_t start)
{
    size_t i = 0;
    while (i < a->n && a->open[i].start < start)
        i++;
    return i;
}

static enum ff_err open_period(struct ff_aggregate *a, int32_t start, size_t place,
                               struct ff_fault *fault)
{
    if (a->n == a->cap) {
        const size_t cap = a->cap ? a->cap * 2 : 8;
        struct ff_visitors *open = realloc(a->open, cap * sizeof *open);
        if (!open)
            return ff_fault_nomem(fault);
        a->open = open;
        a->cap = cap;
    }
    memmove(&a->open[place + 1], &a->open[place], (a->n - place) * sizeof *a->open);
    ff_visitors_init(&a->open[place], &a->secret, &a->budget, &a->settings, start);
    a->n++;
    return FF_OK;
}

static bool is_of(const struct ff_visitors *period, int64_t time)
{
    return (uint64_t)(time - period->from) < (uint64_t)(period->to - period->from);
}

/* The open period that a time is of; NULL if it is released. */
static enum ff_err find_period(struct ff_aggregate *a, int64_t time,
                               struct ff_visitors **out, struct ff_fault *fault)
{
    if (a->last >= a->n || !is_of(&a->open[a->last], time)) {
        const int32_t day = ff_zone_day(a->settings.zone, time);
        const int32_t start = ff_period_start(a->settings.grain, day);
        const size_t place = place_of(a, start);
        *out = NULL;
        if (place == a->n || a->open[place].start != start) {
            if (is_released(a, start))
                return FF_OK;
            FF_TRY(open_period(a, start, place, fault));
        }
        a->last = place;
    }
    *out = &a->open[a->last];
    return FF_OK;
}

/* In the period of the last hits: mostly it is theirs. */
void ff_aggregate_foresee(struct ff_aggregate *a, const struct ff_hit *hits, size_t n,
                          unsigned step)
{
    if (a->last < a->n)
        ff_visitors_foresee(&a->open[a->last], hits, n, step);
}

enum ff_err ff_aggregate_add(struct ff_aggregate *a, const struct ff_hit *hits,
                             size_t n, struct ff_fault *fault)
{
    size_t end;
    for (size_t i = 0; i < n; i = end) {
        struct ff_visitors *period;
        FF_TRY(find_period(a, hits[i].time, &period, fault));
        end = i + 1;
        if (!period) {
            a->late += hits[i].lines;
            continue;
        }
        /* Mostly the others are of the same period. */
        while (end < n && is_of(period, hits[end].time))
            end++;
        FF_TRY(ff_visitors_add(period, hits + i, end - i, fault));
    }
    return FF_OK;
}

bool ff_aggregate_earliest(const struct ff_aggregate *a, int32_t *start)
{
    if (a->n)
        *start = a->open[0].start;
    return a->n > 0;
}

size_t ff_aggregate_open(const struct ff_aggregate *a, int32_t *latest)
{
    if (a->n)
        *latest = a->open[a->n - 1].start;
    return a->n;
}

size_t ff_aggregate_held_bytes(const struct ff_aggregate *a)
{
    return a->budget.used;
}

uint64_t ff_aggregate_late(const struct ff_aggregate *a)
{
    return a->late;
}

unsigned ff_aggregate_folded(const struct ff_aggregate *a)
{
    return a->folded;
}

static enum ff_err note_released(struct ff_aggregate *a, int32_t start,
                                 struct ff_fault *fault)
{
    if (a->n_released == a->cap_released) {
        const size_t cap = a->cap_released ? a->cap_released * 2 : 32;
        int32_t *released = realloc(a->released, cap * sizeof *released);
        if (!released)
            return ff_fault_nomem(fault);
        a->released = released;
        a->cap_released = cap;
    }
    a->released[a->n_released++] = start;
    return FF_OK;
}

/* The period that begins on `start`, opened if need be, is the part's to close. */
static enum ff_err take_period(struct ff_aggregate *a, int32_t start,
                               struct ff_visitors **out, struct ff_fault *fault)
{
    assert(start == ff_period_start(a->settings.grain, start));
    const size_t place = place_of(a, start);
    if (place == a->n || a->open[place].start != start)
        FF_TRY(open_period(a, start, place, fault));
    *out = &a->open[place];
    return note_released(a, start, fault);
}

static void close_period(struct ff_aggregate *a, int32_t start)
{
    const size_t place = place_of(a, start);
    ff_visitors_clear(&a->open[place]);
    a->n--;
    memmove(&a->open[place], &a->open[place + 1], (a->n - place) * sizeof *a->open);
    a->last = 0;
}

enum ff_err ff_aggregate_release_parts(struct ff_aggregate *const *parts,
                                       size_t n_parts, int32_t start,
                                       struct ff_rollup **out, struct ff_fault *fault)
{
    *out = NULL;
    struct ff_visitors *periods[FF_AGGREGATE_PARTS];
    struct ff_aggregate *first = parts[0];
    assert(n_parts >= 1 && n_parts <= FF_AGGREGATE_PARTS);
    for (size_t i = 0; i < n_parts; i++)
        FF_TRY(take_period(parts[i], start, &periods[i], fault));
    const size_t kept =
        ff_budget_open_kept(&first->budget); /* words are joined there */
    const enum ff_err err =
        ff_release(periods, n_parts, &first->settings, out, &first->folded, fault);
    first->budget.kept = kept;
    FF_TRY(err);
    for (size_t i = 0; i < n_parts; i++)
        close_period(parts[i], start);
    /* The individual ends here: in the rollup are groups only. */
    ff_wipe_stack();
    return FF_OK;
}

enum ff_err ff_aggregate_release(struct ff_aggregate *a, int32_t start,
                                 struct ff_rollup **out, struct ff_fault *fault)
{
    return ff_aggregate_release_parts(&a, 1, start, out, fault);
}

enum ff_err ff_aggregate_active(const struct ff_aggregate *a, int32_t start,
                                int64_t since, uint32_t *visitors,
                                struct ff_fault *fault)
{
    const struct ff_aggregate_settings *s = &a->settings;
    const uint32_t k = ff_profile_k(s->profile, s->grain);
    const uint32_t kn = ff_profile_kn(s->profile, s->grain);
    const size_t place = place_of(a, start);
    struct ff_active active = { 0 };
    if (place < a->n && a->open[place].start == start)
        FF_TRY(ff_visitors_active(&a->open[place], since, &active, fault));
    const bool is_told = active.visitors >= (s->k > k ? s->k : k) &&
                         active.networks >= (s->kn > kn ? s->kn : kn);
    *visitors = is_told ? (uint32_t)ff_profile_count(s->profile, active.visitors) : 0;
    return FF_OK;
}
