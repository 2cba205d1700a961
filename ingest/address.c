/* Addresses are parsed by hand, from spans: this runs on every line, and inet_pton
 * wants a copy with a NUL. It reads what inet_pton reads (no leading zeros, no short
 * forms), and brackets, ports and zones besides. */
#include "address.h"

#include <endian.h>

enum { NAME_MAX_LEN = 253, LABEL_MAX_LEN = 63 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Four decimal numbers up to 255 at the beginning of `s`: how many bytes they take, or
 * 0 if they are not there. */
static size_t read_v4(struct ff_span s, uint8_t bytes[static 4])
{
    size_t i = 0;
    for (int part = 0; part < 4; part++) {
        if (part && (i == s.len || s.data[i++] != '.'))
            return 0;
        const size_t start = i;
        unsigned value = 0;
        while (i < s.len && i - start < 3 && is_digit(s.data[i]))
            value = value * 10 + (unsigned)(s.data[i++] - '0');
        if (i == start || value > 255 || (s.data[start] == '0' && i - start > 1))
            return 0;
        bytes[part] = (uint8_t)value;
    }
    return i;
}

/* Which of eight bytes are `byte`: a bit for each. */
static unsigned where(uint64_t bytes, char byte)
{
    const uint64_t ones = 0x0101010101010101u, low = 0x7f * ones;
    bytes ^= ones * (unsigned char)byte;
    const uint64_t zeros = ~(((bytes & low) + low) | bytes | low);
    return (unsigned)((zeros >> 7) * 0x0102040810204080u >> 56);
}

/* The last `len` of a word's four bytes, one to three, as a decimal number: its value,
 * or more than 255 if they are not all digits, or have a zero before them. */
static unsigned read_part(uint32_t word, size_t len)
{
    const uint32_t taken = UINT32_MAX << (32 - 8 * len);
    const uint32_t digits = (word & taken) ^ (0x30303030 & taken);
    const uint32_t others = ((digits + 0x76767676) | digits) & 0x80808080;
    const uint32_t value =
        (digits >> 24) + 10 * (digits >> 16 & 255) + 100 * (digits >> 8 & 255);
    static const uint8_t least[4] = { 0, 0, 10, 100 };
    return value | (uint32_t)((others != 0) | (value < least[len])) << 8;
}

static uint32_t load_word(const char *from)
{
    uint32_t word;
    memcpy(&word, from, sizeof word);
    return le32toh(word);
}

static uint64_t load_words(const char *from)
{
    uint64_t words;
    memcpy(&words, from, sizeof words);
    return le64toh(words);
}

/* The whole of `s`, if it is four decimal numbers in 8 bytes or more, all at once: how
 * many digits a number has cannot be foreseen, and who asks at each byte is wrong
 * several times an address. */
static bool read_plain_v4(struct ff_span s, struct ff_address *address)
{
    if (s.len < 8 || s.len > 15)
        return false;
    unsigned dots = where(load_words(s.data), '.') |
                    where(load_words(s.data + s.len - 8), '.') << (s.len - 8);
    dots |= 0x70000; /* where those are that are missing */
    const size_t a = (size_t)__builtin_ctz(dots);
    dots &= dots - 1;
    const size_t b = (size_t)__builtin_ctz(dots);
    dots &= dots - 1;
    const size_t c = (size_t)__builtin_ctz(dots);
    const size_t lens[4] = { a, b - a - 1, c - b - 1, s.len - c - 1 };
    if ((lens[0] - 1 > 2) | (lens[1] - 1 > 2) | (lens[2] - 1 > 2) | (lens[3] - 1 > 2))
        return false;
    /* So the second number is among the first 8 bytes, and the third ends behind the
     * first 4. */
    const unsigned parts[4] = {
        read_part(load_word(s.data) << (32 - 8 * lens[0]), lens[0]),
        read_part(load_word(s.data + a + 1) << (32 - 8 * lens[1]), lens[1]),
        read_part(load_word(s.data + c - 4), lens[2]),
        read_part(load_word(s.data + s.len - 4), lens[3]),
    };
    if ((parts[0] | parts[1] | parts[2] | parts[3]) > 255)
        return false;
    const uint32_t bytes = parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24;
    const uint32_t in_order = htole32(bytes);
    memcpy(address->bytes, &in_order, sizeof in_order);
    return true;
}

/* Nothing, or ":" and a port. */
static bool is_port(struct ff_span s)
{
    if (s.len == 0)
        return true;
    if (s.data[0] != ':' || s.len < 2 || s.len > 6)
        return false;
    uint32_t port = 0;
    for (size_t i = 1; i < s.len; i++) {
        if (!is_digit(s.data[i]))
            return false;
        port = port * 10 + (uint32_t)(s.data[i] - '0');
    }
    return port <= UINT16_MAX;
}

/* Hexadecimal digits and one more; 0: none. A table, since whether the next one is a
 * letter cannot be foreseen. */
/* clang-format off */
static const uint8_t hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,
    ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14,
    ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15,
    ['F'] = 16,
};
/* clang-format on */

