/* Reads referrers, one a line, and writes channel, name and raw term of each, parted by
 * tabs. With `bench N`, reads the lines N times and writes the time a call instead.
 * Used by check_lists.py. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "referrer.h"

#define MAX_LINES 100000

static const char *const channels[FF_CHANNELS] = {
    "direct",        "internal",       "campaign", "ai assistant",
    "search engine", "social network", "email",    "site",
};

static int fail(const char *text)
{
    fprintf(stderr, "read_referrers: %s\n", text);
    return 1;
}

static int write_all(const struct ff_referrers *referrers, const struct ff_span *lines,
                     size_t n, struct ff_arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        struct ff_origin origin;
        struct ff_fault fault;
        if (ff_referrer_read(referrers, lines[i], arena, &origin, &fault) != FF_OK)
            return fail(fault.text);
        printf("%s\t%.*s\t%.*s\n", channels[origin.channel], (int)origin.name.len,
               origin.name.data, (int)origin.term.len, origin.term.data);
        ff_arena_reset(arena);
    }
    return 0;
}

static int bench(const struct ff_referrers *referrers, const struct ff_span *lines,
                 size_t n, int rounds)
{
    struct ff_arena arena;
    struct timespec from, to;
    size_t known = 0;
    ff_arena_init(&arena, 1 << 16, 1 << 20);
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < n; i++) {
            struct ff_origin origin;
            struct ff_fault fault;
            if (ff_referrer_read(referrers, lines[i], &arena, &origin, &fault) != FF_OK)
                return fail(fault.text);
            known += origin.channel != FF_SITE;
            if (i % 256 == 0)
                ff_arena_reset(&arena);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double ns =
        (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    printf("%zu lines, %zu known, %.0f ns each\n", n, known / (size_t)rounds,
           ns / (double)n / rounds);
    ff_arena_clear(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    const int rounds = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    struct ff_span *lines = (struct ff_span *)calloc(MAX_LINES, sizeof *lines);
    struct ff_referrers *referrers = NULL;
    struct ff_fault fault = { "out of memory" };
    struct ff_arena arena;
    ff_arena_init(&arena, 1 << 20, (size_t)1 << 28);
    if (!lines || ff_referrers_create(&referrers, NULL, 0, &fault) != FF_OK)
        return fail(fault.text);

    char *text = NULL;
    size_t n = 0, cap = 0;
    ssize_t len;
    while (n < MAX_LINES && (len = getline(&text, &cap, stdin)) > 0) {
        const struct ff_span line = { text, (size_t)len - (text[len - 1] == '\n') };
        lines[n] = ff_arena_copy(&arena, line);
        if (!lines[n++].data)
            return fail("too much input");
    }
    struct ff_arena scratch;
    ff_arena_init(&scratch, 1 << 16, 1 << 20);
    const int status = rounds > 0 ? bench(referrers, lines, n, rounds)
                                  : write_all(referrers, lines, n, &scratch);
    ff_arena_clear(&scratch);
    ff_arena_clear(&arena);
    ff_referrers_destroy(referrers);
    free(lines);
    free(text);
    return status;
}
