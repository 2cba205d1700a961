/* The rollup file, read: every deviation from what rollup_write.c writes is refused
 * with its place, so that what is accepted is written again byte for byte. Memory for
 * rows is taken only when the bytes that they need are there; nothing recurses. */
#include "footfall/rollup.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "cbor_expect.h"
#include "rollup_form.h"

/* Why a text may not stand in a rollup, or NULL. */
static const char *text_flaw(struct ff_span text)
{
    if (text.len > FF_FORM_TEXT_MAX)
        return "text of more than 1024 bytes";
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0;
        const size_t step = ff_cbor_code_point(text, at, &code);
        if (step == 0)
            return "text that is not UTF-8";
        if (ff_cbor_is_control(code))
            return "text with a control character";
        at += step;
    }
    return NULL;
}

bool ff_rollup_is_text(struct ff_span text)
{
    return text_flaw(text) == NULL;
}

/* A text, copied into the rollup. */
static enum ff_err read_text(struct ff_cbor_cursor *c, const char *what,
                             struct ff_arena *arena, struct ff_span *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_TEXT, what, &item));
    const char *flaw = text_flaw(item.text);
    if (flaw)
        return ff_cbor_fault(c, item.at, "%s: %s", what, flaw);
    *out = ff_arena_copy(arena, item.text);
    return out->data ? FF_OK : ff_fault_nomem(c->fault);
}

static enum ff_err read_day(struct ff_cbor_cursor *c, const char *what, int32_t *out)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_TAG, what, &item));
    if (item.value != FF_FORM_TAG_EPOCH_DAYS)
        return ff_cbor_fault(c, item.at,
                             "%s: expected tag 100 (a day), found tag %" PRIu64, what,
                             item.value);
    FF_TRY(ff_cbor_next(c, &item));
    if (item.type != FF_CBOR_UINT && item.type != FF_CBOR_NEGINT)
        return ff_cbor_fault(c, item.at, "%s: expected days since 1970, found %s", what,
                             ff_cbor_type_name(&item));
    if (!ff_cbor_is_shortest(&item))
        return ff_cbor_fault(c, item.at, "%s: integer not in its shortest form", what);
    const int64_t value = item.value > INT32_MAX ? INT64_MAX : (int64_t)item.value;
    const int64_t day = item.type == FF_CBOR_UINT ? value : -1 - value;
    if (day < FF_FORM_FIRST_DAY || day > FF_FORM_LAST_DAY)
        return ff_cbor_fault(c, item.at, "%s: not in the years 1 to 9999", what);
    *out = (int32_t)day;
    return FF_OK;
}

static enum ff_err read_period(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    static const char *const names[] = { "day", "week", "month" };
    uint32_t grain = 0;
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_GRAIN));
    FF_TRY(ff_cbor_expect_number(c, "grain", FF_DAY, FF_MONTH, &grain));
    rollup->grain = (enum ff_grain)grain;
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_START));
    const size_t at = c->at;
    FF_TRY(read_day(c, "first day", &rollup->start));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_END));
    const size_t end_at = c->at;
    FF_TRY(read_day(c, "day after", &rollup->end));
    if (rollup->start != ff_period_start(rollup->grain, rollup->start))
        return ff_cbor_fault(c, at, "first day: no %s begins on day %" PRId32,
                             names[grain], rollup->start);
    if (rollup->end != ff_period_end(rollup->grain, rollup->start))
        return ff_cbor_fault(c, end_at, "day after: the %s does not end there",
                             names[grain]);
    return FF_OK;
}

bool ff_rollup_is_zone(struct ff_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];
        const char lower = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
        if ((lower < 'a' || lower > 'z') && (c < '0' || c > '9') && c != '/' &&
            c != '_' && c != '+' && c != '-')
            return false;
    }
    return text.len > 0 && text.len <= FF_FORM_ZONE_MAX;
}

