/* Who is to be told of hits is told of each in every step, in order, before it is
 * given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "footfall/ingest.h"

enum { LINES = 2000 };

/* How many of a batch's hits each step was told of: those before it, in order. */
static size_t told[FF_AHEAD_STEPS];
static const struct ff_hit *first; /* of the batch */

static void note(void *context, const struct ff_hit *hits, size_t n, unsigned step)
{
    assert_ptr_equal(context, told);
    assert_in_range(n, 0, FF_AHEAD_HITS);
    assert_in_range(step, 0, FF_AHEAD_STEPS - 1);
    if (step == 0 && told[0] == 0)
        first = hits;
    if (n) {
        assert_ptr_equal(hits, first + told[step]);
        assert_true(hits[n - 1].kind <= FF_LINE_EXCLUDED && hits[n - 1].lines > 0);
    }
    told[step] += n;
    if (step)
        assert_true(told[step] <= told[step - 1]);
}

/* Lines that are hits, and now and then one that is none, so that others wait. */
static void write_log(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < LINES; i++)
        if (i % 7 == 3)
            fputs("no line of any log\n", file);
        else
            fprintf(file,
                    "192.0.2.%d - - [01/Jun/2026:10:%02d:%02d +0000] \"GET /%d "
                    "HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n",
                    i % 200, i / 60 % 60, i % 60, i % 40);
    assert_int_equal(fclose(file), 0);
}

static void each_hit_is_told_in_every_step(void **state)
{
    (void)state;
    char path[] = "/tmp/footfall-ahead-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_log(path);
    const char *const files[] = { path };
    const struct ff_ingest_settings settings = { .files = files, .n_files = 1 };
    const struct ff_ahead ahead = { note, told };
    struct ff_fault fault;
    struct ff_ingest *ingest;
    struct ff_batch batch;
    size_t lines = 0;
    bool more;
    assert_int_equal(ff_ingest_open(&ingest, &settings, &fault), FF_OK);
    assert_int_equal(ff_ingest_begin_round(ingest, &more, &fault), FF_OK);
    assert_true(more);
    do {
        memset(told, 0, sizeof told);
        assert_int_equal(ff_ingest_next(ingest, 0, &ahead, &batch, &fault), FF_OK);
        for (size_t i = 0; i < batch.n; i++)
            lines += batch.hits[i].lines;
        /* Lines that waited for the piece's end come untold. */
        const size_t n = batch.n - told[0];
        assert_true(told[0] <= batch.n && n <= 1);
        for (unsigned step = 1; step < FF_AHEAD_STEPS; step++)
            assert_int_equal(told[step], told[0]);
    } while (batch.n);
    assert_true(lines > LINES - 8 && lines <= LINES);
    ff_ingest_close(ingest);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hit_is_told_in_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
