/* See scrub.h. Rules in order, each a pattern and perhaps a validator (check.h); what
 * matches is replaced in place. The last rule (N_RULES), random tokens, has no pattern.
 *
 * PCRE2 is slow next to a scan, so each rule says what a text must have to be worth a
 * look (columns `len` to `any_of`): counts of bytes, digits and dots, the longest run
 * of hexadecimal digits with ":" and "-", and some byte of a few classes. These are
 * necessary conditions of the patterns: the scan lets through all that could match. A
 * test compares both on made-up texts.
 *
 * Patterns work on bytes, not in UTF mode: they are about ASCII, and text that is no
 * UTF-8 must not stop them. Departures from privacy.md 3.12: e-mail addresses may hold
 * bytes past ASCII; an IBAN is tried before hexadecimal (DE89...), which must have a
 * letter, so that a card number is seen as one.
 *
 * `match` is written by each search: one ff_scrub a thread. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "scrub.h"

#include <assert.h>
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"
#include "rules.h"

/* Longer segments are not searched but hidden whole. */
enum { MAX_SEGMENT = 1024, MAX_TEXT = 3 * MAX_SEGMENT, REFERENCE_LEN = 16 };

/* What a byte-class scan sees of a text. */
enum {
    DIGIT = 1,
    DOT = 2,
    HEXISH = 4, /* hexadecimal digit, ":", "-" */
    SIGN = 8,   /* "@", "%", "(", "[", a wide "@" or digit: perhaps an e-mail address */
    COLON = 16,
    HYPHEN = 32,
    BIG_J = 64,   /* of "eyJ" */
    KEYISH = 128, /* "_", "A", "x", "y": each API key's prefix has one */
};

struct shape {
    unsigned classes;
    size_t len, n_digits, n_dots, hex_run;
};

struct rule {
    const char *pattern;
    const char *placeholder;
    size_t (*check)(struct ff_span match); /* NULL: the match is enough */
    uint8_t len, digits, dots, hex_run;    /* at least */
    uint8_t any_of;                        /* classes; 0: none asked for */
};

