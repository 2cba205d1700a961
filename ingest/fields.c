/* Targets and referrers repeat, so what was made of them is memoized; when a memo is
 * full, results live in the batch's arena instead until the memo is emptied between two
 * batches. */
#include "fields.h"

#include <stddef.h>

#include "footfall/hit.h"
#include "footfall/tables.h"
#include "kind.h"
#include "language.h"

#define MEMO_SLOTS  16384
#define MEMO_BYTES  ((size_t)4 << 20)
#define BATCH_BYTES ((size_t)64 << 20)
#define BATCH_FULL  ((size_t)8 << 20)

/* A target, read. A campaign in it is an origin of its own. What every line asks for
 * comes first: with the memo's key it fits in a cache line. */
struct target {
    struct ff_span key;
    uint32_t number; /* of the key; 0: none */
    uint8_t kind;    /* enum ff_path_kind */
    bool is_robots_txt, is_search, has_campaign, is_excluded;
    struct ff_span term;
    struct ff_origin campaign;
};
static_assert(offsetof(struct target, term) + sizeof(struct ff_memo_key) <= 64,
              "a cache line");
static_assert(FF_WORD_NUMBERS == FF_MEMO_NUMBERS, "a word's number is its memo's");

struct ff_fields {
    struct ff_pages *pages;
    const struct ff_referrers *referrers;
    const struct ff_exclusions *exclusions;
    struct ff_memo *targets; /* of struct target */
    struct ff_memo *origins; /* of struct ff_origin */
    struct ff_arena batch;
};

enum ff_err ff_fields_create(struct ff_fields **out, const struct ff_secret *secret,
                             const struct ff_exclusions *exclusions,
                             struct ff_fault *fault)
{
    *out = NULL;
    struct ff_fields *f = calloc(1, sizeof *f);
    if (!f)
        return ff_fault_nomem(fault);
    f->exclusions = exclusions;
    ff_arena_init(&f->batch, 64 * 1024, BATCH_BYTES);
    enum ff_err err = ff_pages_create(&f->pages, fault);
    if (!err)
        err = ff_memo_create(&f->targets, MEMO_SLOTS, sizeof(struct target), MEMO_BYTES,
                             secret, fault);
    if (!err)
        err = ff_memo_create(&f->origins, MEMO_SLOTS, sizeof(struct ff_origin),
                             MEMO_BYTES, secret, fault);
    if (err) {
        ff_fields_destroy(f);
        return err;
    }
    *out = f;
    return FF_OK;
}

void ff_fields_set_referrers(struct ff_fields *f, const struct ff_referrers *referrers)
{
    assert(!f->referrers);
    f->referrers = referrers;
}

enum ff_err ff_fields_extend(struct ff_fields *f, const struct ff_list *downloads,
                             const struct ff_list *parameters, struct ff_fault *fault)
{
    return ff_pages_extend(f->pages, downloads, parameters, fault);
}

void ff_fields_route(struct ff_fields *f, const struct ff_routes *routes)
{
    ff_pages_route(f->pages, routes);
}

void ff_fields_destroy(struct ff_fields *f)
{
    if (!f)
        return;
    ff_memo_destroy(f->origins);
    ff_memo_destroy(f->targets);
    ff_pages_destroy(f->pages);
    ff_arena_clear(&f->batch);
    free(f);
}

void ff_fields_new_batch(struct ff_fields *f)
{
    ff_arena_reset(&f->batch);
    ff_memo_refresh(f->targets);
    ff_memo_refresh(f->origins);
}

bool ff_fields_batch_is_full(const struct ff_fields *f)
{
    return f->batch.held_bytes > BATCH_FULL;
}

/* Assistants put their own host into utm_source of the links they give (ChatGPT does):
 * that is no campaign of the site's. */
static void campaign_of(const struct ff_fields *f, const struct ff_page *page,
                        struct target *target)
{
    struct ff_origin *origin = &target->campaign;
    target->has_campaign = page->source.len || page->campaign.len;
    if (!target->has_campaign)
        return;
    *origin = (struct ff_origin) { .channel = FF_CAMPAIGN,
                                   .name = page->source,
                                   .medium = page->medium,
                                   .campaign = page->campaign };
    enum ff_channel channel;
    struct ff_span name;
    if (!page->medium.len && !page->campaign.len &&
        ff_referrer_product(f->referrers, page->source, &channel, &name) &&
        channel == FF_AI_ASSISTANT)
        *origin = (struct ff_origin) { .channel = channel, .name = name };
}

/* Memory for what is made of `text`, the memo's or, when that is full, the batch's. */
static struct ff_arena *arena_for(struct ff_fields *f, struct ff_memo *memo,
                                  struct ff_span text, bool *is_memo)
{
    struct ff_arena *arena = text.len <= 512 ? ff_memo_arena(memo) : NULL;
    *is_memo = arena != NULL;
    return arena ? arena : &f->batch;
}

