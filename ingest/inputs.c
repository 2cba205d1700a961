#include "inputs.h"

#include <assert.h>
#include <stdlib.h>

#include "server_format.h"

struct ff_inputs {
    struct ff_input *all;    /* in the order of the settings */
    struct ff_input **order; /* by (first_time, path) */
    size_t n;
    size_t opened; /* of `order`: those before have been opened for reading */
    bool is_live;
};

/* What the settings say of all inputs' format; NULL: look at each. */
struct choice {
    const unsigned char *content_key;
    const struct ff_format *format;
    const char *spec;
    struct ff_idle idle;
    int look_ms;
};

/* `choice` is NULL for files, whose second opening this is. */
static enum ff_err open_input(struct ff_input *input, const struct choice *choice,
                              struct ff_fault *fault)
{
    struct ff_source *source;
    if (input->can_be_reread)
        FF_TRY(ff_source_open_again(&source, input->stats.path, &input->file, fault));
    else if (choice)
        FF_TRY(ff_source_open_idle(&source, input->stats.path, &choice->idle, fault));
    else
        FF_TRY(ff_source_open(&source, input->stats.path, fault));
    if (choice)
        ff_source_fill_next(source, choice->look_ms);
    return ff_lines_open(&input->lines, source, fault);
}

static void note_source(struct ff_input *input)
{
    const struct ff_source *source = ff_lines_source(input->lines);
    const char *damage = ff_source_damage(source);
    if (!input->is_shared)
        input->stats.bytes_read = ff_source_bytes_read(source);
    input->stats.bytes_total = ff_source_bytes_total(source);
    input->stats.compression = ff_source_compression(source);
    input->stats.is_damaged = damage != NULL;
    if (damage)
        snprintf(input->stats.damage, sizeof input->stats.damage, "%s", damage);
}

static void close_input(struct ff_input *input)
{
    note_source(input);
    ff_lines_close(input->lines);
    input->lines = NULL;
    ff_parser_close(&input->parser);
}

static enum ff_err choose(const char *option, struct choice *choice,
                          struct ff_fault *fault)
{
    *choice = (struct choice) { 0 };
    if (!option || strcmp(option, "auto") == 0)
        return FF_OK;
    choice->format = ff_format_named(option);
    if (choice->format)
        return FF_OK;
    if (!ff_server_is_spec(option))
        return ff_fault_set(fault, FF_ERR_USAGE, "no such format: %.100s", option);
    /* What is wrong with a string is said before any file is opened. */
    struct ff_parser parser;
    FF_TRY(ff_parser_open(&parser, &ff_server_format, option, fault));
    ff_parser_close(&parser);
    *choice = (struct choice) { .format = &ff_server_format, .spec = option };
    return FF_OK;
}

/* Who wants to see the first block of each input. */
struct looker {
    ff_inputs_look *look;
    void *context;
};

/* Reads the first block twice, each time with a fresh parser: for the first time of a
 * readable line, and for whoever looks. */
static enum ff_err look_at_text(struct ff_input *input, const struct choice *choice,
                                const struct looker *looker, struct ff_span text,
                                struct ff_fault *fault)
{
    struct ff_guess guess;
    struct ff_parser parser;
    struct ff_record record;
    input->first_time = input->stats.begins = input->front = INT64_MIN;
    if (choice->format)
        FF_TRY(ff_carrier_guess(text, choice->format, choice->spec, &guess, fault));
    else
        FF_TRY(ff_format_guess(text, &guess, fault));
    if (!guess.format)
        return FF_OK;
    input->stats.format = guess.format->name;
    input->guess = guess;
    input->stats.looked_at = guess.lines;
    input->stats.looks_right = guess.readable;
    input->spec = choice->spec;
    FF_TRY(ff_parser_open_guess(&parser, &guess, choice->spec, fault));
    struct ff_span rest = text;
    if (ff_parser_next(&parser, &rest, &record))
        input->first_time = record.time;
    input->stats.begins = input->front = input->first_time;
    ff_parser_close(&parser);
    FF_TRY(ff_parser_open_guess(&parser, &guess, choice->spec, fault));
    const enum ff_err err = looker->look(looker->context, &parser, text, fault);
    ff_parser_close(&parser);
    return err;
}

