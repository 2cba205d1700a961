/* Lines: blocks put together again are the input, their numbers are right, and a line
 * without end costs no memory. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "footfall/ingest.h"
#include "lines.h"

struct input {
    char *data;
    size_t len, cap;
};

static void add(struct input *to, const void *data, size_t len)
{
    if (len == 0)
        return;
    if (to->len + len > to->cap) {
        to->cap = (to->len + len) * 2 + 64;
        to->data = realloc(to->data, to->cap);
        assert_non_null(to->data);
    }
    memcpy(to->data + to->len, data, len);
    to->len += len;
}

/* A line of `len` bytes that tell their place. */
static void add_line(struct input *to, size_t len, const char *end)
{
    for (size_t i = 0; i < len; i++)
        add(to, &"abcdefghijklmnopqrstuvw"[i % 23], 1);
    add(to, end, strlen(end));
}

static struct ff_lines *open_path(const char *path)
{
    struct ff_source *source;
    struct ff_lines *lines;
    struct ff_fault fault;
    assert_int_equal(ff_source_open(&source, path, &fault), FF_OK);
    assert_int_equal(ff_lines_open(&lines, source, &fault), FF_OK);
    assert_ptr_equal(ff_lines_source(lines), source);
    return lines;
}

static struct ff_lines *open_input(const struct input *input, bool is_gzip)
{
    char path[] = "/tmp/footfall-lines-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    gzFile file = gzdopen(fd, is_gzip ? "wb1" : "wbT");
    assert_non_null(file);
    for (size_t at = 0; at < input->len;) {
        const size_t n = input->len - at < 1 << 20 ? input->len - at : 1 << 20;
        assert_int_equal(gzwrite(file, input->data + at, (unsigned)n), n);
        at += n;
    }
    assert_int_equal(gzclose(file), Z_OK);
    struct ff_lines *lines = open_path(path);
    unlink(path);
    return lines;
}

static struct ff_block next(struct ff_lines *lines)
{
    struct ff_block block;
    struct ff_fault fault;
    assert_int_equal(ff_lines_next(lines, &block, &fault), FF_OK);
    return block;
}

static size_t line_len_at(const struct input *input, size_t at)
{
    const char *end = memchr(input->data + at, '\n', input->len - at);
    return end ? (size_t)(end - input->data) - at : input->len - at;
}

/* A long line is the block alone; returns where the input goes on. */
static size_t check_long(const struct input *input, size_t at,
                         const struct ff_block *block)
{
    const size_t len = line_len_at(input, at);
    assert_true(len > FF_LINE_MAX);
    assert_int_equal(block->text.len, FF_LINE_MAX);
    assert_memory_equal(block->text.data, input->data + at, FF_LINE_MAX);
    return at + len < input->len ? at + len + 1 : input->len;
}

static size_t check_whole(const struct input *input, size_t at,
                          const struct ff_block *block)
{
    const struct ff_span text = block->text;
    assert_true(text.len <= input->len - at);
    assert_memory_equal(text.data, input->data + at, text.len);
    assert_true(text.data[text.len - 1] == '\n' || at + text.len == input->len);
    assert_true(line_len_at(input, at) <= FF_LINE_MAX);
    return at + text.len;
}

static void check_lines(struct ff_lines *lines, const struct input *input)
{
    size_t at = 0;
    for (;;) {
        const struct ff_block block = next(lines);
        if (block.text.len == 0)
            break;
        assert_int_equal(block.offset, at);
        at = block.is_long ? check_long(input, at, &block)
                           : check_whole(input, at, &block);
    }
    assert_int_equal(at, input->len);
    assert_int_equal(next(lines).text.len, 0);
}

static void check(struct input *input)
{
    for (int is_gzip = 0; is_gzip < 2; is_gzip++) {
        struct ff_lines *lines = open_input(input, is_gzip);
        check_lines(lines, input);
        ff_lines_close(lines);
    }
    free(input->data);
    *input = (struct input) { 0 };
}

static void no_line_at_all(void **state)
{
    (void)state;
    struct input input = { 0 };
    check(&input);
}

