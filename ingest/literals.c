#include "literals.h"

#include <stdlib.h>

struct ff_literals {
    const struct ff_agents_data *data;
    uint32_t text_number;
    uint32_t seen[]; /* per literal: the last text that held it */
};

enum ff_err ff_literals_create(const struct ff_agents_data *data,
                               struct ff_literals **out, struct ff_fault *fault)
{
    struct ff_literals *l = calloc(1, sizeof *l + data->n_literals * sizeof *l->seen);
    if (!l)
        return ff_fault_nomem(fault);
    l->data = data;
    *out = l;
    return FF_OK;
}

void ff_literals_destroy(struct ff_literals *l)
{
    free(l);
}

static void next_text(struct ff_literals *l)
{
    if (++l->text_number == 0) {
        memset(l->seen, 0, l->data->n_literals * sizeof *l->seen);
        l->text_number = 1;
    }
}

/* The node of the longest end of the text that is in the trie, one byte further. */
static uint16_t go_on(const struct ff_literal_node *nodes, uint16_t node,
                      uint8_t column)
{
    if (column == FF_NO_COLUMN)
        return 0;
    const uint64_t bit = (uint64_t)1 << column;
    while (!(nodes[node].children & bit)) {
        if (node == 0)
            return 0;
        node = nodes[node].suffix;
    }
    const int before = __builtin_popcountll(nodes[node].children & (bit - 1));
    return (uint16_t)(nodes[node].child + before);
}

size_t ff_literals_find(struct ff_literals *l, struct ff_span text, uint16_t *found)
{
    const struct ff_literal_node *nodes = l->data->nodes;
    next_text(l);
    size_t n_found = 0;
    uint16_t node = 0;
    for (size_t i = 0; i < text.len; i++) {
        node = go_on(nodes, node, l->data->columns[(unsigned char)text.data[i]]);
        uint16_t end =
            nodes[node].literal != FF_NO_LITERAL ? node : nodes[node].shorter;
        for (; end; end = nodes[end].shorter) {
            const uint16_t literal = nodes[end].literal;
            if (l->seen[literal] == l->text_number)
                continue;
            l->seen[literal] = l->text_number;
            found[n_found++] = literal;
        }
    }
    return n_found;
}
