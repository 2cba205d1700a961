/* The page: one file that asks for nothing, runs nothing and links to nowhere. Its
 * Content-Security-Policy allows the one style block, by its digest, and no more: if a
 * key ever got through unescaped, the browser would still refuse to run or load it. */
#include "renderers.h"

#include "change.h"
#include "comparison.h"
#include "html.h"
#include "inert.h"
#include "outline.h"
#include "receipt.h"
#include "view.h"
#include "words.h"

static void put_span(FILE *out, const struct ff_view *view)
{
    fputs(ff_words_date(view->from).text, out);
    if (view->end - 1 > view->from)
        fprintf(out, " to %s", ff_words_date(view->end - 1).text);
}

static void put_head(FILE *out, const struct ff_view *view)
{
    fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src '%s'; img-src 'none'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>",
        ff_html_style_digest);
    ff_inert_html(out, view->site);
    fputs(", ", out);
    put_span(out, view);
    fprintf(out, "</title>\n<style>%s</style>\n</head>\n", ff_html_style);
}

static bool has_tables(const struct ff_view *view, const struct ff_section *section)
{
    for (size_t i = 0; i < section->n; i++)
        if (ff_outline_shows(view, &view->tables[section->tables[i]]))
            return true;
    return false;
}

static void put_nav(FILE *out, const struct ff_view *view)
{
    fputs("<nav aria-label=\"Sections\"><ul>\n", out);
    for (size_t i = 0; i < FF_SECTIONS; i++)
        if (has_tables(view, &ff_sections[i]))
            fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", ff_sections[i].anchor,
                    ff_sections[i].title);
    fputs("<li><a href=\"#lines\">Every line</a></li>\n"
          "<li><a href=\"#words\">Words and privacy</a></li>\n</ul></nav>\n",
          out);
}

/* Said aloud where the two spans are not alike. */
static void put_comparison(FILE *out, const struct ff_view *view)
{
    struct ff_sentence sentence;
    if (!ff_comparison_sentence(view, &sentence))
        return;
    const struct ff_view *other = view->other.view;
    const bool is_alike = other && other->n_days == view->other.n_periods &&
                          other->n_days == view->n_days;
    fprintf(out, "<p class=\"%s\">", is_alike ? "span" : "note");
    ff_html_words(out, sentence.text);
    fputs("</p>\n", out);
}

static void put_header(FILE *out, const struct ff_view *view)
{
    fputs("<body>\n<a class=\"skip\" href=\"#main\">To the figures</a>\n<header>\n"
          "<h1><bdi>",
          out);
    ff_inert_html(out, view->site);
    fputs("</bdi></h1>\n<p class=\"span\">", out);
    put_span(out, view);
    fputs(" (", out);
    ff_inert_html(out, view->zone);
    fprintf(out, "), by the %s, profile %s</p>\n", ff_view_grain_name(view),
            ff_profile_names[view->profile]);
    put_comparison(out, view);
    if (view->is_provisional)
        fputs("<p class=\"note\">Provisional: not every period in this report is "
              "whole.</p>\n",
              out);
    put_nav(out, view);
    fputs("</header>\n<main id=\"main\">\n", out);
}

static void put_change(FILE *out, const struct ff_headline_change *change)
{
    fputs("<dd>", out);
    ff_html_words(out, change->change.text);
    fputs(" against ", out);
    ff_html_words(out, change->other.text);
    fputs("</dd>", out);
}

static void put_tiles(FILE *out, const struct ff_view *view)
{
    struct ff_headline all[FF_HEADLINES];
    struct ff_headline_change changes[FF_HEADLINES];
    const bool is_compared = ff_comparison_is_there(view);
    if (is_compared)
        ff_change_of_headlines(view, changes);
    const size_t n = ff_outline_headlines(view, all);
    if (n == 0) {
        fprintf(out, "<p class=\"note\">No totals: %s.</p>\n",
                ff_words_absent(view).text);
        return;
    }
    fputs("<dl class=\"tiles\">\n", out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "<div><dt>%s</dt><dd>%s</dd>", all[i].label.text,
                all[i].figure.text);
        if (all[i].remark.text[0])
            fprintf(out, "<dd>%s</dd>", all[i].remark.text);
        if (is_compared)
            put_change(out, &changes[i]);
        fputs("</div>\n", out);
    }
    fputs("</dl>\n", out);
}

static enum ff_err put_sections(FILE *out, const struct ff_view *view,
                                const struct ff_render_settings *settings,
                                struct ff_fault *fault)
{
    for (size_t i = 0; i < FF_SECTIONS; i++) {
        const struct ff_section *section = &ff_sections[i];
        if (!has_tables(view, section))
            continue;
        fprintf(out,
                "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n"
                "<div class=\"cards\">\n",
                section->anchor, section->anchor, section->title);
        for (size_t j = 0; j < section->n; j++) {
            const struct ff_view_table *table = &view->tables[section->tables[j]];
            if (ff_outline_shows(view, table))
                FF_TRY(ff_html_table(out, view, table, settings, fault));
        }
        fputs("</div></section>\n", out);
    }
    return FF_OK;
}

