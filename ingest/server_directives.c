#include "server_directives.h"

const char ff_server_clf_pattern[] = "%d/%b/%Y:%H:%M:%S %z";

enum { SECONDS = 6, MILLISECONDS = 3, MICROSECONDS = 0, NAME_MAX_LEN = 64 };

struct row {
    const char *name;
    const char
        *param; /* Apache: NULL whatever it is, "" none, "*" any, else that one */
    struct ff_server_meaning meaning;
};

#define SKIP                                                                           \
    {                                                                                  \
        FF_SERVER_SKIP, 0, 0, NULL                                                     \
    }
#define IS(field, rank)                                                                \
    {                                                                                  \
        FF_SERVER_##field, rank, 0, NULL                                               \
    }
#define TOOK(unit, rank)                                                               \
    {                                                                                  \
        FF_SERVER_DURATION, rank, unit, NULL                                           \
    }
#define TIME(pattern)                                                                  \
    {                                                                                  \
        FF_SERVER_TIME, 0, 0, pattern                                                  \
    }

/* clang-format off */
static const struct row apache[] = {
    { "h", NULL, IS(CLIENT, 3) },       { "a", "c", IS(CLIENT, 1) },
    { "a", NULL, IS(CLIENT, 4) },       { "t", "", TIME(ff_server_clf_pattern) },
    { "t", "sec", TIME("%s") },         { "t", "msec", TIME("%1") },
    { "t", "usec", TIME("%2") },        { "t", "msec_frac", TIME("%f") },
    { "t", "usec_frac", TIME("%f") },   { "t", "*", TIME(NULL) },
    { "r", "", IS(REQUEST, 1) },        { "r", "*", SKIP }, /* Tomcat: an attribute */
    { "m", NULL, IS(METHOD, 1) },       { "U", NULL, IS(PATH, 1) },
    { "q", NULL, IS(QUERY, 1) },        { "H", NULL, IS(PROTOCOL, 1) },
    { "s", "", IS(STATUS, 2) },         { "s", "*", SKIP }, /* Tomcat: of the session */
    { "b", NULL, IS(BYTES, 4) },        { "B", NULL, IS(BYTES, 4) },
    { "O", NULL, IS(BYTES, 3) },        { "S", NULL, SKIP },
    { "D", NULL, TOOK(MICROSECONDS, 4) }, { "T", "us", TOOK(MICROSECONDS, 4) },
    { "T", "ms", TOOK(MILLISECONDS, 3) }, { "T", NULL, TOOK(SECONDS, 2) },
    { "v", NULL, IS(VHOST, 4) },        { "V", NULL, IS(VHOST, 3) },
    { "A", NULL, SKIP }, { "C", NULL, SKIP }, { "e", NULL, SKIP }, { "f", NULL, SKIP },
    { "F", NULL, SKIP }, { "I", NULL, SKIP }, { "k", NULL, SKIP }, { "l", NULL, SKIP },
    { "L", NULL, SKIP }, { "n", NULL, SKIP }, { "p", NULL, SKIP }, { "P", NULL, SKIP },
    { "R", NULL, SKIP }, { "u", NULL, SKIP }, { "X", NULL, SKIP }, { "c", NULL, SKIP },
    { "x", NULL, SKIP }, { "^FB", NULL, SKIP }, { "^ti", NULL, SKIP },
    { "^to", NULL, SKIP },
};

static const struct row nginx[] = {
    { "remote_addr", NULL, IS(CLIENT, 4) },
    { "the_real_ip", NULL, IS(CLIENT, 3) }, /* ingress-nginx, formerly */
    { "realip_remote_addr", NULL, IS(CLIENT, 1) },
    { "proxy_protocol_addr", NULL, IS(FORWARDED, 1) },
    { "proxy_add_x_forwarded_for", NULL, IS(FORWARDED, 2) },
    { "time_local", NULL, TIME(ff_server_clf_pattern) },
    { "time_iso8601", NULL, TIME("%Y-%m-%dT%H:%M:%S%.%z") },
    { "msec", NULL, TIME("%s") },
    { "request", NULL, IS(REQUEST, 1) },
    { "request_method", NULL, IS(METHOD, 1) },
    { "request_uri", NULL, IS(TARGET, 1) },
    { "uri", NULL, IS(PATH, 2) },
    { "document_uri", NULL, IS(PATH, 1) },
    { "args", NULL, IS(QUERY, 2) },
    { "query_string", NULL, IS(QUERY, 1) },
    { "is_args", NULL, IS(IS_ARGS, 1) },
    { "server_protocol", NULL, IS(PROTOCOL, 1) },
    { "status", NULL, IS(STATUS, 3) },
    { "body_bytes_sent", NULL, IS(BYTES, 4) },
    { "bytes_sent", NULL, IS(BYTES, 3) },
    { "request_time", NULL, TOOK(SECONDS, 4) },
    { "upstream_response_time", NULL, TOOK(SECONDS, 1) },
    { "host", NULL, IS(VHOST, 4) },
    { "server_name", NULL, IS(VHOST, 1) },
};

static const struct row envoy[] = {
    { "START_TIME", NULL, TIME("%Y-%m-%dT%H:%M:%S%.%z") },
    { "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", NULL, IS(CLIENT, 4) },
    { "DOWNSTREAM_REMOTE_ADDRESS", NULL, IS(CLIENT, 3) },
    { "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", NULL, IS(CLIENT, 2) },
    { "DOWNSTREAM_DIRECT_REMOTE_ADDRESS", NULL, IS(CLIENT, 1) },
    { "PROTOCOL", NULL, IS(PROTOCOL, 1) },
    { "RESPONSE_CODE", NULL, IS(STATUS, 3) },
    { "BYTES_SENT", NULL, IS(BYTES, 4) },
    { "DURATION", NULL, TOOK(MILLISECONDS, 4) },
    { "REQUESTED_SERVER_NAME", NULL, IS(VHOST, 1) },
};

