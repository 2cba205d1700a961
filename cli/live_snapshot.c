/* What live shows while it reads. A snapshot is made by a forked copy of the process,
 * which closes the open periods as they would be closed at their end: the same code,
 * run on what is there, and nothing of it comes back. The copy has no keys
 * (deidentify.c). It goes behind the reading (nice), and there is one at most of each
 * kind: a reader of ours that stalls stalls its own. */
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live.h"
#include "output.h"
#include "version.h"

#define LINE_SECONDS  60
#define PAGE_SECONDS  5
#define BOARD_SECONDS 0.25
/* Without a line too the figures change, of visits that are under way. */
#define BOARD_IDLE_SECONDS 5
/* A snapshot is not begun again before so many times what the last one took. */
#define REST       10
#define BOARD_REST 5
/* The screen is looked after so often. */
#define TEND_SECONDS 0.05
/* At the end those at work have so long. */
#define END_SECONDS 2
#define NICE        10

/* ---- in the copy ---- */

static enum ff_err make_view(const struct ff_live *live,
                             const struct ff_rollup_list *rollups,
                             struct ff_view **view, struct ff_fault *fault)
{
    const struct ff_view_settings settings = {
        .run = { .outside = ff_aggregate_late(live->aggregate),
                 .is_provisional = true },
        .version = FF_VERSION,
    };
    return ff_view_create(view, rollups, &settings, fault);
}

static enum ff_err write_page(const struct ff_live *live, unsigned live_seconds,
                              struct ff_fault *fault)
{
    const struct ff_render_settings settings = { .rows = live->options->rows,
                                                 .live_seconds = live_seconds };
    struct ff_view *view;
    FF_TRY(make_view(live, &live->closed, &view, fault));
    const enum ff_err err = ff_output_page(live->options->html, view, &settings, fault);
    ff_view_destroy(view);
    return err;
}

/* The last period's, for the screen. */
static enum ff_err write_board(const struct ff_live *live, uint32_t active,
                               struct ff_fault *fault)
{
    struct ff_shared *shared = live->screen.shared;
    const uint64_t next = atomic_load(&shared->published) + 1;
    struct ff_screen_board *to = &shared->boards[next % 2];
    const struct ff_rollup_list last = { &live->closed.items[live->closed.n - 1], 1,
                                         1 };
    struct ff_view *view;
    FF_TRY(make_view(live, &last, &view, fault));
    FF_TRY(ff_board_fill(&to->board, view, fault));
    to->active = active;
    atomic_store(&shared->seconds,
                 ff_live_seconds() - live->snapshots[FF_LIVE_BOARD].began);
    atomic_store(&shared->published, next);
    ff_view_destroy(view);
    return FF_OK;
}

size_t ff_live_put_time(char *text, size_t size, const struct ff_zone *zone,
                        int64_t time)
{
    const int64_t local = time + ff_zone_east(zone, time);
    const struct ff_date d = ff_date_of_day(ff_day_of_time(local));
    const unsigned at =
        (unsigned)(local - (int64_t)ff_day_of_time(local) * FF_DAY_SECONDS);
    return (size_t)snprintf(text, size, "%04d-%02u-%02u %02u:%02u:%02u", (int)d.year,
                            d.month, d.day, at / 3600, at / 60 % 60, at % 60);
}

/* A line on standard output, provisional like all that live shows. */
static void write_line(const struct ff_live *live, const struct ff_rollup *rollup,
                       const struct ff_live_figures *f)
{
    char line[256];
    size_t len =
        ff_live_put_time(line, sizeof line, &live->options->zone, live->clock.time);
    const struct ff_totals *t = &rollup->totals;
    if (rollup->has_totals)
        len += (size_t)snprintf(line + len, sizeof line - len,
                                "  %llu visitors  %llu visits  %llu page views",
                                (unsigned long long)t->visitors,
                                (unsigned long long)t->visits,
                                (unsigned long long)t->page_views);
    else
        len += (size_t)snprintf(line + len, sizeof line - len,
                                "  too few visitors to tell");
    if (f->active)
        len += (size_t)snprintf(line + len, sizeof line - len, "  %u now", f->active);
    const uint64_t late = ff_aggregate_late(live->aggregate);
    len += (size_t)snprintf(line + len, sizeof line - len, "  %.1f lines/s  %llu lines",
                            f->a_second, (unsigned long long)f->lines);
    if (late)
        len += (size_t)snprintf(line + len, sizeof line - len, ", %llu late",
                                (unsigned long long)late);
    line[len++] = '\n';
    /* Whoever does not read it misses it. A pipe that is ready takes a line whole. */
    struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
    if (poll(&out, 1, END_SECONDS * 1000) == 1 &&
        write(STDOUT_FILENO, line, len) != (ssize_t)len)
        return;
}

