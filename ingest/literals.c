#include "literals.h"

#include <assert.h>
#include <stdlib.h>

#define NONE 0xffff

struct ff_literals {
    const struct ff_agents_data *data;
    uint16_t *next;    /* next[state * n_classes + class]; state 0 is the root */
    uint16_t *literal; /* the literal that ends at a state, or NONE */
    uint16_t *shorter; /* the next shorter state at whose end a literal is; 0: none */
    uint32_t *seen;    /* per literal: the last text that held it */
    uint32_t text_number;
    uint16_t n_classes;
    uint8_t classes[256]; /* column of a byte; 0: in no literal */
};

static unsigned char fold(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

static void make_classes(struct ff_literals *l)
{
    uint16_t n = 1;
    for (size_t i = 0; i < l->data->n_literals; i++) {
        const struct ff_literal *literal = &l->data->literals[i];
        for (size_t j = 0; j < literal->len; j++) {
            uint8_t *class = &l->classes[(unsigned char)literal->text[j]];
            if (*class == 0)
                *class = (uint8_t)n++;
        }
    }
    assert(n <= 256);
    for (int c = 'A'; c <= 'Z'; c++)
        l->classes[c] = l->classes[fold((unsigned char)c)];
    l->n_classes = n;
}

/* All literals one byte further at a time, so that states are numbered in order of
 * depth: shallow states, which are the ones visited most, lie together. `at` has the
 * state of each literal. */
static void make_trie(struct ff_literals *l, uint16_t *at)
{
    const struct ff_agents_data *data = l->data;
    uint16_t n_states = 1;
    size_t n_open = data->n_literals;
    for (size_t depth = 0; n_open; depth++) {
        n_open = 0;
        for (uint16_t i = 0; i < data->n_literals; i++) {
            const struct ff_literal *literal = &data->literals[i];
            if (depth >= literal->len)
                continue;
            n_open++;
            const unsigned char byte = (unsigned char)literal->text[depth];
            uint16_t *child = &l->next[(size_t)at[i] * l->n_classes + l->classes[byte]];
            if (*child == 0)
                *child = n_states++;
            at[i] = *child;
            if (depth + 1 == literal->len)
                l->literal[*child] = i;
        }
    }
    assert(n_states == data->n_states);
}

/* Children that are missing become those of the longest proper suffix in the trie.
 * A state's suffix is shallower, so order of number does. */
static void link_suffixes(struct ff_literals *l, uint16_t *suffix)
{
    const uint16_t n_classes = l->n_classes;
    for (uint16_t state = 0; state < l->data->n_states; state++) {
        uint16_t *row = &l->next[(size_t)state * n_classes];
        const uint16_t *back = &l->next[(size_t)suffix[state] * n_classes];
        const uint16_t end = suffix[state];
        l->shorter[state] = l->literal[end] != NONE ? end : l->shorter[end];
        for (uint16_t class = 1; class < n_classes; class ++) {
            if (row[class] <= state) /* the root, or none: children are deeper */
                row[class] = state ? back[class] : 0;
            else
                suffix[row[class]] = state ? back[class] : 0;
        }
    }
}

enum ff_err ff_literals_create(const struct ff_agents_data *data,
                               struct ff_literals **out, struct ff_fault *fault)
{
    enum ff_err err = FF_ERR_NOMEM;
    uint16_t *scratch = NULL;
    struct ff_literals *l = calloc(1, sizeof *l);
    if (!l)
        goto done;
    l->data = data;
    make_classes(l);
    const size_t n_states = data->n_states, n_literals = data->n_literals;
    l->next = calloc(n_states * l->n_classes, sizeof *l->next);
    l->literal = malloc(n_states * sizeof *l->literal);
    l->shorter = calloc(n_states, sizeof *l->shorter);
    l->seen = calloc(n_literals, sizeof *l->seen);
    scratch = calloc(n_states + n_literals, sizeof *scratch);
    if (!l->next || !l->literal || !l->shorter || !l->seen || !scratch)
        goto done;
    for (size_t i = 0; i < n_states; i++)
        l->literal[i] = NONE;
    make_trie(l, scratch);
    link_suffixes(l, scratch + n_literals);
    *out = l;
    l = NULL;
    err = FF_OK;
done:
    free(scratch);
    ff_literals_destroy(l);
    return err ? ff_fault_nomem(fault) : FF_OK;
}

void ff_literals_destroy(struct ff_literals *l)
{
    if (!l)
        return;
    free(l->next);
    free(l->literal);
    free(l->shorter);
    free(l->seen);
    free(l);
}

static void next_text(struct ff_literals *l)
{
    if (++l->text_number == 0) {
        memset(l->seen, 0, l->data->n_literals * sizeof *l->seen);
        l->text_number = 1;
    }
}

size_t ff_literals_find(struct ff_literals *l, struct ff_span text, uint16_t *found)
{
    next_text(l);
    size_t n_found = 0;
    uint16_t state = 0;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t class = l->classes[(unsigned char)text.data[i]];
        state = l->next[(size_t)state * l->n_classes + class];
        uint16_t end = l->literal[state] != NONE ? state : l->shorter[state];
        for (; end; end = l->shorter[end]) {
            const uint16_t literal = l->literal[end];
            if (l->seen[literal] == l->text_number)
                continue;
            l->seen[literal] = l->text_number;
            found[n_found++] = literal;
        }
    }
    return n_found;
}
