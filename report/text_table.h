/* One table of the text report. Private to report. */
#ifndef FOOTFALL_TEXT_TABLE_H
#define FOOTFALL_TEXT_TABLE_H

#include "view.h"

/* Looks of a text on a terminal; none where the settings have no colour. */
enum ff_look {
    FF_LOOK_PLAIN,
    FF_LOOK_HEADING,
    FF_LOOK_BAR,
    FF_LOOK_FAINT,
    FF_LOOK_WARNING
};
void ff_text_look(FILE *out, const struct ff_render_settings *settings,
                  enum ff_look look);

/* A bar of `#` for n of `most` in at most `columns`; at least one for what is not 0. */
void ff_text_bar(FILE *out, uint64_t n, uint64_t most, size_t columns);

/* The table's title and columns, at most settings->rows rows and how many more there
 * are, other and total. Within settings->columns. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_text_table(FILE *out, const struct ff_view *view,
                                      const struct ff_view_table *table,
                                      const struct ff_render_settings *settings,
                                      struct ff_fault *fault);

#endif
