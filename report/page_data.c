/* The page's data: what the browser adds up for whatever days the reader picks. One
 * JSON object of columns, so that a year of a large site is 2 to 4 MB when it is
 * packed:
 *
 *  - strings are written once, keys are numbers of strings, rows are numbers of keys;
 *  - a table's rows follow each other period by period, in order of their key's number,
 *    which is written as the distance from the one before;
 *  - a period shows its largest rows (row_cap), the sums of those left out beside them.
 *
 * report/web/data.ts reads it; its head says what each member is. */
#include "page_data.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "inert.h"
#include "receipt.h"
#include "row_sums.h"
#include "words.h"

/* A year of days shows so many rows of a table and day; fewer periods show more, as
 * many as such a year has room for. */
#define ROWS_OF_A_DAY  200
#define PERIODS_OF_ONE 366

struct data {
    const struct ff_view *view;
    const struct ff_rollup **periods; /* of both spans, by their days */
    size_t n;
    size_t row_cap;
    struct ff_row_sums strings; /* by their own text; places are their numbers */
};

static const struct ff_table_info string_info = { .name = "strings", .key_parts = 1 };

/* ---- which periods ---- */

static int by_start(const void *a, const void *b)
{
    const struct ff_rollup *x = *(const struct ff_rollup *const *)a;
    const struct ff_rollup *y = *(const struct ff_rollup *const *)b;
    return (x->start > y->start) - (x->start < y->start);
}

/* The spans may share periods. */
static enum ff_err choose_periods(struct data *data, struct ff_fault *fault)
{
    const struct ff_view *view = data->view, *other = view->other.view;
    const size_t most = view->n_days + (other ? other->n_days : 0);
    data->periods = (const struct ff_rollup **)calloc(most, sizeof *data->periods);
    if (!data->periods)
        return ff_fault_nomem(fault);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < view->n_days; i++)
        data->periods[n++] = view->rollups[i];
    for (size_t i = 0; other && i < other->n_days; i++)
        data->periods[n++] = other->rollups[i];
    qsort(data->periods, n, sizeof *data->periods, by_start);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || data->periods[kept - 1]->start != data->periods[i]->start)
            data->periods[kept++] = data->periods[i];
    data->n = kept;
    data->row_cap = ROWS_OF_A_DAY * PERIODS_OF_ONE / kept;
    if (data->row_cap < ROWS_OF_A_DAY)
        data->row_cap = ROWS_OF_A_DAY;
    return FF_OK;
}

/* ---- columns ---- */

static void begin_list(FILE *out, const char *name)
{
    fprintf(out, "\"%s\":[", name);
}

static void put_item(FILE *out, size_t i, uint64_t n)
{
    fprintf(out, i ? ",%" PRIu64 : "%" PRIu64, n);
}

/* A column of a figure that lies so far into a rollup; null where totals are withheld,
 * if it is one of them. */
static void put_column(FILE *out, const struct data *data, const char *name,
                       size_t offset, bool is_total)
{
    begin_list(out, name);
    for (size_t i = 0; i < data->n; i++) {
        uint64_t n;
        memcpy(&n, (const char *)data->periods[i] + offset, sizeof n);
        if (is_total && !data->periods[i]->has_totals)
            fputs(i ? ",null" : "null", out);
        else
            put_item(out, i, n);
    }
    putc(']', out);
}

static void put_periods(FILE *out, const struct data *data)
{
    fputs("\"periods\":{\"start\":[", out);
    for (size_t i = 0; i < data->n; i++)
        fprintf(out, i ? ",%ld" : "%ld", (long)data->periods[i]->start);
    fputs("],\"end\":[", out);
    for (size_t i = 0; i < data->n; i++)
        fprintf(out, i ? ",%ld" : "%ld", (long)data->periods[i]->end);
    fputs("],\"partial\":[", out);
    for (size_t i = 0; i < data->n; i++)
        put_item(out, i, data->periods[i]->is_partial);
    fputs("],\"capped\":[", out);
    for (size_t i = 0; i < data->n; i++)
        put_item(out, i, data->periods[i]->is_capped);
    fputs("]}", out);
}

