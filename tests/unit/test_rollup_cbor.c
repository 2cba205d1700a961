/* The rollup file: round trips, and everything that is refused, with the sentence. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rollup_sample.h"

struct bytes {
    unsigned char *data;
    size_t len;
};

static struct bytes encode(const struct ff_rollup *rollup)
{
    struct bytes b = { 0 };
    struct ff_fault fault = { "" };
    if (ff_rollup_encode(rollup, &b.data, &b.len, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    return b;
}

static enum ff_err decode(struct ff_rollup **out, struct bytes b,
                          struct ff_fault *fault)
{
    size_t used = 0;
    *fault = (struct ff_fault) { "" };
    *out = NULL;
    /* a copy of its own, so that ASan sees a read past the end */
    unsigned char *copy = malloc(b.len ? b.len : 1);
    assert_non_null(copy);
    if (b.len)
        memcpy(copy, b.data, b.len);
    const enum ff_err err = ff_rollup_decode(out, copy, b.len, &used, "x.cbor", fault);
    free(copy);
    assert_true(err != FF_OK || used <= b.len);
    return err;
}

static void assert_same_table(const struct ff_table_data *a,
                              const struct ff_table_data *b)
{
    assert_int_equal(a->is_present, b->is_present);
    assert_int_equal(a->n_rows, b->n_rows);
    assert_true(a->other == b->other && a->total == b->total);
    for (size_t i = 0; i < a->n_rows; i++) {
        for (int part = 0; part < FF_KEY_PARTS; part++)
            assert_true(ff_span_equal(a->rows[i].key[part], b->rows[i].key[part]));
        assert_memory_equal(a->rows[i].measures, b->rows[i].measures,
                            sizeof a->rows[i].measures);
    }
}

static void assert_same(const struct ff_rollup *a, const struct ff_rollup *b)
{
    assert_true(ff_span_equal(a->site, b->site));
    assert_true(ff_span_equal(a->zone, b->zone));
    assert_int_equal(a->profile, b->profile);
    assert_int_equal(a->grain, b->grain);
    assert_int_equal(a->start, b->start);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->k, b->k);
    assert_int_equal(a->kn, b->kn);
    assert_int_equal(a->rules, b->rules);
    assert_int_equal(a->revision, b->revision);
    assert_int_equal(a->is_partial, b->is_partial);
    assert_int_equal(a->is_capped, b->is_capped);
    assert_memory_equal(&a->reconciliation, &b->reconciliation,
                        sizeof a->reconciliation);
    assert_int_equal(a->has_totals, b->has_totals);
    assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
    for (int id = 0; id < FF_TABLES; id++)
        assert_same_table(&a->tables[id], &b->tables[id]);
}

