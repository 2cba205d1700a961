#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "compare.h"
#include "config.h"
#include "paragraph.h"
#include "zone_file.h"

#define OPTIONS_MAX 64
#define TEXTS_BYTES ((size_t)4 << 20)

static enum ff_err bad(struct ff_fault *fault, const struct ff_option_info *info,
                       const char *value, const char *takes)
{
    return ff_fault_set(fault, FF_ERR_USAGE, "--%s takes %s, not \"%.80s\"", info->name,
                        takes, value);
}

/* A whole number up to `most`, all of `text`. */
static bool number(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    *out = n;
    return errno == 0 && *end == '\0' && n <= most;
}

/* "512M", "1G", "65536". */
static bool size(const char *text, size_t *out)
{
    char digits[24];
    size_t len = strlen(text);
    unsigned shift = 0;
    if (len && strchr("kKmMgG", text[len - 1])) {
        const char unit = (char)(text[--len] | 32);
        shift = unit == 'k' ? 10 : unit == 'm' ? 20 : 30;
    }
    uint64_t n;
    if (len == 0 || len >= sizeof digits)
        return false;
    memcpy(digits, text, len);
    digits[len] = '\0';
    if (!number(digits, SIZE_MAX >> shift, &n))
        return false;
    *out = (size_t)n << shift;
    return true;
}

bool ff_option_day(const char *text, int32_t *out)
{
    struct tm tm = { 0 };
    const char *end = strptime(text, "%Y-%m-%d", &tm);
    if (!end || *end)
        return false;
    const struct ff_date date = { tm.tm_year + 1900, (uint8_t)(tm.tm_mon + 1),
                                  (uint8_t)tm.tm_mday };
    *out = ff_day_of_date(date);
    const struct ff_date back = ff_date_of_day(*out); /* 2026-02-30 is no day */
    return back.day == date.day && back.month == date.month;
}

static bool moment(const char *text, int64_t *out)
{
    struct tm tm = { 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (!end || *end)
        return false;
    *out = timegm(&tm);
    return true;
}

static enum ff_err add(struct ff_values *values, const struct ff_option_info *info,
                       const char *value, struct ff_fault *fault)
{
    if (values->n == FF_OPTIONS_MOST)
        return ff_fault_set(fault, FF_ERR_USAGE, "--%s is given more than %d times",
                            info->name, FF_OPTIONS_MOST);
    values->items[values->n++] = value;
    return FF_OK;
}

/* "signup=/signup/done"; a name again is another glob of the same goal's, so none. */
static enum ff_err add_goal(struct ff_goal_values *goals,
                            const struct ff_option_info *info, const char *value,
                            struct ff_fault *fault)
{
    const char *equals = strchr(value, '=');
    const struct ff_span name = { value, equals ? (size_t)(equals - value) : 0 };
    if (!equals || !ff_goal_is_name(name) || equals[1] == '\0')
        return bad(
            fault, info, value,
            "a name of letters, digits, \" \", \".\", \"-\" and \"_\", and a path "
            "or pattern, such as signup=/signup/done");
    for (size_t i = 0; i < goals->n; i++)
        if (ff_span_equal(ff_span_of(goals->names[i]), name))
            return ff_fault_set(fault, FF_ERR_USAGE, "--%s: there are two goals \"%s\"",
                                info->name, goals->names[i]);
    if (goals->n == FF_GOALS_MOST)
        return ff_fault_set(fault, FF_ERR_USAGE, "--%s is given more than %d times",
                            info->name, FF_GOALS_MOST);
    char *copy = goals->names[goals->n];
    memcpy(copy, name.data, name.len);
    copy[name.len] = '\0';
    goals->items[goals->n++] = (struct ff_goal) { .name = copy, .glob = equals + 1 };
    return FF_OK;
}

static enum ff_err set_grain(enum ff_grain *grain, const struct ff_option_info *info,
                             const char *value, struct ff_fault *fault)
{
    static const char *const names[] = { "day", "week", "month" };
    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            *grain = (enum ff_grain)i;
            return FF_OK;
        }
    }
    return bad(fault, info, value, "day, week or month");
}

static enum ff_err set_profile(enum ff_profile *profile,
                               const struct ff_option_info *info, const char *value,
                               struct ff_fault *fault)
{
    for (int i = 0; i < FF_PROFILES; i++) {
        if (strcmp(value, ff_profile_names[i]) == 0) {
            *profile = (enum ff_profile)i;
            return FF_OK;
        }
    }
    return bad(fault, info, value, "internal or partner");
}

static enum ff_err set_memory(size_t *bytes, const struct ff_option_info *info,
                              const char *value, struct ff_fault *fault)
{
    const size_t least = (size_t)16 << 20;
    if (!size(value, bytes) || *bytes < least)
        return bad(fault, info, value, "a size of 16M or more");
    return FF_OK;
}

static enum ff_err set_number(uint64_t *out, const struct ff_option_info *info,
                              const char *value, uint64_t most, struct ff_fault *fault)
{
    char takes[64];
    if (number(value, most, out) && *out > 0)
        return FF_OK;
    snprintf(takes, sizeof takes, "a number from 1 to %llu", (unsigned long long)most);
    return bad(fault, info, value, takes);
}

