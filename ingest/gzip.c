/* gzip (RFC 1952): members one after another, each a header, deflate data and a trailer
 * with CRC and length. The wrapping is read here, byte by byte, so that it means the
 * same whichever library inflates.
 *
 * Where this differs from gzip(1): bytes after a member that are no header are reported
 * as damage (it warns). Zeros after the last member are padding in both.
 *
 * The last word is zlib's: when the fast inflater finds trouble, the member is inflated
 * anew by zlib and the bytes given already are left out. So a damaged file gives the
 * same bytes and the same sentence on every machine, but for one case: Huffman codes
 * that zlib refuses and ISA-L takes, where ISA-L has given some bytes more by then. */
#include "decoder.h"

#include <assert.h>
#include <stdlib.h>

#include "gzip_header.h"
#include "inflate.h"

enum step {
    HEADER, /* also where a member may begin */
    BODY,
    TRAILER,
    PADDING, /* zeros after a member */
    FAILED,
};

struct gzip {
    const struct ff_inflater *inflater;
    void *inflate;
    enum step step;
    bool is_first; /* no member has ended yet */
    bool is_final; /* the inflater in use has the last word */

    uint64_t at; /* bytes of the input taken */
    struct ff_gzip_header header;

    /* Of the member: where its deflate data begins, its plain bytes so far and their
     * CRC, and how many of them are still to be left out as they were given before. */
    uint64_t body_at, n_plain, n_skip;
    uint32_t crc;
    unsigned char trailer[8];
    size_t n_trailer;
};

static void *create(const struct ff_decoder_settings *settings)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);
    if (!gzip)
        return NULL;
    if (settings->inflate == FF_INFLATE_BEST && settings->can_rewind)
        gzip->inflater = ff_inflater_fast();
    gzip->is_final = !gzip->inflater;
    if (gzip->is_final)
        gzip->inflater = &ff_inflater_zlib;
    gzip->is_first = true;
    gzip->inflate = gzip->inflater->create();
    if (!gzip->inflate) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

static void destroy(void *state)
{
    struct gzip *gzip = state;
    if (!gzip)
        return;
    gzip->inflater->destroy(gzip->inflate);
    free(gzip);
}

static void begin_body(struct gzip *gzip)
{
    gzip->step = BODY;
    gzip->inflater->reset(gzip->inflate);
    gzip->body_at = gzip->at;
    gzip->n_plain = 0;
    gzip->crc = 0;
}

static enum ff_flow_state damaged(struct gzip *gzip, struct ff_flow *flow,
                                  const char *what, const char *why)
{
    gzip->step = FAILED;
    flow->at = gzip->at;
    flow->what = what;
    flow->why = why;
    return FF_FLOW_DAMAGED;
}

/* The member is inflated again by zlib, which then says what is wrong, if anything. */
static enum ff_flow_state ask_zlib(struct gzip *gzip, struct ff_flow *flow)
{
    gzip->inflater->destroy(gzip->inflate);
    gzip->inflater = &ff_inflater_zlib;
    gzip->is_final = true;
    gzip->inflate = gzip->inflater->create();
    if (!gzip->inflate)
        return FF_FLOW_NOMEM;
    gzip->n_skip = gzip->n_plain;
    gzip->at = flow->at = gzip->body_at;
    begin_body(gzip);
    return FF_FLOW_REWIND;
}

/* What is no gzip header at all is garbage if it comes after a member. */
static enum ff_flow_state header_damaged(struct gzip *gzip, struct ff_flow *flow,
                                         const char *why)
{
    const bool is_garbage =
        !gzip->is_first && gzip->header.field == FF_GZIP_FIXED && gzip->header.n <= 2;
    if (!is_garbage)
        return damaged(gzip, flow, "corrupt", why);
    gzip->at -= gzip->header.n;
    return damaged(gzip, flow, "trailing garbage", NULL);
}

static enum ff_flow_state run_header(struct gzip *gzip, struct ff_flow *flow)
{
    const bool is_beginning =
        gzip->header.field == FF_GZIP_FIXED && gzip->header.n == 0;
    if (is_beginning && !gzip->is_first && flow->n_in > 0 && *flow->in == 0) {
        gzip->step = PADDING;
        return FF_FLOW_MORE;
    }
    while (flow->n_in > 0) {
        const unsigned char byte = *flow->in++;
        flow->n_in--;
        gzip->at++;
        const char *fault = ff_gzip_header_take(&gzip->header, byte);
        if (fault)
            return header_damaged(gzip, flow, fault);
        if (gzip->header.field == FF_GZIP_WHOLE) {
            begin_body(gzip);
            break;
        }
    }
    return FF_FLOW_MORE;
}

/* Counts `n` new bytes at flow->out, and leaves out those that were given before. */
static void give(struct gzip *gzip, struct ff_flow *flow, size_t n)
{
    gzip->crc = gzip->inflater->crc(gzip->crc, flow->out, n);
    gzip->n_plain += n;
    const size_t n_known = gzip->n_skip < n ? (size_t)gzip->n_skip : n;
    gzip->n_skip -= n_known;
    if (n_known > 0)
        memmove(flow->out, flow->out + n_known, n - n_known);
    flow->out += n - n_known;
    flow->n_out -= n - n_known;
}