/* k or kn: an audit does not take the header's word for it. */
static enum ff_err read_threshold(struct ff_cbor_cursor *c,
                                  const struct ff_rollup *rollup, const char *what,
                                  uint32_t floor, uint32_t *out)
{
    const size_t at = c->at;
    FF_TRY(ff_cbor_expect_number(c, what, 1, UINT32_MAX, out));
    if (!c->audit)
        return FF_OK;
    c->audit->checks++;
    if (*out >= floor)
        return FF_OK;
    return ff_cbor_fault(c, at, "%s: %" PRIu32 ", under the profile %s's %" PRIu32,
                         what, *out, ff_profile_names[rollup->profile], floor);
}

static enum ff_err read_zone(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    const size_t at = c->at;
    FF_TRY(read_text(c, "time zone", &rollup->arena, &rollup->zone));
    if (!ff_rollup_is_zone(rollup->zone))
        return ff_cbor_fault(c, at,
                             "time zone: a name such as Europe/Berlin was "
                             "expected");
    return FF_OK;
}

static enum ff_err read_header(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    uint32_t profile = 0;
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_MAP, "header", FF_FORM_HEADER_KEYS));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_SITE));
    const size_t at = c->at;
    FF_TRY(read_text(c, "site", &rollup->arena, &rollup->site));
    if (rollup->site.len == 0 || rollup->site.len > FF_FORM_SITE_MAX)
        return ff_cbor_fault(c, at, "site: a name of 1 to 255 bytes was expected");
    FF_TRY(read_period(c, rollup));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_PROFILE));
    FF_TRY(ff_cbor_expect_number(c, "profile", FF_INTERNAL_PROFILE, FF_PARTNER_PROFILE,
                                 &profile));
    rollup->profile = (enum ff_profile)profile;
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_K));
    FF_TRY(read_threshold(c, rollup, "k", ff_profile_k(rollup->profile, rollup->grain),
                          &rollup->k));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_KN));
    FF_TRY(read_threshold(c, rollup, "kn",
                          ff_profile_kn(rollup->profile, rollup->grain), &rollup->kn));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_RULES));
    FF_TRY(ff_cbor_expect_number(c, "rules", 1, UINT32_MAX, &rollup->rules));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_REVISION));
    FF_TRY(ff_cbor_expect_number(c, "revision", 0, UINT32_MAX, &rollup->revision));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_PARTIAL));
    FF_TRY(ff_cbor_expect_flag(c, "partial", &rollup->is_partial));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_CAPPED));
    FF_TRY(ff_cbor_expect_flag(c, "capped", &rollup->is_capped));
    FF_TRY(ff_cbor_expect_key(c, "header", FF_FORM_KEY_ZONE));
    return read_zone(c, rollup);
}

/* A count as the profile shows it. */
static enum ff_err read_shown(struct ff_cbor_cursor *c, const struct ff_rollup *rollup,
                              const char *what, uint64_t *count)
{
    const size_t at = c->at;
    FF_TRY(ff_cbor_expect_count(c, what, count));
    if (ff_profile_count(rollup->profile, *count) == *count)
        return FF_OK;
    return ff_cbor_fault(c, at, "%s: %" PRIu64 " for partners is not rounded to %d",
                         what, *count, FF_PARTNER_STEP);
}

/* Bytes are internal. */
static enum ff_err read_bytes(struct ff_cbor_cursor *c, const struct ff_rollup *rollup,
                              const char *what, uint64_t *count)
{
    const size_t at = c->at;
    FF_TRY(ff_cbor_expect_count(c, what, count));
    if (rollup->profile != FF_PARTNER_PROFILE || *count == 0)
        return FF_OK;
    return ff_cbor_fault(c, at, "%s: bytes, which are not for partners", what);
}

