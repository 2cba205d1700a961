/* Release once more, in the plainest way: every contribution to a table is kept with
 * who made it, and all counts are sets of visitors, networks and visits, filled anew
 * each time. Written from DESIGN 7, not from fold.c; slow, and easy to believe. */
#ifndef FOOTFALL_PLAIN_RELEASE_H
#define FOOTFALL_PLAIN_RELEASE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "footfall/rollup.h"

#define PLAIN_NOBODY  (-1)
#define PLAIN_MEMBERS 1024 /* most visitors, networks and visits of a world */
#define PLAIN_KEY     256

/* One contribution: `m` are the additive measures, without visitors (and without visits
 * for pages). Key parts are joined with \1, which sorts as their parts do. */
struct plain_mark {
    enum ff_table table;
    char key[PLAIN_KEY];
    char section[PLAIN_KEY]; /* what it folds into; empty: other at once */
    bool may_stand;
    int visitor, network, visit; /* visitor is PLAIN_NOBODY: of nobody */
    uint64_t m[FF_MEASURES];
    char where[PLAIN_KEY + 2]; /* "R" row, "S" section, "O" other; and the key */
};

struct plain_marks {
    struct plain_mark *items;
    size_t n, cap;
};

static inline struct plain_mark *plain_add(struct plain_marks *marks,
                                           const struct plain_mark *mark)
{
    if (marks->n == marks->cap) {
        marks->cap = marks->cap ? marks->cap * 2 : 1024;
        marks->items = realloc(marks->items, marks->cap * sizeof *marks->items);
        if (!marks->items)
            abort();
    }
    marks->items[marks->n] = *mark;
    return &marks->items[marks->n++];
}

/* Who and how much is at a place. */
struct plain_cell {
    uint64_t visitors, networks, visits, m[FF_MEASURES];
};

static inline struct plain_cell plain_count(const struct plain_marks *marks,
                                            const char *where)
{
    static bool visitors[PLAIN_MEMBERS], networks[PLAIN_MEMBERS], visits[PLAIN_MEMBERS];
    memset(visitors, 0, sizeof visitors);
    memset(networks, 0, sizeof networks);
    memset(visits, 0, sizeof visits);
    struct plain_cell cell = { 0 };
    for (size_t i = 0; i < marks->n; i++) {
        const struct plain_mark *mark = &marks->items[i];
        if (strcmp(mark->where, where) != 0)
            continue;
        for (int k = 0; k < FF_MEASURES; k++)
            cell.m[k] += mark->m[k];
        if (mark->visitor == PLAIN_NOBODY)
            continue;
        assert(mark->visitor < PLAIN_MEMBERS && mark->network < PLAIN_MEMBERS &&
               mark->visit < PLAIN_MEMBERS);
        visitors[mark->visitor] = true;
        networks[mark->network] = true;
        visits[mark->visit] = true;
    }
    for (size_t i = 0; i < PLAIN_MEMBERS; i++) {
        cell.visitors += visitors[i];
        cell.networks += networks[i];
        cell.visits += visits[i];
    }
    return cell;
}

/* The different places of a kind ('R' or 'S') there are; the caller frees the list. */
static inline size_t plain_places(const struct plain_marks *marks, char kind,
                                  char (**places)[PLAIN_KEY + 2])
{
    size_t n = 0;
    *places = calloc(marks->n + 1, sizeof **places);
    if (!*places)
        abort();
    for (size_t i = 0; i < marks->n; i++) {
        bool is_new = marks->items[i].where[0] == kind;
        for (size_t j = 0; is_new && j < n; j++)
            is_new = strcmp((*places)[j], marks->items[i].where) != 0;
        if (is_new)
            memcpy((*places)[n++], marks->items[i].where, PLAIN_KEY + 2);
    }
    return n;
}

static inline void plain_move(struct plain_marks *marks, const char *from,
                              const char *to)
{
    for (size_t i = 0; i < marks->n; i++)
        if (strcmp(marks->items[i].where, from) == 0)
            snprintf(marks->items[i].where, sizeof marks->items[i].where, "%s", to);
}

struct plain_limits {
    uint64_t k, kn;
};

static inline bool plain_stands(const struct plain_cell *cell,
                                const struct plain_limits *least)
{
    return cell->visitors >= least->k && cell->networks >= least->kn;
}

static inline void plain_fold(struct plain_marks *marks,
                              const struct plain_limits *least)
{
    for (size_t i = 0; i < marks->n; i++)
        snprintf(marks->items[i].where, sizeof marks->items[i].where, "R%s",
                 marks->items[i].key);
    char(*places)[PLAIN_KEY + 2];
    size_t n = plain_places(marks, 'R', &places);
    for (size_t i = 0; i < n; i++) {
        const struct plain_cell cell = plain_count(marks, places[i]);
        for (size_t j = 0; j < marks->n; j++) {
            struct plain_mark *mark = &marks->items[j];
            if (strcmp(mark->where, places[i]) != 0 ||
                (mark->may_stand && plain_stands(&cell, least)))
                continue;
            snprintf(mark->where, sizeof mark->where, "%s%s",
                     mark->section[0] ? "S" : "O", mark->section);
        }
    }
    free(places);
    n = plain_places(marks, 'S', &places);
    for (size_t i = 0; i < n; i++) {
        const struct plain_cell cell = plain_count(marks, places[i]);
        if (!plain_stands(&cell, least))
            plain_move(marks, places[i], "O");
    }
    free(places);
}

/* The row with the fewest visitors, the first by key of equals; NULL when there is
 * none. The caller frees it. */
static inline char *plain_smallest(const struct plain_marks *marks)
{
    char *best = NULL;
    uint64_t fewest = UINT64_MAX;
    for (const char *kind = "RS"; *kind; kind++) {
        char(*places)[PLAIN_KEY + 2];
        const size_t n = plain_places(marks, *kind, &places);
        for (size_t i = 0; i < n; i++) {
            const uint64_t visitors = plain_count(marks, places[i]).visitors;
            if (visitors > fewest ||
                (visitors == fewest && strcmp(places[i] + 1, best + 1) > 0))
                continue;
            fewest = visitors;
            free(best);
            best = strdup(places[i]);
        }
        free(places);
    }
    return best;
}

/* Fixes each mark's place; the marks are all of one table. False: the table cannot
 * stand. */
static inline bool plain_release(struct plain_marks *marks,
                                 const struct plain_limits *least)
{
    plain_fold(marks, least);
    for (unsigned step = 1;; step *= 2) {
        bool is_empty = true;
        for (size_t i = 0; i < marks->n; i++)
            is_empty = is_empty && marks->items[i].where[0] != 'O';
        const struct plain_cell other = plain_count(marks, "O");
        if (is_empty || plain_stands(&other, least))
            return true;
        for (unsigned i = 0; i < step; i++) {
            char *row = plain_smallest(marks);
            if (!row && i == 0)
                return false;
            if (row)
                plain_move(marks, row, "O");
            free(row);
        }
    }
}

#endif