static void assert_round_trip(struct ff_rollup *rollup)
{
    struct ff_rollup *again = NULL;
    struct ff_fault fault;
    const struct bytes b = encode(rollup);
    if (decode(&again, b, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    assert_same(rollup, again);
    const struct bytes second = encode(again);
    assert_int_equal(b.len, second.len);
    assert_memory_equal(b.data, second.data, b.len);
    free(b.data);
    free(second.data);
    ff_rollup_destroy(again);
    ff_rollup_destroy(rollup);
}

static void round_trips(void **state)
{
    (void)state;
    for (int grain = FF_DAY; grain <= FF_MONTH; grain++) {
        assert_round_trip(sample_empty((enum ff_grain)grain, MONDAY));
        assert_round_trip(sample_full((enum ff_grain)grain, MONDAY));
        assert_round_trip(sample_full((enum ff_grain)grain, -1)); /* 1969-12-31 */
    }
    struct ff_rollup *rollup = sample_full(FF_DAY, MONDAY);
    rollup->k = rollup->kn = rollup->rules = rollup->revision = 1;
    rollup->is_capped = true;
    rollup->tables[FF_PAGES] = (struct ff_table_data) { .is_present = false };
    rollup->tables[FF_CAMPAIGNS] = (struct ff_table_data) { .is_present = false };
    rollup->tables[FF_AI_CRAWLERS] = (struct ff_table_data) { .is_present = false };
    sample_table(rollup, FF_HOURS, 0, 0);
    sample_table(rollup, FF_STATUSES, 1000, 10);
    rollup->tables[FF_ROBOTS_TABLE].other = UINT64_MAX;
    rollup->tables[FF_ROBOTS_TABLE].total = UINT64_MAX;
    rollup->tables[FF_ROBOTS_TABLE].n_rows = 0;
    assert_round_trip(rollup);
    assert_round_trip(sample_partner());
}

/* What a partner's rollup may not hold, one thing at a time. */
static void partners_are_refused_exact_counts(void **state)
{
    (void)state;
    for (int fault_at = 0; fault_at <= 8; fault_at++) {
        static const char *const sentences[] = {
            "human: 6 for partners is not rounded to 5",
            "blank: 4 for partners is not rounded to 5",
            "totals: 102 for partners is not rounded to 5",
            "totals: bytes, which are not for partners",
            "downloads: bytes, which are not for partners",
            "pages: 23 for partners is not rounded to 5",
            "pages: 17 for partners is not rounded to 5",
            "robots: a row of nothing",
            "not_found: a table that is not for partners",
        };
        struct ff_rollup *rollup = sample_partner();
        struct ff_table_data *pages = &rollup->tables[FF_PAGES];
        struct ff_table_data *robots = &rollup->tables[FF_ROBOTS_TABLE];
        switch (fault_at) {
        case 0:
            rollup->reconciliation.human[FF_CLASS_ASSETS] = 6;
            break;
        case 1:
            rollup->reconciliation.blank = 4;
            break;
        case 2:
            rollup->totals.visits = 102;
            break;
        case 3:
            rollup->totals.bytes = 5;
            break;
        case 4:
            rollup->tables[FF_DOWNLOADS].rows[0].measures[2] = 10;
            break;
        case 5:
            pages->rows[0].measures[2] = 23;
            break;
        case 6:
            pages->other += 12;
            pages->total += 12;
            break;
        case 7:
            robots->total -= robots->rows[1].measures[0];
            robots->rows[1].measures[0] = 0;
            break;
        default:
            sample_table(rollup, FF_NOT_FOUND, 0, 0);
        }
        unsigned char *bytes;
        size_t len;
        struct ff_fault fault;
        assert_int_equal(ff_rollup_encode(rollup, &bytes, &len, &fault), FF_ERR_DATA);
        if (!strstr(fault.text, sentences[fault_at]))
            fail_msg("%d: %s", fault_at, fault.text);
        ff_rollup_destroy(rollup);
    }
}

/* Robots are no people: they stand where nothing else does. */
static void robots_stand_without_totals(void **state)
{
    (void)state;
    struct ff_rollup *rollup = sample_empty(FF_DAY, MONDAY);
    sample_table(rollup, FF_ROBOTS_TABLE, 2, 0);
    sample_table(rollup, FF_AI_CRAWLERS, 2, 0);
    assert_round_trip(rollup);
}

/* The smallest rollup in full: version 1 is these bytes for ever. */
/* clang-format off */
#define MAGIC  "d9d9f7846f666f6f7466616c6c2d726f6c6c7570"
#define DATES  "02d864195022" "03d864195023"
#define COUNTS "0400" "050a" "0605" "0701" "0800" "09f40af4"
#define HEADER "ac" "006161" "0100" DATES COUNTS "0b63555443"
#define LINES  "85" "880000000000000000" "8400000000" "000000"
#define BODY   "a3" "00" LINES "01f6" "02a0"
/* clang-format on */
#define SMALL MAGIC "01" HEADER BODY

static struct bytes from_hex(const char *hex)
{
    struct bytes b = { malloc(strlen(hex) / 2 + 1), strlen(hex) / 2 };
    assert_non_null(b.data);
    for (size_t i = 0; i < b.len; i++) {
        unsigned byte = 0;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        b.data[i] = (unsigned char)byte;
    }
    return b;
}

static void smallest_is_as_ever(void **state)
{
    (void)state;
    struct ff_rollup *rollup = sample_empty(FF_DAY, MONDAY);
    const struct bytes b = encode(rollup), golden = from_hex(SMALL);
    assert_int_equal(b.len, golden.len);
    assert_memory_equal(b.data, golden.data, b.len);
    free(b.data);
    free(golden.data);
    ff_rollup_destroy(rollup);
}

/* ---- refusals: what the bytes are, what is said after "x.cbor: " ---- */

struct refusal {
    const char *hex, *sentence;
};

/* clang-format off */
#define START       MAGIC "01" "ac" "006161" "0100"
#define NAMELESS    START DATES COUNTS
#define TABLES(hex) MAGIC "01" HEADER "a3" "00" LINES "01f6" "02" hex

static const struct refusal refusals[] = {
    { "", "not a footfall rollup" },
    { "d9d9f78401", "not a footfall rollup" },
    { "7b226122", "not a footfall rollup" },
    { "9a08000000", "not a footfall rollup" },
    { "d9d9f7846f666f6f", "cut off at byte 8" },
    { MAGIC "02", "made by a newer footfall (rollup version 2; this one reads 1)" },
    { MAGIC "1bffffffffffffffff",
      "made by a newer footfall (rollup version 18446744073709551615; "
      "this one reads 1)" },
    { MAGIC "00", "byte 20: version: there is no rollup version 0" },
    { MAGIC "1801", "byte 20: version: integer not in its shortest form" },
    { MAGIC "6131", "byte 20: version: expected a whole number, found text" },
    { MAGIC "01" "bf", "byte 21: header: of indefinite length" },
    { MAGIC "01" "80", "byte 21: header: expected a map, found an array" },
    { MAGIC "01" "aa", "byte 21: header: expected a map of 12, found 10" },
    { MAGIC "01" "b80c", "byte 21: header: length not in its shortest form" },
    { MAGIC "01" "ac01", "byte 22: header: expected key 0, found 1" },
    { MAGIC "01" "ac007f", "byte 23: site: of indefinite length" },
    { MAGIC "01" "ac0060", "byte 23: site: a name of 1 to 255 bytes was expected" },
    { MAGIC "01" "ac004161", "byte 23: site: expected text, found bytes" },
    { MAGIC "01" "ac0062c328", "byte 23: site: text that is not UTF-8" },
    { MAGIC "01" "ac0062c1a1", "byte 23: site: text that is not UTF-8" },
    { MAGIC "01" "ac0063eda080", "byte 23: site: text that is not UTF-8" },
    { MAGIC "01" "ac0064f4908080", "byte 23: site: text that is not UTF-8" },
    { MAGIC "01" "ac00611b", "byte 23: site: text with a control character" },
    { MAGIC "01" "ac00617f", "byte 23: site: text with a control character" },
    { MAGIC "01" "ac0062c29b", "byte 23: site: text with a control character" },
    { MAGIC "01" "ac006161" "0103", "byte 26: grain: 3 is not from 0 to 2" },
    { START "02195022", "byte 28: first day: expected a tag, found a whole number" },
    { START "02c1195022", "byte 28: first day: expected tag 100 (a day), found tag 1" },
    { START "02d8646131", "byte 30: first day: expected days since 1970, found text" },
    { START "02d8641a00005022",
      "byte 30: first day: integer not in its shortest form" },
    { START "02d8641a002cc0a1", "byte 30: first day: not in the years 1 to 9999" },
    { START "02d8643bffffffffffffffff",
      "byte 30: first day: not in the years 1 to 9999" },
    { START "02d864195022" "03d864195024",
      "byte 34: day after: the day does not end there" },
    { MAGIC "01" "ac" "006161" "0101" "02d864195023" "03d86419502a",
      "byte 28: first day: no week begins on day 20515" },
    { START DATES "0402",
      "byte 40: profile: 2 is not from 0 to 1" },
    { START DATES "0400" "0500",
      "byte 42: k: 0 is not from 1 to 4294967295" },
    { START DATES "0400" "051b0000000100000000",
      "byte 42: k: 4294967296 is not from 1 to 4294967295" },
    { START DATES "0400" "050a" "0605" "0701" "0800" "0901",
      "byte 50: partial: expected true or false, found a whole number" },
    { NAMELESS "0b6d" "4575726f7065204265726c696e",
      "byte 54: time zone: a name such as Europe/Berlin was expected" },
    { NAMELESS "0b60",
      "byte 54: time zone: a name such as Europe/Berlin was expected" },
    { MAGIC "01" HEADER "a2", "byte 58: body: expected a map of 3, found 2" },
    { MAGIC "01" HEADER "a3" "00" "84",
      "byte 60: reconciliation: expected an array of 5, found 4" },
    { MAGIC "01" HEADER "a3" "00" "85" "880000000000000000" "8400000000" "0000f94200",
      "byte 77: blank: expected a whole number, found a floating-point number" },
    { MAGIC "01" HEADER "a3" "00" "85" "881bffffffffffffffff00000000000000"
      "8400000000" "000001",
      "byte 60: reconciliation: the sum is too large" },
    { MAGIC "01" HEADER "a3" "00" LINES "01" "f7",
      "byte 79: totals: expected an array, found undefined" },
    { MAGIC "01" HEADER "a3" "00" LINES "01" "8709000000000000",
      "byte 79: totals: 9 visitors, under k of 10" },
    { MAGIC "01" HEADER "a3" "00" LINES "01f6" "01",
      "byte 80: body: expected key 2, found 1" },
    { TABLES("bf"), "byte 81: tables: of indefinite length" },
    { TABLES("b819"), "byte 81: tables: 25 of them, more than 24" },
    { TABLES("a11818"), "byte 82: tables: 24 is no table" },
    { TABLES("a115" "838000"), "cut off at byte 86" },
    { TABLES("a100" "83800000"),
      "byte 83: pages: a table, but too few visitors for one" },
    { TABLES("a215" "83800000" "15"),
      "byte 87: tables: keys out of order or there twice" },
    { TABLES("a216" "83800000" "15"),
      "byte 87: tables: keys out of order or there twice" },
    { TABLES("a115" "839a08000000"),
      "byte 84: robots: 134217728 rows, more than 1000000" },
    { TABLES("a115" "831a08000000"),
      "byte 84: robots: expected an array, found a whole number" },
    { TABLES("a115" "839a000f4240"), "cut off at byte 89" },
    { TABLES("a115" "839f" "ff" "0000"), "byte 84: robots: of indefinite length" },
    { TABLES("a115" "83" "81" "836161010203" "0001"),
      "byte 85: robots: expected an array of 4, found 3" },
    { TABLES("a115" "83" "81" "8461030102" "03" "0001"),
      "byte 86: robots: text with a control character" },
    { TABLES("a115" "83" "81" "8461610102" "03" "0002"),
      "byte 83: robots: rows and other are 1, but the total says 2" },
    { TABLES("a115" "83" "82" "8461610102" "03" "8461620202" "03" "0003"),
      "byte 91: robots: row out of order" },
    { TABLES("a115" "83" "82" "8461620102" "03" "8461610102" "03" "0002"),
      "byte 91: robots: row out of order" },
    { TABLES("a115" "83" "82" "8461610202" "03" "8461610102" "03" "0003"),
      "byte 84: robots: a key has two rows" },
    { TABLES("a115" "83" "81" "846161010203" "1bffffffffffffffff" "00"),
      "byte 83: robots: the sum is too large" },
    { TABLES("a115" "83" "80" "fc" "00"),
      "byte 85: this is not CBOR as footfall knows it" },
    { TABLES("a115" "83" "80" "ff" "00"),
      "byte 85: robots: expected a whole number, found a break" },
};
/* clang-format on */

static void refuses_with_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct ff_rollup *rollup = NULL;
        struct ff_fault fault;
        const struct bytes b = from_hex(refusals[i].hex);
        const enum ff_err err = decode(&rollup, b, &fault);
        free(b.data);
        if (err != FF_ERR_DATA || rollup)
            fail_msg("case %zu was not refused: %s", i, refusals[i].sentence);
        assert_string_equal(fault.text + strlen("x.cbor: "), refusals[i].sentence);
    }
}

