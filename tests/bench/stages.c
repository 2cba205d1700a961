/* Where the time goes on the way from bytes to rollups: each stage does what the one
 * before it does and one step more, so the difference is the step's cost.
 *
 *     stages STAGE FILE [ROUNDS]      STAGE: read, cut, parse, hits, count, close, or
 * all
 *
 * Prints a line a stage: its name, lines, and nanoseconds a line (the best of ROUNDS).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "footfall/aggregate.h"
#include "footfall/ingest.h"
#include "formats.h"
#include "lines.h"

static void require(enum ff_err err, const struct ff_fault *fault)
{
    if (err) {
        fprintf(stderr, "stages: %s\n", fault->text);
        exit(1);
    }
}

static struct ff_lines *open_lines(const char *path)
{
    struct ff_fault fault = { 0 };
    struct ff_source *source;
    struct ff_lines *lines;
    require(ff_source_open(&source, path, &fault), &fault);
    require(ff_lines_open(&lines, source, &fault), &fault);
    return lines;
}

/* Bytes, decompressed, into memory. */
static uint64_t stage_read(const char *path)
{
    static char buffer[256 * 1024];
    struct ff_fault fault = { 0 };
    struct ff_source *source;
    uint64_t bytes = 0;
    size_t got;
    require(ff_source_open(&source, path, &fault), &fault);
    do {
        require(ff_source_read(source, buffer, sizeof buffer, &got, &fault), &fault);
        bytes += got;
    } while (got);
    ff_source_close(source);
    return bytes;
}

/* Lines; with a parser, records. */
static uint64_t walk(const char *path, bool parses)
{
    struct ff_fault fault = { 0 };
    struct ff_lines *lines = open_lines(path);
    struct ff_parser parser = { 0 };
    struct ff_block block;
    struct ff_guess guess;
    static struct ff_cutter cutter;
    uint64_t n = 0;
    ff_cutter_init(&cutter);
    require(ff_lines_peek(lines, &block, &fault), &fault);
    require(ff_format_guess(block.text, &guess, &fault), &fault);
    require(ff_parser_open_guess(&parser, &guess, NULL, &fault), &fault);
    for (;;) {
        struct ff_marked_line line;
        struct ff_record record;
        require(ff_lines_next(lines, &block, &fault), &fault);
        if (block.text.len == 0)
            break;
        ff_cutter_take(&cutter, block.text);
        while (ff_cutter_next(&cutter, &line)) {
            n++;
            if (parses)
                (void)ff_parser_read_marked(&parser, &line, &record);
        }
    }
    ff_parser_close(&parser);
    ff_lines_close(lines);
    return n;
}

static uint64_t stage_cut(const char *path)
{
    return walk(path, false);
}

static uint64_t stage_parse(const char *path)
{
    return walk(path, true);
}

/* Periods become rollups: what they were of is freed. */
static void close_periods(struct ff_aggregate *aggregate)
{
    struct ff_fault fault = { 0 };
    int32_t start;
    while (ff_aggregate_earliest(aggregate, &start)) {
        struct ff_rollup *rollup;
        require(ff_aggregate_release(aggregate, start, &rollup, &fault), &fault);
        ff_rollup_destroy(rollup);
    }
}

static void foresee(void *aggregate, const struct ff_hit *hits, size_t n, unsigned step)
{
    ff_aggregate_foresee(aggregate, hits, n, step);
}

/* Hits; counted, they are visitors. */
static uint64_t take_hits(const char *path, bool counts, bool closes)
{
    struct ff_fault fault = { 0 };
    const struct ff_ingest_settings in = { .files = &path,
                                           .n_files = 1,
                                           .site = "www.example.org",
                                           .country_db = getenv("FF_COUNTRIES"),
                                           .grain = FF_DAY };
    const struct ff_aggregate_settings out = { .site = "www.example.org",
                                               .grain = FF_DAY,
                                               .visit_timeout = 1800,
                                               .memory_bytes = (size_t)1 << 30 };
    struct ff_ingest *ingest;
    struct ff_aggregate *aggregate;
    struct ff_batch batch;
    uint64_t n = 0;
    bool more;
    require(ff_ingest_open(&ingest, &in, &fault), &fault);
    require(ff_aggregate_create(&aggregate, &out, &fault), &fault);
    const struct ff_ahead ahead = { foresee, aggregate };
    for (;;) {
        int64_t settled;
        require(ff_ingest_begin_round(ingest, &more, &fault), &fault);
        if (!more)
            break;
        do {
            require(ff_ingest_next(ingest, 0, counts ? &ahead : NULL, &batch, &fault),
                    &fault);
            n += batch.n;
            if (counts)
                require(ff_aggregate_add(aggregate, batch.hits, batch.n, &fault),
                        &fault);
        } while (batch.n);
        require(ff_ingest_end_round(ingest, &batch, &settled, &fault), &fault);
    }
    if (closes)
        close_periods(aggregate);
    ff_aggregate_destroy(aggregate);
    ff_ingest_close(ingest);
    return n;
}

static uint64_t stage_hits(const char *path)
{
    return take_hits(path, false, false);
}

static uint64_t stage_count(const char *path)
{
    return take_hits(path, true, false);
}

static uint64_t stage_close(const char *path)
{
    return take_hits(path, true, true);
}

static const struct stage {
    const char *name;
    uint64_t (*run)(const char *path);
} stages[] = {
    { "read", stage_read }, { "cut", stage_cut },     { "parse", stage_parse },
    { "hits", stage_hits }, { "count", stage_count }, { "close", stage_close },
};
enum { N_STAGES = sizeof stages / sizeof *stages };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(const struct stage *stage, const char *path, long rounds)
{
    const uint64_t lines = stage_cut(path);
    double best = 0;
    for (long i = 0; i < rounds; i++) {
        const double start = now();
        (void)stage->run(path);
        const double time = now() - start;
        if (i == 0 || time < best)
            best = time;
    }
    printf("%-6s %10llu lines %8.1f ns/line\n", stage->name, (unsigned long long)lines,
           best / (double)(lines ? lines : 1));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: stages read|cut|parse|hits|count|close|all FILE [ROUNDS]\n",
              stderr);
        return 2;
    }
    const long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : 5;
    for (int i = 0; i < N_STAGES; i++)
        if (strcmp(argv[1], "all") == 0 || strcmp(argv[1], stages[i].name) == 0)
            measure(&stages[i], argv[2], rounds);
    return 0;
}
