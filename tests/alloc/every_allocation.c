/* From log files to reports with the n-th allocation failing, for every n, and with all
 * from the n-th on. Each run ends well or says that memory ran out; none crashes, none
 * keeps memory, and one that ends well and was not capped gives the same rollup. */
#undef NDEBUG
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "failing.h"
#include "footfall/aggregate.h"
#include "footfall/ingest.h"
#include "footfall/report.h"

#define CHROME                                                                         \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "       \
    "Gecko) "                                                                          \
    "Chrome/126.0.0.0 Safari/537.36"
#define VISITORS 60

static char plain[] = "/tmp/every_allocation.XXXXXX";
static char packed[] = "/tmp/every_allocation.XXXXXX";
static char routes[] = "/tmp/every_allocation.XXXXXX";

struct line {
    const char *target, *referrer, *agent;
    int status;
};

/* One of each that takes memory of its own. */
static const struct line lines[] = {
    { "/", "https://www.google.com/search?q=hats", CHROME, 200 },
    { "/style.css", "https://shop.example/", CHROME, 200 },
    { "/hats/red?utm_source=news&utm_medium=mail&utm_campaign=may", "-", CHROME, 200 },
    { "/search?q=Red+Hats", "https://shop.example/", CHROME, 200 },
    { "/account/jane.doe%40example.com/4111111111111111", "-", CHROME, 200 },
    { "/catalogue.pdf", "https://sub.some.example.co.uk/x", CHROME, 206 },
    { "/nowhere", "-", CHROME, 404 },
    { "/old", "-", CHROME, 301 },
};
enum { LINES = sizeof lines / sizeof *lines };

static int put(char *text, size_t size, const char *client, const struct line *line,
               unsigned second)
{
    return snprintf(
        text, size,
        "%s - - [02/Mar/2026:09:%02u:%02u +0000] \"GET %s HTTP/1.1\" %d 512 "
        "\"%s\" \"%s\"\n",
        client, second / 60, second % 60, line->target, line->status, line->referrer,
        line->agent);
}