/* Up to four hexadecimal digits at *i. */
static bool read_group(struct ff_span s, size_t *i, uint8_t bytes[static 2])
{
    const size_t start = *i;
    unsigned value = 0;
    unsigned digit;
    while (*i < s.len && (digit = hex_digits[(unsigned char)s.data[*i]]) != 0) {
        if (*i - start == 4)
            return false;
        value = value << 4 | (digit - 1);
        ++*i;
    }
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
    return *i > start;
}

/* Opens the gap that "::" stands for at byte `gap` of the `n` that were read. */
static void open_gap(uint8_t bytes[static 16], size_t gap, size_t n)
{
    const size_t tail = n - gap;
    memmove(bytes + 16 - tail, bytes + gap, tail);
    memset(bytes + gap, 0, 16 - n);
}

/* The whole of `s` as RFC 4291 2.2 writes addresses. */
static bool read_v6(struct ff_span s, uint8_t bytes[static 16])
{
    enum { NO_GAP = 17 };
    size_t i = 0, n = 0, gap = NO_GAP;
    if (s.len < 2)
        return false;
    if (s.data[0] == ':') {
        if (s.data[1] != ':')
            return false;
        gap = 0;
        i = 2;
    }
    while (i < s.len) {
        if (n == 16)
            return false;
        const size_t start = i;
        if (!read_group(s, &i, bytes + n))
            return false;
        if (i < s.len && s.data[i] == '.') {
            if (n > 12 || read_v4(ff_span_from(s, start), bytes + n) != s.len - start)
                return false;
            n += 4;
            break;
        }
        n += 2;
        if (i == s.len)
            break;
        if (s.data[i++] != ':' || i == s.len)
            return false;
        if (s.data[i] == ':') {
            if (gap != NO_GAP)
                return false;
            gap = n;
            i++;
        }
    }
    if (gap == NO_GAP)
        return n == 16;
    if (n > 14)
        return false;
    open_gap(bytes, gap, n);
    return true;
}

/* Drops "%eth0" and "%25eth0". False if there is a "%" and no zone. */
static bool cut_zone(struct ff_span *s)
{
    const size_t at = ff_span_find(*s, '%');
    for (size_t i = at + 1; i < s->len; i++) {
        const char c = s->data[i];
        if (!is_digit(c) && !is_letter(c) && !memchr("%-._~", c, 5))
            return false;
    }
    const bool is_whole = at + 1 != s->len;
    s->len = at;
    return is_whole;
}

static void unmap(struct ff_address *address)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (memcmp(address->bytes, mapped, sizeof mapped) != 0)
        return;
    memcpy(address->bytes, address->bytes + 12, 4);
    memset(address->bytes + 4, 0, 12);
    address->kind = FF_CLIENT_V4;
}

static struct ff_address v6_or_bad(struct ff_span s)
{
    struct ff_address address = { .kind = FF_CLIENT_V6 };
    if (s.len > NAME_MAX_LEN)
        return (struct ff_address) { .kind = FF_CLIENT_BAD };
    /* Zones are rare. */
    if (!read_v6(s, address.bytes)) {
        address = (struct ff_address) { .kind = FF_CLIENT_V6 };
        if (!cut_zone(&s) || !read_v6(s, address.bytes))
            return (struct ff_address) { .kind = FF_CLIENT_BAD };
    }
    unmap(&address);
    return address;
}

static struct ff_address bracketed(struct ff_span s)
{
    const size_t end = ff_span_find(s, ']');
    if (end == s.len || !is_port(ff_span_from(s, end + 1)))
        return (struct ff_address) { .kind = FF_CLIENT_BAD };
    const struct ff_span inside = { s.data + 1, end - 1 };
    struct ff_address address = { .kind = FF_CLIENT_V4 };
    return read_v4(inside, address.bytes) == inside.len && inside.len
               ? address
               : v6_or_bad(inside);
}

/* RFC 1123 2.1, and "_"; the last label is no number, so that a broken address is no
 * name. One dot at the end is the root's. */
static bool is_name(struct ff_span s)
{
    if (s.len && s.data[s.len - 1] == '.')
        s.len--;
    if (s.len == 0 || s.len > NAME_MAX_LEN)
        return false;
    size_t label = 0;
    bool has_other = false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.data[i];
        const bool is_edge = label == 0 || i + 1 == s.len || s.data[i + 1] == '.';
        if (c == '.') {
            if (label == 0)
                return false;
            label = 0;
            has_other = false;
            continue;
        }
        if (!(is_digit(c) || is_letter(c) || c == '_' || (c == '-' && !is_edge)) ||
            label == LABEL_MAX_LEN)
            return false;
        has_other = has_other || !is_digit(c);
        label++;
    }
    return label && has_other;
}

