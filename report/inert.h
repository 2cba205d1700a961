/* Text from the log made inert for where it goes. Keys were written by strangers: they
 * may hold markup, formulas, terminal escapes or marks that turn the reading direction.
 * Every byte of data that a renderer writes goes through one of these. */
#ifndef FOOTFALL_INERT_H
#define FOOTFALL_INERT_H

#include <stdint.h>
#include <stdio.h>

#include "footfall/text.h"
#include "view.h"

/* What is hostile becomes FF_REPLACEMENT in all of these. */
void ff_inert_terminal(FILE *out, struct ff_span s);
/* For element content and for attributes in double quotes. */
void ff_inert_html(FILE *out, struct ff_span s);
/* With its quotes. Nothing is lost: what is hostile, and "<", is \u-escaped, so that
 * the JSON is safe in a terminal and inside a page's script element too. */
void ff_inert_json(FILE *out, struct ff_span s);
/* Where the bytes from `at` on end that stand for themselves there. Mostly it is all.
 */
size_t ff_inert_json_plain(struct ff_span s, size_t at);

/* A key as the pieces that it is read out in: its parts and what stands between them.
 * Empty parts at the end are left out (["direct", ""] reads "direct"). */
#define FF_PIECES (2 * FF_KEY_PARTS - 1)
struct ff_pieces {
    struct ff_span at[FF_PIECES];
    size_t n;
};
struct ff_pieces ff_key_pieces(const struct ff_table_info *info,
                               const struct ff_span *key, const char *arrow);

/* The pieces as one CSV cell. Quoted where RFC 4180 asks for it; a cell that a
 * spreadsheet would take for a formula begins with an apostrophe. */
void ff_inert_csv(FILE *out, const struct ff_pieces *cell);

/* Columns of a span, and of pieces, in a terminal. */
size_t ff_inert_width(struct ff_span s);
size_t ff_pieces_width(const struct ff_pieces *pieces);

/* The pieces in at most `columns` columns, each part shortened in its middle where it
 * must be ("/very/l...tail"). Gives the columns written. */
size_t ff_inert_shortened(FILE *out, const struct ff_pieces *pieces, size_t columns);

#endif
