/* Reads agent strings, one a line, as a log would have them, and writes what each says:
 * browser, system, device, robot class and name, parted by tabs. Fails where the
 * prefilter changes the outcome. With `bench N`, reads the lines N times and writes
 * times instead. Used by fixtures.py. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "agents.h"

#define MAX_LINES 100000

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int fail(const struct ff_fault *fault)
{
    fprintf(stderr, "read_agents: %s\n", fault->text);
    return 1;
}

static void write_span(struct ff_span s, char after)
{
    fwrite(s.data, 1, s.len, stdout);
    putchar(after);
}

static int compare(struct ff_agents *agents, const struct ff_span *lines, size_t n)
{
    static const char *const classes[FF_ROBOTS] = { "human", "declared", "ai" };
    struct ff_fault fault;
    int status = 0;
    for (size_t i = 0; i < n; i++) {
        const struct ff_agent *quick, *slow;
        if (ff_agent_read(agents, lines[i], &quick, &fault) ||
            ff_agent_read_slowly(agents, lines[i], &slow, &fault))
            return fail(&fault);
        if (quick != slow) {
            fprintf(stderr, "read_agents: line %zu: the prefilter lost something\n",
                    i + 1);
            status = 1;
        }
        write_span(quick->browser, '\t');
        write_span(quick->system, '\t');
        write_span(quick->device, '\t');
        write_span(ff_span_of(classes[quick->robot]), '\t');
        write_span(quick->name, '\n');
    }
    return status;
}

/* The first pass compiles patterns. Each line has a number of its own behind it, so
 * that the memo knows none of them. */
static int bench(struct ff_agents *agents, const struct ff_span *lines, size_t n,
                 int passes)
{
    struct ff_fault fault;
    const struct ff_agent *agent;
    for (int pass = 0; pass < passes; pass++) {
        const double start = now_us();
        double worst = 0;
        for (size_t i = 0; i < n; i++) {
            char text[2048];
            if (lines[i].len > 2000)
                continue;
            const int len = snprintf(text, sizeof text, "%.*s %zu", (int)lines[i].len,
                                     lines[i].data, (size_t)pass * n + i);
            const double before = now_us();
            if (ff_agent_read(agents, (struct ff_span) { text, (size_t)len }, &agent,
                              &fault))
                return fail(&fault);
            const double took = now_us() - before;
            worst = took > worst ? took : worst;
        }
        printf("pass %d: %.2f us an agent, worst %.0f us\n", pass,
               (now_us() - start) / (double)n, worst);
    }
    const double start = now_us();
    for (int k = 0; k < 1000; k++) {
        if (ff_agent_read(agents, lines[0], &agent, &fault))
            return fail(&fault);
    }
    printf("memo: %.0f ns an agent\n", now_us() - start);
    return 0;
}

int main(int argc, char **argv)
{
    struct ff_fault fault;
    struct ff_agents *agents;
    struct ff_span *lines = calloc(MAX_LINES, sizeof *lines);
    size_t n = 0, room = 0;
    char *line = NULL;
    ssize_t len;
    while (lines && n < MAX_LINES && (len = getline(&line, &room, stdin)) > 0) {
        lines[n++] = (struct ff_span) { line, (size_t)len - (line[len - 1] == '\n') };
        line = NULL; /* kept: the span is of it */
        room = 0;
    }
    free(line);
    const double start = now_us();
    if (!lines || ff_agents_create(&agents, &fault))
        return fail(&fault);
    if (argc > 2)
        printf("start: %.2f ms\n", (now_us() - start) / 1e3);
    const int status = argc > 2
                           ? bench(agents, lines, n, (int)strtol(argv[2], NULL, 10))
                           : compare(agents, lines, n);
    ff_agents_destroy(agents);
    for (size_t i = 0; i < n; i++)
        free((char *)lines[i].data);
    free(lines);
    return status;
}