__attribute__((noinline)) static struct ff_address read_other(struct ff_span client)
{
    struct ff_address address = { .kind = FF_CLIENT_BAD };
    if (client.len == 0)
        return address;
    const char first = client.data[0];
    if (first == '[')
        return bracketed(client);
    /* nginx's word for whoever comes through a socket of the machine */
    if (ff_span_equal(client, FF_SPAN("-")) ||
        ff_span_equal(client, FF_SPAN("unix:"))) {
        address.kind = FF_CLIENT_NONE;
        return address;
    }
    if (is_digit(first)) {
        const size_t n = read_v4(client, address.bytes);
        if (n && is_port(ff_span_from(client, n))) {
            address.kind = FF_CLIENT_V4;
            return address;
        }
        memset(address.bytes, 0, sizeof address.bytes);
    }
    if (ff_span_find(client, ':') < client.len)
        return v6_or_bad(client);
    if (is_name(client))
        address.kind = FF_CLIENT_NAME;
    return address;
}

struct ff_address ff_address_read(struct ff_span client)
{
    struct ff_address address = { .kind = FF_CLIENT_V4 };
    return read_plain_v4(client, &address) ? address : read_other(client);
}

/* IANA IPv4 special-purpose registry, but for its globally reachable anycast services;
 * and 192.88.99/24 (6to4 relays, RFC 7526), multicast, and the reserved rest. */
/* clang-format off */
static const struct {
    uint32_t network;
    uint32_t mask;
} special_v4[] = {
    { 0x00000000, 0xff000000 }, /* 0/8 this network */
    { 0x0a000000, 0xff000000 }, /* 10/8 private */
    { 0x64400000, 0xffc00000 }, /* 100.64/10 shared */
    { 0x7f000000, 0xff000000 }, /* 127/8 loopback */
    { 0xa9fe0000, 0xffff0000 }, /* 169.254/16 link-local */
    { 0xac100000, 0xfff00000 }, /* 172.16/12 private */
    { 0xc0000000, 0xffffff00 }, /* 192.0.0/24 protocol assignments */
    { 0xc0000200, 0xffffff00 }, /* 192.0.2/24 documentation */
    { 0xc0586300, 0xffffff00 }, /* 192.88.99/24 */
    { 0xc0a80000, 0xffff0000 }, /* 192.168/16 private */
    { 0xc6120000, 0xfffe0000 }, /* 198.18/15 benchmarking */
    { 0xc6336400, 0xffffff00 }, /* 198.51.100/24 documentation */
    { 0xcb007100, 0xffffff00 }, /* 203.0.113/24 documentation */
    { 0xe0000000, 0xe0000000 }, /* 224/3 multicast, reserved, broadcast */
};

/* Within 2000::/3, which is all that is given out. */
static const struct {
    uint32_t network;
    uint32_t mask;
} special_v6[] = {
    { 0x20010000, 0xfffffe00 }, /* 2001::/23 protocols: Teredo, ORCHID, ... */
    { 0x20010db8, 0xffffffff }, /* 2001:db8::/32 documentation */
    { 0x20020000, 0xffff0000 }, /* 2002::/16 6to4 */
    { 0x3fff0000, 0xfffff000 }, /* 3fff::/20 documentation */
};
/* clang-format on */

static uint32_t leading(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* 64:ff9b::/96 carries public IPv4 addresses (RFC 6052), so it is none. */
static bool is_special_v6(const uint8_t bytes[static 16])
{
    static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    if ((bytes[0] & 0xe0) != 0x20)
        return memcmp(bytes, nat64, sizeof nat64) != 0;
    const uint32_t first = leading(bytes);
    for (size_t i = 0; i < sizeof special_v6 / sizeof *special_v6; i++)
        if ((first & special_v6[i].mask) == special_v6[i].network)
            return true;
    return false;
}

bool ff_address_is_special(const struct ff_address *address)
{
    if (address->kind == FF_CLIENT_V6)
        return is_special_v6(address->bytes);
    if (address->kind != FF_CLIENT_V4)
        return false;
    const uint32_t value = leading(address->bytes);
    for (size_t i = 0; i < sizeof special_v4 / sizeof *special_v4; i++)
        if ((value & special_v4[i].mask) == special_v4[i].network)
            return true;
    return false;
}

static struct ff_span trim(struct ff_span s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '"'))
        s = ff_span_from(s, 1);
    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '"'))
        s.len--;
    return s;
}

struct ff_span ff_address_forwarded(struct ff_span list)
{
    struct ff_span entry = { list.data, 0 };
    for (size_t end = list.len + 1; end-- > 0;) {
        size_t start = end;
        while (start && list.data[start - 1] != ',')
            start--;
        const struct ff_span text = { list.data + start, end - start };
        const struct ff_span last = trim(text);
        const struct ff_address address = ff_address_read(last);
        if (address.kind != FF_CLIENT_BAD && address.kind != FF_CLIENT_NONE) {
            entry = last;
            if (!ff_address_is_special(&address))
                return entry;
        }
        end = start; /* at the comma before, or at the list's beginning */
    }
    return entry;
}
