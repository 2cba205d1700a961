/* Ingest: log files in, hits out. The address, the agent string and the raw URL do not
 * leave it. */
#ifndef FOOTFALL_INGEST_H
#define FOOTFALL_INGEST_H

#include "footfall/content.h"
#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/zone.h"

/* Everything is borrowed and must live until ff_ingest_close. */
struct ff_ingest_settings {
    const char *const *files; /* paths; "-" is standard input; folders are not taken */
    size_t n_files;
    const char *format; /* a format's name, a server's format string, or NULL to look at
                           the lines */
    const char *site;   /* host name of the site, or NULL */
    const char *const *own_hosts;
    size_t n_own_hosts;
    const char *country_db; /* path of an MMDB with country codes; NULL: no countries */
    /* Whose address counts: NULL is the client field, "forwarded" the list that a proxy
     * keeps (X-Forwarded-For) where the format has it. */
    const char *client_from;
    /* Lines that are not counted: of clients in these networks ("192.0.2.0/24", an
     * address), for paths like these (fnmatch's "*", "?", "[]"; "*" crosses slashes),
     * of agents that hold these texts (whatever the case). */
    struct ff_list {
        const char *const *items;
        size_t n;
    } exclude_nets, exclude_paths, exclude_agents;
    /* Extensions of files that are downloads, and query parameters that make a page
     * view a site search on whatever path, beside those of the rules. */
    struct ff_list download_extensions, search_parameters;
    /* File of the site's own templates, which stand for the paths that fit them in all
     * tables (see the manual, --routes); NULL: none. */
    const char *routes;
    bool counts_as_peers; /* also count as other tools would: see ff_ingest_peers */
    size_t n_readers; /* threads that read at most; 0 is 1; 1 where peers are counted */
    enum ff_grain grain;        /* how long a key lives */
    const struct ff_zone *zone; /* of its days; NULL: UTC */
    /* Called every tenth of a second that a pipe gives nothing, from whatever call
     * waits for it; false ends the pipe there. Between two of its calls nothing else of
     * the ingest is under way but that call. NULL: it is waited for. */
    struct ff_idle {
        bool (*call)(void *context);
        void *context;
    } idle;
    /* A round is what one read gives, so that lines without a time are settled as soon
     * as they can be. */
    bool is_live;
    /* What format a pipe is in is told by its first 256 KiB, as a file's is: so many
     * milliseconds are they waited for. FF_LOOK_WHOLE: however long it takes. 0: by
     * what is there. */
    int look_ms;
#define FF_LOOK_WHOLE (-1)
    /* FF_CONTENT_KEY_BYTES for telling contents apart (ff_ingest_content); NULL: none.
     */
    const unsigned char *content_key;
};

/* Why a line could not be read. The text of such a line is never kept or shown. */
enum ff_reject {
    FF_REJECT_NONE = 0,
    FF_REJECT_SHAPE,   /* the line does not have the format's fields */
    FF_REJECT_CLIENT,  /* the client is neither address, host name nor "-" */
    FF_REJECT_TIME,    /* no such time */
    FF_REJECT_STATUS,  /* the status is no three digits */
    FF_REJECT_SIZE,    /* the size is neither digits nor "-" */
    FF_REJECT_LONG,    /* longer than FF_LINE_MAX */
    FF_REJECT_UNKNOWN, /* the file is in no format we know */
    FF_REJECTS,
    FF_REJECT_BLANK = FF_REJECTS, /* no reject but a line that carries no request */
};
#define FF_LINE_MAX (256 * 1024)

/* "no such time" and so on, for messages. Static storage. */
const char *ff_reject_text(enum ff_reject reject);

/* How many readable lines an input has in a zone's time. */
struct ff_offset_stats {
    int32_t east; /* seconds east of UTC */
    uint64_t lines;
};
#define FF_OFFSETS 8

/* What is known of an input so far. Borrowed, valid until ff_ingest_close. */
struct ff_input_stats {
    const char *path;
    const char *compression;         /* "gzip"; NULL: none */
    uint32_t looked_at, looks_right; /* first lines that the format was guessed by */
    bool has_times;
    int64_t first_time, last_time; /* earliest and latest of the readable lines */
    /* In order of appearance; a ninth zone's lines count to the last. */
    struct ff_offset_stats offsets[FF_OFFSETS];
    uint32_t n_offsets;
    const char *format;  /* the format's name; NULL while or if unknown */
    uint64_t lines;      /* all of them, duplicates too */
    uint64_t duplicates; /* lines that another input has too: counted there */
    int64_t begins;      /* time of its first readable line, known when opened */
    int64_t reaches;     /* latest time read; both INT64_MIN if none is known */
    bool is_skipped;     /* by ff_ingest_skip */
    bool is_whole;       /* it has been read to its end */
    uint64_t rejects[FF_REJECTS];
    uint64_t first_reject_line;   /* from 1; 0: none */
    uint32_t first_reject_column; /* from 1 */
    enum ff_reject first_reject;
    uint64_t bytes_read, bytes_total; /* of the file as it is; total 0 where unknown */
    bool is_damaged; /* compression cut off or corrupt; `damage` says where */
    char damage[256];
};

/* Some hits, borrowed. */
#define FF_BATCH_HITS 194
struct ff_batch {
    const struct ff_hit *hits;
    size_t n;
};

struct ff_ingest;

