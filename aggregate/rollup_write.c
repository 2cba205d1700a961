/* The rollup file, written: rollup.cddl in C, deterministic CBOR (RFC 8949 4.2.1), with
 * nothing optional in it. What the reader would refuse is not handed out. */
#include "footfall/rollup.h"

#include <assert.h>
#include <cbor.h>
#include <string.h>

#include "rollup_form.h"

/* The ids of tables in files are those of the enum; they stay for ever. */
static_assert(FF_PAGES == 0 && FF_DOWNLOADS == 4 && FF_COUNTRIES == 9 &&
                  FF_HOURS == 14 && FF_STATUSES == 17 && FF_AI_CRAWLERS == 22 &&
                  FF_GOALS == 23 && FF_TABLES == 24,
              "a table moved: files have its number; new ones go to the end");
static_assert(FF_HUMAN_CLASSES == 8 && FF_ROBOTS == 5 && FF_KEY_PARTS == 3 &&
                  FF_DAY == 0 && FF_MONTH == 2 && FF_INTERNAL_PROFILE == 0 &&
                  FF_PARTNER_PROFILE == 1,
              "the file's arrays and numbers are of a fixed form");

struct writer {
    unsigned char *bytes;
    size_t len, cap;
    bool is_out; /* memory ran out; what follows is dropped */
};

#define HEAD_MAX 9

static bool reserve(struct writer *w, size_t more)
{
    if (!w->is_out && more <= w->cap - w->len)
        return true;
    const size_t cap = w->cap * 2 > w->len + more ? w->cap * 2 : w->len + more + 4096;
    unsigned char *bytes = w->is_out ? NULL : realloc(w->bytes, cap);
    if (!bytes) {
        w->is_out = true;
        return false;
    }
    w->bytes = bytes;
    w->cap = cap;
    return true;
}

static void put_uint(struct writer *w, uint64_t value)
{
    if (reserve(w, HEAD_MAX))
        w->len += cbor_encode_uint(value, w->bytes + w->len, HEAD_MAX);
}

static void put_array(struct writer *w, size_t count)
{
    if (reserve(w, HEAD_MAX))
        w->len += cbor_encode_array_start(count, w->bytes + w->len, HEAD_MAX);
}

static void put_map(struct writer *w, size_t count)
{
    if (reserve(w, HEAD_MAX))
        w->len += cbor_encode_map_start(count, w->bytes + w->len, HEAD_MAX);
}

static void put_text(struct writer *w, struct ff_span text)
{
    w->is_out = w->is_out || text.len > FF_ROLLUP_FILE_MAX;
    if (!reserve(w, HEAD_MAX + text.len))
        return;
    w->len += cbor_encode_string_start(text.len, w->bytes + w->len, HEAD_MAX);
    if (text.len)
        memcpy(w->bytes + w->len, text.data, text.len);
    w->len += text.len;
}

static void put_day(struct writer *w, int32_t day)
{
    if (!reserve(w, 2 * HEAD_MAX))
        return;
    w->len += cbor_encode_tag(FF_FORM_TAG_EPOCH_DAYS, w->bytes + w->len, HEAD_MAX);
    w->len += day >= 0 ? cbor_encode_uint((uint64_t)day, w->bytes + w->len, HEAD_MAX)
                       : cbor_encode_negint((uint64_t)(-1 - day), w->bytes + w->len,
                                            HEAD_MAX);
}

static void put_flag(struct writer *w, bool flag)
{
    if (reserve(w, HEAD_MAX))
        w->len += cbor_encode_bool(flag, w->bytes + w->len, HEAD_MAX);
}

static void put_header(struct writer *w, const struct ff_rollup *rollup)
{
    put_map(w, FF_FORM_HEADER_KEYS);
    put_uint(w, FF_FORM_KEY_SITE);
    put_text(w, rollup->site);
    put_uint(w, FF_FORM_KEY_GRAIN);
    put_uint(w, rollup->grain);
    put_uint(w, FF_FORM_KEY_START);
    put_day(w, rollup->start);
    put_uint(w, FF_FORM_KEY_END);
    put_day(w, rollup->end);
    put_uint(w, FF_FORM_KEY_PROFILE);
    put_uint(w, rollup->profile);
    put_uint(w, FF_FORM_KEY_K);
    put_uint(w, rollup->k);
    put_uint(w, FF_FORM_KEY_KN);
    put_uint(w, rollup->kn);
    put_uint(w, FF_FORM_KEY_RULES);
    put_uint(w, rollup->rules);
    put_uint(w, FF_FORM_KEY_REVISION);
    put_uint(w, rollup->revision);
    put_uint(w, FF_FORM_KEY_PARTIAL);
    put_flag(w, rollup->is_partial);
    put_uint(w, FF_FORM_KEY_CAPPED);
    put_flag(w, rollup->is_capped);
    put_uint(w, FF_FORM_KEY_ZONE);
    put_text(w, rollup->zone);
}

