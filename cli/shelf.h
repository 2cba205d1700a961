/* Rollups that wait for the report: those that have to until more logs are read, as the
 * bytes of their file, compressed, which is a tenth of the memory. */
#ifndef FF_SHELF_H
#define FF_SHELF_H

#include "footfall/rollup.h"

struct ff_shelf_item {
    struct ff_rollup *rollup; /* NULL: it is packed */
    void *packed;
    size_t packed_len, len; /* bytes, and those of the file */
};

/* Zeroed at the start; owns what is on it until it is cleared. */
struct ff_shelf {
    struct ff_shelf_item *items;
    size_t n, cap;
};

/* The rollup is the shelf's, but on FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_shelf_add(struct ff_shelf *shelf, struct ff_rollup *rollup,
                                     bool has_to_wait, struct ff_fault *fault);
/* Moves all into the list, in the order they came; on FF_ERR_NOMEM those that are not
 * in it yet stay. */
FF_MUST_USE enum ff_err ff_shelf_take_all(struct ff_shelf *shelf,
                                          struct ff_rollup_list *list,
                                          struct ff_fault *fault);
void ff_shelf_clear(struct ff_shelf *shelf);

#endif
