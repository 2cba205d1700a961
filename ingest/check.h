/* Validators behind the scrubbing patterns: does what looks like a card number, an
 * IBAN, an address or a random token hold up? */
#ifndef FF_CHECK_H
#define FF_CHECK_H

#include "footfall/span.h"

/* Each takes what a pattern matched (greedily) and gives how many of its bytes, from
 * the start, are the thing: the longest that passes; 0 if none does. */
size_t ff_check_card(struct ff_span match); /* 13-19 digits, first 2-6, Luhn */
size_t ff_check_iban(struct ff_span match); /* 15-34 letters and digits, mod 97 = 1 */
size_t ff_check_ipv6(struct ff_span match); /* inet_pton */
/* All digits but a day from 2000 to 2049 (20260302), as blogs and newsletters have
 * them; most birthdays are before. */
size_t ff_check_number(struct ff_span match);

/* The first run of [A-Za-z0-9_-] from `from` (a border) on that reads like a random
 * token rather than like words; false if there is none. */
bool ff_check_find_token(struct ff_span s, size_t from, struct ff_span *found);

/* UTF-8 that reads as a title, as blogs and shops put them into their addresses
 * ("how-to-mend-a-bicycle", in any script): at most FF_CHECK_TITLE_LEN characters, no
 * run of ASCII over 24, and three quarters of what "-", "_", "+" and spaces leave are
 * words of letters only. */
enum { FF_CHECK_TITLE_LEN = 160 };
bool ff_check_is_title(struct ff_span s);

#endif
