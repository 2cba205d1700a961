/* The commands: one file each, one line in main's table. */
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
ff_command_run ff_inspect_command;

/* A line on stderr: "footfall: ...". Control characters are shown as "?". */
__attribute__((format(printf, 1, 2))) void ff_say(const char *format, ...);

#endif