/* The titles of the tables that have nothing to show, as one paragraph. */
static void put_unshown(FILE *out, const struct ff_view *view, bool is_withheld,
                        const char *why)
{
    bool has_begun = false;
    for (int i = 0; i < FF_VIEW_TABLES; i++) {
        const struct ff_view_table *table = &view->tables[ff_view_order[i]];
        if (!ff_outline_lists(view, table, is_withheld))
            continue;
        fprintf(out, "%s%s", has_begun ? ", " : "<p class=\"soft\">",
                has_begun ? "" : why);
        ff_html_words(out, table->info->title);
        has_begun = true;
    }
    if (has_begun)
        fputs(".</p>\n", out);
}

static void put_lines(FILE *out, const struct ff_view *view)
{
    struct ff_line_class classes[FF_LINE_CLASSES];
    ff_outline_lines(view, classes);
    fputs("<section aria-labelledby=\"lines\"><h2 id=\"lines\">Every line accounted "
          "for</h2>\n<div class=\"cards\"><div class=\"card\"><table><thead><tr>"
          "<th scope=\"col\">class</th><th scope=\"col\">lines</th></tr></thead>\n"
          "<tbody>\n",
          out);
    for (size_t i = 0; i < FF_LINE_CLASSES; i++) {
        const struct ff_line_class *line = &classes[i];
        fputs(line->is_part ? "<tr class=\"sub\"><th scope=\"row\">"
                            : "<tr><th scope=\"row\">",
              out);
        ff_html_bar(out, line->lines, view->lines);
        fprintf(out, "<bdi>%s", line->label);
        if (line->meaning[0])
            fprintf(out, " <span class=\"soft\">%s</span>", line->meaning);
        fprintf(out, "</bdi></th><td>%s</td></tr>\n", ff_words_count(line->lines).text);
    }
    fprintf(out,
            "</tbody>\n<tfoot><tr><th scope=\"row\">lines</th><td>%s</td></tr></tfoot>"
            "</table></div>\n",
            ff_words_count(view->lines).text);
}

static void put_receipt(FILE *out, const struct ff_view *view)
{
    struct ff_receipt_line line;
    const char *label = "";
    fputs("<div class=\"card text\"><h2 id=\"privacy\">Privacy receipt</h2>\n"
          "<dl class=\"defs\">\n",
          out);
    for (unsigned i = 0; ff_receipt_line(view, i, &line); i++) {
        if (!line.sentence.text[0])
            continue;
        if (strcmp(label, line.label) != 0)
            fprintf(out, "<dt>%s</dt>\n", line.label);
        label = line.label;
        fputs("<dd>", out);
        ff_html_words(out, line.sentence.text);
        fputs("</dd>\n", out);
    }
    fputs("</dl>\n", out);
    put_unshown(out, view, false, "Nothing to show in: ");
    char why[96];
    snprintf(why, sizeof why, "Withheld (%s): ", ff_words_absent(view).text);
    put_unshown(out, view, true, why);
    fputs("</div></div></section>\n", out);
}

static void put_definitions(FILE *out)
{
    fputs("<section aria-labelledby=\"words\"><h2 id=\"words\">What the words "
          "mean</h2>\n<div class=\"card\"><dl class=\"defs\">\n",
          out);
    for (size_t i = 0; i < FF_DEFINITIONS; i++)
        fprintf(out, "<dt>%s</dt><dd>%s</dd>\n", ff_definitions[i].word,
                ff_definitions[i].meaning);
    fputs("</dl></div></section>\n</main>\n", out);
}

static void put_footer(FILE *out, const struct ff_view *view)
{
    fputs("<footer>footfall ", out);
    ff_html_words(out, view->version);
    fprintf(
        out,
        ", rules version %lu, profile %s, k %lu, kn %lu. This page loads nothing and "
        "holds no script.</footer>\n</body>\n</html>\n",
        (unsigned long)view->rules, ff_profile_names[view->profile],
        (unsigned long)view->k, (unsigned long)view->kn);
}

enum ff_err ff_render_html(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    put_head(out, view);
    put_header(out, view);
    put_tiles(out, view);
    FF_TRY(ff_html_chart(out, view, fault));
    FF_TRY(put_sections(out, view, settings, fault));
    put_lines(out, view);
    put_receipt(out, view);
    put_definitions(out);
    put_footer(out, view);
    return ff_words_written(out, fault);
}
