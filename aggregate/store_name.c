/* A name is read by making a period of its digits and the name of that period again:
 * what does not come out the same (a 31st of April, a week 54) was no name. */
#define _POSIX_C_SOURCE 200809L

#include "store_name.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* First day of ISO week 1: the Monday of the week that the 4th of January is in. */
static int32_t first_week(int32_t year)
{
    return ff_period_start(FF_WEEK, ff_day_of_date((struct ff_date) {
                                        .year = year, .month = 1, .day = 4 }));
}

struct ff_store_name ff_store_name_of(enum ff_grain grain, enum ff_profile profile,
                                      int32_t start)
{
    struct ff_store_name name = { .grain = grain, .profile = profile, .start = start };
    const char *ending = ff_profile_names[profile];
    const struct ff_date date = ff_date_of_day(start);
    const size_t size = sizeof name.text;
    assert(profile < FF_PROFILES && start == ff_period_start(grain, start));
    if (grain == FF_WEEK) {
        /* A week is of the year that its Thursday is in. */
        const int32_t year = ff_date_of_day(start + 3).year;
        const int32_t week = (start - first_week(year)) / 7 + 1;
        snprintf(name.text, size, "%04d-W%02d.%s.cbor", (int)year, (int)week, ending);
    } else if (grain == FF_MONTH) {
        snprintf(name.text, size, "%04d-%02d.%s.cbor", (int)date.year, (int)date.month,
                 ending);
    } else {
        snprintf(name.text, size, "%04d-%02d-%02d.%s.cbor", (int)date.year,
                 (int)date.month, (int)date.day, ending);
    }
    return name;
}

/* `n` digits at *at, which moves past them; -1 when there are other bytes. */
static int read_digits(const char **at, int n)
{
    int value = 0;
    for (; n > 0; n--, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

/* The period of "2026-W10", "2026-03-02" or "2026-03", up to the dot. */
static bool read_period(struct ff_store_name *name, const char *at)
{
    const int year = read_digits(&at, 4);
    if (year < 1 || *at++ != '-')
        return false;
    if (*at == 'W') {
        at++;
        const int week = read_digits(&at, 2);
        name->grain = FF_WEEK;
        name->start = first_week(year) + 7 * (week - 1);
        return week >= 1 && *at == '.';
    }
    const int month = read_digits(&at, 2);
    if (month < 1 || month > 12)
        return false;
    name->grain = *at == '-' ? FF_DAY : FF_MONTH;
    if (*at == '-')
        at++;
    const int day = name->grain == FF_DAY ? read_digits(&at, 2) : 1;
    if (day < 1)
        return false;
    name->start = ff_day_of_date((struct ff_date) {
        .year = year, .month = (uint8_t)month, .day = (uint8_t)day });
    return *at == '.';
}

bool ff_store_name_read(struct ff_store_name *name, const char *text)
{
    struct ff_store_name read;
    if (!read_period(&read, text))
        return false;
    for (unsigned profile = 0; profile < FF_PROFILES; profile++) {
        if (read.start != ff_period_start(read.grain, read.start))
            return false;
        *name = ff_store_name_of(read.grain, (enum ff_profile)profile, read.start);
        if (strcmp(name->text, text) == 0)
            return true;
    }
    return false;
}

static bool add_name(struct ff_store_names *names, const struct ff_store_name *name)
{
    if (names->n == names->cap) {
        const size_t cap = names->cap ? names->cap * 2 : 64;
        struct ff_store_name *items = realloc(names->items, cap * sizeof *items);
        if (!items)
            return false;
        names->items = items;
        names->cap = cap;
    }
    names->items[names->n++] = *name;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct ff_store_name *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return strcmp(x->text, y->text);
}

const char *ff_store_next_entry(DIR *folder)
{
    errno = 0;
    const struct dirent *entry = readdir(folder);
    return entry ? entry->d_name : NULL;
}

static enum ff_err cannot_read(struct ff_fault *fault, const char *path)
{
    return ff_fault_set(fault, FF_ERR_IO, "%s: cannot read the folder: %s", path,
                        strerror(errno));
}

enum ff_err ff_store_names_read(struct ff_store_names *names, const char *path,
                                struct ff_fault *fault)
{
    DIR *folder = opendir(path);
    if (!folder)
        return cannot_read(fault, path);
    enum ff_err err = FF_OK;
    const char *entry;
    while (err == FF_OK && (entry = ff_store_next_entry(folder))) {
        struct ff_store_name name;
        if (ff_store_name_read(&name, entry) && !add_name(names, &name))
            err = ff_fault_nomem(fault);
    }
    if (err == FF_OK && errno != 0)
        err = cannot_read(fault, path);
    closedir(folder);
    if (names->n > 1)
        qsort(names->items, names->n, sizeof *names->items, compare_names);
    return err;
}
