#include "hit_frame.h"

#include "cbor_expect.h"
#include "footfall/tables.h"

/* The years 1 to 9999, a day off at each end, so that any zone's are in them. */
#define FIRST_TIME (-62135596800 + FF_DAY_SECONDS)
#define LAST_TIME  (253402300799 - FF_DAY_SECONDS)

/* ---- columns ---- */

/* One value that stands for all of a column's. */
static enum ff_err take_one(struct ff_cbor_cursor *c,
                            const struct ff_stream_column *column,
                            const struct ff_cbor_item *item,
                            struct ff_frame_column *out)
{
    const bool is_short = column->size < sizeof(uint64_t);
    const uint64_t most = is_short ? UINT32_MAX >> (32 - 8 * column->size) : 0;
    if (!is_short || item->type != FF_CBOR_UINT || item->value > most ||
        !ff_cbor_is_shortest(item))
        return ff_cbor_fault(c, item->at, "%s: not of its type", column->name);
    out->one = (uint32_t)item->value;
    for (size_t i = 0; i < FF_FRAME_HITS; i++)
        memcpy(out->same + i * column->size, &out->one, column->size);
    return FF_OK;
}

static enum ff_err read_column(struct ff_cbor_cursor *c,
                               const struct ff_stream_column *column, size_t n,
                               struct ff_frame_column *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_next(c, &item));
    out->is_one = item.type != FF_CBOR_TAG && n > 0;
    if (out->is_one)
        return take_one(c, column, &item, out);
    if (item.type != FF_CBOR_TAG || item.value != column->tag ||
        !ff_cbor_is_shortest(&item))
        return ff_cbor_fault(c, item.at, "%s: not of its type", column->name);
    FF_TRY(ff_cbor_expect(c, FF_CBOR_BYTES, column->name, &item));
    if (item.text.len != n * column->size)
        return ff_cbor_fault(c, item.at, "%s: not as many as there should be",
                             column->name);
    out->values = (const unsigned char *)item.text.data;
    if (ff_stream_is_one(out->values, n, column->size))
        return ff_cbor_fault(c, item.at, "%s: one value would do", column->name);
    return FF_OK;
}

/* How many, and columns of so many values. */
static enum ff_err read_columns(struct ff_hit_frame *f, struct ff_cbor_cursor *c,
                                uint32_t least, uint32_t most, enum ff_column from,
                                enum ff_column to, uint32_t *n)
{
    FF_TRY(ff_cbor_expect_number(c, "frame", least, most, n));
    for (unsigned i = from; i < to; i++)
        FF_TRY(read_column(c, &ff_stream_columns[i], *n, &f->columns[i]));
    return FF_OK;
}

/* A value of a column of any size. */
static uint64_t value_at(const struct ff_hit_frame *f, enum ff_column column, size_t i)
{
    const struct ff_frame_column *c = &f->columns[column];
    const size_t size = ff_stream_columns[column].size;
    uint64_t value = 0;
    if (c->is_one)
        return c->one;
    memcpy(&value, c->values + i * size, size);
    return value;
}

/* Those of a column that is looked at as a whole. */
static uint64_t load_64(const unsigned char *values, size_t i)
{
    uint64_t value;
    memcpy(&value, values + i * sizeof value, sizeof value);
    return value;
}

static uint32_t load_32(const unsigned char *values, size_t i)
{
    uint32_t value;
    memcpy(&value, values + i * sizeof value, sizeof value);
    return value;
}

static uint16_t load_16(const unsigned char *values, size_t i)
{
    uint16_t value;
    memcpy(&value, values + i * sizeof value, sizeof value);
    return value;
}

/* ---- what hits name ---- */

static enum ff_err read_texts(struct ff_hit_frame *f, struct ff_cbor_cursor *c)
{
    struct ff_cbor_item item;
    size_t at = 0;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_BYTES, "texts", &item));
    FF_TRY(read_columns(f, c, 0, FF_STREAM_TEXTS_MOST, FF_TEXT_LEN, FF_TEXT_COLUMNS,
                        &f->n_texts));
    for (uint32_t i = 0; i < f->n_texts; i++) {
        const uint32_t len = (uint32_t)value_at(f, FF_TEXT_LEN, i);
        if (len == 0 || len > FF_STREAM_TEXT || len > item.text.len - at)
            return ff_cbor_fault(c, item.at, "texts: not of their lengths");
        f->texts[i + 1] =
            (struct ff_frame_text) { item.text.data + at, len,
                                     (uint32_t)value_at(f, FF_TEXT_NUMBER, i) };
        at += len;
    }
    return at == item.text.len && at <= FF_STREAM_TEXT_BYTES
               ? FF_OK
               : ff_cbor_fault(c, item.at, "texts: not of their lengths");
}

