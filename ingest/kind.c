#include "kind.h"

enum ff_method ff_method_of(struct ff_span method)
{
    if (method.len == 3 && memcmp(method.data, "GET", 3) == 0)
        return FF_GET;
    static const struct {
        struct ff_span name;
        enum ff_method method;
    } methods[] = {
        { { "POST", 4 }, FF_POST },       { { "HEAD", 4 }, FF_HEAD },
        { { "PUT", 3 }, FF_PUT },         { { "DELETE", 6 }, FF_DELETE },
        { { "OPTIONS", 7 }, FF_OPTIONS }, { { "PATCH", 5 }, FF_PATCH },
        { { "CONNECT", 7 }, FF_CONNECT }, { { "TRACE", 5 }, FF_TRACE },
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (ff_span_equal(method, methods[i].name))
            return methods[i].method;
    return FF_METHOD_OTHER;
}

/* By a table, since it is another from line to line, and guesses at it would be wrong
 * too often. */
const uint8_t ff_kinds_got[FF_PATH_OTHER + 1] = {
    [FF_PATH_PAGE] = FF_PAGE_VIEW,
    [FF_PATH_ASSET] = FF_ASSET,
    [FF_PATH_DOWNLOAD] = FF_DOWNLOAD,
    [FF_PATH_OTHER] = FF_OTHER_OK,
};

static enum ff_kind kind_of_same(enum ff_path_kind path)
{
    return path == FF_PATH_DOWNLOAD ? FF_OTHER_OK : (enum ff_kind)ff_kinds_got[path];
}

static enum ff_kind kind_of_part(enum ff_path_kind path)
{
    return path == FF_PATH_PAGE ? FF_OTHER_OK : (enum ff_kind)ff_kinds_got[path];
}

/* By status, method and path. */
static enum ff_kind kind_by_path(unsigned status, enum ff_method method,
                                 enum ff_path_kind path)
{
    if (status >= 500)
        return FF_SERVER_ERROR;
    if (status >= 400)
        return FF_CLIENT_ERROR;
    if (status >= 300 && status != 304)
        return FF_REDIRECT;
    if (method != FF_GET)
        return FF_OTHER_OK;
    return status == 200   ? (enum ff_kind)ff_kinds_got[path]
           : status == 304 ? kind_of_same(path)
           : status == 206 ? kind_of_part(path)
                           : FF_OTHER_OK;
}

static bool starts_nocase(struct ff_span text, struct ff_span prefix)
{
    return text.len >= prefix.len &&
           ff_span_equal_nocase((struct ff_span) { text.data, prefix.len }, prefix);
}

/* Where the log says more than the path does: only HTML is a page (a 304 has no type),
 * what is fetched for no document is none, and what is fetched ahead is not seen yet.
 */
static bool may_be_page(const struct ff_record *record)
{
    const struct ff_span type = record->content_type, dest = record->fetch_dest;
    if (type.len && !starts_nocase(type, FF_SPAN("text/html")) &&
        !starts_nocase(type, FF_SPAN("application/xhtml")))
        return false;
    if (dest.len && !ff_span_equal_nocase(dest, FF_SPAN("document")))
        return false;
    return !starts_nocase(record->purpose, FF_SPAN("prefetch"));
}

enum ff_kind ff_kind_of_any(const struct ff_record *record, enum ff_method method,
                            enum ff_path_kind path)
{
    const enum ff_kind kind = kind_by_path(record->status, method, path);
    return kind == FF_PAGE_VIEW && ff_tells_more(record) && !may_be_page(record)
               ? FF_OTHER_OK
               : kind;
}