/* What the reader refuses is not written. */
static void assert_not_written(struct ff_rollup *rollup, const char *sentence)
{
    unsigned char *bytes = NULL;
    size_t len = 0;
    struct ff_fault fault = { "" };
    assert_int_equal(ff_rollup_encode(rollup, &bytes, &len, &fault), FF_ERR_DATA);
    assert_null(bytes);
    if (!strstr(fault.text, sentence))
        fail_msg("said \"%s\", not \"%s\"", fault.text, sentence);
    ff_rollup_destroy(rollup);
}

static void thresholds_hold(void **state)
{
    (void)state;
    struct ff_rollup *r = sample_full(FF_DAY, MONDAY);
    r->tables[FF_PAGES].rows[2].measures[2] = 9;
    assert_not_written(r, "pages: a row of 9 visitors, under 10");
    r = sample_full(FF_WEEK, MONDAY);
    r->tables[FF_SOURCES].rows[2].measures[1] = 19;
    assert_not_written(r, "sources: a row of 19 visitors, under 20");
    r = sample_full(FF_MONTH, MONDAY);
    r->tables[FF_SITE_SEARCHES].rows[0].measures[4] = 59;
    assert_not_written(r, "site_searches: a row of 59 visitors, under 60");
    r = sample_full(FF_DAY, MONDAY);
    sample_table(r, FF_HOURS, 1, 9);
    assert_not_written(r, "hours: a row of 9 visits, under 10");
    r = sample_full(FF_DAY, MONDAY);
    r->totals.visitors = 49;
    assert_not_written(r, "pages: a table, but too few visitors for one");
    r = sample_full(FF_DAY, MONDAY);
    r->totals.visitors = 9;
    assert_not_written(r, "totals: 9 visitors, under k of 10");
    r = sample_full(FF_DAY, MONDAY);
    r->k = UINT32_MAX; /* times two must not wrap round */
    r->totals.visitors = UINT64_MAX;
    assert_not_written(r, "pages: a row of 11 visitors, under 4294967295");
}

