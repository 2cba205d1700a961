#include "inputs.h"

#include <assert.h>
#include <stdlib.h>

struct ff_inputs {
    struct ff_input *all;    /* in the order of the settings */
    struct ff_input **order; /* by (first_time, place in settings) */
    size_t n;
    size_t opened; /* of `order`: those before have been opened for reading */
    bool is_end_given;
};

static enum ff_err open_input(struct ff_input *input, struct ff_fault *fault)
{
    struct ff_source *source;
    FF_TRY(ff_source_open(&source, input->stats.path, fault));
    return ff_lines_open(&input->lines, source, fault);
}

static void note_source(struct ff_input *input)
{
    const struct ff_source *source = ff_lines_source(input->lines);
    const char *damage = ff_source_damage(source);
    input->stats.bytes_read = ff_source_bytes_read(source);
    input->stats.bytes_total = ff_source_bytes_total(source);
    input->stats.is_damaged = damage != NULL;
    if (damage)
        snprintf(input->stats.damage, sizeof input->stats.damage, "%s", damage);
}

static void close_input(struct ff_input *input)
{
    note_source(input);
    ff_lines_close(input->lines);
    input->lines = NULL;
}

/* What the settings say of all inputs' format; NULL: look at each. */
struct choice {
    const struct ff_format *format;
    const char *spec;
};

static enum ff_err choose(const char *option, struct choice *choice,
                          struct ff_fault *fault)
{
    *choice = (struct choice) { 0 };
    if (!option || strcmp(option, "auto") == 0)
        return FF_OK;
    choice->format = ff_format_named(option);
    if (choice->format)
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_USAGE, "no such format: %.100s", option);
}

/* Who wants to see the first block of each input. */
struct looker {
    ff_inputs_look *look;
    void *context;
};

/* Reads the first block twice, each time with a fresh parser: for the first time of a
 * readable line, and for whoever looks. Then the input's own parser is opened. */
static enum ff_err look_at_text(struct ff_input *input, const struct choice *choice,
                                const struct looker *looker, struct ff_span text,
                                struct ff_fault *fault)
{
    struct ff_guess guess = { .format = choice->format };
    struct ff_parser parser;
    struct ff_record record;
    input->first_time = INT64_MIN;
    if (!guess.format)
        FF_TRY(ff_format_guess(text, &guess, fault));
    if (!guess.format)
        return FF_OK;
    input->stats.format = guess.format->name;
    FF_TRY(ff_parser_open(&parser, guess.format, choice->spec, fault));
    struct ff_span rest = text;
    if (ff_parser_next(&parser, &rest, &record))
        input->first_time = record.time;
    ff_parser_close(&parser);
    FF_TRY(ff_parser_open(&parser, guess.format, choice->spec, fault));
    const enum ff_err err = looker->look(looker->context, &parser, text, fault);
    ff_parser_close(&parser);
    FF_TRY(err);
    return ff_parser_open(&input->parser, guess.format, choice->spec, fault);
}

/* Opens an input, looks at its first block, and closes it again where that is possible:
 * a pipe stays open, since what it gave cannot be had twice. */
static enum ff_err look_at(struct ff_input *input, const struct choice *choice,
                           const struct looker *looker, struct ff_fault *fault)
{
    struct ff_block block;
    FF_TRY(open_input(input, fault));
    FF_TRY(ff_lines_peek(input->lines, &block, fault));
    const struct ff_span text = block.is_long ? (struct ff_span) { "", 0 } : block.text;
    FF_TRY(look_at_text(input, choice, looker, text, fault));
    note_source(input);
    if (input->stats.bytes_total) {
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
    return x < y ? -1 : x > y; /* both lie in one array, in the order of the settings */
}

enum ff_err ff_inputs_open(struct ff_inputs **out,
                           const struct ff_ingest_settings *settings,
                           ff_inputs_look *look, void *context, struct ff_fault *fault)
{
    *out = NULL;
    const struct looker looker = { look, context };
    struct choice choice;
    FF_TRY(choose(settings->format, &choice, fault));
    struct ff_inputs *inputs = calloc(1, sizeof *inputs);
    if (!inputs)
        return ff_fault_nomem(fault);
    inputs->n = settings->n_files;
    inputs->all = calloc(inputs->n + 1, sizeof *inputs->all);
    inputs->order = calloc(inputs->n + 1, sizeof(struct ff_input *));
    enum ff_err err = inputs->all && inputs->order ? FF_OK : ff_fault_nomem(fault);
    for (size_t i = 0; !err && i < inputs->n; i++) {
        inputs->order[i] = &inputs->all[i];
        inputs->all[i].stats.path = settings->files[i];
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
    }
    free(inputs->all);
    free(inputs->order);
    free(inputs);
}

/* Where an input that is being read stands. */
static int64_t front(const struct ff_input *input)
{
    return input->has_time ? input->time : input->first_time;
}

/* The open input that is furthest behind; NULL when none is open. */
static struct ff_input *hindmost(const struct ff_inputs *inputs)
{
    struct ff_input *last = NULL;
    for (size_t i = 0; i < inputs->opened; i++) {
        struct ff_input *input = inputs->order[i];
        if (!input->is_done && (!last || front(input) < front(last)))
            last = input;
    }
    return last;
}

/* Takes the input's next block; at its end closes it. */
static enum ff_err advance(struct ff_input *input, struct ff_fault *fault)
{
    struct ff_block block;
    FF_TRY(ff_lines_next(input->lines, &block, fault));
    note_source(input);
    input->left = block.text;
    input->is_long = block.is_long;
    if (block.text.len)
        return FF_OK;
    close_input(input);
    input->is_done = true;
    return FF_OK;
}

enum ff_err ff_inputs_next(struct ff_inputs *inputs, struct ff_input **out,
                           struct ff_fault *fault)
{
    *out = NULL;
    struct ff_input *input = hindmost(inputs);
    while (inputs->opened < inputs->n &&
           (!input || inputs->order[inputs->opened]->first_time <= front(input))) {
        struct ff_input *next = inputs->order[inputs->opened];
        if (!next->lines)
            FF_TRY(open_input(next, fault));
        inputs->opened++;
        input = hindmost(inputs);
    }
    if (!input)
        return FF_OK;
    if (input->left.len == 0)
        FF_TRY(advance(input, fault));
    *out = input;
    return FF_OK;
}

int64_t ff_inputs_settled(const struct ff_inputs *inputs)
{
    int64_t settled = INT64_MAX;
    const struct ff_input *input = hindmost(inputs);
    if (input)
        settled = front(input);
    if (inputs->opened < inputs->n &&
        inputs->order[inputs->opened]->first_time < settled)
        settled = inputs->order[inputs->opened]->first_time;
    return settled;
}

size_t ff_inputs_count(const struct ff_inputs *inputs)
{
    return inputs->n;
}

const struct ff_input *ff_inputs_at(const struct ff_inputs *inputs, size_t i)
{
    assert(i < inputs->n);
    return &inputs->all[i];
}
