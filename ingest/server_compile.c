/* Directives that make one field together are joined, of those that tell the same the
 * best is kept, runs of skipped ones before a bracketed time become one; then each is
 * a step that ends where the literal behind it stands. */
#include "server_compile.h"

#include <assert.h>
#include <stdlib.h>

#include "server_scan.h"
#include "server_time.h"

static void drop(struct ff_server_items *items, size_t from, size_t n)
{
    memmove(&items->items[from], &items->items[from + n],
            (items->n - from - n) * sizeof items->items[0]);
    items->n -= n;
}

/* The literal behind an item. */
static struct ff_span behind(const struct ff_server_items *items, size_t i)
{
    return i + 1 < items->n ? items->items[i + 1].before : items->tail;
}

/* Whether item `i` is a `field` that stands right behind `before`. */
static bool is_item(const struct ff_server_items *items, size_t i,
                    enum ff_server_field field, struct ff_span before)
{
    return i < items->n && items->items[i].meaning.field == field &&
           ff_span_equal(items->items[i].before, before);
}

/* The item at `i` takes those behind it in. */
static void absorb(struct ff_server_items *items, size_t i, size_t n,
                   enum ff_server_field field)
{
    struct ff_server_item *item = &items->items[i];
    const struct ff_server_item *last = &items->items[i + n];
    item->len = last->at + last->len - item->at;
    item->meaning = (struct ff_server_meaning) { (uint8_t)field, 1, 0, NULL };
    drop(items, i + 1, n);
}

/* "%U%q" and "$uri$is_args$args" are a target, "%m %U%q %H" is a request. */
static void join(struct ff_server_items *items)
{
    const struct ff_span nothing = { "", 0 }, space = FF_SPAN(" ");
    for (size_t i = 0; i < items->n; i++) {
        const uint8_t field = items->items[i].meaning.field;
        if (field != FF_SERVER_PATH)
            continue;
        const bool has_mark = is_item(items, i + 1, FF_SERVER_IS_ARGS, nothing);
        if (is_item(items, i + 1 + has_mark, FF_SERVER_QUERY, nothing))
            absorb(items, i, 1 + (size_t)has_mark, FF_SERVER_TARGET);
    }
    for (size_t i = 0; i < items->n; i++)
        if (items->items[i].meaning.field == FF_SERVER_METHOD &&
            is_item(items, i + 1, FF_SERVER_TARGET, space) &&
            is_item(items, i + 2, FF_SERVER_PROTOCOL, space))
            absorb(items, i, 2, FF_SERVER_REQUEST);
}

/* All items of `field` but for `keep` are skipped. */
static void skip_others(struct ff_server_items *items, enum ff_server_field field,
                        size_t keep)
{
    for (size_t i = 0; i < items->n; i++)
        if (i != keep && items->items[i].meaning.field == field)
            items->items[i].meaning.field = FF_SERVER_SKIP;
}

/* The item of `field` with the highest rank, the first of several; items->n if there is
 * none. */
static size_t best(const struct ff_server_items *items, enum ff_server_field field)
{
    size_t found = items->n;
    for (size_t i = 0; i < items->n; i++)
        if (items->items[i].meaning.field == field &&
            (found == items->n ||
             items->items[i].meaning.rank > items->items[found].meaning.rank))
            found = i;
    return found;
}

static bool has(const struct ff_server_items *items, enum ff_server_field field)
{
    return best(items, field) < items->n;
}

/* Each field is filled once, a target from the request if there is one. */
static void choose(struct ff_server_items *items)
{
    for (int f = FF_SERVER_PROTOCOL; f < FF_SERVER_FIELDS; f++) {
        const enum ff_server_field field = (enum ff_server_field)f;
        const bool is_used = f != FF_SERVER_PROTOCOL && f != FF_SERVER_IS_ARGS;
        if (f != FF_SERVER_TIME && f != FF_SERVER_OPT_OUT)
            skip_others(items, field, is_used ? best(items, field) : items->n);
    }
    const bool has_request = has(items, FF_SERVER_REQUEST);
    if (has_request) {
        skip_others(items, FF_SERVER_METHOD, items->n);
        skip_others(items, FF_SERVER_TARGET, items->n);
    }
    if (has_request || has(items, FF_SERVER_TARGET)) {
        skip_others(items, FF_SERVER_PATH, items->n);
        skip_others(items, FF_SERVER_QUERY, items->n);
    }
    if (has(items, FF_SERVER_CLF_TIME))
        skip_others(items, FF_SERVER_TIME, items->n);
}

static bool is_quoted(const struct ff_server_items *items, size_t i)
{
    const struct ff_span before = items->items[i].before, after = behind(items, i);
    return before.len && before.data[before.len - 1] == '"' && after.len &&
           after.data[0] == '"';
}

