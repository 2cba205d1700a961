/* zstd, xz and bzip2: what is given for whole, odd and damaged inputs. Packed here by
 * the libraries. With an argument: the large files, which take longer. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "codec_memory.h"
#include "hand_packed.h"
#include "hand_source.h"

static void add_member(struct bytes *to, const struct hand_packing *packing,
                       const void *data, size_t len)
{
    const size_t cap = hand_bound(len);
    unsigned char *out = malloc(cap);
    assert_non_null(out);
    add(to, out, packing->pack(out, cap, data, len));
    free(out);
}

/* The file gives `text` and `damage`, whatever room there is for it. */
static void assert_gives(const struct scratch *scratch, const struct bytes *file,
                         const void *text, size_t len, const char *damage)
{
    const size_t caps[] = { 1 << 18, 4093, 7 };
    store(scratch, file->data, file->len);
    for (size_t i = 0; i < sizeof caps / sizeof *caps; i++) {
        struct seen seen = see(scratch->path, FF_INFLATE_BEST, caps[i]);
        assert_string_equal(seen.damage, damage);
        assert_same_text(&seen.text, text, len);
        drop(&seen.text);
    }
}

#define FOR_EACH_PACKING(p)                                                            \
    for (const struct hand_packing *p = hand_packings;                                 \
         p < hand_packings + HAND_PACKINGS; p++)

static void members_follow_one_another(void **state)
{
    struct bytes text = text_of(300000);
    FOR_EACH_PACKING(p)
    {
        struct bytes file = { 0 };
        add_member(&file, p, NULL, 0);
        add_member(&file, p, text.data, 1);
        add_member(&file, p, NULL, 0);
        add_member(&file, p, text.data + 1, 199999);
        add_member(&file, p, text.data + 200000, 100000);
        add_member(&file, p, NULL, 0);
        assert_gives(*state, &file, text.data, text.len, "");
        drop(&file);
    }
    drop(&text);
}

static void many_members_of_one_byte(void **state)
{
    struct bytes text = text_of(5000);
    FOR_EACH_PACKING(p)
    {
        struct bytes file = { 0 };
        unsigned char out[2048];
        for (size_t i = 0; i < text.len; i++) {
            const size_t n = p->pack(out, sizeof out, text.data + i % 8, 1);
            text.data[i] = text.data[i % 8];
            add(&file, out, n);
        }
        store(*state, file.data, file.len);
        struct seen seen = see(((struct scratch *)*state)->path, FF_INFLATE_BEST, 4093);
        assert_string_equal(seen.damage, "");
        assert_same_text(&seen.text, text.data, text.len);
        drop(&seen.text);
        drop(&file);
    }
    drop(&text);
}

/* Three members; where each ends in the file. */
static struct bytes small_file(const struct hand_packing *packing,
                               const struct bytes *text, size_t ends[3])
{
    struct bytes file = { 0 };
    const size_t third = text->len / 3;
    for (size_t i = 0; i < 3; i++) {
        add_member(&file, packing, text->data + i * third, third);
        ends[i] = file.len;
    }
    return file;
}

static void cut_anywhere_gives_what_came_before(void **state)
{
    struct bytes text = text_of(900);
    unsigned char out[900];
    FOR_EACH_PACKING(p)
    {
        size_t ends[3];
        struct bytes file = small_file(p, &text, ends);
        for (size_t len = 4; len <= file.len; len++) {
            struct bytes part = { file.data, len, 0 };
            char damage[80] = "";
            if (len != ends[0] && len != ends[1] && len != ends[2])
                snprintf(damage, sizeof damage,
                         "cut off at byte %zu of the compressed file", len);
            const size_t n = p->unpack(out, sizeof out, file.data, len);
            assert_gives(*state, &part, text.data, n, damage);
        }
        for (size_t len = 1; len < 4; len++) {
            struct bytes part = { file.data, len, 0 };
            assert_gives(*state, &part, file.data, len, "");
        }
        drop(&file);
    }
    drop(&text);
}

/* Whether both say the same, but for the place: where a library notices that something
 * is wrong may depend on the room it has. */
