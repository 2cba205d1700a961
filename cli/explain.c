/* footfall explain: what each log is and how it was read, where every line went, and
 * how other tools would count the same. No line's text is shown. */
#include "explain.h"

#include <inttypes.h>

#include "paragraph.h"
#include "pipeline.h"
#include "zone_hint.h"

struct explained {
    const struct ff_options *options;
    struct ff_ingest *ingest;
    struct ff_reconciliation lines;
    struct ff_own_count own;
};

void ff_explain_title(const char *title)
{
    printf("%s\n", title);
    for (size_t i = 0; title[i]; i++)
        putchar('=');
    putchar('\n');
}

static void put_label(const char *label)
{
    printf("  %-12s ", label);
}

/* ---- the logs ---- */

static void put_format(const struct ff_input_stats *s)
{
    put_label("format");
    if (!s->format)
        puts(s->lines ? "none that is known" : "there are no lines to tell");
    else if (s->looked_at)
        printf("%s: %s of the first %s lines look like it (%s)\n", s->format,
               ff_figure(s->looks_right).text, ff_figure(s->looked_at).text,
               ff_figure_share(s->looks_right, s->looked_at).text);
    else
        printf("%s, as told\n", s->format);
}

static void put_rejects(const struct ff_input_stats *s)
{
    uint64_t malformed = 0;
    for (int i = 0; i < FF_REJECTS; i++)
        malformed += s->rejects[i];
    put_label("malformed");
    if (malformed == 0) {
        puts("none");
        return;
    }
    printf("%s (%s)\n", ff_figure(malformed).text,
           ff_figure_share(malformed, s->lines).text);
    for (int i = 0; i < FF_REJECTS; i++)
        if (s->rejects[i])
            printf("  %12s %s: %s\n", "", ff_figure(s->rejects[i]).text,
                   ff_reject_text((enum ff_reject)i));
    put_label("the first");
    printf("line %" PRIu64 ", column %" PRIu32 ": %s\n", s->first_reject_line,
           s->first_reject_column, ff_reject_text(s->first_reject));
}

