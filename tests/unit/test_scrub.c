/* Scrubbing rules one by one, and the byte-class scan against the patterns. The source
 * is included so that the scan can be asked alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "../../ingest/scrub.c"

struct fixture {
    struct ff_scrub *scrub;
    struct ff_arena arena;
    struct ff_fault fault;
};

static int set_up(void **state)
{
    static struct fixture fixture; /* cmocka hands it to each test */
    ff_arena_init(&fixture.arena, 4096, 1 << 20);
    *state = &fixture;
    return ff_scrub_create(&fixture.scrub, &fixture.fault) == FF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    ff_arena_clear(&f->arena);
    ff_scrub_destroy(f->scrub);
    return 0;
}

static void expect(struct fixture *f, const char *before, const char *in,
                   const char *out)
{
    struct ff_span got;
    ff_arena_reset(&f->arena);
    assert_int_equal(ff_scrub_segment(f->scrub, ff_span_of(before), ff_span_of(in),
                                      &f->arena, &got, &f->fault),
                     FF_OK);
    if (!ff_span_equal(got, ff_span_of(out)))
        fail_msg("\"%s\" gave \"%.*s\", not \"%s\"", in, (int)got.len, got.data, out);
    if (strcmp(in, out) == 0)
        assert_ptr_equal(got.data, in);
}

struct scrub_case {
    const char *in, *out;
};

/* clang-format off */
static const struct scrub_case found[] = {
    { "john.doe@example.com", "{email}" }, { "JOHN@EXAMPLE.CO.UK", "{email}" },
    { "john%40example.com", "{email}" }, { "to:jane(at)example.org", "to:{email}" },
    { "jane[AT]example.org;x", "{email};x" }, { "J\xC3\xB6rg@b\xC3\xBC" "cher.de", "{email}" },
    { "eyJhbGciOiJI.eyJzdWIiOiIx.dozjgNryP4J3", "{token}" },
    { "t=eyJhbGciOiJI.eyJzdWIiOiIx", "t={token}" },
    { "AKIAIOSFODNN7EXAMPLE", "{token}" }, { "key=ASIAIOSFODNN7EXAMPLE.", "key={token}." },
    { "xoxb-abcdefghijkl", "{token}" }, { "sk_live_abcdefghijklmnop", "{token}" },
    { "ghp_abcdefghijklmnopqrstuvwxyzabcdefghij", "{token}" },
    { "github_pat_abcdefghijklmnopqrstuv", "{token}" },
    { "AIzaabcdefghijklmnopqrstuvwxyz-_abcdefg", "{token}" },
    { "ya29.abcdefghijklmnopqrst", "{token}" },
    { "123e4567-e89b-12d3-a456-426614174000", "{uuid}" },
    { "X123E4567E89B12D3A456426614174000.HTML", "X{uuid}.HTML" },
    { "deadbeef-dead-beef-dead-beefdeadbeef", "{uuid}" },
    { "00:1a:2b:3c:4d:5e", "{mac}" }, { "dev-AA-BB-CC-DD-EE-FF", "dev-AA-BB-CC-DD-EE-FF" },
    { "dev.AA-BB-CC-DD-EE-FF.cfg", "dev.{mac}.cfg" },
    { "0123456789abcdef", "{hex}" }, { "9999999999999999", "{num}" }, { "sha-DEADBEEF01DEADBEEF.zip", "sha-{hex}.zip" },
    { "DE89370400440532013000", "{iban}" }, { "gb82-west-1234-5698-7654-32", "{iban}" },
    { "GB82 WEST 1234 5698 7654 32 paid", "{iban} paid" },
    { "4111111111111111", "{card}" }, { "pan-4111-1111-1111-1111.txt", "pan-{card}.txt" },
    { "15-4111111111111111", "15-{card}" },
    { "192.168.0.1", "{ip}" }, { "host-8.8.8.8-log", "host-{ip}-log" },
    { "2001:db8::1", "{ip}" }, { "2001:DB8:0:0:0:0:0:1", "{ip}" }, { "::ffff:8.8.8.8", "::ffff:{ip}" },
    { "[fe80::1]", "[{ip}]" },
    { "+491701234567", "{phone}" }, { "tel:0049 170 123 45 67", "tel:{phone}" },
    { "+1 (555) 123-4567", "{phone}" },
    { "555-123-4567", "{phone}" }, { "call-1.800.555.1234-now", "call-{phone}-now" },
    { "(555)123-4567", "{phone}" }, { "06 12 34 56 78", "{phone}" },
    { "fax-0151-1234567.html", "fax-{phone}.html" }, { "030/123 45 67", "{phone}" },
    { "07911 123456", "{phone}" }, { "(030) 1234-567", "({phone}" },
    { "078-05-1120", "{id}" }, { "ssn.078-05-1120.x", "ssn.{id}.x" },
    { "AB123456C", "{id}" }, { "nino-ab 12 34 56 c", "nino-{id}" },
    { "ab-12-34-56-c", "{id}" }, { "123 45 6789", "{id}" },
    { "a\xef\xbc\xa0mail.example", "{email}" },
    { "\xef\xbc\x90\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93\xef\xbc\x94\xef\xbc\x95"
      "\xef\xbc\x96", "{num}" },
    { "\xd9\xa0\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6", "{num}" },
    { "\xdb\xb0\xdb\xb1\xdb\xb2\xdb\xb3\xdb\xb4\xdb\xb5\xdb\xb6", "{num}" },
    { "38.8895,-77.0352", "{geo}" }, { "@38.8895,-77.0352", "{id}" },
    { "loc=48.85837%2C2.294481", "loc={geo}" },
    { "1234567", "{num}" }, { "report-20241315-v2", "report-{num}-v2" },
    { "19850412", "{num}" }, { "20500101", "{num}" }, { "20260230", "{num}" },
    { "20260302101530", "{num}" }, { "120260302", "{num}" },
    { "~alice", "{id}" }, { "@alice", "{id}" },
    { "dGhpc0lzQVRva2Vu1", "{token}" }, { "k3j9x7q2w8z5v1m4.pdf", "{token}.pdf" },
    { "aB3dEfGh-JklMn_pQ9", "{token}" }, { "x.ABCD1EFGH2IJKL3MNOP", "x.{token}" },
    { "reset-aB3dEfGhJk9", "{token}" }, { "session-YTkYTnGaf5Qx", "{token}" },
    { "Token-12AB34CD-word", "{token}" },
};