static bool is_blank(struct ff_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] != ' ')
            return false;
    return s.len > 0;
}

/* Ident and user before "[time]" are skipped as one up to the bracket: either may hold
 * blanks and brackets, and some servers leave one out. */
static void skip_to_time(struct ff_server_items *items)
{
    const size_t time = best(items, FF_SERVER_CLF_TIME);
    if (time == items->n || time == 0)
        return;
    struct ff_span *before = &items->items[time].before;
    if (before->len < 2 || before->data[before->len - 1] != '[' ||
        !is_blank((struct ff_span) { before->data, before->len - 1 }) ||
        items->items[time - 1].meaning.field != FF_SERVER_SKIP)
        return;
    *before = ff_span_from(*before, before->len - 1);
    size_t first = time - 1;
    while (first > 0 && is_blank(items->items[first].before) &&
           items->items[first - 1].meaning.field == FF_SERVER_SKIP)
        first--;
    drop(items, first + 1, time - 1 - first);
}

static enum ff_server_next next_of(const struct ff_server_items *items, size_t i)
{
    if (i + 1 == items->n)
        return FF_NEXT_ANY;
    const uint8_t field = items->items[i + 1].meaning.field;
    if (field == FF_SERVER_CLF_TIME)
        return FF_NEXT_CLF_TIME;
    if (field != FF_SERVER_STATUS)
        return FF_NEXT_ANY;
    return is_quoted(items, i) ? FF_NEXT_STATUS_START : FF_NEXT_STATUS;
}

static bool ends_itself(uint8_t field)
{
    return field == FF_SERVER_STATUS || field == FF_SERVER_BYTES ||
           field == FF_SERVER_CLF_TIME || field == FF_SERVER_TIME;
}

static enum ff_server_end end_of(const struct ff_server_items *items, size_t i)
{
    const uint8_t field = items->items[i].meaning.field;
    const struct ff_span literal = behind(items, i);
    if (ends_itself(field))
        return FF_END_SELF;
    if (i + 1 == items->n)
        return FF_END_LINE;
    if (literal.len == 0)
        return FF_END_SLASH;
    if (is_quoted(items, i))
        return FF_END_QUOTE;
    if (field == FF_SERVER_REQUEST && is_blank(literal) &&
        next_of(items, i) == FF_NEXT_ANY)
        return FF_END_REQUEST;
    const bool is_list = field == FF_SERVER_SKIP || field == FF_SERVER_FORWARDED ||
                         field == FF_SERVER_DURATION;
    return is_list && literal.data[0] == ' ' ? FF_END_LIST : FF_END_LITERAL;
}

static void emit(struct ff_server_program *program, const struct ff_server_items *items)
{
    program->head = items->n ? items->items[0].before : items->tail;
    program->n = items->n;
    for (size_t i = 0; i < items->n; i++) {
        const struct ff_server_item *item = &items->items[i];
        const struct ff_span after_next =
            i + 1 < items->n ? behind(items, i + 1) : (struct ff_span) { "", 0 };
        program->fields |= (uint32_t)1 << item->meaning.field;
        program->steps[i] = (struct ff_server_step) {
            .literal = behind(items, i),
            .pattern = item->pattern,
            .field = item->meaning.field,
            .end = (uint8_t)end_of(items, i),
            .next = (uint8_t)next_of(items, i),
            .after_next = after_next.len ? after_next.data[0] : 0,
            .shift = item->meaning.shift,
        };
    }
}

/* Apache's combined or nginx's, which has a dash between client and user. */
static bool begins_as_combined(const struct ff_server_program *program)
{
    static const struct {
        enum ff_server_field field;
        struct ff_span literal;
    } steps[FF_COMBINED_STEPS] = {
        { FF_SERVER_CLIENT, { " ", 1 } },       { FF_SERVER_SKIP, { "[", 1 } },
        { FF_SERVER_CLF_TIME, { "] \"", 3 } },  { FF_SERVER_REQUEST, { "\" ", 2 } },
        { FF_SERVER_STATUS, { " ", 1 } },       { FF_SERVER_BYTES, { " \"", 2 } },
        { FF_SERVER_REFERRER, { "\" \"", 3 } },
    };
    bool is_so = program->head.len == 0 && program->n > FF_COMBINED_STEPS;
    for (size_t i = 0; is_so && i < FF_COMBINED_STEPS; i++) {
        const struct ff_server_step *step = &program->steps[i];
        is_so = step->field == steps[i].field &&
                (ff_span_equal(step->literal, steps[i].literal) ||
                 (i == 0 && ff_span_equal(step->literal, FF_SPAN(" - "))));
    }
    return is_so;
}