/* Opens an input, looks at its first block, and closes it again where that is possible:
 * a pipe stays open, since what it gave cannot be had twice. */
static enum ff_err look_at(struct ff_input *input, const struct choice *choice,
                           const struct looker *looker, struct ff_fault *fault)
{
    struct ff_block block;
    FF_TRY(open_input(input, choice, fault));
    FF_TRY(ff_lines_peek(input->lines, &block, fault));
    const struct ff_span text = block.is_long ? (struct ff_span) { "", 0 } : block.text;
    FF_TRY(look_at_text(input, choice, looker, text, fault));
    note_source(input);
    input->file = ff_source_file(ff_lines_source(input->lines));
    input->is_awaited = choice->idle.call && input->stats.bytes_total == 0;
    input->can_be_reread =
        input->stats.bytes_total > 0 && strcmp(input->stats.path, "-") != 0;
    if (input->can_be_reread && choice->content_key) {
        FF_TRY(ff_identity_read(&input->content, input->stats.path, block.text,
                                choice->content_key, fault));
        input->has_content = true;
    }
    if (block.text.len == 0) {
        close_input(input);
        input->is_done = true; /* it is empty */
    } else if (input->can_be_reread) {
        close_input(input);
        input->stats.bytes_read = 0;
        input->stats.is_damaged = false;
    }
    return FF_OK;
}

static int by_first_time(const void *a, const void *b)
{
    const struct ff_input *x = *(struct ff_input *const *)a;
    const struct ff_input *y = *(struct ff_input *const *)b;
    if (x->first_time != y->first_time)
        return x->first_time < y->first_time ? -1 : 1;
    const int order = strcmp(x->stats.path, y->stats.path);
    return order ? order : (x > y) - (x < y); /* both lie in one array */
}

enum ff_err ff_inputs_open(struct ff_inputs **out,
                           const struct ff_ingest_settings *settings,
                           ff_inputs_look *look, void *context, struct ff_fault *fault)
{
    *out = NULL;
    const struct looker looker = { look, context };
    struct choice choice;
    FF_TRY(choose(settings->format, &choice, fault));
    choice.content_key = settings->content_key;
    choice.idle = settings->idle;
    choice.look_ms = settings->look_ms;
    struct ff_inputs *inputs = calloc(1, sizeof *inputs);
    if (!inputs)
        return ff_fault_nomem(fault);
    inputs->n = settings->n_files;
    inputs->is_live = settings->is_live;
    inputs->all = calloc(inputs->n + 1, sizeof *inputs->all);
    inputs->order = calloc(inputs->n + 1, sizeof(struct ff_input *));
    enum ff_err err = inputs->all && inputs->order ? FF_OK : ff_fault_nomem(fault);
    for (size_t i = 0; !err && i < inputs->n; i++) {
        inputs->order[i] = &inputs->all[i];
        inputs->all[i].stats.path = settings->files[i];
        inputs->all[i].stats.reaches = INT64_MIN;
        inputs->all[i].next_line = 1;
        err = look_at(&inputs->all[i], &choice, &looker, fault);
    }
    if (err) {
        ff_inputs_close(inputs);
        return err;
    }
    qsort(inputs->order, inputs->n, sizeof *inputs->order, by_first_time);
    for (size_t i = 0; i < inputs->n; i++)
        inputs->order[i]->ordinal = (uint32_t)i;
    *out = inputs;
    return FF_OK;
}

void ff_inputs_close(struct ff_inputs *inputs)
{
    if (!inputs)
        return;
    for (size_t i = 0; inputs->all && i < inputs->n; i++) {
        ff_lines_close(inputs->all[i].lines);
        ff_parser_close(&inputs->all[i].parser);
        free(inputs->all[i].overlaps);
        free(inputs->all[i].periods);
    }
    free(inputs->all);
    free(inputs->order);
    free(inputs);
}