static bool is_same_damage(const struct seen *a, const struct seen *b)
{
    const char *const place = " at byte ";
    const char *x = strstr(a->damage, place), *y = strstr(b->damage, place);
    if (!x || !y)
        return strcmp(a->damage, b->damage) == 0;
    const size_t n = (size_t)(x - a->damage);
    x += strlen(place);
    y += strlen(place);
    return memcmp(a->damage, b->damage, n) == 0 &&
           strcmp(x + strspn(x, "0123456789"), y + strspn(y, "0123456789")) == 0;
}

/* Whatever the room, a changed file gives the members before the change, and is either
 * said to be damaged or gives the text itself. How much of a damaged member comes may
 * depend on the room too; of zstd's it does not. */
static void assert_told(const struct scratch *scratch,
                        const struct hand_packing *packing, const struct bytes *file,
                        const struct bytes *text, size_t n_before)
{
    store(scratch, file->data, file->len);
    struct seen wide = see(scratch->path, FF_INFLATE_BEST, 1 << 18);
    struct seen narrow = see(scratch->path, FF_INFLATE_BEST, 61);
    assert_true(is_same_damage(&wide, &narrow));
    const size_t n = wide.text.len < narrow.text.len ? wide.text.len : narrow.text.len;
    assert_true(n >= n_before);
    if (n > 0)
        assert_memory_equal(wide.text.data, narrow.text.data, n);
    if (n_before > 0)
        assert_memory_equal(wide.text.data, text->data, n_before);
    if (packing->padding == 0)
        assert_int_equal(wide.text.len, narrow.text.len);
    if (!wide.damage[0])
        assert_same_text(&wide.text, text->data, text->len);
    drop(&wide.text);
    drop(&narrow.text);
}

static void flipped_anywhere_is_told(void **state)
{
    const unsigned char masks[] = { 0xff, 1, 0x10 };
    struct bytes text = text_of(900);
    FOR_EACH_PACKING(p)
    {
        size_t ends[3];
        struct bytes file = small_file(p, &text, ends);
        for (size_t i = p->magic_len; i < file.len; i++) {
            const size_t n_before = (i >= ends[0]) * 300u + (i >= ends[1]) * 300u;
            for (size_t m = 0; m < sizeof masks; m++) {
                file.data[i] ^= masks[m];
                assert_told(*state, p, &file, &text, n_before);
                file.data[i] ^= masks[m];
            }
        }
        drop(&file);
    }
    drop(&text);
}

static void padding_is_taken_where_the_tools_do(void **state)
{
    struct bytes text = text_of(3000);
    FOR_EACH_PACKING(p)
    {
        struct bytes file = { 0 };
        char damage[120];
        add_member(&file, p, text.data, 2000);
        const size_t end = file.len;
        for (size_t n = 1; n <= 9; n++) {
            add(&file, "\0", 1);
            if (p->padding == 0)
                snprintf(damage, sizeof damage,
                         "trailing garbage at byte %zu of the compressed file", end);
            else
                snprintf(damage, sizeof damage,
                         "corrupt at byte %zu of the compressed file: padding of the "
                         "wrong length",
                         file.len);
            const bool is_good = p->padding > 0 && n % p->padding == 0;
            assert_gives(*state, &file, text.data, 2000, is_good ? "" : damage);
            const size_t padded = file.len;
            add_member(&file, p, text.data + 2000, 1000);
            assert_gives(*state, &file, text.data, is_good ? 3000 : 2000,
                         is_good ? "" : damage);
            file.len = padded;
        }
        drop(&file);
    }
    drop(&text);
}

static void long_padding_goes_over_chunks(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes file = { 0 };
    add_member(&file, &hand_packings[1], "one\n", 4);
    for (int i = 0; i < 600000; i++)
        add(&file, "\0", 1);
    add_member(&file, &hand_packings[1], "two\n", 4);
    assert_gives(scratch, &file, "one\ntwo\n", 8, "");
    drop(&file);
}

