/* The dashboard's own process. It is forked before the log is opened and the first key
 * is drawn, so it never holds either, and it is told what to show through memory that
 * the processes share: the last figures win, and nobody waits for whom. A terminal that
 * stalls stalls the drawing alone; when that ends, whatever the reason, the terminal is
 * as it was before and the reading goes on. */
#ifndef FF_SCREEN_H
#define FF_SCREEN_H

#include <stdatomic.h>
#include <sys/types.h>
#include <termios.h>

#include "footfall/board.h"
#include "footfall/zone.h"
#include "held.h"
#include "version.h"

#define FF_SCREEN_RESTORE 256

/* What a copy of the reader publishes (live_snapshot.c). */
struct ff_screen_board {
    struct ff_board board;
    uint32_t active;
};

/* In memory that is shared. */
struct ff_shared {
    /* The reader's, at any time. */
    _Atomic uint64_t lines;
    _Atomic int64_t clock;
    atomic_bool is_over;

    /* A copy fills boards[(published + 1) % 2], then counts up; there is one copy at
     * most, and one that dies half way has published nothing. */
    _Atomic uint64_t published;
    _Atomic double seconds; /* that the last one took to make */
    struct ff_screen_board boards[2];

    /* The drawing process's. */
    _Atomic uint64_t taken; /* the board published so is on the screen */
    atomic_bool wants_end;
    atomic_bool is_dirty; /* the terminal is not as it was */
    struct termios before;
    char restore[FF_SCREEN_RESTORE]; /* what makes it so, for when the process dies */
};

/* Begin with zeros. */
struct ff_screen {
    struct ff_shared *shared; /* NULL: there is no screen */
    pid_t process;
    pid_t reader;
    int terminal;        /* for both directions */
    struct ff_held held; /* until the end */
    const struct ff_zone *zone;
};

#ifdef FF_HAS_DASHBOARD
/* False where standard output is no terminal of ours, or may not be drawn on. Must come
 * before anything that the drawing process is not to hold. `zone` is borrowed. */
bool ff_screen_begin(struct ff_screen *screen, const struct ff_zone *zone);
/* What the drawing process does; never returns. */
_Noreturn void ff_screen_run(struct ff_screen *screen);
#else
static inline bool ff_screen_begin(struct ff_screen *screen, const struct ff_zone *zone)
{
    (void)screen;
    (void)zone;
    return false;
}
#endif

/* Looks after it, and stops the reader where the terminal's user stops both (Ctrl-Z).
 * False when it has ended: call ff_screen_end then. */
bool ff_screen_tend(struct ff_screen *screen);
/* Whether the user has asked for the end of all. */
bool ff_screen_wants_end(const struct ff_screen *screen);

/* Ends the process, if there is one, and gives the terminal back. Waits a moment; one
 * that hangs at its terminal is killed. What was said meanwhile is still held back. */
void ff_screen_end(struct ff_screen *screen);

#endif
