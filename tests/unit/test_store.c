/* The store: names, atomic replacement, what is read and what is complained of. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "footfall/store.h"

#include "rollup_sample.h"
#include "store_name.h"

/* Each test has a folder of its own and is in it. */
static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/footfall-store-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
    free(*state);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static size_t count_entries(const char *path)
{
    size_t n = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

static void assert_content(const char *path, const char *text)
{
    char buffer[64] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t n = fread(buffer, 1, sizeof buffer - 1, file);
    fclose(file);
    assert_int_equal(n, strlen(text));
    assert_string_equal(buffer, text);
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void replace_ok(const char *path, const char *text)
{
    struct ff_fault fault = { "" };
    if (ff_file_replace(path, text, strlen(text), &fault) != FF_OK)
        fail_msg("%s", fault.text);
}

/* ---- ff_file_replace ---- */

static void replaces_files(void **state)
{
    (void)state;
    struct stat info;
    const mode_t mask = umask(027);
    replace_ok("a", "one");
    umask(mask);
    assert_content("a", "one");
    assert_int_equal(stat("a", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    replace_ok("a", "");
    assert_content("a", "");
    replace_ok("./a", "three");
    assert_content("a", "three");
    assert_int_equal(count_entries("."), 1);

    /* a link stays, what it names is replaced */
    assert_int_equal(mkdir("in", 0755), 0);
    put_file("in/b", "old");
    assert_int_equal(symlink("in/b", "link"), 0);
    replace_ok("link", "new");
    assert_content("in/b", "new");
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));

    /* a device is written to, not replaced */
    replace_ok("/dev/null", "x");
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));

    /* a leftover of a process that had this number */
    char leftover[64];
    snprintf(leftover, sizeof leftover, "a.%ld.tmp", (long)getpid());
    put_file(leftover, "half");
    replace_ok("a", "four");
    assert_content("a", "four");
    assert_int_not_equal(access(leftover, F_OK), 0);
}

static void assert_replace_fails(const char *path, size_t len, const char *sentence)
{
    static const char many[1 << 20];
    struct ff_fault fault = { "" };
    assert_int_equal(ff_file_replace(path, many, len, &fault), FF_ERR_IO);
    assert_string_equal(fault.text, sentence);
}

