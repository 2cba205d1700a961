/* Known referrer hosts and their products. The data is made of data/referrers.tsv at
 * build time; that file's head explains what a row means. All of it is constant. */
#ifndef FF_REFERRER_TABLE_H
#define FF_REFERRER_TABLE_H

#include <stdint.h>

#include "footfall/hit.h"

struct ff_referrer_product {
    struct ff_span name;
    enum ff_channel channel;
};

/* Rules of one host stand together, in the order in which they are tried. */
struct ff_referrer_rule {
    const char *host;       /* without "www."; may end in ".*" */
    const char *path;       /* "" or "/cse" */
    const char *parameters; /* "" or "q,query" */
    uint16_t product;
    uint8_t host_len;
    uint8_t path_len;
    bool has_subdomains;  /* the host's subdomains, too */
    bool needs_parameter; /* only with one of the parameters */
    bool has_next;        /* the next rule has the same host */
};

struct ff_referrer_name {
    struct ff_span name; /* ASCII letters in lower case */
    uint16_t product;
};

extern const struct ff_referrer_product ff_referrer_products[];
extern const struct ff_referrer_rule ff_referrer_rules[];
extern const struct ff_referrer_name ff_referrer_names[];

/* Hash tables: index + 1 of a host's first rule, and of a name; 0 is free. */
extern const uint32_t ff_referrer_host_slots_mask;
extern const uint16_t ff_referrer_host_slots[];
extern const uint32_t ff_referrer_name_slots_mask;
extern const uint16_t ff_referrer_name_slots[];

/* The rule for a host (lower case) and what follows it in the URL (path and query), or
 * NULL. */
const struct ff_referrer_rule *ff_referrer_rule_find(struct ff_span host,
                                                     struct ff_span rest);

/* The product of that name, ASCII letters in any case, or NULL. */
const struct ff_referrer_product *ff_referrer_name_find(struct ff_span name);

/* The raw value of the first of the rule's parameters that `rest` has and that is not
 * empty; else an empty span. Points into `rest`. */
struct ff_span ff_referrer_term(const struct ff_referrer_rule *rule,
                                struct ff_span rest);

#endif
