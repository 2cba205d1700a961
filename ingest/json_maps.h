/* Which keys of a JSON line are which fields of a record: presets for what servers and
 * clouds write, maps given by the user, and maps from nginx templates. */
#ifndef FF_JSON_MAPS_H
#define FF_JSON_MAPS_H

#include "json_paths.h"

enum ff_json_field {
    FF_JSON_CLIENT,
    FF_JSON_TIME,
    FF_JSON_REQUEST, /* "GET /a?b HTTP/1.1" */
    FF_JSON_METHOD,
    FF_JSON_TARGET, /* with its query or without */
    FF_JSON_QUERY,  /* for a target without */
    FF_JSON_STATUS,
    FF_JSON_BYTES,
    FF_JSON_REFERRER,
    FF_JSON_AGENT,
    FF_JSON_LANGUAGE,
    FF_JSON_HOST,
    FF_JSON_SECONDS,
    FF_JSON_MILLISECONDS,
    FF_JSON_MICROSECONDS,
    FF_JSON_NANOSECONDS,
    FF_JSON_CONTENT_TYPE,
    FF_JSON_FETCH_DEST,
    FF_JSON_PURPOSE,
    FF_JSON_FORWARDED,
    FF_JSON_GPC,
    FF_JSON_DNT,
    FF_JSON_HEADERS, /* the object that request headers are in */
    FF_JSON_KIND,    /* says that a line is no visitor's request: see `kind` */
    FF_JSON_FIELDS,
};

/* Zeroed at the start; the caller's. */
struct ff_json_map {
    struct ff_json_paths paths;
    uint64_t of[FF_JSON_FIELDS]; /* the paths of a field; the lowest bit goes first */
    struct ff_span kind; /* how a value of FF_JSON_KIND begins on a line that counts */
};

/* Sets the map up. `spec` is a preset's name; or pairs with spaces between them such as
 * "client=remote_ip method=request.method time=ts status=status", where of several
 * paths for a field the first that is not empty counts; or the template of an nginx
 * log_format, "{...}". FF_ERR_USAGE: it is none of these, or lacks a field that every
 * record needs. */
FF_MUST_USE enum ff_err ff_json_map_read(struct ff_json_map *map, const char *spec,
                                         struct ff_fault *fault);

/* The template of an nginx log_format with escape=json: {"ip":"$remote_addr", ...},
 * nested or not. A key counts if its value is one of the variables we use, alone. What
 * is between the braces need not be JSON: "status":$status. Errors as before. */
FF_MUST_USE enum ff_err ff_json_map_from_template(struct ff_json_map *map,
                                                  struct ff_span text,
                                                  struct ff_fault *fault);

#endif