#define ROLLUP_TOTAL(name)                                                             \
    {                                                                                  \
#name, offsetof(struct ff_rollup, totals.name)                                 \
    }
#define ROLLUP_LINES offsetof(struct ff_rollup, reconciliation)

static void put_totals(FILE *out, const struct data *data)
{
    static const struct {
        const char *name;
        size_t offset;
    } totals[] = { ROLLUP_TOTAL(visitors),   ROLLUP_TOTAL(visits),
                   ROLLUP_TOTAL(page_views), ROLLUP_TOTAL(bounces),
                   ROLLUP_TOTAL(downloads),  ROLLUP_TOTAL(site_searches),
                   ROLLUP_TOTAL(bytes) };
    fputs("\"totals\":{", out);
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        fputs(i ? "," : "", out);
        put_column(out, data, totals[i].name, totals[i].offset, true);
    }
    putc('}', out);
}

static void put_lines(FILE *out, const struct data *data)
{
    fputs("\"lines\":{\"human\":{", out);
    for (size_t i = 0; i < FF_HUMAN_CLASSES; i++) {
        fputs(i ? "," : "", out);
        put_column(out, data, ff_human_class_names[i],
                   ROLLUP_LINES + offsetof(struct ff_reconciliation, human) +
                       i * sizeof(uint64_t),
                   false);
    }
    fputs("},\"robots\":{", out);
    for (size_t i = FF_HUMAN + 1; i < FF_ROBOTS; i++) {
        fputs(i > FF_HUMAN + 1 ? "," : "", out);
        put_column(out, data, ff_robot_names[i],
                   ROLLUP_LINES + offsetof(struct ff_reconciliation, robots) +
                       i * sizeof(uint64_t),
                   false);
    }
    fputs("},", out);
    put_column(out, data, "malformed",
               ROLLUP_LINES + offsetof(struct ff_reconciliation, malformed), false);
    putc(',', out);
    put_column(out, data, "excluded",
               ROLLUP_LINES + offsetof(struct ff_reconciliation, excluded), false);
    putc(',', out);
    put_column(out, data, "blank",
               ROLLUP_LINES + offsetof(struct ff_reconciliation, blank), false);
    putc('}', out);
}

/* ---- tables ---- */

/* A row that is shown, under the number of its key. */
struct placed {
    uint32_t key;
    const struct ff_row *row;
};

/* One table over all periods. */
struct columns {
    const struct data *data;
    int id;
    struct ff_row_sums keys;
    struct placed *rows;
    size_t n;
};

static const struct ff_table_data *table_of(const struct columns *columns, size_t i)
{
    return &columns->data->periods[i]->tables[columns->id];
}

static size_t rows_shown(const struct columns *columns, size_t i)
{
    const struct ff_table_data *table = table_of(columns, i);
    const size_t cap = columns->data->row_cap;
    if (!table->is_present)
        return 0;
    return table->n_rows < cap ? table->n_rows : cap;
}

static int by_key_number(const void *a, const void *b)
{
    const struct placed *x = (const struct placed *)a;
    const struct placed *y = (const struct placed *)b;
    return (x->key > y->key) - (x->key < y->key);
}

/* The rollup's rows are in order of their size: the first are the largest. */
static enum ff_err place_rows(struct columns *columns, struct ff_fault *fault)
{
    size_t most = 0;
    for (size_t i = 0; i < columns->data->n; i++)
        most += rows_shown(columns, i);
    columns->rows = (struct placed *)calloc(most ? most : 1, sizeof *columns->rows);
    if (!columns->rows)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < columns->data->n; i++) {
        struct placed *day = columns->rows + columns->n;
        const size_t n = rows_shown(columns, i);
        for (size_t j = 0; j < n; j++) {
            day[j].row = &table_of(columns, i)->rows[j];
            FF_TRY(
                ff_row_sums_place(&columns->keys, day[j].row->key, &day[j].key, fault));
        }
        qsort(day, n, sizeof *day, by_key_number);
        columns->n += n;
    }
    return FF_OK;
}

