/* Loaded before footfall (LD_PRELOAD), lets another process look at its memory when all
 * work is done: once main has returned the process stops itself.
 *
 *   PAUSE_RANDOM  a file that gets what random bytes the program asked libsodium ("k")
 *                 or the system ("s") for: that letter, the length in a byte, and the
 *                 bytes inverted, since what is looked for must not lie in here
 *
 * The program forbids to be looked at; that is left out, so that no privilege is
 * needed.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