/* Closes what is open; the last period's visits that are under way are counted first.
 */
static enum ff_err release_open(struct ff_live *live, struct ff_live_figures *figures,
                                struct ff_fault *fault)
{
    int32_t start;
    const uint32_t timeout = live->options->visit_timeout;
    while (ff_aggregate_earliest(live->aggregate, &start)) {
        FF_TRY(ff_aggregate_active(live->aggregate, start, live->clock.time - timeout,
                                   &figures->active, fault));
        struct ff_rollup *rollup;
        FF_TRY(ff_aggregate_release(live->aggregate, start, &rollup, fault));
        rollup->is_partial = true;
        FF_TRY(ff_rollup_list_add(&live->closed, rollup, fault));
    }
    return FF_OK;
}

static enum ff_err make(struct ff_live *live, enum ff_live_output output,
                        struct ff_live_figures *figures, struct ff_fault *fault)
{
    FF_TRY(release_open(live, figures, fault));
    if (live->closed.n == 0)
        return FF_OK;
    const struct ff_rollup *last = live->closed.items[live->closed.n - 1];
    if (output == FF_LIVE_PAGE)
        return write_page(live, PAGE_SECONDS, fault);
    if (output == FF_LIVE_BOARD)
        return write_board(live, figures->active, fault);
    write_line(live, last, figures);
    return FF_OK;
}

/* The copy never comes back from here, and frees nothing. What would end the other
 * process is held here too. */
static _Noreturn void work(struct ff_live *live, enum ff_live_output output,
                           struct ff_live_figures *figures)
{
    struct ff_fault fault;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int is_nice = nice(NICE);
    (void)is_nice;
    const enum ff_err err = make(live, output, figures, &fault);
    if (err)
        ff_say("%s", fault.text);
    _exit(err ? 1 : 0);
}

/* ---- in the process that reads ---- */

static void begin(struct ff_live *live, enum ff_live_output output, double now)
{
    struct ff_live_snapshot *s = &live->snapshots[output];
    const double since = now - s->began;
    struct ff_live_figures figures = {
        .clock = live->clock.time,
        .lines = live->lines,
        .a_second = since > 0 ? (double)(live->lines - s->lines) / since : 0,
    };
    s->began = now;
    s->next = now + s->every;
    s->lines = live->lines;
    s->process = fork();
    if (s->process == 0)
        work(live, output, &figures);
    if (s->process < 0)
        s->process = 0; /* the next one may have more luck */
}

/* A board's copy tells what it took; of others it is when their end was seen. */
static void look_after(struct ff_live *live, enum ff_live_output output, double now)
{
    struct ff_live_snapshot *s = &live->snapshots[output];
    int status;
    if (s->process == 0 || waitpid(s->process, &status, WNOHANG) == 0)
        return;
    const bool is_told = output == FF_LIVE_BOARD && live->screen.shared && status == 0;
    const double took =
        is_told ? atomic_load(&live->screen.shared->seconds) : now - s->began;
    const double rested = s->began + took * (1 + s->rest);
    s->process = 0;
    if (s->next < rested)
        s->next = rested;
}

/* Lines, from now on. */
static void end_screen(struct ff_live *live, double now)
{
    ff_screen_end(&live->screen);
    live->snapshots[FF_LIVE_BOARD].is_on = false;
    live->snapshots[FF_LIVE_LINE].next = now + LINE_SECONDS;
}

