/* A progress bar on stderr: share done, lines a second, time left. */
#ifndef FF_PROGRESS_H
#define FF_PROGRESS_H

#include "footfall/ingest.h"

struct ff_progress {
    bool is_on;
    double began, shown; /* seconds of the monotonic clock */
    unsigned calls;
};

/* On if stderr is a terminal or it is asked for. */
void ff_progress_begin(struct ff_progress *progress, bool is_wanted);
/* Whether it is to be shown now. Cheap: it looks at the clock now and then. */
bool ff_progress_is_due(struct ff_progress *progress);
/* `lines` have been read. */
void ff_progress_show(struct ff_progress *progress, const struct ff_ingest *ingest,
                      uint64_t lines);
/* Wipes the bar off. */
void ff_progress_end(struct ff_progress *progress);

#endif
