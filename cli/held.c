#include "held.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST       (64 << 10)
#define PATIENCE_S 2

void ff_held_begin(struct ff_held *held)
{
    *held = (struct ff_held) { -1, -1 };
    if (!isatty(STDERR_FILENO))
        return;
    const int fd = memfd_create("messages", MFD_CLOEXEC);
    const int before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (fd >= 0 && before >= 0 && fcntl(fd, F_SETFL, O_APPEND) == 0 &&
        dup2(fd, STDERR_FILENO) >= 0) {
        *held = (struct ff_held) { fd, before };
        return;
    }
    if (fd >= 0)
        close(fd);
    if (before >= 0)
        close(before);
}

static off_t bytes_of(const struct ff_held *held)
{
    return held->messages < 0 ? 0 : lseek(held->messages, 0, SEEK_END);
}

void ff_held_tend(const struct ff_held *held)
{
    if (bytes_of(held) > MOST && ftruncate(held->messages, 0) != 0)
        return; /* it is memory: then it stays */
}

size_t ff_held_last(const struct ff_held *held, char *text, size_t size)
{
    char end[512];
    const off_t len = bytes_of(held);
    const off_t from = len > (off_t)sizeof end ? len - (off_t)sizeof end : 0;
    ssize_t n = len > 0 ? pread(held->messages, end, sizeof end, from) : 0;
    text[0] = '\0';
    while (n > 0 && end[n - 1] == '\n')
        n--;
    ssize_t begin = n > 0 ? n : 0;
    while (begin > 0 && end[begin - 1] != '\n')
        begin--;
    if (n > begin) {
        const size_t last = (size_t)(n - begin);
        const size_t room = last < size ? last : size - 1;
        memcpy(text, end + begin, room);
        text[room] = '\0';
    }
    return len > 0 ? (size_t)len : 0;
}

void ff_held_end(struct ff_held *held)
{
    char text[4096];
    struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
    ssize_t n;
    off_t at = 0;
    if (held->messages < 0)
        return;
    dup2(held->before, STDERR_FILENO);
    while ((n = pread(held->messages, text, sizeof text, at)) > 0 &&
           poll(&out, 1, PATIENCE_S * 1000) == 1 &&
           write(STDERR_FILENO, text, (size_t)n) == n)
        at += n;
    close(held->before);
    close(held->messages);
    *held = (struct ff_held) { -1, -1 };
}
