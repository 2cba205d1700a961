/* The one place of the lists that decide what a request is and which path segments
 * name a person. Each list is sorted by bytes, in lower case, and can be printed. */
#ifndef FF_RULES_H
#define FF_RULES_H

#include "footfall/span.h"

enum ff_rules {
    FF_RULES_DOWNLOADS,       /* extensions; they win over the assets */
    FF_RULES_ASSETS,          /* extensions */
    FF_RULES_DATA,            /* extensions of feeds and APIs */
    FF_RULES_FEEDS,           /* last segment of the path */
    FF_RULES_ROOT_FILES,      /* whole paths of one segment, for machines */
    FF_RULES_APIS,            /* the first segment, or the first two */
    FF_RULES_SEARCH_SEGMENTS, /* any segment, up to its first dot */
    FF_RULES_SEARCH_PARAMETERS,
    FF_RULES_CAMPAIGN_PREFIXES, /* of source, medium and campaign */
    FF_RULES_PERSONS,           /* the segment after one of these is a person */
    FF_RULES_FUNCTIONS,         /* but none of these is, up to its first dot */
    FF_RULES_REFERENCES,        /* the segment after is one if it looks like one */
    FF_RULES_PLACEHOLDERS,      /* what personal data is replaced with */
    FF_RULES_COUNT
};

/* Static; lives as long as the program. */
struct ff_rules_list {
    const char *title;
    const struct ff_span *items;
    size_t n_items;
    unsigned lengths;       /* bit (bytes & 31) for the length of each item */
    unsigned first_letters; /* bit (byte & 31) for the first byte of each item */
};

const struct ff_rules_list *ff_rules_list(enum ff_rules rules);

/* Whether `word` is in the list; ASCII letters match whatever their case. */
bool ff_rules_have(enum ff_rules rules, struct ff_span word);

#endif
