/* A line is: step, value, step, value, ... step. The context before a step and the
 * step's text say all about what the step does, so both must be the same for it to be
 * done again. A step that is not remembered is read by the grammar, without recursion.
 * This file may give up anywhere but must never read a line in another way than
 * json_scan.c does. */
#include "json_walk.h"

#include <assert.h>

#include "json_tokens.h"

enum { BEGINNING = 1 }; /* the context that a line begins in */

/* At a value or behind one; invariant: `mark` is the first mark not before `at`. */
struct walk {
    const char *at, *end, *base;
    const uint16_t *mark, *last;
};

static inline const char *mark_at(const struct walk *w, size_t i)
{
    return w->base + w->mark[i];
}

/* Reading a step by the grammar. */
struct reading {
    struct walk w; /* a copy, which goes ahead */
    const struct ff_json_paths *paths;
    struct ff_json_context context;
    struct ff_json_step *step;
};

enum place { BEFORE_KEY, BEFORE_VALUE, BEHIND_VALUE, STOPPED, FAILED };

static void skip_space(struct walk *w)
{
    for (; w->at < w->end; w->at++) {
        if (*w->at == '\t' || *w->at == '\r' || *w->at == '\n')
            w->mark++;
        else if (*w->at != ' ')
            break;
    }
}

/* A key and its colon. Keys with escapes are not for here. */
static enum place read_key(struct reading *r, unsigned *node)
{
    struct walk *w = &r->w;
    const unsigned parent = r->context.open[r->context.depth - 1];
    if (*w->at != '"' || w->last - w->mark < 2 || *mark_at(w, 1) != '"')
        return FAILED;
    const char *close = mark_at(w, 1);
    const struct ff_span key = { w->at + 1, (size_t)(close - w->at - 1) };
    *node = ff_json_paths_step(r->paths, parent, key);
    /* The key may have been there before: the last one wins. */
    const uint64_t under = r->paths->nodes[*node].under;
    r->step->gone |= under;
    r->step->set &= ~under;
    r->step->objects &= ~under;
    w->mark += 2;
    w->at = close + 1;
    skip_space(w);
    if (w->at == w->end || *w->at++ != ':')
        return FAILED;
    return BEFORE_VALUE;
}

static void set_path(struct reading *r, unsigned node, bool is_object)
{
    const unsigned path = r->paths->nodes[node].path;
    const uint64_t bit = path ? (uint64_t)1 << (path - 1) : 0;
    r->step->set |= bit;
    r->step->objects = is_object ? r->step->objects | bit : r->step->objects & ~bit;
    r->step->value = (uint8_t)(path ? path - 1 : FF_JSON_UNWANTED);
}

/* Goes into the object or array at the cursor. */
static enum place enter(struct reading *r, unsigned node)
{
    struct walk *w = &r->w;
    struct ff_json_context *context = &r->context;
    const bool is_object = *w->at == '{';
    if (context->depth == FF_JSON_DEPTH_MAX)
        return FAILED;
    if (is_object)
        set_path(r, node, true);
    w->at++;
    skip_space(w);
    if (w->at < w->end && *w->at == (is_object ? '}' : ']')) {
        w->at++;
        return BEHIND_VALUE;
    }
    context->open[context->depth++] = (uint16_t)(is_object ? node : FF_JSON_ARRAY);
    return is_object ? BEFORE_KEY : BEFORE_VALUE;
}

/* At a value: the step ends where it is one without parts. */
static enum place reach_value(struct reading *r, unsigned node)
{
    const char c = *r->w.at;
    if (c == '{' || c == '[')
        return enter(r, node);
    if (r->context.depth == 0)
        return FAILED;
    set_path(r, node, false);
    r->step->stop = c == '"' ? FF_JSON_STRING : FF_JSON_SCALAR;
    if (c == '"') {
        r->w.at++;
        r->w.mark++;
    }
    return STOPPED;
}

static enum place leave_value(struct reading *r)
{
    struct ff_json_context *context = &r->context;
    if (context->depth == 0)
        return FAILED;
    const bool is_array = context->open[context->depth - 1] == FF_JSON_ARRAY;
    const char c = *r->w.at++;
    if (c == ',')
        return is_array ? BEFORE_VALUE : BEFORE_KEY;
    if (c != (is_array ? ']' : '}'))
        return FAILED;
    context->depth--;
    return BEHIND_VALUE;
}