/* The open input that is furthest behind; NULL when none is open. */
static struct ff_input *hindmost(const struct ff_inputs *inputs)
{
    struct ff_input *last = NULL;
    for (size_t i = 0; i < inputs->opened; i++) {
        struct ff_input *input = inputs->order[i];
        if (!input->is_done && (!last || input->front < last->front))
            last = input;
    }
    return last;
}

/* Comments or a carrier tell of the lines behind them. */
static bool is_ordered(const struct ff_guess *guess)
{
    return guess->format->comment || guess->carrier;
}

static enum ff_err open_parser(struct ff_input *input, struct ff_fault *fault)
{
    input->is_ordered = is_ordered(&input->guess);
    return ff_parser_open_guess(&input->parser, &input->guess, input->spec, fault);
}

/* An input that began with what is in no format (a banner, one endless line) may go on
 * in one. */
static enum ff_err look_again(struct ff_input *input, struct ff_span text,
                              struct ff_fault *fault)
{
    struct ff_guess guess;
    while (text.len && (text.data[0] == '\n' || text.data[0] == '\r'))
        text = ff_span_from(text, 1); /* a gigabyte of newlines is not looked at long */
    if (text.len == 0)
        return FF_OK;
    FF_TRY(ff_format_guess(text, &guess, fault));
    if (!guess.format)
        return FF_OK;
    input->stats.format = guess.format->name;
    input->guess = guess;
    input->stats.looked_at = guess.lines;
    input->stats.looks_right = guess.readable;
    return open_parser(input, fault);
}

static uint64_t count_lines(struct ff_span text)
{
    struct ff_span line;
    uint64_t n = 0;
    while (ff_line_cut(&text, &line))
        n++;
    return n;
}

/* Lines of a piece that are looked at for where its input stands. */
#define FRONT_LINES 64

/* Moves the front on to the first readable line of what is read next. */
static void move_front(struct ff_input *input, struct ff_span text)
{
    struct ff_record record;
    struct ff_span line;
    for (int i = 0; i < FRONT_LINES && ff_line_cut(&text, &line); i++) {
        if (ff_parser_read(&input->parser, line, &record) == FF_REJECT_NONE) {
            input->front = record.time;
            break;
        }
    }
}

/* Takes the input's next block; at its end closes it. */
static enum ff_err advance(struct ff_input *input, struct ff_text_memory *memory,
                           struct ff_piece *out, struct ff_fault *fault)
{
    struct ff_block block;
    FF_TRY(ff_lines_read(input->lines, memory, &block, fault));
    note_source(input);
    out->input = input;
    out->text =
        (struct ff_span) { block.text.data, block.is_long ? 0 : block.text.len };
    out->is_long = block.is_long;
    out->order = (uint64_t)input->ordinal << FF_ORDER_FILE_SHIFT | block.offset;
    if (block.text.len == 0) {
        close_input(input);
        input->is_done = input->stats.is_whole = true;
        return FF_OK;
    }
    if (input->n_overlaps) { /* by line */
        out->first_line = input->next_line;
        input->next_line += block.is_long ? 1 : count_lines(block.text);
    }
    if (!input->guess.format && !block.is_long)
        FF_TRY(look_again(input, block.text, fault));
    if (input->parser.format && !input->is_ordered && !block.is_long)
        move_front(input, block.text);
    input->is_busy = out->is_ordered = input->is_ordered;
    out->is_known = input->guess.format != NULL;
    return FF_OK;
}

static struct ff_overlap_input as_overlap_input(const struct ff_input *input)
{
    return (struct ff_overlap_input) { .path = input->stats.path,
                                       .guess = &input->guess,
                                       .spec = input->spec,
                                       .first_time = input->first_time,
                                       .file = input->file };
}

static bool may_share(const struct ff_input *earlier, const struct ff_input *input)
{
    return earlier->can_be_reread && earlier->guess.format &&
           (!earlier->is_done || earlier->stats.reaches >= input->first_time);
}

static enum ff_err note_overlap(struct ff_input *input, struct ff_overlap overlap,
                                struct ff_fault *fault)
{
    struct ff_overlap *grown =
        realloc(input->overlaps, (input->n_overlaps + 1) * sizeof *grown);
    if (!grown)
        return ff_fault_nomem(fault);
    input->overlaps = grown;
    grown[input->n_overlaps++] = overlap;
    return FF_OK;
}

