/* The options: one table for the command line, --help, the config file's keys, the
 * shells' completion and the man page. */
#ifndef FF_OPTION_TABLE_H
#define FF_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Which commands take an option. */
enum ff_command {
    FF_RUN = 1,
    FF_ROLLUP = 2,
    FF_REPORT = 4,
    FF_INSPECT = 8,
    FF_EXPLAIN = 16,
    FF_COMPLETION = 32,
    FF_AUDIT = 64,
    FF_SERVE = 128,
    FF_INGEST = 256,
    FF_AGGREGATE = 512,
    FF_LIVE = 1024,
};
#define FF_READS_LOGS (FF_RUN | FF_ROLLUP | FF_EXPLAIN | FF_INGEST | FF_LIVE)
/* Those that close periods. */
#define FF_COUNTS (FF_RUN | FF_ROLLUP | FF_EXPLAIN | FF_AGGREGATE | FF_LIVE)

/* What an option's value is, and what it is kept in at `offset` of struct ff_options.
 */
enum ff_option_kind {
    FF_TAKES_TEXT,    /* const char * */
    FF_TAKES_LIST,    /* struct ff_values: may be given several times */
    FF_TAKES_NOTHING, /* bool */
    FF_TAKES_GOAL,    /* struct ff_goal_values: may be given several times */
    FF_TAKES_GRAIN,   /* enum ff_grain */
    FF_TAKES_PROFILE, /* enum ff_profile */
    FF_TAKES_ZONE,    /* struct ff_zone */
    FF_TAKES_DAY,     /* int32_t */
    FF_TAKES_LAST,    /* int32_t: the day after the one given */
    FF_TAKES_COMPARE, /* struct ff_compare */
    FF_TAKES_MOMENT,  /* int64_t, seconds */
    FF_TAKES_SECONDS, /* uint32_t, at most a day */
    FF_TAKES_DAYS,    /* uint32_t, at most a century */
    FF_TAKES_LEAST,   /* uint32_t, at most a million */
    FF_TAKES_ROWS,    /* size_t */
    FF_TAKES_JOBS,    /* size_t */
    FF_TAKES_MEMORY,  /* size_t, bytes */
};

/* What a shell completes its value with. */
enum ff_completes { FF_WITH_NOTHING, FF_WITH_FILES, FF_WITH_FOLDERS, FF_WITH_WORDS };

/* Where the man page has it. */
enum ff_option_group { FF_GROUP_OUTPUT, FF_GROUP_INPUT, FF_GROUP_PERIODS, FF_GROUPS };

struct ff_option_info {
    const char *name; /* without its dashes; also the config file's key */
    char letter;      /* '\0': none */
    bool is_key;      /* may stand in a config file */
    enum ff_option_kind kind;
    const char *argument; /* NULL: none */
    enum ff_completes completes;
    const char *words; /* with FF_WITH_WORDS: "day week month" */
    size_t offset;
    unsigned commands;
    enum ff_option_group group;
    const char *help; /* a sentence without its capital and its period */
    const char *more; /* sentences that the man page has behind it, or NULL */
};

extern const struct ff_option_info ff_option_infos[];
extern const size_t ff_option_count;

/* By name; NULL when there is none. */
const struct ff_option_info *ff_option_named(const char *name);

#endif