/* clang-format off */
static const struct rule rules[] = {
    /* e-mail: "a@b.co" has 6 bytes, a dot and a sign, which may be a wide one */
    { "(?i)(?<![a-z0-9._%+'\\x80-\\xff-])[a-z0-9._%+'\\x80-\\xff-]{1,64}"
      "(?:@|\\xef\\xbc\\xa0|%40|\\(at\\)|\\[at\\])"
      "[a-z0-9\\x80-\\xff](?:[a-z0-9.\\x80-\\xff-]{0,251}[a-z0-9\\x80-\\xff])?"
      "\\.[a-z\\x80-\\xff]{2,24}(?![a-z\\x80-\\xff])",
      "{email}", NULL, 6, 0, 1, 0, SIGN },
    /* JSON web token */
    { "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]{5,}"
      "(?:\\.[A-Za-z0-9_-]*)?",
      "{token}", NULL, 14, 0, 1, 0, BIG_J },
    /* API keys; the shortest is xoxb- and 10 bytes */
    { "(?<![A-Za-z0-9])(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}"
      "|github_pat_[A-Za-z0-9_]{22,}|sk_(?:live|test)_[A-Za-z0-9]{16,}"
      "|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35}|ya29\\.[0-9A-Za-z_-]{20,})",
      "{token}", NULL, 15, 0, 0, 0, KEYISH },
    { "(?i)(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])",
      "{uuid}", NULL, 32, 0, 0, 32, 0 },
    { "(?i)(?<![0-9a-f:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\\1){4}[0-9a-f]{2}"
      "(?![0-9a-f:-])",
      "{mac}", NULL, 17, 0, 0, 17, COLON | HYPHEN },
    { "(?i)(?<![a-z0-9])[a-z]{2}\\d{2}(?:[ -]?[a-z0-9]){11,30}(?![a-z0-9])",
      "{iban}", ff_check_iban, 15, 2, 0, 0, 0 },
    { "(?i)(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{16,}(?![0-9a-z])",
      "{hex}", NULL, 16, 1, 0, 16, 0 },
    { "(?<!\\d)(?:\\d[ -]?){12,18}\\d(?!\\d)",
      "{card}", ff_check_card, 13, 13, 0, 0, 0 },
    { "(?<![\\d.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}"
      "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?!\\d)(?!\\.\\d)",
      "{ip}", NULL, 7, 4, 3, 0, 0 },
    { "(?i)(?<![0-9a-z:.])(?=(?:[0-9a-f]*:){2})[0-9a-f:]{2,39}"
      "(?:(?<=:)(?:\\d{1,3}\\.){3}\\d{1,3})?(?![0-9a-z:])",
      "{ip}", ff_check_ipv6, 2, 0, 0, 2, COLON },
    { "(?<![\\w+])(?:\\+|00)[1-9](?:[ ().-]{0,2}\\d){6,14}(?!\\d)",
      "{phone}", NULL, 8, 7, 0, 0, 0 },
    /* telephone numbers as they are written at home: 555-123-4567, 06 12 34 56 78,
     * 0151/123 45 67. A day and its year ("01-02-2026") are less. */
    { "(?<!\\d)(?<!\\d[ .-])(?:"
      "(?:1[ .-])?(?:\\([2-9]\\d\\d\\)[ .-]?|[2-9]\\d\\d[ .-])\\d{3}[ .-]\\d{4}"
      "|0[1-9]([ .-])\\d\\d\\1\\d\\d\\1\\d\\d\\1\\d\\d"
      "|(?=(?:[ ./()-]{0,2}\\d){9})0[1-9]\\d{1,3}[ ./()-]{1,2}\\d{3,8}"
      "(?:[ .-]\\d{2,4}){0,3}"
      ")(?![\\da-zA-Z])(?![ .-]\\d)",
      "{phone}", NULL, 10, 9, 0, 0, 0 },
    /* US social security number, UK national insurance number */
    { "(?<![\\d-])\\d{3}([ -])\\d{2}\\1\\d{4}(?![\\d-])",
      "{id}", NULL, 11, 9, 0, 0, 0 },
    { "(?i)(?<![a-z0-9])[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][ -]?(?:\\d{2}[ -]?){3}"
      "[a-d](?![a-z0-9])",
      "{id}", NULL, 9, 6, 0, 0, 0 },
    { "(?<![\\d.])-?\\d{1,3}\\.\\d{4,}(?:,|%2C|;|/|~)\\s?-?\\d{1,3}\\.\\d{4,}(?!\\d)",
      "{geo}", NULL, 13, 10, 2, 0, 0 },
    { "(?<!\\d)\\d{7,}(?!\\d)",
      "{num}", ff_check_number, 7, 7, 0, 0, 0 },
    /* wide digits, Arabic's and Persian's */
    { "(?:\\xef\\xbc[\\x90-\\x99]|\\xd9[\\xa0-\\xa9]|\\xdb[\\xb0-\\xb9]){7,}",
      "{num}", NULL, 14, 0, 0, 0, SIGN },
};

#define DH (DIGIT | HEXISH)
static const uint8_t classes[256] = {
    ['0'] = DH, ['1'] = DH, ['2'] = DH, ['3'] = DH, ['4'] = DH,
    ['5'] = DH, ['6'] = DH, ['7'] = DH, ['8'] = DH, ['9'] = DH,
    ['a'] = HEXISH, ['b'] = HEXISH, ['c'] = HEXISH, ['d'] = HEXISH, ['e'] = HEXISH,
    ['f'] = HEXISH, ['B'] = HEXISH, ['C'] = HEXISH, ['D'] = HEXISH, ['E'] = HEXISH,
    ['F'] = HEXISH, ['A'] = HEXISH | KEYISH, ['_'] = KEYISH, ['x'] = KEYISH,
    ['y'] = KEYISH, ['J'] = BIG_J, ['.'] = DOT, [':'] = COLON | HEXISH,
    ['-'] = HYPHEN | HEXISH, ['@'] = SIGN, ['%'] = SIGN, ['('] = SIGN, ['['] = SIGN,
    [0xD9] = SIGN, [0xDB] = SIGN, [0xEF] = SIGN,
};
/* clang-format on */

enum { N_RULES = sizeof rules / sizeof *rules };

/* The patterns' longest run of steps; past it a text is taken as hostile. */
enum { MATCH_LIMIT = 10000 };

/* A rule, compiled. To machine code when it is first asked: most logs ask few rules,
 * and that takes most of the time. */
struct program {
    pcre2_code *code;
    bool is_asked;
};

struct ff_scrub {
    struct program *programs; /* N_RULES */
    pcre2_match_data *match;  /* one pair of offsets will do */
    pcre2_match_context *limits;
};

struct text {
    size_t len;
    char bytes[MAX_TEXT];
};

enum outcome { CLEAN, FOUND, LIMIT };

