#define PCRE2_CODE_UNIT_WIDTH 8
#include "patterns.h"

#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>

#include "literals.h"

/* One match's bounds, far above what any agent takes (a few hundred steps). */
#define MATCH_STEPS     20000
#define MATCH_DEPTH     2000
#define MATCH_KIB       1024
#define JIT_STACK_BYTES (256 * 1024)
#define MAX_GROUPS      32

struct ff_patterns {
    const struct ff_agents_data *data;
    struct ff_literals *literals;
    pcre2_code **codes;  /* NULL: not yet compiled */
    uint64_t *broken;    /* bit a pattern */
    uint64_t *candidate; /* bit a pattern */
    uint16_t *found;     /* scratch: literals of the text */
    pcre2_match_context *context;
    pcre2_match_data *match;
    pcre2_jit_stack *stack;
    struct ff_span text;
    size_t
        n_groups;   /* of the last match; what the match data has after them is stale */
    size_t n_words; /* of a bit set */
    size_t n_broken;
};

static void set_bit(uint64_t *set, size_t i)
{
    set[i / 64] |= (uint64_t)1 << (i % 64);
}

static bool has_bit(const uint64_t *set, size_t i)
{
    return set[i / 64] >> (i % 64) & 1;
}

static enum ff_err take_memory(struct ff_patterns *p, struct ff_fault *fault)
{
    p->n_words = p->data->n_patterns / 64 + 1;
    p->codes = calloc(p->data->n_patterns, sizeof *p->codes);
    p->broken = calloc(p->n_words, sizeof *p->broken);
    p->candidate = calloc(p->n_words, sizeof *p->candidate);
    p->found = malloc(p->data->n_literals * sizeof *p->found);
    p->context = pcre2_match_context_create(NULL);
    p->match = pcre2_match_data_create(MAX_GROUPS, NULL);
    p->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_BYTES, NULL);
    /* The stack is NULL where PCRE2 was built without JIT. */
    if (!p->codes || !p->broken || !p->candidate || !p->found || !p->context ||
        !p->match)
        return ff_fault_nomem(fault);
    pcre2_set_match_limit(p->context, MATCH_STEPS);
    pcre2_set_depth_limit(p->context, MATCH_DEPTH);
    pcre2_set_heap_limit(p->context, MATCH_KIB);
    if (p->stack)
        pcre2_jit_stack_assign(p->context, NULL, p->stack);
    return ff_literals_create(p->data, &p->literals, fault);
}

enum ff_err ff_patterns_create(const struct ff_agents_data *data,
                               struct ff_patterns **out, struct ff_fault *fault)
{
    struct ff_patterns *p = calloc(1, sizeof *p);
    if (!p)
        return ff_fault_nomem(fault);
    p->data = data;
    const enum ff_err err = take_memory(p, fault);
    if (err) {
        ff_patterns_destroy(p);
        return err;
    }
    *out = p;
    return FF_OK;
}

void ff_patterns_destroy(struct ff_patterns *p)
{
    if (!p)
        return;
    for (size_t i = 0; p->codes && i < p->data->n_patterns; i++)
        pcre2_code_free(p->codes[i]);
    free(p->codes);
    free(p->broken);
    free(p->candidate);
    free(p->found);
    pcre2_match_data_free(p->match);
    pcre2_match_context_free(p->context);
    pcre2_jit_stack_free(p->stack);
    ff_literals_destroy(p->literals);
    free(p);
}

void ff_patterns_look(struct ff_patterns *p, struct ff_span text)
{
    const struct ff_agents_data *data = p->data;
    p->text = text;
    memset(p->candidate, 0, p->n_words * sizeof *p->candidate);
    for (size_t i = 0; i < data->n_always; i++)
        set_bit(p->candidate, data->always[i]);
    const size_t n_found = ff_literals_find(p->literals, text, p->found);
    for (size_t i = 0; i < n_found; i++) {
        const struct ff_literal *literal = &data->literals[p->found[i]];
        for (size_t j = 0; j < literal->count; j++)
            set_bit(p->candidate, data->literal_patterns[literal->first + j]);
    }
}

