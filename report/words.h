/* Numbers, dates and labels as people read them; shared by the text and the page. No
 * locale is asked: the same rollups give the same bytes on every machine. */
#ifndef FOOTFALL_WORDS_H
#define FOOTFALL_WORDS_H

#include "footfall/text.h"
#include "view.h"

struct ff_words ff_words_seconds(uint64_t seconds); /* 1 min 20 s */
struct ff_words ff_words_hundredths(uint64_t n);    /* 2.91 */

/* "page_views" as "page views", "visitors" as what they are in this view: visitors of
 * one period, else "visitor-days" and so on, since nobody is known from day to day. */
struct ff_words ff_words_measure(const struct ff_view *view, const char *name);

/* What a table's missing rows are owed to, as the end of a sentence. */
struct ff_words ff_words_absent(const struct ff_view *view);

/* Rows of a table in the order that people look for: fixed buckets, hours and weekdays
 * in their own order, all else as in the view. `order` has room for n_rows. */
void ff_words_order(const struct ff_view_table *table, size_t *order);

/* Whether the table's keys have an order of their own; these are at most 24 rows, never
 * cut to the settings' rows, since an hour left out would be read as an hour of rest.
 */
bool ff_words_is_ordinal(const struct ff_view_table *table);

/* FF_ERR_IO when something could not be written to `out`. */
FF_MUST_USE enum ff_err ff_words_written(FILE *out, struct ff_fault *fault);

#endif
