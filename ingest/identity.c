#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define END_BYTES ((size_t)64 << 10)

static struct ff_digest digest(struct ff_span bytes, const unsigned char *key)
{
    struct ff_digest d;
    crypto_generichash(d.bytes, sizeof d.bytes, (const unsigned char *)bytes.data,
                       bytes.len, key, FF_CONTENT_KEY_BYTES);
    return d;
}

/* Up to END_BYTES from `at` on; what a shrinking file no longer has is left out. */
static bool read_at(int fd, off_t at, char *buffer, struct ff_span *out)
{
    size_t n = 0;
    while (n < END_BYTES) {
        const ssize_t got = pread(fd, buffer + n, END_BYTES - n, at + (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *out = (struct ff_span) { buffer, n };
    return true;
}

static bool read_ends(int fd, struct ff_content *out, char *buffer,
                      const unsigned char *key)
{
    struct stat st;
    struct ff_span bytes;
    if (fstat(fd, &st) != 0)
        return false;
    out->file_bytes = (uint64_t)st.st_size;
    if (!read_at(fd, 0, buffer, &bytes))
        return false;
    out->first = digest(bytes, key);
    const off_t end = st.st_size > (off_t)END_BYTES ? st.st_size - (off_t)END_BYTES : 0;
    if (!read_at(fd, end, buffer, &bytes))
        return false;
    out->last = digest(bytes, key);
    return true;
}

enum ff_err ff_identity_read(struct ff_content *out, const char *path,
                             struct ff_span text, const unsigned char *key,
                             struct ff_fault *fault)
{
    *out = (struct ff_content) { .n_heads = 0 };
    for (unsigned i = 0; i < FF_CONTENT_HEADS; i++) {
        const size_t len = ff_content_head_bytes[i];
        if (text.len < len)
            break;
        out->heads[out->n_heads++] = digest((struct ff_span) { text.data, len }, key);
    }
    char *buffer = malloc(END_BYTES);
    if (!buffer)
        return ff_fault_nomem(fault);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_read = fd >= 0 && read_ends(fd, out, buffer, key);
    const int error = errno;
    if (fd >= 0)
        close(fd);
    sodium_memzero(buffer, END_BYTES); /* it held addresses */
    free(buffer);
    return is_read ? FF_OK
                   : ff_fault_set(fault, FF_ERR_IO, "%.200s: cannot be read: %s", path,
                                  strerror(error));
}