static enum ff_err read_counts(struct ff_cbor_cursor *c, const struct ff_rollup *rollup,
                               const char *what, uint64_t *counts, int n)
{
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, what, (uint64_t)n));
    for (int i = 0; i < n; i++)
        FF_TRY(read_shown(c, rollup, what, &counts[i]));
    return FF_OK;
}

static bool add(uint64_t *sum, uint64_t count)
{
    return !__builtin_add_overflow(*sum, count, sum);
}

static enum ff_err read_reconciliation(struct ff_cbor_cursor *c,
                                       struct ff_rollup *rollup)
{
    struct ff_reconciliation *lines = &rollup->reconciliation;
    const size_t at = c->at;
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "reconciliation", 5));
    FF_TRY(read_counts(c, rollup, "human", lines->human, FF_HUMAN_CLASSES));
    FF_TRY(
        read_counts(c, rollup, "robots", lines->robots + FF_HUMAN + 1, FF_ROBOTS - 1));
    FF_TRY(read_shown(c, rollup, "malformed", &lines->malformed));
    FF_TRY(read_shown(c, rollup, "excluded", &lines->excluded));
    FF_TRY(read_shown(c, rollup, "blank", &lines->blank));
    uint64_t sum = lines->malformed;
    bool fits = add(&sum, lines->excluded) && add(&sum, lines->blank);
    for (int i = 0; i < FF_HUMAN_CLASSES; i++)
        fits = fits && add(&sum, lines->human[i]);
    for (int i = 0; i < FF_ROBOTS; i++)
        fits = fits && add(&sum, lines->robots[i]);
    return fits ? FF_OK : ff_cbor_fault(c, at, "reconciliation: the sum is too large");
}

static enum ff_err read_totals(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    uint64_t counts[FF_FORM_N_TOTALS];
    const size_t at = c->at;
    struct ff_cbor_cursor ahead = *c;
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_next(&ahead, &item));
    rollup->has_totals = item.type != FF_CBOR_NULL;
    if (!rollup->has_totals) {
        *c = ahead;
        return FF_OK;
    }
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, "totals", FF_FORM_N_TOTALS));
    for (int i = 0; i < FF_FORM_N_TOTALS - 1; i++)
        FF_TRY(read_shown(c, rollup, "totals", &counts[i]));
    FF_TRY(read_bytes(c, rollup, "totals", &counts[FF_FORM_N_TOTALS - 1]));
    rollup->totals = (struct ff_totals) { .visitors = counts[0],
                                          .visits = counts[1],
                                          .page_views = counts[2],
                                          .bounces = counts[3],
                                          .downloads = counts[4],
                                          .site_searches = counts[5],
                                          .bytes = counts[6] };
    if (rollup->totals.visitors < rollup->k)
        return ff_cbor_fault(c, at, "totals: %" PRIu64 " visitors, under k of %" PRIu32,
                             rollup->totals.visitors, rollup->k);
    return FF_OK;
}

/* ---- tables ---- */

static int compare_keys(const struct ff_row *a, const struct ff_row *b)
{
    int order = 0;
    for (int part = 0; part < FF_KEY_PARTS && order == 0; part++)
        order = ff_span_compare(a->key[part], b->key[part]);
    return order;
}

static int compare_key_pointers(const void *a, const void *b)
{
    return compare_keys(*(const struct ff_row *const *)a,
                        *(const struct ff_row *const *)b);
}

/* Keys that are there twice stand apart when their counts differ. */
static enum ff_err check_unique(const struct ff_cbor_cursor *c, size_t at,
                                const char *name, const struct ff_table_data *table)
{
    if (table->n_rows < 2)
        return FF_OK;
    const struct ff_row **sorted = malloc(table->n_rows * sizeof *sorted);
    if (!sorted)
        return ff_fault_nomem(c->fault);
    for (size_t i = 0; i < table->n_rows; i++)
        sorted[i] = &table->rows[i];
    qsort(sorted, table->n_rows, sizeof *sorted, compare_key_pointers);
    bool is_unique = true;
    for (size_t i = 1; i < table->n_rows && is_unique; i++)
        is_unique = compare_keys(sorted[i - 1], sorted[i]) != 0;
    free(sorted);
    return is_unique ? FF_OK : ff_cbor_fault(c, at, "%s: a key has two rows", name);
}