/* Keeps `value` of `size` bytes where the hits of this batch can point to it. `number`
 * is the value's own: what the memo keeps gets one. */
static void *keep(struct ff_fields *f, struct ff_memo *memo, struct ff_memo_key key,
                  const void *value, size_t size, uint32_t *number)
{
    void *kept = memo ? ff_memo_add(memo, key) : NULL;
    *number = kept ? ff_memo_number(memo, kept) : 0;
    if (!kept)
        kept = ff_arena_take(&f->batch, size, 8);
    if (kept)
        memcpy(kept, value, size);
    return kept;
}

/* The slow way: a target that the memo does not know. */
static enum ff_err make_target(struct ff_fields *f, struct ff_span text,
                               struct ff_memo_key key, const struct target **out,
                               struct ff_fault *fault)
{
    bool is_memo;
    struct ff_arena *arena = arena_for(f, f->targets, text, &is_memo);
    struct ff_page page;
    FF_TRY(ff_page_read(f->pages, text, arena, &page, fault));
    const bool is_excluded = ff_is_excluded_path(f->exclusions, page.path) ||
                             ff_is_excluded_path(f->exclusions, page.key);
    struct target target = { .key = page.key,
                             .kind = (uint8_t)page.kind,
                             .is_robots_txt = page.is_robots_txt && !is_excluded,
                             .is_search = page.is_search,
                             .is_excluded = is_excluded,
                             .term = page.term };
    campaign_of(f, &page, &target);
    *out = keep(f, is_memo ? f->targets : NULL, key, &target, sizeof target,
                &target.number);
    return *out ? FF_OK : ff_fault_nomem(fault);
}

/* The slow way: a referrer that the memo does not know. */
static enum ff_err make_origin(struct ff_fields *f, struct ff_span text,
                               struct ff_memo_key key, const struct ff_origin **out,
                               struct ff_fault *fault)
{
    bool is_memo;
    struct ff_arena *arena = arena_for(f, f->origins, text, &is_memo);
    struct ff_origin origin;
    FF_TRY(ff_referrer_read(f->referrers, text, arena, &origin, fault));
    /* Of a host's name only what anybody may have registered is left, but visitors
     * write referrers as they like. */
    if (origin.channel == FF_SITE && ff_pages_find(f->pages, origin.name))
        origin.name = FF_SPAN("(other)");
    if (origin.term.len)
        FF_TRY(ff_page_term(f->pages, origin.term, arena, &origin.term, fault));
    *out = keep(f, is_memo ? f->origins : NULL, key, &origin, sizeof origin,
                &origin.number);
    return *out ? FF_OK : ff_fault_nomem(fault);
}

static enum ff_err read_referrer(struct ff_fields *f, struct ff_span text,
                                 const struct ff_fields_found *found,
                                 const struct ff_origin **out, struct ff_fault *fault)
{
    if (text.len == 0)
        return FF_OK;
    struct ff_memo_key key = found->origin;
    struct ff_memo_record *likely = found->likely_origin;
    if (!found->has_origin) {
        key = ff_memo_look(f->origins, text);
        likely = ff_memo_look_on(f->origins, key);
    }
    *out = ff_memo_find_likely(f->origins, key, likely);
    return *out ? FF_OK : make_origin(f, text, key, out, fault);
}

static bool is_not_found(unsigned status)
{
    return status == 404 || status == 410;
}

/* Whether it is told what was asked for, and where from. */
static bool is_told(unsigned kind)
{
    return kind == FF_PAGE_VIEW || kind == FF_DOWNLOAD;
}

/* What the line is, by what is known of its target. */
static inline void classify(const struct ff_record *record, const struct target *target,
                            struct ff_fields_found *found)
{
    const enum ff_method method = ff_method_of(record->method);
    const enum ff_kind kind =
        ff_kind_of(record, method, (enum ff_path_kind)target->kind);
    found->target = target;
    found->method = (uint8_t)method;
    found->kind = (uint8_t)(target->is_excluded ? FF_LINE_EXCLUDED : kind);
    const unsigned tells = is_told(kind), is_lost = is_not_found(record->status);
    found->is_asking = (tells | is_lost) & (target->is_excluded ? 0 : 1);
}

void ff_fields_look(const struct ff_fields *f, struct ff_text_hash target)
{
    ff_memo_look_for(f->targets, (struct ff_memo_key) { target });
}

void ff_fields_look_on(const struct ff_fields *f, struct ff_text_hash target,
                       struct ff_fields_found *found)
{
    found->likely = ff_memo_look_on(f->targets, (struct ff_memo_key) { target });
}

