/* Sources: what is given for whole, odd and damaged inputs, by both inflaters alike.
 * The gzip files are made here with zlib, header by header. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "hand_source.h"

static void add_le(struct bytes *to, uint32_t value, int n)
{
    for (int i = 0; i < n; i++, value >>= 8)
        add(to, &(unsigned char) { (unsigned char)value }, 1);
}

enum { FTEXT = 1, FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

static void add_header(struct bytes *to, unsigned flags, size_t extra_len)
{
    const size_t start = to->len;
    add(to, "\x1f\x8b\x08", 3);
    add_le(to, flags, 1);
    add(to, "\0\0\0\0\0\3", 6);
    if (flags & FEXTRA) {
        add_le(to, (uint32_t)extra_len, 2);
        for (size_t i = 0; i < extra_len; i++)
            add(to, "\0", 1);
    }
    if (flags & FNAME)
        add(to, "access.log", 11);
    if (flags & FCOMMENT)
        add(to, "", 1);
    if (flags & FHCRC)
        add_le(to, (uint32_t)crc32(0, to->data + start, (uInt)(to->len - start)), 2);
}

static void add_deflated(struct bytes *to, const void *data, size_t len, int level)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    const size_t bound = deflateBound(&z, len) + 16;
    unsigned char *out = malloc(bound);
    assert_non_null(out);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)bound;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    add(to, out, bound - z.avail_out);
    deflateEnd(&z);
    free(out);
}

static void add_trailer(struct bytes *to, const void *data, size_t len)
{
    add_le(to, len ? (uint32_t)crc32(0, data, (uInt)len) : 0, 4);
    add_le(to, (uint32_t)len, 4);
}

static void add_member(struct bytes *to, const void *data, size_t len)
{
    add_header(to, 0, 0);
    add_deflated(to, data, len, 6);
    add_trailer(to, data, len);
}

/* Both inflaters give `text` (a prefix of it if `len` is less) and `damage`. */
static void assert_both(const struct scratch *scratch, const struct bytes *file,
                        const struct bytes *text, const char *damage)
{
    const size_t caps[] = { 1 << 18, 4093 };
    store(scratch, file->data, file->len);
    for (int inflate = FF_INFLATE_BEST; inflate <= FF_INFLATE_ZLIB; inflate++) {
        for (size_t i = 0; i < 2; i++) {
            struct seen seen = see(scratch->path, (enum ff_inflate)inflate, caps[i]);
            assert_string_equal(seen.damage, damage);
            assert_same_text(&seen.text, text->data, text->len);
            drop(&seen.text);
        }
    }
}

static void plain_files_are_given_as_they_are(void **state)
{
    const size_t lens[] = { 0, 1, 2, 15, 16, 17, 4096, 300000 };
    struct bytes text = text_of(300000);
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        struct bytes part = { text.data, lens[i], 0 };
        assert_both(*state, &part, &part, "");
    }
    struct bytes odd = { (unsigned char *)"\x1f", 1, 0 };
    assert_both(*state, &odd, &odd, "");
    odd = (struct bytes) { (unsigned char *)"\x1f\x8a\n\0\0", 5, 0 };
    assert_both(*state, &odd, &odd, "");
    drop(&text);
}

static void headers_may_have_any_field(void **state)
{
    const size_t extra_lens[] = { 0, 1, 65535 };
    struct bytes text = text_of(1000);
    for (unsigned flags = 0; flags < 32; flags++) {
        for (size_t i = 0; i < 3; i++) {
            struct bytes file = { 0 };
            for (int n = 0; n < 2; n++) {
                add_header(&file, flags, extra_lens[i]);
                add_deflated(&file, text.data + n * 500, 500, 6);
                add_trailer(&file, text.data + n * 500, 500);
            }
            assert_both(*state, &file, &text, "");
            drop(&file);
        }
    }
    drop(&text);
}

