/* Who may ask footfall serve: on loopback everybody on the machine, elsewhere whoever
 * has the token. */
#ifndef FF_SERVE_GUARD_H
#define FF_SERVE_GUARD_H

#include <netinet/in.h>
#include <stdbool.h>

#include "footfall/err.h"

/* Where to listen. */
struct ff_listen {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t len;
    bool is_loopback;
};

/* Reads "127.0.0.1:7880", "[::1]:7880" or "localhost:7880"; port 0 is any free one.
 * FF_ERR_USAGE. */
FF_MUST_USE enum ff_err ff_listen_read(struct ff_listen *listen, const char *text,
                                       struct ff_fault *fault);

#define FF_TOKEN_DIGEST_BYTES 32

struct ff_guard {
    bool has_token;
    unsigned char digest[FF_TOKEN_DIGEST_BYTES]; /* of the token */
};

/* Takes the token from the file's first line. FF_ERR_USAGE: it is shorter than 16
 * bytes, or others may read the file; FF_ERR_IO. NULL: no token. */
FF_MUST_USE enum ff_err ff_guard_init(struct ff_guard *guard, const char *path,
                                      struct ff_fault *fault);

/* Whether the Authorization header has the token, as "Bearer TOKEN" or as the password
 * of "Basic" (a browser asks for that). Compared in constant time. */
bool ff_guard_admits(const struct ff_guard *guard, const char *authorization);

/* Whether a Host header names this machine by loopback: a page of another site whose
 * name was made to point here (DNS rebinding) does not. */
bool ff_guard_is_loopback_host(const char *host);

#endif
