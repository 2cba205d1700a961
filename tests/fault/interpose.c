/* Loaded before a program (LD_PRELOAD), makes its n-th system call of some kinds fail,
 * or the program die there. Settings are environment variables:
 *
 *   FAULT_CALLS  which calls are counted: "write,fsync,rename"; "all" is each of them
 *   FAULT_PATH   only those on paths that hold this text
 *   FAULT_AT     the n-th of them, from 1
 *   FAULT_HOW    ENOSPC, EIO, EACCES, EROFS: it fails so; SHORT: a write takes half;
 *                KILL: the process dies before it, DIES: after it
 *   FAULT_STAYS  set: all later ones fail too, as on a full disk
 *   FAULT_MARK   a file that is made when the n-th is reached
 *   FAULT_WAIT   a file: when the n-th is reached, it is waited for until it is gone
 *                (someone changes things meanwhile), and nothing fails
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the program calls; stdio and friends inside the C library do not come here.
 * REAL(write) is the library's own. */
#define REAL(name)                                                                     \
    static __typeof__(&name) real;                                                     \
    if (!real)                                                                         \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

enum fate { GO_ON, FAIL, HALVE, DIE_AFTER };

static bool is_counted(const char *call)
{
    const char *calls = getenv("FAULT_CALLS");
    const char *at = calls ? strstr(calls, call) : NULL;
    return at || (calls && strcmp(calls, "all") == 0);
}

static bool is_on_path(const char *path)
{
    const char *wanted = getenv("FAULT_PATH");
    return !wanted || strstr(path, wanted);
}

static void mark(void)
{
    const char *path = getenv("FAULT_MARK");
    if (path)
        syscall(SYS_close, syscall(SYS_open, path, O_WRONLY | O_CREAT, 0644));
}

static void wait_for_others(const char *path)
{
    while (syscall(SYS_access, path, F_OK) == 0)
        usleep(1000);
}

static int error_of(const char *how)
{
    return strcmp(how, "ENOSPC") == 0   ? ENOSPC
           : strcmp(how, "EACCES") == 0 ? EACCES
           : strcmp(how, "EROFS") == 0  ? EROFS
                                        : EIO;
}

/* What becomes of this call. */
static enum fate fate_of(const char *call, const char *path)
{
    static unsigned long n;
    const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
    const char *wait = getenv("FAULT_WAIT");
    if (!at || !is_counted(call) || !is_on_path(path))
        return GO_ON;
    const unsigned long wanted = strtoul(at, NULL, 10);
    if (++n < wanted || (n > wanted && !getenv("FAULT_STAYS")))
        return GO_ON;
    mark();
    if (wait)
        wait_for_others(wait);
    if (wait || !how)
        return GO_ON;
    if (strcmp(how, "KILL") == 0)
        raise(SIGKILL);
    if (strcmp(how, "DIES") == 0)
        return DIE_AFTER;
    if (strcmp(how, "SHORT") == 0)
        return HALVE;
    errno = error_of(how);
    return FAIL;
}

static enum fate fate_of_fd(const char *call, int fd)
{
    char link[40], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return fate_of(call, path);
}

static void end(enum fate fate)
{
    if (fate == DIE_AFTER)
        raise(SIGKILL);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    REAL(write);
    const enum fate fate = fate_of_fd("write", fd);
    if (fate == FAIL)
        return -1;
    const ssize_t done = real(fd, bytes, fate == HALVE && n > 1 ? n / 2 : n);
    end(fate);
    return done;
}

ssize_t read(int fd, void *bytes, size_t n)
{
    REAL(read);
    const enum fate fate = fate_of_fd("read", fd);
    if (fate == FAIL)
        return -1;
    const ssize_t done = real(fd, bytes, n);
    end(fate);
    return done;
}

ssize_t pread64(int fd, void *bytes, size_t n, off64_t at)
{
    REAL(pread64);
    const enum fate fate = fate_of_fd("pread", fd);
    if (fate == FAIL)
        return -1;
    const ssize_t done = real(fd, bytes, n, at);
    end(fate);
    return done;
}

int fsync(int fd)
{
    REAL(fsync);
    const enum fate fate = fate_of_fd("fsync", fd);
    if (fate == FAIL)
        return -1;
    const int done = real(fd);
    end(fate);
    return done;
}

/* What fails to close is closed all the same, as on Linux; what was only read cannot
 * fail. */
int close(int fd)
{
    REAL(close);
    const int flags = fcntl(fd, F_GETFL);
    const bool is_written = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
    const enum fate fate = is_written ? fate_of_fd("close", fd) : GO_ON;
    const int error = errno;
    const int done = real(fd);
    if (fate != FAIL) {
        end(fate);
        return done;
    }
    errno = error;
    return -1;
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    const enum fate fate = fate_of("rename", to);
    if (fate == FAIL)
        return -1;
    const int done = real(from, to);
    end(fate);
    return done;
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    const enum fate fate = fate_of("mkdir", path);
    if (fate == FAIL)
        return -1;
    const int done = real(path, mode);
    end(fate);
    return done;
}

int unlink(const char *path)
{
    REAL(unlink);
    const enum fate fate = fate_of("unlink", path);
    if (fate == FAIL)
        return -1;
    const int done = real(path);
    end(fate);
    return done;
}

static int open_counted(const char *name, const char *path, int flags, mode_t mode)
{
    REAL(open64);
    const enum fate fate = fate_of(name, path);
    if (fate == FAIL)
        return -1;
    const int done = real(path, flags, mode);
    end(fate);
    return done;
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return open_counted("open", path, flags, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    REAL(fopen64);
    const enum fate fate = fate_of("open", path);
    if (fate == FAIL)
        return NULL;
    FILE *done = real(path, mode);
    end(fate);
    return done;
}
