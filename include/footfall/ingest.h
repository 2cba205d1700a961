/* Ingest: log files in, hits out. The address, the agent string and the raw URL do not
 * leave it. */
#ifndef FOOTFALL_INGEST_H
#define FOOTFALL_INGEST_H

#include "footfall/err.h"
#include "footfall/hit.h"
#include "footfall/zone.h"

/* Everything is borrowed and must live until ff_ingest_close. */
struct ff_ingest_settings {
    const char *const *files; /* paths; "-" is standard input; folders are not taken */
    size_t n_files;
    const char *format; /* a format's name, or NULL to look at the lines */
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
    enum ff_grain grain;        /* how long a key lives */
    const struct ff_zone *zone; /* of its days; NULL: UTC */
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

/* What is known of an input so far. Borrowed, valid until ff_ingest_close. */
struct ff_input_stats {
    const char *path;
    const char *format; /* the format's name; NULL while or if unknown */
    uint64_t lines;
    uint64_t rejects[FF_REJECTS];
    uint64_t first_reject_line;   /* from 1; 0: none */
    uint32_t first_reject_column; /* from 1 */
    enum ff_reject first_reject;
    uint64_t bytes_read, bytes_total; /* of the file as it is; total 0 where unknown */
    bool is_damaged; /* compression cut off or corrupt; `damage` says where */
    char damage[256];
};

/* Up to FF_BATCH_HITS hits. `settled`: no readable line at or after the places that
 * the files have been read to is expected before this time, if they are in order. */
#define FF_BATCH_HITS 1024
struct ff_batch {
    const struct ff_hit *hits;
    size_t n;
    int64_t settled;
};

struct ff_ingest;

/* Opens the inputs and looks at their first lines. On FF_OK *out is the caller's, for
 * ff_ingest_close. FF_ERR_IO: a file cannot be opened or read. FF_ERR_USAGE: the format
 * name is unknown, or a setting cannot be. FF_ERR_DATA: the country database cannot be
 * used. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_ingest_open(struct ff_ingest **out,
                                       const struct ff_ingest_settings *settings,
                                       struct ff_fault *fault);

/* The next hits; out->n is 0 at the end of all inputs. What was given before is no
 * longer valid. Damaged compression is no error: see ff_input_stats. FF_ERR_IO: a read
 * failed. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_ingest_next(struct ff_ingest *ingest, struct ff_batch *out,
                                       struct ff_fault *fault);

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

/* Wipes the key of the period that begins on `start`: its tokens can be made no more.
 */
void ff_ingest_forget(struct ff_ingest *ingest, int32_t start);

/* Wipes all keys and buffers, frees everything. NULL is allowed. */
void ff_ingest_close(struct ff_ingest *ingest);

#endif
