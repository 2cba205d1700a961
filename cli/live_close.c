/* When live's periods end, what becomes of them, and the lines that come too late. */
#include "command.h"
#include "live.h"

/* The page has the last week. */
#define CLOSED_KEPT 7
/* A longer stretch without a line is not filled with empty periods. */
#define MOST_GAP_DAYS 400
/* Lines whose time is far ahead open periods that may never come to their end. */
#define MOST_OPEN 64

static int64_t seconds_of(const struct ff_live *live, int32_t day)
{
    return ff_zone_midnight(&live->options->zone, day);
}

int64_t ff_live_now(const struct ff_live *live)
{
    return live->clock.time + (int64_t)(ff_live_seconds() - live->last_read);
}

/* A store that cannot be written to is no reason to stop watching: the nightly job
 * reads the log again. What begins after the clock is of lines whose time is far off.
 */
static void keep(struct ff_live *live, struct ff_rollup *rollup,
                 const struct ff_period_state *state)
{
    struct ff_fault fault;
    if (!live->keep.store)
        return;
    const bool is_ahead = seconds_of(live, rollup->start) > live->clock.most;
    if (!state->has_beginning || is_ahead)
        live->keep.not_whole++;
    else if (ff_keep_rollup(&live->keep, rollup, state, &fault)) {
        ff_say("%s", fault.text);
        live->needs_a_look = true;
    }
}

static enum ff_err note_closed(struct ff_live *live, struct ff_rollup *rollup,
                               struct ff_fault *fault)
{
    struct ff_rollup_list *closed = &live->closed;
    if (live->options->outputs.n == 0 && closed->n == CLOSED_KEPT) {
        ff_rollup_destroy(closed->items[0]);
        memmove(closed->items, closed->items + 1,
                (closed->n - 1) * sizeof *closed->items);
        closed->n--;
    }
    return ff_rollup_list_add(closed, rollup, fault);
}

/* Periods come to their end one after another, but for those of lines whose time is far
 * off. */
static void note_end(struct ff_live *live, const struct ff_rollup *rollup, bool has_end)
{
    const bool is_stray = live->has_released
                              ? rollup->end < live->next
                              : seconds_of(live, rollup->end) <= live->clock.first;
    if (!has_end || !live->clock.lines || is_stray)
        return;
    live->has_released = true;
    live->next = rollup->end;
}

/* `has_end`: the clock says so. */
static enum ff_err release(struct ff_live *live, int32_t start, bool has_end,
                           bool has_lines, struct ff_fault *fault)
{
    struct ff_rollup *rollup;
    ff_ingest_forget(live->ingest, start);
    FF_TRY(ff_aggregate_release(live->aggregate, start, &rollup, fault));
    note_end(live, rollup, has_end);
    const struct ff_period_state state = {
        .has_beginning =
            live->clock.lines &&
            live->clock.first <= seconds_of(live, start) + live->options->lead,
        .has_end = has_end,
    };
    rollup->is_partial = !state.has_beginning || !has_end;
    keep(live, rollup, &state);
    const enum ff_err err = has_lines ? note_closed(live, rollup, fault) : FF_OK;
    if (err || !has_lines)
        ff_rollup_destroy(rollup);
    return err;
}

/* The period that comes next: one without a line too, once one was released, so that a
 * quiet day does not break the store's chain. */
static bool next_period(const struct ff_live *live, int32_t *start, bool *has_lines)
{
    int32_t earliest;
    const bool is_open = ff_aggregate_earliest(live->aggregate, &earliest);
    const bool is_gap = live->has_released && (!is_open || live->next < earliest) &&
                        (!is_open || earliest - live->next <= MOST_GAP_DAYS);
    *start = is_gap ? live->next : earliest;
    *has_lines = !is_gap;
    return is_gap || is_open;
}

enum ff_err ff_live_close_due(struct ff_live *live, struct ff_fault *fault)
{
    const struct ff_options *o = live->options;
    int32_t start;
    bool has_lines;
    while (ff_live_clock_is_sure(&live->clock) &&
           next_period(live, &start, &has_lines) &&
           ff_live_now(live) >=
               seconds_of(live, ff_period_end(o->grain, start)) + o->grace)
        FF_TRY(release(live, start, true, has_lines, fault));
    while (ff_aggregate_open(live->aggregate, &start) > MOST_OPEN)
        FF_TRY(release(live, start, false, true, fault));
    return FF_OK;
}

enum ff_err ff_live_close_all(struct ff_live *live, struct ff_fault *fault)
{
    const struct ff_options *o = live->options;
    int32_t start;
    FF_TRY(ff_live_close_due(live, fault));
    while (ff_aggregate_earliest(live->aggregate, &start)) {
        const int64_t end = seconds_of(live, ff_period_end(o->grain, start));
        const bool has_end =
            !live->is_stopped &&
            (ff_live_wall(live) >= end + o->grace || live->clock.time >= end);
        FF_TRY(release(live, start, has_end, true, fault));
    }
    return FF_OK;
}

void ff_live_note_late(struct ff_live *live)
{
    if (live->has_late || ff_aggregate_late(live->aggregate) == 0)
        return;
    live->has_late = true;
    ff_say("lines come whose period is closed (--grace %lld): they count as outside",
           (long long)live->options->grace);
}

/* A few are no trouble: a long answer's line has the time it began at. */
void ff_live_tell_late(struct ff_live *live)
{
    const uint64_t late = ff_aggregate_late(live->aggregate);
    if (late == 0)
        return;
    ff_say("%llu %s after %s period was closed (--grace %lld): outside in the report, "
           "in no rollup of live's",
           (unsigned long long)late, late == 1 ? "line came" : "lines came",
           late == 1 ? "its" : "their", (long long)live->options->grace);
    live->needs_a_look |= late * 100 > live->lines;
}
