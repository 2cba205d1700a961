#include "late.h"

#include <stdlib.h>

#include "footfall/store.h"

static uint64_t lines_in(const struct ff_reconciliation *r)
{
    uint64_t lines = r->excluded;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        lines += r->human[i];
    for (int i = 0; i < FF_ROBOTS; i++)
        lines += r->robots[i];
    return lines;
}

/* Lines that the rollup in the store was made from. FF_ERR_DATA: it is damaged, or not
 * what its name says. */
static enum ff_err lines_in_store(const struct ff_late_context *context,
                                  const struct ff_rollup *rollup, uint64_t *lines,
                                  struct ff_fault *fault)
{
    struct ff_rollup_list list = { 0 };
    char *path = ff_store_path(context->store, rollup);
    if (!path)
        return ff_fault_nomem(fault);
    enum ff_err err = ff_rollup_read_file(&list, path, fault);
    const struct ff_rollup *there = list.n == 1 ? list.items[0] : NULL;
    if (!err &&
        !(there && there->start == rollup->start && there->grain == rollup->grain &&
          ff_span_equal(there->site, rollup->site)))
        err = ff_fault_set(fault, FF_ERR_DATA, "%.300s: is not the rollup of that name",
                           path);
    *lines = err ? 0 : lines_in(&there->reconciliation);
    /* For partners the most that it can be: each class may be rounded down by 2. */
    if (!err && there->profile == FF_PARTNER_PROFILE)
        *lines += (FF_PARTNER_STEP / 2) * (FF_HUMAN_CLASSES + FF_ROBOTS);
    ff_rollup_list_clear(&list);
    free(path);
    return err;
}

static uint64_t lines_of(const struct ff_late_context *context, size_t input,
                         int32_t start)
{
    const struct ff_period_lines *periods;
    const size_t n = ff_ingest_period_lines(context->ingest, input, &periods);
    for (size_t i = 0; i < n; i++)
        if (periods[i].start == start)
            return periods[i].lines;
    return 0;
}

/* Counts lines of a period that the store has, beyond those it was made from: by
 * content where that can be known again, else by their number. As many lines as it was
 * made from are those, in whatever files they are by now. */
static uint64_t count_late(const struct ff_late_context *context, int32_t start,
                           uint64_t in_store)
{
    struct ff_content content;
    uint64_t all = 0, late = 0, unknown = 0;
    for (size_t i = 0; i < ff_ingest_inputs(context->ingest); i++) {
        const uint64_t lines = lines_of(context, i, start);
        all += lines;
        /* Too short to be known again when it has grown or is compressed. */
        if (context->before->n == 0 ||
            !ff_ingest_content(context->ingest, i, &content) || content.n_heads == 0) {
            unknown += lines;
            continue;
        }
        const uint64_t seen = ff_sources_lines(context->before, &content, start);
        late += lines > seen ? lines - seen : 0;
    }
    late += unknown > in_store ? unknown - in_store : 0;
    return all == in_store ? 0 : late;
}

enum ff_err ff_late_lines(const struct ff_late_context *context,
                          const struct ff_rollup *rollup, uint64_t *late,
                          struct ff_fault *fault)
{
    uint64_t in_store;
    *late = 0;
    FF_TRY(lines_in_store(context, rollup, &in_store, fault));
    *late = count_late(context, rollup->start, in_store);
    return FF_OK;
}
