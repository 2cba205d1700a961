#include "words.h"

#include <errno.h>
#include <inttypes.h>
/* More rows than any table of ours with an order of its own has. */
#define ORDINAL_MAX 32

struct ff_words ff_words_count(uint64_t n)
{
    struct ff_words words;
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    char *to = words.text;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return words;
}

struct ff_words ff_words_bytes(uint64_t n)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
    struct ff_words words;
    if (n < 1000) {
        snprintf(words.text, sizeof words.text, "%u B", (unsigned)n);
        return words;
    }
    unsigned unit = 0;
    uint64_t tenths = n / 100; /* of the unit */
    for (; tenths >= 10000; tenths /= 1000)
        unit++;
    snprintf(words.text, sizeof words.text, "%u.%u %s", (unsigned)(tenths / 10),
             (unsigned)(tenths % 10), units[unit]);
    return words;
}

struct ff_words ff_words_seconds(uint64_t seconds)
{
    struct ff_words words;
    const uint64_t hours = seconds / 3600, minutes = seconds / 60 % 60;
    if (hours)
        snprintf(words.text, sizeof words.text, "%" PRIu64 " h %u min", hours,
                 (unsigned)minutes);
    else if (minutes)
        snprintf(words.text, sizeof words.text, "%u min %u s", (unsigned)minutes,
                 (unsigned)(seconds % 60));
    else
        snprintf(words.text, sizeof words.text, "%u s", (unsigned)seconds);
    return words;
}

struct ff_words ff_words_share(uint64_t part, uint64_t whole)
{
    struct ff_words words;
    const unsigned permille = ff_view_permille(part, whole);
    if (whole == 0)
        snprintf(words.text, sizeof words.text, "-");
    else
        snprintf(words.text, sizeof words.text, "%u.%u %%", permille / 10,
                 permille % 10);
    return words;
}

struct ff_words ff_words_hundredths(uint64_t n)
{
    struct ff_words words;
    snprintf(words.text, sizeof words.text, "%" PRIu64 ".%02u", n / 100,
             (unsigned)(n % 100));
    return words;
}

struct ff_words ff_words_date(int32_t day)
{
    struct ff_words words;
    const struct ff_date date = ff_date_of_day(day);
    snprintf(words.text, sizeof words.text, "%04d-%02d-%02d", (int)date.year,
             (int)date.month, (int)date.day);
    return words;
}

struct ff_words ff_words_measure(const struct ff_view *view, const char *name)
{
    struct ff_words words;
    if (view->n_days > 1 && ff_span_equal(ff_span_of(name), FF_SPAN("visitors"))) {
        snprintf(words.text, sizeof words.text, "visitor-%ss",
                 ff_view_grain_name(view));
        return words;
    }
    snprintf(words.text, sizeof words.text, "%s", name);
    for (char *at = words.text; *at; at++)
        if (*at == '_')
            *at = ' ';
    return words;
}

struct ff_words ff_words_absent(const struct ff_view *view)
{
    struct ff_words words;
    const char *grain = ff_view_grain_name(view);
    if (!view->totals.is_known)
        snprintf(words.text, sizeof words.text,
                 "fewer than %" PRIu32 " visitors or %" PRIu32 " networks a %s",
                 view->k, view->kn, grain);
    else if (view->n_bare_days + view->n_unknown_days == view->n_days)
        snprintf(words.text, sizeof words.text, "fewer than %" PRIu64 " visitors a %s",
                 (uint64_t)view->k * 5, grain);
    else
        snprintf(words.text, sizeof words.text,
                 "too few visitors share what is in them");
    return words;
}

static bool is_one_of(const struct ff_table_info *info, const enum ff_table *tables,
                      size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (info == &ff_table_infos[tables[i]])
            return true;
    return false;
}

bool ff_words_is_ordinal(const struct ff_view_table *table)
{
    static const enum ff_table ordinal[] = { FF_HOURS, FF_VISIT_DEPTH,
                                             FF_VISIT_DURATION, FF_RESPONSE_TIMES };
    return table->n_rows <= ORDINAL_MAX &&
           (is_one_of(table->info, ordinal, sizeof ordinal / sizeof *ordinal) ||
            strcmp(table->info->name, "weekdays") == 0);
}

static size_t place_in(const char *const *labels, size_t n, struct ff_span key)
{
    for (size_t i = 0; i < n; i++)
        if (ff_span_equal(ff_span_of(labels[i]), key))
            return i;
    return n;
}

/* Where a key stands in its table's own order; unknown ones last. */
static size_t place_of(const struct ff_view_table *table, struct ff_span key)
{
    if (table->info == &ff_table_infos[FF_HOURS]) {
        size_t hour = 0;
        for (size_t i = 0; i < key.len && i < 4; i++)
            hour = hour * 10 + (size_t)(unsigned char)key.data[i];
        return hour; /* one digit before two: the digits' own codes sort right */
    }
    if (table->info == &ff_table_infos[FF_VISIT_DEPTH])
        return place_in(ff_depth_labels, FF_DEPTH_BUCKETS, key);
    if (table->info == &ff_table_infos[FF_VISIT_DURATION])
        return place_in(ff_duration_labels, FF_DURATION_BUCKETS, key);
    if (table->info == &ff_table_infos[FF_RESPONSE_TIMES])
        return place_in(ff_response_labels, FF_RESPONSE_BUCKETS, key);
    for (size_t i = 0; i < 7; i++)
        if (ff_span_equal(ff_weekday_names[i], key))
            return i;
    return 7;
}

void ff_words_order(const struct ff_view_table *table, size_t *order)
{
    for (size_t i = 0; i < table->n_rows; i++)
        order[i] = i;
    if (!ff_words_is_ordinal(table))
        return;
    for (size_t i = 1; i < table->n_rows; i++) {
        const size_t place = place_of(table, table->rows[i].key[0]);
        size_t j = i;
        for (; j > 0 && place_of(table, table->rows[order[j - 1]].key[0]) > place; j--)
            order[j] = order[j - 1];
        order[j] = i;
    }
}

enum ff_err ff_words_written(FILE *out, struct ff_fault *fault)
{
    errno = 0;
    if (fflush(out) == 0 && !ferror(out))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_IO, "cannot write the report: %s",
                        errno ? strerror(errno) : "an earlier write failed");
}