static void put_moment(const struct ff_zone *zone, int64_t time)
{
    const int64_t local = time + ff_zone_east(zone, time);
    const int32_t day = ff_day_of_time(local);
    const int64_t second = local - (int64_t)day * FF_DAY_SECONDS;
    const struct ff_date d = ff_date_of_day(day);
    printf("%04d-%02u-%02u %02d:%02d:%02d", (int)d.year, d.month, d.day,
           (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void put_times(const struct ff_input_stats *s, const struct ff_zone *zone)
{
    put_label("times");
    if (!s->has_times) {
        puts("none");
        return;
    }
    put_moment(zone, s->first_time);
    fputs(" to ", stdout);
    put_moment(zone, s->last_time);
    printf(" (%s)\n", zone->name);
    uint64_t lines = 0;
    for (uint32_t i = 0; i < s->n_offsets; i++)
        lines += s->offsets[i].lines;
    put_label("written in");
    for (uint32_t i = 0; i < s->n_offsets; i++) {
        char offset[16];
        ff_zone_offset_print(s->offsets[i].east, offset);
        printf("%s%s", i ? ", " : "", offset);
        if (s->n_offsets > 1)
            printf(" (%s)", ff_figure_share(s->offsets[i].lines, lines).text);
    }
    putchar('\n');
}

static void put_input(const struct ff_input_stats *s, const struct ff_zone *zone)
{
    char path[1024];
    snprintf(path, sizeof path, "%s",
             strcmp(s->path, "-") == 0 ? "standard input" : s->path);
    ff_make_inert(path);
    ff_explain_title(path);
    put_label("compression");
    puts(s->compression ? s->compression : "none");
    put_format(s);
    put_label("lines");
    puts(ff_figure(s->lines).text);
    if (s->duplicates) {
        put_label("duplicate");
        printf("%s: another log has them too\n", ff_figure(s->duplicates).text);
    }
    put_rejects(s);
    put_times(s, zone);
    if (s->is_damaged) {
        char damage[sizeof s->damage];
        snprintf(damage, sizeof damage, "%s", s->damage);
        ff_make_inert(damage);
        put_label("damaged");
        ff_paragraph(stdout, damage, 15);
    }
    putchar('\n');
}

/* ---- all of them ---- */

static void put_class(const char *name, uint64_t n, uint64_t lines)
{
    if (name[0] != ' ' || n)
        printf("  %-24s %14s  %7s\n", name, ff_figure(n).text,
               ff_figure_share(n, lines).text);
}

static void put_reconciliation(const struct ff_reconciliation *r,
                               const struct ff_run_lines *run)
{
    static const char *const human_names[FF_HUMAN_CLASSES] = {
        "  page views", "  assets",    "  downloads",     "  parts of downloads",
        "  other",      "  redirects", "  client errors", "  server errors",
    };
    static const char *const robot_names[FF_ROBOTS] = { "", "  declared", "  AI",
                                                        "  scanners",
                                                        "  behave like one" };
    uint64_t human = 0, robots = 0;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        human += r->human[i];
    for (int i = 0; i < FF_ROBOTS; i++)
        robots += r->robots[i];
    const uint64_t malformed = r->malformed + run->malformed,
                   excluded = r->excluded + run->excluded,
                   blank = r->blank + run->blank,
                   lines = human + robots + malformed + excluded + blank +
                           run->duplicate + run->outside;
    ff_explain_title("Every line");
    put_class("lines", lines, lines);
    put_class("human", human, lines);
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        put_class(human_names[i], r->human[i], lines);
    put_class("robots", robots, lines);
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        put_class(robot_names[i], r->robots[i], lines);
    put_class("malformed", malformed, lines);
    put_class("duplicate", run->duplicate, lines);
    put_class("outside", run->outside, lines);
    put_class("excluded", excluded, lines);
    put_class("blank", blank, lines);
    putchar('\n');
}

static void put_notes(const struct explained *e)
{
    struct ff_zone_hint hint;
    char note[512];
    const struct ff_span host = ff_ingest_guessed_host(e->ingest);
    ff_explain_title("Notes");
    if (host.len) {
        snprintf(note, sizeof note,
                 "The site's own host is taken to be %.*s, the one that most assets "
                 "are referred from (--site or --own-host tell better).",
                 (int)host.len, host.data);
        fputs("  ", stdout);
        ff_paragraph(stdout, note, 2);
    }
    if (ff_zone_hint(e->ingest, e->options, &hint)) {
        snprintf(note, sizeof note, "Time zone: %s.", hint.text);
        fputs("  ", stdout);
        ff_paragraph(stdout, note, 2);
    }
    if (ff_ingest_is_one_network(e->ingest) && !e->options->client_from) {
        fputs("  ", stdout);
        ff_paragraph(stdout,
                     "Nearly all hits come from one network: behind a proxy the log "
                     "needs the client's own address (or X-Forwarded-For and "
                     "--client-from forwarded).",
                     2);
    }
    printf("  Rules version %d (footfall explain --rules prints them).\n",
           FF_RULES_VERSION);
}

/* ---- the run ---- */

static enum ff_err opened(void *context, struct ff_ingest *ingest,
                          struct ff_fault *fault)
{
    (void)fault;
    ((struct explained *)context)->ingest = ingest;
    return FF_OK;
}

static enum ff_err take(void *context, struct ff_rollup *rollup,
                        const struct ff_period_state *state, struct ff_fault *fault)
{
    struct explained *e = context;
    (void)state;
    (void)fault;
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        e->lines.human[i] += rollup->reconciliation.human[i];
    for (int i = 0; i < FF_ROBOTS; i++)
        e->lines.robots[i] += rollup->reconciliation.robots[i];
    e->lines.malformed += rollup->reconciliation.malformed;
    e->lines.excluded += rollup->reconciliation.excluded;
    e->lines.blank += rollup->reconciliation.blank;
    e->own.periods++;
    e->own.withheld += !rollup->has_totals;
    if (rollup->has_totals) {
        e->own.visitors += rollup->totals.visitors;
        e->own.visits += rollup->totals.visits;
    }
    ff_rollup_destroy(rollup);
    return FF_OK;
}

/* The logs are still open here, and what they said is known. */
static void last(void *context, const struct ff_run_lines *run)
{
    const struct explained *e = context;
    for (size_t i = 0; i < ff_ingest_inputs(e->ingest); i++)
        put_input(ff_ingest_input(e->ingest, i), &e->options->zone);
    put_reconciliation(&e->lines, run);
    ff_explain_peers(ff_ingest_peers(e->ingest), &e->own, e->options);
    put_notes(e);
}

/* ---- what needs no log ---- */

static enum ff_err print_rules(struct ff_fault *fault)
{
    printf("Rules version %d\n\n", FF_RULES_VERSION);
    ff_report_print_words(stdout);
    puts(
        "\nthresholds (visitors and networks that a row needs)\n"
        "  internal: 10 and 5 a day, 20 and 10 a week, 30 and 15 a month\n"
        "  search terms: twice that; totals: the visitors of a row; tables: five times "
        "those");
    return ff_ingest_print_rules(stdout, fault);
}

static void print_formats(void)
{
    const char *name, *about;
    for (size_t i = 0; ff_ingest_format(i, &name, &about); i++) {
        printf("  %-24s ", name);
        ff_paragraph(stdout, about, 27);
    }
}

enum ff_err ff_explain_command(const struct ff_options *options, enum ff_exit *exit,
                               struct ff_fault *fault)
{
    struct explained e = { .options = options };
    struct ff_pipeline_result result = { .needs_a_look = false };
    const struct ff_pipeline_sink sink = { .context = &e,
                                           .take = take,
                                           .opened = opened,
                                           .last = last,
                                           .counts_as_peers = true };
    if (options->wants_rules)
        return print_rules(fault);
    if (options->wants_formats) {
        print_formats();
        return FF_OK;
    }
    if (options->n_files == 0)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "explain takes log files, or - for standard input, or "
                            "--rules");
    FF_TRY(ff_pipeline(options, &sink, &result, fault));
    if (result.needs_a_look)
        *exit = FF_EXIT_LOOK;
    return FF_OK;
}
