#include "domain.h"

#include <assert.h>
#include <libpsl.h>
#include <stdlib.h>

#include "footfall/wipe.h"

/* The same list twice: made ready for look-ups, which is there at once, and as text. */
static const char *const system_lists[] = {
    "/usr/share/publicsuffix/public_suffix_list.dafsa",
    "/usr/share/publicsuffix/public_suffix_list.dat",
};

/* More labels than any suffix in the list's ICANN section has, with one before them. */
enum { LABELS = 6 };

struct ff_domains {
    psl_ctx_t *loaded; /* NULL where the built-in list is used */
    const psl_ctx_t *list;
};

struct ff_domains *ff_domains_create(void)
{
    struct ff_domains *domains = (struct ff_domains *)calloc(1, sizeof *domains);
    if (!domains)
        return NULL;
    /* libpsl copies structs from its stack that it has not filled: what was there
     * before them, of the log's first lines, would last as long as the list, and
     * longer. */
    ff_wipe_stack();
    for (size_t i = 0;
         !domains->loaded && i < sizeof system_lists / sizeof *system_lists; i++)
        domains->loaded = psl_load_file(system_lists[i]);
    domains->list = domains->loaded ? domains->loaded : psl_builtin();
    return domains;
}

void ff_domains_destroy(struct ff_domains *domains)
{
    if (!domains)
        return;
    psl_free(domains->loaded);
    free(domains);
}

/* libpsl's own look-up for registrable domains uses both sections. */
static bool is_suffix(const struct ff_domains *domains, const char *name)
{
    return domains->list
               ? psl_is_public_suffix2(domains->list, name, PSL_TYPE_ICANN) != 0
               : strchr(name, '.') == NULL;
}

struct ff_span ff_domain_of(const struct ff_domains *domains, struct ff_span host)
{
    assert(host.len && host.data[host.len] == '\0');
    size_t starts[LABELS];
    size_t n = 0;
    for (size_t i = host.len; i > 0 && n < LABELS; i--)
        if (i == 1 || host.data[i - 2] == '.')
            starts[n++] = i - 1;
    /* The longest suffix that is public prevails, so the longest is asked first. */
    size_t suffix = n;
    while (suffix > 0 && !is_suffix(domains, host.data + starts[suffix - 1]))
        suffix--;
    const struct ff_span longest =
        ff_span_from(host, suffix ? starts[suffix - 1] : host.len);
    if (suffix == n)
        return longest;
    const struct ff_span domain = ff_span_from(host, starts[suffix]);
    const bool is_www =
        domain.len == longest.len + 4 && ff_span_starts(domain, FF_SPAN("www."));
    return is_www && ff_span_find(longest, '.') < longest.len ? longest : domain;
}
