#include "own_host.h"

#include "address.h"

static void count(struct ff_own_host *own, const char *name, size_t len)
{
    for (size_t i = 0; i < own->n; i++) {
        if (own->candidates[i].len == len &&
            memcmp(own->candidates[i].name, name, len) == 0) {
            own->candidates[i].assets++;
            return;
        }
    }
    if (own->n == FF_OWN_HOST_CANDIDATES)
        return;
    memcpy(own->candidates[own->n].name, name, len);
    own->candidates[own->n].len = len;
    own->candidates[own->n++].assets = 1;
}

enum ff_err ff_own_host_count(struct ff_own_host *own, struct ff_fields *fields,
                              struct ff_parser *parser, struct ff_span text,
                              struct ff_fault *fault)
{
    struct ff_record record;
    while (ff_parser_next(parser, &text, &record)) {
        bool is_asset;
        char host[254];
        if (!record.referrer.len || !record.target.len)
            continue;
        FF_TRY(ff_fields_is_asset(fields, record.target, &is_asset, fault));
        const size_t len = is_asset ? ff_referrer_host(record.referrer, host) : 0;
        /* An address may be a person's; it is no site's name. */
        if (len &&
            ff_address_read((struct ff_span) { host, len }).kind == FF_CLIENT_NAME)
            count(own, host, len);
    }
    return FF_OK;
}

struct ff_span ff_own_host_best(const struct ff_own_host *own)
{
    struct ff_span best = { "", 0 };
    uint64_t most = 0;
    for (size_t i = 0; i < own->n; i++) {
        const struct ff_span name = { own->candidates[i].name, own->candidates[i].len };
        const uint64_t assets = own->candidates[i].assets;
        if (assets > most || (assets == most && ff_span_compare(name, best) < 0)) {
            most = assets;
            best = name;
        }
    }
    return best;
}