/* From the cursor up to the next value or the line's end. */
static bool read_step(struct reading *r)
{
    enum place place = BEHIND_VALUE;
    unsigned node = FF_JSON_NOWHERE;
    if (r->context.depth == 0) {
        skip_space(&r->w);
        if (r->w.at == r->w.end || *r->w.at != '{')
            return false;
        place = BEFORE_VALUE;
        node = FF_JSON_ROOT;
    }
    while (place < STOPPED) {
        skip_space(&r->w);
        if (r->w.at == r->w.end) {
            r->step->stop = FF_JSON_END;
            return place == BEHIND_VALUE && r->context.depth == 0;
        }
        if (place == BEFORE_KEY) {
            place = read_key(r, &node);
        } else if (place == BEFORE_VALUE) {
            place = reach_value(r, node);
        } else {
            place = leave_value(r);
            node = FF_JSON_NOWHERE; /* only an array's first element is at its path */
        }
    }
    return place == STOPPED;
}

/* The number of a context, which is remembered; 0 when there is no room. */
static unsigned number_of(struct ff_json_walk *walk,
                          const struct ff_json_context *context)
{
    unsigned i = BEGINNING;
    for (; i <= walk->n_contexts; i++) {
        const struct ff_json_context *known = &walk->contexts[i - 1];
        if (known->depth == context->depth &&
            memcmp(known->open, context->open,
                   context->depth * sizeof *context->open) == 0)
            return i;
    }
    if (walk->n_contexts == FF_JSON_CONTEXTS)
        return 0;
    walk->contexts[walk->n_contexts++] = *context;
    return i;
}

/* Reads the step at the cursor into `step`; false: give up. */
static bool make_step(struct ff_json_walk *walk, const struct ff_json_paths *paths,
                      struct walk w, unsigned from, struct ff_json_step *step)
{
    struct reading r = { .w = w, .paths = paths, .step = step };
    r.context = walk->contexts[from - BEGINNING];
    *step = (struct ff_json_step) { .next = step->next };
    if (!read_step(&r) || r.w.at - w.at > FF_JSON_STEP_BYTES)
        return false;
    step->len = (uint8_t)(r.w.at - w.at);
    memcpy(step->text, w.at, step->len);
    step->n_marks = (uint8_t)(r.w.mark - w.mark);
    const unsigned to = number_of(walk, &r.context);
    if (!to) {
        /* A log that goes on and on changing its shape: begin again. */
        memset(walk, 0, sizeof *walk);
        return false;
    }
    step->to = (uint8_t)to;
    step->from = (uint8_t)from;
    return true;
}

static inline bool starts_scalar(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || (c >= 'a' && c <= 'z');
}

/* Whether `step` is what stands at the cursor. */
static inline bool is_step(const struct ff_json_step *step, const struct walk *w,
                           unsigned from)
{
    const size_t left = (size_t)(w->end - w->at), len = step->len;
    if (step->from != from || len > left || !ff_json_same_bytes(step->text, w->at, len))
        return false;
    return step->stop == FF_JSON_STRING ||
           (step->stop == FF_JSON_END ? len == left
                                      : len < left && starts_scalar(w->at[len]));
}

/* Steps are told apart by their first key, and whether a string is its value. */
static size_t place_of(const struct walk *w, unsigned from)
{
    struct ff_span key = { w->at, 0 };
    const size_t n = (size_t)(w->last - w->mark);
    bool is_string = false;
    if (n >= 2) {
        const char *open = mark_at(w, 0), *close = mark_at(w, 1);
        key = (struct ff_span) { open + 1, (size_t)(close - open - 1) };
        is_string = n > 2 && mark_at(w, 2) - close <= 3;
    }
    return ff_json_key_hash(from << 1 | is_string, key);
}

/* The step at the cursor, which is not the expected one; NULL: give up. Looks for it in
 * a few places; a new one takes a free one of them, else one after the other. */
static struct ff_json_step *find_step(struct ff_json_walk *walk,
                                      const struct ff_json_paths *paths, struct walk w,
                                      unsigned from)
{
    enum { PLACES = 4 };
    const size_t first = place_of(&w, from);
    size_t place = first + walk->turn++ % PLACES;
    for (size_t i = first; i < first + PLACES; i++) {
        struct ff_json_step *step = &walk->steps[i % FF_JSON_STEPS];
        if (is_step(step, &w, from))
            return step;
        if (!step->from)
            place = i;
    }
    struct ff_json_step *step = &walk->steps[place % FF_JSON_STEPS];
    return make_step(walk, paths, w, from, step) ? step : NULL;
}

/* The end of a string whose first mark `at` is no quote, and in *next the mark behind
 * it; NULL when it has none. */
static const char *escaped_end(struct walk w, const char *at, const uint16_t **next)
{
    while (*at == '\\') {
        const size_t len = ff_json_escape_len(at, w.end);
        if (len == 0)
            return NULL;
        /* What is escaped is no end. */
        while (w.mark < w.last && mark_at(&w, 0) < at + len)
            w.mark++;
        if (w.mark == w.last)
            return NULL;
        at = mark_at(&w, 0);
        w.mark++;
    }
    *next = w.mark;
    return *at == '"' ? at : NULL;
}

