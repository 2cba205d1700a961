/* Any bytes as times: a clock that remembers the hour or day read last gives what a
 * fresh one gives; a time that is read has sane seconds in it. */
#include <stdint.h>
#include <stdlib.h>

#include "clf_time.h"
#include "iso_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

/* Before the year 0 or after 9999 there is no four-digit year, a zone aside. */
static bool is_in_reach(int64_t time)
{
    return time > -62200000000 && time < 253500000000;
}

static void read_clf(struct ff_clf_clock *clock, struct ff_span text)
{
    struct ff_clf_clock fresh = { .base = 0 };
    int64_t time = 0, again = 0;
    if (text.len < FF_CLF_TIME_LEN)
        return;
    const bool is_time = ff_clf_time_read(clock, text.data, &time);
    require(ff_clf_time_read(&fresh, text.data, &again) == is_time);
    if (is_time)
        require(time == again && is_in_reach(time));
}

static void read_iso(struct ff_iso_clock *clock, struct ff_span text)
{
    struct ff_iso_clock fresh = { .base = 0 };
    int64_t time = 0, again = 0;
    const bool is_time = ff_iso_time_read(clock, text, &time);
    require(ff_iso_time_read(&fresh, text, &again) == is_time);
    if (is_time)
        require(time == again && is_in_reach(time));
    if (ff_epoch_time_read(text, &time))
        require(time >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ff_clf_clock clf = { .base = 0 };
    struct ff_iso_clock iso = { .base = 0 };
    struct ff_span text = { (const char *)data, size };
    while (text.len) {
        const struct ff_span line = { text.data, ff_span_find(text, '\n') };
        text = ff_span_from(text, line.len + 1);
        read_clf(&clf, line);
        read_iso(&iso, line);
    }
    return 0;
}
