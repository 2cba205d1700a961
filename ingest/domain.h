/* Registrable domains by the Public Suffix List. Only its ICANN section is used: the
 * private one would make alice.github.io, a person's page, a site of its own. */
#ifndef FF_DOMAIN_H
#define FF_DOMAIN_H

#include "footfall/span.h"

struct ff_domains;

/* The system's list where there is one, else the one built into libpsl. NULL when
 * memory runs out. */
struct ff_domains *ff_domains_create(void);
void ff_domains_destroy(struct ff_domains *domains);

/* `host` is in lower case ASCII, ends in a NUL at host.len, and has no empty label.
 * Gives a suffix of it: the registrable domain, or the public suffix itself where the
 * host is one, with "www." or without (gov.uk). */
struct ff_span ff_domain_of(const struct ff_domains *domains, struct ff_span host);

#endif
