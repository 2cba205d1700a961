/* Options, read: from a config file, then from the command line. */
#ifndef FF_OPTIONS_H
#define FF_OPTIONS_H

#include "footfall/aggregate.h"
#include "footfall/arena.h"
#include "footfall/err.h"
#include "footfall/report.h"
#include "footfall/zone.h"
#include "option_table.h"

#define FF_OPTIONS_MOST 63 /* values of one option */

struct ff_values {
    const char *items[FF_OPTIONS_MOST];
    size_t n;
};

/* Points into argv, which must outlive it, and into texts of its own. The caller's, for
 * ff_options_clear. */
struct ff_options {
    struct ff_arena texts; /* what a config file said */
    struct ff_values outputs, own_hosts, exclude_nets, exclude_paths, exclude_agents;
    struct ff_values download_extensions, search_parameters;
    struct ff_goal_values {
        struct ff_goal items[FF_GOALS_MOST];
        char names[FF_GOALS_MOST][FF_GOAL_NAME_SIZE];
        size_t n;
    } goals;
    const char *const *files;
    size_t n_files;
    const char *config, *format, *site, *geo, *store, *client_from, *html, *routes;
    const char *listen, *token_file;
    enum ff_grain grain;
    enum ff_profile profile;
    uint32_t k, kn; /* 0: the profile's */
    struct ff_zone zone;
    bool has_zone;    /* it was named */
    int32_t from, to; /* days, `to` the first after; INT32_MIN, INT32_MAX: open */
    struct ff_compare compare;
    int64_t now;            /* seconds since 1970-01-01 UTC */
    uint32_t visit_timeout; /* seconds */
    uint32_t grace, lead;   /* seconds */
    uint32_t keep_days;     /* 0: for ever */
    size_t memory_bytes;
    size_t jobs; /* threads that read logs */
    size_t rows;
    bool wants_progress, wants_help, wants_rules, wants_formats;
    bool takes_partial, replaces, is_dry, is_brief;
};

#define FF_MOST_JOBS 16

/* Reads the command's options. `argv[0]` is the command's name. FF_ERR_USAGE: the
 * sentence says which option and what it takes, and for a config file where;
 * FF_ERR_IO: the config file cannot be read; FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_options_read(struct ff_options *options,
                                        enum ff_command command, int argc, char **argv,
                                        struct ff_fault *fault);
void ff_options_clear(struct ff_options *options);

/* A day of the calendar, such as "2026-03-02"; false for all else. */
bool ff_option_day(const char *text, int32_t *day);

/* Sets one option; `value` must live as long as the options. Errors as above. */
FF_MUST_USE enum ff_err ff_option_set(struct ff_options *options,
                                      const struct ff_option_info *info,
                                      const char *value, struct ff_fault *fault);

/* The options of a command, a line each, for --help. */
void ff_options_print(FILE *out, enum ff_command command);

#endif