static void failure_leaves_the_old_file(void **state)
{
    (void)state;
    put_file("a", "old");
    assert_replace_fails("no/a", 1, "no/a: cannot create: No such file or directory");
    assert_replace_fails("a/b", 1, "a/b: cannot create: Not a directory");
    assert_replace_fails("/dev/full", 1,
                         "/dev/full: cannot write: No space left on device");
    assert_int_equal(mkdir("d", 0755), 0);
    assert_replace_fails("d", 1, "d: cannot open: Is a directory");
    assert_int_equal(symlink("nowhere", "link"), 0);
    assert_replace_fails("link", 1,
                         "link: cannot follow the link: No such file or directory");

    /* the disk is full, as it were, in the middle */
    struct rlimit limit, small;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = limit;
    small.rlim_cur = 4096;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_replace_fails("a", 1 << 20, "a: cannot write: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_content("a", "old");
    assert_int_equal(count_entries("."), 3);
}

/* A child replaces one file over and over until it is killed; a reader sees whole files
 * only, and so does who comes after. */
static void killed_at_any_instant(void **state)
{
    (void)state;
    static char as[10000], bs[10000];
    memset(as, 'a', sizeof as);
    memset(bs, 'b', sizeof bs);
    struct ff_fault fault;
    assert_int_equal(ff_file_replace("x", as, sizeof as, &fault), FF_OK);
    for (int round = 0; round < 10; round++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        while (child == 0) {
            if (ff_file_replace("x", bs, sizeof bs, &fault) != FF_OK ||
                ff_file_replace("x", as, sizeof as, &fault) != FF_OK)
                _exit(1);
        }
        for (int look = 0; look < 50 * (round + 1); look++) {
            static char seen[10001];
            const int fd = open("x", O_RDONLY);
            assert_true(fd >= 0);
            assert_int_equal(read(fd, seen, sizeof seen), sizeof as);
            close(fd);
            assert_memory_equal(seen, seen[0] == 'a' ? as : bs, sizeof as);
        }
        int status = 0;
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
    }
    ff_store_sweep(".", NULL);
    assert_int_equal(count_entries("."), 1);
}

/* ---- names ---- */

static void names_of_periods(void **state)
{
    (void)state;
    static const struct {
        enum ff_grain grain;
        struct ff_date start;
        const char *name;
    } cases[] = {
        { FF_DAY, { 2026, 3, 2 }, "2026-03-02.internal.cbor" },
        { FF_DAY, { 1969, 12, 31 }, "1969-12-31.internal.cbor" },
        { FF_DAY, { 1, 1, 1 }, "0001-01-01.internal.cbor" },
        { FF_DAY, { 2024, 2, 29 }, "2024-02-29.internal.cbor" },
        { FF_MONTH, { 2026, 3, 1 }, "2026-03.internal.cbor" },
        { FF_MONTH, { 9999, 12, 1 }, "9999-12.internal.cbor" },
        { FF_WEEK, { 2026, 3, 2 }, "2026-W10.internal.cbor" },
        { FF_WEEK, { 2018, 12, 31 }, "2019-W01.internal.cbor" },
        { FF_WEEK, { 2020, 12, 28 }, "2020-W53.internal.cbor" },
        { FF_WEEK, { 2021, 1, 4 }, "2021-W01.internal.cbor" },
        { FF_WEEK, { 2022, 12, 26 }, "2022-W52.internal.cbor" },
        { FF_WEEK, { 2024, 12, 30 }, "2025-W01.internal.cbor" },
        { FF_WEEK, { 2025, 12, 29 }, "2026-W01.internal.cbor" },
        { FF_WEEK, { 2026, 12, 28 }, "2026-W53.internal.cbor" },
        { FF_WEEK, { 1, 1, 1 }, "0001-W01.internal.cbor" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int32_t start = ff_day_of_date(cases[i].start);
        const struct ff_store_name name =
            ff_store_name_of(cases[i].grain, FF_INTERNAL_PROFILE, start);
        struct ff_store_name read;
        assert_string_equal(name.text, cases[i].name);
        assert_true(ff_store_name_read(&read, cases[i].name));
        assert_int_equal(read.grain, cases[i].grain);
        assert_int_equal(read.start, start);
        assert_int_equal(read.profile, FF_INTERNAL_PROFILE);
    }
    struct ff_store_name partner;
    assert_true(ff_store_name_read(&partner, "2026-W10.partner.cbor"));
    assert_int_equal(partner.profile, FF_PARTNER_PROFILE);
}

/* The C library counts ISO weeks too. */
static void weeks_as_strftime_has_them(void **state)
{
    (void)state;
    for (int32_t start = ff_period_start(FF_WEEK, 0); start < 60000; start += 7) {
        const time_t time = (time_t)start * FF_DAY_SECONDS;
        struct tm parts;
        char expected[FF_STORE_NAME_SIZE];
        gmtime_r(&time, &parts);
        strftime(expected, sizeof expected, "%G-W%V.internal.cbor", &parts);
        const struct ff_store_name name =
            ff_store_name_of(FF_WEEK, FF_INTERNAL_PROFILE, start);
        struct ff_store_name read;
        assert_string_equal(name.text, expected);
        assert_true(ff_store_name_read(&read, expected));
        assert_int_equal(read.start, start);
    }
}

static void names_that_are_none(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        ".",
        "2026",
        "2026-",
        "2026-03-02",
        "2026-03-02.cbor",
        "2026-03-02.internal.cbor.77.tmp",
        "2026-03-02.internal.cborx",
        "2026-03-02.public.cbor",
        "2026-3-2.internal.cbor",
        "2026-02-29.internal.cbor",
        "2026-04-31.internal.cbor",
        "2026-13.internal.cbor",
        "2026-00.internal.cbor",
        "2026-01-00.internal.cbor",
        "2026-W00.internal.cbor",
        "2025-W53.internal.cbor",
        "2026-W54.internal.cbor",
        "2026-w10.internal.cbor",
        "0000-01.internal.cbor",
        "-001-01.internal.cbor",
        "2026-W1",
        "sources",
    };
    struct ff_store_name name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ff_store_name_read(&name, names[i]))
            fail_msg("\"%s\" was taken for %s", names[i], name.text);
    }
}

static void names_of_sites(void **state)
{
    (void)state;
    char most[65];
    memset(most, 'x', sizeof most);
    assert_true(ff_store_is_site_name(FF_SPAN("www.example.org")));
    assert_true(ff_store_is_site_name(FF_SPAN("A-z_9")));
    assert_true(ff_store_is_site_name((struct ff_span) { most, 64 }));
    assert_false(ff_store_is_site_name((struct ff_span) { most, 65 }));
    assert_false(ff_store_is_site_name(FF_SPAN("")));
    assert_false(ff_store_is_site_name(FF_SPAN(".")));
    assert_false(ff_store_is_site_name(FF_SPAN("..")));
    assert_false(ff_store_is_site_name(FF_SPAN(".hidden")));
    assert_false(ff_store_is_site_name(FF_SPAN("a/b")));
    assert_false(ff_store_is_site_name(FF_SPAN("a b")));
    assert_false(ff_store_is_site_name(FF_SPAN("caf\xc3\xa9")));
    assert_false(ff_store_is_site_name(FF_SPAN("a\0b")));
}