static void put_reconciliation(struct writer *w, const struct ff_reconciliation *lines)
{
    put_array(w, 5);
    put_array(w, FF_HUMAN_CLASSES);
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        put_uint(w, lines->human[i]);
    put_array(w, FF_ROBOTS - 1);
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        put_uint(w, lines->robots[i]);
    put_uint(w, lines->malformed);
    put_uint(w, lines->excluded);
    put_uint(w, lines->blank);
}

static void put_totals(struct writer *w, const struct ff_totals *totals)
{
    put_array(w, FF_FORM_N_TOTALS);
    put_uint(w, totals->visitors);
    put_uint(w, totals->visits);
    put_uint(w, totals->page_views);
    put_uint(w, totals->bounces);
    put_uint(w, totals->downloads);
    put_uint(w, totals->site_searches);
    put_uint(w, totals->bytes);
}

static void put_table(struct writer *w, const struct ff_table_data *table,
                      const struct ff_table_info *info)
{
    put_array(w, 3);
    put_array(w, table->n_rows);
    for (size_t i = 0; i < table->n_rows; i++) {
        put_array(w, (size_t)info->key_parts + info->n_measures);
        for (int part = 0; part < info->key_parts; part++)
            put_text(w, table->rows[i].key[part]);
        for (int measure = 0; measure < info->n_measures; measure++)
            put_uint(w, table->rows[i].measures[measure]);
    }
    put_uint(w, table->other);
    put_uint(w, table->total);
}

static void put_body(struct writer *w, const struct ff_rollup *rollup)
{
    size_t n_tables = 0;
    for (int id = 0; id < FF_TABLES; id++)
        n_tables += rollup->tables[id].is_present;
    put_map(w, FF_FORM_BODY_KEYS);
    put_uint(w, FF_FORM_KEY_RECONCILIATION);
    put_reconciliation(w, &rollup->reconciliation);
    put_uint(w, FF_FORM_KEY_TOTALS);
    if (rollup->has_totals)
        put_totals(w, &rollup->totals);
    else if (reserve(w, HEAD_MAX))
        w->len += cbor_encode_null(w->bytes + w->len, HEAD_MAX);
    put_uint(w, FF_FORM_KEY_TABLES);
    put_map(w, n_tables);
    for (int id = 0; id < FF_TABLES; id++) {
        if (!rollup->tables[id].is_present)
            continue;
        put_uint(w, (uint64_t)id);
        put_table(w, &rollup->tables[id], &ff_table_infos[id]);
    }
}

/* What could not be read again must not replace what can: the bytes are read back. */
static enum ff_err check_written(const struct writer *w, struct ff_fault *fault)
{
    struct ff_rollup *again = NULL;
    size_t used = 0;
    if (w->len > FF_ROLLUP_FILE_MAX)
        return ff_fault_set(fault, FF_ERR_DATA, "a rollup of %zu bytes is too large",
                            w->len);
    FF_TRY(
        ff_rollup_decode(&again, w->bytes, w->len, &used, "rollup not written", fault));
    assert(used == w->len);
    ff_rollup_destroy(again);
    return FF_OK;
}

enum ff_err ff_rollup_encode(const struct ff_rollup *rollup, unsigned char **bytes,
                             size_t *len, struct ff_fault *fault)
{
    struct writer w = { 0 };
    if (reserve(&w, FF_FORM_MAGIC_LEN)) {
        memcpy(w.bytes, FF_FORM_MAGIC, FF_FORM_MAGIC_LEN);
        w.len = FF_FORM_MAGIC_LEN;
    }
    put_uint(&w, FF_ROLLUP_VERSION);
    put_header(&w, rollup);
    put_body(&w, rollup);
    const enum ff_err err = w.is_out ? ff_fault_nomem(fault) : check_written(&w, fault);
    if (err != FF_OK) {
        free(w.bytes);
        return err;
    }
    *bytes = w.bytes;
    *len = w.len;
    return FF_OK;
}
