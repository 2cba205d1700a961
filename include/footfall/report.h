/* Report: rollups in, something to read out. Nothing it links to can represent a
 * visitor. */
#ifndef FOOTFALL_REPORT_H
#define FOOTFALL_REPORT_H

#include "footfall/err.h"
#include "footfall/rollup.h"

/* What the run that made the report knows beside the rollups. Zero for a report from
 * files. */
struct ff_run_lines {
    uint64_t duplicate, outside;         /* lines of no rollup here */
    uint64_t malformed, excluded, blank; /* lines that belong to no period */
    bool is_provisional;                 /* a period may not be whole */
};

struct ff_view_settings {
    struct ff_run_lines run;
    const char *version; /* footfall's */
};

struct ff_view;

/* One summed model of the rollups, which must be of one site, profile and grain, in
 * order of their first day and not overlapping; they must outlive the view. On FF_OK
 * *out is the caller's. FF_ERR_USAGE: the rollups do not fit together (the sentence
 * says which two and why), or there are none. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_view_create(struct ff_view **out,
                                       const struct ff_rollup_list *rollups,
                                       const struct ff_view_settings *settings,
                                       struct ff_fault *fault);
void ff_view_destroy(struct ff_view *view);

struct ff_render_settings {
    size_t rows; /* most rows of a table in text and HTML; JSON and CSV are whole */
    unsigned columns; /* width of the text report */
};

/* One renderer a file, one line each in a table; `ending` is the file name's, with its
 * dot. They write to `out` and return FF_ERR_IO when it cannot be written. */
struct ff_renderer {
    const char *ending;
    enum ff_err (*render)(FILE *out, const struct ff_view *view,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault);
};

/* The renderer for a path by its ending, or NULL. */
const struct ff_renderer *ff_renderer_for(const char *path);
/* The text renderer. */
const struct ff_renderer *ff_renderer_text(void);
/* ".txt .json .csv .html", for messages. Static storage. */
const char *ff_renderer_endings(void);

#endif