static void damaged_headers_are_told(void **state)
{
    const struct bytes nothing = { 0 };
    struct bytes file = { 0 };
    add_header(&file, FHCRC, 0);
    file.data[10] ^= 1;
    assert_both(*state, &file, &nothing,
                "corrupt at byte 11 of the compressed file: "
                "the header's checksum is wrong");
    file.data[3] = 0x20;
    assert_both(*state, &file, &nothing,
                "corrupt at byte 4 of the compressed file: "
                "unknown flags in the header");
    file.data[2] = 7;
    assert_both(*state, &file, &nothing,
                "corrupt at byte 3 of the compressed file: "
                "unknown compression method");
    file.len = 2;
    assert_both(*state, &file, &nothing, "cut off at byte 2 of the compressed file");
    drop(&file);
}

static void stored_and_empty_members(void **state)
{
    struct bytes text = text_of(200000), file = { 0 };
    add_member(&file, NULL, 0);
    add_header(&file, 0, 0);
    add_deflated(&file, text.data, text.len, 0);
    add_trailer(&file, text.data, text.len);
    add_member(&file, NULL, 0);
    assert_both(*state, &file, &text, "");
    drop(&file);
    drop(&text);
}

static void many_members_of_one_byte(void **state)
{
    struct bytes text = text_of(20000), file = { 0 };
    for (size_t i = 0; i < text.len; i++)
        add_member(&file, text.data + i, 1);
    assert_both(*state, &file, &text, "");
    drop(&file);
    drop(&text);
}

static void zeros_expand_in_flat_buffers(void **state)
{
    struct bytes text = { calloc(1, 10000000), 10000000, 0 }, file = { 0 };
    assert_non_null(text.data);
    add_member(&file, text.data, text.len);
    assert_true(file.len < 20000);
    assert_both(*state, &file, &text, "");
    drop(&file);
    drop(&text);
}

static void padding_is_taken_garbage_is_told(void **state)
{
    struct bytes text = text_of(3000), file = { 0 };
    add_member(&file, text.data, text.len);
    const size_t end = file.len;
    char garbage[80];
    for (int i = 0; i < 300000; i++)
        add(&file, "\0", 1);
    assert_both(*state, &file, &text, "");
    snprintf(garbage, sizeof garbage,
             "trailing garbage at byte %zu of the compressed file", file.len);
    add(&file, "x", 1);
    assert_both(*state, &file, &text, garbage);

    const char *const tails[] = { "x", "\x1fx", "\x1e\x8b", "\nmore" };
    for (size_t i = 0; i < 4; i++) {
        file.len = end;
        add(&file, tails[i], strlen(tails[i]));
        snprintf(garbage, sizeof garbage,
                 "trailing garbage at byte %zu of the compressed file", end);
        assert_both(*state, &file, &text, garbage);
    }
    drop(&file);
    drop(&text);
}

static void trailers_are_checked(void **state)
{
    struct bytes text = text_of(3000), file = { 0 };
    add_member(&file, text.data, text.len);
    char damage[120];
    file.data[file.len - 1] ^= 1;
    snprintf(damage, sizeof damage,
             "corrupt at byte %zu of the compressed file: its length is wrong",
             file.len);
    assert_both(*state, &file, &text, damage);
    file.data[file.len - 8] ^= 1;
    snprintf(damage, sizeof damage,
             "corrupt at byte %zu of the compressed file: its checksum is wrong",
             file.len);
    add_member(&file, text.data, text.len);
    assert_both(*state, &file, &text, damage);
    drop(&file);
    drop(&text);
}

/* Two members, with and without Huffman codes of their own, one of them stored. */
static struct bytes small_file(const struct bytes *text, size_t ends[3])
{
    struct bytes file = { 0 };
    const size_t third = text->len / 3;
    const int levels[] = { 9, 0, 6 };
    const unsigned flags[] = { FNAME, FHCRC | FEXTRA, 0 };
    for (int i = 0; i < 3; i++) {
        add_header(&file, flags[i], 3);
        add_deflated(&file, text->data + (size_t)i * third, third, levels[i]);
        add_trailer(&file, text->data + (size_t)i * third, third);
        ends[i] = file.len;
    }
    return file;
}

