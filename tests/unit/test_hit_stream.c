/* Hits through a pipe: what goes in comes out, and what is no stream is refused with a
 * sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hand_hits.h"
#include "hit_stream_form.h"

static const struct ff_hit_stream_header header = {
    .site = "hand.example", .zone = "Europe/Berlin", .grain = FF_WEEK, .begins = -7
};

static const struct ff_agent chrome = {
    .family = { "Chrome", 6 },
    .browser = { "Chrome 126", 10 },
    .system = { "Windows", 7 },
    .device = { "desktop", 7 },
};
static const struct ff_agent robot = {
    .family = { "GPTBot", 6 },
    .browser = { "GPTBot 1", 8 },
    .system = { "Other", 5 },
    .device = { "other", 5 },
    .robot = FF_ROBOT_AI,
    .name = { "GPTBot", 6 },
    .run_by = { "OpenAI", 6 },
    .purpose = { "training", 8 },
};

static void same_text(struct ff_span a, struct ff_span b)
{
    assert_true(ff_span_equal(a, b));
}

static void same_agent(const struct ff_agent *a, const struct ff_agent *b)
{
    assert_true((a == NULL) == (b == NULL));
    if (!a || !b)
        return;
    same_text(a->family, b->family);
    same_text(a->browser, b->browser);
    same_text(a->system, b->system);
    same_text(a->device, b->device);
    same_text(a->name, b->name);
    same_text(a->run_by, b->run_by);
    same_text(a->purpose, b->purpose);
    assert_int_equal(a->robot, b->robot);
}

static void same_origin(const struct ff_origin *a, const struct ff_origin *b)
{
    assert_true((a == NULL) == (b == NULL));
    if (!a || !b)
        return;
    assert_int_equal(a->channel, b->channel);
    assert_int_equal(a->number, b->number);
    same_text(a->name, b->name);
    same_text(a->medium, b->medium);
    same_text(a->campaign, b->campaign);
    same_text(a->term, b->term);
}

static void same_hit(const struct ff_hit *a, const struct ff_hit *b)
{
    assert_int_equal(a->time, b->time);
    assert_int_equal(a->order, b->order);
    assert_int_equal(a->net, b->net);
    assert_int_equal(a->visitor, b->visitor);
    assert_int_equal(a->bytes, b->bytes);
    same_agent(a->agent, b->agent);
    same_origin(a->origin, b->origin);
    same_text(a->key, b->key);
    assert_int_equal(a->key_number, b->key_number);
    same_text(a->term, b->term);
    assert_int_equal(a->lines, b->lines);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->country, b->country);
    assert_int_equal(a->language, b->language);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->method, b->method);
    assert_int_equal(a->response_time, b->response_time);
    assert_int_equal(a->is_search, b->is_search);
    assert_int_equal(a->is_robots_txt, b->is_robots_txt);
    assert_int_equal(a->has_client, b->has_client);
}

/* A file in memory stands for the pipe. */
static int open_memory(void)
{
    const int fd = memfd_create("hits", 0);
    assert_true(fd >= 0);
    return fd;
}

static struct ff_hit_writer *begin(int fd, size_t n_readers)
{
    struct ff_hit_writer *writer;
    struct ff_fault fault;
    assert_int_equal(ff_hit_writer_create(&writer, fd, n_readers, &header, &fault),
                     FF_OK);
    return writer;
}

static void end(struct ff_hit_writer *writer)
{
    struct ff_fault fault;
    const struct ff_hit_stream_trailer trailer = {
        .malformed = 1, .blank = 2, .excluded = 3, .duplicates = 4, .needs_a_look = true
    };
    assert_int_equal(ff_hit_writer_end(writer, &trailer, &fault), FF_OK);
    ff_hit_writer_destroy(writer);
}

static void write_hits(int fd, const struct ff_hit *hits, size_t n)
{
    struct ff_fault fault;
    struct ff_hit_writer *writer = begin(fd, 1);
    assert_int_equal(ff_hit_writer_add(writer, 0, hits, n, &fault), FF_OK);
    end(writer);
}