static void model_is_checked(void **state)
{
    (void)state;
    char long_text[1026];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    struct ff_rollup *r = sample_full(FF_DAY, MONDAY);
    r->tables[FF_PAGES].rows[0].key[0] = ff_span_of(long_text);
    assert_not_written(r, "pages: text of more than 1024 bytes");
    r = sample_full(FF_DAY, MONDAY);
    r->tables[FF_TRANSITIONS].rows[1].key[1] = FF_SPAN("a\tb");
    assert_not_written(r, "transitions: text with a control character");
    r = sample_full(FF_DAY, MONDAY);
    r->tables[FF_COUNTRIES].total++;
    assert_not_written(r, "countries: rows and other are");
    r = sample_full(FF_DAY, MONDAY);
    r->site = ff_span_of(long_text);
    assert_not_written(r, "site: text of more than 1024 bytes");
    r = sample_full(FF_DAY, MONDAY);
    r->zone = FF_SPAN("<Europe>");
    assert_not_written(r, "time zone: a name such as Europe/Berlin was expected");
    r = sample_full(FF_DAY, MONDAY);
    r->end++;
    assert_not_written(r, "day after: the day does not end there");
    r = sample_empty(FF_DAY, MONDAY);
    sample_table(r, FF_ROBOTS_TABLE, FF_ROLLUP_ROWS_MAX + 1, 0);
    assert_not_written(r, "robots: 1000001 rows, more than 1000000");
}

