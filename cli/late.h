/* Lines of a period that came after its release. */
#ifndef FF_LATE_H
#define FF_LATE_H

#include "footfall/ingest.h"
#include "footfall/rollup.h"
#include "footfall/sources.h"

struct ff_late_context {
    const char *store;
    const struct ff_ingest *ingest;  /* all is read, or all of the period */
    const struct ff_sources *before; /* what the store knew when the run began */
};

/* `rollup` is of a period that the store has. FF_ERR_DATA: what the store has there is
 * damaged, or not what its name says; FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_late_lines(const struct ff_late_context *context,
                                      const struct ff_rollup *rollup, uint64_t *late,
                                      struct ff_fault *fault);

#endif