static void garbage_is_told(void **state)
{
    const char *const tails[] = { "x", "garbage", "B", "BZ", "\xfd", "\x28\xb5", "\n" };
    struct bytes text = text_of(3000);
    FOR_EACH_PACKING(p)
    {
        struct bytes file = { 0 };
        add_member(&file, p, text.data, text.len);
        const size_t end = file.len;
        for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
            const size_t len = strlen(tails[i]);
            file.len = end;
            add(&file, tails[i], len);
            const bool is_cut = strncmp(tails[i], p->magic, len) == 0;
            char damage[80];
            snprintf(damage, sizeof damage, "%s at byte %zu of the compressed file",
                     is_cut ? "cut off" : "trailing garbage", is_cut ? file.len : end);
            assert_gives(*state, &file, text.data, text.len, damage);
        }
        drop(&file);
    }
    drop(&text);
}

/* zstd's frames that hold nothing of the text, as pzstd and others write them. */
static void skippable_frames_are_skipped(void **state)
{
    struct bytes file = { 0 };
    char skippable[8 + 300] = "\x5f\x2a\x4d\x18\x2c\x01";
    add(&file, skippable, sizeof skippable);
    add(&file, "\x50\x2a\x4d\x18\0\0\0\0", 8);
    add_member(&file, &hand_packings[0], "text\n", 5);
    const size_t whole = file.len;
    add(&file, skippable, sizeof skippable);
    assert_gives(*state, &file, "text\n", 5, "");
    for (size_t len = whole + 1; len < file.len; len += 13) {
        char damage[80];
        struct bytes part = { file.data, len, 0 };
        snprintf(damage, sizeof damage, "cut off at byte %zu of the compressed file",
                 len);
        assert_gives(*state, &part, "text\n", 5, damage);
    }
    drop(&file);
}

/* Random bytes do not pack: each block is one of 128 KiB, and the damage takes no text
 * but that of its block. */
static void blocks_before_the_damage_are_kept(void **state)
{
    const size_t block = 128 * 1024;
    struct bytes text = text_of(5 * block), file = { 0 };
    uint32_t seed = 1;
    for (size_t i = 0; i < text.len; i++)
        text.data[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    const size_t cap = hand_bound(text.len);
    unsigned char *out = malloc(cap);
    assert_non_null(out);
    add(&file, out, ZSTD_compress(out, cap, text.data, text.len, 1));
    free(out);
    /* The third block's header: of a kind that there is not. */
    const size_t header = file.len - 3 * (block + 3);
    file.data[header] |= 6;
    char damage[100];
    snprintf(damage, sizeof damage,
             "corrupt at byte %zu of the compressed file: invalid zstd data", header);
    assert_gives(*state, &file, text.data, 2 * block, damage);
    drop(&file);
    drop(&text);
}

/* A frame with one raw block and a window of 2^log bytes. */
static void store_window(const struct scratch *scratch, int log)
{
    unsigned char frame[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0x11, 0, 0, 'h', 'i' };
    frame[5] = (unsigned char)((log - 10) << 3);
    store(scratch, frame, sizeof frame);
}

static void zstd_windows_are_bounded(void **state)
{
    const struct scratch *scratch = *state;
    store_window(scratch, 27);
    struct seen seen = see(scratch->path, FF_INFLATE_BEST, 100);
    assert_string_equal(seen.damage, "");
    assert_same_text(&seen.text, "hi", 2);
    drop(&seen.text);
    store_window(scratch, 28);
    seen = see(scratch->path, FF_INFLATE_BEST, 100);
    assert_string_equal(seen.damage, "refused at byte 3 of the compressed file: it "
                                     "takes more than 128 MiB of memory to unpack");
    assert_int_equal(seen.text.len, 0);
}

static void xz_dictionaries_are_bounded(void **state)
{
    const struct scratch *scratch = *state;
    struct bytes file = { 0 };
    add_member(&file, &hand_packings[1], "text\n", 5);
    /* The block's header: its length in fours, flags, perhaps sizes, filter 0x21 with
     * one byte, which is the dictionary's size: 36 is 1 GiB. */
    unsigned char *header = file.data + 12;
    const size_t len = (header[0] + 1u) * 4;
    size_t filter = 2;
    while (filter < len && header[filter] != 0x21)
        filter++;
    assert_true(filter < len);
    header[filter + 2] = 36;
    uint32_t crc = lzma_crc32(header, len - 4, 0);
    for (size_t i = 0; i < 4; i++, crc >>= 8)
        header[len - 4 + i] = (unsigned char)crc;
    store(scratch, file.data, file.len);
    struct seen seen = see(scratch->path, FF_INFLATE_BEST, 100);
    assert_non_null(strstr(seen.damage, "refused at byte "));
    assert_non_null(strstr(seen.damage, "it takes more than 128 MiB of memory"));
    assert_int_equal(seen.text.len, 0);
    drop(&file);
}

/* A log that holds a compressed log is a log of odd lines. */
static void nothing_is_opened_twice(void **state)
{
    FOR_EACH_PACKING(outer)
    {
        FOR_EACH_PACKING(inner)
        {
            struct bytes text = { 0 }, file = { 0 };
            add_member(&text, inner, "text\n", 5);
            add_member(&file, outer, text.data, text.len);
            assert_gives(*state, &file, text.data, text.len, "");
            drop(&text);
            drop(&file);
        }
    }
}

static void text_that_looks_like_a_magic_is_text(void **state)
{
    const char *const texts[] = {
        "BZh9.example.org - - [x]\n",
        "BZh91AY.example.org\n",
        "P*M\n",
        "PK\n",
        "LZIP.example.org\n",
        "(\xb5/\n",
        "\xfd\x37zip\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bytes file = { (unsigned char *)(uintptr_t)texts[i], strlen(texts[i]),
                              0 };
        assert_gives(*state, &file, texts[i], file.len, "");
    }
}

