/* footfall serve: the reports of a store over HTTP, for a team. It reads, and nothing
 * else; it keeps no log of who asked. */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "command.h"
#include "serve_answers.h"
#include "serve_guard.h"

#define DEFAULT_LISTEN "127.0.0.1:7880"
/* Who says nothing for so long is let go. */
#define IDLE_SECONDS 30
#define THREADS      4
#define CONNECTIONS  4096
/* A request's line and headers, and what libmicrohttpd needs besides. */
#define CONNECTION_BYTES 16384

struct server {
    struct ff_mhd mhd;
    const char *store, *only_site;
    struct ff_answers *answers;
    struct ff_guard guard;
    struct ff_listen listen;
    struct MHD_Daemon *daemon;
};

static const char *header(const struct server *server,
                          struct MHD_Connection *connection, const char *name)
{
    return server->mhd.MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static const char *argument(const struct server *server,
                            struct MHD_Connection *connection, const char *name)
{
    return server->mhd.MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND,
                                                   name);
}

/* Whether a list such as "gzip, br" has the word, and not with q=0. */
static bool accepts_gzip(const char *list)
{
    const char *at = list ? strcasestr(list, "gzip") : NULL;
    if (!at)
        return false;
    at += strlen("gzip");
    at += strspn(at, " ");
    return strncmp(at, ";q=0", 4) != 0 || strspn(at + 4, ".0") != strcspn(at + 4, ",");
}

/* Whether If-None-Match has the tag, weak or strong, or is "*". */
static bool has_tag(const char *list, const char *tag)
{
    return list && (strcmp(list, "*") == 0 || strstr(list, tag));
}

static enum MHD_Result send_with(const struct server *server,
                                 struct MHD_Connection *connection,
                                 struct ff_answer answer, const char *name,
                                 const char *value)
{
    if (answer.response &&
        server->mhd.MHD_add_response_header(answer.response, name, value) == MHD_NO) {
        server->mhd.MHD_destroy_response(answer.response);
        return MHD_NO;
    }
    return ff_answer_send(&server->mhd, connection, answer);
}

static enum MHD_Result send_redirect(const struct server *server,
                                     struct MHD_Connection *connection,
                                     const char *site)
{
    char place[80];
    snprintf(place, sizeof place, "/%s/", site);
    return send_with(server, connection,
                     ff_answer_text(&server->mhd, MHD_HTTP_FOUND, "It is there."),
                     "Location", place);
}

static enum MHD_Result send_report(struct server *server,
                                   struct MHD_Connection *connection,
                                   const struct ff_route *route)
{
    char tag[FF_ETAG_SIZE];
    if (!ff_answers_tag(server->answers, route, tag))
        return ff_answer_send(&server->mhd, connection,
                              ff_answer_text(&server->mhd, MHD_HTTP_NOT_FOUND,
                                             "This site is not there any more."));
    if (has_tag(header(server, connection, "If-None-Match"), tag))
        return send_with(server, connection,
                         ff_answer_text(&server->mhd, MHD_HTTP_NOT_MODIFIED, ""),
                         "ETag", tag);
    return ff_answers_send(server->answers, connection, route, tag,
                           accepts_gzip(header(server, connection, "Accept-Encoding")));
}

static enum MHD_Result send_route(struct server *server,
                                  struct MHD_Connection *connection,
                                  const struct ff_store_sites *sites,
                                  const struct ff_route *route)
{
    switch (route->kind) {
    case FF_ROUTE_SITES:
        return sites->n == 1 ? send_redirect(server, connection, sites->names[0])
                             : ff_answer_send(&server->mhd, connection,
                                              ff_answer_sites(&server->mhd, sites));
    case FF_ROUTE_FOLDER:
        return send_redirect(server, connection, route->site);
    case FF_ROUTE_REPORT:
        return send_report(server, connection, route);
    case FF_ROUTE_ROBOTS:
        return ff_answer_send(
            &server->mhd, connection,
            ff_answer_text(&server->mhd, MHD_HTTP_OK, "User-agent: *\nDisallow: /"));
    case FF_ROUTE_WRONG:
        return ff_answer_send(
            &server->mhd, connection,
            ff_answer_text(&server->mhd, MHD_HTTP_BAD_REQUEST, route->why));
    case FF_ROUTE_NOTHING:
        break;
    }
    return ff_answer_send(
        &server->mhd, connection,
        ff_answer_text(&server->mhd, MHD_HTTP_NOT_FOUND,
                       "There is no such page. A site's are /SITE/ and "
                       "/SITE/report.json, .csv, .xlsx, .txt, .html."));
}

/* The store's sites, or the one that --site names, if it is there. */
static enum ff_err read_sites(const struct server *server, struct ff_store_sites *sites,
                              struct ff_fault *fault)
{
    FF_TRY(ff_store_sites_read(sites, server->store, fault));
    for (size_t i = 0; server->only_site && i < sites->n;) {
        if (strcmp(sites->names[i], server->only_site) == 0) {
            i++;
            continue;
        }
        free(sites->names[i]);
        sites->names[i] = sites->names[--sites->n];
    }
    return FF_OK;
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
                              const char *path)
{
    struct ff_store_sites sites = { .n = 0 };
    struct ff_fault fault;
    if (read_sites(server, &sites, &fault)) {
        ff_store_sites_clear(&sites);
        ff_say("%s", fault.text);
        return ff_answer_send(&server->mhd, connection,
                              ff_answer_text(&server->mhd,
                                             MHD_HTTP_INTERNAL_SERVER_ERROR,
                                             "The store cannot be read."));
    }
    const struct ff_route_query query = { argument(server, connection, "from"),
                                          argument(server, connection, "to"),
                                          argument(server, connection, "compare") };
    const struct ff_route route = ff_route_read(&sites, path, &query);
    const enum MHD_Result result = send_route(server, connection, &sites, &route);
    ff_store_sites_clear(&sites);
    return result;
}