static void lines_of_every_size(void **state)
{
    (void)state;
    const size_t lens[] = { 0,           1,           4095,    FF_LINE_MAX - 1,
                            FF_LINE_MAX, 3 * 1 << 20, 100,     FF_LINE_MAX + 1,
                            0,           2,           1 << 20, FF_LINE_MAX };
    const char *const ends[] = { "\n", "\r\n" };
    for (size_t e = 0; e < 2; e++) {
        struct input all = { 0 };
        for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
            struct input one = { 0 }, unended = { 0 }, between = { 0 };
            add_line(&one, lens[i], ends[e]);
            add_line(&unended, lens[i], "");
            add_line(&between, 300, "\n");
            add_line(&between, lens[i], ends[e]);
            add_line(&between, 300, "");
            add_line(&all, lens[i], ends[e]);
            check(&one);
            check(&unended);
            check(&between);
        }
        check(&all);
    }
}

static void usual_lines_and_odd_bytes(void **state)
{
    (void)state;
    struct input input = { 0 };
    uint32_t seed = 7;
    while (input.len < 4000000) {
        seed = seed * 1664525 + 1013904223;
        add_line(&input, seed >> 23, "");
        add(&input, "\0\r\x0b\x8a\n", seed & 1 << 16 ? 5 : 4);
    }
    check(&input);
}

static void only_newlines(void **state)
{
    (void)state;
    struct input input = { malloc(3000001), 3000001, 0 };
    assert_non_null(input.data);
    memset(input.data, '\n', input.len);
    check(&input);
}

/* What is not noted has never been written: so it need not be wiped. */
static void check_notes(const struct input *input, bool is_gzip)
{
    struct ff_lines *lines = open_input(input, is_gzip);
    struct ff_block block = { 0 };
    struct ff_fault fault;
    size_t least_from = FF_LINES_BYTES, most_from = 0, least_to = FF_LINES_BYTES;
    assert_int_equal(ff_lines_peek(lines, &block, &fault), FF_OK);
    do {
        struct ff_text_memory memory = { 0 };
        assert_true(ff_text_memory_take(&memory));
        memset(memory.bytes, 0x5a, FF_LINES_BYTES);
        assert_int_equal(ff_lines_read(lines, &memory, &block, &fault), FF_OK);
        for (size_t i = 0; i < FF_LINES_BYTES; i++)
            if (i < memory.from || i >= memory.to)
                assert_int_equal(memory.bytes[i], 0x5a);
        least_from = memory.from < least_from ? memory.from : least_from;
        most_from = memory.from > most_from ? memory.from : most_from;
        least_to = memory.to < least_to ? memory.to : least_to;
        ff_text_memory_clear(&memory);
    } while (block.text.len);
    assert_int_equal(least_from, 0); /* what was peeked */
    assert_true(most_from > FF_LINE_MAX / 2);
    assert_true(is_gzip || least_to < FF_LINES_BYTES - FF_LINE_MAX / 2); /* the end */
    ff_lines_close(lines);
}

static void memory_that_is_not_noted_is_as_it_was(void **state)
{
    (void)state;
    struct input input = { 0 };
    uint32_t seed = 3;
    while (input.len < 6000000) {
        seed = seed * 1664525 + 1013904223;
        add_line(&input, seed >> 28 ? seed >> 23 : (seed >> 8) % 600000, "\n");
    }
    check_notes(&input, true);
    check_notes(&input, false);
    free(input.data);
}

static void peeked_blocks_come_again(void **state)
{
    (void)state;
    struct input input = { 0 };
    for (int i = 0; i < 20000; i++)
        add_line(&input, 100, "\n");
    struct ff_lines *lines = open_input(&input, false);
    struct ff_block first, again;
    struct ff_fault fault;
    assert_int_equal(ff_lines_peek(lines, &first, &fault), FF_OK);
    assert_int_equal(ff_lines_peek(lines, &again, &fault), FF_OK);
    assert_ptr_equal(first.text.data, again.text.data);
    assert_int_equal(first.text.len, again.text.len);
    assert_int_equal(first.offset, 0);
    check_lines(lines, &input);
    ff_lines_close(lines);
    free(input.data);

    input = (struct input) { 0 };
    lines = open_input(&input, false);
    assert_int_equal(ff_lines_peek(lines, &first, &fault), FF_OK);
    assert_int_equal(first.text.len, 0);
    check_lines(lines, &input);
    ff_lines_close(lines);
}