/* What zlib's own gzip reader can get out of the file's first `len` bytes. */
static size_t zlib_gets(const struct bytes *file, size_t len, unsigned char *out,
                        size_t cap)
{
    z_stream z = { .next_in = file->data, .avail_in = (uInt)len };
    z.next_out = out;
    z.avail_out = (uInt)cap;
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    while (inflate(&z, Z_NO_FLUSH) == Z_STREAM_END && z.avail_in > 0)
        inflateReset(&z);
    inflateEnd(&z);
    return cap - z.avail_out;
}

static void cut_anywhere_gives_what_came_before(void **state)
{
    struct bytes text = text_of(1500);
    size_t ends[3];
    struct bytes file = small_file(&text, ends);
    unsigned char out[1500];
    for (size_t len = 2; len <= file.len; len++) {
        struct bytes part = { file.data, len, 0 };
        struct bytes expected = { text.data, zlib_gets(&file, len, out, 1500), 0 };
        char damage[80];
        snprintf(damage, sizeof damage, "cut off at byte %zu of the compressed file",
                 len);
        const bool is_whole = len == ends[0] || len == ends[1] || len == ends[2];
        assert_both(*state, &part, &expected, is_whole ? "" : damage);
    }
    drop(&file);
    drop(&text);
}

/* ISA-L takes some Huffman codes that zlib refuses, and has then given more (gzip.c).
 */
static void assert_same_damage(const struct scratch *scratch)
{
    struct seen best = see(scratch->path, FF_INFLATE_BEST, 1 << 18);
    struct seen zlib = see(scratch->path, FF_INFLATE_ZLIB, 1 << 18);
    assert_string_equal(best.damage, zlib.damage);
    if (strstr(zlib.damage, "invalid deflate data"))
        assert_true(best.text.len >= zlib.text.len);
    else
        assert_int_equal(best.text.len, zlib.text.len);
    if (zlib.text.len > 0)
        assert_memory_equal(best.text.data, zlib.text.data, zlib.text.len);
    drop(&best.text);
    drop(&zlib.text);
}

static void flipped_anywhere_is_told_alike(void **state)
{
    const struct scratch *scratch = *state;
    const unsigned char masks[] = { 0xff, 1, 2, 4, 8, 16, 32, 64, 128 };
    struct bytes text = text_of(1500);
    size_t ends[3];
    struct bytes file = small_file(&text, ends);
    for (size_t i = 0; i < file.len; i++) {
        for (size_t m = 0; m < sizeof masks; m++) {
            file.data[i] ^= masks[m];
            store(scratch, file.data, file.len);
            assert_same_damage(scratch);
            file.data[i] ^= masks[m];
        }
    }
    drop(&file);
    drop(&text);
}

/* Larger than the chunk that a source reads, so that it must go back over chunks. */
static void large_files_are_damaged_alike(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes text = text_of(8000000), file = { 0 };
    add_member(&file, text.data, 4000000);
    add_member(&file, text.data + 4000000, 4000000);
    assert_true(file.len > 4 * 256 * 1024);
    assert_both(scratch, &file, &text, "");
    const size_t chunk = 256 * 1024;
    const size_t places[] = { chunk - 1,   chunk,
                              chunk + 1,   file.len / 2 + 40000,
                              3 * chunk,   file.len - 9,
                              file.len - 1 };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        store(scratch, file.data, places[i]);
        assert_same_damage(scratch);
        file.data[places[i]] ^= 0x55;
        store(scratch, file.data, file.len);
        assert_same_damage(scratch);
        file.data[places[i]] ^= 0x55;
    }
    drop(&file);
    drop(&text);
}

