/* Stretches and seats: the lines of a file's ranges, put together, are the file's
 * lines, however it is cut; and readers who take from each other leave nothing out. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seat.h"
#include "stretches.h"

struct file {
    char *data;
    size_t len;
    char path[32];
    struct ff_source *source;
};

/* Takes over `data`. */
static struct file make_file(char *data, size_t len)
{
    struct file file = { data, len, "/tmp/footfall-stretch-XXXXXX", NULL };
    struct ff_fault fault;
    const int fd = mkstemp(file.path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    close(fd);
    assert_int_equal(ff_source_open(&file.source, file.path, &fault), FF_OK);
    assert_true(ff_source_is_plain_file(file.source));
    return file;
}

static void remove_file(struct file *file)
{
    ff_source_close(file->source);
    unlink(file->path);
    free(file->data);
}

static struct ff_block read_range(const struct file *file, struct ff_range range,
                                  struct ff_text_memory *memory)
{
    struct ff_block block;
    struct ff_fault fault;
    assert_int_equal(ff_range_read(file->source, range, memory, &block, &fault), FF_OK);
    return block;
}

/* By the definition: where the line at `at` ends, its newline not with it. */
static size_t end_of_line(const struct file *file, size_t at)
{
    const char *end = memchr(file->data + at, '\n', file->len - at);
    return end ? (size_t)(end - file->data) : file->len;
}

/* Goes on from `at`, where a line begins, over the range's lines: they must be the
 * block's. Gives where the next one begins. */
static size_t check_block(const struct file *file, size_t at, struct ff_range range,
                          const struct ff_block *block)
{
    size_t used = 0;
    bool was_long = false;
    bool is_first = range.from == 0;
    for (; at < file->len && (at <= range.to || is_first); is_first = false) {
        const size_t end = end_of_line(file, at);
        const size_t next = end < file->len ? end + 1 : end;
        assert_false(was_long);
        was_long = end - at > FF_LINE_MAX;
        if (!was_long) {
            assert_true(used + next - at <= block->text.len);
            assert_memory_equal(block->text.data + used, file->data + at, next - at);
            if (used == 0)
                assert_int_equal(block->offset, at);
            used += next - at;
        }
        at = next;
    }
    assert_int_equal(used, block->text.len);
    assert_int_equal(was_long, block->is_long);
    return at;
}

/* Takes over `data`. `mark` bytes of it are no line's. */
static void check(char *data, size_t len, size_t mark)
{
    const uint64_t steps[] = { 1, 2, 3, 7, 64, 4096, 100000, FF_RANGE_BYTES };
    struct file file = make_file(data, len);
    struct ff_text_memory memory = { 0 };
    assert_true(ff_text_memory_take(&memory));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        size_t at = mark;
        if (len / steps[i] > 5000)
            continue;
        ff_text_memory_clear(&memory);
        assert_true(ff_text_memory_take(&memory));
        memset(memory.bytes, 0x5a, FF_LINES_BYTES);
        for (uint64_t from = 0; from < len; from += steps[i]) {
            const uint64_t to = from + steps[i] < len ? from + steps[i] : len;
            const struct ff_range range = { from, to };
            const struct ff_block block = read_range(&file, range, &memory);
            at = check_block(&file, at, range, &block);
        }
        assert_int_equal(at, len);
        for (size_t j = memory.to; j < FF_LINES_BYTES; j++)
            assert_int_equal(memory.bytes[j], 0x5a);
    }
    ff_text_memory_clear(&memory);
    remove_file(&file);
}

static void check_text(const char *text, size_t mark)
{
    check(strdup(text), strlen(text), mark);
}

static void short_files(void **state)
{
    (void)state;
    check_text("a", 0);
    check_text("\n", 0);
    check_text("\n\n\na\n\nbc", 0);
    check_text("one\ntwo\r\nthree\n", 0);
    check_text("one\ntwo\r\nthree, not ended", 0);
}

