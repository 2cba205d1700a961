/* The JSON contract (DESIGN 4, report.schema.json): every key is always there, in this
 * order, one row a line. A figure that is withheld is null, never 0. */
#include "renderers.h"

#include <assert.h>
#include <inttypes.h>

#include "inert.h"
#include "json_line.h"
#include "receipt.h"
#include "view.h"
#include "words.h"

static void add_text(struct ff_json_line *line, const char *text)
{
    ff_json_line_put(line, ff_span_of(text));
}

static void add_member(struct ff_json_line *line, const char *name, uint64_t n)
{
    add_text(line, "\"");
    add_text(line, name);
    add_text(line, "\": ");
    ff_json_line_number(line, n);
}

static void put_member(FILE *out, const char *name, uint64_t n)
{
    struct ff_json_line line;
    ff_json_line_begin(&line, out);
    add_member(&line, name, n);
    ff_json_line_end(&line);
}

static void put_date(FILE *out, const char *name, int32_t day)
{
    fprintf(out, "\"%s\": \"%s\"", name, ff_words_date(day).text);
}

static void put_head(FILE *out, const struct ff_view *view)
{
    fputs("{\n  \"footfall\": {\"version\": ", out);
    ff_inert_json(out, ff_span_of(view->version));
    fprintf(out, ", \"rules\": %" PRIu32 "},\n  \"site\": ", view->rules);
    ff_inert_json(out, view->site);
    fprintf(out, ",\n  \"profile\": \"%s\",\n", ff_profile_names[view->profile]);
    fprintf(out, "  \"k\": %" PRIu32 ",\n  \"kn\": %" PRIu32 ",\n", view->k, view->kn);
    fprintf(out, "  \"period\": \"%s\",\n  \"time_zone\": ", ff_view_grain_name(view));
    ff_inert_json(out, view->zone);
    fputs(",\n  ", out);
    put_date(out, "from", view->from);
    fputs(",\n  ", out);
    put_date(out, "to", view->end - 1);
    fprintf(out, ",\n  \"provisional\": %s,\n",
            view->is_provisional ? "true" : "false");
}

static void put_reconciliation(FILE *out, const struct ff_view *view)
{
    const struct ff_reconciliation *sums = &view->sums;
    const struct {
        const char *name;
        uint64_t lines;
    } classes[] = {
        { "lines", view->lines },
        { "human", view->human },
        { "robots", view->robots },
        { "malformed", sums->malformed },
        { "duplicate", view->run.duplicate },
        { "outside", view->run.outside },
        { "excluded", sums->excluded },
        { "blank", sums->blank },
    };
    fputs("  \"reconciliation\": {\n", out);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        fputs("    ", out);
        put_member(out, classes[i].name, classes[i].lines);
        fputs(",\n", out);
    }
    fputs("    \"human_by_kind\": {", out);
    for (int i = 0; i < FF_HUMAN_CLASSES; i++) {
        fputs(i ? ", " : "", out);
        put_member(out, ff_human_class_names[i], sums->human[i]);
    }
    fputs("},\n    \"robots_by_class\": {", out);
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++) {
        fputs(i > FF_HUMAN + 1 ? ", " : "", out);
        put_member(out, ff_robot_names[i], sums->robots[i]);
    }
    fputs("}\n  },\n", out);
}

/* The totals' members, without braces. */
static void put_totals(FILE *out, const struct ff_view_totals *totals)
{
    const struct ff_totals *sums = &totals->sums;
    const struct {
        const char *name;
        uint64_t n;
    } members[] = {
        { "visitors", sums->visitors },     { "visits", sums->visits },
        { "page_views", sums->page_views }, { "bounces", sums->bounces },
        { "downloads", sums->downloads },   { "site_searches", sums->site_searches },
        { "bytes", sums->bytes },
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        fputs(i ? ", " : "", out);
        if (totals->is_known)
            put_member(out, members[i].name, members[i].n);
        else
            fprintf(out, "\"%s\": null", members[i].name);
    }
    fputs(", \"median_visit_seconds\": ", out);
    if (totals->is_known && totals->has_median)
        fprintf(out, "%" PRIu64, totals->median_seconds);
    else
        fputs("null", out);
    uint64_t hundredths;
    const bool has_pages = ff_view_pages_per_visit(totals, &hundredths);
    fprintf(out, ", \"pages_per_visit\": %s",
            has_pages ? ff_words_hundredths(hundredths).text : "null");
}

