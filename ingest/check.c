/* See check.h. A pattern takes as much as it can, so that a number with something glued
 * to it ("DE89...-copy") would fail as a whole: the shorter forms that end at a border
 * are tried too.
 *
 * Tokens: at least 16 bytes with a letter and a digit, and either upper case, lower
 * case and digits mixed, or 3.5 bits of entropy a byte. What reads as words is left
 * alone: "Annual-Report-2024" mixes cases, "how-to-write-c17" has the entropy. */
#include "check.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdint.h>

enum { TOKEN_LEN = 16, ENTROPY_BYTES = 64, WORD_LEN = 3 };

/* c * log2(c) in 1/128 bits, rounded. */
static const uint16_t c_log2_c[ENTROPY_BYTES + 1] = {
    0,     0,     256,   609,   1024,  1486,  1985,  2515,  3072,  3652,  4252,
    4871,  5507,  6158,  6823,  7501,  8192,  8894,  9608,  10331, 11064, 11807,
    12558, 13317, 14085, 14860, 15643, 16433, 17230, 18033, 18842, 19658, 20480,
    21308, 22141, 22979, 23823, 24672, 25526, 26385, 27248, 28116, 28989, 29866,
    30748, 31633, 32523, 33416, 34314, 35215, 36121, 37030, 37942, 38858, 39778,
    40701, 41627, 42557, 43490, 44426, 45365, 46307, 47253, 48201, 49152
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c) || is_lower(c);
}

static bool is_luhn(const char *digits, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned d = (unsigned)(digits[n - 1 - i] - '0');
        sum += i % 2 == 0 ? d : d < 5 ? 2 * d : 2 * d - 9;
    }
    return sum % 10 == 0;
}

size_t ff_check_card(struct ff_span match)
{
    char digits[19];
    size_t n = 0, best = 0;
    for (size_t i = 0; i < match.len && n < sizeof digits; i++) {
        if (!is_digit(match.data[i]))
            continue;
        digits[n++] = match.data[i];
        const bool at_border = i + 1 == match.len || !is_digit(match.data[i + 1]);
        if (n >= 13 && at_border && digits[0] >= '2' && digits[0] <= '6' &&
            is_luhn(digits, n))
            best = i + 1;
    }
    return best;
}

/* The value of letters and digits (a = 10) modulo 97, carried on from `rest`. */
static unsigned mod97(unsigned rest, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        rest = is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97
                           : (rest * 100 + (unsigned)((c | 32) - 'a') + 10) % 97;
    }
    return rest;
}

size_t ff_check_iban(struct ff_span match)
{
    char text[34];
    size_t n = 0, best = 0;
    for (size_t i = 0; i < match.len && n < sizeof text; i++) {
        if (!is_alnum(match.data[i]))
            continue;
        text[n++] = match.data[i];
        const bool at_border = i + 1 == match.len || !is_alnum(match.data[i + 1]);
        if (n >= 15 && at_border && mod97(mod97(0, text + 4, n - 4), text, 4) == 1)
            best = i + 1;
    }
    return best;
}

size_t ff_check_ipv6(struct ff_span match)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (match.len >= sizeof text)
        return 0;
    memcpy(text, match.data, match.len);
    text[match.len] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1 ? match.len : 0;
}

size_t ff_check_number(struct ff_span match)
{
    static const unsigned days[13] = {
        0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    unsigned number = 0;
    if (match.len != 8)
        return match.len;
    for (size_t i = 0; i < 8; i++)
        number = number * 10 + (unsigned)(match.data[i] - '0');
    const unsigned year = number / 10000, month = number / 100 % 100,
                   day = number % 100;
    const bool is_day = year >= 2000 && year < 2050 && month >= 1 && month <= 12 &&
                        day >= 1 && day <= days[month];
    return is_day ? 0 : match.len;
}

/* H >= 3.5 bits a byte, as n log2 n - sum of c log2 c >= 3.5 n; the first 64 bytes. */
static bool is_dense(struct ff_span run)
{
    uint8_t counts[256] = { 0 };
    const size_t n = run.len < ENTROPY_BYTES ? run.len : ENTROPY_BYTES;
    for (size_t i = 0; i < n; i++)
        counts[(unsigned char)run.data[i]]++;
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof counts; i++)
        sum += c_log2_c[counts[i]];
    return c_log2_c[n] - sum >= 7 * 64 * n;
}

enum piece { PIECE_WORD, PIECE_NUMBER, PIECE_SHORT, PIECE_ODD };

/* "FreeBSD" and "iPhone", "KPC650" and "256GB": at most three changes of case, or two
 * between digits and letters of one case. */
