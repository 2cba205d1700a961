/* The stages put together: logs to rollups. */
#ifndef FF_PIPELINE_H
#define FF_PIPELINE_H

#include "command.h"
#include "footfall/report.h"

/* What a period is known to have at its release. */
struct ff_period_state {
    bool has_beginning; /* the logs begin before it or within its first hour */
    bool has_end;       /* the logs reach over its end, or the clock does */
};

/* Takes each rollup as its period closes, in order of their first days. */
typedef enum ff_err ff_pipeline_take(void *context, struct ff_rollup *rollup,
                                     const struct ff_period_state *state,
                                     struct ff_fault *fault);

struct ff_pipeline_result {
    struct ff_run_lines lines;
    bool needs_a_look; /* stderr has said what */
};

/* Reads all logs of `options`. What needs a look is told on stderr. Errors as
 * ff_ingest_open, ff_ingest_next, ff_aggregate_*, and those of `take`. */
FF_MUST_USE enum ff_err ff_pipeline(const struct ff_options *options,
                                    ff_pipeline_take *take, void *context,
                                    struct ff_pipeline_result *result,
                                    struct ff_fault *fault);

/* The site's name in rollups when none is given. */
#define FF_DEFAULT_SITE "site"

#endif
