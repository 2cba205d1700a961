#include "overlap.h"

#include <sodium.h>
#include <stdlib.h>

#include "lines.h"

#define LEAST_LINES   64
#define LEAST_SECONDS 2
/* Lines may be so much out of order and still be looked at. */
#define DISORDER_SECONDS 60
/* Places that look right and are not: each is followed by readers of its own. */
#define MOST_TRIES 64
/* So much behind the first line is compared at once, without such readers. */
#define NEXT_BYTES 16384

/* The lines of an input, one by one. */
struct reader {
    struct ff_lines *lines;
    struct ff_parser parser;
    struct ff_span left; /* of the block */
    const char *end;     /* of the block */
    uint64_t line;       /* number of the line given last */
    bool is_long;
};

static enum ff_err open_reader(struct reader *r, const struct ff_overlap_input *input,
                               struct ff_fault *fault)
{
    struct ff_source *source;
    *r = (struct reader) { .lines = NULL };
    FF_TRY(ff_source_open_again(&source, input->path, &input->file, fault));
    FF_TRY(ff_lines_open(&r->lines, source, fault));
    return ff_parser_open_guess(&r->parser, input->guess, input->spec, fault);
}

static void close_reader(struct reader *r)
{
    ff_lines_close(r->lines);
    ff_parser_close(&r->parser);
    *r = (struct reader) { .lines = NULL };
}

/* line->data is NULL at the end. The line is borrowed until the next call. */
static enum ff_err next_line(struct reader *r, struct ff_span *line,
                             struct ff_fault *fault)
{
    *line = (struct ff_span) { NULL, 0 };
    if (r->left.len == 0) {
        struct ff_block block;
        FF_TRY(ff_lines_next(r->lines, &block, fault));
        r->left = block.text;
        r->end = block.text.data + block.text.len;
        r->is_long = block.is_long;
    }
    if (ff_line_cut(&r->left, line))
        r->line++;
    return FF_OK;
}

static bool read_time(struct reader *r, struct ff_span line, int64_t *time)
{
    struct ff_record record;
    if (r->is_long || ff_parser_read(&r->parser, line, &record) != FF_REJECT_NONE)
        return false;
    *time = record.time;
    return true;
}

/* Whether the line given last has no end of its own: it is the input's last one. */
static bool is_unended(const struct reader *r, struct ff_span line)
{
    const char *end = line.data + line.len;
    return r->left.len == 0 && !r->is_long &&
           !memchr(end, '\n', (size_t)(r->end - end));
}

/* Whether `line`, the one given last, is the other one cut off: a file ends so that was
 * copied while it grew. */
static bool is_cut(const struct reader *r, struct ff_span line, struct ff_span other)
{
    return is_unended(r, line) && ff_span_starts(other, line);
}

/* How an input begins. Where its first readable line is repeated (health checks, a
 * flood) only the line behind the repetitions tells a place. */
struct anchor {
    char *first, *rest; /* that line; the one behind and some more whole lines */
    size_t first_len, rest_len;
    uint64_t line, repeated; /* its number; how many times it is there */
    int64_t until;           /* no line this late is before that place in another */
};

static void clear_anchor(struct anchor *anchor)
{
    if (anchor->first)
        sodium_memzero(anchor->first, anchor->first_len); /* it holds addresses */
    if (anchor->rest)
        sodium_memzero(anchor->rest, anchor->rest_len);
    free(anchor->first);
    free(anchor->rest);
}

/* The whole lines at the beginning of `text`, so many bytes at most. */
static struct ff_span whole_lines(struct ff_span text, size_t most)
{
    if (text.len > most)
        text.len = most;
    while (text.len && text.data[text.len - 1] != '\n')
        text.len--;
    return text;
}

static enum ff_err copy(char **to, size_t *len, struct ff_span line,
                        struct ff_span behind, struct ff_fault *fault)
{
    *to = malloc(line.len + 1 + behind.len);
    if (!*to)
        return ff_fault_nomem(fault);
    memcpy(*to, line.data, line.len);
    (*to)[line.len] = '\n';
    memcpy(*to + line.len + 1, behind.data, behind.len);
    *len = line.len + 1 + behind.len;
    return FF_OK;
}

