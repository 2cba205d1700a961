/* Logs as the options name them: opened, and what is to be said of them. */
#ifndef FF_LOGS_H
#define FF_LOGS_H

#include "footfall/ingest.h"
#include "options.h"

/* Lines may come so much out of order before their period is given up. */
#define FF_DISORDER_SECONDS 7200
/* Nothing is closed early before so many lines have been read since the last time: few
 * lines cost little memory, and may be in any order then. */
#define FF_OPEN_LINES 1000000

/* As in ff_ingest_settings. */
struct ff_logs_settings {
    const unsigned char *content_key;
    bool counts_as_peers;
    size_t n_readers;
    struct ff_idle idle;
    bool is_live;
    int look_ms;
};
/* `options` must outlive the ingest. Errors as ff_ingest_open. */
FF_MUST_USE enum ff_err ff_logs_open(struct ff_ingest **out,
                                     const struct ff_options *options,
                                     const struct ff_logs_settings *settings,
                                     struct ff_fault *fault);

/* Where the logs begin is known before they are read, those that will not be too:
 * seconds since 1970-01-01 UTC, or INT64_MAX. */
int64_t ff_logs_begin(const struct ff_ingest *ingest);

/* When all is read: says on stderr what is damaged or could not be read, never what a
 * line holds. True: it needs a look. */
FF_MUST_USE bool ff_logs_tell(const struct ff_ingest *ingest);
/* Says which options would tell more than was guessed. */
void ff_logs_hint(const struct ff_ingest *ingest, const struct ff_options *options);

/* What comes after a period is held beside it until the round ends: when two more could
 * get past the end of a period that may be closed, they are short ones, until one is
 * closed. */
struct ff_foresight {
    int64_t last_time;     /* of the hits before the last round; INT64_MIN: none */
    int64_t round_seconds; /* of the log, in the last long round */
    bool is_near;          /* cleared by who closes a period */
};
/* Behind a round, with the latest time of all hits, when lines were counted last for a
 * close, and the end of the earliest open period (INT64_MAX: none is open). */
void ff_logs_foresee_close(struct ff_foresight *foresight, struct ff_ingest *ingest,
                           int64_t last_time, uint64_t lines_at_release, int64_t end);

/* Read so far. */
uint64_t ff_logs_lines(const struct ff_ingest *ingest);
uint64_t ff_logs_duplicates(const struct ff_ingest *ingest);

#endif