static struct ff_span text_of(const struct ff_hit_frame *f, uint32_t number)
{
    return (struct ff_span) { f->texts[number].data, f->texts[number].len };
}

static enum ff_err read_origins(struct ff_hit_frame *f, struct ff_cbor_cursor *c)
{
    FF_TRY(read_columns(f, c, 0, FF_STREAM_HITS, FF_ORIGIN_CHANNEL, FF_ORIGIN_COLUMNS,
                        &f->n_origins));
    for (uint32_t i = 0; i < f->n_origins; i++) {
        struct ff_origin *origin = &f->origins[i + 1];
        const uint64_t channel = value_at(f, FF_ORIGIN_CHANNEL, i);
        const uint64_t name = value_at(f, FF_ORIGIN_NAME, i);
        const uint64_t medium = value_at(f, FF_ORIGIN_MEDIUM, i);
        const uint64_t campaign = value_at(f, FF_ORIGIN_CAMPAIGN, i);
        const uint64_t term = value_at(f, FF_ORIGIN_TERM, i);
        if (channel >= FF_CHANNELS || name > f->n_texts || medium > f->n_texts ||
            campaign > f->n_texts || term > f->n_texts)
            return ff_cbor_fault(c, c->at, "origins: one that cannot be");
        *origin =
            (struct ff_origin) { .channel = (enum ff_channel)channel,
                                 .number = (uint32_t)value_at(f, FF_ORIGIN_NUMBER, i),
                                 .name = text_of(f, (uint32_t)name),
                                 .medium = text_of(f, (uint32_t)medium),
                                 .campaign = text_of(f, (uint32_t)campaign),
                                 .term = text_of(f, (uint32_t)term) };
    }
    return FF_OK;
}

/* ---- hits ---- */

/* A column's values, of which at least the first `n` are there. */
static const unsigned char *values_of(const struct ff_frame_column *c, size_t *n)
{
    if (c->is_one)
        *n = 1;
    return c->is_one ? c->same : c->values;
}

static bool are_up_to_8(const struct ff_frame_column *c, size_t n, unsigned most)
{
    const unsigned char *values = values_of(c, &n);
    unsigned char max = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char value = values[i];
        max = value > max ? value : max;
    }
    return max <= most;
}

static bool are_up_to_16(const struct ff_frame_column *c, size_t n, unsigned most)
{
    const unsigned char *values = values_of(c, &n);
    uint16_t max = 0;
    for (size_t i = 0; i < n; i++) {
        const uint16_t value = load_16(values, i);
        max = value > max ? value : max;
    }
    return max <= most;
}

/* Numbers of less than so many bits. */
static bool are_below_power(const struct ff_frame_column *c, size_t n, unsigned bits)
{
    const unsigned char *values = values_of(c, &n);
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= load_64(values, i);
    return all >> bits == 0;
}

/* Of a time before the first or behind the last the one or the other difference is
 * negative. */
static bool are_times(const struct ff_frame_column *c, size_t n)
{
    const unsigned char *values = values_of(c, &n);
    uint64_t signs = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t time = load_64(values, i);
        signs |= (time - (uint64_t)FIRST_TIME) | ((uint64_t)LAST_TIME - time);
    }
    return signs >> 63 == 0;
}

static bool are_codes(const struct ff_frame_column *c, size_t n, unsigned first)
{
    const unsigned char *values = values_of(c, &n);
    uint16_t others = 0;
    for (size_t i = 0; i < n; i++) {
        const uint16_t code = load_16(values, i);
        const uint16_t a = (uint16_t)((code >> 8) - first);
        const uint16_t b = (uint16_t)((code & 255u) - first);
        others |= (uint16_t)((code != FF_NO_CODE) & ((a > 25) | (b > 25)));
    }
    return !others;
}

/* What is no hit stands for some lines, a hit for its own. */
static bool are_lines(const struct ff_hit_frame *f)
{
    for (uint32_t i = 0; i < f->n; i++) {
        const uint64_t lines = value_at(f, FF_HIT_LINES, i);
        if (lines == 0 || (lines > 1 && value_at(f, FF_HIT_KIND, i) < FF_KINDS))
            return false;
    }
    return true;
}