static void a_byte_order_mark_is_left_out(void **state)
{
    (void)state;
    check_text("\xEF\xBB\xBFone\ntwo\n", 3);
    check_text("\xEF\xBB\xBF\n\xEF\xBB\xBFtwo\n", 3);
    check_text("\xEF\xBBone\n", 0);
}

/* Lines of many lengths; one in some is about as long as can be. */
static void lines_of_every_length(void **state)
{
    (void)state;
    uint32_t seed = 11;
    for (int round = 0; round < 12; round++) {
        const size_t len = (size_t)3 << 20;
        char *data = malloc(len);
        assert_non_null(data);
        memset(data, 'x', len);
        for (size_t at = 0; at < len;) {
            seed = seed * 1664525 + 1013904223;
            const uint32_t kind = seed >> 28;
            at += kind == 0                ? FF_LINE_MAX - 1 + (seed >> 8) % 3
                  : kind == 1 && round % 2 ? (seed >> 8) % (4 * FF_LINE_MAX)
                                           : (seed >> 8) % 700;
            if (at < len)
                data[at++] = '\n';
        }
        check(data, len - (size_t)round, 0);
    }
}

static void one_line_without_end(void **state)
{
    (void)state;
    const size_t lens[] = { FF_LINE_MAX, FF_LINE_MAX + 1, 5 * FF_LINE_MAX };
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        char *data = malloc(lens[i]);
        assert_non_null(data);
        memset(data, 'x', lens[i]);
        check(data, lens[i], 0);
    }
}

static void a_file_that_became_shorter_is_refused(void **state)
{
    (void)state;
    const size_t len = 3 * FF_RANGE_BYTES;
    struct ff_text_memory memory = { 0 };
    char *data = calloc(1, len);
    assert_true(ff_text_memory_take(&memory) && data);
    struct file file = make_file(data, len);
    struct ff_block block;
    struct ff_fault fault;
    assert_int_equal(truncate(file.path, FF_RANGE_BYTES), 0);
    assert_int_equal(ff_range_read(file.source, (struct ff_range) { 0, FF_RANGE_BYTES },
                                   &memory, &block, &fault),
                     FF_ERR_IO);
    assert_non_null(strstr(fault.text, "became shorter"));
    ff_text_memory_clear(&memory);
    remove_file(&file);
}

/* Adds a piece, whose number is all that its text's memory holds. */
static void add_piece(struct ff_seat *seat, struct ff_piece *pieces, size_t i)
{
    struct ff_text_memory *memory = ff_seat_memory(seat);
    assert_non_null(memory);
    memory->bytes[0] = (char)i;
    pieces[i].text = (struct ff_span) { memory->bytes, 1 };
    ff_seat_add(seat, &pieces[i]);
}

/* The helper gets the piece, and with it the memory: what is added elsewhere while it
 * reads is written to another one. */
static void help(struct ff_seat *seats, size_t helper, struct ff_piece *pieces,
                 size_t i)
{
    assert_ptr_equal(ff_seat_help(seats, 3, helper), &pieces[i]);
    assert_ptr_equal(pieces[i].text.data, seats[helper].memory[0].bytes);
    assert_int_equal(pieces[i].text.data[0], i);
}