static struct ff_hit_reader *open_stream(int fd, size_t n_seats)
{
    struct ff_hit_reader *reader;
    struct ff_hit_stream_header got;
    struct ff_fault fault;
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_int_equal(ff_hit_reader_create(&reader, fd, "hits", n_seats, &got, &fault),
                     FF_OK);
    assert_string_equal(got.site, header.site);
    assert_string_equal(got.zone, header.zone);
    assert_int_equal(got.grain, header.grain);
    assert_int_equal(got.begins, header.begins);
    return reader;
}

static size_t take(struct ff_hit_reader *reader, size_t seat,
                   const struct ff_hit **hits)
{
    struct ff_fault fault;
    size_t n;
    assert_int_equal(ff_hit_reader_next(reader, seat, hits, &n, &fault), FF_OK);
    return n;
}

/* The stream has ended. */
static void close_stream(struct ff_hit_reader *reader, int fd)
{
    int64_t settled;
    assert_false(ff_hit_reader_go_on(reader, &settled));
    const struct ff_hit_stream_trailer *trailer = ff_hit_reader_trailer(reader);
    assert_int_equal(trailer->malformed, 1);
    assert_int_equal(trailer->blank, 2);
    assert_int_equal(trailer->excluded, 3);
    assert_int_equal(trailer->duplicates, 4);
    assert_true(trailer->needs_a_look);
    ff_hit_reader_destroy(reader);
    close(fd);
}

/* Reads all hits of the stream and holds them against `hits`. */
static void expect_hits(int fd, const struct ff_hit *hits, size_t n)
{
    const struct ff_hit *got;
    size_t at = 0, n_got;
    struct ff_hit_reader *reader = open_stream(fd, 1);
    while ((n_got = take(reader, 0, &got)) > 0) {
        assert_true(at + n_got <= n);
        for (size_t i = 0; i < n_got; i++)
            same_hit(&got[i], &hits[at++]);
    }
    assert_int_equal(at, n);
    close_stream(reader, fd);
}

static void each_field_comes_through(void **state)
{
    (void)state;
    static const struct ff_origin site = { .channel = FF_SITE,
                                           .number = 9,
                                           .name = { "a.example", 9 } };
    static const struct ff_origin campaign = { .channel = FF_CAMPAIGN,
                                               .name = { "news", 4 },
                                               .medium = { "mail", 4 },
                                               .campaign = { "may", 3 },
                                               .term = { "h\xc3\xa4t", 4 } };
    static const struct ff_origin within = { .channel = FF_INTERNAL };
    struct ff_hit hits[] = {
        hand_hit(FF_PAGE_VIEW, "/", 0),
        hand_search("\xff\x00 odd bytes", 1),
        hand_error(404, "/nowhere", 2),
        hand_download("/a.pdf", 206, INT64_MAX, 3),
        hand_hit(FF_PAGE_VIEW, "/again", 4),
        hand_hit(FF_PAGE_VIEW, "/again", 5),
        { .kind = FF_LINE_MALFORMED, .time = -1, .lines = UINT32_MAX },
        { .kind = FF_LINE_EXCLUDED, .time = 0, .lines = 1 },
    };
    hits[0].agent = &chrome;
    hits[0].origin = &campaign;
    hits[0].country = FF_CODE('D', 'E');
    hits[0].language = FF_CODE('d', 'e');
    hits[0].response_time = FF_RESPONSE_BUCKETS;
    hits[1].agent = &robot;
    hits[1].origin = &within;
    hits[2].is_robots_txt = true;
    hits[2].has_client = false;
    hits[3].agent = &chrome;
    hits[3].origin = &within;
    hits[3].order = ((uint64_t)1 << 60) - 1;
    hits[4].origin = hits[5].origin = &site;
    hits[4].key_number = hits[5].key_number = 3 * FF_WORD_NUMBERS + 9;
    hits[5].net = hits[5].visitor = UINT64_MAX;
    const int fd = open_memory();
    write_hits(fd, hits, sizeof hits / sizeof *hits);
    expect_hits(fd, hits, sizeof hits / sizeof *hits);
}

/* Frames are full, and one hit more; a number that another key had in a frame before; a
 * key's slot that two take in turn. */