static const struct scrub_case left[] = {
    { "a@b", "" }, { "price@home", "" }, { "me(at)home", "" }, { "50%25off", "" },
    { "eyJ.abcdef.ghijkl", "" }, { "keyJournal.pages", "" },
    { "AKIASHORT", "" }, { "sk_live_short", "" }, { "xoxo-xoxo-xoxo-xoxo", "" },
    { "0123-4567-89ab", "" }, { "123e-4567-e89b", "" },
    { "00:1a:2b:3c:4d", "" }, { "aa-bb-cc-dd-ee", "" },
    { "12345abcdefabcd", "" }, { "deadbeefdeadbeefg", "" }, { "decade-facade", "" },
    { "NO9386011117948", "NO{num}" }, { "in-2024-report", "" },
    { "111111-111111", "" }, { "411111-11", "" },
    { "1.2.3", "" }, { "1.2.3.4.5", "" }, { "v999.1.1.1", "" },
    { "std::vector", "" }, { "12:30:45", "" }, { "a:b", "" },
    { "+12345", "" }, { "c++17", "" }, { "07-05-1120", "" }, { "078-05-112", "" },
    { "AB12345C", "" }, { "ZZ123456Z", "" }, { "38.88,-77.03", "" }, { "1.5,2.5", "" },
    { "01-02-2026", "" }, { "01.02.2026-2", "" }, { "2026-03-02-1015", "" },
    { "010-intro-2024-05-01", "" }, { "12-555-123-4567", "" }, { "0.12.345.6789", "" },
    { "03-2026-03-02", "" }, { "978-3-16-148410-0", "" }, { "01-02-03-04", "" },
    { "123456", "" }, { "2024", "" }, { "how-to-write-c17", "" },
    { "Annual-Report-2024", "" }, { "List_of_Prime_Ministers_2024", "" },
    { "brochure_2024_final", "" }, { "c17-und-c23-im-vergleich", "" },
    { "20260302", "" }, { "tool-2.20101014.3063.tar.gz", "" }, { "20000229", "" },
    { "20491231-20000101", "" },
    { "Acme-KPC650-modem-in-FreeBSD.html", "" }, { "Phone-iPro-256GB-ST389E", "" },
    { "JavaScript-and-ES2024-Modules", "" }, { "xn--80ahbyhddgb3aa", "" },
    { "extraordinarily-long-word", "" }, { "install.html", "" }, { "v2.1", "" }, { "(invalid)", "" },
};
/* clang-format on */