static void tend_screen(struct ff_live *live, double now)
{
    struct ff_shared *shared = live->screen.shared;
    atomic_store(&shared->lines, live->lines);
    if (now - live->tended < TEND_SECONDS)
        return;
    live->tended = now;
    atomic_store(&shared->clock, ff_live_now(live));
    if (ff_screen_tend(&live->screen))
        return;
    live->is_stopped |= ff_screen_wants_end(&live->screen);
    end_screen(live, now);
    if (!live->is_stopped)
        ff_held_end(&live->screen.held);
}

/* Nothing is made that would show nothing new, or that a screen which stalls would not
 * show. */
static bool is_wanted(const struct ff_live *live, enum ff_live_output output,
                      double now)
{
    const struct ff_live_snapshot *s = &live->snapshots[output];
    const struct ff_shared *shared = live->screen.shared;
    if (!s->is_on || s->process || now < s->next)
        return false;
    if (output != FF_LIVE_BOARD)
        return true;
    return atomic_load(&shared->taken) == atomic_load(&shared->published) &&
           (live->lines != s->lines || now - s->began >= BOARD_IDLE_SECONDS);
}

void ff_live_begin_snapshots(struct ff_live *live)
{
    const double now = ff_live_seconds();
    const bool has_screen = ff_screen_begin(&live->screen, &live->options->zone);
    live->snapshots[FF_LIVE_LINE] = (struct ff_live_snapshot) { .is_on = true,
                                                                .every = LINE_SECONDS,
                                                                .rest = REST };
    live->snapshots[FF_LIVE_PAGE] = (struct ff_live_snapshot) {
        .is_on = live->options->html != NULL, .every = PAGE_SECONDS, .rest = REST
    };
    live->snapshots[FF_LIVE_BOARD] = (struct ff_live_snapshot) { .is_on = has_screen,
                                                                 .every = BOARD_SECONDS,
                                                                 .rest = BOARD_REST };
    for (size_t i = 0; i < FF_LIVE_OUTPUTS; i++) {
        live->snapshots[i].began = now;
        live->snapshots[i].next = now + live->snapshots[i].every;
    }
    live->snapshots[FF_LIVE_PAGE].next = now + 1;
    if (has_screen)
        live->snapshots[FF_LIVE_LINE].next = INFINITY;
}

void ff_live_show(struct ff_live *live)
{
    const double now = ff_live_seconds();
    if (live->screen.shared)
        tend_screen(live, now);
    for (size_t i = 0; i < FF_LIVE_OUTPUTS; i++) {
        look_after(live, (enum ff_live_output)i, now);
        if (is_wanted(live, (enum ff_live_output)i, now))
            begin(live, (enum ff_live_output)i, now);
    }
}

void ff_live_end_snapshots(struct ff_live *live)
{
    const double until = ff_live_seconds() + END_SECONDS;
    const struct timespec moment = { .tv_nsec = 10000000 };
    for (size_t i = 0; i < FF_LIVE_OUTPUTS; i++) {
        struct ff_live_snapshot *s = &live->snapshots[i];
        while (s->process && waitpid(s->process, NULL, WNOHANG) == 0) {
            if (ff_live_seconds() >= until)
                kill(s->process, SIGKILL);
            nanosleep(&moment, NULL);
        }
        s->process = 0;
    }
    ff_screen_end(&live->screen);
}

enum ff_err ff_live_show_last(struct ff_live *live, struct ff_fault *fault)
{
    const struct ff_live_snapshot *s = &live->snapshots[FF_LIVE_LINE];
    const double since = ff_live_seconds() - s->began;
    if (live->closed.n == 0)
        return FF_OK;
    const struct ff_live_figures figures = {
        .lines = live->lines,
        .a_second = since > 0 ? (double)(live->lines - s->lines) / since : 0,
    };
    if (s->is_on)
        write_line(live, live->closed.items[live->closed.n - 1], &figures);
    return live->options->html ? write_page(live, 0, fault) : FF_OK;
}