/* Whether all hits can be. */
static bool can_be(const struct ff_hit_frame *f)
{
    const struct ff_frame_column *c = f->columns;
    const struct ff_frame_column *lines = &c[FF_HIT_LINES];
    const size_t n = f->n;
    return are_times(&c[FF_HIT_TIME], n) && are_below_power(&c[FF_HIT_ORDER], n, 60) &&
           are_below_power(&c[FF_HIT_BYTES], n, 63) &&
           are_up_to_16(&c[FF_HIT_AGENT], n, f->n_agents) &&
           are_up_to_16(&c[FF_HIT_ORIGIN], n, f->n_origins) &&
           are_up_to_16(&c[FF_HIT_KEY], n, f->n_texts) &&
           are_up_to_16(&c[FF_HIT_TERM], n, f->n_texts) &&
           ((lines->is_one && lines->one == 1) || are_lines(f)) &&
           are_up_to_16(&c[FF_HIT_STATUS], n, 999) &&
           are_codes(&c[FF_HIT_COUNTRY], n, 'A') &&
           are_codes(&c[FF_HIT_LANGUAGE], n, 'a') &&
           are_up_to_8(&c[FF_HIT_KIND], n, FF_LINE_EXCLUDED) &&
           are_up_to_8(&c[FF_HIT_METHOD], n, FF_METHODS - 1) &&
           are_up_to_8(&c[FF_HIT_RESPONSE], n, FF_RESPONSE_BUCKETS) &&
           are_up_to_8(&c[FF_HIT_FLAGS], n,
                       FF_STREAM_SEARCH | FF_STREAM_ROBOTS_TXT | FF_STREAM_CLIENT);
}

enum ff_err ff_hit_frame_read(struct ff_hit_frame *f, struct ff_cbor_cursor *c)
{
    uint32_t n;
    f->n = f->at = 0;
    FF_TRY(read_texts(f, c));
    FF_TRY(read_origins(f, c));
    FF_TRY(read_columns(f, c, 1, FF_STREAM_HITS, FF_HIT_TIME, FF_STREAM_COLUMNS, &n));
    if (ff_cbor_left(c))
        return ff_cbor_fault(c, c->at, "more than there should be");
    f->n = n;
    if (!can_be(f)) {
        f->n = 0;
        return ff_cbor_fault(c, 0, "this frame has a hit that cannot be");
    }
    return FF_OK;
}

/* The columns from the frame's next hit on. */
struct view {
    const unsigned char *at[FF_STREAM_COLUMNS];
};

static void make_hit(const struct ff_hit_frame *f, const struct view *v, size_t i,
                     struct ff_hit *hit)
{
    const uint32_t origin = load_16(v->at[FF_HIT_ORIGIN], i);
    const struct ff_frame_text *key = &f->texts[load_16(v->at[FF_HIT_KEY], i)];
    const unsigned flags = v->at[FF_HIT_FLAGS][i];
    hit->time = (int64_t)load_64(v->at[FF_HIT_TIME], i);
    hit->order = load_64(v->at[FF_HIT_ORDER], i);
    hit->net = load_64(v->at[FF_HIT_NET], i);
    hit->visitor = load_64(v->at[FF_HIT_VISITOR], i);
    hit->bytes = load_64(v->at[FF_HIT_BYTES], i);
    hit->agent = f->agents[load_16(v->at[FF_HIT_AGENT], i)];
    hit->origin = origin ? &f->origins[origin] : NULL;
    hit->key = (struct ff_span) { key->data, key->len };
    hit->key_number = key->number;
    hit->term = text_of(f, load_16(v->at[FF_HIT_TERM], i));
    hit->lines = load_32(v->at[FF_HIT_LINES], i);
    hit->status = load_16(v->at[FF_HIT_STATUS], i);
    hit->country = load_16(v->at[FF_HIT_COUNTRY], i);
    hit->language = load_16(v->at[FF_HIT_LANGUAGE], i);
    hit->kind = v->at[FF_HIT_KIND][i];
    hit->method = v->at[FF_HIT_METHOD][i];
    hit->response_time = v->at[FF_HIT_RESPONSE][i];
    hit->is_search = flags & FF_STREAM_SEARCH;
    hit->is_robots_txt = flags & FF_STREAM_ROBOTS_TXT;
    hit->has_client = flags & FF_STREAM_CLIENT;
}

size_t ff_hit_frame_next(struct ff_hit_frame *f, const struct ff_hit **hits)
{
    const uint32_t left = f->n - f->at;
    const size_t n = left < FF_FRAME_HITS ? left : FF_FRAME_HITS;
    struct view v;
    *hits = f->hits;
    if (n == 0)
        return 0;
    for (size_t i = FF_HIT_TIME; i < FF_STREAM_COLUMNS; i++) {
        const struct ff_frame_column *column = &f->columns[i];
        v.at[i] = column->is_one
                      ? column->same
                      : column->values + (size_t)f->at * ff_stream_columns[i].size;
    }
    for (size_t i = 0; i < n; i++)
        make_hit(f, &v, i, &f->hits[i]);
    f->at += (uint32_t)n;
    return n;
}
