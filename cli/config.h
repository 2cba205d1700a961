/* The config file: INI, a key for each option. */
#ifndef FF_CONFIG_H
#define FF_CONFIG_H

#include "options.h"

/* Sets the options that the file options->config says, but those that the command line
 * gives itself (is_given, in the table's order). Keys before any section, and those of
 * the section that has the command's name, count; keys of other commands' options are
 * left alone. A list has its key several times. A value may go on in lines that begin
 * with a blank: a server's format string as it was pasted. FF_ERR_USAGE with file and
 * line: an unknown key or section, a value that the option does not take, a line that
 * is none. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_config_read(struct ff_options *options,
                                       enum ff_command command, const bool *is_given,
                                       struct ff_fault *fault);

#endif