static void texts(void **state)
{
    (void)state;
    char most[1024];
    memset(most, 'x', sizeof most);
    assert_true(ff_rollup_is_text(FF_SPAN("")));
    assert_true(ff_rollup_is_text((struct ff_span) { NULL, 0 }));
    assert_true(ff_rollup_is_text(FF_SPAN("/caf\xc3\xa9/\xf0\x9f\x90\xbe")));
    assert_true(ff_rollup_is_text((struct ff_span) { most, sizeof most }));
    assert_false(ff_rollup_is_text(FF_SPAN("a\nb")));
    assert_false(ff_rollup_is_text(FF_SPAN("a\0b")));
    assert_false(ff_rollup_is_text(FF_SPAN("\xc2\x80")));
    assert_false(ff_rollup_is_text(FF_SPAN("\xc3")));
    assert_false(ff_rollup_is_text(FF_SPAN("\xe0\x80\x80")));
}

/* ---- damage ---- */

static void each_cut_is_told(void **state)
{
    (void)state;
    struct ff_rollup *full = sample_full(FF_DAY, MONDAY), *rollup = NULL;
    const struct bytes b = encode(full);
    for (size_t len = 1; len < b.len; len++) {
        struct ff_fault fault;
        char sentence[64];
        assert_int_equal(decode(&rollup, (struct bytes) { b.data, len }, &fault),
                         FF_ERR_DATA);
        snprintf(sentence, sizeof sentence, "x.cbor: cut off at byte %zu", len);
        assert_string_equal(fault.text, sentence);
    }
    free(b.data);
    ff_rollup_destroy(full);
}