static struct ff_lines *open_pipe(int *writer, const char *first)
{
    int ends[2];
    char path[32];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], first, strlen(first)), strlen(first));
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct ff_lines *lines = open_path(path);
    close(ends[0]);
    *writer = ends[1];
    return lines;
}

static void assert_next(struct ff_lines *lines, const char *text, uint64_t offset)
{
    const struct ff_block block = next(lines);
    assert_int_equal(block.text.len, strlen(text));
    if (block.text.len > 0)
        assert_memory_equal(block.text.data, text, block.text.len);
    assert_int_equal(block.offset, offset);
    assert_false(block.is_long);
}

static void live_lines_come_at_once(void **state)
{
    (void)state;
    int writer;
    struct ff_lines *lines = open_pipe(&writer, "one\ntwo\nthr");
    assert_next(lines, "one\ntwo\n", 0);
    assert_int_equal(write(writer, "ee\n", 3), 3);
    assert_next(lines, "three\n", 8);
    assert_int_equal(write(writer, "\n", 1), 1);
    assert_next(lines, "\n", 14);
    assert_int_equal(write(writer, "five", 4), 4);
    close(writer);
    assert_next(lines, "five", 15);
    assert_next(lines, "", 19);
    ff_lines_close(lines);
}

static void a_byte_order_mark_is_left_out(void **state)
{
    (void)state;
    int writer;
    struct ff_lines *lines = open_pipe(&writer, "\xEF\xBB");
    assert_int_equal(write(writer, "\xBF#a\n", 4), 4);
    assert_next(lines, "#a\n", 3);
    assert_int_equal(write(writer, "\xEF\xBB\xBF\n", 4), 4);
    assert_next(lines, "\xEF\xBB\xBF\n", 6);
    close(writer);
    ff_lines_close(lines);
    lines = open_pipe(&writer, "\xEF\xBB");
    close(writer);
    assert_next(lines, "\xEF\xBB", 0);
    assert_next(lines, "", 2);
    ff_lines_close(lines);
}

/* The beginning of a long line is given before its end has come. */
static void long_lines_of_a_pipe(void **state)
{
    (void)state;
    int writer;
    char piece[1024];
    memset(piece, 'x', sizeof piece);
    struct ff_lines *lines = open_pipe(&writer, "short\n");
    assert_next(lines, "short\n", 0);
    const size_t n_pieces = FF_LINE_MAX / sizeof piece;
    const pid_t child = fork();
    if (child == 0) { /* a pipe does not hold it all: another process writes */
        for (size_t i = 0; i < 3 * n_pieces; i++)
            if (write(writer, piece, sizeof piece) != (ssize_t)sizeof piece)
                _exit(1);
        _exit(write(writer, "\nlast\n", 6) != 6);
    }
    assert_true(child > 0);
    close(writer);
    const struct ff_block block = next(lines);
    assert_true(block.is_long);
    assert_int_equal(block.offset, sizeof "short");
    assert_int_equal(block.text.len, FF_LINE_MAX);
    assert_next(lines, "last\n", 3 * FF_LINE_MAX + 7);
    assert_next(lines, "", 3 * FF_LINE_MAX + 12);
    ff_lines_close(lines);
    int status;
    assert_true(waitpid(child, &status, 0) == child && status == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_at_all),
        cmocka_unit_test(lines_of_every_size),
        cmocka_unit_test(usual_lines_and_odd_bytes),
        cmocka_unit_test(only_newlines),
        cmocka_unit_test(memory_that_is_not_noted_is_as_it_was),
        cmocka_unit_test(peeked_blocks_come_again),
        cmocka_unit_test(live_lines_come_at_once),
        cmocka_unit_test(a_byte_order_mark_is_left_out),
        cmocka_unit_test(long_lines_of_a_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
