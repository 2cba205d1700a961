/* What zstd, xz and bzip2 have in common: members one after another (frames, streams),
 * each known by its first bytes, perhaps with zeros as padding. A library reads the
 * inside of a member; what stands between them is read here.
 *
 * Where this differs from the formats' own tools: what follows a member and is no
 * member is damage, also where bzip2(1) would only warn; and zeros are taken wherever
 * the tool takes them, with a member after them or not.
 *
 * What is wrong is told where the library noticed, which may be some way after it. How
 * much of a damaged block is given before that may depend on the room for output. */
#ifndef FF_MEMBERS_H
#define FF_MEMBERS_H

#include "decoder.h"

struct ff_codec {
    const struct ff_decoder *decoder; /* for its magics */
    size_t padding;                   /* zeros come in multiples of this; 0: never */
    /* The state is the caller's, for destroy. NULL: memory ran out. */
    void *(*create)(void);
    /* Ready for a new member, its first bytes included. FF_FLOW_MORE or _NOMEM. */
    enum ff_flow_state (*begin)(void *state);
    /* Goes on as far as `in` and `out` let it. FF_FLOW_END: the member has ended.
     * FF_FLOW_DAMAGED: `in` stands where it was noticed; what and why are set. */
    enum ff_flow_state (*run)(void *state, struct ff_flow *flow);
    /* Wipes and frees. NULL is allowed. */
    void (*destroy)(void *state);
};

void *ff_members_create(const struct ff_codec *codec);

/* These are a decoder's run and destroy. */
enum ff_flow_state ff_members_run(void *state, struct ff_flow *flow);
void ff_members_destroy(void *state);

#endif