/* ---- writing and reading ---- */

static void write_ok(const char *dir, const char *site, enum ff_grain grain,
                     int32_t day)
{
    struct ff_fault fault = { "" };
    struct ff_rollup *rollup = sample_empty(grain, day);
    rollup->site = ff_span_of(site);
    if (ff_store_write(dir, rollup, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    ff_rollup_destroy(rollup);
}

struct complaints {
    size_t n;
    char last[512];
};

static void note(void *context, const char *sentence)
{
    struct complaints *complaints = context;
    complaints->n++;
    snprintf(complaints->last, sizeof complaints->last, "%s", sentence);
}

static struct complaints read_store(struct ff_store_query query,
                                    struct ff_rollup_list *list)
{
    struct complaints complaints = { 0 };
    struct ff_fault fault = { "" };
    query.complain = note;
    query.context = &complaints;
    if (ff_store_read(&query, list, &fault) != FF_OK)
        fail_msg("%s", fault.text);
    return complaints;
}

/* How many rollups the query gives; no complaint is expected. */
static size_t count(struct ff_store_query query)
{
    struct ff_rollup_list list = { 0 };
    assert_int_equal(read_store(query, &list).n, 0);
    const size_t n = list.n;
    ff_rollup_list_clear(&list);
    return n;
}

#define ALL(store, name)                                                               \
    ((struct ff_store_query) {                                                         \
        .dir = (store), .site = (name), .from = INT32_MIN, .to = INT32_MAX })

static void writes_and_finds(void **state)
{
    (void)state;
    struct ff_fault fault;
    bool has = true;
    assert_int_equal(
        ff_store_has("s", "a", FF_INTERNAL_PROFILE, FF_DAY, MONDAY, &has, &fault),
        FF_OK);
    assert_false(has);
    write_ok("deep/er/s", "a", FF_DAY, MONDAY);
    write_ok("deep/er/s/", "a", FF_DAY, MONDAY + 1);
    assert_int_equal(access("deep/er/s/a/2026-03-02.internal.cbor", R_OK), 0);
    assert_int_equal(count_entries("deep/er/s/a"), 2);
    assert_int_equal(ff_store_has("deep/er/s", "a", FF_INTERNAL_PROFILE, FF_DAY, MONDAY,
                                  &has, &fault),
                     FF_OK);
    assert_true(has);
    assert_int_equal(ff_store_has("deep/er/s", "a", FF_INTERNAL_PROFILE, FF_WEEK,
                                  MONDAY, &has, &fault),
                     FF_OK);
    assert_false(has);

    struct ff_rollup *rollup = sample_full(FF_DAY, MONDAY);
    char *path = ff_store_path("deep/er/s", rollup);
    assert_string_equal(path, "deep/er/s/www.example.org/2026-03-02.internal.cbor");
    free(path);
    assert_int_equal(ff_store_write("deep/er/s", rollup, &fault), FF_OK);
    rollup->revision = 4;
    assert_int_equal(ff_store_write("deep/er/s", rollup, &fault), FF_OK);
    struct ff_rollup_list list = { 0 };
    read_store(ALL("deep/er/s", "www.example.org"), &list);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0]->revision, 4);
    ff_rollup_list_clear(&list);
    ff_rollup_destroy(rollup);
}

static void assert_write_fails(const char *dir, const struct ff_rollup *rollup,
                               enum ff_err err, const char *sentence)
{
    struct ff_fault fault = { "" };
    assert_int_equal(ff_store_write(dir, rollup, &fault), err);
    if (!strstr(fault.text, sentence))
        fail_msg("said \"%s\", not \"%s\"", fault.text, sentence);
}

static void writes_what_can_be_read_only(void **state)
{
    (void)state;
    struct ff_rollup *rollup = sample_full(FF_DAY, MONDAY);
    rollup->site = FF_SPAN("../up");
    assert_write_fails("s", rollup, FF_ERR_USAGE,
                       "the site's name cannot be a folder's");
    rollup->site = FF_SPAN("a");
    rollup->totals.visitors = 9;
    assert_write_fails("s", rollup, FF_ERR_DATA, "9 visitors, under k of 10");
    assert_int_equal(count_entries("."), 0);
    rollup->totals.visitors = 50;
    put_file("file", "");
    assert_write_fails("file", rollup, FF_ERR_IO,
                       "file/a: cannot make the folder: Not a directory");
    assert_write_fails("file/s", rollup, FF_ERR_IO,
                       "file/s: cannot make the folder: Not a directory");
    ff_rollup_destroy(rollup);
}

