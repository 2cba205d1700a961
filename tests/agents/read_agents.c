/* Reads agent strings, one a line, as a log would have them, and writes what each says:
 * browser, system, device, robot class and name, then browser and system as the
 * patterns have them, before the closed list of words; parted by tabs. Fails where the
 * prefilter changes the outcome. With `bench N`, reads the lines N times and writes
 * times instead. Used by fixtures.py. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "agents.h"
#include "escape.h"
#include "patterns.h"

#define MAX_LINES  100000
#define TEXT_BYTES 4096

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

/* What a pattern says a text is, though no list may know the word; an empty span if no
 * pattern of the section matches. */
static struct ff_span called(struct ff_patterns *patterns, enum ff_section section,
                             char *out, size_t size, const struct ff_pattern **found)
{
    struct ff_fault fault;
    if (ff_patterns_first(patterns, section, found, &fault) || !*found)
        return FF_SPAN("");
    if ((*found)->form)
        return ff_patterns_fill(patterns, (*found)->form, out, size);
    return ff_agents_data.words[(*found)->word];
}

/* "Chrome 126\tWindows", as uap-core's patterns have it. */
static void read_patterns(struct ff_patterns *patterns, struct ff_span text,
                          bool is_slow, char *out, size_t size)
{
    char name[TEXT_BYTES], version[TEXT_BYTES], system[TEXT_BYTES];
    const struct ff_pattern *found;
    (is_slow ? ff_patterns_look_slowly : ff_patterns_look)(patterns, text);
    const struct ff_span browser =
        called(patterns, FF_SECTION_FAMILY, name, sizeof name, &found);
    const struct ff_span major =
        browser.len
            ? ff_patterns_fill(patterns, found->version, version, sizeof version)
            : FF_SPAN("");
    const struct ff_span on =
        called(patterns, FF_SECTION_SYSTEM, system, sizeof system, &found);
    snprintf(out, size, "%.*s\t%.*s\t%.*s", (int)browser.len, browser.data,
             (int)major.len, major.data, (int)on.len, on.data);
}

static int write_patterns(struct ff_patterns *patterns, struct ff_span line)
{
    static char text[1 << 16], quick[3 * TEXT_BYTES], slow[3 * TEXT_BYTES];
    if (line.len > sizeof text)
        return 1;
    const struct ff_span plain = { text, ff_log_unescape(line, text) };
    read_patterns(patterns, plain, false, quick, sizeof quick);
    read_patterns(patterns, plain, true, slow, sizeof slow);
    puts(quick);
    return strcmp(quick, slow) != 0;
}

static int compare(struct ff_agents *agents, struct ff_patterns *patterns,
                   const struct ff_span *lines, size_t n)
{
    static const char *const classes[FF_ROBOTS] = { "human", "declared", "ai" };
    struct ff_fault fault;
    int status = 0;
    for (size_t i = 0; i < n; i++) {
        const struct ff_agent *quick, *slow;
        if (ff_agent_read(agents, lines[i], &quick, &fault) ||
            ff_agent_read_slowly(agents, lines[i], &slow, &fault))
            return fail(&fault);
        write_span(quick->browser, '\t');
        write_span(quick->system, '\t');
        write_span(quick->device, '\t');
        write_span(ff_span_of(classes[quick->robot]), '\t');
        write_span(quick->name, '\t');
        if (write_patterns(patterns, lines[i]) || quick != slow) {
            fprintf(stderr, "read_agents: line %zu: the prefilter lost something\n",
                    i + 1);
            status = 1;
        }
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
    struct ff_patterns *patterns;
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
    if (!lines || ff_agents_create(&agents, &fault) ||
        ff_patterns_create(&ff_agents_data, &patterns, &fault))
        return fail(&fault);
    if (argc > 2)
        printf("start: %.2f ms\n", (now_us() - start) / 1e3);
    const int status = argc > 2
                           ? bench(agents, lines, n, (int)strtol(argv[2], NULL, 10))
                           : compare(agents, patterns, lines, n);
    ff_patterns_destroy(patterns);
    ff_agents_destroy(agents);
    for (size_t i = 0; i < n; i++)
        free((char *)lines[i].data);
    free(lines);
    return status;
}