static uint8_t has_of(const struct ff_server_program *program)
{
    static const struct {
        enum ff_server_field field;
        uint8_t has;
    } table[] = {
        { FF_SERVER_REFERRER, FF_HAS_REFERRER },
        { FF_SERVER_AGENT, FF_HAS_AGENT },
        { FF_SERVER_LANGUAGE, FF_HAS_LANGUAGE },
        { FF_SERVER_VHOST, FF_HAS_VHOST },
        { FF_SERVER_CONTENT_TYPE, FF_HAS_CONTENT_TYPE },
    };
    uint8_t bits = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (ff_server_has(program, table[i].field))
            bits |= table[i].has;
    return bits;
}

/* Two directives need something between them that tells where the first ends. */
static enum ff_err check_gaps(const struct ff_server_items *items,
                              const struct ff_server_spec *spec, struct ff_fault *fault)
{
    for (size_t i = 0; i + 1 < items->n; i++) {
        const struct ff_server_item *item = &items->items[i + 1];
        const uint8_t field = item->meaning.field;
        if (item->before.len == 0 && !ends_itself(items->items[i].meaning.field) &&
            field != FF_SERVER_TARGET && field != FF_SERVER_PATH)
            return ff_server_spec_fault(
                spec, item->at, item->len,
                "follows a directive with nothing between the two", fault);
    }
    return FF_OK;
}

/* The pieces of the time make a whole one. */
static bool is_time_whole(const struct ff_server_items *items)
{
    int bits = 0;
    size_t bad;
    if (has(items, FF_SERVER_CLF_TIME))
        return true;
    for (size_t i = 0; i < items->n; i++)
        if (items->items[i].meaning.field == FF_SERVER_TIME)
            bits |= ff_server_time_check(items->items[i].pattern, &bad);
    return (bits & FF_TIME_HAS_EPOCH) || (bits & FF_TIME_WHOLE) == FF_TIME_WHOLE;
}

static enum ff_err check_fields(const struct ff_server_items *items,
                                enum ff_server_dialect dialect, struct ff_fault *fault)
{
    static const char *const names[][4] = {
        [FF_APACHE] = { "%h or %a", "%t", "%r", "%>s" },
        [FF_NGINX] = { "$remote_addr", "$time_local", "$request", "$status" },
        [FF_ENVOY] = { "%DOWNSTREAM_REMOTE_ADDRESS%", "%START_TIME%", "%REQ(:PATH)%",
                       "%RESPONSE_CODE%" },
    };
    const bool is_there[] = {
        has(items, FF_SERVER_CLIENT) || has(items, FF_SERVER_FORWARDED),
        has(items, FF_SERVER_CLF_TIME) || has(items, FF_SERVER_TIME),
        has(items, FF_SERVER_REQUEST) || has(items, FF_SERVER_TARGET) ||
            has(items, FF_SERVER_PATH),
        has(items, FF_SERVER_STATUS),
    };
    static const char *const what[] = { "client", "time", "request", "status" };
    for (size_t i = 0; i < 4; i++)
        if (!is_there[i])
            return ff_fault_set(fault, FF_ERR_USAGE, "the format has no %s (%s)",
                                what[i], names[dialect][i]);
    if (!is_time_whole(items))
        return ff_fault_set(fault, FF_ERR_USAGE,
                            "the format's time lacks its year, month, day, hour or "
                            "minute");
    return FF_OK;
}

/* Takes items->text over. */
static enum ff_err build(struct ff_server_program **out, struct ff_server_items *items,
                         struct ff_fault *fault)
{
    struct ff_server_program *program = calloc(1, sizeof *program);
    if (!program)
        return ff_fault_nomem(fault);
    emit(program, items);
    program->has = has_of(program);
    program->is_combined = begins_as_combined(program);
    program->text = items->text;
    items->text = NULL;
    if (ff_server_has(program, FF_SERVER_QUERY)) {
        program->scratch = malloc(FF_LINE_MAX + 2);
        if (!program->scratch) {
            ff_server_program_free(program);
            return ff_fault_nomem(fault);
        }
    }
    *out = program;
    return FF_OK;
}

enum ff_err ff_server_compile(struct ff_server_program **out, const char *given,
                              struct ff_fault *fault)
{
    *out = NULL;
    struct ff_server_spec spec;
    FF_TRY(ff_server_spec_read(&spec, given, fault));
    struct ff_server_items *items = calloc(1, sizeof *items);
    enum ff_err err =
        items ? ff_server_scan(items, &spec, fault) : ff_fault_nomem(fault);
    if (!err) {
        join(items);
        err = check_gaps(items, &spec, fault);
    }
    if (!err) {
        choose(items);
        err = check_fields(items, spec.dialect, fault);
    }
    if (!err) {
        skip_to_time(items);
        err = build(out, items, fault);
    }
    if (items)
        free(items->text);
    free(items);
    ff_server_spec_clear(&spec);
    return err;
}