/* Lines may be so much out of order: of two that begin within this the one that seems
 * to be later may be the one that begins before the other. */
#define DISORDER_SECONDS 60

static bool begin_together(const struct ff_input *earlier, const struct ff_input *input)
{
    return earlier->first_time != INT64_MIN &&
           input->first_time - earlier->first_time <= DISORDER_SECONDS;
}

/* Before a line of `input` is counted: what of it do inputs opened before it have? */
static enum ff_err find_overlaps(struct ff_inputs *inputs, struct ff_input *input,
                                 struct ff_fault *fault)
{
    if (!input->can_be_reread || !input->guess.format)
        return FF_OK;
    const struct ff_overlap_input later = as_overlap_input(input);
    for (size_t i = 0; i < inputs->opened; i++) {
        const struct ff_input *other = inputs->order[i];
        if (!may_share(other, input))
            continue;
        const struct ff_overlap_input earlier = as_overlap_input(other);
        struct ff_overlap overlap;
        FF_TRY(ff_overlap_find(&earlier, &later, &overlap, fault));
        if (overlap.n == 0 && begin_together(other, input))
            FF_TRY(ff_overlap_find_inside(&later, &earlier, &overlap, fault));
        if (overlap.n)
            FF_TRY(note_overlap(input, overlap, fault));
    }
    return FF_OK;
}

/* Whether the next input that is not open yet has its turn. */
static bool is_turn_of_next(const struct ff_inputs *inputs)
{
    const struct ff_input *input = hindmost(inputs);
    return inputs->opened < inputs->n &&
           (!input || inputs->order[inputs->opened]->first_time <= input->front);
}

/* What is worth being shared out. Where lines are looked up by their number, or must be
 * read in order, they have to be read from the beginning on. */
#define LEAST_SHARED ((uint64_t)1 << 20)

static bool can_be_shared(const struct ff_input *input)
{
    return input->guess.format && !input->is_ordered && input->n_overlaps == 0 &&
           input->stats.bytes_total >= LEAST_SHARED &&
           ff_source_is_plain_file(ff_lines_source(input->lines));
}

enum ff_err ff_inputs_open_next(struct ff_inputs *inputs, bool *more,
                                struct ff_fault *fault)
{
    while (is_turn_of_next(inputs)) {
        struct ff_input *next = inputs->order[inputs->opened];
        if (next->is_done) { /* skipped, or empty */
            inputs->opened++;
            continue;
        }
        FF_TRY(find_overlaps(inputs, next, fault));
        if (!next->lines)
            FF_TRY(open_input(next, NULL, fault));
        if (next->guess.format)
            FF_TRY(open_parser(next, fault));
        next->is_shared = !inputs->is_live && can_be_shared(next);
        inputs->opened++;
    }
    *more = hindmost(inputs) != NULL;
    return FF_OK;
}

struct ff_input *ff_inputs_share(struct ff_inputs *inputs, uint64_t most_bytes,
                                 struct ff_range *out)
{
    const uint64_t most = most_bytes / FF_RANGE_BYTES * FF_RANGE_BYTES; /* whole ones */
    struct ff_input *input = hindmost(inputs);
    if (!input || !input->is_shared)
        return NULL;
    const uint64_t left = input->stats.bytes_total - input->share_at;
    *out = (struct ff_range) { input->share_at, input->share_at + most };
    if (left < most)
        out->to = input->stats.bytes_total;
    input->share_at = out->to;
    return input;
}

enum ff_err ff_input_read_range(struct ff_input *input, struct ff_range range,
                                struct ff_text_memory *memory, struct ff_piece *out,
                                struct ff_fault *fault)
{
    struct ff_block block;
    FF_TRY(ff_range_read(ff_lines_source(input->lines), range, memory, &block, fault));
    *out = (struct ff_piece) {
        .input = input,
        .text = block.text,
        .is_long = block.is_long,
        .is_known = true,
        .order = (uint64_t)input->ordinal << FF_ORDER_FILE_SHIFT | block.offset,
    };
    return FF_OK;
}

