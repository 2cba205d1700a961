/* The presets of JSON lines: key paths and the fields they are. */
#ifndef FF_JSON_PRESETS_H
#define FF_JSON_PRESETS_H

#include "json_maps.h"

struct ff_json_row {
    const char *path; /* NULL ends a table */
    enum ff_json_field field;
};

struct ff_json_preset {
    const char *name;
    const struct ff_json_row *rows;
    const char *kind; /* ff_json_map's, or NULL */
};

/* The preset of that name, or NULL. */
const struct ff_json_preset *ff_json_preset_named(struct ff_span name);

/* The row of an nginx variable, named without its dollar; NULL when we have no use for
 * it. */
const struct ff_json_row *ff_json_nginx_variable(struct ff_span name);

#endif