static void refuses_overlapping_lengths(void **state)
{
    (void)state;
    struct ff_rollup *week = sample_empty(FF_WEEK, MONDAY);
    struct ff_rollup *month = sample_empty(FF_MONTH, MONDAY);
    write_ok("s", "a", FF_DAY, MONDAY + 6);
    write_ok("s", "b", FF_DAY, MONDAY);
    assert_write_fails("s", week, FF_ERR_USAGE,
                       "s/a: has 2026-03-08.internal.cbor, so 2026-W10.internal.cbor, "
                       "which overlaps it, is not kept");
    assert_write_fails("s", month, FF_ERR_USAGE, "2026-03.internal.cbor");
    write_ok("s", "a", FF_WEEK, MONDAY + 7);
    write_ok("s", "a", FF_WEEK, MONDAY - 7);
    write_ok("s", "a", FF_DAY, MONDAY);
    write_ok("s", "a", FF_MONTH, MONDAY + 31);
    assert_int_equal(count(ALL("s", "a")), 5);
    ff_rollup_destroy(week);
    ff_rollup_destroy(month);
}

static void reads_in_order_what_is_asked(void **state)
{
    (void)state;
    static const int32_t offsets[] = { 3, 0, 5, 1, 4, 2 };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        write_ok("s", "a", FF_DAY, MONDAY + offsets[i]);
    struct ff_rollup_list list = { 0 };
    assert_int_equal(read_store(ALL("s", NULL), &list).n, 0);
    assert_int_equal(list.n, 6);
    for (size_t i = 0; i < list.n; i++)
        assert_int_equal(list.items[i]->start, MONDAY + (int32_t)i);
    ff_rollup_list_clear(&list);
    struct ff_store_query query = ALL("s", "a");
    query.from = MONDAY + 1;
    assert_int_equal(count(query), 5);
    query.to = MONDAY + 3;
    assert_int_equal(count(query), 2);
    query.from = MONDAY + 2;
    assert_int_equal(count(query), 1);
    query.from = MONDAY + 3;
    assert_int_equal(count(query), 0);
    /* a week is in or out as a whole */
    write_ok("s", "a", FF_WEEK, MONDAY + 7);
    query.from = MONDAY + 7;
    query.to = MONDAY + 13;
    assert_int_equal(count(query), 0);
    query.to = MONDAY + 14;
    assert_int_equal(count(query), 1);
    query.profile = FF_PARTNER_PROFILE;
    assert_int_equal(count(query), 0);
}