static enum ff_err set_day(int32_t *out, int32_t more,
                           const struct ff_option_info *info, const char *value,
                           struct ff_fault *fault)
{
    if (!ff_option_day(value, out))
        return bad(fault, info, value, "a day such as 2026-03-02");
    *out += more;
    return FF_OK;
}

static enum ff_err set_zone(struct ff_options *o, const char *value,
                            struct ff_fault *fault)
{
    o->has_zone = true;
    return ff_zone_load(&o->zone, value, fault);
}

/* A flag: nothing on the command line, yes or no in a config file. */
static enum ff_err set_flag(bool *out, const struct ff_option_info *info,
                            const char *value, struct ff_fault *fault)
{
    *out = !value || strcmp(value, "yes") == 0;
    if (*out || strcmp(value, "no") == 0)
        return FF_OK;
    return bad(fault, info, value, "yes or no");
}

enum ff_err ff_option_set(struct ff_options *o, const struct ff_option_info *info,
                          const char *value, struct ff_fault *fault)
{
    void *const at = (char *)o + info->offset;
    uint64_t n = 0;
    assert(value || info->kind == FF_TAKES_NOTHING);
    switch (info->kind) {
    case FF_TAKES_TEXT:
        *(const char **)at = value;
        return FF_OK;
    case FF_TAKES_LIST:
        return add(at, info, value, fault);
    case FF_TAKES_GOAL:
        return add_goal(at, info, value, fault);
    case FF_TAKES_NOTHING:
        return set_flag(at, info, value, fault);
    case FF_TAKES_GRAIN:
        return set_grain(at, info, value, fault);
    case FF_TAKES_PROFILE:
        return set_profile(at, info, value, fault);
    case FF_TAKES_ZONE:
        return set_zone(o, value, fault);
    case FF_TAKES_DAY:
        return set_day(at, 0, info, value, fault);
    case FF_TAKES_LAST:
        return set_day(at, 1, info, value, fault);
    case FF_TAKES_COMPARE:
        return ff_compare_read(at, value)
                   ? FF_OK
                   : bad(fault, info, value,
                         "previous, year, or days such as 2026-02-01..2026-02-28");
    case FF_TAKES_MOMENT:
        return moment(value, at)
                   ? FF_OK
                   : bad(fault, info, value, "a time such as 2026-03-03T00:15:00Z");
    case FF_TAKES_SECONDS:
        FF_TRY(set_number(&n, info, value, FF_DAY_SECONDS, fault));
        *(uint32_t *)at = (uint32_t)n;
        return FF_OK;
    case FF_TAKES_DAYS:
        FF_TRY(set_number(&n, info, value, 36525, fault));
        *(uint32_t *)at = (uint32_t)n;
        return FF_OK;
    case FF_TAKES_LEAST:
        FF_TRY(set_number(&n, info, value, 1000000, fault));
        *(uint32_t *)at = (uint32_t)n;
        return FF_OK;
    case FF_TAKES_ROWS:
        FF_TRY(set_number(&n, info, value, 1000000, fault));
        *(size_t *)at = (size_t)n;
        return FF_OK;
    case FF_TAKES_JOBS:
        FF_TRY(set_number(&n, info, value, FF_MOST_JOBS, fault));
        *(size_t *)at = (size_t)n;
        return FF_OK;
    case FF_TAKES_MEMORY:
        return set_memory(at, info, value, fault);
    }
    return FF_OK;
}

/* Less than the profile's own is no setting: it is what the profile promises. */
static enum ff_err check_floor(const struct ff_options *o, const char *name,
                               uint32_t value, uint32_t floor, struct ff_fault *fault)
{
    static const char *const grains[] = { "day", "week", "month" };
    if (value && value < floor)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--%s %lu: the profile %s takes %lu or more for a %s", name,
                            (unsigned long)value, ff_profile_names[o->profile],
                            (unsigned long)floor, grains[o->grain]);
    return FF_OK;
}

static enum ff_err check_floors(const struct ff_options *o, struct ff_fault *fault)
{
    FF_TRY(check_floor(o, "k", o->k, ff_profile_k(o->profile, o->grain), fault));
    FF_TRY(check_floor(o, "kn", o->kn, ff_profile_kn(o->profile, o->grain), fault));
    /* Else a row that has k would be rounded under it. */
    if (ff_profile_count(o->profile, o->k) != o->k)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--k %lu: the profile partner takes multiples of %d",
                            (unsigned long)o->k, FF_PARTNER_STEP);
    return FF_OK;
}

/* A quarter of the machine, at most 1 GiB. */
static size_t default_memory(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    const size_t most = (size_t)1 << 30;
    const size_t quarter =
        pages > 0 && page > 0 ? (size_t)pages / 4 * (size_t)page : most;
    return quarter < most ? quarter : most;
}

/* As many as there are processors to run on. */
static size_t default_jobs(void)
{
    cpu_set_t set;
    const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n < FF_MOST_JOBS ? (size_t)n : FF_MOST_JOBS;
}

