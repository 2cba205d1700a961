#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "zone_file.h"

enum option_id {
    OUTPUT = 'o',
    HELP = 'h',
    FORMAT = 256, /* and on: no letter */
    SITE,
    OWN_HOST,
    CLIENT_FROM,
    EXCLUDE_NET,
    EXCLUDE_PATH,
    EXCLUDE_AGENT,
    PERIOD,
    TZ,
    FROM,
    TO,
    GEO,
    VISIT_TIMEOUT,
    MEMORY,
    ROWS,
    STORE,
    NOW,
    PROGRESS,
};

struct option_info {
    enum option_id id;
    const char *name; /* without its dashes; NULL: a letter only */
    const char *argument;
    unsigned commands;
    const char *help;
};

/* clang-format off */
static const struct option_info infos[] = {
    { OUTPUT, "output", "FILE", FF_RUN | FF_REPORT,
      "write a report; its ending picks the form: .html .json .csv .txt, or .cbor for the rollups; - is JSON on stdout; may be given several times" },
    { STORE, "store", "DIR", FF_ROLLUP | FF_REPORT,
      "the folder of rollups" },
    { FORMAT, "format", "NAME", FF_RUN | FF_ROLLUP,
      "auto (default), common, combined, combined_language or vhost_combined" },
    { SITE, "site", "NAME", FF_RUN | FF_ROLLUP | FF_REPORT,
      "name of the site; where lines carry a virtual host, other hosts' lines are excluded" },
    { OWN_HOST, "own-host", "HOST", FF_RUN | FF_ROLLUP,
      "another host name of the site (default: the host that assets are referred from); may be given several times" },
    { CLIENT_FROM, "client-from", "FIELD", FF_RUN | FF_ROLLUP,
      "behind a proxy: \"forwarded\" takes the address from X-Forwarded-For where it is logged" },
    { EXCLUDE_NET, "exclude-net", "NET", FF_RUN | FF_ROLLUP,
      "leave out this network or address, such as 192.0.2.0/24 (the office); may be given several times" },
    { EXCLUDE_PATH, "exclude-path", "GLOB", FF_RUN | FF_ROLLUP,
      "leave out requests for paths such as /status*; may be given several times" },
    { EXCLUDE_AGENT, "exclude-agent", "TEXT", FF_RUN | FF_ROLLUP,
      "leave out agents that hold this text (the monitor); may be given several times" },
    { PERIOD, "period", "day|week|month", FF_RUN | FF_ROLLUP,
      "what visitors are counted in, and how long a key lives (day)" },
    { TZ, "tz", "ZONE", FF_RUN | FF_ROLLUP,
      "time zone of days and hours, such as Europe/Berlin (UTC)" },
    { FROM, "from", "DAY", FF_RUN | FF_REPORT,
      "first day, such as 2026-03-02" },
    { TO, "to", "DAY", FF_RUN | FF_REPORT,
      "last day" },
    { GEO, "geo", "FILE.mmdb", FF_RUN | FF_ROLLUP,
      "country database (default: the one installed; none: no countries)" },
    { VISIT_TIMEOUT, "visit-timeout", "SECONDS", FF_RUN | FF_ROLLUP,
      "a visit ends after so long without a hit (1800)" },
    { MEMORY, "memory", "SIZE", FF_RUN | FF_ROLLUP,
      "most memory for one period's counts, such as 512M (a quarter of the machine, at most 1G)" },
    { ROWS, "rows", "N", FF_RUN | FF_REPORT,
      "most rows of a table in text and HTML (20); JSON, CSV and CBOR are always whole" },
    { NOW, "now", "TIME", FF_RUN | FF_ROLLUP,
      "stands in for the clock, such as 2026-03-03T00:15:00Z" },
    { PROGRESS, "progress", NULL, FF_RUN | FF_ROLLUP,
      "show progress even if stderr is no terminal" },
    { HELP, "help", NULL, FF_RUN | FF_ROLLUP | FF_REPORT | FF_INSPECT,
      "this help" },
};
/* clang-format on */
#define N_INFOS (sizeof infos / sizeof *infos)