/* Runs grow, and who finds nothing more helps whoever has the most left. */
static void readers_help_each_other(void **state)
{
    (void)state;
    static struct ff_piece pieces[8];
    struct ff_seat seats[3] = { 0 };
    const size_t runs[] = { 1, 2, 4, 5, 5 };
    ff_seat_begin(&seats[0]);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        assert_int_equal(ff_seat_run(&seats[0], 5), runs[i]);
    ff_seat_begin(&seats[0]);
    assert_int_equal(ff_seat_run(&seats[0], 5), 1);

    for (size_t i = 0; i < 3; i++)
        add_piece(&seats[1], pieces, i);
    for (size_t i = 3; i < 7; i++)
        add_piece(&seats[2], pieces, i);
    assert_null(ff_seat_next(&seats[0]));
    assert_ptr_equal(ff_seat_next(&seats[1]), &pieces[0]);
    assert_ptr_equal(ff_seat_next(&seats[2]), &pieces[3]);
    help(seats, 0, pieces, 4);
    add_piece(&seats[2], pieces, 7);
    assert_int_equal(pieces[4].text.data[0], 4);
    help(seats, 0, pieces, 5);
    assert_ptr_equal(ff_seat_next(&seats[2]), &pieces[6]);
    help(seats, 0, pieces, 1);
    assert_ptr_equal(ff_seat_next(&seats[1]), &pieces[2]);
    help(seats, 1, pieces, 7);
    assert_null(ff_seat_help(seats, 3, 0));
    assert_int_equal(pieces[1].text.data[0], 1);
    for (size_t i = 0; i < 3; i++) {
        assert_null(ff_seat_next(&seats[i]));
        ff_seat_clear(&seats[i]);
    }
}

/* Where the range at `from` ends: the last four are cut into seven, or as many as are
 * an eighth of all, and what is left over with them. */
static uint64_t end_of_range(struct ff_range whole, uint64_t from)
{
    const uint64_t all = (whole.to - whole.from) / FF_RANGE_BYTES;
    const uint64_t n_last = all < 32 ? all / 8 : 4;
    const bool is_last = from - whole.from >= (all - n_last) * FF_RANGE_BYTES;
    const uint64_t to = from + FF_RANGE_BYTES / (is_last ? 7 : 1);
    return to < whole.to ? to : whole.to;
}

/* However many there are and whoever is quick: each byte is somebody's once, where
 * ranges begin depends on neither, and nobody is given a large one after a small. */
static void readers_leave_nothing_out(void **state)
{
    (void)state;
    uint32_t seed = 5;
    for (int round = 0; round < 2000; round++) {
        static bool begins[64 * FF_RANGE_BYTES / FF_LINES_ALIGNMENT];
        seed = seed * 1664525 + 1013904223;
        const size_t n = 1 + (seed >> 8) % 5;
        const struct ff_range whole = {
            3 * FF_RANGE_BYTES, 3 * FF_RANGE_BYTES + (seed >> 4) % (60 * FF_RANGE_BYTES)
        };
        struct ff_stretches stretches;
        struct ff_fault fault;
        struct ff_range range;
        uint64_t taken = 0;
        bool has_small = false;
        assert_int_equal(ff_stretches_init(&stretches, n, &fault), FF_OK);
        ff_stretches_share(&stretches, whole);
        memset(begins, 0, sizeof begins);
        for (;;) {
            seed = seed * 1664525 + 1013904223;
            if (!ff_stretches_take(&stretches, (seed >> 16) % n, &range))
                break;
            const uint64_t at = range.from - whole.from;
            assert_int_equal(at % FF_LINES_ALIGNMENT, 0);
            assert_int_equal(range.to, end_of_range(whole, range.from));
            assert_false(begins[at / FF_LINES_ALIGNMENT]);
            begins[at / FF_LINES_ALIGNMENT] = true;
            taken += range.to - range.from;
            const bool is_small = range.to - range.from <= FF_RANGE_SMALL_BYTES;
            assert_true(is_small || !has_small);
            has_small = is_small;
        }
        assert_int_equal(taken, whole.to - whole.from);
        for (size_t i = 0; i < n; i++)
            assert_false(ff_stretches_take(&stretches, i, &range));
        ff_stretches_clear(&stretches);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_files),
        cmocka_unit_test(a_byte_order_mark_is_left_out),
        cmocka_unit_test(lines_of_every_length),
        cmocka_unit_test(one_line_without_end),
        cmocka_unit_test(a_file_that_became_shorter_is_refused),
        cmocka_unit_test(readers_leave_nothing_out),
        cmocka_unit_test(readers_help_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