void ff_input_end_share(struct ff_input *input)
{
    input->stats.bytes_read = input->share_at;
    if (input->share_at < input->stats.bytes_total)
        return;
    close_input(input);
    input->is_done = input->stats.is_whole = true;
}

enum ff_err ff_inputs_take(struct ff_inputs *inputs, struct ff_text_memory *memory,
                           struct ff_piece *out, struct ff_fault *fault)
{
    *out = (struct ff_piece) { .input = NULL };
    while (!is_turn_of_next(inputs)) {
        struct ff_input *input = hindmost(inputs);
        if (!input || input->is_shared)
            break;
        if (input->is_busy) {
            out->input = input;
            break;
        }
        FF_TRY(advance(input, memory, out, fault));
        if (out->text.len || out->is_long)
            break;
        out->input = NULL; /* it has ended: another one's turn */
    }
    return FF_OK;
}

int64_t ff_inputs_settled(const struct ff_inputs *inputs)
{
    int64_t settled = INT64_MAX;
    const struct ff_input *input = hindmost(inputs);
    if (input)
        settled = input->front;
    if (inputs->opened < inputs->n &&
        inputs->order[inputs->opened]->first_time < settled)
        settled = inputs->order[inputs->opened]->first_time;
    return settled;
}

/* One line whose time is far off must not move the front. */
static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void ff_input_piece_is_read(struct ff_input *input, const struct ff_findings *found)
{
    if (found->has_period)
        input->front = earlier(found->first_time, found->last_time);
    input->is_busy = false;
}

static void add_times(struct ff_input_stats *stats, const struct ff_findings *found)
{
    if (!found->has_times)
        return;
    if (!stats->has_times || found->least_time < stats->first_time)
        stats->first_time = found->least_time;
    if (!stats->has_times || found->most_time > stats->last_time)
        stats->last_time = found->most_time;
    stats->has_times = true;
    for (uint32_t i = 0; i < found->n_offsets; i++)
        ff_offsets_add(stats->offsets, &stats->n_offsets, found->offsets[i].east,
                       found->offsets[i].lines);
}

static void add_lines(struct ff_input_stats *stats, const struct ff_findings *found)
{
    if (!stats->first_reject_line && found->first_reject_line) {
        stats->first_reject_line = stats->lines + found->first_reject_line;
        stats->first_reject_column = found->first_reject_column;
        stats->first_reject = found->first_reject;
    }
    for (size_t i = 0; i < FF_REJECTS; i++)
        stats->rejects[i] += found->rejects[i];
    stats->lines += found->lines;
    stats->duplicates += found->duplicates;
}

enum ff_err ff_input_add(struct ff_input *input, const struct ff_findings *found,
                         struct ff_settled_lines *before, struct ff_fault *fault)
{
    add_lines(&input->stats, found);
    add_times(&input->stats, found);
    input->guess.has |= found->seen;
    input->waiting.malformed += found->before.malformed;
    input->waiting.blank += found->before.blank;
    *before = (struct ff_settled_lines) { .time = input->has_time ? input->time
                                                                  : found->first_time };
    if (input->has_time || found->has_period) {
        before->lines = input->waiting;
        input->waiting = (struct ff_waiting) { 0 };
    }
    if (!found->has_period)
        return FF_OK;
    input->has_time = true;
    input->time = found->last_time;
    input->front = earlier(found->first_time, found->last_time);
    if (found->reaches > input->stats.reaches)
        input->stats.reaches = found->reaches;
    for (size_t i = 0; i < found->n_periods; i++)
        FF_TRY(ff_periods_add(&input->periods, &input->n_periods, &input->period_at,
                              found->periods[i].start, found->periods[i].lines, fault));
    return FF_OK;
}

size_t ff_inputs_count(const struct ff_inputs *inputs)
{
    return inputs->n;
}

struct ff_input *ff_inputs_at(const struct ff_inputs *inputs, size_t i)
{
    assert(i < inputs->n);
    return &inputs->all[i];
}
