/* The parts of the page. Private to report. */
#ifndef FOOTFALL_HTML_H
#define FOOTFALL_HTML_H

#include "view.h"

/* The page's one style block, and its digest as a source of a Content-Security-Policy
 * ("sha256-" and base64 of the bytes between the tags). A test holds them together. */
extern const char ff_html_style[];
extern const char ff_html_style_digest[];

/* Our own words, ASCII; escaped all the same. */
void ff_html_words(FILE *out, const char *words);

/* A card with the table: at most settings->rows rows, how many more, other and total.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_html_table(FILE *out, const struct ff_view *view,
                                      const struct ff_view_table *table,
                                      const struct ff_render_settings *settings,
                                      struct ff_fault *fault);

/* A bar behind the text of its cell: `part` of `whole`. */
void ff_html_bar(FILE *out, uint64_t part, uint64_t whole);

/* Visits and page views over the days as a drawing, and the same as a table beside it.
 * FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_html_chart(FILE *out, const struct ff_view *view,
                                      struct ff_fault *fault);

#endif
