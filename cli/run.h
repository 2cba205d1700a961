/* From what was read to a report. */
#ifndef FF_RUN_H
#define FF_RUN_H

#include "keep.h"

/* Where the pipeline reads from: `hits` as in its sink, or the logs of the options; and
 * the store that periods seen whole go into, or NULL. */
struct ff_run_source {
    struct ff_hit_reader *hits;
    int64_t hits_begin;
    struct ff_keep *keep;
};

/* Reads, and writes what -o asks for, or the text report; with a store and no -o the
 * store alone. Errors as ff_pipeline, ff_keep_rollup and ff_outputs_write. */
FF_MUST_USE enum ff_err ff_run(const struct ff_options *options,
                               const struct ff_run_source *source, enum ff_exit *exit,
                               struct ff_fault *fault);

#endif
