#include "progress.h"

#include <time.h>
#include <unistd.h>

#define EVERY_SECONDS 0.1
#define WIDTH         30

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void ff_progress_begin(struct ff_progress *p, bool is_wanted)
{
    *p = (struct ff_progress) { .is_on = is_wanted || isatty(STDERR_FILENO),
                                .began = now() };
}

static void print_rate(double lines_per_second)
{
    if (lines_per_second >= 1e6)
        fprintf(stderr, "  %.1f M lines/s", lines_per_second / 1e6);
    else
        fprintf(stderr, "  %.0f k lines/s", lines_per_second / 1e3);
}

static void print_bar(double share, double seconds)
{
    fputs("\r[", stderr);
    for (int i = 0; i < WIDTH; i++)
        fputc(i < share * WIDTH ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %%", share * 100);
    if (share > 0.01 && seconds > 0.5)
        fprintf(stderr, "  %.0f s left", seconds / share - seconds);
}

bool ff_progress_is_due(struct ff_progress *p)
{
    if (!p->is_on || ++p->calls % 16)
        return false;
    const double time = now();
    const bool is_due = time - p->shown >= EVERY_SECONDS;
    p->shown = is_due ? time : p->shown;
    return is_due;
}

void ff_progress_show(struct ff_progress *p, const struct ff_ingest *ingest,
                      uint64_t lines)
{
    const double seconds = p->shown - p->began;
    uint64_t read, total;
    ff_ingest_progress(ingest, &read, &total);
    if (total)
        print_bar(read > total ? 1 : (double)read / (double)total, seconds);
    else
        fprintf(stderr, "\r%llu lines", (unsigned long long)lines);
    print_rate(seconds > 0 ? (double)lines / seconds : 0);
    fputs("\033[K", stderr);
}

void ff_progress_end(struct ff_progress *p)
{
    if (p->is_on && p->shown > 0)
        fputs("\r\033[K", stderr);
}