static enum ff_err bad(struct ff_fault *fault, const struct option_info *info,
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

static bool day(const char *text, int32_t *out)
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

static enum ff_err add(const char **list, size_t *n, const char *value,
                       const struct option_info *info, struct ff_fault *fault)
{
    if (*n == FF_OPTIONS_MOST)
        return ff_fault_set(fault, FF_ERR_USAGE, "--%s is given more than %d times",
                            info->name, FF_OPTIONS_MOST);
    list[(*n)++] = value;
    return FF_OK;
}

static enum ff_err set_grain(struct ff_options *o, const struct option_info *info,
                             const char *value, struct ff_fault *fault)
{
    static const char *const names[] = { "day", "week", "month" };
    for (int i = 0; i < 3; i++) {
        if (strcmp(value, names[i]) == 0) {
            o->grain = (enum ff_grain)i;
            return FF_OK;
        }
    }
    return bad(fault, info, value, "day, week or month");
}

static enum ff_err set_memory(struct ff_options *o, const struct option_info *info,
                              const char *value, struct ff_fault *fault)
{
    const size_t least = (size_t)16 << 20;
    if (!size(value, &o->memory_bytes) || o->memory_bytes < least)
        return bad(fault, info, value, "a size of 16M or more");
    return FF_OK;
}

static enum ff_err set_number(const struct option_info *info, const char *value,
                              uint64_t most, uint64_t *out, struct ff_fault *fault)
{
    char takes[64];
    if (number(value, most, out) && *out > 0)
        return FF_OK;
    snprintf(takes, sizeof takes, "a number from 1 to %llu", (unsigned long long)most);
    return bad(fault, info, value, takes);
}

static enum ff_err set(struct ff_options *o, const struct option_info *info,
                       const char *value, struct ff_fault *fault)
{
    const char *const a_day = "a day such as 2026-03-02";
    uint64_t n = 0;
    switch (info->id) {
    case OUTPUT:
        return add(o->outputs, &o->n_outputs, value, info, fault);
    case OWN_HOST:
        return add(o->own_hosts, &o->n_own_hosts, value, info, fault);
    case EXCLUDE_NET:
        return add(o->exclude_nets, &o->n_exclude_nets, value, info, fault);
    case EXCLUDE_PATH:
        return add(o->exclude_paths, &o->n_exclude_paths, value, info, fault);
    case EXCLUDE_AGENT:
        return add(o->exclude_agents, &o->n_exclude_agents, value, info, fault);
    case CLIENT_FROM:
        o->client_from = value;
        return FF_OK;
    case FORMAT:
        o->format = value;
        return FF_OK;
    case SITE:
        o->site = value;
        return FF_OK;
    case GEO:
        o->geo = value;
        return FF_OK;
    case STORE:
        o->store = value;
        return FF_OK;
    case PERIOD:
        return set_grain(o, info, value, fault);
    case TZ:
        return ff_zone_load(&o->zone, value, fault);
    case FROM:
        return day(value, &o->from) ? FF_OK : bad(fault, info, value, a_day);
    case TO:
        if (!day(value, &o->to))
            return bad(fault, info, value, a_day);
        o->to++;
        return FF_OK;
    case NOW:
        return moment(value, &o->now)
                   ? FF_OK
                   : bad(fault, info, value, "a time such as 2026-03-03T00:15:00Z");
    case VISIT_TIMEOUT:
        FF_TRY(set_number(info, value, FF_DAY_SECONDS, &n, fault));
        o->visit_timeout = (uint32_t)n;
        return FF_OK;
    case ROWS:
        FF_TRY(set_number(info, value, 1000000, &n, fault));
        o->rows = (size_t)n;
        return FF_OK;
    case MEMORY:
        return set_memory(o, info, value, fault);
    case PROGRESS:
        o->wants_progress = true;
        return FF_OK;
    case HELP:
        o->wants_help = true;
        return FF_OK;
    }
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

static const struct option_info *info_of(int id)
{
    for (size_t i = 0; i < N_INFOS; i++)
        if ((int)infos[i].id == id)
            return &infos[i];
    return NULL;
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

enum ff_err ff_options_read(struct ff_options *o, enum ff_command command, int argc,
                            char **argv, struct ff_fault *fault)
{
    struct option longs[N_INFOS + 1] = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < N_INFOS; i++)
        if (infos[i].commands & command)
            longs[n++] =
                (struct option) { infos[i].name,
                                  infos[i].argument ? required_argument : no_argument,
                                  NULL, (int)infos[i].id };
    *o = (struct ff_options) { .grain = FF_DAY,
                               .zone = { .name = "UTC" },
                               .from = INT32_MIN,
                               .to = INT32_MAX,
                               .now = time(NULL),
                               .visit_timeout = 1800,
                               .memory_bytes = default_memory(),
                               .rows = 20 };
    const bool has_output = (FF_RUN | FF_REPORT) & command;
    opterr = 0;
    optind = 1;
    int id;
    while ((id = getopt_long(argc, argv, has_output ? ":o:h" : ":h", longs, NULL)) !=
           -1) {
        const struct option_info *info = info_of(id);
        if (!info)
            return explain(id, argv, fault);
        FF_TRY(set(o, info, optarg, fault));
    }
    o->files = (const char *const *)argv + optind;
    o->n_files = (size_t)(argc - optind);
    if (o->from != INT32_MIN && o->to != INT32_MAX && o->from >= o->to)
        return ff_fault_set(fault, FF_ERR_USAGE, "--from is after --to");
    return FF_OK;
}

/* Folds the help text behind the option's name at 80 columns. */
static void print_help(FILE *out, const char *text, int column)
{
    int at = column;
    while (*text) {
        const int len = (int)strcspn(text, " ");
        if (at > column && at + 1 + len > 79) {
            fprintf(out, "\n%*s", column, "");
            at = column;
        }
        at += fprintf(out, "%s%.*s", at > column ? " " : "", len, text);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void ff_options_print(FILE *out, enum ff_command command)
{
    for (size_t i = 0; i < N_INFOS; i++) {
        char name[48];
        if (!(infos[i].commands & command))
            continue;
        const char *letter = infos[i].id == OUTPUT ? "-o, "
                             : infos[i].id == HELP ? "-h, "
                                                   : "";
        snprintf(name, sizeof name, "%s--%s%s%s", letter, infos[i].name,
                 infos[i].argument ? " " : "",
                 infos[i].argument ? infos[i].argument : "");
        fprintf(out, "  %-26s ", name);
        print_help(out, infos[i].help, 29);
    }
}
