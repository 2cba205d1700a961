/* How figures changed from the other span to this one, as words. It is said of figures
 * that both spans show, and of nothing else. The view must have one:
 * ff_comparison_is_there. Private to report. */
#ifndef FOOTFALL_CHANGE_H
#define FOOTFALL_CHANGE_H

#include "outline.h"

/* Behind a difference that is no percentage; alone where there is none. */
#define FF_CHANGE_MARK "~"

/* "+12.5 %", ">+999 %", or "new" from 0. */
struct ff_words ff_change_percent(uint64_t now, uint64_t other);

/* The changes that a reader sees in columns: in percent where both figures are whole;
 * where one is "at least" the difference, with a mark ("+1,204 ~"), since its
 * percentage would be of something that nobody counted; the mark alone where there is
 * nothing to subtract. */
struct ff_words ff_change_of_row(const struct ff_view *view,
                                 const struct ff_view_table *table,
                                 const struct ff_view_row *row);
struct ff_words ff_change_of_total(const struct ff_view *view,
                                   const struct ff_view_table *table);

/* What a headline reads in the other span, and its change from there. */
struct ff_headline_change {
    struct ff_words other, change;
};

/* One for each of ff_outline_headlines. */
void ff_change_of_headlines(const struct ff_view *view,
                            struct ff_headline_change changes[FF_HEADLINES]);

#endif