static enum ff_err compile(struct ff_scrub *scrub, struct ff_fault *fault)
{
    scrub->programs = (struct program *)calloc(N_RULES, sizeof *scrub->programs);
    if (!scrub->programs)
        return ff_fault_nomem(fault);
    for (size_t i = 0; i < N_RULES; i++) {
        int error;
        PCRE2_SIZE at;
        pcre2_code *code = pcre2_compile((PCRE2_SPTR)rules[i].pattern,
                                         PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
        scrub->programs[i].code = code;
        if (!code) {
            assert(error == PCRE2_ERROR_HEAP_FAILED);
            return ff_fault_nomem(fault);
        }
    }
    scrub->match = pcre2_match_data_create(1, NULL);
    scrub->limits = pcre2_match_context_create(NULL);
    if (!scrub->match || !scrub->limits)
        return ff_fault_nomem(fault);
    pcre2_set_match_limit(scrub->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(scrub->limits, MATCH_LIMIT);
    return FF_OK;
}

enum ff_err ff_scrub_create(struct ff_scrub **out, struct ff_fault *fault)
{
    struct ff_scrub *scrub = (struct ff_scrub *)calloc(1, sizeof *scrub);
    if (!scrub)
        return ff_fault_nomem(fault);
    const enum ff_err err = compile(scrub, fault);
    if (err != FF_OK) {
        ff_scrub_destroy(scrub);
        return err;
    }
    *out = scrub;
    return FF_OK;
}

void ff_scrub_destroy(struct ff_scrub *scrub)
{
    if (!scrub)
        return;
    for (size_t i = 0; scrub->programs && i < N_RULES; i++)
        pcre2_code_free(scrub->programs[i].code);
    free(scrub->programs);
    pcre2_match_data_free(scrub->match);
    pcre2_match_context_free(scrub->limits);
    free(scrub);
}

static struct shape shape_of(struct ff_span s)
{
    struct shape shape = { .len = s.len };
    size_t run = 0;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned class = classes[(unsigned char)s.data[i]];
        shape.classes |= class;
        shape.n_digits += class & DIGIT;
        shape.n_dots += class >> 1 & 1;
        run = class & HEXISH ? run + 1 : 0;
        shape.hex_run = run > shape.hex_run ? run : shape.hex_run;
    }
    return shape;
}

/* No rule asks for less than this: 14 bytes, a sign or colon, six digits, or the four
 * digits and three dots of an address. */
static bool is_suspicious(const struct shape *shape)
{
    return shape->len >= 14 || shape->n_digits >= 6 || shape->n_dots >= 3 ||
           shape->classes & (SIGN | COLON);
}

static bool may_match(const struct rule *rule, const struct shape *shape)
{
    return shape->len >= rule->len && shape->n_digits >= rule->digits &&
           shape->n_dots >= rule->dots && shape->hex_run >= rule->hex_run &&
           (rule->any_of == 0 || shape->classes & rule->any_of);
}

static const pcre2_code *ask(struct program *program)
{
    /* Where code must not be made at run time, the interpreter does it. */
    if (!program->is_asked)
        (void)pcre2_jit_compile(program->code, PCRE2_JIT_COMPLETE);
    program->is_asked = true;
    return program->code;
}

/* The first find of rule `i` from `from` on: *start and *len. */
static enum outcome find(const struct ff_scrub *scrub, size_t i, struct ff_span s,
                         size_t from, struct ff_span *found)
{
    const pcre2_code *code = ask(&scrub->programs[i]);
    while (from < s.len) {
        const int rc = pcre2_match(code, (PCRE2_SPTR)s.data, s.len, from, 0,
                                   scrub->match, scrub->limits);
        if (rc == PCRE2_ERROR_NOMATCH)
            return CLEAN;
        if (rc < 0)
            return LIMIT;
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scrub->match);
        *found = (struct ff_span) { s.data + ends[0], ends[1] - ends[0] };
        const size_t len = rules[i].check ? rules[i].check(*found) : found->len;
        if (len > 0) {
            found->len = len;
            return FOUND;
        }
        from = ends[0] + 1; /* the thing may start later in what matched */
    }
    return CLEAN;
}

static enum outcome find_any(const struct ff_scrub *scrub, size_t rule,
                             struct ff_span s, size_t from, struct ff_span *found)
{
    if (rule == N_RULES)
        return ff_check_find_token(s, from, found) ? FOUND : CLEAN;
    return find(scrub, rule, s, from, found);
}