/* The totals of a span; null if it has none, and without one. */
static void put_sums(FILE *out, const struct ff_view_totals *totals)
{
    fputs("\"totals\": ", out);
    if (!totals || !totals->is_known) {
        fputs("null", out);
        return;
    }
    putc('{', out);
    put_totals(out, totals);
    putc('}', out);
}

static void put_days(FILE *out, const struct ff_view *view)
{
    fputs("  ", out);
    put_sums(out, &view->totals);
    fputs(",\n  \"days\": [\n", out);
    for (size_t i = 0; i < view->n_days; i++) {
        fputs("    {", out);
        put_date(out, "date", view->days[i].start);
        fputs(", ", out);
        put_totals(out, &view->days[i].totals);
        fputs(i + 1 < view->n_days ? "},\n" : "}\n", out);
    }
    fputs("  ],\n", out);
}

/* A string, or an array of strings; a robot's operator and purpose stand beside it. */
static void add_key(struct ff_json_line *line, const struct ff_table_info *info,
                    const struct ff_span *key)
{
    const bool is_robot = info == &ff_table_infos[FF_AI_CRAWLERS];
    const unsigned n = is_robot ? 1 : info->key_parts;
    add_text(line, n > 1 ? "\"key\": [" : "\"key\": ");
    for (unsigned i = 0; i < n; i++) {
        add_text(line, i ? ", " : "");
        ff_json_line_string(line, key[i]);
    }
    add_text(line, n > 1 ? "]" : "");
    for (unsigned i = 1; is_robot && i < info->key_parts; i++) {
        add_text(line, ", \"");
        add_text(line, info->key_names[i]);
        add_text(line, "\": ");
        ff_json_line_string(line, key[i]);
    }
}

static void add_row(struct ff_json_line *line, const struct ff_table_info *info,
                    const struct ff_view_row *row)
{
    add_text(line, "{");
    add_key(line, info, row->key);
    for (unsigned i = 0; i < info->n_measures; i++) {
        add_text(line, ", ");
        add_member(line, info->measures[i], row->measures[i]);
    }
    add_text(line, ", ");
    add_member(line, "periods", row->periods);
    add_text(line, "}");
}

static void put_sum(FILE *out, const struct ff_view_table *table, const char *name,
                    uint64_t sum)
{
    fprintf(out, "\"%s\": ", name);
    if (table->is_present) {
        putc('{', out);
        put_member(out, table->info->measures[0], sum);
        putc('}', out);
    } else {
        fputs("null", out);
    }
}

/* A new line, so many steps inside. */
static struct ff_span break_at(int depth)
{
    static const char text[] = "\n                ";
    assert(2 * (size_t)depth + 1 < sizeof text);
    return (struct ff_span) { text, 2 * (size_t)depth + 1 };
}

static void put_break(FILE *out, int depth)
{
    const struct ff_span text = break_at(depth);
    fwrite(text.data, 1, text.len, out);
}

static void put_rows(FILE *out, const struct ff_view_table *table, int depth)
{
    struct ff_json_line line;
    ff_json_line_begin(&line, out);
    for (size_t i = 0; i < table->n_rows; i++) {
        add_text(&line, i ? "," : "");
        ff_json_line_put(&line, break_at(depth));
        add_row(&line, table->info, &table->rows[i]);
    }
    ff_json_line_end(&line);
}

static void put_table(FILE *out, const struct ff_view_table *table, int depth)
{
    fprintf(out, "\"%s\": {", table->info->name);
    put_break(out, depth + 1);
    fputs("\"rows\": [", out);
    put_rows(out, table, depth + 2);
    if (table->n_rows)
        put_break(out, depth + 1);
    fputs("],", out);
    put_break(out, depth + 1);
    put_sum(out, table, "other", table->other);
    putc(',', out);
    put_break(out, depth + 1);
    put_sum(out, table, "total", table->total);
    put_break(out, depth);
    putc('}', out);
}

/* Those of the view; without one, the tables of nothing. */
static void put_tables(FILE *out, const struct ff_view *view,
                       const struct ff_view *shape, int depth)
{
    fputs("\"tables\": {", out);
    for (int i = 0; i < FF_VIEW_TABLES; i++) {
        const int id = ff_view_order[i];
        const struct ff_view_table none = { .info = shape->tables[id].info };
        fputs(i ? "," : "", out);
        put_break(out, depth + 1);
        put_table(out, view ? &view->tables[id] : &none, depth + 1);
    }
    put_break(out, depth);
    putc('}', out);
}

