#include "screen.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* So long it has to leave the terminal. */
#define END_TENTHS 15
/* So long to stop, after Ctrl-Z. */
#define STOP_TENTHS 5

static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "processes share these, and no lock");

static void wait_a_tenth(void)
{
    const struct timespec tenth = { .tv_nsec = 100000000 };
    nanosleep(&tenth, NULL);
}

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTSTP);
}

#ifdef FF_HAS_DASHBOARD

/* A terminal that is ours to draw on: both ends are the one that keys come from. */
static int open_terminal(void)
{
    if (!isatty(STDOUT_FILENO))
        return -1;
    const int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 && tcgetpgrp(fd) == getpgrp())
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool ff_screen_begin(struct ff_screen *screen, const struct ff_zone *zone)
{
    sigset_t stops;
    const int terminal = open_terminal();
    if (terminal < 0)
        return false;
    struct ff_shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        close(terminal);
        return false;
    }
    *screen = (struct ff_screen) {
        .shared = shared, .reader = getpid(), .terminal = terminal, .zone = zone
    };
    ff_held_begin(&screen->held);
    stop_signals(&stops);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    /* In the background, after Ctrl-Z and bg, neither is to be stopped by its terminal.
     */
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    fflush(NULL);
    screen->process = fork();
    if (screen->process == 0) {
        sigprocmask(SIG_UNBLOCK, &stops, NULL);
        ff_screen_run(screen);
    }
    if (screen->process < 0)
        ff_screen_end(screen);
    return screen->shared != NULL;
}

#endif

bool ff_screen_wants_end(const struct ff_screen *screen)
{
    return atomic_load(&screen->shared->wants_end);
}

/* Once it has, there is no process of that number to ask again. */
static bool has_ended(struct ff_screen *screen)
{
    if (screen->process > 0 && waitpid(screen->process, NULL, WNOHANG) != 0)
        screen->process = 0;
    return screen->process <= 0;
}

/* The drawing process leaves the terminal first, so that the shell finds it as it was.
 */
static void stop_both(const struct ff_screen *screen)
{
    for (int i = 0; i < STOP_TENTHS; i++) {
        siginfo_t info = { 0 };
        if (waitid(P_PID, (id_t)screen->process, &info, WSTOPPED | WNOHANG | WNOWAIT) ||
            info.si_pid)
            break;
        wait_a_tenth();
    }
    raise(SIGSTOP);
}

bool ff_screen_tend(struct ff_screen *screen)
{
    const struct timespec at_once = { 0 };
    sigset_t stops;
    stop_signals(&stops);
    if (sigtimedwait(&stops, NULL, &at_once) > 0)
        stop_both(screen);
    ff_held_tend(&screen->held);
    return !has_ended(screen);
}

/* For a process that could not: what it had not yet written is dropped. A terminal that
 * was stopped (Ctrl-S) runs again without flow control; one that takes nothing even so
 * is not waited for. */
static void restore(const struct ff_shared *shared)
{
    const int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    struct termios running = shared->before;
    if (fd < 0)
        return;
    running.c_iflag &= ~(tcflag_t)IXON;
    tcflush(fd, TCOFLUSH);
    tcsetattr(fd, TCSANOW, &running);
    const size_t len = strnlen(shared->restore, sizeof shared->restore);
    const ssize_t n = write(fd, shared->restore, len);
    (void)n;
    tcsetattr(fd, TCSANOW, &shared->before);
    close(fd);
}

void ff_screen_end(struct ff_screen *screen)
{
    sigset_t stops;
    struct ff_shared *shared = screen->shared;
    if (!shared)
        return;
    atomic_store(&shared->is_over, true);
    for (int i = 0; i < END_TENTHS && !has_ended(screen); i++)
        wait_a_tenth();
    if (!has_ended(screen)) {
        kill(screen->process, SIGKILL);
        waitpid(screen->process, NULL, 0);
        screen->process = 0;
    }
    if (atomic_load(&shared->is_dirty))
        restore(shared);
    close(screen->terminal);
    munmap(shared, sizeof *shared);
    screen->shared = NULL;
    stop_signals(&stops);
    sigprocmask(SIG_UNBLOCK, &stops, NULL);
}