static void many_hits_come_through(void **state)
{
    (void)state;
    enum { N = 2 * FF_STREAM_HITS + 1 };
    static struct ff_hit hits[N];
    static char keys[N][16];
    for (unsigned i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "/%u", i / 3 * 3);
        hits[i] = hand_hit(FF_PAGE_VIEW, keys[i], i);
        hits[i].key_number = 1 + i / 3 + (i / 3 % 2 ? FF_WORD_NUMBERS : 0);
        hits[i].agent = i % 2 ? &chrome : NULL;
    }
    const int fd = open_memory();
    write_hits(fd, hits, N);
    expect_hits(fd, hits, N);
}

/* The longest texts there are, more than a frame has room for; a longer one is cut. */
static void long_texts_come_through(void **state)
{
    (void)state;
    enum { N = 600 };
    static struct ff_hit hits[N];
    static char text[FF_STREAM_TEXT + 100];
    memset(text, 'x', sizeof text);
    for (unsigned i = 0; i < N; i++) {
        hits[i] = hand_search("", i);
        hits[i].term = hits[i].key = (struct ff_span) { text, FF_STREAM_TEXT };
    }
    hits[9].key.len = sizeof text;
    const int fd = open_memory();
    write_hits(fd, hits, N);
    hits[9].key.len = FF_STREAM_TEXT;
    expect_hits(fd, hits, N);
}

static void settled_times_come_through(void **state)
{
    (void)state;
    struct ff_fault fault;
    int64_t settled;
    const struct ff_hit *got;
    const struct ff_hit hit = hand_hit(FF_ASSET, "", 0);
    const int fd = open_memory();
    struct ff_hit_writer *writer = begin(fd, 1);
    assert_int_equal(ff_hit_writer_add(writer, 0, &hit, 1, &fault), FF_OK);
    assert_int_equal(ff_hit_writer_settle(writer, -5, &fault), FF_OK);
    assert_int_equal(ff_hit_writer_settle(writer, 1 << 30, &fault), FF_OK);
    end(writer);
    struct ff_hit_reader *reader = open_stream(fd, 1);
    assert_int_equal(take(reader, 0, &got), 1);
    assert_int_equal(take(reader, 0, &got), 0);
    assert_true(ff_hit_reader_go_on(reader, &settled));
    assert_int_equal(settled, -5);
    assert_int_equal(take(reader, 0, &got), 0);
    assert_true(ff_hit_reader_go_on(reader, &settled));
    assert_int_equal(settled, 1 << 30);
    assert_int_equal(take(reader, 0, &got), 0);
    close_stream(reader, fd);
}

/* ---- several readers, several seats ---- */

/* Each reader numbers its keys for itself; in the stream the numbers are apart, and a
 * number too large for that is left out. An agent that both have is told once. */
static void readers_are_told_apart(void **state)
{
    (void)state;
    enum { N = 3 };
    struct ff_fault fault;
    const int fd = open_memory();
    struct ff_hit_writer *writer = begin(fd, N);
    for (size_t i = 0; i < N; i++) {
        struct ff_hit hits[] = { hand_hit(FF_PAGE_VIEW, i ? "/b" : "/a", 0),
                                 hand_hit(FF_PAGE_VIEW, "/late", 0) };
        const struct ff_origin origins[] = {
            { .channel = FF_SITE, .number = 7, .name = { i ? "b" : "a", 1 } },
            { .channel = FF_SITE, .number = UINT32_MAX / N + 1, .name = { "c", 1 } },
        };
        hits[0].agent = hits[1].agent = &chrome;
        for (size_t j = 0; j < 2; j++) {
            hits[j].origin = &origins[j];
            hits[j].key_number = origins[j].number;
        }
        assert_int_equal(ff_hit_writer_add(writer, i, hits, 2, &fault), FF_OK);
    }
    end(writer);
    uint32_t numbers[N];
    const struct ff_agent *agent = NULL;
    struct ff_hit_reader *reader = open_stream(fd, 1);
    for (size_t i = 0; i < N; i++) {
        const struct ff_hit *got;
        assert_int_equal(take(reader, 0, &got), 2);
        same_text(got[0].key, i ? FF_SPAN("/b") : FF_SPAN("/a"));
        same_agent(got[0].agent, &chrome);
        assert_true(!agent || agent == got[0].agent);
        agent = got[0].agent;
        numbers[i] = got[0].key_number;
        assert_int_not_equal(numbers[i], 0);
        assert_true(i == 0 || numbers[i] != numbers[i - 1]);
        assert_true(i < 2 || numbers[i] != numbers[i - 2]);
        assert_int_equal(got[0].origin->number, numbers[i]);
        same_text(got[0].origin->name, i ? FF_SPAN("b") : FF_SPAN("a"));
        assert_int_equal(got[1].key_number, 0);
        assert_int_equal(got[1].origin->number, 0);
    }
    const struct ff_hit *got;
    assert_int_equal(take(reader, 0, &got), 0);
    close_stream(reader, fd);
}

