#include "json_maps.h"

#include "json_presets.h"

enum { TEMPLATE_DEPTH_MAX = 8, TEMPLATE_PATH_MAX = 1024 };

/* What the user calls the fields. */
static const struct {
    const char *name;
    enum ff_json_field field;
} names[] = {
    { "client", FF_JSON_CLIENT },
    { "time", FF_JSON_TIME },
    { "request", FF_JSON_REQUEST },
    { "method", FF_JSON_METHOD },
    { "target", FF_JSON_TARGET },
    { "path", FF_JSON_TARGET },
    { "query", FF_JSON_QUERY },
    { "status", FF_JSON_STATUS },
    { "bytes", FF_JSON_BYTES },
    { "referrer", FF_JSON_REFERRER },
    { "referer", FF_JSON_REFERRER },
    { "agent", FF_JSON_AGENT },
    { "language", FF_JSON_LANGUAGE },
    { "host", FF_JSON_HOST },
    { "seconds", FF_JSON_SECONDS },
    { "milliseconds", FF_JSON_MILLISECONDS },
    { "microseconds", FF_JSON_MICROSECONDS },
    { "nanoseconds", FF_JSON_NANOSECONDS },
    { "content_type", FF_JSON_CONTENT_TYPE },
    { "fetch_dest", FF_JSON_FETCH_DEST },
    { "purpose", FF_JSON_PURPOSE },
    { "forwarded", FF_JSON_FORWARDED },
    { "gpc", FF_JSON_GPC },
    { "dnt", FF_JSON_DNT },
};

static enum ff_err add(struct ff_json_map *map, enum ff_json_field field,
                       struct ff_span path, struct ff_fault *fault)
{
    unsigned number;
    const size_t before = map->paths.n_paths;
    FF_TRY(ff_json_paths_add(&map->paths, path, &number, fault));
    if (map->paths.n_paths == before)
        return ff_fault_set(fault, FF_ERR_USAGE, "JSON key %.*s is given twice",
                            (int)(path.len < 100 ? path.len : 100), path.data);
    map->of[field] |= (uint64_t)1 << number;
    return FF_OK;
}

static enum ff_err add_preset(struct ff_json_map *map,
                              const struct ff_json_preset *preset,
                              struct ff_fault *fault)
{
    for (const struct ff_json_row *row = preset->rows; row->path; row++)
        FF_TRY(add(map, row->field, ff_span_of(row->path), fault));
    if (preset->kind)
        map->kind = ff_span_of(preset->kind);
    return FF_OK;
}

static enum ff_err check_complete(const struct ff_json_map *map, struct ff_fault *fault)
{
    const char *lacks = NULL;
    if (!map->of[FF_JSON_CLIENT] && !map->of[FF_JSON_FORWARDED])
        lacks = "client";
    else if (!map->of[FF_JSON_TIME])
        lacks = "time";
    else if (!map->of[FF_JSON_STATUS])
        lacks = "status";
    else if (!map->of[FF_JSON_REQUEST] &&
             (!map->of[FF_JSON_METHOD] || !map->of[FF_JSON_TARGET]))
        lacks = "request, or method and target";
    if (!lacks)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE, "the JSON format has no key for: %s",
                        lacks);
}

/* "status=downstream.status" */
static enum ff_err add_pair(struct ff_json_map *map, struct ff_span pair,
                            struct ff_fault *fault)
{
    const size_t equals = ff_span_find(pair, '=');
    const struct ff_span name = { pair.data, equals };
    const struct ff_span path = ff_span_from(pair, equals + 1);
    const int shown = (int)(pair.len < 100 ? pair.len : 100);
    if (equals == pair.len)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "\"%.*s\" is neither field=key nor a preset of JSON", shown,
                            pair.data);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ff_span_equal(ff_span_of(names[i].name), name))
            return add(map, names[i].field, path, fault);
    return ff_fault_set(fault, FF_ERR_USAGE, "\"%.*s\": there is no such field", shown,
                        pair.data);
}

static void skip_space(struct ff_span *text)
{
    while (text->len && memchr(" \t\r\n", text->data[0], 4))
        *text = ff_span_from(*text, 1);
}

enum ff_err ff_json_map_read(struct ff_json_map *map, const char *spec,
                             struct ff_fault *fault)
{
    struct ff_span text = ff_span_of(spec);
    skip_space(&text);
    const struct ff_json_preset *preset = ff_json_preset_named(text);
    if (preset)
        return add_preset(map, preset, fault);
    if (text.len && text.data[0] == '{')
        return ff_json_map_from_template(map, text, fault);
    while (text.len) {
        const struct ff_span pair = { text.data, strcspn(text.data, " \t\r\n") };
        FF_TRY(add_pair(map, pair, fault));
        text = ff_span_from(text, pair.len);
        skip_space(&text);
    }
    return check_complete(map, fault);
}