static void copy_file(const char *from, const char *to)
{
    char command[256];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

/* What is wrong with one file is told, and the other one is read. */
static void assert_complaint(const char *sentence)
{
    struct ff_rollup_list list = { 0 };
    const struct complaints complaints = read_store(ALL("s", "a"), &list);
    assert_int_equal(complaints.n, 1);
    assert_string_equal(complaints.last, sentence);
    assert_int_equal(list.n, 1);
    ff_rollup_list_clear(&list);
    struct ff_store_query query = ALL("s", "a"); /* nobody need listen */
    struct ff_fault fault;
    assert_int_equal(ff_store_read(&query, &list, &fault), FF_OK);
    assert_int_equal(list.n, 1);
    ff_rollup_list_clear(&list);
}

static void complains_and_goes_on(void **state)
{
    (void)state;
    const char *const next = "s/a/2026-03-03.internal.cbor";
    write_ok("s", "a", FF_DAY, MONDAY);
    put_file("s/a/2026-03-03.internal.cbor.99.tmp", "half");
    put_file("s/a/notes.txt", "mine");
    put_file("s/a/2026-02-31.internal.cbor", "no such day");
    assert_int_equal(count(ALL("s", "a")), 1);
    put_file(next, "");
    assert_complaint("s/a/2026-03-03.internal.cbor: not a footfall rollup");
    assert_int_equal(truncate("s/a/2026-03-02.internal.cbor", 0), 0);
    write_ok("s", "a", FF_DAY, MONDAY + 1);
    assert_complaint("s/a/2026-03-02.internal.cbor: not a footfall rollup");
    write_ok("s", "a", FF_DAY, MONDAY);
    copy_file("s/a/2026-03-02.internal.cbor", next);
    assert_complaint("s/a/2026-03-03.internal.cbor: is not that, but "
                     "2026-03-02.internal.cbor");
    write_ok("s", "b", FF_DAY, MONDAY + 1);
    copy_file("s/b/2026-03-03.internal.cbor", next);
    assert_complaint("s/a/2026-03-03.internal.cbor: is of another site, \"b\"");
    copy_file("s/a/2026-03-02.internal.cbor", next);
    assert_int_equal(system("cat s/a/2026-03-02.internal.cbor >> "
                            "s/a/2026-03-03.internal.cbor"),
                     0);
    assert_complaint("s/a/2026-03-03.internal.cbor: 2 rollups in it, not one");
    assert_int_equal(truncate(next, 30), 0);
    assert_complaint("s/a/2026-03-03.internal.cbor: cut off at byte 30");
    assert_int_equal(unlink(next), 0);
    assert_int_equal(mkfifo(next, 0600), 0); /* nobody writes: it must not wait */
    assert_complaint("s/a/2026-03-03.internal.cbor: is no file");
    assert_int_equal(unlink(next), 0);
    assert_int_equal(symlink("gone", next), 0);
    assert_complaint("s/a/2026-03-03.internal.cbor: cannot open: "
                     "No such file or directory");
}

static void assert_read_fails(struct ff_store_query query, enum ff_err err,
                              const char *sentence)
{
    struct ff_rollup_list list = { 0 };
    struct ff_fault fault = { "" };
    assert_int_equal(ff_store_read(&query, &list, &fault), err);
    assert_string_equal(fault.text, sentence);
    assert_int_equal(list.n, 0);
}

static void says_which_sites_there_are(void **state)
{
    (void)state;
    assert_read_fails(ALL("s", NULL), FF_ERR_IO,
                      "s: no store there: No such file or directory");
    assert_int_equal(mkdir("s", 0755), 0);
    put_file("s/sources", "");
    assert_read_fails(ALL("s", NULL), FF_ERR_IO, "s: no site in this store");
    assert_read_fails(ALL("s", "a"), FF_ERR_IO,
                      "s/a: cannot read the folder: No such file or directory");
    assert_read_fails(ALL("s", "../a"), FF_ERR_USAGE, "../a: no name of a site");
    write_ok("s", "m", FF_DAY, MONDAY);
    assert_int_equal(count(ALL("s", NULL)), 1);
    static const char *const more[] = { "z", "a", "y", "b", "x", "c", "n", "l", "d" };
    write_ok("s", more[0], FF_DAY, MONDAY);
    assert_read_fails(ALL("s", NULL), FF_ERR_USAGE,
                      "s: has 2 sites, name one of them: m, z");
    for (size_t i = 1; i < sizeof more / sizeof *more; i++)
        write_ok("s", more[i], FF_DAY, MONDAY);
    assert_read_fails(ALL("s", NULL), FF_ERR_USAGE,
                      "s: has 10 sites, name one of them: a, b, c, d, l, m, n, x, ...");
    assert_int_equal(count(ALL("s", "z")), 1);
}

static void sweeps_leftovers(void **state)
{
    (void)state;
    write_ok("s", "a", FF_DAY, MONDAY);
    put_file("s/a/2026-03-03.internal.cbor.99.tmp", "half");
    put_file("s/a/x.tmp", "half");
    put_file("s/a/x.tmp.keep", "mine");
    put_file("s/y.tmp", "half");
    assert_int_equal(mkdir("s/a/d.tmp", 0755), 0);
    ff_store_sweep("s", "a");
    assert_int_equal(count_entries("s/a"), 3);
    assert_int_equal(access("s/y.tmp", F_OK), 0);
    ff_store_sweep("s", NULL);
    assert_int_equal(count_entries("s"), 1);
    ff_store_sweep("no such", "store");
    assert_int_equal(count(ALL("s", NULL)), 1);
}

#define IN_FOLDER(test)                                                                \
    cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(replaces_files),
        IN_FOLDER(failure_leaves_the_old_file),
        IN_FOLDER(killed_at_any_instant),
        cmocka_unit_test(names_of_periods),
        cmocka_unit_test(weeks_as_strftime_has_them),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(names_of_sites),
        IN_FOLDER(writes_and_finds),
        IN_FOLDER(writes_what_can_be_read_only),
        IN_FOLDER(refuses_overlapping_lengths),
        IN_FOLDER(reads_in_order_what_is_asked),
        IN_FOLDER(complains_and_goes_on),
        IN_FOLDER(says_which_sites_there_are),
        IN_FOLDER(sweeps_leftovers),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
