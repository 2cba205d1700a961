#include "crowd.h"

/* Members go to buckets by the first bits of their network's token, so many to one, and
 * are sorted there. */
#define BUCKET_MEMBERS 8
#define MOST_BITS      22
#define FEW            24

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

/* Puts all members into their buckets; ends[i] becomes where bucket i ends. */
static void fill_buckets(struct ff_crowd *crowd)
{
    uint32_t *ends = crowd->ends;
    for (size_t p = 0; p < crowd->n_parts; p++)
        for (uint32_t i = 0; i < crowd->parts[p]->n; i++)
            ends[bucket_of(crowd, ff_visitors_at(crowd->parts[p], i)->net)]++;
    uint32_t before = 0;
    for (size_t i = 0; i < (size_t)1 << crowd->bits; i++) {
        const uint32_t here = ends[i];
        ends[i] = before;
        before += here;
    }
    for (size_t p = 0; p < crowd->n_parts; p++)
        for (uint32_t i = 0; i < crowd->parts[p]->n; i++) {
            const struct ff_visitor *v = ff_visitors_at(crowd->parts[p], i);
            crowd->members[ends[bucket_of(crowd, v->net)]++] = (struct ff_member) {
                .net = v->net,
                .visitor = v->visitor,
                .place = (uint32_t)(p << FF_MEMBER_INDEX_BITS) | i,
            };
        }
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
    crowd->ends = calloc((size_t)1 << crowd->bits, sizeof *crowd->ends);
    crowd->members = ff_pages_take(members_bytes(crowd));
    if (!crowd->ends || !crowd->members)
        return ff_fault_nomem(fault);
    fill_buckets(crowd);
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
    free(crowd->ends);
    *crowd = (struct ff_crowd) { 0 };
}

uint32_t ff_crowd_share(const struct ff_crowd *crowd, size_t i, size_t of)
{
    const uint32_t at = (uint32_t)((uint64_t)crowd->n * i / of);
    return at == 0 ? 0 : crowd->ends[bucket_of(crowd, crowd->members[at - 1].net)];
}
