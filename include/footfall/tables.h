/* The tables of a rollup and of every report: their names, what their keys are made of
 * and what their rows count. One list for release, rollup file, view and renderers. */
#ifndef FOOTFALL_TABLES_H
#define FOOTFALL_TABLES_H

#include <stdint.h>

enum ff_table {
    FF_PAGES,
    FF_ENTRY_PAGES,
    FF_EXIT_PAGES,
    FF_TRANSITIONS,
    FF_DOWNLOADS,
    FF_SITE_SEARCHES,
    FF_EXTERNAL_SEARCHES,
    FF_SOURCES,
    FF_CAMPAIGNS,
    FF_COUNTRIES,
    FF_LANGUAGES,
    FF_BROWSERS,
    FF_SYSTEMS,
    FF_DEVICES,
    FF_HOURS,
    FF_VISIT_DEPTH,
    FF_VISIT_DURATION,
    FF_STATUSES,
    FF_METHODS_TABLE,
    FF_NOT_FOUND,
    FF_RESPONSE_TIMES,
    FF_ROBOTS_TABLE,
    FF_AI_CRAWLERS,
    FF_GOALS,
    FF_TABLES,
};

#define FF_KEY_PARTS 3
#define FF_MEASURES  5

struct ff_table_info {
    const char *name;  /* in JSON and CSV */
    const char *title; /* for people */
    uint8_t key_parts; /* strings a key is made of, 1 to 3 */
    uint8_t n_measures;
    const char *measures[FF_MEASURES];   /* the first is the additive one */
    const char *key_names[FF_KEY_PARTS]; /* what the parts are */
    int8_t visitors;   /* index of the measure that counts distinct visitors, or -1 */
    uint8_t threshold; /* times the profile's k and kn; 0: a closed list of robots */
};

/* FF_TABLES entries, in the order of enum ff_table. */
extern const struct ff_table_info ff_table_infos[FF_TABLES];

/* Buckets of fixed width lists; labels in order. A label's table key is its text. */
#define FF_DEPTH_BUCKETS    10
#define FF_DURATION_BUCKETS 20
#define FF_RESPONSE_BUCKETS 12
extern const char *const ff_depth_labels[FF_DEPTH_BUCKETS];
extern const char *const ff_duration_labels[FF_DURATION_BUCKETS];
extern const char *const ff_response_labels[FF_RESPONSE_BUCKETS];

/* Bucket of a time taken, in microseconds: under 5, 10, 25, 50, 100, 250, 500 ms,
 * 1, 2.5, 5, 10 s, or more. */
static inline unsigned ff_response_bucket(uint64_t microseconds)
{
    static const uint32_t edges_ms[FF_RESPONSE_BUCKETS - 1] = { 5,    10,   25,   50,
                                                                100,  250,  500,  1000,
                                                                2500, 5000, 10000 };
    unsigned bucket = 0;
    while (bucket < FF_RESPONSE_BUCKETS - 1 &&
           microseconds >= (uint64_t)edges_ms[bucket] * 1000)
        bucket++;
    return bucket;
}
/* Least seconds of each duration bucket (the last has no end). */
extern const uint32_t ff_duration_from[FF_DURATION_BUCKETS];

/* Bucket of a visit of `pages` page views (from 1). */
unsigned ff_depth_bucket(uint64_t pages);
/* Bucket of a duration in seconds. */
unsigned ff_duration_bucket(uint64_t seconds);

#endif