/* More agents than one item has room for. */
static void many_agents_come_through(void **state)
{
    (void)state;
    enum { N = 1500, LONGEST = 1024 };
    static struct ff_agent agents[N];
    static struct ff_hit hits[N];
    static char name[LONGEST];
    memset(name, 'n', sizeof name);
    for (unsigned i = 0; i < N; i++) {
        agents[i] = chrome;
        agents[i].family.data = name;
        agents[i].family.len = LONGEST - i % 100;
        hits[i] = hand_hit(FF_ASSET, "", i);
        hits[i].agent = &agents[i];
    }
    const int fd = open_memory();
    write_hits(fd, hits, N);
    expect_hits(fd, hits, N);
}

/* Frames go to whoever asks, in parts, and no hit is lost or given twice. */
static void seats_share_the_frames(void **state)
{
    (void)state;
    enum { N = 3 * FF_STREAM_HITS + 5, SEATS = 2 };
    static struct ff_hit hits[N];
    static bool seen[N];
    memset(seen, 0, sizeof seen);
    for (unsigned i = 0; i < N; i++) {
        hits[i] = hand_hit(FF_PAGE_VIEW, "/a", i);
        hits[i].bytes = i;
    }
    const int fd = open_memory();
    write_hits(fd, hits, N);
    struct ff_hit_reader *reader = open_stream(fd, SEATS);
    size_t n_of[SEATS] = { 0 };
    for (size_t over = 0, seat = 0; over < SEATS; seat = (seat + 1) % SEATS) {
        const struct ff_hit *got;
        const size_t n = take(reader, seat, &got);
        over = n ? 0 : over + 1;
        n_of[seat] += n;
        for (size_t i = 0; i < n; i++) {
            assert_true(got[i].bytes < N);
            assert_false(seen[got[i].bytes]);
            seen[got[i].bytes] = true;
            same_hit(&got[i], &hits[got[i].bytes]);
        }
    }
    assert_int_equal(n_of[0] + n_of[1], N);
    assert_true(n_of[0] > 0 && n_of[1] > 0);
    close_stream(reader, fd);
}

/* ---- what is refused ---- */

/* Reads to the end or to the first trouble, whose sentence is in `fault`. */
static enum ff_err read_all(const unsigned char *bytes, size_t len,
                            struct ff_fault *fault)
{
    struct ff_hit_reader *reader;
    struct ff_hit_stream_header got;
    const struct ff_hit *hits;
    size_t n = 1;
    const int fd = open_memory();
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    enum ff_err err = ff_hit_reader_create(&reader, fd, "hits", 1, &got, fault);
    while (!err && n)
        err = ff_hit_reader_next(reader, 0, &hits, &n, fault);
    ff_hit_reader_destroy(reader);
    close(fd);
    return err;
}

/* A stream of one hit. */
static size_t small_stream(unsigned char *bytes, size_t size, const struct ff_hit *hit)
{
    const int fd = open_memory();
    write_hits(fd, hit, 1);
    const ssize_t len = pread(fd, bytes, size, 0);
    assert_true(len > 0 && (size_t)len < size);
    close(fd);
    return (size_t)len;
}

static void a_stream_cut_off_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[1024];
    struct ff_fault fault;
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 0);
    hit.agent = &robot;
    const size_t len = small_stream(bytes, sizeof bytes, &hit);
    assert_int_equal(read_all(bytes, len, &fault), FF_OK);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(read_all(bytes, i, &fault), FF_ERR_DATA);
        assert_non_null(strstr(fault.text, i ? "cut off" : "no hits came"));
    }
}

