#include "output.h"

#include <errno.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "footfall/store.h"
#include "version.h"

#define ROLLUPS_ENDING ".cbor"

static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool is_rollups(const char *path)
{
    return ff_span_ends(ff_span_of(path), FF_SPAN(ROLLUPS_ENDING));
}

/* Whether what is at `path` is also to be read: it would be gone. */
static bool is_input(const struct ff_options *options, const char *path)
{
    struct stat output, input;
    if (is_stdout(path) || stat(path, &output) != 0 || !S_ISREG(output.st_mode))
        return false;
    for (size_t i = 0; i < options->n_files; i++)
        if (stat(options->files[i], &input) == 0 && input.st_dev == output.st_dev &&
            input.st_ino == output.st_ino)
            return true;
    return false;
}

enum ff_err ff_outputs_check(const struct ff_options *options, struct ff_fault *fault)
{
    for (size_t i = 0; i < options->outputs.n; i++) {
        const char *path = options->outputs.items[i];
        if (is_input(options, path))
            return ff_fault_set(fault, FF_ERR_USAGE,
                                "-o %.200s: this file is to be read, too", path);
        const struct ff_renderer *renderer = ff_renderer_for(path);
        if (renderer && renderer->check)
            FF_TRY(renderer->check(fault));
        if (is_stdout(path) || is_rollups(path) || renderer)
            continue;
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "-o %.200s: the ending picks the form, and it can be %s "
                            "or " ROLLUPS_ENDING,
                            path, ff_renderer_endings());
    }
    return FF_OK;
}

static unsigned terminal_columns(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col >= 40)
        return size.ws_col < 120 ? size.ws_col : 120;
    return 80;
}

/* Colours are for eyes: a terminal that has them, and a user who wants them
 * (no-color.org). */
static bool has_colour(void)
{
    const char *terminal = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

enum ff_err ff_output_bytes(const struct ff_renderer *renderer,
                            const struct ff_view *view,
                            const struct ff_render_settings *settings, char **bytes,
                            size_t *len, struct ff_fault *fault)
{
    *bytes = NULL;
    *len = 0;
    FILE *memory = open_memstream(bytes, len);
    if (!memory)
        return ff_fault_nomem(fault);
    /* Nobody else writes there: a lock for each character would take longer than it. */
    (void)__fsetlocking(memory, FSETLOCKING_BYCALLER);
    enum ff_err err = renderer->render(memory, view, settings, fault);
    if (fclose(memory) != 0 && !err)
        err = ff_fault_nomem(fault);
    if (err) {
        free(*bytes);
        *bytes = NULL;
    }
    return err;
}

static enum ff_err render_file(const char *path, const struct ff_renderer *renderer,
                               const struct ff_view *view,
                               const struct ff_render_settings *settings,
                               struct ff_fault *fault)
{
    char *bytes;
    size_t len;
    FF_TRY(ff_output_bytes(renderer, view, settings, &bytes, &len, fault));
    const enum ff_err err = ff_file_replace(path, bytes, len, fault);
    free(bytes);
    return err;
}

enum ff_err ff_output_page(const char *path, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    return render_file(path, ff_renderer_for("-.html"), view, settings, fault);
}

/* All rollups as a CBOR sequence. */
static enum ff_err write_rollups(const char *path, const struct ff_rollup_list *rollups,
                                 struct ff_fault *fault)
{
    unsigned char *all = NULL;
    size_t len = 0;
    enum ff_err err = FF_OK;
    for (size_t i = 0; i < rollups->n && !err; i++) {
        unsigned char *one;
        size_t n;
        err = ff_rollup_encode(rollups->items[i], &one, &n, fault);
        if (err)
            break;
        unsigned char *grown = realloc(all, len + n);
        if (grown) {
            all = grown;
            memcpy(all + len, one, n);
            len += n;
        } else {
            err = ff_fault_nomem(fault);
        }
        free(one);
    }
    if (!err)
        err = ff_file_replace(path, all, len, fault);
    free(all);
    return err;
}

static enum ff_err write_one(const char *path, const struct ff_view *view,
                             const struct ff_rollup_list *rollups,
                             const struct ff_render_settings *settings,
                             struct ff_fault *fault)
{
    if (is_rollups(path))
        return write_rollups(path, rollups, fault);
    if (is_stdout(path))
        return ff_renderer_for("-.json")->render(stdout, view, settings, fault);
    return render_file(path, ff_renderer_for(path), view, settings, fault);
}

enum ff_err ff_outputs_write(const struct ff_options *options,
                             const struct ff_rollup_list *rollups,
                             const struct ff_comparison *comparison,
                             const struct ff_run_lines *lines, struct ff_fault *fault)
{
    const struct ff_view_settings view_settings = { .run = *lines,
                                                    .version = FF_VERSION,
                                                    .comparison = comparison };
    struct ff_render_settings settings = {
        .rows = options->rows,
        .columns = terminal_columns(),
        .is_brief = options->is_brief,
        .is_span_asked =
            comparison || options->from != INT32_MIN || options->to != INT32_MAX,
    };
    struct ff_view *view;
    FF_TRY(ff_view_create(&view, rollups, &view_settings, fault));
    enum ff_err err = FF_OK;
    for (size_t i = 0; i < options->outputs.n && !err; i++)
        err = write_one(options->outputs.items[i], view, rollups, &settings, fault);
    settings.has_colour = has_colour();
    if (!err && options->outputs.n == 0)
        err = ff_renderer_text()->render(stdout, view, &settings, fault);
    ff_view_destroy(view);
    return err;
}
