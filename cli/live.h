/* What the parts of footfall live share. */
#ifndef FF_LIVE_H
#define FF_LIVE_H

#include <signal.h>
#include <sys/types.h>

#include "footfall/aggregate.h"
#include "footfall/ingest.h"
#include "keep.h"
#include "live_clock.h"
#include "screen.h"

/* What is shown, each by a process of its own: see live_snapshot.c. */
enum ff_live_output { FF_LIVE_LINE, FF_LIVE_PAGE, FF_LIVE_BOARD, FF_LIVE_OUTPUTS };

struct ff_live_snapshot {
    bool is_on;
    double every;       /* seconds */
    double rest;        /* times what it takes, before the next one is begun */
    double next, began; /* of the monotonic clock */
    uint64_t lines;     /* at the last one, for the rate */
    pid_t process;      /* 0: none is at work */
};

/* Beside a rollup, of all lines so far. */
struct ff_live_figures {
    int64_t clock;
    uint64_t lines;
    double a_second; /* lines, since the figures before */
    uint32_t active; /* visitors of visits under way; 0: too few to tell */
};

struct ff_live {
    const struct ff_options *options;
    struct ff_ingest *ingest;
    struct ff_aggregate *aggregate;
    struct ff_live_clock clock;
    struct ff_keep keep; /* with a store */
    /* Of periods that are closed: the last ones, or all if a report is asked for. */
    struct ff_rollup_list closed;
    bool has_released;
    int32_t next; /* the day after the last period that came to its end */
    uint64_t lines;
    int64_t began;    /* of the wall's clock */
    double last_read; /* of the monotonic clock */
    struct ff_live_snapshot snapshots[FF_LIVE_OUTPUTS];
    struct ff_screen screen;
    double tended;     /* when the screen was, of the monotonic clock */
    sigset_t ends;     /* the signals that end it */
    bool is_stopped;   /* one has come */
    double stopped;    /* of the monotonic clock: when */
    bool has_late;     /* lines whose period is closed; stderr has said so */
    bool needs_a_look; /* stderr has said what */
    enum ff_err err;   /* of what was done while no line came */
    struct ff_fault fault;
};

double ff_live_seconds(void); /* of the monotonic clock */
/* The log's: the time of the last line, and the seconds since it came. */
int64_t ff_live_now(const struct ff_live *live);
/* The wall's clock, as far from --now as it has gone since the beginning. */
int64_t ff_live_wall(const struct ff_live *live);
/* "2026-03-02 14:31:07" in the zone. */
size_t ff_live_put_time(char *text, size_t size, const struct ff_zone *zone,
                        int64_t time);

/* Closes the periods that the clock says are over: FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_live_close_due(struct ff_live *live, struct ff_fault *fault);
/* All of them, at the end. At the end of input, where nothing more can come, the wall's
 * clock tells whether a period is over; after a signal more would have. */
FF_MUST_USE enum ff_err ff_live_close_all(struct ff_live *live, struct ff_fault *fault);
/* Says once that there are lines of periods that are closed; and how many, at the end:
 * more than 1 % need a look. */
void ff_live_note_late(struct ff_live *live);
void ff_live_tell_late(struct ff_live *live);

/* Sees what standard output and the options ask for. */
void ff_live_begin_snapshots(struct ff_live *live);
/* Begins what is due and looks after what is at work; never waits. */
void ff_live_show(struct ff_live *live);
/* Waits a moment for those at work, then ends them, and the screen. */
void ff_live_end_snapshots(struct ff_live *live);

/* The page and the line of what is closed, when all is: FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_live_show_last(struct ff_live *live, struct ff_fault *fault);

#endif