static struct ff_span first_of(const struct anchor *anchor)
{
    return (struct ff_span) { anchor->first, anchor->first_len - 1 };
}

/* Whether `line`, given last, and what is at hand behind it are as behind the anchor.
 */
static bool goes_on(const struct reader *r, struct ff_span line,
                    const struct anchor *anchor)
{
    struct ff_span here = r->left, wanted = { anchor->rest, anchor->rest_len }, other;
    while (ff_line_cut(&wanted, &other)) {
        if (!ff_span_equal(line, other))
            return false;
        if (!ff_line_cut(&here, &line))
            break;
    }
    return true;
}

/* Reads on behind the first readable line, `time`. */
static enum ff_err look_behind(struct reader *r, struct anchor *anchor, int64_t time,
                               struct ff_fault *fault)
{
    const struct ff_span nothing = { "", 0 };
    struct ff_span line;
    anchor->until = time;
    for (unsigned n = 1; n < LEAST_LINES;) {
        FF_TRY(next_line(r, &line, fault));
        if (!line.data)
            break;
        if (!anchor->rest && ff_span_equal(line, first_of(anchor))) {
            anchor->repeated++;
            continue;
        }
        if (!anchor->rest)
            FF_TRY(copy(&anchor->rest, &anchor->rest_len, line,
                        r->is_long ? nothing : whole_lines(r->left, NEXT_BYTES),
                        fault));
        if (!read_time(r, line, &time))
            continue;
        n++;
        if (time > anchor->until)
            anchor->until = time;
    }
    anchor->until += DISORDER_SECONDS;
    return FF_OK;
}

static enum ff_err find_anchor(const struct ff_overlap_input *input,
                               struct anchor *anchor, struct ff_fault *fault)
{
    struct reader r;
    struct ff_span line;
    int64_t time;
    *anchor = (struct anchor) { .repeated = 1 };
    enum ff_err err = open_reader(&r, input, fault);
    while (!err) {
        err = next_line(&r, &line, fault);
        if (err || !line.data || read_time(&r, line, &time))
            break;
    }
    if (!err && line.data) {
        anchor->line = r.line;
        err = copy(&anchor->first, &anchor->first_len, line, (struct ff_span) { "", 0 },
                   fault);
        if (!err)
            err = look_behind(&r, anchor, time, fault);
    }
    close_reader(&r);
    return err;
}

/* Lines that are in both, from these numbers on. A last line that is cut off is a line
 * of its own file only. */
struct shared {
    struct ff_overlap earlier, later;
};

/* What following two inputs side by side came to. */
struct match {
    uint64_t lines;
    int64_t seconds;
    bool has_time;
    bool reached_end; /* of one of them; else they differ */
    bool is_earlier_cut, is_later_cut;
};

/* Compares line for line until one ends or they differ. */
static enum ff_err follow(struct reader *a, struct reader *b, struct match *match,
                          struct ff_fault *fault)
{
    int64_t first = 0, time = 0;
    *match = (struct match) { .lines = 0 };
    for (;;) {
        struct ff_span x, y;
        FF_TRY(next_line(a, &x, fault));
        FF_TRY(next_line(b, &y, fault));
        if (!x.data || !y.data) {
            match->reached_end = true;
            break;
        }
        if (!ff_span_equal(x, y)) {
            match->is_earlier_cut = is_cut(a, x, y);
            match->is_later_cut = is_cut(b, y, x);
            match->reached_end = match->is_earlier_cut || match->is_later_cut;
            break;
        }
        match->lines++;
        if (!read_time(b, y, &time))
            continue;
        if (!match->has_time)
            first = time;
        match->has_time = true;
        match->seconds = time - first;
    }
    return FF_OK;
}

/* Comments on the way may say what the lines hold. */
static enum ff_err skip_to(struct reader *r, uint64_t line, struct ff_fault *fault)
{
    struct ff_span text = { "", 0 };
    int64_t time;
    while (r->line + 1 < line && text.data) {
        FF_TRY(next_line(r, &text, fault));
        if (text.len && text.data[0] == '#')
            (void)read_time(r, text, &time);
    }
    return FF_OK;
}