static enum ff_flow_state run_body(struct gzip *gzip, struct ff_flow *flow)
{
    struct ff_inflate_io io = {
        .in = flow->in, .n_in = flow->n_in, .out = flow->out, .n_out = flow->n_out
    };
    const enum ff_inflater_state state = gzip->inflater->run(gzip->inflate, &io);
    const bool is_stuck = io.n_in == flow->n_in && io.n_out == flow->n_out;
    const bool is_dry = io.n_in == 0 && io.n_out > 0;
    gzip->at += flow->n_in - io.n_in;
    flow->in = io.in;
    flow->n_in = io.n_in;
    give(gzip, flow, flow->n_out - io.n_out);
    switch (state) {
    case FF_INFLATER_NOMEM:
        return FF_FLOW_NOMEM;
    case FF_INFLATER_END:
        gzip->step = TRAILER;
        gzip->n_trailer = io.n_over;
        memcpy(gzip->trailer, io.over, io.n_over);
        return FF_FLOW_MORE;
    case FF_INFLATER_MORE:
        if (is_dry && flow->is_last)
            return gzip->is_final ? damaged(gzip, flow, "cut off", NULL)
                                  : ask_zlib(gzip, flow);
        if (!is_stuck || flow->n_in == 0 || flow->n_out == 0)
            return FF_FLOW_MORE;
        /* fallthrough - no inflater refuses bytes when it has room */
    default:
        return gzip->is_final ? damaged(gzip, flow, "corrupt", "invalid deflate data")
                              : ask_zlib(gzip, flow);
    }
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static enum ff_flow_state run_trailer(struct gzip *gzip, struct ff_flow *flow)
{
    const size_t missing = sizeof gzip->trailer - gzip->n_trailer;
    const size_t n = flow->n_in < missing ? flow->n_in : missing;
    if (n > 0)
        memcpy(gzip->trailer + gzip->n_trailer, flow->in, n);
    flow->in += n;
    flow->n_in -= n;
    gzip->at += n;
    gzip->n_trailer += n;
    if (gzip->n_trailer < sizeof gzip->trailer)
        return FF_FLOW_MORE;
    const bool is_crc_good = little_endian(gzip->trailer) == gzip->crc;
    const bool is_len_good =
        little_endian(gzip->trailer + 4) == (uint32_t)gzip->n_plain;
    if (!is_crc_good || !is_len_good) {
        if (!gzip->is_final)
            return ask_zlib(gzip, flow);
        return damaged(gzip, flow, "corrupt",
                       is_crc_good ? "its length is wrong" : "its checksum is wrong");
    }
    gzip->is_first = false;
    gzip->n_skip = 0;
    gzip->step = HEADER;
    gzip->header = (struct ff_gzip_header) { 0 };
    return FF_FLOW_MORE;
}

static enum ff_flow_state run_padding(struct gzip *gzip, struct ff_flow *flow)
{
    while (flow->n_in > 0 && *flow->in == 0) {
        flow->in++;
        flow->n_in--;
        gzip->at++;
    }
    return flow->n_in > 0 ? damaged(gzip, flow, "trailing garbage", NULL)
                          : FF_FLOW_MORE;
}

/* The input is over, between members or within one. */
static enum ff_flow_state end(struct gzip *gzip, struct ff_flow *flow)
{
    const bool is_between = gzip->step == HEADER && !gzip->is_first &&
                            gzip->header.field == FF_GZIP_FIXED && gzip->header.n == 0;
    const bool is_whole = is_between || gzip->step == PADDING;
    return is_whole ? FF_FLOW_END : damaged(gzip, flow, "cut off", NULL);
}

static enum ff_flow_state run(void *state, struct ff_flow *flow)
{
    struct gzip *gzip = state;
    assert(gzip->step != FAILED && flow->n_out > 0);
    for (;;) {
        enum ff_flow_state result;
        if (gzip->step == HEADER)
            result = run_header(gzip, flow);
        else if (gzip->step == BODY)
            result = run_body(gzip, flow);
        else if (gzip->step == TRAILER)
            result = run_trailer(gzip, flow);
        else
            result = run_padding(gzip, flow);
        if (result != FF_FLOW_MORE)
            return result;
        if (flow->n_in > 0 && flow->n_out > 0)
            continue;
        /* Without input a body may still have output, if there is room for it. */
        if (gzip->step == BODY && flow->n_out > 0 && flow->is_last)
            continue;
        if (gzip->step == TRAILER && gzip->n_trailer == sizeof gzip->trailer)
            continue;
        return flow->n_in == 0 && flow->is_last && gzip->step != BODY ? end(gzip, flow)
                                                                      : FF_FLOW_MORE;
    }
}

const struct ff_decoder ff_decoder_gzip = {
    .name = "gzip",
    .magics = { { FF_SPAN("\x1f\x8b"), 0, 0 } },
    .create = create,
    .run = run,
    .destroy = destroy,
};
