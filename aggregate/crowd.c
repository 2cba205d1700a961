#include "crowd.h"

#include <pthread.h>

#include "footfall/apart.h"

/* Members go to buckets by the first bits of their network's token, so many to one, and
 * are sorted there. */
#define BUCKET_MEMBERS 8
#define MOST_BITS      22
#define FEW            24

/* So many threads put the members of some parts each into their buckets, if there are
 * enough for it to be worth a thread. */
#define FILLERS       4
#define WORTH_THREADS 16384

static enum ff_err join_words(struct ff_crowd *crowd, struct ff_fault *fault)
{
    struct ff_visitors *const *parts = crowd->parts;
    crowd->words = &parts[0]->words;
    crowd->translations = calloc(crowd->n_parts, sizeof *crowd->translations);
    if (!crowd->translations)
        return ff_fault_nomem(fault);
    for (size_t i = 1; i < crowd->n_parts; i++) {
        if (!ff_dictionary_join(crowd->words, &parts[i]->words,
                                &crowd->translations[i]))
            return ff_fault_nomem(fault);
        parts[i]->is_capped |= ff_dictionary_is_capped(&parts[i]->words);
        ff_dictionary_clear(&parts[i]->words);
    }
    return FF_OK;
}

static enum ff_err join_sums(struct ff_crowd *crowd, struct ff_fault *fault)
{
    struct ff_sums *into = &crowd->parts[0]->sums;
    for (size_t p = 1; p < crowd->n_parts; p++) {
        const struct ff_sums *sums = &crowd->parts[p]->sums;
        for (uint32_t i = 0; i < sums->n_nobody; i++) {
            struct ff_nobody_count count = sums->nobody[i];
            count.key = crowd->translations[p].keys[count.key];
            FF_TRY(ff_sums_add_nobody(into, &count, fault));
        }
        for (uint32_t i = 0; i < sums->n_robots; i++)
            FF_TRY(ff_sums_add_robot(into, &sums->robots[i], fault));
        into->nobody_bytes += sums->nobody_bytes;
        into->malformed += sums->malformed;
        into->excluded += sums->excluded;
        into->blank += sums->blank;
    }
    return FF_OK;
}

static bool is_before(const struct ff_member *a, const struct ff_member *b)
{
    return a->net != b->net ? a->net < b->net : a->visitor < b->visitor;
}

static void sift_down(struct ff_member *heap, uint32_t at, uint32_t n)
{
    const struct ff_member member = heap[at];
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_before(&heap[child], &heap[child + 1]))
            child++;
        if (!is_before(&member, &heap[child]))
            break;
        heap[at] = heap[child];
    }
    heap[at] = member;
}

/* In place (qsort would leave tokens in memory of its own): by a heap where one network
 * has many, else by insertion. */
static void sort_bucket(struct ff_member *members, uint32_t n)
{
    if (n > FEW) {
        for (uint32_t i = n / 2; i-- > 0;)
            sift_down(members, i, n);
        for (uint32_t i = n; i-- > 1;) {
            const struct ff_member last = members[i];
            members[i] = members[0];
            members[0] = last;
            sift_down(members, 0, i);
        }
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        const struct ff_member member = members[i];
        uint32_t j = i;
        for (; j > 0 && is_before(&member, &members[j - 1]); j--)
            members[j] = members[j - 1];
        members[j] = member;
    }
}

static uint32_t bucket_of(const struct ff_crowd *crowd, uint64_t net)
{
    return (uint32_t)(net >> 1 >> (63 - crowd->bits));
}

/* ---- filling the buckets ---- */

struct filler {
    _Alignas(FF_APART) const struct ff_crowd *crowd;
    size_t from_part, to_part;
    /* How many members its parts have in each bucket; then where the next one goes. */
    uint32_t *places;
    pthread_t thread;
    bool has_thread;
};

static void *count_members(void *context)
{
    const struct filler *f = context;
    for (size_t p = f->from_part; p < f->to_part; p++) {
        const struct ff_visitors *part = f->crowd->parts[p];
        for (uint32_t i = 0; i < part->n; i++)
            f->places[bucket_of(f->crowd, ff_visitors_at(part, i)->net)]++;
    }
    /* Tokens were on it. */
    ff_wipe_stack();
    return NULL;
}

static void *put_members(void *context)
{
    const struct filler *f = context;
    for (size_t p = f->from_part; p < f->to_part; p++) {
        const struct ff_visitors *part = f->crowd->parts[p];
        for (uint32_t i = 0; i < part->n; i++) {
            const struct ff_visitor *v = ff_visitors_at(part, i);
            f->crowd->members[f->places[bucket_of(f->crowd, v->net)]++] =
                ff_member_make(v, p);
        }
    }
    /* Tokens were on it. */
    ff_wipe_stack();
    return NULL;
}