static bool append(struct text *text, struct ff_span s)
{
    if (s.len > sizeof text->bytes - text->len)
        return false;
    if (s.len)
        memcpy(text->bytes + text->len, s.data, s.len);
    text->len += s.len;
    return true;
}

/* All that one rule finds in `s` replaced, into `out` if it finds a thing. */
static enum outcome replace(const struct ff_scrub *scrub, size_t rule, struct ff_span s,
                            struct text *out)
{
    const char *placeholder = rule == N_RULES ? "{token}" : rules[rule].placeholder;
    struct ff_span found;
    size_t done = 0;
    enum outcome outcome;
    out->len = 0;
    while ((outcome = find_any(scrub, rule, s, done, &found)) == FOUND) {
        const size_t start = (size_t)(found.data - s.data);
        if (!append(out, (struct ff_span) { s.data + done, start - done }) ||
            !append(out, ff_span_of(placeholder)))
            return LIMIT;
        done = start + found.len;
    }
    if (outcome == LIMIT || done == 0)
        return outcome;
    return append(out, ff_span_from(s, done)) ? FOUND : LIMIT;
}

static bool is_worth_a_look(size_t rule, const struct shape *shape)
{
    return rule == N_RULES ? shape->len >= 16 && shape->n_digits > 0
                           : may_match(&rules[rule], shape);
}

/* Runs the rules over *s, which then points into one of `texts` if one found a thing.
 */
static enum outcome run_rules(const struct ff_scrub *scrub, struct ff_span *s,
                              struct text texts[static 2])
{
    struct shape shape = shape_of(*s);
    if (!is_suspicious(&shape))
        return CLEAN;
    enum outcome all = CLEAN;
    size_t next = 0;
    for (size_t i = 0; i <= N_RULES; i++) {
        if (!is_worth_a_look(i, &shape))
            continue;
        const enum outcome outcome = replace(scrub, i, *s, &texts[next]);
        if (outcome == LIMIT)
            return LIMIT;
        if (outcome == CLEAN)
            continue;
        all = FOUND;
        *s = (struct ff_span) { texts[next].bytes, texts[next].len };
        next = 1 - next;
        shape = shape_of(*s);
    }
    return all;
}

/* /user/NAME and the like, but not /user/login; ~NAME and @NAME anywhere. What was cut
 * off a key ("...") is nobody's name. */
static bool names_somebody(struct ff_span before, struct ff_span segment)
{
    if (ff_span_equal(segment, FF_SPAN("...")))
        return false;
    if (segment.data[0] == '~' || segment.data[0] == '@')
        return true;
    if (ff_rules_have(FF_RULES_PERSONS, before))
        return !ff_rules_have(
            FF_RULES_FUNCTIONS,
            (struct ff_span) { segment.data, ff_span_find(segment, '.') });
    if (!ff_rules_have(FF_RULES_REFERENCES, before))
        return false;
    for (size_t i = 0; i < segment.len; i++)
        if (classes[(unsigned char)segment.data[i]] & DIGIT)
            return true;
    return segment.len >= REFERENCE_LEN;
}

enum ff_err ff_scrub_segment(const struct ff_scrub *scrub, struct ff_span before,
                             struct ff_span segment, struct ff_arena *arena,
                             struct ff_span *out, struct ff_fault *fault)
{
    *out = segment;
    if (segment.len == 0)
        return FF_OK;
    if (names_somebody(before, segment)) {
        *out = FF_SPAN("{id}");
        return FF_OK;
    }
    if (segment.len > MAX_SEGMENT) {
        *out = FF_SPAN("{long}");
        return FF_OK;
    }
    struct text texts[2];
    struct ff_span s = segment;
    switch (run_rules(scrub, &s, texts)) {
    case CLEAN:
        return FF_OK;
    case LIMIT:
        *out = FF_SPAN("(invalid)");
        return FF_OK;
    case FOUND:
        break;
    }
    *out = ff_arena_copy(arena, s);
    return out->data ? FF_OK : ff_fault_nomem(fault);
}

bool ff_scrub_finds(const struct ff_scrub *scrub, struct ff_span text)
{
    const struct shape shape = shape_of(text);
    if (!is_suspicious(&shape))
        return false;
    for (size_t i = 0; i <= N_RULES; i++) {
        struct ff_span found;
        if (is_worth_a_look(i, &shape) && find_any(scrub, i, text, 0, &found) != CLEAN)
            return true;
    }
    return false;
}
