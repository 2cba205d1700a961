/* The request line, as most servers log it whole. */
#ifndef FF_REQUEST_H
#define FF_REQUEST_H

#include "record.h"

/* How many bytes at the beginning of `s` are a method's: upper-case letters. */
static inline size_t ff_method_len(struct ff_span s)
{
    size_t n = 0;
    while (n < s.len && s.data[n] >= 'A' && s.data[n] <= 'Z')
        n++;
    return n;
}

/* The length of a request without its method and without " HTTP/1.1" at its end. */
static inline size_t ff_target_len(struct ff_span target)
{
    enum { TAIL = sizeof " HTTP/1.1" - 1 };
    const char *end = target.data + target.len;
    if (target.len >= TAIL && memcmp(end - TAIL, " HTTP/", 6) == 0 && end[-3] != ' ' &&
        end[-2] != ' ' && end[-1] != ' ')
        return target.len - TAIL;
    for (size_t i = target.len; i-- > 0;)
        if (target.data[i] == ' ')
            return ff_span_starts(ff_span_from(target, i + 1), FF_SPAN("HTTP/"))
                       ? i
                       : target.len;
    return target.len;
}

/* "GET /path HTTP/1.1" into method and target. Whatever else the field holds (a TLS
 * handshake, nothing) leaves both empty. Without a protocol (HTTP/0.9) the rest is the
 * target, spaces and all. */
static inline void ff_request_split(struct ff_span field, struct ff_record *out)
{
    const struct ff_span nothing = { field.data, 0 };
    out->method = nothing;
    out->target = nothing;
    const bool is_get = field.len > 4 && memcmp(field.data, "GET ", 4) == 0;
    const size_t n = is_get ? 3 : ff_method_len(field);
    if (n == 0 || n + 1 >= field.len || field.data[n] != ' ')
        return;
    struct ff_span target = ff_span_from(field, n + 1);
    target.len = ff_target_len(target);
    if (target.len == 0)
        return;
    out->method = (struct ff_span) { field.data, n };
    out->target = target;
}

/* The host of "http://host:80/path" as it is written; empty when there is none. */
static inline struct ff_span ff_target_host(struct ff_span target)
{
    const size_t colon = ff_span_find(target, ':');
    if (!ff_span_starts(ff_span_from(target, colon), FF_SPAN("://")))
        return (struct ff_span) { target.data, 0 };
    struct ff_span host = ff_span_from(target, colon + 3);
    for (size_t i = 0; i < host.len; i++)
        if (host.data[i] == '/' || host.data[i] == '?' || host.data[i] == '#')
            host.len = i;
    return host;
}

#endif