/* Opens the inputs and looks at their first lines. On FF_OK *out is the caller's, for
 * ff_ingest_close. FF_ERR_IO: a file cannot be opened or read. FF_ERR_USAGE: the format
 * name is unknown, or a setting (or a line of the routes) cannot be. FF_ERR_DATA: the
 * country database cannot be used. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_ingest_open(struct ff_ingest **out,
                                       const struct ff_ingest_settings *settings,
                                       struct ff_fault *fault);

/* Reading goes in rounds of some 64 MiB of text. In a round any threads take hits, each
 * as a reader of its own; between rounds nobody does. Which lines a round has does not
 * depend on how many readers there are.
 *
 * ff_ingest_begin_round opens the inputs that have their turn; *more is false at the
 * end of all inputs. FF_ERR_IO: one cannot be opened or read. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_ingest_begin_round(struct ff_ingest *ingest, bool *more,
                                              struct ff_fault *fault);

/* Whether the round that has begun is known to have enough text for several readers to
 * begin at once. False: that is not known. */
bool ff_ingest_is_long_round(const struct ff_ingest *ingest);

/* Between rounds: the next one has an eighth of the text. For who waits for a round to
 * end. */
void ff_ingest_shorten_round(struct ff_ingest *ingest);

/* Who takes the hits may be told of them some microseconds before they are given, so
 * that the memory that they will touch is there by then: of each hit FF_AHEAD_STEPS
 * times (`step` 0, 1, 2), with other lines' work between. Hits that come together are
 * told together, at most FF_AHEAD_HITS, and in order. */
#define FF_AHEAD_STEPS 3
#define FF_AHEAD_HITS  98
struct ff_ahead {
    void (*call)(void *context, const struct ff_hit *hits, size_t n, unsigned step);
    void *context;
};

/* The reader's next hits, up to FF_BATCH_HITS; out->n is 0 when the round is over for
 * it. What it was given before is no longer valid. `reader` is below the settings'
 * n_readers; `ahead` is NULL where nobody is to be told. Damaged compression is no
 * error: see ff_input_stats. FF_ERR_IO: a read failed, or a key cannot be locked in
 * memory. FF_ERR_NOMEM. Then the round ends early, and there must be no other. */
FF_MUST_USE enum ff_err ff_ingest_next(struct ff_ingest *ingest, size_t reader,
                                       const struct ff_ahead *ahead,
                                       struct ff_batch *out, struct ff_fault *fault);

/* Ends the round early, for all readers: there will be no other. Any thread may. */
void ff_ingest_stop(struct ff_ingest *ingest);

/* When the round is over for all readers. Gives hits too: lines whose period only the
 * lines before could tell; valid until the next round. No readable line after this
 * round is expected before *settled, if the files are in order. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_ingest_end_round(struct ff_ingest *ingest,
                                            struct ff_batch *out, int64_t *settled,
                                            struct ff_fault *fault);

/* Bytes that the files have given by now, and have in all (0: unknown), for a display.
 * While readers read nothing else may be asked for. */
void ff_ingest_progress(const struct ff_ingest *ingest, uint64_t *bytes,
                        uint64_t *total);

/* Lines without a readable time in files that have no readable line at all: they belong
 * to no period. Complete when the inputs have ended. */
struct ff_stray_lines {
    uint64_t malformed, blank, excluded;
};
struct ff_stray_lines ff_ingest_strays(const struct ff_ingest *ingest);

size_t ff_ingest_inputs(const struct ff_ingest *ingest);
const struct ff_input_stats *ff_ingest_input(const struct ff_ingest *ingest, size_t i);

/* Whether nearly all hits came from one network: behind a proxy, most likely. */
bool ff_ingest_is_one_network(const struct ff_ingest *ingest);

/* The host taken as the site's own because assets are most often referred from it;
 * empty if site or own hosts were given or none was found. Valid until close. */
struct ff_span ff_ingest_guessed_host(const struct ff_ingest *ingest);

/* How other tools count the same lines: their visitor, their visit. Their lists of
 * robots and the like are ours. */
enum ff_peer {
    FF_PEER_GOACCESS,  /* address and agent, a day of the log; no visits */
    FF_PEER_AWSTATS,   /* address, a month; 60 minutes between pages, or a midnight */
    FF_PEER_WEBALIZER, /* address, a month; 30 minutes between pages; robots too */
    FF_PEER_MATOMO,    /* address and agent, a day; 30 minutes */
    FF_PEERS,
};
struct ff_peer_count {
    uint64_t visitors, visits;
    bool is_capped; /* the table was full: at least so many */
};
/* FF_PEERS counts so far, by enum; NULL without settings.counts_as_peers. Valid until
 * close. */
const struct ff_peer_count *ff_ingest_peers(const struct ff_ingest *ingest);

/* The names of formats and a line about each; false when there is no format i. */
bool ff_ingest_format(size_t i, const char **name, const char **about);

/* All lists that decide what a line counts as, for people. FF_ERR_IO when `out` cannot
 * be written. */
FF_MUST_USE enum ff_err ff_ingest_print_rules(FILE *out, struct ff_fault *fault);

/* What the input is known again by; false for a pipe, or without a content_key. */
bool ff_ingest_content(const struct ff_ingest *ingest, size_t i,
                       struct ff_content *out);
/* Before the first ff_ingest_next: leaves the input unread. `last_time` is its last
 * readable line's, as a run before found it: other inputs are still compared with it.
 */
void ff_ingest_skip(struct ff_ingest *ingest, size_t i, int64_t last_time);
/* Lines that the input has given to periods so far; *out is valid until the next call
 * of ff_ingest_next. */
size_t ff_ingest_period_lines(const struct ff_ingest *ingest, size_t i,
                              const struct ff_period_lines **out);

/* Wipes the key of the period that begins on `start`, so that its tokens can be made no
 * more, and what was remembered of its visitors. Not while a reader is reading. */
void ff_ingest_forget(struct ff_ingest *ingest, int32_t start);

/* Wipes all keys and buffers, frees everything. NULL is allowed. */
void ff_ingest_close(struct ff_ingest *ingest);

#endif
