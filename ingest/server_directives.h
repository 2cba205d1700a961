/* What Apache's directives, nginx's variables and Envoy's operators mean to us. */
#ifndef FF_SERVER_DIRECTIVES_H
#define FF_SERVER_DIRECTIVES_H

#include "server_program.h"

/* Of several directives for one field, that of the highest rank fills it, the others
 * are skipped. */
struct ff_server_meaning {
    uint8_t field; /* enum ff_server_field */
    uint8_t rank;
    int8_t shift;        /* of a duration: microseconds are 10^shift of it */
    const char *pattern; /* of a time that has a fixed one, else NULL */
};

/* Apache's pattern of %t between its brackets, and nginx's $time_local. */
extern const char ff_server_clf_pattern[];

/* `name` is a letter, or "^FB" and the like; `param` what braces hold, empty without;
 * `pick` is '<', '>' or 0. Gives false when there is no such directive. A time's
 * pattern is NULL when `param` is its format. */
bool ff_apache_meaning(struct ff_span name, struct ff_span param, char pick,
                       struct ff_server_meaning *out);
/* Unknown variables are skipped ones. */
struct ff_server_meaning ff_nginx_meaning(struct ff_span name);
/* As above; a time's pattern is NULL when `param` is its format. */
struct ff_server_meaning ff_envoy_meaning(struct ff_span name, struct ff_span param);

#endif
