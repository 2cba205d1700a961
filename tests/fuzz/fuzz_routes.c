/* A routes file, a NUL, paths a line each: whatever the file, it is refused with its
 * name and a place or compiled; each of its keys is a template that fits itself, short
 * and clean; a match is one of them. */
#include <stdint.h>
#include <stdlib.h>

#include "pathkey.h"
#include "routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_key(const struct ff_routes *routes, struct ff_span key)
{
    struct ff_path path;
    require(key.len <= FF_PATHKEY_LEN && key.data[0] == '/');
    for (size_t i = 0; i < key.len; i++)
        require(key.data[i] > ' ' && key.data[i] < 0x7F);
    require(ff_routes_have(routes, key));
    ff_path_split(key, &path);
    require(ff_routes_match(routes, &path).len > 0);
}

static void match_all(const struct ff_routes *routes, struct ff_span text)
{
    while (text.len > 0) {
        const struct ff_span line = { text.data, ff_span_find(text, '\n') };
        struct ff_path path;
        text = ff_span_from(text, line.len + 1);
        ff_path_split(line, &path);
        const struct ff_span key = ff_routes_match(routes, &path);
        if (key.len)
            check_key(routes, key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ff_scrub *scrub; /* made once; lives as long as the process */
    const struct ff_span all = { (const char *)data, size };
    const size_t len = ff_span_find(all, '\0');
    struct ff_fault fault = { "" };
    struct ff_routes *routes;
    if (!scrub)
        require(ff_scrub_create(&scrub, &fault) == FF_OK);
    const enum ff_err err = ff_routes_compile(
        &routes, "file", (struct ff_span) { all.data, len }, scrub, &fault);
    if (err) {
        require(err == FF_ERR_USAGE &&
                ff_span_starts(ff_span_of(fault.text), FF_SPAN("file:")));
        return 0;
    }
    match_all(routes, (struct ff_span) { all.data, len });
    match_all(routes, ff_span_from(all, len + 1));
    ff_routes_destroy(routes);
    return 0;
}
