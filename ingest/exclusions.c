#include "exclusions.h"

#include <fnmatch.h>
#include <stdlib.h>

struct net {
    struct ff_address address;
    unsigned bits;
};

struct ff_exclusions {
    struct net *nets;
    size_t n_nets;
    struct ff_list paths, agents;
};

/* "192.0.2.0/24", "2001:db8::/32", or an address alone. */
static bool read_net(const char *text, struct net *net)
{
    const struct ff_span all = ff_span_of(text);
    const struct ff_span address = { text, ff_span_find(all, '/') };
    net->address = ff_address_read(address);
    if (net->address.kind != FF_CLIENT_V4 && net->address.kind != FF_CLIENT_V6)
        return false;
    const unsigned most = net->address.kind == FF_CLIENT_V4 ? 32 : 128;
    net->bits = most;
    if (address.len == all.len)
        return true;
    const char *digits = text + address.len + 1;
    char *end;
    const unsigned long bits = strtoul(digits, &end, 10);
    net->bits = (unsigned)bits;
    return *digits >= '0' && *digits <= '9' && *end == '\0' && bits <= most;
}

enum ff_err ff_exclusions_create(struct ff_exclusions **out,
                                 const struct ff_ingest_settings *settings,
                                 struct ff_fault *fault)
{
    *out = NULL;
    const struct ff_list *nets = &settings->exclude_nets;
    struct ff_exclusions *e = calloc(1, sizeof *e);
    if (!e)
        return ff_fault_nomem(fault);
    e->nets = calloc(nets->n + 1, sizeof *e->nets);
    e->paths = settings->exclude_paths;
    e->agents = settings->exclude_agents;
    enum ff_err err = e->nets ? FF_OK : ff_fault_nomem(fault);
    for (; !err && e->n_nets < nets->n; e->n_nets++)
        if (!read_net(nets->items[e->n_nets], &e->nets[e->n_nets]))
            err = ff_fault_set(fault, FF_ERR_USAGE,
                               "\"%.80s\" is no network: write 192.0.2.0/24, "
                               "2001:db8::/32 or an address",
                               nets->items[e->n_nets]);
    if (err) {
        ff_exclusions_destroy(e);
        return err;
    }
    *out = e;
    return FF_OK;
}

void ff_exclusions_destroy(struct ff_exclusions *e)
{
    if (!e)
        return;
    free(e->nets);
    free(e);
}

bool ff_excludes_clients(const struct ff_exclusions *e)
{
    return e->n_nets || e->agents.n;
}

static bool is_in(const struct net *net, const struct ff_address *address)
{
    if (net->address.kind != address->kind)
        return false;
    const unsigned bytes = net->bits / 8, bits = net->bits % 8;
    if (memcmp(net->address.bytes, address->bytes, bytes) != 0)
        return false;
    return bits == 0 ||
           (net->address.bytes[bytes] ^ address->bytes[bytes]) >> (8 - bits) == 0;
}

bool ff_is_excluded_net(const struct ff_exclusions *e, const struct ff_address *address)
{
    for (size_t i = 0; i < e->n_nets; i++)
        if (is_in(&e->nets[i], address))
            return true;
    return false;
}

static bool holds(struct ff_span text, struct ff_span part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (ff_span_equal_nocase((struct ff_span) { text.data + i, part.len }, part))
            return true;
    return false;
}

bool ff_is_excluded_agent(const struct ff_exclusions *e, struct ff_span agent)
{
    for (size_t i = 0; i < e->agents.n; i++)
        if (holds(agent, ff_span_of(e->agents.items[i])))
            return true;
    return false;
}

bool ff_is_excluded_path(const struct ff_exclusions *e, struct ff_span key)
{
    char text[512];
    if (e->paths.n == 0 || key.len >= sizeof text)
        return false;
    memcpy(text, key.data, key.len);
    text[key.len] = '\0';
    for (size_t i = 0; i < e->paths.n; i++)
        if (fnmatch(e->paths.items[i], text, 0) == 0)
            return true;
    return false;
}
