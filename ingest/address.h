/* Client addresses, while they are still that. */
#ifndef FF_ADDRESS_H
#define FF_ADDRESS_H

#include <stdint.h>

#include "footfall/span.h"

enum ff_client {
    FF_CLIENT_BAD,  /* neither of the following */
    FF_CLIENT_NONE, /* "-", or nginx's "unix:" */
    FF_CLIENT_V4,
    FF_CLIENT_V6,   /* v4-mapped addresses come as V4 */
    FF_CLIENT_NAME, /* a host name */
};

/* Bytes in network order: 4 for V4, 16 for V6 (a zone is dropped); for a name `bytes`
 * is unused. Wiped by whoever holds it. */
struct ff_address {
    enum ff_client kind;
    uint8_t bytes[16];
};

/* Reads a client field: an address (in brackets or with a port too), a host name
 * (letters, digits, "-", "_", "."; 253 bytes at most), or "-". */
struct ff_address ff_address_read(struct ff_span client);

/* Who a list of forwarding addresses ("client, proxy, proxy": X-Forwarded-For) speaks
 * of: each proxy adds whom it was asked by, and what a client wrote itself comes first,
 * so it is the last entry that is no address of a special range; else the first. Spaces
 * and quotes are cut off. Empty when there is none. Part of `list`. */
struct ff_span ff_address_forwarded(struct ff_span list);

/* Private, loopback, link-local, shared (100.64/10), documentation, benchmarking,
 * multicast and reserved ranges (IANA special-purpose registries; RFC 6890): they have
 * no country. */
bool ff_address_is_special(const struct ff_address *address);

#endif