static void what_is_not_read_is_named(void **state)
{
    const struct {
        const char *head, *why;
    } kinds[] = {
        { "PK\3\4and so on", "a zip archive; unpack it first" },
        { "\x1f\x9d\x90more", "packed by compress; unpack it with gzip -d" },
        { "7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct bytes file = { (unsigned char *)(uintptr_t)kinds[i].head,
                              strlen(kinds[i].head), 0 };
        assert_gives(*state, &file, "", 0, kinds[i].why);
    }
}

/* A pipe's reading end as a source; the writing end is the caller's. */
static int open_pipe(struct ff_source **out, const void *first, size_t len)
{
    int ends[2];
    char path[32];
    struct ff_fault fault;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], first, len), len);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(ff_source_open(out, path, &fault), FF_OK);
    close(ends[0]);
    return ends[1];
}

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

static void pipes_give_each_member_as_it_comes(void **state)
{
    (void)state;
    const char *const lines[] = { "first line\n", "second line\n", "third" };
    FOR_EACH_PACKING(p)
    {
        struct ff_source *source = NULL;
        int writer = -1;
        for (int i = 0; i < 3; i++) {
            struct bytes member = { 0 };
            add_member(&member, p, lines[i], strlen(lines[i]));
            if (i == 0)
                writer = open_pipe(&source, member.data, member.len);
            else
                assert_int_equal(write(writer, member.data, member.len), member.len);
            assert_reads(source, lines[i]);
            drop(&member);
        }
        assert_int_equal(write(writer, p->magic, 3), 3);
        close(writer);
        assert_reads(source, "");
        assert_non_null(strstr(ff_source_damage(source), ": cut off at byte "));
        ff_source_close(source);
    }
}

static void pieces_are_kept_for_the_next_member(void **state)
{
    (void)state;
    static struct ff_codec_memory memory;
    void *small = ff_codec_memory_take(&memory, 100);
    void *large = ff_codec_memory_take(&memory, 1 << 20);
    assert_non_null(small);
    assert_non_null(large);
    memset(large, 'x', 1 << 20);
    ff_codec_memory_give(&memory, large);
    assert_ptr_not_equal(ff_codec_memory_take(&memory, 50), large);
    assert_ptr_equal(ff_codec_memory_take(&memory, 1 << 19), large);
    ff_codec_memory_give(&memory, large);
    large = ff_codec_memory_take(&memory, 1 << 21);
    assert_non_null(large);
    size_t n_kept = 0;
    for (size_t i = 0; i < FF_CODEC_PIECES; i++)
        n_kept += memory.pieces[i].size == 1 << 20;
    assert_int_equal(n_kept, 0); /* too small for a larger one: let go */
    ff_codec_memory_give(&memory, NULL);
    for (size_t i = 3; i < FF_CODEC_PIECES; i++)
        assert_non_null(ff_codec_memory_take(&memory, i));
    assert_null(ff_codec_memory_take(&memory, 1));
    ff_codec_memory_give(&memory, small);
    small = ff_codec_memory_take(&memory, 5000);
    assert_non_null(small);
    ff_codec_memory_wipe(&memory);
    assert_null(memory.pieces[0].data);
}

