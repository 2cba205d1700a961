/* The stages put together: logs to rollups. */
#ifndef FF_PIPELINE_H
#define FF_PIPELINE_H

#include "command.h"
#include "footfall/hit_stream.h"
#include "footfall/ingest.h"
#include "footfall/report.h"

/* What a period is known to have at its release. */
struct ff_period_state {
    bool has_beginning; /* the logs begin before it or within its first hour */
    bool has_end;       /* the logs reach over its end, or the clock does */
    bool is_early;      /* not all of the logs has been read */
};

struct ff_pipeline_result {
    struct ff_run_lines lines;
    bool needs_a_look; /* stderr has said what */
};

/* Who runs the pipeline. */
struct ff_pipeline_sink {
    void *context;
    /* Takes each rollup as its period closes, in order of their first days; owns it
     * from then on, on errors too. */
    enum ff_err (*take)(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault);
    /* Called when the logs are open and not read yet, and when all are read; the ingest
     * may be asked about its inputs until then. NULL: nothing to do. */
    enum ff_err (*opened)(void *context, struct ff_ingest *ingest,
                          struct ff_fault *fault);
    enum ff_err (*ended)(void *context, struct ff_fault *fault);
    /* Called last, with all of the run's lines; the ingest is still open. Or NULL. */
    void (*last)(void *context, const struct ff_run_lines *lines);
    /* Called behind that, to make of the rollups what is to be made of them, while what
     * was read is wiped in another thread, if several read. Or NULL. */
    enum ff_err (*finish)(void *context, struct ff_pipeline_result *result,
                          struct ff_fault *fault);
    const unsigned char *content_key; /* as in ff_ingest_settings */
    /* Hits that another process made, to be read instead of logs, with a seat for each
     * of the options' jobs, and where its logs begin (INT64_MAX: not known); or NULL.
     */
    struct ff_hit_reader *hits;
    int64_t hits_begin;
    bool counts_as_peers; /* as in ff_ingest_settings; and no hints on stderr */
    bool fills_gaps; /* a period without a line between two others gets a rollup too */
};

/* Reads all logs of `options`. What needs a look is told on stderr. Errors as
 * ff_ingest_open, ff_ingest_next, ff_aggregate_*, and those of the sink. */
FF_MUST_USE enum ff_err ff_pipeline(const struct ff_options *options,
                                    const struct ff_pipeline_sink *sink,
                                    struct ff_pipeline_result *result,
                                    struct ff_fault *fault);

/* The site's name in rollups when none is given. */
#define FF_DEFAULT_SITE "site"

#endif