/* The least that a row's visitors can be; each of them adds one or more to the additive
 * measure, so that it stands in where a table has no visitors. */
static uint64_t least_of_row(const struct ff_rollup *rollup,
                             const struct ff_table_info *info)
{
    return (uint64_t)rollup->k * info->threshold;
}

/* A part of a row's key. */
static enum ff_err read_part(struct ff_cbor_cursor *c, const char *what,
                             struct ff_arena *arena, struct ff_span *out)
{
    const size_t at = c->at;
    FF_TRY(read_text(c, what, arena, out));
    if (!c->audit)
        return FF_OK;
    c->audit->checks++;
    if (c->audit->is_personal(c->audit->context, *out))
        return ff_cbor_fault(c, at, "%s: a key that looks like personal data", what);
    return FF_OK;
}

/* Each of the k visitors that "other" stands for adds 1 or more to it. */
static enum ff_err audit_other(const struct ff_cbor_cursor *c, size_t at,
                               const struct ff_table_info *info, uint64_t other,
                               uint64_t least)
{
    if (!c->audit)
        return FF_OK;
    c->audit->checks++;
    if (other == 0 || other >= least)
        return FF_OK;
    return ff_cbor_fault(c, at, "%s: other is %" PRIu64 ", under %" PRIu64, info->name,
                         other, least);
}

/* A row's visitors are among the period's, and each adds 1 or more to the row. */
static enum ff_err audit_visitors(const struct ff_cbor_cursor *c, size_t at,
                                  const struct ff_rollup *rollup,
                                  const struct ff_table_info *info,
                                  const struct ff_row *row)
{
    if (!c->audit || info->visitors < 0)
        return FF_OK;
    c->audit->checks++;
    const uint64_t visitors = row->measures[info->visitors];
    if (visitors > rollup->totals.visitors)
        return ff_cbor_fault(c, at, "%s: a row of %" PRIu64 " visitors, of %" PRIu64,
                             info->name, visitors, rollup->totals.visitors);
    if (visitors > row->measures[0])
        return ff_cbor_fault(c, at,
                             "%s: a row of %" PRIu64 " visitors but %" PRIu64 " %s",
                             info->name, visitors, row->measures[0], info->measures[0]);
    return FF_OK;
}

static enum ff_err read_row(struct ff_cbor_cursor *c, struct ff_rollup *rollup,
                            const struct ff_table_info *info, struct ff_row *row)
{
    const int counted = info->visitors >= 0 ? info->visitors : 0;
    const uint64_t least = least_of_row(rollup, info);
    const size_t at = c->at;
    *row = (struct ff_row) { 0 };
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, info->name,
                                info->key_parts + info->n_measures));
    for (int part = 0; part < info->key_parts; part++)
        FF_TRY(read_part(c, info->name, &rollup->arena, &row->key[part]));
    for (unsigned measure = 0; measure < info->n_measures; measure++)
        FF_TRY(ff_measure_is_bytes(info, measure)
                   ? read_bytes(c, rollup, info->name, &row->measures[measure])
                   : read_shown(c, rollup, info->name, &row->measures[measure]));
    if (rollup->profile == FF_PARTNER_PROFILE && row->measures[0] == 0)
        return ff_cbor_fault(c, at, "%s: a row of nothing", info->name);
    if (row->measures[counted] < least)
        return ff_cbor_fault(c, at, "%s: a row of %" PRIu64 " %s, under %" PRIu64,
                             info->name, row->measures[counted],
                             info->measures[counted], least);
    return audit_visitors(c, at, rollup, info, row);
}