static void diagnose_quietly(struct bytes b)
{
    struct ff_fault fault;
    FILE *sink = fopen("/dev/null", "w");
    assert_non_null(sink);
    const enum ff_err err = ff_rollup_diagnose(sink, b.data, b.len, "x.cbor", &fault);
    assert_true(err == FF_OK || err == FF_ERR_DATA);
    fclose(sink);
}

/* Damaged bytes are refused, or are another rollup in its only form. */
static bool is_refused_or_canonical(struct bytes b)
{
    struct ff_rollup *rollup = NULL;
    struct ff_fault fault;
    if (decode(&rollup, b, &fault) != FF_OK) {
        assert_true(fault.text[0] && strncmp(fault.text, "x.cbor: ", 8) == 0);
        return true;
    }
    const struct bytes again = encode(rollup);
    const bool is_same =
        again.len <= b.len && memcmp(again.data, b.data, again.len) == 0;
    free(again.data);
    ff_rollup_destroy(rollup);
    return is_same;
}

static void each_flip_is_refused_or_canonical(void **state)
{
    (void)state;
    struct ff_rollup *full = sample_full(FF_DAY, MONDAY);
    const struct bytes b = encode(full);
    for (size_t at = 0; at < b.len; at++) {
        const unsigned char was = b.data[at];
        for (int bit = 0; bit < 8; bit++) {
            b.data[at] = (unsigned char)(was ^ (1u << bit));
            assert_true(is_refused_or_canonical(b));
        }
        if (at % 16 == 0)
            diagnose_quietly(b);
        b.data[at] = was;
    }
    free(b.data);
    ff_rollup_destroy(full);
    const struct bytes small = from_hex(SMALL);
    for (size_t at = 0; at < small.len; at++) {
        const unsigned char was = small.data[at];
        for (int byte = 0; byte < 256; byte++) {
            small.data[at] = (unsigned char)byte;
            assert_true(is_refused_or_canonical(small));
        }
        small.data[at] = was;
    }
    free(small.data);
}

/* ---- sequences and files ---- */

static void write_file(const char *path, struct bytes a, struct bytes b)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(a.data, 1, a.len, file), a.len);
    assert_int_equal(fwrite(b.data, 1, b.len, file), b.len);
    assert_int_equal(fclose(file), 0);
}