static void rules_find(void **state)
{
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        expect(*state, "", found[i].in, found[i].out);
}

static void rules_leave(void **state)
{
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        expect(*state, "", left[i].in, *left[i].out ? left[i].out : left[i].in);
}

static void segments_after_persons(void **state)
{
    static const char *const always[] = { "u",        "user",    "users",  "member",
                                          "profiles", "account", "People", "CUSTOMER" };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        expect(*state, always[i], "alice", "{id}");
    static const char *const if_reference[] = { "order", "invoices", "ticket", "cart",
                                                "reset", "verify",   "Share" };
    for (size_t i = 0; i < sizeof if_reference / sizeof *if_reference; i++) {
        expect(*state, if_reference[i], "checkout", "checkout");
        expect(*state, if_reference[i], "A17", "{id}");
        expect(*state, if_reference[i], "abcdefghijklmno", "abcdefghijklmno");
        expect(*state, if_reference[i], "abcdefghijklmnop", "{id}");
    }
    static const char *const nobody[] = { "login",    "login.php", "Sign-In",
                                          "settings", "me",        "REGISTER.aspx" };
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        expect(*state, "user", nobody[i], nobody[i]);
        expect(*state, "accounts", nobody[i], nobody[i]);
    }
    expect(*state, "user", "loginanna", "{id}");
    expect(*state, "user", "anna.login", "{id}");
    expect(*state, "", "~login", "{id}");
    expect(*state, "author", "alice", "alice");
    expect(*state, "userx", "alice", "alice");
}

static void long_segments(void **state)
{
    char text[MAX_SEGMENT + 2];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    expect(*state, "", text, "{long}");
    /* A start for an address at each byte: found out or given up, never hung. */
    memset(text, '(', MAX_SEGMENT);
    memset(text, 'a', MAX_SEGMENT / 2);
    text[MAX_SEGMENT] = '\0';
    struct fixture *f = *state;
    struct ff_span got;
    assert_int_equal(ff_scrub_segment(f->scrub, FF_SPAN(""), ff_span_of(text),
                                      &f->arena, &got, &f->fault),
                     FF_OK);
}