static enum ff_err check_order(const struct ff_cbor_cursor *c, size_t at,
                               const char *name, const struct ff_row *row)
{
    const struct ff_row *before = row - 1;
    if (before->measures[0] > row->measures[0] ||
        (before->measures[0] == row->measures[0] && compare_keys(before, row) < 0))
        return FF_OK;
    return ff_cbor_fault(c, at, "%s: row out of order", name);
}

/* The rows' array: as many as fit into the bytes that are left, at a byte for each head
 * of a row. Else the file is cut off and nothing is allocated for it. */
static enum ff_err read_rows(struct ff_cbor_cursor *c, struct ff_rollup *rollup,
                             const struct ff_table_info *info,
                             struct ff_table_data *table)
{
    struct ff_cbor_item item;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_ARRAY, info->name, &item));
    if (item.value > FF_ROLLUP_ROWS_MAX)
        return ff_cbor_fault(c, item.at, "%s: %" PRIu64 " rows, more than %u",
                             info->name, item.value, FF_ROLLUP_ROWS_MAX);
    if (item.value > ff_cbor_left(c) / (1u + info->key_parts + info->n_measures))
        return ff_cbor_cut_off(c);
    table->n_rows = (size_t)item.value;
    if (table->n_rows == 0)
        return FF_OK;
    table->rows = FF_ARENA_NEW(&rollup->arena, struct ff_row, table->n_rows);
    if (!table->rows)
        return ff_fault_nomem(c->fault);
    for (size_t i = 0; i < table->n_rows; i++) {
        const size_t at = c->at;
        FF_TRY(read_row(c, rollup, info, &table->rows[i]));
        if (i > 0)
            FF_TRY(check_order(c, at, info->name, &table->rows[i]));
    }
    return check_unique(c, item.at, info->name, table);
}

static enum ff_err read_table(struct ff_cbor_cursor *c, struct ff_rollup *rollup,
                              const struct ff_table_info *info,
                              struct ff_table_data *table)
{
    const size_t at = c->at;
    if (info->threshold &&
        (!rollup->has_totals ||
         rollup->totals.visitors < (uint64_t)rollup->k * FF_TABLES_FLOOR))
        return ff_cbor_fault(c, at, "%s: a table, but too few visitors for one",
                             info->name);
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_ARRAY, info->name, 3));
    FF_TRY(read_rows(c, rollup, info, table));
    const size_t other_at = c->at;
    FF_TRY(read_shown(c, rollup, info->name, &table->other));
    FF_TRY(audit_other(c, other_at, info, table->other, least_of_row(rollup, info)));
    FF_TRY(ff_cbor_expect_count(c, info->name, &table->total));
    uint64_t sum = table->other;
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!add(&sum, table->rows[i].measures[0]))
            return ff_cbor_fault(c, at, "%s: the sum is too large", info->name);
    }
    if (sum != table->total)
        return ff_cbor_fault(
            c, at, "%s: rows and other are %" PRIu64 ", but the total says %" PRIu64,
            info->name, sum, table->total);
    table->is_present = true;
    return FF_OK;
}

static enum ff_err read_tables(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    struct ff_cbor_item tables, id;
    int next = 0;
    FF_TRY(ff_cbor_expect(c, FF_CBOR_MAP, "tables", &tables));
    if (tables.value > FF_TABLES)
        return ff_cbor_fault(c, tables.at, "tables: %" PRIu64 " of them, more than %d",
                             tables.value, FF_TABLES);
    for (uint64_t i = 0; i < tables.value; i++) {
        FF_TRY(ff_cbor_expect(c, FF_CBOR_UINT, "tables", &id));
        if (id.value >= FF_TABLES)
            return ff_cbor_fault(c, id.at, "tables: %" PRIu64 " is no table", id.value);
        if ((int)id.value < next)
            return ff_cbor_fault(c, id.at, "tables: keys out of order or there twice");
        next = (int)id.value + 1;
        if (!ff_profile_has(rollup->profile, (enum ff_table)id.value))
            return ff_cbor_fault(c, id.at, "%s: a table that is not for partners",
                                 ff_table_infos[id.value].name);
        FF_TRY(read_table(c, rollup, &ff_table_infos[id.value],
                          &rollup->tables[id.value]));
    }
    return FF_OK;
}

