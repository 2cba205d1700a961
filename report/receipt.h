/* The privacy receipt: what was done for privacy, as facts for machines and as
 * sentences for people; every form of a report shows the same. All of it follows from
 * the rollups: how many cells were folded, and the smallest of them, no rollup knows.
 * Private to report. */
#ifndef FOOTFALL_RECEIPT_H
#define FOOTFALL_RECEIPT_H

#include "outline.h"
#include "view.h"

/* Where page views are counted. The four add up to all page views that are told of. */
struct ff_page_shares {
    uint64_t named;    /* in rows of pages */
    uint64_t sections; /* in rows of sections, whose keys end in "/" "*" */
    uint64_t other;
    uint64_t withheld; /* in periods whose table of pages cannot stand */
};

struct ff_receipt {
    uint32_t k, kn; /* what a row needs; the profile and the grain's factor are in it */
    uint64_t search_k, search_kn; /* the same for search terms */
    uint64_t totals_k, tables_k;  /* visitors that a period's totals and tables need */
    uint32_t rounding;            /* counts are multiples of it */
    struct ff_page_shares page_views;
};

/* Of one period, and of all of a view's. */
struct ff_page_shares ff_receipt_pages(const struct ff_rollup *rollup);
struct ff_receipt ff_receipt_of(const struct ff_view *view);

/* A fact by a name that stays ("addresses"), and the words for it. */
struct ff_receipt_fact {
    const char *name, *words;
    bool is_internal; /* holds for the profile internal only */
    bool is_partner;  /* ... partner only */
};

enum ff_receipt_list {
    FF_RECEIPT_KEPT,  /* what groups are counted by */
    FF_RECEIPT_NEVER, /* what is in no rollup and no report */
    FF_RECEIPT_RISKS, /* what no rule here protects from */
    FF_RECEIPT_LISTS,
};

/* "kept", "never_kept", "risks". */
extern const char *const ff_receipt_list_names[FF_RECEIPT_LISTS];

/* The list's next fact that holds for the profile, from *at on, which is after it then;
 * NULL at the end. Begin with 0. */
const struct ff_receipt_fact *ff_receipt_next(enum ff_receipt_list list,
                                              enum ff_profile profile, size_t *at);

/* One paragraph of the receipt. ASCII; nothing in it is data. */
struct ff_receipt_line {
    const char *about; /* in JSON: "rows", "folded"; NULL: on marks that JSON has not */
    const char *label; /* for people; as the line before's if both are about the same */
    bool is_item;      /* one of a list, for a line of its own */
    struct ff_sentence sentence; /* empty: has nothing to say of this view */
};

/* Line n of n = 0, 1, ...; false when there is no more. */
bool ff_receipt_line(const struct ff_view *view, unsigned n,
                     struct ff_receipt_line *line);

#endif