/* -1 rows: the table does not stand in this period. */
static void put_row_counts(FILE *out, const struct columns *columns)
{
    begin_list(out, "rows");
    for (size_t i = 0; i < columns->data->n; i++)
        fprintf(out, i ? ",%ld" : "%ld",
                table_of(columns, i)->is_present ? (long)rows_shown(columns, i) : -1L);
    putc(']', out);
}

static void put_key_numbers(FILE *out, const struct columns *columns)
{
    size_t at = 0;
    begin_list(out, "ids");
    for (size_t i = 0; i < columns->data->n; i++) {
        uint32_t next = 0; /* the least that the row's key can be */
        for (const size_t end = at + rows_shown(columns, i); at < end; at++) {
            put_item(out, at, columns->rows[at].key - next);
            next = columns->rows[at].key + 1;
        }
    }
    putc(']', out);
}

static void put_measures(FILE *out, const struct columns *columns)
{
    const unsigned n = ff_table_infos[columns->id].n_measures;
    fputs("\"values\":[", out);
    for (unsigned m = 0; m < n; m++) {
        fputs(m ? ",[" : "[", out);
        for (size_t at = 0; at < columns->n; at++) {
            const struct ff_row *row = columns->rows[at].row;
            assert(row);
            put_item(out, at, row->measures[m]);
        }
        putc(']', out);
    }
    putc(']', out);
}

/* What is in no row here: the rollup's own "other", and the rows past row_cap. */
static void put_sums(FILE *out, const struct columns *columns)
{
    const size_t n = columns->data->n;
    begin_list(out, "other");
    for (size_t i = 0; i < n; i++)
        put_item(out, i, table_of(columns, i)->other);
    fputs("],", out);
    begin_list(out, "total");
    for (size_t i = 0; i < n; i++)
        put_item(out, i, table_of(columns, i)->total);
    fputs("],", out);
    begin_list(out, "cut");
    for (size_t i = 0; i < n; i++)
        put_item(out, i, table_of(columns, i)->n_rows - rows_shown(columns, i));
    fputs("],", out);
    begin_list(out, "cut_sum");
    for (size_t i = 0; i < n; i++) {
        uint64_t sum = 0;
        for (size_t j = rows_shown(columns, i); j < table_of(columns, i)->n_rows; j++)
            sum += table_of(columns, i)->rows[j].measures[0];
        put_item(out, i, sum);
    }
    putc(']', out);
}

static enum ff_err put_keys(FILE *out, struct data *data, const struct columns *columns,
                            struct ff_fault *fault)
{
    const unsigned parts = ff_table_infos[columns->id].key_parts;
    size_t at = 0;
    begin_list(out, "keys");
    for (size_t i = 0; i < columns->keys.n; i++)
        for (unsigned part = 0; part < parts; part++) {
            uint32_t number;
            FF_TRY(ff_row_sums_place(&data->strings, &columns->keys.rows[i].key[part],
                                     &number, fault));
            put_item(out, at++, number);
        }
    putc(']', out);
    return FF_OK;
}

static void put_names(FILE *out, const char *name, const char *const *names, unsigned n)
{
    begin_list(out, name);
    for (unsigned i = 0; i < n; i++)
        fprintf(out, i ? ",\"%s\"" : "\"%s\"", names[i]);
    putc(']', out);
}

static enum ff_err put_table(FILE *out, struct data *data, int id,
                             struct ff_fault *fault)
{
    const struct ff_table_info *info = &ff_table_infos[id];
    struct columns columns = { .data = data, .id = id };
    ff_row_sums_init(&columns.keys, info);
    enum ff_err err = place_rows(&columns, fault);
    if (err)
        goto done;
    fprintf(out, "\"%s\":{", info->name);
    put_names(out, "parts", info->key_names, info->key_parts);
    putc(',', out);
    put_names(out, "measures", info->measures, info->n_measures);
    fprintf(out, ",\"threshold\":%u,", info->threshold);
    put_row_counts(out, &columns);
    putc(',', out);
    put_key_numbers(out, &columns);
    putc(',', out);
    put_measures(out, &columns);
    putc(',', out);
    put_sums(out, &columns);
    putc(',', out);
    err = put_keys(out, data, &columns, fault);
    putc('}', out);
done:
    ff_row_sums_clear(&columns.keys);
    free(columns.rows);
    return err;
}