/* Behind the opening quote. */
static inline bool read_string(struct walk *w, struct ff_json_value *out)
{
    if (w->mark == w->last)
        return false;
    const char *start = w->at, *close = mark_at(w, 0);
    const uint16_t *next = ++w->mark;
    out->has_escapes = *close != '"';
    if (out->has_escapes) {
        close = escaped_end(*w, close, &next);
        if (!close)
            return false;
        w->mark = next;
    }
    out->text = (struct ff_span) { start, (size_t)(close - start) };
    w->at = close + 1;
    return true;
}

/* Most are numbers without a fraction. */
static inline bool read_scalar(struct walk *w, struct ff_json_value *out)
{
    const char *start = w->at, *at = start;
    out->has_escapes = false;
    while (at < w->end && *at >= '0' && *at <= '9')
        at++;
    if (at > start && *start != '0' && at < w->end && (*at == ',' || *at == '}')) {
        out->text = (struct ff_span) { start, (size_t)(at - start) };
        w->at = at;
        return true;
    }
    at = start;
    if (at == w->end || !ff_json_scalar(&at, w->end, &out->text))
        return false;
    w->at = at;
    return true;
}

/* A step, and where it began in the line. */
struct done {
    const struct ff_json_step *step;
    const char *at;
};

/* Takes the shape of a line by its `n` steps; or leaves none. */
__attribute__((cold)) static void take_shape(struct ff_json_shape *shape,
                                             const struct done *done, size_t n,
                                             const struct ff_json_found *found)
{
    const struct ff_json_step *before = NULL;
    shape->n_gaps = shape->n_marks = 0;
    shape->present = found->present;
    shape->objects = found->objects;
    for (size_t i = 0; i < n; i++) {
        const bool is_string = before && before->stop == FF_JSON_STRING;
        const struct ff_span text = { done[i].at - is_string,
                                      done[i].step->len + is_string };
        const uint8_t value = before ? before->value : FF_JSON_UNWANTED;
        if (!ff_json_shape_add(shape, text, value, is_string)) {
            shape->n_gaps = 0;
            return;
        }
        before = done[i].step;
    }
}

/* Counts lines that are alike, this one too or not. */
static void note_alike(struct ff_json_walk *walk, bool is_alike,
                       const struct done *done, size_t n,
                       const struct ff_json_found *found)
{
    walk->alike = is_alike ? walk->alike + 1 : 0;
    if (walk->alike < FF_JSON_ALIKE)
        return;
    walk->alike = 0;
    if (n <= FF_JSON_GAPS)
        take_shape(&walk->shape, done, n, found);
}

/* A line of another shape. */
__attribute__((noinline)) static bool walk_on(struct ff_json_walk *walk,
                                              const struct ff_json_paths *paths,
                                              const struct ff_marked_line *line,
                                              struct ff_json_found *found)
{
    uint64_t present = 0, objects = 0;
    unsigned context = BEGINNING;
    uint8_t *expected = &walk->first;
    struct done done[FF_JSON_GAPS];
    size_t n = 0;
    bool is_alike = true;
    if (!line->marks)
        return false;
    struct walk w = { .at = line->text.data,
                      .end = line->text.data + line->text.len,
                      .base = line->base,
                      .mark = line->marks,
                      .last = line->marks + line->n_marks };
    if (walk->n_contexts == 0)
        walk->n_contexts = 1; /* the beginning: nothing is open */
    for (;;) {
        struct ff_json_step *step = &walk->steps[*expected];
        if (!is_step(step, &w, context)) {
            step = find_step(walk, paths, w, context);
            if (!step)
                return false;
            *expected = (uint8_t)(step - walk->steps);
            is_alike = false;
        }
        if (n < FF_JSON_GAPS)
            done[n] = (struct done) { step, w.at };
        n++;
        w.at += step->len;
        w.mark += step->n_marks;
        present = (present & ~step->gone) | step->set;
        objects = (objects & ~step->set) | step->objects;
        if (step->stop == FF_JSON_END)
            break;
        struct ff_json_value *value = &found->values[step->value];
        if (!(step->stop == FF_JSON_STRING ? read_string(&w, value)
                                           : read_scalar(&w, value)))
            return false;
        context = step->to;
        expected = &step->next;
    }
    found->present = present;
    found->objects = objects;
    note_alike(walk, is_alike, done, n, found);
    return true;
}

bool ff_json_walk(struct ff_json_walk *walk, const struct ff_json_paths *paths,
                  const struct ff_marked_line *line, struct ff_json_found *found)
{
    return ff_json_shape_read(&walk->shape, line, found) ||
           walk_on(walk, paths, line, found);
}