/* Of the request, lower case, with "_" for "-"; ":..." are HTTP/2's. */
static const struct row request_headers[] = {
    { "referer", NULL, IS(REFERRER, 2) },
    { "referrer", NULL, IS(REFERRER, 1) },
    { "user_agent", NULL, IS(AGENT, 1) },
    { "accept_language", NULL, IS(LANGUAGE, 1) },
    { "host", NULL, IS(VHOST, 2) },
    { "x_forwarded_for", NULL, IS(FORWARDED, 4) },
    { "x_real_ip", NULL, IS(FORWARDED, 3) },
    { "cf_connecting_ip", NULL, IS(FORWARDED, 3) },
    { "true_client_ip", NULL, IS(FORWARDED, 3) },
    { "x_client_ip", NULL, IS(FORWARDED, 3) },
    { "x_cluster_client_ip", NULL, IS(FORWARDED, 3) },
    { "fastly_client_ip", NULL, IS(FORWARDED, 3) },
    { "sec_fetch_dest", NULL, IS(FETCH_DEST, 1) },
    { "sec_purpose", NULL, IS(PURPOSE, 4) },
    { "purpose", NULL, IS(PURPOSE, 3) },
    { "x_purpose", NULL, IS(PURPOSE, 2) },
    { "x_moz", NULL, IS(PURPOSE, 1) },
    { "sec_gpc", NULL, IS(OPT_OUT, 1) },
    { "dnt", NULL, IS(OPT_OUT, 1) },
    { ":method", NULL, IS(METHOD, 1) },
    { ":path", NULL, IS(TARGET, 1) },
    { "x_envoy_original_path", NULL, IS(TARGET, 2) },
    { ":authority", NULL, IS(VHOST, 3) },
};

static const struct row response_headers[] = {
    { "content_type", NULL, IS(CONTENT_TYPE, 1) },
};
/* clang-format on */

#define N(table) (sizeof(table) / sizeof *(table))

static bool fits(const struct row *row, struct ff_span param)
{
    if (!row->param)
        return true;
    return strcmp(row->param, "*") == 0 ? param.len > 0
                                        : ff_span_equal(param, ff_span_of(row->param));
}

static const struct row *find(const struct row *rows, size_t n, struct ff_span name,
                              struct ff_span param)
{
    for (size_t i = 0; i < n; i++)
        if (ff_span_equal(name, ff_span_of(rows[i].name)) && fits(&rows[i], param))
            return &rows[i];
    return NULL;
}

static struct ff_server_meaning meaning_of(const struct row *row)
{
    return row ? row->meaning : (struct ff_server_meaning)SKIP;
}

static struct ff_server_meaning header(const struct row *rows, size_t n,
                                       struct ff_span name)
{
    char lower[NAME_MAX_LEN];
    if (name.len > sizeof lower)
        return meaning_of(NULL);
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c == '-' ? '_' : c;
    }
    const struct ff_span key = { lower, name.len };
    return meaning_of(find(rows, n, key, (struct ff_span) { "", 0 }));
}

bool ff_apache_meaning(struct ff_span name, struct ff_span param, char pick,
                       struct ff_server_meaning *out)
{
    *out = meaning_of(NULL);
    if (ff_span_equal(name, FF_SPAN("i"))) {
        *out = header(request_headers, N(request_headers), param);
        return param.len > 0;
    }
    if (ff_span_equal(name, FF_SPAN("o"))) {
        *out = header(response_headers, N(response_headers), param);
        return param.len > 0;
    }
    const struct row *row = find(apache, N(apache), name, param);
    if (!row)
        return false;
    *out = row->meaning;
    if (out->field == FF_SERVER_STATUS && pick)
        out->rank = pick == '>' ? 3 : 1;
    return true;
}

struct ff_server_meaning ff_nginx_meaning(struct ff_span name)
{
    static const struct ff_span request = { "http_", 5 }, sent = { "sent_http_", 10 },
                                upstream = { "upstream_http_", 14 };
    if (ff_span_starts(name, request))
        return header(request_headers, N(request_headers),
                      ff_span_from(name, request.len));
    if (ff_span_starts(name, sent) || ff_span_starts(name, upstream)) {
        const size_t len = ff_span_starts(name, sent) ? sent.len : upstream.len;
        struct ff_server_meaning meaning =
            header(response_headers, N(response_headers), ff_span_from(name, len));
        meaning.rank += len == sent.len;
        return meaning;
    }
    return meaning_of(find(nginx, N(nginx), name, (struct ff_span) { "", 0 }));
}

struct ff_server_meaning ff_envoy_meaning(struct ff_span name, struct ff_span param)
{
    const bool is_request = ff_span_equal(name, FF_SPAN("REQ"));
    if (is_request || ff_span_equal(name, FF_SPAN("RESP"))) {
        const struct ff_span first = { param.data, ff_span_find(param, '?') };
        return is_request ? header(request_headers, N(request_headers), first)
                          : header(response_headers, N(response_headers), first);
    }
    struct ff_server_meaning meaning =
        meaning_of(find(envoy, N(envoy), name, (struct ff_span) { "", 0 }));
    if (meaning.field == FF_SERVER_TIME && param.len)
        meaning.pattern = NULL;
    return meaning;
}
