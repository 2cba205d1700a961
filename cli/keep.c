#include "keep.h"

#include "footfall/store.h"

enum ff_err ff_keep_check(const struct ff_keep *keep, struct ff_fault *fault)
{
    if (ff_store_is_site_name(ff_span_of(keep->site)))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "--site %.80s: a site in a store is named by letters, digits, "
                        "\".\", \"-\" and \"_\", 64 at most",
                        keep->site);
}

static void wait_for_lock(const char *sentence)
{
    ff_say("%s", sentence);
}

static enum ff_err has(const struct ff_keep *keep, const struct ff_rollup *rollup,
                       int32_t start, bool *has, struct ff_fault *fault)
{
    return ff_store_has(keep->store, keep->site, rollup->profile, rollup->grain, start,
                        has, fault);
}

/* With the lock. What the lines begin with is the period's own if the store has the one
 * before it. */
static enum ff_err write_whole(struct ff_keep *keep, struct ff_rollup *rollup,
                               bool has_beginning, struct ff_fault *fault)
{
    bool is_there;
    FF_TRY(has(keep, rollup, rollup->start, &is_there, fault));
    keep->there += is_there;
    if (is_there)
        return FF_OK;
    if (!has_beginning)
        FF_TRY(has(keep, rollup, ff_period_start(rollup->grain, rollup->start - 1),
                   &has_beginning, fault));
    keep->not_whole += !has_beginning;
    if (!has_beginning)
        return FF_OK;
    rollup->is_partial = false;
    rollup->revision = 1;
    keep->written++;
    return ff_store_write(keep->store, rollup, fault);
}

enum ff_err ff_keep_rollup(struct ff_keep *keep, struct ff_rollup *rollup,
                           const struct ff_period_state *state, struct ff_fault *fault)
{
    int lock = -1;
    keep->not_whole += !state->has_end;
    if (!state->has_end)
        return FF_OK;
    FF_TRY(ff_store_lock(keep->store, keep->site, wait_for_lock, &lock, fault));
    ff_store_sweep(keep->store, keep->site);
    const enum ff_err err = write_whole(keep, rollup, state->has_beginning, fault);
    ff_store_unlock(lock);
    return err;
}

void ff_keep_sum_up(const struct ff_keep *keep)
{
    ff_say("%s/%s: %u new, %u there already, %u not whole", keep->store, keep->site,
           keep->written, keep->there, keep->not_whole);
}