/* What getopt stumbled over, in words. */
static enum ff_err explain(int id, char **argv, struct ff_fault *fault)
{
    const char *word = argv[optind - 1];
    if (id == ':')
        return ff_fault_set(fault, FF_ERR_USAGE, "%.80s takes a value", word);
    return ff_fault_set(fault, FF_ERR_USAGE, "%s has no option %.80s (see %s --help)",
                        argv[0], word, argv[0]);
}

/* A command line for getopt: the options that the command takes. An option's value in
 * it is its place in the table and 256, so that no letter is meant. */
struct line {
    int argc;
    char **argv;
    struct option longs[OPTIONS_MAX + 1];
    char letters[2 * OPTIONS_MAX];
};

static void set_line(struct line *line, enum ff_command command, int argc, char **argv)
{
    size_t n = 0, m = 0;
    *line = (struct line) { .argc = argc, .argv = argv };
    line->letters[m++] = ':';
    for (size_t i = 0; i < ff_option_count; i++) {
        const struct ff_option_info *info = &ff_option_infos[i];
        if (!(info->commands & command))
            continue;
        line->longs[n++] =
            (struct option) { info->name,
                              info->argument ? required_argument : no_argument, NULL,
                              (int)i + 256 };
        if (info->letter)
            line->letters[m++] = info->letter;
        if (info->letter && info->argument)
            line->letters[m++] = ':';
    }
}

/* The next option's place in the table; false at the end. */
static enum ff_err next_option(struct line *line, size_t *place, bool *is_end,
                               struct ff_fault *fault)
{
    opterr = 0;
    const int id =
        getopt_long(line->argc, line->argv, line->letters, line->longs, NULL);
    *is_end = id == -1;
    *place = id >= 256 ? (size_t)id - 256 : ff_option_count;
    for (size_t i = 0; id > 0 && id < 256 && i < ff_option_count; i++)
        if (ff_option_infos[i].letter == (char)id)
            *place = i;
    return *is_end || *place < ff_option_count ? FF_OK : explain(id, line->argv, fault);
}

/* Looks for --config and --help, and at which options are given at all. */
static enum ff_err look_ahead(struct line *line, struct ff_options *o, bool *is_given,
                              struct ff_fault *fault)
{
    bool is_end = false;
    size_t place;
    optind = 0; /* GNU getopt begins anew */
    for (;;) {
        FF_TRY(next_option(line, &place, &is_end, fault));
        if (is_end)
            return FF_OK;
        const struct ff_option_info *info = &ff_option_infos[place];
        is_given[place] = true;
        if (strcmp(info->name, "config") == 0)
            o->config = optarg;
        if (strcmp(info->name, "help") == 0)
            o->wants_help = true;
    }
}

enum ff_err ff_options_read(struct ff_options *o, enum ff_command command, int argc,
                            char **argv, struct ff_fault *fault)
{
    assert(ff_option_count <= OPTIONS_MAX);
    bool is_given[OPTIONS_MAX] = { false }, is_end = false;
    struct line line;
    size_t place;
    *o = (struct ff_options) { .grain = FF_DAY,
                               .zone = { .name = "UTC" },
                               .from = INT32_MIN,
                               .to = INT32_MAX,
                               .now = time(NULL),
                               .visit_timeout = 1800,
                               .grace = 600,
                               .lead = 3600,
                               .memory_bytes = default_memory(),
                               .jobs = default_jobs(),
                               .rows = 20 };
    ff_arena_init(&o->texts, 4096, TEXTS_BYTES);
    set_line(&line, command, argc, argv);
    FF_TRY(look_ahead(&line, o, is_given, fault));
    if (o->wants_help)
        return FF_OK;
    if (o->config)
        FF_TRY(ff_config_read(o, command, is_given, fault));
    optind = 0;
    for (;;) {
        FF_TRY(next_option(&line, &place, &is_end, fault));
        if (is_end)
            break;
        FF_TRY(ff_option_set(o, &ff_option_infos[place],
                             ff_option_infos[place].argument ? optarg : NULL, fault));
    }
    o->files = (const char *const *)argv + optind;
    o->n_files = (size_t)(argc - optind);
    if (o->from != INT32_MIN && o->to != INT32_MAX && o->from >= o->to)
        return ff_fault_set(fault, FF_ERR_USAGE, "--from is after --to");
    return check_floors(o, fault);
}

void ff_options_clear(struct ff_options *o)
{
    ff_arena_clear(&o->texts);
}

void ff_options_print(FILE *out, enum ff_command command)
{
    for (size_t i = 0; i < ff_option_count; i++) {
        const struct ff_option_info *info = &ff_option_infos[i];
        char name[48], letter[8] = "";
        if (!(info->commands & command))
            continue;
        if (info->letter)
            snprintf(letter, sizeof letter, "-%c, ", info->letter);
        snprintf(name, sizeof name, "%s--%s%s%s", letter, info->name,
                 info->argument ? " " : "", info->argument ? info->argument : "");
        fprintf(out, "  %-26s ", name);
        ff_paragraph(out, info->help, 29);
    }
}
