#include "other_host.h"

/* "host:443" without its port. */
static struct ff_span without_port(struct ff_span host)
{
    size_t end = host.len;
    while (end && host.data[end - 1] >= '0' && host.data[end - 1] <= '9')
        end--;
    if (end && end < host.len && host.data[end - 1] == ':')
        host.len = end - 1;
    return host;
}

static bool is_host(struct ff_span host, const char *name)
{
    const struct ff_span own = ff_span_of(name), www = FF_SPAN("www.");
    if (ff_span_equal(host, own) || ff_span_equal_nocase(host, own))
        return true;
    if (ff_span_starts(own, www))
        return ff_span_equal_nocase(host, ff_span_from(own, www.len));
    return ff_span_starts(host, www) &&
           ff_span_equal_nocase(ff_span_from(host, www.len), own);
}

bool ff_is_other_host(const struct ff_ingest_settings *s, struct ff_span vhost)
{
    if (!s->site)
        return false;
    const struct ff_span host = without_port(vhost);
    if (is_host(host, s->site))
        return false;
    for (size_t i = 0; i < s->n_own_hosts; i++)
        if (is_host(host, s->own_hosts[i]))
            return false;
    return true;
}
