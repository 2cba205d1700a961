/* Any bytes as a field: the first byte says which. Whatever the log holds, what comes
 * out is of the form that the headers promise. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "language.h"
#include "referrer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void address(struct ff_span s)
{
    const struct ff_address got = ff_address_read(s);
    uint8_t want[16] = { 0 };
    char text[64];
    if (s.len < sizeof text) {
        memcpy(text, s.data, s.len);
        text[s.len] = '\0';
        if (strlen(text) == s.len && inet_pton(AF_INET, text, want) == 1)
            require(got.kind == FF_CLIENT_V4 && memcmp(got.bytes, want, 4) == 0);
        if (strlen(text) == s.len && inet_pton(AF_INET6, text, want) == 1)
            require((got.kind == FF_CLIENT_V6 && memcmp(got.bytes, want, 16) == 0) ||
                    (got.kind == FF_CLIENT_V4 && memcmp(got.bytes, want + 12, 4) == 0));
    }
    require((got.kind == FF_CLIENT_NONE) ==
            (ff_span_equal(s, FF_SPAN("-")) || ff_span_equal(s, FF_SPAN("unix:"))));
    require(got.kind != FF_CLIENT_NAME || s.len <= 254);
    static const uint8_t zeros[16];
    if (got.kind != FF_CLIENT_V4 && got.kind != FF_CLIENT_V6)
        require(memcmp(got.bytes, zeros, 16) == 0 && !ff_address_is_special(&got));
    if (got.kind == FF_CLIENT_V4)
        require(memcmp(got.bytes + 4, zeros, 12) == 0);
}

static void language(struct ff_span s)
{
    const uint16_t code = ff_language_read(s);
    const int a = code >> 8, b = code & 255;
    require(code == FF_NO_CODE || (a >= 'a' && a <= 'z' && b >= 'a' && b <= 'z'));
}

/* A word in parentheses, or a domain that the referrer has in it. */
static bool is_site_name(struct ff_span name)
{
    /* clang-format off */
    static const struct ff_span words[] = {
        { "(ip)", 4 }, { "(private)", 9 }, { "(app)", 5 }, { "(invalid)", 9 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ff_span_equal(name, words[i]))
            return true;
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
    }
    return name.len <= 253 && ff_span_find(name, '.') < name.len;
}

static void referrer(const struct ff_referrers *referrers, struct ff_span s)
{
    struct ff_arena arena;
    struct ff_origin origin;
    struct ff_fault fault;
    ff_arena_init(&arena, 4096, 1 << 16);
    require(ff_referrer_read(referrers, s, &arena, &origin, &fault) == FF_OK);
    require(origin.medium.len == 0 && origin.campaign.len == 0);
    require(origin.term.len == 0 ||
            (origin.channel == FF_SEARCH_ENGINE && origin.term.len <= 1024));
    const bool is_direct = s.len == 0 || ff_span_equal(s, FF_SPAN("-"));
    require(is_direct == (origin.channel == FF_DIRECT));
    require(origin.channel != FF_CAMPAIGN);
    if (origin.channel == FF_DIRECT || origin.channel == FF_INTERNAL)
        require(origin.name.len == 0);
    else
        require(origin.name.len > 0);
    if (origin.channel == FF_SITE)
        require(is_site_name(origin.name));

    char host[254];
    const size_t len = ff_referrer_host(s, host);
    require(len <= 253 && (len == 0 || strlen(host) == len));
    enum ff_channel channel;
    struct ff_span name;
    if (ff_referrer_product(referrers, s, &channel, &name))
        require(name.len > 0 && channel >= FF_AI_ASSISTANT && channel <= FF_EMAIL);
    ff_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ff_referrers *referrers;
    static const struct ff_span own = { "example.org", 11 };
    struct ff_fault fault;
    if (!referrers)
        require(ff_referrers_create(&referrers, &own, 1, &fault) == FF_OK);
    if (size == 0)
        return 0;
    const struct ff_span rest = { (const char *)data + 1, size - 1 };
    switch (data[0] % 4) {
    case 0:
        address(rest);
        break;
    case 1:
        language(rest);
        break;
    default:
        referrer(referrers, rest);
    }
    return 0;
}
