/* Options: one table for all commands. */
#ifndef FF_OPTIONS_H
#define FF_OPTIONS_H

#include "footfall/aggregate.h"
#include "footfall/err.h"
#include "footfall/zone.h"

/* Which commands take an option. */
enum ff_command {
    FF_RUN = 1,
    FF_ROLLUP = 2,
    FF_REPORT = 4,
    FF_INSPECT = 8,
};

#define FF_OPTIONS_MOST 63 /* of -o and of --own-host */

/* Points into argv; must not outlive it. */
struct ff_options {
    const char *exclude_nets[FF_OPTIONS_MOST];
    size_t n_exclude_nets;
    const char *exclude_paths[FF_OPTIONS_MOST];
    size_t n_exclude_paths;
    const char *exclude_agents[FF_OPTIONS_MOST];
    size_t n_exclude_agents;
    const char *outputs[FF_OPTIONS_MOST];
    size_t n_outputs;
    const char *own_hosts[FF_OPTIONS_MOST];
    size_t n_own_hosts;
    const char *const *files;
    size_t n_files;
    const char *format, *site, *geo, *store, *client_from;
    enum ff_grain grain;
    struct ff_zone zone;
    int32_t from, to;       /* days, `to` the first after; INT32_MIN, INT32_MAX: open */
    int64_t now;            /* seconds since 1970-01-01 UTC */
    uint32_t visit_timeout; /* seconds */
    size_t memory_bytes;
    size_t rows;
    bool wants_progress, wants_help;
};

/* Reads the command's options. `argv[0]` is the command's name. FF_ERR_USAGE: the
 * sentence says which option and what it takes. */
FF_MUST_USE enum ff_err ff_options_read(struct ff_options *options,
                                        enum ff_command command, int argc, char **argv,
                                        struct ff_fault *fault);

/* The options of a command, a line each, for --help. */
void ff_options_print(FILE *out, enum ff_command command);

#endif
