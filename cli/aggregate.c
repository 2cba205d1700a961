/* footfall aggregate: hits that footfall ingest made in another process, to a report or
 * into a store, as footfall run would from the logs. */
#include <string.h>
#include <unistd.h>

#include "footfall/hit_stream.h"
#include "output.h"
#include "run.h"
#include "zone_file.h"

/* What was settled where the hits were made: the site, the length of a period, the
 * zone. */
static enum ff_err take_over(struct ff_options *o,
                             const struct ff_hit_stream_header *header,
                             struct ff_fault *fault)
{
    struct ff_fault trouble;
    o->site = header->site;
    o->grain = header->grain;
    const enum ff_err err = ff_zone_load(&o->zone, header->zone, &trouble);
    return err ? ff_fault_set(
                     fault, FF_ERR_DATA,
                     "the hits are in the time zone %s, which this system does "
                     "not have",
                     header->zone)
               : FF_OK;
}

static enum ff_err aggregate(const struct ff_options *options,
                             struct ff_hit_reader *hits,
                             const struct ff_hit_stream_header *header,
                             enum ff_exit *exit, struct ff_fault *fault)
{
    struct ff_options o = *options; /* its texts stay the caller's */
    struct ff_keep keep = { .store = options->store, .site = header->site };
    const struct ff_run_source source = {
        .hits = hits,
        .hits_begin = header->begins,
        .keep = options->store ? &keep : NULL,
    };
    FF_TRY(take_over(&o, header, fault));
    if (source.keep)
        FF_TRY(ff_keep_check(&keep, fault));
    FF_TRY(ff_run(&o, &source, exit, fault));
    if (source.keep)
        ff_keep_sum_up(&keep);
    return FF_OK;
}

enum ff_err ff_aggregate_command(const struct ff_options *options, enum ff_exit *exit,
                                 struct ff_fault *fault)
{
    struct ff_hit_stream_header header;
    struct ff_hit_reader *hits;
    const bool is_stdin =
        options->n_files == 0 ||
        (options->n_files == 1 && strcmp(options->files[0], "-") == 0);
    if (!is_stdin)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "aggregate takes the hits of footfall ingest on its "
                            "standard input");
    if (isatty(STDIN_FILENO))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "aggregate takes hits through a pipe: footfall ingest "
                            "LOG... | footfall aggregate");
    FF_TRY(ff_outputs_check(options, fault));
    FF_TRY(ff_hit_reader_create(&hits, STDIN_FILENO, "standard input", options->jobs,
                                &header, fault));
    const enum ff_err err = aggregate(options, hits, &header, exit, fault);
    ff_hit_reader_destroy(hits);
    return err;
}
