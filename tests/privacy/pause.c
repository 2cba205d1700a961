/* Loaded before footfall (LD_PRELOAD), lets another process look at its memory when all
 * work is done: once main has returned the process stops itself.
 *
 *   PAUSE_RANDOM  a file that gets what random bytes the program asked libsodium ("k")
 *                 or the system ("s") for: that letter, the length in a byte, and the
 *                 bytes inverted, since what is looked for must not lie in here
 *
 *   PAUSE_FREED   a file that gets a line for each piece of memory that is freed while
 *                 it holds the word "planted": what comes later may hide it
 *
 *   PAUSE_COPIES  if it is there, a copy that live makes to count what it has stops
 *                 itself before it begins
 *
 * The program forbids to be looked at; that is left out, so that no privilege is
 * needed.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

static void note(char whom, const unsigned char *bytes, size_t len)
{
    unsigned char inverted[257];
    const char *path = getenv("PAUSE_RANDOM");
    const int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (fd < 0)
        return;
    if (len > 255)
        len = 255;
    inverted[0] = (unsigned char)whom;
    inverted[1] = (unsigned char)len;
    for (size_t i = 0; i < len; i++)
        inverted[2 + i] = bytes[i] ^ 0xff;
    if (write(fd, inverted, 2 + len) < 0)
        abort();
    close(fd);
}

void randombytes_buf(void *buffer, size_t len);

void randombytes_buf(void *buffer, size_t len)
{
    void (*real)(void *, size_t);
    *(void **)&real = dlsym(RTLD_NEXT, "randombytes_buf");
    real(buffer, len);
    note('k', buffer, len);
}

ssize_t getrandom(void *buffer, size_t len, unsigned flags)
{
    ssize_t (*real)(void *, size_t, unsigned);
    *(void **)&real = dlsym(RTLD_NEXT, "getrandom");
    const ssize_t got = real(buffer, len, flags);
    if (got > 0)
        note('s', buffer, (size_t)got);
    return got;
}

/* Small letters or capitals; inverted, so that it is not found here. */
static bool holds_planted(const unsigned char *bytes, size_t len)
{
    static const unsigned char word[] = { 0x8f, 0x93, 0x9e, 0x91, 0x8b, 0x9a, 0x9b };
    for (size_t i = 0; i + sizeof word <= len; i++) {
        size_t n = 0;
        while (n < sizeof word && (bytes[i + n] | 0x20) == (word[n] ^ 0xff))
            n++;
        if (n == sizeof word)
            return true;
    }
    return false;
}

static void look_at_freed(void *memory)
{
    const size_t len = memory ? malloc_usable_size(memory) : 0;
    const char *path = getenv("PAUSE_FREED");
    char text[64];
    if (!path || !holds_planted(memory, len))
        return;
    const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int n = snprintf(text, sizeof text, "%zu bytes\n", len);
    if (fd < 0 || write(fd, text, (size_t)n) != n)
        abort();
    close(fd);
}

/* glibc's own names. */
void __libc_free(void *memory);
void *__libc_realloc(void *memory, size_t size);

void free(void *memory)
{
    look_at_freed(memory);
    __libc_free(memory);
}

void *realloc(void *memory, size_t size)
{
    look_at_freed(memory);
    return __libc_realloc(memory, size);
}

/* The first thing that a copy does is to go behind the reading. */
int nice(int by)
{
    int (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, "nice");
    if (getenv("PAUSE_COPIES"))
        raise(SIGSTOP);
    return real(by);
}

int prctl(int option, ...)
{
    unsigned long arguments[4];
    va_list args;
    va_start(args, option);
    for (size_t i = 0; i < 4; i++)
        arguments[i] = va_arg(args, unsigned long);
    va_end(args);
    if (option == PR_SET_DUMPABLE)
        return 0;
    int (*real)(int, unsigned long, unsigned long, unsigned long, unsigned long);
    *(void **)&real = dlsym(RTLD_NEXT, "prctl");
    return real(option, arguments[0], arguments[1], arguments[2], arguments[3]);
}

__attribute__((destructor)) static void stop(void)
{
    raise(SIGSTOP);
}