/* ---- the whole ---- */

static enum ff_err read_magic(struct ff_cbor_cursor *c)
{
    uint64_t version = 0;
    const size_t left = ff_cbor_left(c);
    const size_t n = left < FF_FORM_MAGIC_LEN ? left : FF_FORM_MAGIC_LEN;
    if (n == 0 || memcmp(c->bytes + c->at, FF_FORM_MAGIC, n) != 0) {
        if (c->at == 0)
            return ff_fault_set(c->fault, FF_ERR_DATA, "%s: not a footfall rollup",
                                c->name);
        return ff_cbor_fault(c, c->at, "expected the next rollup or the end");
    }
    if (n < FF_FORM_MAGIC_LEN)
        return ff_cbor_cut_off(c);
    c->at += n;
    const size_t at = c->at;
    FF_TRY(ff_cbor_expect_count(c, "version", &version));
    if (version > FF_ROLLUP_VERSION)
        return ff_fault_set(c->fault, FF_ERR_DATA,
                            "%s: made by a newer footfall (rollup version %" PRIu64
                            "; this one reads %d)",
                            c->name, version, FF_ROLLUP_VERSION);
    if (version < FF_ROLLUP_VERSION)
        return ff_cbor_fault(c, at, "version: there is no rollup version %" PRIu64,
                             version);
    return FF_OK;
}

static enum ff_err read_rollup(struct ff_cbor_cursor *c, struct ff_rollup *rollup)
{
    FF_TRY(read_magic(c));
    FF_TRY(read_header(c, rollup));
    FF_TRY(ff_cbor_expect_start(c, FF_CBOR_MAP, "body", FF_FORM_BODY_KEYS));
    FF_TRY(ff_cbor_expect_key(c, "body", FF_FORM_KEY_RECONCILIATION));
    FF_TRY(read_reconciliation(c, rollup));
    FF_TRY(ff_cbor_expect_key(c, "body", FF_FORM_KEY_TOTALS));
    FF_TRY(read_totals(c, rollup));
    FF_TRY(ff_cbor_expect_key(c, "body", FF_FORM_KEY_TABLES));
    return read_tables(c, rollup);
}

enum ff_err ff_rollup_read(struct ff_cbor_cursor *c, struct ff_rollup **out)
{
    struct ff_rollup *rollup = ff_rollup_create();
    if (!rollup)
        return ff_fault_nomem(c->fault);
    const enum ff_err err = read_rollup(c, rollup);
    if (err != FF_OK) {
        ff_rollup_destroy(rollup);
        return err;
    }
    *out = rollup;
    return FF_OK;
}

enum ff_err ff_rollup_decode(struct ff_rollup **out, const unsigned char *bytes,
                             size_t len, size_t *used, const char *name,
                             struct ff_fault *fault)
{
    struct ff_cbor_cursor c = {
        .bytes = bytes, .len = len, .name = name, .fault = fault
    };
    FF_TRY(ff_rollup_read(&c, out));
    *used = c.at;
    return FF_OK;
}

enum ff_err ff_rollup_audit(struct ff_rollup **out, const unsigned char *bytes,
                            size_t len, size_t *at, const char *name,
                            struct ff_rollup_audit *audit, struct ff_fault *fault)
{
    struct ff_cbor_cursor c = { .bytes = bytes,
                                .len = len,
                                .at = *at,
                                .name = name,
                                .fault = fault,
                                .audit = audit };
    FF_TRY(ff_rollup_read(&c, out));
    *at = c.at;
    return FF_OK;
}
