/* The rollup file, written: rollup.cddl in C, deterministic CBOR (RFC 8949 4.2.1), with
 * nothing optional in it. What the reader would refuse is not handed out. */
#include "footfall/rollup.h"

#include <assert.h>
#include <stdlib.h>

#include "cbor_writer.h"
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

static void put_day(struct ff_cbor_writer *w, int32_t day)
{
    ff_cbor_put_tag(w, FF_FORM_TAG_EPOCH_DAYS);
    ff_cbor_put_int(w, day);
}

static void put_header(struct ff_cbor_writer *w, const struct ff_rollup *rollup)
{
    ff_cbor_put_map(w, FF_FORM_HEADER_KEYS);
    ff_cbor_put_uint(w, FF_FORM_KEY_SITE);
    ff_cbor_put_text(w, rollup->site);
    ff_cbor_put_uint(w, FF_FORM_KEY_GRAIN);
    ff_cbor_put_uint(w, rollup->grain);
    ff_cbor_put_uint(w, FF_FORM_KEY_START);
    put_day(w, rollup->start);
    ff_cbor_put_uint(w, FF_FORM_KEY_END);
    put_day(w, rollup->end);
    ff_cbor_put_uint(w, FF_FORM_KEY_PROFILE);
    ff_cbor_put_uint(w, rollup->profile);
    ff_cbor_put_uint(w, FF_FORM_KEY_K);
    ff_cbor_put_uint(w, rollup->k);
    ff_cbor_put_uint(w, FF_FORM_KEY_KN);
    ff_cbor_put_uint(w, rollup->kn);
    ff_cbor_put_uint(w, FF_FORM_KEY_RULES);
    ff_cbor_put_uint(w, rollup->rules);
    ff_cbor_put_uint(w, FF_FORM_KEY_REVISION);
    ff_cbor_put_uint(w, rollup->revision);
    ff_cbor_put_uint(w, FF_FORM_KEY_PARTIAL);
    ff_cbor_put_flag(w, rollup->is_partial);
    ff_cbor_put_uint(w, FF_FORM_KEY_CAPPED);
    ff_cbor_put_flag(w, rollup->is_capped);
    ff_cbor_put_uint(w, FF_FORM_KEY_ZONE);
    ff_cbor_put_text(w, rollup->zone);
}

static void put_reconciliation(struct ff_cbor_writer *w,
                               const struct ff_reconciliation *lines)
{
    ff_cbor_put_array(w, 5);
    ff_cbor_put_array(w, FF_HUMAN_CLASSES);
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        ff_cbor_put_uint(w, lines->human[i]);
    ff_cbor_put_array(w, FF_ROBOTS - 1);
    for (int i = FF_HUMAN + 1; i < FF_ROBOTS; i++)
        ff_cbor_put_uint(w, lines->robots[i]);
    ff_cbor_put_uint(w, lines->malformed);
    ff_cbor_put_uint(w, lines->excluded);
    ff_cbor_put_uint(w, lines->blank);
}

static void put_totals(struct ff_cbor_writer *w, const struct ff_totals *totals)
{
    ff_cbor_put_array(w, FF_FORM_N_TOTALS);
    ff_cbor_put_uint(w, totals->visitors);
    ff_cbor_put_uint(w, totals->visits);
    ff_cbor_put_uint(w, totals->page_views);
    ff_cbor_put_uint(w, totals->bounces);
    ff_cbor_put_uint(w, totals->downloads);
    ff_cbor_put_uint(w, totals->site_searches);
    ff_cbor_put_uint(w, totals->bytes);
}

static void put_table(struct ff_cbor_writer *w, const struct ff_table_data *table,
                      const struct ff_table_info *info)
{
    ff_cbor_put_array(w, 3);
    ff_cbor_put_array(w, table->n_rows);
    for (size_t i = 0; i < table->n_rows; i++) {
        ff_cbor_put_array(w, (size_t)info->key_parts + info->n_measures);
        for (int part = 0; part < info->key_parts; part++)
            ff_cbor_put_text(w, table->rows[i].key[part]);
        for (int measure = 0; measure < info->n_measures; measure++)
            ff_cbor_put_uint(w, table->rows[i].measures[measure]);
    }
    ff_cbor_put_uint(w, table->other);
    ff_cbor_put_uint(w, table->total);
}

static void put_body(struct ff_cbor_writer *w, const struct ff_rollup *rollup)
{
    size_t n_tables = 0;
    for (int id = 0; id < FF_TABLES; id++)
        n_tables += rollup->tables[id].is_present;
    ff_cbor_put_map(w, FF_FORM_BODY_KEYS);
    ff_cbor_put_uint(w, FF_FORM_KEY_RECONCILIATION);
    put_reconciliation(w, &rollup->reconciliation);
    ff_cbor_put_uint(w, FF_FORM_KEY_TOTALS);
    if (rollup->has_totals)
        put_totals(w, &rollup->totals);
    else
        ff_cbor_put_null(w);
    ff_cbor_put_uint(w, FF_FORM_KEY_TABLES);
    ff_cbor_put_map(w, n_tables);
    for (int id = 0; id < FF_TABLES; id++) {
        if (!rollup->tables[id].is_present)
            continue;
        ff_cbor_put_uint(w, (uint64_t)id);
        put_table(w, &rollup->tables[id], &ff_table_infos[id]);
    }
}

/* What could not be read again must not replace what can: the bytes are read back. */
static enum ff_err check_written(const struct ff_cbor_writer *w, struct ff_fault *fault)
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
    struct ff_cbor_writer w = { .most = FF_ROLLUP_FILE_MAX };
    ff_cbor_put_raw(&w, FF_FORM_MAGIC, FF_FORM_MAGIC_LEN);
    ff_cbor_put_uint(&w, FF_ROLLUP_VERSION);
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
