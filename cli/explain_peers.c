/* The table of peers: two figures and a sentence for each. Few visitors are not named
 * by their number here either. */
#include "explain.h"
#include "paragraph.h"

#define LEAST 10 /* as the k of a day */

static const struct {
    const char *name, *why;
} words[FF_PEERS] = {
    [FF_PEER_GOACCESS] = { "GoAccess",
                           "one address and agent within a day, by the log's clock; "
                           "robots count, an asset alone makes a visitor, a client "
                           "error does not; it has no visits" },
    [FF_PEER_AWSTATS] = { "AWStats",
                          "one address within a month, whatever its agents; robots "
                          "only by agent; POST, HEAD, feeds and APIs make pages too; "
                          "60 "
                          "minutes between two pages end a visit, and so does "
                          "midnight" },
    [FF_PEER_WEBALIZER] = { "Webalizer",
                            "one address within a month; robots count, and errors and "
                            "redirects make pages; 30 minutes between two pages end a "
                            "visit, whatever else is asked for meanwhile" },
    [FF_PEER_MATOMO] = { "Matomo import",
                         "one address and agent within a day; robots only by agent; "
                         "feeds and APIs are actions too; 30 minutes end a visit" },
};

static struct ff_figure small(uint64_t n, bool is_least)
{
    struct ff_figure figure = { "under 10" };
    if (n == 0 || n >= LEAST)
        figure = ff_figure(n);
    const size_t len = strlen(figure.text);
    if (is_least && len + 2 <= sizeof figure.text)
        memcpy(figure.text + len, "+", 2);
    return figure;
}

static void put_row(const char *name, const char *visitors, const char *visits,
                    const char *why)
{
    printf("  %-14s %12s %12s\n      ", name, visitors, visits);
    ff_paragraph(stdout, why, 6);
}

static void put_own(const struct ff_own_count *own, const struct ff_options *o)
{
    static const char *const grains[] = { "day", "week", "month" };
    const char *grain = grains[o->grain];
    char why[400], withheld[80] = "";
    const bool is_known = own->periods > own->withheld;
    if (own->withheld)
        snprintf(withheld, sizeof withheld,
                 "; %ss with too few visitors are left out (%u of %u)", grain,
                 own->withheld, own->periods);
    snprintf(why, sizeof why,
             "one address and agent within a %s of %s, with at least one visit; robots "
             "by agent and by what they do are set aside; a visit holds a page view or "
             "download and ends after %u minutes without a hit%s",
             grain, o->zone.name, o->visit_timeout / 60, withheld);
    put_row("footfall", is_known ? ff_figure(own->visitors).text : "-",
            is_known ? ff_figure(own->visits).text : "-", why);
}

void ff_explain_peers(const struct ff_peer_count *peers, const struct ff_own_count *own,
                      const struct ff_options *options)
{
    ff_explain_title("How other tools would count these lines");
    printf("  %-14s %12s %12s\n", "", "visitors", "visits");
    put_own(own, options);
    for (int i = 0; i < FF_PEERS; i++) {
        const struct ff_figure visitors = small(peers[i].visitors, peers[i].is_capped);
        const struct ff_figure visits = small(peers[i].visits, peers[i].is_capped);
        put_row(words[i].name, visitors.text, i == FF_PEER_GOACCESS ? "-" : visits.text,
                words[i].why);
    }
    fputs("\n  ", stdout);
    ff_paragraph(
        stdout,
        "The keys and the times are theirs, the lists of robots and files are "
        "footfall's: on simulated logs in order of time GoAccess 1.7 and "
        "Webalizer 2.23 counted the same within 0.1 %, AWStats 7.8 within 1 %. "
        "AWStats and Webalizer drop lines out of order, which are counted here. "
        "A + is behind what is at least so many.",
        2);
    putchar('\n');
}