static void write_logs(void)
{
    static const struct line robots[] = {
        { "/", "-", "GPTBot/1.2 (+https://openai.com/gptbot)", 200 },
        { "/", "-", "Mozilla/5.0 (compatible; Googlebot/2.1)", 200 },
        { "/robots.txt", "-", "curious", 404 },
        { "/", "-", "-", 200 },
    };
    FILE *log = fdopen(mkstemp(plain), "w");
    gzFile gz = gzdopen(mkstemp(packed), "w");
    FILE *templates = fdopen(mkstemp(routes), "w");
    assert(log && gz && templates);
    fputs("/hats/:colour\n/hats/{x}.html\n/account/*\n", templates);
    fclose(templates);
    char text[1024], client[64];
    for (unsigned v = 0; v < VISITORS; v++) {
        snprintf(client, sizeof client,
                 v % 3 == 0   ? "2001:db8:%u:%u::1"
                 : v % 3 == 1 ? "192.0.%u.%u"
                              : "h%u.pool%u.example.net",
                 v % 7, v);
        for (unsigned i = 0; i < LINES; i++) {
            const int len = put(text, sizeof text, client, &lines[i], i * 30 + v % 30);
            if (v % 2)
                fwrite(text, 1, (size_t)len, log);
            else
                assert(gzwrite(gz, text, (unsigned)len) == len);
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        put(text, sizeof text, "203.0.113.9", &robots[i], 10 + i);
        fputs(text, log);
    }
    fputs("no line at all\n\n- - - [02/Mar/2026:10:00:00 +0000] \"-\" 408 - \"-\" "
          "\"-\"\n",
          log);
    assert(fclose(log) == 0 && gzclose(gz) == Z_OK);
}

/* Bytes of a rollup, and whether a cap was hit. */
struct result {
    unsigned char *bytes;
    size_t len;
    bool is_capped;
};

static enum ff_err read_round(struct ff_ingest *ingest, struct ff_aggregate *aggregate,
                              struct ff_fault *fault)
{
    struct ff_batch batch;
    int64_t settled;
    do {
        FF_TRY(ff_ingest_next(ingest, 0, NULL, &batch, fault));
        FF_TRY(ff_aggregate_add(aggregate, batch.hits, batch.n, fault));
    } while (batch.n);
    FF_TRY(ff_ingest_end_round(ingest, &batch, &settled, fault));
    return ff_aggregate_add(aggregate, batch.hits, batch.n, fault);
}

static enum ff_err read_all(struct ff_ingest *ingest, struct ff_aggregate *aggregate,
                            struct ff_fault *fault)
{
    bool more;
    for (;;) {
        FF_TRY(ff_ingest_begin_round(ingest, &more, fault));
        if (!more)
            return FF_OK;
        FF_TRY(read_round(ingest, aggregate, fault));
    }
}

static enum ff_err make_rollup(struct ff_rollup **rollup, struct ff_fault *fault)
{
    const char *const files[] = { plain, packed };
    const struct ff_ingest_settings in = { .files = files,
                                           .n_files = 2,
                                           .routes = routes };
    const struct ff_aggregate_settings how = { .site = "shop.example",
                                               .visit_timeout = 1800,
                                               .memory_bytes = (size_t)64 << 20 };
    struct ff_ingest *ingest = NULL;
    struct ff_aggregate *aggregate = NULL;
    int32_t start;
    enum ff_err err = ff_ingest_open(&ingest, &in, fault);
    if (!err)
        err = ff_aggregate_create(&aggregate, &how, fault);
    if (!err)
        err = read_all(ingest, aggregate, fault);
    if (!err && ff_aggregate_earliest(aggregate, &start)) {
        ff_ingest_forget(ingest, start);
        err = ff_aggregate_release(aggregate, start, rollup, fault);
    }
    ff_aggregate_destroy(aggregate);
    ff_ingest_close(ingest);
    return err;
}

static enum ff_err render(const struct ff_rollup_list *list, struct ff_fault *fault)
{
    static const char *const names[] = { "r.txt", "r.json", "r.csv", "r.html" };
    const struct ff_comparison itself = {
        .days = { list->items[0]->start, list->items[0]->end }, .rollups = list
    };
    const struct ff_view_settings settings = { .version = "0", .comparison = &itself };
    const struct ff_render_settings page = { .rows = 10, .columns = 100 };
    struct ff_view *view;
    FF_TRY(ff_view_create(&view, list, &settings, fault));
    enum ff_err err = FF_OK;
    FILE *null = fopen("/dev/null", "w");
    assert(null);
    for (int i = 0; i < 4 && !err; i++)
        err = ff_renderer_for(names[i])->render(null, view, &page, fault);
    fclose(null);
    ff_view_destroy(view);
    return err;
}

static enum ff_err pass_on(const struct ff_rollup *rollup, struct result *result,
                           struct ff_fault *fault)
{
    struct ff_rollup_list list = { 0 };
    struct ff_rollup *read = NULL;
    size_t used;
    result->is_capped = rollup->is_capped;
    FF_TRY(ff_rollup_encode(rollup, &result->bytes, &result->len, fault));
    FF_TRY(ff_rollup_decode(&read, result->bytes, result->len, &used, "r", fault));
    enum ff_err err = ff_rollup_list_add(&list, read, fault);
    if (err)
        ff_rollup_destroy(read);
    if (!err)
        err = render(&list, fault);
    ff_rollup_list_clear(&list);
    return err;
}

/* Makes what is to be compared. */
typedef enum ff_err running(struct result *result, struct ff_fault *fault);

static enum ff_err run_logs(struct result *result, struct ff_fault *fault)
{
    struct ff_rollup *rollup = NULL;
    *result = (struct result) { 0 };
    enum ff_err err = make_rollup(&rollup, fault);
    if (!err)
        err = pass_on(rollup, result, fault);
    ff_rollup_destroy(rollup);
    return err;
}

/* So many visitors that tables of theirs are no longer the heap's. */
#define CROWD 8300

static struct ff_hit crowd[2 * CROWD];

static void make_crowd(void)
{
    static const char *const pages[] = { "/", "/a", "/b/c", "/b/d", "/e" };
    for (unsigned i = 0; i < 2 * CROWD; i++)
        crowd[i] = (struct ff_hit) {
            .time = 1772409600 + i / 2,
            .order = i,
            .net = 1 + i % CROWD / 3 * UINT64_C(0x9e3779b97f4a7c15),
            .visitor = 1 + i % CROWD * UINT64_C(0xd1342543de82ef95),
            .has_client = true,
            .kind = FF_PAGE_VIEW,
            .status = 200,
            .lines = 1,
            .key = ff_span_of(pages[i % 5]),
        };
}

static enum ff_err run_crowd(struct result *result, struct ff_fault *fault)
{
    const struct ff_aggregate_settings how = { .site = "shop.example",
                                               .visit_timeout = 1800,
                                               .memory_bytes = (size_t)64 << 20 };
    struct ff_aggregate *aggregate = NULL;
    struct ff_rollup *rollup = NULL;
    int32_t start;
    *result = (struct result) { 0 };
    enum ff_err err = ff_aggregate_create(&aggregate, &how, fault);
    if (!err)
        err = ff_aggregate_add(aggregate, crowd, 2 * (size_t)CROWD, fault);
    if (!err && ff_aggregate_earliest(aggregate, &start))
        err = ff_aggregate_release(aggregate, start, &rollup, fault);
    if (!err && rollup) {
        result->is_capped = rollup->is_capped;
        err = ff_rollup_encode(rollup, &result->bytes, &result->len, fault);
    }
    ff_rollup_destroy(rollup);
    ff_aggregate_destroy(aggregate);
    return err;
}

/* False, and told, if the run with that allocation failing was not as it has to be. */
static bool check(running *run, unsigned n, enum failing_mode mode,
                  const struct result *want)
{
    struct result got;
    struct ff_fault fault = { "" };
    failing_arm(n, mode);
    const enum ff_err err = run(&got, &fault);
    const bool is_same =
        err || got.is_capped ||
        (got.len == want->len && memcmp(got.bytes, want->bytes, got.len) == 0);
    free(got.bytes);
    const long held = failing_held();
    failing_disarm();
    if ((err == FF_OK || err == FF_ERR_NOMEM) && is_same && held == 0)
        return true;
    fprintf(stderr, "allocation %u%s: error %d \"%s\", %s rollup, %ld not freed\n", n,
            mode == FAILING_SINCE ? " and all behind it" : "", err, fault.text,
            is_same ? "the same" : "another", held);
    return false;
}

/* Each allocation of a run; gives how many runs were not as they have to be. */
static unsigned check_all(running *run, const char *name)
{
    struct result want;
    struct ff_fault fault;
    /* Once before, for what libraries set up once a process. */
    assert(run(&want, &fault) == FF_OK);
    free(want.bytes);
    failing_arm(0, FAILING_ONCE);
    assert(run(&want, &fault) == FF_OK && !want.is_capped);
    const unsigned n = failing_asked();
    failing_disarm();
    assert(n > 100);
    unsigned failed = 0;
    for (unsigned i = 1; i <= n; i++) {
        failed += !check(run, i, FAILING_ONCE, &want);
        failed += !check(run, i, FAILING_SINCE, &want);
    }
    printf("%s: %u allocations, %u runs failed\n", name, n, failed);
    free(want.bytes);
    return failed;
}

int main(void)
{
    write_logs();
    make_crowd();
    const unsigned failed =
        check_all(run_logs, "logs") + check_all(run_crowd, "a crowd");
    unlink(plain);
    unlink(packed);
    unlink(routes);
    return failed > 0;
}