static void put_comparison(FILE *out, const struct ff_view *view)
{
    const struct ff_view_other *other = &view->other;
    fputs("  \"comparison\": ", out);
    if (!other->is_asked) {
        fputs("null", out);
        return;
    }
    fputs("{\n    ", out);
    put_date(out, "from", other->days.from);
    fputs(",\n    ", out);
    put_date(out, "to", other->days.end - 1);
    fputs(",\n    ", out);
    put_member(out, "periods", other->view ? other->view->n_days : 0);
    fputs(",\n    ", out);
    put_sums(out, other->view ? &other->view->totals : NULL);
    fputs(",\n    ", out);
    put_tables(out, other->view, view, 2);
    fputs("\n  }", out);
}

struct member {
    const char *name;
    uint64_t n;
};

static void put_object(FILE *out, const char *name, const struct member *members,
                       size_t n)
{
    fprintf(out, "    \"%s\": {", name);
    for (size_t i = 0; i < n; i++) {
        fputs(i ? ", " : "", out);
        put_member(out, members[i].name, members[i].n);
    }
    fputs("},\n", out);
}

static void put_page_shares(FILE *out, const struct ff_page_shares *shares)
{
    const struct member places[] = {
        { "named", shares->named },
        { "sections", shares->sections },
        { "other", shares->other },
        { "withheld", shares->withheld },
    };
    put_object(out, "page_views", places, sizeof places / sizeof *places);
}

/* What the periods of a report are, as far as it bears on what they show. */
static void put_periods(FILE *out, const struct ff_view *view)
{
    const struct member kinds[] = {
        { "all", view->n_days },
        { "without_totals", view->n_unknown_days },
        { "without_tables", view->n_unknown_days + view->n_bare_days },
        { "partial", view->n_partial_days },
        { "capped", view->n_capped_days },
    };
    put_object(out, "periods", kinds, sizeof kinds / sizeof *kinds);
}

static void put_thresholds(FILE *out, const struct ff_view *view)
{
    const struct ff_receipt r = ff_receipt_of(view);
    const struct member rows[] = { { "visitors", r.k }, { "networks", r.kn } };
    const struct member terms[] = { { "visitors", r.search_k },
                                    { "networks", r.search_kn } };
    put_object(out, "rows", rows, 2);
    put_object(out, "search_terms", terms, 2);
    put_object(out, "totals", &(struct member) { "visitors", r.totals_k }, 1);
    put_object(out, "tables", &(struct member) { "visitors", r.tables_k }, 1);
    fprintf(out, "    \"rounding\": %" PRIu32 ",\n", r.rounding);
    fprintf(out, "    \"key_life\": \"%s\",\n", ff_view_grain_name(view));
    put_page_shares(out, &r.page_views);
}

static void put_facts(FILE *out, const struct ff_view *view, enum ff_receipt_list list)
{
    const struct ff_receipt_fact *fact;
    size_t at = 0;
    bool has_begun = false;
    fprintf(out, "    \"%s\": [", ff_receipt_list_names[list]);
    while ((fact = ff_receipt_next(list, view->profile, &at))) {
        fprintf(out, "%s\"%s\"", has_begun ? ", " : "", fact->name);
        has_begun = true;
    }
    fputs("],\n", out);
}

static void put_sentences(FILE *out, const struct ff_view *view)
{
    struct ff_receipt_line line;
    bool has_begun = false;
    fputs("    \"sentences\": [", out);
    for (unsigned i = 0; ff_receipt_line(view, i, &line); i++) {
        if (!line.about || !line.sentence.text[0])
            continue;
        fprintf(out, "%s\n      {\"about\": \"%s\", \"text\": ", has_begun ? "," : "",
                line.about);
        ff_inert_json(out, ff_span_of(line.sentence.text));
        putc('}', out);
        has_begun = true;
    }
    fputs("\n    ]\n", out);
}

static void put_privacy(FILE *out, const struct ff_view *view)
{
    fprintf(out, "  \"privacy\": {\n    \"profile\": \"%s\",\n",
            ff_profile_names[view->profile]);
    put_thresholds(out, view);
    put_periods(out, view);
    for (int list = 0; list < FF_RECEIPT_LISTS; list++)
        put_facts(out, view, (enum ff_receipt_list)list);
    put_sentences(out, view);
    fputs("  },\n", out);
}

enum ff_err ff_render_json(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    (void)settings; /* JSON is always whole */
    put_head(out, view);
    put_privacy(out, view);
    put_reconciliation(out, view);
    put_days(out, view);
    fputs("  ", out);
    put_tables(out, view, view, 1);
    fputs(",\n", out);
    put_comparison(out, view);
    fputs("\n}\n", out);
    return ff_words_written(out, fault);
}
