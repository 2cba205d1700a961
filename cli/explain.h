/* Parts of footfall explain. */
#ifndef FF_EXPLAIN_H
#define FF_EXPLAIN_H

#include "footfall/ingest.h"
#include "footfall/rollup.h"
#include "options.h"

/* A title and a line under it. */
void ff_explain_title(const char *title);

/* What footfall itself counted, over all periods. */
struct ff_own_count {
    uint64_t visitors, visits;
    unsigned periods, withheld; /* those under k have no totals */
};

/* How other tools would count the lines, beside that; to stdout. */
void ff_explain_peers(const struct ff_peer_count *peers, const struct ff_own_count *own,
                      const struct ff_options *options);

#endif