static bool is_name_or_code(struct ff_span piece, size_t n_digits, size_t n_upper)
{
    size_t n_turns = 0, n_changes = 0;
    for (size_t i = 1; i < piece.len; i++) {
        n_turns += is_digit(piece.data[i]) != is_digit(piece.data[i - 1]);
        n_changes += is_upper(piece.data[i]) != is_upper(piece.data[i - 1]);
    }
    if (n_digits == 0)
        return piece.len <= 12 && n_changes <= 3;
    return piece.len <= 8 && n_turns <= 2 &&
           (n_upper == 0 || n_upper + n_digits == piece.len);
}

/* A piece between "-" or "_": a word is all letters, in lower case, upper case or with
 * a capital; a number has up to 8 digits; "c17", "v2", "4th" are short, and so count
 * names and codes of products. */
static enum piece piece_of(struct ff_span piece)
{
    size_t n_digits = 0, n_upper = 0;
    for (size_t i = 0; i < piece.len; i++) {
        n_digits += is_digit(piece.data[i]);
        n_upper += is_upper(piece.data[i]);
    }
    if (n_digits == piece.len)
        return piece.len <= 8 ? PIECE_NUMBER : PIECE_ODD;
    if (piece.len <= WORD_LEN && (n_digits || piece.len < WORD_LEN))
        return PIECE_SHORT;
    const bool is_natural = n_upper == 0 || n_upper == piece.len ||
                            (n_upper == 1 && is_upper(piece.data[0]));
    if (n_digits == 0 && is_natural)
        return PIECE_WORD;
    return is_name_or_code(piece, n_digits, n_upper) ? PIECE_SHORT : PIECE_ODD;
}

/* `any`: some piece is all letters. `all`: no piece is odd. */
static void find_words(struct ff_span run, bool *any, bool *all)
{
    *any = false;
    *all = true;
    for (size_t i = 0, start = 0; i <= run.len; i++) {
        if (i < run.len && run.data[i] != '-' && run.data[i] != '_')
            continue;
        const enum piece piece =
            piece_of((struct ff_span) { run.data + start, i - start });
        *any |= piece == PIECE_WORD;
        *all &= piece != PIECE_ODD;
        start = i + 1;
    }
}

static bool is_token(struct ff_span run)
{
    /* Names in other scripts (RFC 5891), which have no word. */
    if (run.len < TOKEN_LEN || ff_span_starts(run, FF_SPAN("xn--")))
        return false;
    bool digit = false, upper = false, lower = false, any_word, all_words;
    for (size_t i = 0; i < run.len; i++) {
        digit |= is_digit(run.data[i]);
        upper |= is_upper(run.data[i]);
        lower |= is_lower(run.data[i]);
    }
    if (!digit || !(upper || lower))
        return false;
    find_words(run, &any_word, &all_words);
    if (upper && lower)
        return !(any_word && all_words);
    return !any_word && is_dense(run);
}

bool ff_check_find_token(struct ff_span s, size_t from, struct ff_span *found)
{
    assert(from <= s.len);
    while (from < s.len) {
        size_t end = from;
        while (end < s.len &&
               (is_alnum(s.data[end]) || s.data[end] == '-' || s.data[end] == '_'))
            end++;
        *found = (struct ff_span) { s.data + from, end - from };
        if (is_token(*found))
            return true;
        from = end + 1;
    }
    return false;
}

enum { TITLE_RUN = 24 };

static bool parts_words(char c)
{
    return c == '-' || c == '_' || c == '+' || c == ' ';
}

/* Letters of other scripts have bytes past ASCII only; each character begins with one
 * that is not 10xxxxxx. */
bool ff_check_is_title(struct ff_span s)
{
    size_t n_all = 0, n_parting = 0, n_in_words = 0, n_in_word = 0, run = 0;
    bool is_word = true;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.data[i];
        const bool is_ascii = (unsigned char)c < 0x80;
        const bool begins = ((unsigned char)c & 0xC0) != 0x80;
        n_all += begins;
        if (parts_words(c)) {
            n_in_words += is_word ? n_in_word : 0;
            n_parting++;
            n_in_word = run = 0;
            is_word = true;
            continue;
        }
        run = is_ascii ? run + 1 : 0;
        if (run > TITLE_RUN)
            return false;
        is_word &= !is_ascii || is_upper(c) || is_lower(c);
        n_in_word += begins;
    }
    n_in_words += is_word ? n_in_word : 0;
    return n_all <= FF_CHECK_TITLE_LEN && 4 * n_in_words >= 3 * (n_all - n_parting);
}