void ff_patterns_look_slowly(struct ff_patterns *p, struct ff_span text)
{
    p->text = text;
    memset(p->candidate, 0xff, p->n_words * sizeof *p->candidate);
}

static enum ff_err compile(struct ff_patterns *p, size_t i, struct ff_fault *fault)
{
    const struct ff_pattern *pattern = &p->data->patterns[i];
    int error;
    size_t offset;
    p->codes[i] =
        pcre2_compile((PCRE2_SPTR)pattern->regex, PCRE2_ZERO_TERMINATED,
                      pattern->caseless ? PCRE2_CASELESS : 0, &error, &offset, NULL);
    if (p->codes[i]) {
        /* Where JIT fails, the interpreter does the same work more slowly. */
        (void)pcre2_jit_compile(p->codes[i], PCRE2_JIT_COMPLETE);
        return FF_OK;
    }
    if (error == PCRE2_ERROR_HEAP_FAILED)
        return ff_fault_nomem(fault);
    set_bit(p->broken, i);
    p->n_broken++;
    return FF_OK;
}

static enum ff_err matches(struct ff_patterns *p, size_t i, bool *out,
                           struct ff_fault *fault)
{
    *out = false;
    if (has_bit(p->broken, i))
        return FF_OK;
    if (!p->codes[i])
        FF_TRY(compile(p, i, fault));
    if (!p->codes[i])
        return FF_OK;
    const int result =
        pcre2_match(p->codes[i], (PCRE2_SPTR)(p->text.len ? p->text.data : ""),
                    p->text.len, 0, 0, p->match, p->context);
    if (result == PCRE2_ERROR_NOMEMORY)
        return ff_fault_nomem(fault);
    *out = result >= 0; /* a limit that was hit is negative too: no match */
    p->n_groups = result > 0 ? (size_t)result : result == 0 ? MAX_GROUPS : 0;
    return FF_OK;
}

enum ff_err ff_patterns_first(struct ff_patterns *p, enum ff_section section,
                              const struct ff_pattern **out, struct ff_fault *fault)
{
    *out = NULL;
    const size_t end = p->data->sections[section].end;
    size_t i = p->data->sections[section].first;
    while (i < end) {
        const uint64_t ahead = p->candidate[i / 64] >> (i % 64);
        if (ahead == 0) {
            i = (i / 64 + 1) * 64;
            continue;
        }
        i += (size_t)__builtin_ctzll(ahead);
        if (i >= end)
            break;
        bool found;
        FF_TRY(matches(p, i, &found, fault));
        if (found) {
            *out = &p->data->patterns[i];
            break;
        }
        i++;
    }
    return FF_OK;
}

static struct ff_span group(const struct ff_patterns *p, size_t number)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(p->match);
    if (number >= p->n_groups || ends[2 * number] == PCRE2_UNSET)
        return (struct ff_span) { "", 0 };
    assert(ends[2 * number + 1] >= ends[2 * number]);
    return (struct ff_span) { p->text.data + ends[2 * number],
                              ends[2 * number + 1] - ends[2 * number] };
}

static struct ff_span trimmed(struct ff_span s)
{
    while (s.len && s.data[0] == ' ')
        s = ff_span_from(s, 1);
    while (s.len && s.data[s.len - 1] == ' ')
        s.len--;
    return s;
}

struct ff_span ff_patterns_fill(const struct ff_patterns *p, const char *form,
                                char *out, size_t size)
{
    size_t n = 0;
    for (const char *at = form; *at; at++) {
        struct ff_span piece = { at, 1 };
        if (at[0] == '$' && at[1] >= '1' && at[1] <= '9')
            piece = group(p, (size_t)(*++at - '0'));
        if (piece.len > size - n)
            return (struct ff_span) { out, 0 };
        if (piece.len)
            memcpy(out + n, piece.data, piece.len);
        n += piece.len;
    }
    return trimmed((struct ff_span) { out, n });
}

size_t ff_patterns_broken(const struct ff_patterns *p)
{
    return p->n_broken;
}
