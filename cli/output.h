/* Reports into files: whole or not at all. */
#ifndef FF_OUTPUT_H
#define FF_OUTPUT_H

#include "command.h"
#include "footfall/report.h"

/* Checks that each -o names a form we have and no file to be read, before any work.
 * FF_ERR_USAGE. */
FF_MUST_USE enum ff_err ff_outputs_check(const struct ff_options *options,
                                         struct ff_fault *fault);

/* Writes all that -o asks for, or the text report to stdout if nothing does;
 * `comparison` may be NULL. FF_ERR_IO, FF_ERR_NOMEM, and FF_ERR_USAGE when the rollups
 * do not fit together. */
FF_MUST_USE enum ff_err ff_outputs_write(const struct ff_options *options,
                                         const struct ff_rollup_list *rollups,
                                         const struct ff_comparison *comparison,
                                         const struct ff_run_lines *lines,
                                         struct ff_fault *fault);

/* Renders into memory: *bytes is the caller's, to free. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_output_bytes(const struct ff_renderer *renderer,
                                        const struct ff_view *view,
                                        const struct ff_render_settings *settings,
                                        char **bytes, size_t *len,
                                        struct ff_fault *fault);

/* The page into a file of any name. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_output_page(const char *path, const struct ff_view *view,
                                       const struct ff_render_settings *settings,
                                       struct ff_fault *fault);

#endif
