/* The commands: one file each, one line in the table of commands.c. */
#ifndef FF_COMMAND_H
#define FF_COMMAND_H

#include "options.h"

/* Exit statuses. */
enum ff_exit {
    FF_EXIT_DONE = 0,
    FF_EXIT_FAILED = 1, /* I/O, memory, a damaged rollup */
    FF_EXIT_USAGE = 2,
    FF_EXIT_LOOK = 3, /* done, but something needs a look; stderr says what */
};

/* A command does its work and gives FF_OK with *exit DONE or LOOK, or an error with its
 * sentence in `fault`. */
typedef enum ff_err ff_command_run(const struct ff_options *options, enum ff_exit *exit,
                                   struct ff_fault *fault);

ff_command_run ff_run_command;
ff_command_run ff_rollup_command;
ff_command_run ff_report_command;
ff_command_run ff_live_command;
ff_command_run ff_ingest_command;
ff_command_run ff_aggregate_command;
ff_command_run ff_explain_command;
ff_command_run ff_audit_command;
ff_command_run ff_inspect_command;
ff_command_run ff_serve_command;
ff_command_run ff_completion_command;

struct ff_command_info {
    const char *name;
    enum ff_command id;
    ff_command_run *run;
    const char *usage;
    const char *about;
    enum ff_completes completes; /* what its arguments are, for the shells */
    const char *words;
};
extern const struct ff_command_info ff_command_infos[];
extern const size_t ff_command_count;

/* Shows as "?" what a terminal would act on, as file names may: C0, DEL, C1 as UTF-8.
 */
void ff_make_inert(char *text);

/* A line on stderr: "footfall: ...". Control characters are shown as "?". */
__attribute__((format(printf, 1, 2))) void ff_say(const char *format, ...);

#endif