static void hits_that_cannot_be_are_refused(void **state)
{
    (void)state;
    unsigned char bytes[1024];
    struct ff_fault fault;
    struct ff_hit hits[14];
    const size_t n = sizeof hits / sizeof *hits;
    for (size_t i = 0; i < n; i++)
        hits[i] = hand_hit(FF_PAGE_VIEW, "/", 0);
    hits[0].time = INT64_MAX;
    hits[1].time = INT64_MIN;
    hits[2].order = (uint64_t)1 << 60;
    hits[3].bytes = (uint64_t)1 << 63;
    hits[4].lines = 2;
    hits[5].lines = 0;
    hits[6].status = 1000;
    hits[7].country = FF_CODE('d', 'e');
    hits[8].language = FF_CODE('D', 'E');
    hits[9].kind = FF_LINE_EXCLUDED + 1;
    hits[10].method = FF_METHODS;
    hits[11].response_time = FF_RESPONSE_BUCKETS + 1;
    hits[12].kind = FF_LINE_BLANK;
    hits[12].lines = 0;
    hits[13].country = 1;
    for (size_t i = 0; i < n; i++) {
        const size_t len = small_stream(bytes, sizeof bytes, &hits[i]);
        assert_int_equal(read_all(bytes, len, &fault), FF_ERR_DATA);
        assert_non_null(strstr(fault.text, "cannot be"));
    }
}

/* A damaged frame ends the round for who has a good one, too. */
static void a_fault_ends_the_round(void **state)
{
    (void)state;
    struct ff_fault fault;
    const struct ff_hit *got;
    size_t n;
    struct ff_hit hit = hand_hit(FF_PAGE_VIEW, "/", 0);
    const int fd = open_memory();
    struct ff_hit_writer *writer = begin(fd, 1);
    for (unsigned i = 0; i < 3; i++) {
        hit.status = i == 1 ? 1000 : 200;
        assert_int_equal(ff_hit_writer_add(writer, 0, &hit, 1, &fault), FF_OK);
        assert_int_equal(ff_hit_writer_flush(writer, &fault), FF_OK);
    }
    end(writer);
    struct ff_hit_reader *reader = open_stream(fd, 2);
    assert_int_equal(take(reader, 0, &got), 1);
    assert_int_equal(ff_hit_reader_next(reader, 1, &got, &n, &fault), FF_ERR_DATA);
    assert_int_equal(n, 0);
    assert_non_null(strstr(fault.text, "cannot be"));
    assert_int_equal(take(reader, 0, &got), 0);
    struct ff_fault first;
    ff_hit_reader_first_fault(reader, &first);
    assert_string_equal(first.text, fault.text);
    ff_hit_reader_destroy(reader);
    close(fd);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    struct ff_fault fault;
    /* A log, a rollup, an item of 4 GiB, and a header of another name. */
    static const struct ff_span others[] = {
        { "192.0.2.1 - - [02/Mar/2026:09:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n", 66 },
        { "\xd9\xd9\xf7\x84\x6f"
          "footfall-rollup",
          20 },
        { "\xd8\x18\x5a\xff\xff\xff\xff", 7 },
        { "\xd8\x18\x58\x05hello", 9 },
        { "\xd8\x18\x45\xd9\xd9\xf7\x80\x00", 8 },
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const unsigned char *bytes = (const unsigned char *)others[i].data;
        assert_int_equal(read_all(bytes, others[i].len, &fault), FF_ERR_DATA);
        assert_null(strstr(fault.text, "cut off"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_comes_through),
        cmocka_unit_test(many_hits_come_through),
        cmocka_unit_test(long_texts_come_through),
        cmocka_unit_test(settled_times_come_through),
        cmocka_unit_test(readers_are_told_apart),
        cmocka_unit_test(many_agents_come_through),
        cmocka_unit_test(seats_share_the_frames),
        cmocka_unit_test(a_stream_cut_off_is_refused),
        cmocka_unit_test(hits_that_cannot_be_are_refused),
        cmocka_unit_test(a_fault_ends_the_round),
        cmocka_unit_test(other_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
