#include "members.h"

#include <assert.h>
#include <stdlib.h>

/* A member is one if it begins with as much of a magic as this: what goes wrong later
 * is a member that is corrupt, not garbage. */
enum { BEGIN_BYTES = 3 };

enum step { BETWEEN, INSIDE, FAILED };

struct members {
    const struct ff_codec *codec;
    void *state;
    enum step step;
    bool is_first; /* no member has ended yet */
    uint64_t at;   /* bytes of the input that the codec has taken, and padding */
    uint64_t n_zeros;

    /* A member's first bytes: looked at between members, then given to the codec. */
    unsigned char begin[BEGIN_BYTES];
    size_t n_begin, begin_at;
};

void *ff_members_create(const struct ff_codec *codec)
{
    struct members *members = calloc(1, sizeof *members);
    if (!members)
        return NULL;
    members->codec = codec;
    members->is_first = true;
    members->state = codec->create();
    if (!members->state) {
        free(members);
        return NULL;
    }
    return members;
}

void ff_members_destroy(void *state)
{
    struct members *members = state;
    if (!members)
        return;
    members->codec->destroy(members->state);
    free(members);
}

static enum ff_flow_state damaged(struct members *members, struct ff_flow *flow,
                                  const char *what, const char *why)
{
    members->step = FAILED;
    flow->at = members->at;
    flow->what = what;
    flow->why = why;
    return FF_FLOW_DAMAGED;
}

static bool may_begin(const struct members *members)
{
    const struct ff_span begin = { (const char *)members->begin, members->n_begin };
    const struct ff_decoder *decoder = members->codec->decoder;
    for (size_t i = 0; i < FF_DECODER_MAGICS; i++)
        if (ff_magic_match(&decoder->magics[i], begin) != FF_MAGIC_NO)
            return true;
    return false;
}

static bool is_padding_whole(const struct members *members)
{
    return members->n_zeros == 0 || members->n_zeros % members->codec->padding == 0;
}

static const char bad_padding[] = "padding of the wrong length";

static bool skip_zeros(struct members *members, struct ff_flow *flow)
{
    while (flow->n_in > 0 && *flow->in == 0) {
        flow->in++;
        flow->n_in--;
        members->at++;
        members->n_zeros++;
    }
    return flow->n_in == 0 || is_padding_whole(members);
}

static enum ff_flow_state run_between(struct members *members, struct ff_flow *flow)
{
    const bool takes_zeros = members->codec->padding > 0 && !members->is_first;
    if (takes_zeros && members->n_begin == 0 && !skip_zeros(members, flow))
        return damaged(members, flow, "corrupt", bad_padding);
    while (flow->n_in > 0 && members->n_begin < BEGIN_BYTES) {
        members->begin[members->n_begin++] = *flow->in++;
        flow->n_in--;
        if (!may_begin(members))
            return damaged(members, flow,
                           members->is_first ? "corrupt" : "trailing garbage", NULL);
    }
    if (members->n_begin < BEGIN_BYTES)
        return FF_FLOW_MORE;
    members->step = INSIDE;
    members->begin_at = 0;
    return members->codec->begin(members->state);
}

/* The codec's turn, with the first bytes as long as there are any, then with `flow`. */
static enum ff_flow_state run_codec(struct members *members, struct ff_flow *flow)
{
    const bool is_begin = members->begin_at < members->n_begin;
    struct ff_flow turn = *flow;
    if (is_begin) {
        turn.in = members->begin + members->begin_at;
        turn.n_in = members->n_begin - members->begin_at;
        turn.is_last = false;
    }
    const size_t n_given = turn.n_in;
    const enum ff_flow_state result = members->codec->run(members->state, &turn);
    const size_t n_taken = n_given - turn.n_in;
    members->at += n_taken;
    flow->out = turn.out;
    flow->n_out = turn.n_out;
    if (is_begin) {
        members->begin_at += n_taken;
    } else {
        flow->in = turn.in;
        flow->n_in = turn.n_in;
    }
    return result == FF_FLOW_DAMAGED ? damaged(members, flow, turn.what, turn.why)
                                     : result;
}

static enum ff_flow_state run_inside(struct members *members, struct ff_flow *flow)
{
    const size_t n_out = flow->n_out;
    const uint64_t at = members->at;
    const enum ff_flow_state result = run_codec(members, flow);
    if (result == FF_FLOW_END) {
        assert(members->begin_at == members->n_begin);
        members->step = BETWEEN;
        members->is_first = false;
        members->n_begin = 0;
        members->n_zeros = 0;
        return FF_FLOW_MORE;
    }
    if (result != FF_FLOW_MORE || members->at != at || flow->n_out != n_out)
        return result;
    if (flow->n_in > 0) /* no library refuses bytes when it has room */
        return damaged(members, flow, "corrupt", NULL);
    return flow->is_last ? damaged(members, flow, "cut off", NULL) : FF_FLOW_MORE;
}

/* The input is over, between members or in a member's first bytes. */
static enum ff_flow_state end(struct members *members, struct ff_flow *flow)
{
    if (!is_padding_whole(members))
        return damaged(members, flow, "corrupt", bad_padding);
    if (members->n_begin == 0 && !members->is_first)
        return FF_FLOW_END;
    members->at += members->n_begin;
    return damaged(members, flow, "cut off", NULL);
}

enum ff_flow_state ff_members_run(void *state, struct ff_flow *flow)
{
    struct members *members = state;
    assert(members->step != FAILED && flow->n_out > 0);
    for (;;) {
        const size_t n_out = flow->n_out;
        const uint64_t at = members->at;
        const enum step step = members->step;
        const enum ff_flow_state result =
            step == BETWEEN ? run_between(members, flow) : run_inside(members, flow);
        if (result != FF_FLOW_MORE || flow->n_out == 0)
            return result;
        if (members->step == BETWEEN && flow->n_in == 0)
            return flow->is_last ? end(members, flow) : FF_FLOW_MORE;
        const bool is_stuck =
            members->step == step && members->at == at && flow->n_out == n_out;
        if (step == INSIDE && is_stuck)
            return FF_FLOW_MORE;
    }
}