static void any_room_gives_the_same(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes text = text_of(70000), file = { 0 };
    add_member(&file, text.data, 50000);
    add_member(&file, text.data + 50000, 20000);
    store(scratch, file.data, file.len);
    for (size_t cap = 1; cap < 100000; cap = cap * 3 + 1) {
        for (int inflate = FF_INFLATE_BEST; inflate <= FF_INFLATE_ZLIB; inflate++) {
            struct seen seen = see(scratch->path, (enum ff_inflate)inflate, cap);
            assert_same_text(&seen.text, text.data, text.len);
            drop(&seen.text);
        }
    }
    drop(&file);
    drop(&text);
}

static void files_fill_the_buffer_and_know_their_size(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes text = text_of(600000), file = { 0 };
    add_member(&file, text.data, text.len);
    store(scratch, file.data, file.len);
    struct ff_fault fault;
    struct ff_source *source;
    assert_int_equal(ff_source_open(&source, scratch->path, &fault), FF_OK);
    assert_int_equal(ff_source_bytes_total(source), file.len);
    assert_int_equal(ff_source_bytes_read(source), 0);
    char *buffer = malloc(500000);
    assert_non_null(buffer);
    size_t got;
    assert_int_equal(ff_source_read(source, buffer, 500000, &got, &fault), FF_OK);
    assert_int_equal(got, 500000);
    assert_int_equal(ff_source_read(source, buffer, 500000, &got, &fault), FF_OK);
    assert_int_equal(got, 100000);
    assert_int_equal(ff_source_read(source, buffer, 500000, &got, &fault), FF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(ff_source_bytes_read(source), file.len);
    assert_null(ff_source_damage(source));
    ff_source_close(source);
    free(buffer);
    drop(&file);
    drop(&text);
}

/* A pipe's reading end as a path; the writing end is the caller's. */
static int open_pipe(struct ff_source **out, const void *first, size_t len)
{
    int ends[2];
    char path[32];
    struct ff_fault fault;
    assert_int_equal(pipe(ends), 0);
    if (len > 0)
        assert_int_equal(write(ends[1], first, len), len);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(ff_source_open(out, path, &fault), FF_OK);
    assert_int_equal(ff_source_bytes_total(*out), 0);
    close(ends[0]);
    return ends[1];
}

/* The text comes without waiting for more than is there, perhaps in two reads: a pipe's
 * first bytes are looked at alone. An empty text: the end. */
static void assert_reads(struct ff_source *source, const char *text)
{
    char buffer[4096];
    size_t n = 0, got;
    struct ff_fault fault;
    do {
        assert_int_equal(
            ff_source_read(source, buffer + n, sizeof buffer - n, &got, &fault), FF_OK);
        n += got;
    } while (n < strlen(text) && got > 0);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(buffer, text, n);
}

static void pipes_give_what_is_there(void **state)
{
    (void)state;
    struct ff_source *source;
    int writer = open_pipe(&source, "o", 1);
    assert_reads(source, "o");
    assert_int_equal(write(writer, "ne\ntw", 5), 5);
    assert_reads(source, "ne\ntw");
    close(writer);
    assert_reads(source, "");
    assert_int_equal(ff_source_bytes_read(source), 6);
    ff_source_close(source);
}

/* A reading that is to be full takes what comes in pieces, and ends with the pipe or
 * the time. */
static void pipes_can_fill_a_reading(void **state)
{
    (void)state;
    char buffer[8];
    size_t got;
    struct ff_fault fault;
    struct ff_source *source;
    const int writer = open_pipe(&source, "one\n", 4);
    ff_source_fill_next(source, 1);
    assert_int_equal(ff_source_read(source, buffer, 8, &got, &fault), FF_OK);
    assert_int_equal(got, 4);
    assert_int_equal(write(writer, "two\nthree\n", 10), 10);
    assert_int_equal(ff_source_read(source, buffer, 3, &got, &fault), FF_OK);
    ff_source_fill_next(source, FF_LOOK_WHOLE);
    close(writer);
    assert_int_equal(ff_source_read(source, buffer, 8, &got, &fault), FF_OK);
    assert_memory_equal(buffer, "\nthree\n", 7);
    assert_int_equal(got, 7);
    assert_int_equal(ff_source_read(source, buffer, 8, &got, &fault), FF_OK);
    assert_int_equal(got, 0);
    ff_source_close(source);
}

/* A pipe's first byte has been looked at alone when it was opened. */
static void pipes_fill_over_their_first_bytes(void **state)
{
    (void)state;
    char buffer[64];
    size_t got;
    struct ff_fault fault;
    struct ff_source *source;
    const int writer = open_pipe(&source, "a line that is longer than a look\n", 34);
    ff_source_fill_next(source, FF_LOOK_WHOLE);
    assert_int_equal(ff_source_read(source, buffer, 30, &got, &fault), FF_OK);
    assert_int_equal(got, 30);
    close(writer);
    ff_source_close(source);
}

static void compressed_pipes_give_each_flush(void **state)
{
    (void)state;
    unsigned char out[256] = { 0 };
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    struct ff_source *source = NULL;
    int writer = -1;
    const char *const lines[] = { "first line\n", "second line\n", "third" };
    for (int i = 0; i < 3; i++) {
        z.next_in = (unsigned char *)(uintptr_t)lines[i];
        z.avail_in = (uInt)strlen(lines[i]);
        z.next_out = out;
        z.avail_out = sizeof out;
        deflate(&z, Z_SYNC_FLUSH);
        const size_t n = sizeof out - z.avail_out;
        if (i == 0)
            writer = open_pipe(&source, out, n);
        else
            assert_int_equal(write(writer, out, n), n);
        assert_reads(source, lines[i]);
    }
    deflateEnd(&z);
    close(writer);
    assert_reads(source, "");
    assert_non_null(strstr(ff_source_damage(source), ": cut off at byte "));
    ff_source_close(source);
}

static void pipes_and_files_are_damaged_alike(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes text = text_of(9000), file = { 0 };
    add_member(&file, text.data, text.len);
    assert_true(file.len < 4096); /* fits in a pipe */
    for (size_t len = 2; len < file.len; len += 37) {
        store(scratch, file.data, len);
        struct seen from_file = see(scratch->path, FF_INFLATE_BEST, 1 << 18);
        struct ff_source *source;
        close(open_pipe(&source, file.data, len));
        char buffer[9000];
        size_t n = 0, got;
        struct ff_fault fault;
        do {
            assert_int_equal(
                ff_source_read(source, buffer + n, sizeof buffer - n + 1, &got, &fault),
                FF_OK);
            n += got;
        } while (got > 0);
        assert_same_text(&from_file.text, buffer, n);
        assert_non_null(strstr(ff_source_damage(source), from_file.damage));
        ff_source_close(source);
        drop(&from_file.text);
    }
    drop(&file);
    drop(&text);
}

/* Makes the file our standard input, some way on. */
static void stand_at(const struct scratch *scratch, off_t at)
{
    const int fd = open(scratch->path, O_RDONLY);
    assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    close(fd);
    assert_int_equal(lseek(STDIN_FILENO, at, SEEK_SET), at);
}

static void standard_input_goes_on_from_where_it_stands(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes file = { 0 };
    add(&file, "head\n", 5);
    add_member(&file, "inside\n", 7);
    store(scratch, file.data, file.len);
    const int kept = dup(STDIN_FILENO);
    stand_at(scratch, 5);
    struct ff_source *source;
    struct ff_fault fault;
    assert_int_equal(ff_source_open(&source, "-", &fault), FF_OK);
    assert_int_equal(ff_source_bytes_total(source), file.len - 5);
    assert_reads(source, "inside\n");
    ff_source_close(source);

    file.data[file.len - 1] ^= 1;
    store(scratch, file.data, file.len);
    stand_at(scratch, 5);
    assert_int_equal(ff_source_open(&source, "-", &fault), FF_OK);
    assert_reads(source, "inside\n");
    assert_reads(source, "");
    assert_string_equal(ff_source_damage(source),
                        "standard input: corrupt at byte 27 of the compressed file: "
                        "its length is wrong");
    ff_source_close(source);
    assert_true(kept < 0 || dup2(kept, STDIN_FILENO) == STDIN_FILENO);
    if (kept >= 0)
        close(kept);
    drop(&file);
}

/* Another process may have made our standard input so. */
static void pipes_that_do_not_block_are_waited_for(void **state)
{
    (void)state;
    int ends[2];
    const int kept = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_true(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    const pid_t child = fork();
    if (child == 0)
        _exit(write(ends[1], "late\n", 5) != 5);
    assert_true(child > 0);
    close(ends[0]);
    close(ends[1]);
    struct ff_source *source;
    struct ff_fault fault;
    assert_int_equal(ff_source_open(&source, "-", &fault), FF_OK);
    assert_reads(source, "late\n");
    assert_reads(source, "");
    ff_source_close(source);
    int status;
    assert_true(waitpid(child, &status, 0) == child && status == 0);
    assert_true(kept < 0 || dup2(kept, STDIN_FILENO) == STDIN_FILENO);
    if (kept >= 0)
        close(kept);
}

static void what_cannot_be_read_is_said(void **state)
{
    const struct scratch *scratch = *state;
    struct ff_source *source = (struct ff_source *)state;
    struct ff_fault fault;
    char expected[128];
    assert_int_equal(ff_source_open(&source, scratch->folder, &fault), FF_ERR_IO);
    assert_null(source);
    snprintf(expected, sizeof expected, "%s: is a folder, not a log file",
             scratch->folder);
    assert_string_equal(fault.text, expected);
    assert_int_equal(ff_source_open(&source, "/nowhere/\x1b[2J\nlog", &fault),
                     FF_ERR_IO);
    assert_string_equal(fault.text, "/nowhere/?[2J?log: cannot be opened: "
                                    "No such file or directory");
    assert_int_equal(ff_source_open(&source, "/proc/self/mem", &fault), FF_ERR_IO);
    assert_string_equal(fault.text, "/proc/self/mem: cannot be read at byte 0: "
                                    "Input/output error");
    char path[400];
    memset(path, 'x', sizeof path);
    memcpy(path + sizeof path - 5, "/log", 5);
    assert_int_equal(ff_source_open(&source, path, &fault), FF_ERR_IO);
    assert_true(strlen(fault.text) < 240);
    assert_memory_equal(fault.text, "...xxx", 6);
    assert_non_null(strstr(fault.text, "xxx/log: cannot be opened"));
    ff_source_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_files_are_given_as_they_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(headers_may_have_any_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_headers_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stored_and_empty_members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_members_of_one_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zeros_expand_in_flat_buffers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(padding_is_taken_garbage_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(trailers_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cut_anywhere_gives_what_came_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(flipped_anywhere_is_told_alike, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(large_files_are_damaged_alike, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(any_room_gives_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_fill_the_buffer_and_know_their_size,
                                        set_up, tear_down),
        cmocka_unit_test(pipes_give_what_is_there),
        cmocka_unit_test(pipes_can_fill_a_reading),
        cmocka_unit_test(pipes_fill_over_their_first_bytes),
        cmocka_unit_test(compressed_pipes_give_each_flush),
        cmocka_unit_test_setup_teardown(pipes_and_files_are_damaged_alike, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(standard_input_goes_on_from_where_it_stands,
                                        set_up, tear_down),
        cmocka_unit_test(pipes_that_do_not_block_are_waited_for),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
