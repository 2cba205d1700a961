/* The board: a view's figures as plain memory of a fixed size, for showing them in
 * another process. Nothing in it points anywhere, its text is inert, and what the
 * rollups withhold is not in it. */
#ifndef FOOTFALL_BOARD_H
#define FOOTFALL_BOARD_H

#include "footfall/err.h"
#include "footfall/report.h"

enum ff_panel {
    FF_PANEL_PAGES,
    FF_PANEL_SOURCES,
    FF_PANEL_DOWNLOADS,
    FF_PANEL_SEARCHES,
    FF_PANEL_STATUSES,
    FF_PANEL_COUNTRIES,
    FF_PANEL_AI_CRAWLERS,
    FF_PANEL_AI_REFERRALS, /* the sources that are AI assistants */
    FF_PANEL_ERRORS,       /* paths that were not found */
    FF_PANEL_ROBOTS,
    FF_PANEL_ENTRY_PAGES,
    FF_PANEL_BROWSERS,
    FF_PANELS,
};

/* Rows of a panel at most: the largest. */
#define FF_BOARD_ROWS        200
#define FF_BOARD_KEY_SIZE    256
#define FF_BOARD_REMARK_SIZE 96
#define FF_BOARD_COLUMNS     (FF_MEASURES + 1)
#define FF_BOARD_HOURS       24

/* The key as it is read out, and what else is known of it ("Google", "search engine"),
 * or "". UTF-8 without controls, its middle left out where it is very long. */
struct ff_board_row {
    char key[FF_BOARD_KEY_SIZE];
    char remark[FF_BOARD_REMARK_SIZE];
    uint64_t measures[FF_MEASURES];
};

/* What a panel counts: a measure, or its share of the first one. */
struct ff_board_column {
    char label[24];
    uint8_t measure;
    bool is_rate, is_bytes;
};

struct ff_board_panel {
    bool is_present; /* false: withheld; only its columns are set then */
    uint32_t n_columns, n_rows;
    uint64_t n_all; /* rows that there are */
    /* Of the first measure: what is too rare to name, and what shares are of. */
    uint64_t other, total;
    struct ff_board_column columns[FF_BOARD_COLUMNS];
    struct ff_board_row rows[FF_BOARD_ROWS]; /* largest first measure first */
};

struct ff_board {
    char site[FF_BOARD_KEY_SIZE];
    int32_t from, end; /* first day, first day after */
    enum ff_profile profile;
    bool has_totals;
    struct ff_totals totals;
    char absent[64]; /* why panels or totals are withheld, as the end of a sentence */
    uint64_t human, robots, malformed, client_errors, server_errors; /* lines */
    bool has_hours;
    uint64_t hours[FF_BOARD_HOURS]; /* visits that began in each */
    struct ff_board_panel panels[FF_PANELS];
};

/* "Pages", "AI referrals": static storage. */
const char *ff_panel_title(enum ff_panel panel);

/* Fills the caller's board. FF_ERR_NOMEM; the board is not to be shown then. */
FF_MUST_USE enum ff_err ff_board_fill(struct ff_board *board,
                                      const struct ff_view *view,
                                      struct ff_fault *fault);

#endif