/* The most memory that this process has had, in KiB, from a moment on. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    assert_non_null(file);
    assert_true(fputs("5", file) >= 0);
    fclose(file);
}

static long peak_kib(void)
{
    char line[200];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    fclose(file);
    return kib;
}

static void assert_zeros(const char *path, uint64_t expected)
{
    static char buffer[1 << 18], zeros[1 << 18];
    struct ff_source *source;
    struct ff_fault fault;
    uint64_t n = 0;
    size_t got;
    assert_int_equal(ff_source_open(&source, path, &fault), FF_OK);
    do {
        assert_int_equal(ff_source_read(source, buffer, sizeof buffer, &got, &fault),
                         FF_OK);
        assert_int_equal(memcmp(buffer, zeros, got), 0);
        n += got;
    } while (got > 0);
    assert_null(ff_source_damage(source));
    ff_source_close(source);
    assert_true(n == expected);
}

static void zeros_expand_in_flat_memory(void **state)
{
    const struct scratch *scratch = *state;
    const size_t len = 100000000;
    unsigned char *zeros = calloc(1, len);
    assert_non_null(zeros);
    FOR_EACH_PACKING(p)
    {
        struct bytes file = { 0 };
        add_member(&file, p, zeros, len);
        assert_true(file.len < 40000);
        store(scratch, file.data, file.len);
        drop(&file);
        forget_peak();
        const long before = peak_kib();
        assert_zeros(scratch->path, len);
        assert_true(peak_kib() - before < 12 * 1024);
    }
    free(zeros);
}

static void a_bomb_takes_time_not_memory(void **state)
{
    const struct scratch *scratch = *state;
    const uint64_t len = UINT64_C(1) << 30;
    static unsigned char zeros[1 << 20], out[1 << 18];
    struct bytes file = { 0 };
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    for (uint64_t at = 0; at < len; at += sizeof zeros) {
        const bool is_last = at + sizeof zeros == len;
        ZSTD_inBuffer in = { zeros, sizeof zeros, 0 };
        ZSTD_outBuffer to = { out, sizeof out, 0 };
        assert_int_equal(ZSTD_compressStream2(context, &to, &in,
                                              is_last ? ZSTD_e_end : ZSTD_e_flush),
                         0);
        add(&file, out, to.pos);
    }
    ZSTD_freeCCtx(context);
    assert_true(file.len < 100000);
    store(scratch, file.data, file.len);
    drop(&file);
    forget_peak();
    const long before = peak_kib();
    assert_zeros(scratch->path, len);
    assert_true(peak_kib() - before < 12 * 1024);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    (void)argv;
    const struct CMUnitTest tests[] = {
        TEST(members_follow_one_another),
        TEST(many_members_of_one_byte),
        TEST(cut_anywhere_gives_what_came_before),
        TEST(flipped_anywhere_is_told),
        TEST(padding_is_taken_where_the_tools_do),
        TEST(long_padding_goes_over_chunks),
        TEST(garbage_is_told),
        TEST(skippable_frames_are_skipped),
        TEST(blocks_before_the_damage_are_kept),
        TEST(zstd_windows_are_bounded),
        TEST(xz_dictionaries_are_bounded),
        TEST(nothing_is_opened_twice),
        TEST(text_that_looks_like_a_magic_is_text),
        TEST(what_is_not_read_is_named),
        cmocka_unit_test(pipes_give_each_member_as_it_comes),
        cmocka_unit_test(pieces_are_kept_for_the_next_member),
    };
    const struct CMUnitTest large[] = {
        TEST(zeros_expand_in_flat_memory),
        TEST(a_bomb_takes_time_not_memory),
    };
    return argc > 1 ? cmocka_run_group_tests(large, NULL, NULL)
                    : cmocka_run_group_tests(tests, NULL, NULL);
}