static void no_memory(void **state)
{
    struct fixture *f = *state;
    struct ff_arena none;
    struct ff_span got;
    ff_arena_init(&none, 16, 0);
    assert_int_equal(ff_scrub_segment(f->scrub, FF_SPAN(""), FF_SPAN("a-1234567"),
                                      &none, &got, &f->fault),
                     FF_ERR_NOMEM);
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static size_t make_text(uint64_t *seed, char text[static 160])
{
    static const char alphabet[] = "0123456789012345678901234567890123456789"
                                   "abcdefABCDEFeyJxyAKz_-.:@%( [~/,;+";
    size_t n = 0;
    if (next_random(seed) % 4) { /* what a rule finds, with something changed */
        const char *const base =
            found[next_random(seed) % (sizeof found / sizeof *found)].in;
        n = strlen(base);
        memcpy(text, base, n);
    }
    const size_t more = next_random(seed) % 24;
    for (size_t i = 0; i < more; i++)
        text[n++] = alphabet[next_random(seed) % (sizeof alphabet - 1)];
    for (size_t i = next_random(seed) % 3; i > 0 && n > 0; i--)
        text[next_random(seed) % n] =
            alphabet[next_random(seed) % (sizeof alphabet - 1)];
    const size_t cut = n > 0 ? next_random(seed) % n : 0;
    if (next_random(seed) % 2) {
        memmove(text, text + cut, n - cut);
        n -= cut;
    }
    return n;
}

static void scan_skips_nothing_a_rule_would_find(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 17;
    size_t n_found[N_RULES + 1] = { 0 };
    for (int round = 0; round < 200000; round++) {
        char text[160];
        const struct ff_span s = { text, make_text(&seed, text) };
        const struct shape shape = shape_of(s);
        for (size_t i = 0; i <= N_RULES; i++) {
            struct ff_span match;
            if (find_any(f->scrub, i, s, 0, &match) == CLEAN)
                continue;
            n_found[i]++;
            if (!is_suspicious(&shape) || !is_worth_a_look(i, &shape))
                fail_msg("rule %zu would find in \"%.*s\"", i, (int)s.len, s.data);
        }
    }
    for (size_t i = 0; i <= N_RULES; i++)
        assert_in_range(n_found[i], 100, SIZE_MAX);
}

static void finds_in_texts(void **state)
{
    struct fixture *f = *state;
    assert_true(ff_scrub_finds(f->scrub, FF_SPAN("call 0049 170 1234567 now")));
    assert_true(ff_scrub_finds(f->scrub, FF_SPAN("a@b.co")));
    assert_false(ff_scrub_finds(f->scrub, FF_SPAN("how to write c17 in 2024")));
    assert_false(ff_scrub_finds(f->scrub, FF_SPAN("")));
}

/* Digits of a card are all that Luhn accepts, one place changed is refused. */
static void validators(void **state)
{
    (void)state;
    assert_int_equal(ff_check_card(FF_SPAN("4111111111111111")), 16);
    assert_int_equal(ff_check_card(FF_SPAN("4111111111111112")), 0);
    assert_int_equal(ff_check_card(FF_SPAN("4111 1111 1111 1111 2024")), 19);
    assert_int_equal(ff_check_card(FF_SPAN("9111111111111111")), 0);
    assert_int_equal(ff_check_iban(FF_SPAN("NO9386011117947")), 15);
    assert_int_equal(ff_check_iban(FF_SPAN("NO9386011117948")), 0);
    assert_int_equal(ff_check_iban(FF_SPAN("no93 8601 1117 947 copy")), 18);
    assert_int_equal(ff_check_ipv6(FF_SPAN("fe80::")), 6);
    assert_int_equal(ff_check_ipv6(FF_SPAN("fe80:::")), 0);
}

static bool is_token_text(const char *text)
{
    struct ff_span match;
    return ff_check_find_token(ff_span_of(text), 0, &match);
}

static void entropy_is_measured(void **state)
{
    (void)state;
    assert_true(is_token_text("a1b2c3d4e5f6g7h8"));  /* 4 bits a byte */
    assert_false(is_token_text("a1a1a1a1a1a1a1a1")); /* 1 bit a byte */
    uint64_t seed = 3;
    for (int round = 0; round < 20000; round++) {
        char text[65];
        size_t counts[128] = { 0 };
        const size_t n = 17 + next_random(&seed) % 47;
        const uint32_t letters = 8 + next_random(&seed) % 18;
        for (size_t i = 0; i < n; i++) /* digits between, so that there are no words */
            text[i] = i % 2 ? (char)('0' + next_random(&seed) % 3)
                            : (char)('a' + next_random(&seed) % letters);
        text[n] = '\0';
        double bits = 0;
        for (size_t i = 0; i < n; i++)
            counts[(unsigned char)text[i]]++;
        for (size_t i = 0; i < 128; i++)
            if (counts[i])
                bits -=
                    (double)counts[i] / (double)n * log2((double)counts[i] / (double)n);
        if (fabs(bits - 3.5) > 0.01)
            assert_int_equal(is_token_text(text), bits > 3.5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_find),
        cmocka_unit_test(rules_leave),
        cmocka_unit_test(segments_after_persons),
        cmocka_unit_test(long_segments),
        cmocka_unit_test(no_memory),
        cmocka_unit_test(scan_skips_nothing_a_rule_would_find),
        cmocka_unit_test(finds_in_texts),
        cmocka_unit_test(validators),
        cmocka_unit_test(entropy_is_measured),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