bool ff_fields_find(const struct ff_fields *f, const struct ff_record *record,
                    struct ff_text_hash hash, struct ff_fields_found *out)
{
    const struct target *target =
        ff_memo_find_likely(f->targets, (struct ff_memo_key) { hash }, out->likely);
    out->target = target;
    out->has_origin = false;
    if (!target)
        return false;
    classify(record, target, out);
    return is_told(out->kind) & (record->referrer.len > 0) & !target->has_campaign;
}

void ff_fields_look_origin(const struct ff_fields *f, const struct ff_record *record,
                           struct ff_fields_found *found)
{
    found->origin = ff_memo_look(f->origins, record->referrer);
    found->has_origin = true;
}

void ff_fields_look_on_origin(const struct ff_fields *f, struct ff_fields_found *found)
{
    found->likely_origin = ff_memo_look_on(f->origins, found->origin);
}

/* A target that was not found: it is new, or its step was left out. */
__attribute__((cold, noinline)) static enum ff_err
find_late(struct ff_fields *f, const struct ff_record *record, struct ff_text_hash hash,
          struct ff_fields_found *found, struct ff_fault *fault)
{
    const struct ff_memo_key key = { hash };
    const struct target *target = ff_memo_find(f->targets, key);
    if (!target)
        FF_TRY(make_target(f, record->target, key, &target, fault));
    classify(record, target, found);
    return FF_OK;
}

enum ff_err ff_fields_tell(struct ff_fields *f, const struct ff_record *record,
                           const struct ff_fields_found *found, struct ff_hit *hit,
                           struct ff_fault *fault)
{
    const struct target *target = found->target;
    hit->key = target->key;
    hit->key_number = target->number;
    if (!is_told(found->kind))
        return FF_OK;
    if (found->kind == FF_PAGE_VIEW && target->is_search) {
        hit->is_search = true;
        hit->term = target->term;
    }
    if (target->has_campaign) {
        hit->origin = &target->campaign;
        return FF_OK;
    }
    return read_referrer(f, record->referrer, found, &hit->origin, fault);
}

/* The rest of a line whose target is known. */
static inline void read_found(const struct ff_fields_found *found, struct ff_hit *hit)
{
    const struct target *target = found->target;
    hit->kind = found->kind;
    hit->method = found->method;
    hit->is_robots_txt = target->is_robots_txt;
}

/* A line that has what not every format has, or was not looked for, or is garbage. */
__attribute__((noinline)) static enum ff_err
read_more(struct ff_fields *f, const struct ff_record *record, struct ff_text_hash hash,
          struct ff_fields_found *found, struct ff_hit *hit, struct ff_fault *fault)
{
    if (ff_record_has_rest(record) && record->language.len)
        hit->language = ff_language_read(record->language);
    if (record->has & FF_HAS_RESPONSE_TIME)
        hit->response_time = (uint8_t)(ff_response_bucket(record->response_us) + 1);
    if (record->method.len == 0) {
        found->is_asking = false;
        hit->method = FF_METHOD_OTHER;
        hit->kind = (uint8_t)ff_kind_of(record, FF_METHOD_OTHER, FF_PATH_OTHER);
        return FF_OK;
    }
    if (!found->target)
        FF_TRY(find_late(f, record, hash, found, fault));
    read_found(found, hit);
    return FF_OK;
}

enum ff_err ff_fields_read(struct ff_fields *f, const struct ff_record *record,
                           struct ff_text_hash hash, struct ff_fields_found *found,
                           struct ff_hit *hit, struct ff_fault *fault)
{
    hit->bytes = record->bytes;
    hit->origin = NULL;
    hit->key = (struct ff_span) { NULL, 0 };
    hit->term = (struct ff_span) { NULL, 0 };
    hit->key_number = 0;
    hit->lines = 1;
    hit->status = record->status;
    hit->language = FF_NO_CODE;
    hit->response_time = 0;
    hit->is_search = hit->is_robots_txt = false;
    const bool is_plain =
        found->target && record->method.len &&
        (!ff_record_has_rest(record) ||
         (record->language.len == 0 && !(record->has & FF_HAS_RESPONSE_TIME)));
    if (!is_plain)
        return read_more(f, record, hash, found, hit, fault);
    read_found(found, hit);
    return FF_OK;
}

enum ff_err ff_fields_is_asset(struct ff_fields *f, struct ff_span text, bool *is_asset,
                               struct ff_fault *fault)
{
    struct ff_page page;
    FF_TRY(ff_page_read(f->pages, text, &f->batch, &page, fault));
    *is_asset = page.kind == FF_PATH_ASSET;
    ff_arena_reset(&f->batch);
    return FF_OK;
}