static void files_hold_sequences(void **state)
{
    (void)state;
    char path[] = "/tmp/footfall-rollup-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct ff_rollup *first = sample_full(FF_DAY, MONDAY);
    struct ff_rollup *second = sample_empty(FF_DAY, MONDAY + 1);
    const struct bytes a = encode(first), b = encode(second);
    struct ff_rollup_list list = { 0 };
    struct ff_fault fault = { "" };
    write_file(path, a, b);
    assert_int_equal(ff_rollup_read_file(&list, path, &fault), FF_OK);
    assert_int_equal(list.n, 2);
    assert_same(list.items[0], first);
    assert_same(list.items[1], second);

    /* what stands before damage is kept */
    char expected[128];
    write_file(path, a, (struct bytes) { (unsigned char *)"oops", 4 });
    assert_int_equal(ff_rollup_read_file(&list, path, &fault), FF_ERR_DATA);
    assert_int_equal(list.n, 3);
    snprintf(expected, sizeof expected,
             "%s: byte %zu: expected the next rollup or the end", path, a.len);
    assert_string_equal(fault.text, expected);
    write_file(path, a, (struct bytes) { b.data, b.len - 1 });
    assert_int_equal(ff_rollup_read_file(&list, path, &fault), FF_ERR_DATA);
    assert_int_equal(list.n, 4);
    snprintf(expected, sizeof expected, "%s: cut off at byte %zu", path,
             a.len + b.len - 1);
    assert_string_equal(fault.text, expected);
    ff_rollup_list_clear(&list);
    assert_int_equal(list.n, 0);

    write_file(path, (struct bytes) { a.data, 0 }, (struct bytes) { a.data, 0 });
    assert_int_equal(ff_rollup_read_file(&list, path, &fault), FF_ERR_DATA);
    assert_non_null(strstr(fault.text, ": not a footfall rollup"));
    unlink(path);
    assert_int_equal(ff_rollup_read_file(&list, path, &fault), FF_ERR_IO);
    assert_non_null(strstr(fault.text, ": cannot open: No such file or directory"));
    assert_int_equal(ff_rollup_read_file(&list, "/", &fault), FF_ERR_IO);
    ff_rollup_list_clear(&list);
    free(a.data);
    free(b.data);
    ff_rollup_destroy(first);
    ff_rollup_destroy(second);
}

/* ---- diagnostic notation ---- */

static const struct {
    const char *hex, *text, *sentence;
} notations[] = {
    { "00", "0\n", "" },
    { "3bffffffffffffffff", "-18446744073709551616\n", "" },
    { "1900ff", "255_1\n", "" },
    { "8301206161", "[1, -1, \"a\"]\n", "" },
    { "82018102", "[\n  1,\n  [2]\n]\n", "" },
    { "a2006161018080", "{\n  0: \"a\",\n  1: []\n}\n[]\n", "" },
    { "d864195022", "100(20514)\n", "" },
    { "a0f5f4f6f7", "{}\ntrue\nfalse\nnull\nundefined\n", "" },
    { "42c3ff", "h'c3ff'\n", "" },
    { "f93c00fb3ff199999999999af97c00f97e00",
      "1.0_1\n1.1000000000000001_3\nInfinity_1\nNaN_1\n", "" },
    { "9f01ff", "[_ \n  1\n]\n", "" },
    { "bf0102ff", "{_ \n  1: 2\n}\n", "" },
    { "7f61616162ff5f41ffff", "(_ \"a\", \"b\")\n(_ h'ff')\n", "" },
    { "980101", "[_0 1]\n", "" },
    { "d801"
      "01",
      "1_0(1)\n", "" },
    { "641b22095c", "\"\\u001b\\\"\\u0009\\\\\"\n", "" },
    { "6bc29be280aee280a8c3a469", "\"\\u009b\\u202e\\u2028\xc3\xa4i\"\n", "" },
    { "64f3a08081", "\"\\udb40\\udc01\"\n", "" },
    { "61ff", "\"\n", "x.cbor: byte 0: text that is not UTF-8" },
    { "", "\n", "x.cbor: cut off at byte 0" },
    { "ff", "\n", "x.cbor: byte 0: a break where none can be" },
    { "81ff", "[\n  \n", "x.cbor: byte 1: a break where none can be" },
    { "bf01ff", "{_ \n  1\n", "x.cbor: byte 2: a break where none can be" },
    { "7f01ff", "(_ \n", "x.cbor: byte 1: a string with a whole number in it" },
    { "9bffffffffffffffff", "\n", "x.cbor: cut off at byte 9" },
    { "bb8000000000000000", "\n", "x.cbor: cut off at byte 9" },
    { "1c", "\n", "x.cbor: byte 0: this is not CBOR as footfall knows it" },
};

