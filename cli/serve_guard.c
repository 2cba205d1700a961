#include "serve_guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define TOKEN_MIN 16
#define TOKEN_MAX 256

/* "host:port" or "[host]:port" in its two parts, without brackets. The port may be
 * missing: then *port is empty. */
static bool split(const char *text, char *host, size_t size, const char **port)
{
    const bool is_bracketed = *text == '[';
    const char *end = is_bracketed ? strchr(text, ']') : strrchr(text, ':');
    if (!end && is_bracketed)
        return false;
    const char *begin = text + is_bracketed;
    const size_t len = end ? (size_t)(end - begin) : strlen(begin);
    if (len == 0 || len >= size)
        return false;
    memcpy(host, begin, len);
    host[len] = '\0';
    *port = "";
    if (!end)
        return true;
    if (is_bracketed)
        end++;
    if (*end == '\0')
        return true;
    *port = end + 1;
    return *end == ':';
}

static bool read_port(const char *text, in_port_t *port)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    const unsigned long n = strtoul(text, &end, 10);
    *port = htons((uint16_t)n);
    return errno == 0 && *end == '\0' && n <= 65535;
}

/* 127.0.0.0/8 and ::1. */
static bool is_loopback(const struct ff_listen *listen)
{
    if (listen->address.any.sa_family == AF_INET)
        return ntohl(listen->address.v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&listen->address.v6.sin6_addr);
}

static bool read_address(struct ff_listen *listen, const char *host, in_port_t port)
{
    *listen = (struct ff_listen) { .len = 0 };
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (inet_pton(AF_INET, host, &listen->address.v4.sin_addr) == 1) {
        listen->address.v4.sin_family = AF_INET;
        listen->address.v4.sin_port = port;
        listen->len = sizeof listen->address.v4;
    } else if (inet_pton(AF_INET6, host, &listen->address.v6.sin6_addr) == 1) {
        listen->address.v6.sin6_family = AF_INET6;
        listen->address.v6.sin6_port = port;
        listen->len = sizeof listen->address.v6;
    }
    listen->is_loopback = listen->len && is_loopback(listen);
    return listen->len != 0;
}

enum ff_err ff_listen_read(struct ff_listen *listen, const char *text,
                           struct ff_fault *fault)
{
    char host[64];
    const char *port_text;
    in_port_t port;
    if (split(text, host, sizeof host, &port_text) && read_port(port_text, &port) &&
        read_address(listen, host, port))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "--listen %.80s: an address and a port, such as "
                        "127.0.0.1:7880 or [::1]:7880",
                        text);
}

static void digest(unsigned char out[static FF_TOKEN_DIGEST_BYTES], const char *token,
                   size_t len)
{
    crypto_generichash(out, FF_TOKEN_DIGEST_BYTES, (const unsigned char *)token, len,
                       NULL, 0);
}

static enum ff_err read_token(struct ff_guard *guard, FILE *file, const char *path,
                              struct ff_fault *fault)
{
    char line[TOKEN_MAX + 2];
    struct stat info;
    if (fstat(fileno(file), &info) != 0)
        return ff_fault_set(fault, FF_ERR_IO, "--token-file %.200s: %s", path,
                            strerror(errno));
    if (S_ISREG(info.st_mode) && info.st_mode & (S_IRWXO))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "--token-file %.200s: everybody on this machine may read "
                            "it (chmod o= takes that away)",
                            path);
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    const size_t len = strcspn(line, "\r\n");
    if (len >= TOKEN_MIN && len <= TOKEN_MAX)
        digest(guard->digest, line, len);
    sodium_memzero(line, sizeof line);
    if (len >= TOKEN_MIN && len <= TOKEN_MAX)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE,
                        "--token-file %.200s: its first line is the token, of %d to %d "
                        "bytes",
                        path, TOKEN_MIN, TOKEN_MAX);
}

enum ff_err ff_guard_init(struct ff_guard *guard, const char *path,
                          struct ff_fault *fault)
{
    *guard = (struct ff_guard) { .has_token = path != NULL };
    if (!path)
        return FF_OK;
    if (sodium_init() < 0)
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    FILE *file = fopen(path, "re");
    if (!file)
        return ff_fault_set(fault, FF_ERR_IO, "--token-file %.200s: %s", path,
                            strerror(errno));
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the token stays behind */
    const enum ff_err err = read_token(guard, file, path, fault);
    fclose(file);
    return err;
}

/* The password of "user:password" in base64. False if it is none. */
static bool read_basic(const char *text, char password[static TOKEN_MAX + 1])
{
    char plain[TOKEN_MAX + 128];
    size_t len;
    if (sodium_base642bin((unsigned char *)plain, sizeof plain - 1, text, strlen(text),
                          NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    plain[len] = '\0';
    const char *colon = strchr(plain, ':');
    if (!colon || strlen(colon + 1) > TOKEN_MAX)
        return false;
    snprintf(password, TOKEN_MAX + 1, "%s", colon + 1);
    return true;
}

bool ff_guard_admits(const struct ff_guard *guard, const char *authorization)
{
    unsigned char theirs[FF_TOKEN_DIGEST_BYTES];
    char token[TOKEN_MAX + 1] = "";
    if (!guard->has_token)
        return true;
    if (!authorization)
        return false;
    if (strncasecmp(authorization, "Bearer ", 7) == 0)
        snprintf(token, sizeof token, "%s", authorization + 7);
    else if (strncasecmp(authorization, "Basic ", 6) != 0 ||
             !read_basic(authorization + 6, token))
        return false;
    digest(theirs, token, strlen(token));
    return sodium_memcmp(theirs, guard->digest, sizeof theirs) == 0;
}

bool ff_guard_is_loopback_host(const char *text)
{
    char host[64];
    const char *port;
    struct ff_listen listen;
    return text && split(text, host, sizeof host, &port) &&
           read_address(&listen, host, 0) && listen.is_loopback;
}
