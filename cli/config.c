/* libinih takes the lines apart; this file knows which line it is at, since it hands
 * them over. libinih's lines are at most 199 bytes, so that is said instead of cutting
 * a value in two. */
#include "config.h"

#include <errno.h>
#include <ini.h>

#include "command.h"

struct config {
    struct ff_options *options;
    enum ff_command command;
    const bool *is_given;
    struct ff_fault *fault;
    enum ff_err err;
    FILE *file;
    int line;
    bool is_indented; /* that line: it may go on with the value above */
    /* The key read last, whose value is not set before it is known to be whole. */
    const struct ff_option_info *info;
    int info_line;
    bool counts;
    struct ff_span value;
};

static void refuse(struct config *c, int line, const char *why)
{
    c->err = ff_fault_set(c->fault, FF_ERR_USAGE, "%.200s:%d: %s", c->options->config,
                          line, why);
}

/* fgets for libinih. */
static char *next_line(char *text, int size, void *context)
{
    struct config *c = context;
    if (c->err || !fgets(text, size, c->file))
        return NULL;
    c->line++;
    c->is_indented = text[0] == ' ' || text[0] == '\t';
    const size_t len = strlen(text);
    if ((len && text[len - 1] == '\n') || (feof(c->file) && (int)len < size - 1))
        return text;
    refuse(c, c->line,
           (int)len == size - 1
               ? "the line is too long; a value can go on in the next line behind a "
                 "blank"
               : "there is a NUL byte in it");
    return NULL;
}

/* Sets the key read before, now that its value is whole. */
static void set_last(struct config *c)
{
    struct ff_fault why = { "" };
    if (c->err || !c->info || !c->counts)
        return;
    c->err = ff_option_set(c->options, c->info, c->value.data, &why);
    if (c->err == FF_ERR_USAGE)
        refuse(c, c->info_line, why.text);
    else if (c->err)
        *c->fault = why;
}

/* `text` behind what there is of the value; both end with a NUL. */
static void append(struct config *c, const char *text)
{
    const size_t len = strlen(text), before = c->value.len ? c->value.len + 1 : 0;
    char *all = ff_arena_take(&c->options->texts, before + len + 1, 1);
    if (!all) {
        c->err = ff_fault_set(c->fault, FF_ERR_USAGE, "%.200s: too large",
                              c->options->config);
        return;
    }
    if (before) {
        memcpy(all, c->value.data, c->value.len);
        all[before - 1] = '\n';
    }
    memcpy(all + before, text, len + 1);
    c->value = (struct ff_span) { all, before + len };
}

/* Which commands a section is for; 0 when there is no such section. */
static unsigned commands_of(const char *section)
{
    if (!*section)
        return ~0u;
    for (size_t i = 0; i < ff_command_count; i++)
        if (strcmp(ff_command_infos[i].name, section) == 0)
            return ff_command_infos[i].id;
    return 0;
}

static void begin_key(struct config *c, const char *section, const char *name,
                      const char *value)
{
    char why[160];
    const struct ff_option_info *info = ff_option_named(name);
    const unsigned commands = commands_of(section);
    set_last(c);
    c->info = NULL;
    if (c->err)
        return;
    if (!commands) {
        snprintf(why, sizeof why, "[%.60s] is no command", section);
        refuse(c, c->line, why);
    } else if (!info || !info->is_key || !(info->commands & commands)) {
        snprintf(why, sizeof why, "%.60s is no option%s%s", name,
                 *section ? " of " : "", section);
        refuse(c, c->line, why);
    }
    if (c->err)
        return;
    c->info = info;
    c->info_line = c->line;
    c->counts =
        commands & info->commands & c->command && !c->is_given[info - ff_option_infos];
    c->value = (struct ff_span) { "", 0 };
    append(c, value);
}

/* libinih's handler: 0 is an error. */
static int take(void *context, const char *section, const char *name, const char *value)
{
    struct config *c = context;
    const bool goes_on = c->info && c->is_indented && strcmp(c->info->name, name) == 0;
    if (c->err)
        return 0;
    if (goes_on && strcmp(name, "format") != 0)
        refuse(c, c->line,
               "a line that begins with a blank goes on with the value above, and only "
               "format has long ones");
    else if (goes_on)
        append(c, value);
    else
        begin_key(c, section, name, value);
    return c->err == FF_OK;
}

enum ff_err ff_config_read(struct ff_options *options, enum ff_command command,
                           const bool *is_given, struct ff_fault *fault)
{
    struct config c = { .options = options,
                        .command = command,
                        .is_given = is_given,
                        .fault = fault,
                        .file = fopen(options->config, "re") };
    if (!c.file)
        return ff_fault_set(fault, FF_ERR_IO, "%.200s: %s", options->config,
                            strerror(errno));
    const int bad_line = ini_parse_stream(next_line, &c, take, &c);
    /* A line that is none is passed over by libinih, and told at the end. */
    if (bad_line > 0 && (!c.err || bad_line < c.line))
        refuse(&c, bad_line, "neither key = value, [command] nor a comment");
    set_last(&c);
    const bool has_failed = ferror(c.file) != 0;
    fclose(c.file);
    return has_failed ? ff_fault_set(fault, FF_ERR_IO, "%.200s: cannot be read",
                                     options->config)
                      : c.err;
}