/* Each in a thread of its own, the first in this one; and those too that got none. */
static void fill_all(struct filler *fillers, size_t n, void *(*fill)(void *))
{
    for (size_t i = 1; i < n; i++)
        fillers[i].has_thread =
            pthread_create(&fillers[i].thread, NULL, fill, &fillers[i]) == 0;
    fill(&fillers[0]);
    for (size_t i = 1; i < n; i++)
        if (fillers[i].has_thread)
            pthread_join(fillers[i].thread, NULL);
        else
            fill(&fillers[i]);
}

/* Puts all members into their buckets: in each, those of a filler after those of the
 * one before. The places of the last one become the buckets' ends. */
static void fill_buckets(struct ff_crowd *crowd, size_t n_fillers)
{
    struct filler fillers[FILLERS];
    const size_t n_buckets = (size_t)1 << crowd->bits;
    for (size_t i = 0; i < n_fillers; i++)
        fillers[i] = (struct filler) {
            .crowd = crowd,
            .from_part = crowd->n_parts * i / n_fillers,
            .to_part = crowd->n_parts * (i + 1) / n_fillers,
            .places = crowd->places + i * n_buckets,
        };
    fill_all(fillers, n_fillers, count_members);
    uint32_t before = 0;
    for (size_t bucket = 0; bucket < n_buckets; bucket++)
        for (size_t i = 0; i < n_fillers; i++) {
            const uint32_t here = fillers[i].places[bucket];
            fillers[i].places[bucket] = before;
            before += here;
        }
    fill_all(fillers, n_fillers, put_members);
    crowd->ends = fillers[n_fillers - 1].places;
}

static size_t members_bytes(const struct ff_crowd *crowd)
{
    return ((size_t)crowd->n + 1) * sizeof *crowd->members;
}

static enum ff_err put_in_buckets(struct ff_crowd *crowd, struct ff_fault *fault)
{
    for (size_t p = 0; p < crowd->n_parts; p++)
        crowd->n += crowd->parts[p]->n;
    while (crowd->bits < MOST_BITS && crowd->n >> crowd->bits > BUCKET_MEMBERS)
        crowd->bits++;
    size_t n_fillers = 1;
    if (crowd->n >= WORTH_THREADS && crowd->n_parts > 1)
        n_fillers = crowd->n_parts < FILLERS ? crowd->n_parts : FILLERS;
    crowd->places = calloc(n_fillers << crowd->bits, sizeof *crowd->places);
    crowd->members = ff_pages_take(members_bytes(crowd));
    if (!crowd->places || !crowd->members)
        return ff_fault_nomem(fault);
    fill_buckets(crowd, n_fillers);
    return FF_OK;
}

void ff_crowd_group(const struct ff_crowd *crowd, uint32_t from, uint32_t to)
{
    for (uint32_t at = from, end; at < to; at = end) {
        end = crowd->ends[bucket_of(crowd, crowd->members[at].net)];
        sort_bucket(crowd->members + at, end - at);
    }
}

enum ff_err ff_crowd_join(struct ff_crowd *crowd, struct ff_visitors *const *parts,
                          size_t n_parts, struct ff_fault *fault)
{
    assert(n_parts >= 1 && n_parts <= FF_AGGREGATE_PARTS);
    *crowd = (struct ff_crowd) { .parts = parts, .n_parts = n_parts };
    FF_TRY(join_words(crowd, fault));
    FF_TRY(join_sums(crowd, fault));
    return put_in_buckets(crowd, fault);
}

void ff_crowd_clear(struct ff_crowd *crowd)
{
    for (size_t i = 0; crowd->translations && i < crowd->n_parts; i++)
        ff_translation_clear(&crowd->translations[i]);
    free(crowd->translations);
    /* Networks' tokens are in it. */
    if (crowd->members)
        ff_wipe(crowd->members, crowd->n * sizeof *crowd->members);
    ff_pages_free(crowd->members, members_bytes(crowd));
    free(crowd->places);
    *crowd = (struct ff_crowd) { 0 };
}

uint32_t ff_crowd_share(const struct ff_crowd *crowd, size_t i, size_t of)
{
    const uint32_t at = (uint32_t)((uint64_t)crowd->n * i / of);
    return at == 0 ? 0 : crowd->ends[bucket_of(crowd, crowd->members[at - 1].net)];
}