static enum ff_err diagnose(struct bytes b, char **text, struct ff_fault *fault)
{
    size_t len = 0;
    FILE *out = open_memstream(text, &len);
    assert_non_null(out);
    *fault = (struct ff_fault) { "" };
    const enum ff_err err = ff_rollup_diagnose(out, b.data, b.len, "x.cbor", fault);
    assert_int_equal(fclose(out), 0);
    return err;
}

static void notation_is_for_people(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof notations / sizeof *notations; i++) {
        char *text = NULL;
        struct ff_fault fault;
        const struct bytes b = from_hex(notations[i].hex);
        const enum ff_err err = diagnose(b, &text, &fault);
        assert_string_equal(fault.text, notations[i].sentence);
        assert_int_equal(err, *notations[i].sentence ? FF_ERR_DATA : FF_OK);
        if (err == FF_OK)
            assert_string_equal(text, notations[i].text);
        free(text);
        free(b.data);
    }
}

static void notation_of_a_rollup(void **state)
{
    (void)state;
    char *text = NULL;
    struct ff_fault fault;
    const struct bytes b = from_hex(SMALL);
    assert_int_equal(diagnose(b, &text, &fault), FF_OK);
    assert_non_null(strstr(text, "55799([\n  \"footfall-rollup\",\n  1,\n  {\n"
                                 "    0: \"a\",\n    1: 0,\n    2: 100(20514),\n"));
    assert_non_null(strstr(text, "    0: [\n      [0, 0, 0, 0, 0, 0, 0, 0],\n"
                                 "      [0, 0, 0, 0],\n      0,\n      0,\n      0\n"
                                 "    ],\n    1: null,\n    2: {}\n  }\n])\n"));
    free(text);
    free(b.data);
}

static void notation_has_a_bottom(void **state)
{
    (void)state;
    unsigned char deep[100000];
    char *text = NULL;
    struct ff_fault fault;
    memset(deep, 0x81, sizeof deep);
    assert_int_equal(diagnose((struct bytes) { deep, sizeof deep }, &text, &fault),
                     FF_ERR_DATA);
    assert_string_equal(fault.text, "x.cbor: byte 32: nested deeper than 32");
    free(text);
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        return;
    assert_int_equal(
        ff_rollup_diagnose(full, (const unsigned char *)"\0", 1, "x.cbor", &fault),
        FF_ERR_IO);
    assert_string_equal(fault.text, "cannot write: No space left on device");
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(partners_are_refused_exact_counts),
        cmocka_unit_test(robots_stand_without_totals),
        cmocka_unit_test(smallest_is_as_ever),
        cmocka_unit_test(refuses_with_a_sentence),
        cmocka_unit_test(thresholds_hold),
        cmocka_unit_test(model_is_checked),
        cmocka_unit_test(texts),
        cmocka_unit_test(each_cut_is_told),
        cmocka_unit_test(each_flip_is_refused_or_canonical),
        cmocka_unit_test(files_hold_sequences),
        cmocka_unit_test(notation_is_for_people),
        cmocka_unit_test(notation_of_a_rollup),
        cmocka_unit_test(notation_has_a_bottom),
    };
    return cmocka_run_group_tests_name("rollup_cbor", tests, NULL, NULL);
}