/* ---- the whole ---- */

static void put_head(FILE *out, const struct data *data,
                     const struct ff_render_settings *settings)
{
    const struct ff_view *view = data->view;
    const struct ff_run_lines *run = &view->run;
    fprintf(out, "{\"format\":%d,\"version\":", FF_PAGE_DATA_FORMAT);
    ff_inert_json(out, ff_span_of(view->version));
    fputs(",\"site\":", out);
    ff_inert_json(out, view->site);
    fputs(",\"zone\":", out);
    ff_inert_json(out, view->zone);
    fprintf(out,
            ",\"profile\":\"%s\",\"grain\":\"%s\",\"rules\":%" PRIu32 ",\"k\":%" PRIu32
            ",\"kn\":%" PRIu32 ",\"row_cap\":%zu,\"live_seconds\":%u,\"asked\":%s",
            ff_profile_names[view->profile], ff_view_grain_name(view), view->rules,
            view->k, view->kn, data->row_cap, settings->live_seconds,
            settings->is_span_asked ? "true" : "false");
    fprintf(out, ",\"span\":[%ld,%ld],\"compare\":", (long)view->from, (long)view->end);
    if (view->other.is_asked)
        fprintf(out, "[%ld,%ld]", (long)view->other.days.from,
                (long)view->other.days.end);
    else
        fputs("null", out);
    fprintf(out,
            ",\"run\":{\"duplicate\":%" PRIu64 ",\"outside\":%" PRIu64
            ",\"malformed\":%" PRIu64 ",\"excluded\":%" PRIu64 ",\"blank\":%" PRIu64
            ",\"provisional\":%s},",
            run->duplicate, run->outside, run->malformed, run->excluded, run->blank,
            run->is_provisional ? "true" : "false");
}

/* The receipt's facts by name: the page has the words, and the shares of any days. */
static void put_receipt(FILE *out, const struct ff_view *view)
{
    fputs("\"receipt\":{", out);
    for (int list = 0; list < FF_RECEIPT_LISTS; list++) {
        const struct ff_receipt_fact *fact;
        size_t at = 0, n = 0;
        fputs(list ? "," : "", out);
        begin_list(out, ff_receipt_list_names[list]);
        while ((fact = ff_receipt_next((enum ff_receipt_list)list, view->profile, &at)))
            fprintf(out, n++ ? ",\"%s\"" : "\"%s\"", fact->name);
        putc(']', out);
    }
    fputs("},", out);
}

static enum ff_err put_tables(FILE *out, struct data *data, struct ff_fault *fault)
{
    fputs("\"tables\":{", out);
    for (int id = 0; id < FF_TABLES; id++) {
        fputs(id ? "," : "", out);
        FF_TRY(put_table(out, data, id, fault));
    }
    putc('}', out);
    return FF_OK;
}

static void put_strings(FILE *out, const struct data *data)
{
    begin_list(out, "strings");
    for (size_t i = 0; i < data->strings.n; i++) {
        fputs(i ? "," : "", out);
        ff_inert_json(out, data->strings.rows[i].key[0]);
    }
    putc(']', out);
}

enum ff_err ff_page_data_write(FILE *out, const struct ff_view *view,
                               const struct ff_render_settings *settings,
                               struct ff_fault *fault)
{
    struct data data = { .view = view };
    ff_row_sums_init(&data.strings, &string_info);
    enum ff_err err = choose_periods(&data, fault);
    if (!err) {
        put_head(out, &data, settings);
        put_receipt(out, view);
        put_periods(out, &data);
        putc(',', out);
        put_totals(out, &data);
        putc(',', out);
        put_lines(out, &data);
        putc(',', out);
        err = put_tables(out, &data, fault);
    }
    if (!err) {
        putc(',', out);
        put_strings(out, &data);
        fputs("}\n", out);
        err = ff_words_written(out, fault);
    }
    ff_row_sums_clear(&data.strings);
    free(data.periods);
    return err;
}