/* One request. Its first call is made when the headers are there, the last when a body
 * is, which is of no use to us. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
                              const char *path, const char *method, const char *version,
                              const char *body, size_t *body_len, void **state)
{
    static const char seen = 0;
    struct server *server = context;
    (void)version;
    (void)body;
    if (!*state) {
        *state = (void *)&seen;
        return MHD_YES;
    }
    if (*body_len) {
        *body_len = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return send_with(server, connection,
                         ff_answer_text(&server->mhd, MHD_HTTP_METHOD_NOT_ALLOWED,
                                        "Reports can be read, and nothing else."),
                         "Allow", "GET, HEAD");
    if (!server->guard.has_token &&
        !ff_guard_is_loopback_host(header(server, connection, "Host")))
        return ff_answer_send(&server->mhd, connection,
                              ff_answer_text(&server->mhd, MHD_HTTP_MISDIRECTED_REQUEST,
                                             "Ask for localhost or 127.0.0.1."));
    if (!ff_guard_admits(&server->guard, header(server, connection, "Authorization")))
        return send_with(server, connection,
                         ff_answer_text(&server->mhd, MHD_HTTP_UNAUTHORIZED,
                                        "The token is missing or wrong."),
                         "WWW-Authenticate",
                         "Basic realm=\"footfall\", charset=\"UTF-8\"");
    return answer(server, connection, path);
}

/* A NUL would end a path early, and a slash that is written as %2F is none of ours:
 * what has one stays as it is, and is no name of anything. */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    const struct server *server = context;
    (void)connection;
    if (strstr(text, "%00") || strcasestr(text, "%2f"))
        return strlen(text);
    return server->mhd.MHD_http_unescape(text);
}

/* Idle connections cost a descriptor each. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 2 * CONNECTIONS)
        return;
    limit.rlim_cur =
        limit.rlim_max < 2 * CONNECTIONS ? limit.rlim_max : 2 * CONNECTIONS;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* then there are fewer connections */
}

static enum ff_err start(struct server *server, const char *listen,
                         struct ff_fault *fault)
{
    raise_descriptors();
    errno = 0;
    server->daemon = server->mhd.MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
            (server->listen.address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0),
        0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR,
        &server->listen.address.any, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, server,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (server->daemon)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_IO, "cannot listen on %.80s: %s", listen,
                        errno ? strerror(errno) : "libmicrohttpd does not start");
}

static void say_where(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        server->mhd.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    char host[INET6_ADDRSTRLEN] = "";
    const bool is_v6 = server->listen.address.any.sa_family == AF_INET6;
    const void *address = is_v6 ? (const void *)&server->listen.address.v6.sin6_addr
                                : &server->listen.address.v4.sin_addr;
    inet_ntop(server->listen.address.any.sa_family, address, host, sizeof host);
    ff_say("%s is served at http://%s%s%s:%u/", server->store, is_v6 ? "[" : "", host,
           is_v6 ? "]" : "", info ? (unsigned)info->port : 0);
}

/* Until SIGINT or SIGTERM, which no thread of the server gets. */
static void wait_for_end(const sigset_t *ends)
{
    int number;
    while (sigwait(ends, &number) != 0)
        ;
}

static enum ff_err serve(struct server *server, const struct ff_options *o,
                         struct ff_fault *fault)
{
    sigset_t ends;
    struct ff_store_sites sites = { .n = 0 };
    const enum ff_err err = ff_store_sites_read(&sites, o->store, fault);
    ff_store_sites_clear(&sites);
    if (err)
        return err;
    FF_TRY(ff_answers_create(&server->answers, &server->mhd, o->store, o->profile,
                             o->rows, fault));
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    FF_TRY(start(server, o->listen ? o->listen : DEFAULT_LISTEN, fault));
    say_where(server);
    wait_for_end(&ends);
    server->mhd.MHD_stop_daemon(server->daemon);
    return FF_OK;
}

enum ff_err ff_serve_command(const struct ff_options *options, enum ff_exit *exit,
                             struct ff_fault *fault)
{
    struct server server = { .store = options->store, .only_site = options->site };
    const char *listen = options->listen ? options->listen : DEFAULT_LISTEN;
    (void)exit;
    if (!options->store || options->n_files)
        return ff_fault_set(fault, FF_ERR_USAGE, "serve takes --store DIR");
    FF_TRY(ff_listen_read(&server.listen, listen, fault));
    if (!server.listen.is_loopback && !options->token_file)
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--listen %.80s: others can reach this address; that takes "
                            "a --token-file",
                            listen);
    FF_TRY(ff_guard_init(&server.guard, options->token_file, fault));
    FF_TRY(ff_mhd_open(&server.mhd, fault));
    const enum ff_err err = serve(&server, options, fault);
    ff_answers_destroy(server.answers);
    return err;
}