struct template
{
    struct ff_span text, left;
    struct ff_json_map *map;
    struct ff_fault *fault;
    char path[TEMPLATE_PATH_MAX];
    size_t path_len;
};

static enum ff_err unreadable(const struct template *t)
{
    return ff_fault_set(t->fault, FF_ERR_USAGE,
                        "the JSON template cannot be read at character %zu",
                        t->text.len - t->left.len + 1);
}

/* What is between quotes at the cursor. */
static enum ff_err quoted(struct template *t, struct ff_span *out)
{
    size_t n = 1;
    while (n < t->left.len && t->left.data[n] != '"')
        n += t->left.data[n] == '\\' ? 2 : 1;
    if (n >= t->left.len)
        return unreadable(t);
    *out = (struct ff_span) { t->left.data + 1, n - 1 };
    t->left = ff_span_from(t->left, n + 1);
    return FF_OK;
}

static enum ff_err enter(struct template *t, struct ff_span key)
{
    if (t->path_len + 2 * key.len + 1 > sizeof t->path)
        return unreadable(t);
    if (t->path_len)
        t->path[t->path_len++] = '.';
    for (size_t i = 0; i < key.len; i++) {
        if (key.data[i] == '.' || key.data[i] == '\\')
            t->path[t->path_len++] = '\\';
        t->path[t->path_len++] = key.data[i];
    }
    return FF_OK;
}

/* A value that is no object: "$name", "${name}", or the same without quotes. */
static enum ff_err variable(struct template *t)
{
    struct ff_span name;
    if (t->left.data[0] == '"') {
        FF_TRY(quoted(t, &name));
    } else {
        size_t n = 0;
        while (n < t->left.len && !memchr(", \t\r\n}", t->left.data[n], 6))
            n++;
        /* The brace of ${name} is not the object's. */
        if (ff_span_starts(t->left, FF_SPAN("${")) && n < t->left.len)
            n += t->left.data[n] == '}';
        name = (struct ff_span) { t->left.data, n };
        t->left = ff_span_from(t->left, n);
    }
    if (name.len == 0 || name.data[0] != '$')
        return FF_OK;
    name = ff_span_from(name, 1);
    if (name.len > 2 && name.data[0] == '{' && name.data[name.len - 1] == '}')
        name = (struct ff_span) { name.data + 1, name.len - 2 };
    const struct ff_json_row *row = ff_json_nginx_variable(name);
    const struct ff_span path = { t->path, t->path_len };
    return row ? add(t->map, row->field, path, t->fault) : FF_OK;
}

/* Behind the opening brace; calls itself TEMPLATE_DEPTH_MAX deep at most. */
static enum ff_err members(struct template *t, int depth)
{
    for (;;) {
        while (t->left.len && memchr(", \t\r\n", t->left.data[0], 5))
            t->left = ff_span_from(t->left, 1);
        if (t->left.len == 0)
            return unreadable(t);
        if (t->left.data[0] == '}')
            break;
        struct ff_span key;
        if (t->left.data[0] != '"')
            return unreadable(t);
        FF_TRY(quoted(t, &key));
        skip_space(&t->left);
        if (t->left.len == 0 || t->left.data[0] != ':')
            return unreadable(t);
        t->left = ff_span_from(t->left, 1);
        skip_space(&t->left);
        if (t->left.len == 0)
            return unreadable(t);
        const size_t path_len = t->path_len;
        FF_TRY(enter(t, key));
        if (t->left.data[0] == '{') {
            if (depth == TEMPLATE_DEPTH_MAX)
                return unreadable(t);
            t->left = ff_span_from(t->left, 1);
            FF_TRY(members(t, depth + 1));
        } else {
            FF_TRY(variable(t));
        }
        t->path_len = path_len;
    }
    t->left = ff_span_from(t->left, 1);
    return FF_OK;
}

enum ff_err ff_json_map_from_template(struct ff_json_map *map, struct ff_span text,
                                      struct ff_fault *fault)
{
    struct template t = { .text = text, .left = text, .map = map, .fault = fault };
    skip_space(&t.left);
    if (t.left.len == 0 || t.left.data[0] != '{')
        return unreadable(&t);
    t.left = ff_span_from(t.left, 1);
    FF_TRY(members(&t, 1));
    skip_space(&t.left);
    if (t.left.len)
        return unreadable(&t);
    return check_complete(map, fault);
}