/* Follows `earlier` from line `a` and `later` from line `b`. */
static enum ff_err verify(const struct ff_overlap_input *earlier, uint64_t a,
                          const struct ff_overlap_input *later, uint64_t b,
                          struct match *match, struct ff_fault *fault)
{
    struct reader x, y = { .lines = NULL };
    enum ff_err err = open_reader(&x, earlier, fault);
    if (!err)
        err = open_reader(&y, later, fault);
    if (!err)
        err = skip_to(&x, a, fault);
    if (!err)
        err = skip_to(&y, b, fault);
    if (!err)
        err = follow(&x, &y, match, fault);
    close_reader(&x);
    close_reader(&y);
    return err;
}

static bool is_shared(const struct match *match, bool is_from_first_line)
{
    if (!match->reached_end || !match->has_time)
        return false;
    return is_from_first_line ||
           (match->lines >= LEAST_LINES && match->seconds >= LEAST_SECONDS);
}

/* Tries a place: line `a` of `earlier` is line `b` of `later`. */
static enum ff_err try_place(const struct ff_overlap_input *earlier, uint64_t a,
                             const struct ff_overlap_input *later, uint64_t b,
                             struct shared *out, struct ff_fault *fault)
{
    struct match match;
    FF_TRY(verify(earlier, a, later, b, &match, fault));
    if (is_shared(&match, a == 1 && b == 1)) {
        out->earlier = (struct ff_overlap) { a, match.lines + match.is_earlier_cut };
        out->later = (struct ff_overlap) { b, match.lines + match.is_later_cut };
    }
    return FF_OK;
}

/* Where in `earlier`, which `r` reads, does `later` begin? */
static enum ff_err search(const struct ff_overlap_input *earlier, struct reader *r,
                          const struct ff_overlap_input *later,
                          const struct anchor *anchor, struct shared *out,
                          struct ff_fault *fault)
{
    uint64_t repeated = 0;
    for (unsigned tries = 0; tries < MOST_TRIES && out->later.n == 0;) {
        struct ff_span line;
        int64_t time;
        FF_TRY(next_line(r, &line, fault));
        if (!line.data)
            break;
        if (ff_span_equal(line, first_of(anchor))) {
            repeated++;
            continue;
        }
        const bool may_be_it = repeated >= anchor->repeated && goes_on(r, line, anchor);
        repeated = 0;
        if (may_be_it) {
            tries++;
            FF_TRY(try_place(earlier, r->line - anchor->repeated, later, anchor->line,
                             out, fault));
        } else if (read_time(r, line, &time) && time > anchor->until) {
            break;
        }
    }
    return FF_OK;
}

/* First whether one begins with the other, then whether it is a part or an end. */
static enum ff_err find(const struct ff_overlap_input *earlier,
                        const struct ff_overlap_input *later, struct shared *out,
                        struct ff_fault *fault)
{
    struct anchor anchor;
    struct reader r;
    *out = (struct shared) { .later = { 0, 0 } };
    FF_TRY(try_place(earlier, 1, later, 1, out, fault));
    if (out->later.n)
        return FF_OK;
    enum ff_err err = find_anchor(later, &anchor, fault);
    if (!err && anchor.rest) {
        err = open_reader(&r, earlier, fault);
        if (!err)
            err = search(earlier, &r, later, &anchor, out, fault);
        close_reader(&r);
    }
    clear_anchor(&anchor);
    return err;
}

enum ff_err ff_overlap_find(const struct ff_overlap_input *earlier,
                            const struct ff_overlap_input *later,
                            struct ff_overlap *out, struct ff_fault *fault)
{
    struct shared shared;
    FF_TRY(find(earlier, later, &shared, fault));
    *out = shared.later;
    return FF_OK;
}

enum ff_err ff_overlap_find_inside(const struct ff_overlap_input *outer,
                                   const struct ff_overlap_input *inner,
                                   struct ff_overlap *out, struct ff_fault *fault)
{
    struct shared shared;
    FF_TRY(find(outer, inner, &shared, fault));
    *out = shared.earlier;
    return FF_OK;
}
