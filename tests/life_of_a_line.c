/* The life of a line: the tour of footfall as code that runs. One line of an access log
 * goes through every step of DESIGN 2 in order, by the functions that the program uses,
 * and after each step stands what is known there and what is no longer. Two sentences
 * to look for: "The address ends here" and "The individual ends here".
 *
 * In the program, ingest.c calls the steps up to the hit, aggregate.c those up to the
 * rollup, and cli/ puts them together. */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clients.h"
#include "footfall/report.h"
#include "formats.h"
#include "lines.h"
#include "release.h"

/* The line. Somebody came from a search to a shoe and looked at a page of her own. */
#define ADDRESS "198.51.100.23"
#define AGENT                                                                          \
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "          \
    "Chrome/126.0.0.0 Safari/537.36"
#define SHOE     "/shoes/red"
#define HER_PAGE "/orders/her-own"
#define DAY      20514 /* 2026-03-02, a Monday */

/* Nothing about fewer than ten visitors is published, and no table of a day with fewer
 * than fifty: so there are others who are like her in all but the address. */
#define VISITORS 60

static enum ff_err err;
static struct ff_fault fault;

/* Whether `text` occurs among the bytes of anything. */
static bool holds(const void *bytes, size_t len, const void *text, size_t text_len)
{
    return memmem(bytes, len, text, text_len) != NULL;
}

static void put_line(FILE *log, const char *address, int minute, const char *target,
                     const char *referrer)
{
    fprintf(log,
            "%s - - [02/Mar/2026:09:%02d:00 +0100] \"GET %s HTTP/1.1\" 200 5120 \"%s\" "
            "\"" AGENT "\"\n",
            address, minute, target, referrer);
}

static void write_log(char path[32])
{
    snprintf(path, 32, "/tmp/life_of_a_line.XXXXXX");
    const int fd = mkstemp(path);
    assert(fd >= 0);
    FILE *log = fdopen(fd, "w");
    assert(log);
    put_line(log, ADDRESS, 15, SHOE "?utm=x#size", "https://www.google.com/search");
    put_line(log, ADDRESS, 20, HER_PAGE, "https://shop.example" SHOE);
    for (unsigned i = 1; i < VISITORS; i++) {
        char other[32];
        snprintf(other, sizeof other, "198.51.%u.%u", 100 + i % 8, 100 + i);
        put_line(log, other, 15, SHOE, "https://www.google.com/");
        put_line(log, other, 20, "/cart", "https://shop.example" SHOE);
    }
    assert(fclose(log) == 0);
}

/* What ingest holds: each part is for one step. */
struct ingest {
    struct ff_secret secret;
    struct ff_keyring *keyring;
    struct ff_agents *agents;
    struct ff_exclusions *exclusions;
    struct ff_client_memo *memo;
    struct ff_clients *clients;
    struct ff_referrers *referrers;
    struct ff_fields *fields;
};

static void open_ingest(struct ingest *in)
{
    const struct ff_ingest_settings nothing_is_excluded = { 0 };
    const struct ff_span own_host = FF_SPAN("shop.example");
    assert(ff_secret_init(&in->secret));
    err = ff_keyring_create(&in->keyring, &fault);
    assert(!err);
    err = ff_agents_create(&in->agents, &fault);
    assert(!err);
    err = ff_exclusions_create(&in->exclusions, &nothing_is_excluded, &fault);
    assert(!err);
    err = ff_client_memo_create(&in->memo, &fault);
    assert(!err);
    const struct ff_clients_parts parts = { .memo = in->memo,
                                            .keyring = in->keyring,
                                            .agents = in->agents,
                                            .exclusions = in->exclusions,
                                            .secret = &in->secret };
    err = ff_clients_create(&in->clients, &parts, &fault);
    assert(!err);
    err = ff_fields_create(&in->fields, &in->secret, in->exclusions, &fault);
    assert(!err);
    err = ff_referrers_create(&in->referrers, &own_host, 1, &fault);
    assert(!err);
    ff_fields_set_referrers(in->fields, in->referrers);
}

static void close_ingest(struct ingest *in)
{
    ff_fields_destroy(in->fields);
    ff_referrers_destroy(in->referrers);
    ff_clients_destroy(in->clients);
    ff_client_memo_destroy(in->memo);
    ff_exclusions_destroy(in->exclusions);
    ff_agents_destroy(in->agents);
    ff_keyring_destroy(in->keyring);
}

/* Steps 4 and 5 for any line: a record becomes a hit. */
static struct ff_hit hit_of(struct ingest *in, const struct ff_record *record,
                            uint64_t line)
{
    struct ff_hit hit = { .time = record->time, .order = line };
    enum ff_client_fate fate;
    struct ff_group_line look = { .record = *record, .period = DAY };
    ff_clients_look(in->clients, &look, 1);
    err =
        ff_fields_read(in->fields, record, look.hash.target, &look.found, &hit, &fault);
    assert(!err);
    if (look.found.is_asking)
        err = ff_fields_tell(in->fields, record, &look.found, &hit, &fault);
    assert(!err);
    err = ff_client_read(in->clients, &look, &hit, &fate, &fault);
    assert(!err && fate == FF_CLIENT_COUNTS);
    return hit;
}

static void take_in(struct ff_visitors *visitors, const struct ff_hit *hit)
{
    err = ff_visitors_add(visitors, hit, 1, &fault);
    assert(!err);
}

/* Steps 1 to 6: the file's lines become entries in a table of visitors. */
static void from_file_to_visitors(struct ingest *in, struct ff_visitors *visitors,
                                  const char *path)
{
    /* 1. source: the file's bytes, decompressed if they had to be. */
    struct ff_source *source;
    err = ff_source_open(&source, path, &fault);
    assert(!err);

    /* 2. lines: a block of whole lines, and the first line cut off it. It is all there,
     * in a buffer that is wiped when it is closed. */
    struct ff_lines *lines;
    struct ff_block block;
    struct ff_span text, line;
    err = ff_lines_open(&lines, source, &fault);
    assert(!err);
    err = ff_lines_next(lines, &block, &fault);
    assert(!err && block.offset == 0 && !block.is_long);
    text = block.text;
    assert(ff_line_cut(&text, &line));
    assert(ff_span_starts(line, FF_SPAN(ADDRESS " - - [02/Mar/2026")));

    /* 3. format: the line is a record of spans that point into it. A record may
     * identify a person and never leaves ingest. */
    struct ff_guess guess;
    struct ff_parser parser;
    struct ff_record record;
    err = ff_format_guess(block.text, &guess, &fault);
    assert(!err && strcmp(guess.format->name, "combined") == 0);
    err = ff_parser_open(&parser, guess.format, NULL, &fault);
    assert(!err);
    assert(ff_parser_read(&parser, line, &record) == FF_REJECT_NONE);
    assert(ff_span_equal(record.client, FF_SPAN(ADDRESS)));
    assert(ff_span_equal(record.target, FF_SPAN(SHOE "?utm=x#size")));
    assert(record.time == DAY * (int64_t)FF_DAY_SECONDS + 8 * 3600 + 15 * 60);

    /* 4. fields: what was asked for, and where from, in words of the site and of closed
     * lists. The URL's query and the referrer's path end here. What was made of them
     * before is looked up, and of the client of step 5: both are hashed at once. */
    struct ff_hit hit = { .time = record.time, .order = 1 };
    struct ff_group_line look = { .record = record, .period = DAY };
    ff_clients_look(in->clients, &look, 1);
    err = ff_fields_read(in->fields, &record, look.hash.target, &look.found, &hit,
                         &fault);
    assert(!err && hit.kind == FF_PAGE_VIEW && look.found.is_asking);
    err = ff_fields_tell(in->fields, &record, &look.found, &hit, &fault);
    assert(!err);
    assert(ff_span_equal(hit.key, FF_SPAN(SHOE)));
    assert(hit.origin->channel == FF_SEARCH_ENGINE);
    assert(ff_span_equal(hit.origin->name, FF_SPAN("Google")));

    /* 5. deidentify: address and agent become two numbers under a random key of this
     * day, which is in memory only. The address ends here: nothing in the hit is it. */
    static const unsigned char address[4] = { 198, 51, 100, 23 };
    enum ff_client_fate fate;
    err = ff_client_read(in->clients, &look, &hit, &fate, &fault);
    assert(!err && fate == FF_CLIENT_COUNTS && hit.has_client);
    assert(hit.visitor != 0 && hit.net != 0);
    assert(ff_span_equal(hit.agent->browser, FF_SPAN("Chrome 126")));
    assert(!holds(&hit, sizeof hit, address, sizeof address));
    assert(!holds(&hit, sizeof hit, ADDRESS, strlen(ADDRESS)));

    /* 6. visitors: the hit is one event in the list of its token; where she came from
     * rides on it. */
    take_in(visitors, &hit);
    const struct ff_visitor *her = ff_visitors_at(visitors, 0);
    assert(visitors->n == 1 && her->visitor == hit.visitor && her->n_events == 2);
    assert(ff_event_kind(&her->events[0]) == FF_EVENT_PAGE);
    assert(ff_event_at(&her->events[0]) == 8 * 3600 + 15 * 60);

    /* The other lines go the same way; a second line of hers is the same visitor's. */
    for (uint64_t n = 2; ff_line_cut(&text, &line); n++) {
        assert(ff_parser_read(&parser, line, &record) == FF_REJECT_NONE);
        hit = hit_of(in, &record, n);
        take_in(visitors, &hit);
        assert(n != 2 || (visitors->n == 1 && her->n_events == 3));
    }
    assert(visitors->n == VISITORS);
    ff_parser_close(&parser);
    ff_lines_close(lines);
}

/* The day is over: its key is wiped, and the same line would be somebody else. */
static void forget_the_key(struct ingest *in, const struct ff_visitors *visitors)
{
    static const char again[] =
        ADDRESS " - - [02/Mar/2026:09:15:00 +0100] \"GET " SHOE " HTTP/1.1\" 200 5120 "
                "\"-\" \"" AGENT "\"";
    struct ff_parser parser;
    struct ff_record record;
    err = ff_parser_open(&parser, ff_format_named("combined"), NULL, &fault);
    assert(!err);
    assert(ff_parser_read(&parser, ff_span_of(again), &record) == FF_REJECT_NONE);
    struct ff_hit hit = hit_of(in, &record, 1);
    assert(hit.visitor == ff_visitors_at(visitors, 0)->visitor);
    ff_client_memo_forget(in->memo, DAY);
    ff_keyring_forget(in->keyring, DAY);
    hit = hit_of(in, &record, 1);
    assert(hit.visitor != ff_visitors_at(visitors, 0)->visitor);
    ff_parser_close(&parser);
}

/* Step 7: her list, in order of time, is one visit of two pages. */
static void from_visitor_to_visits(const struct ff_visitors *visitors)
{
    struct ff_walk walk = { 0 };
    struct ff_visit visit;
    const struct ff_visitor *her = ff_visitors_at(visitors, 0);
    assert(ff_walk_begin(&walk, her->events, her->n_events, visitors->visit_timeout));
    assert(ff_walk_next(&walk, &visit));
    assert(visit.n_pages == 2 && visit.n_downloads == 0 && visit.n_searches == 0);
    assert(visit.pages[1].at - visit.pages[0].at == 300);
    assert(ff_span_equal(ff_names_get(&visitors->words.keys, visit.pages[1].page),
                         FF_SPAN(HER_PAGE)));
    assert(!ff_walk_next(&walk, &visit));
    ff_walk_clear(&walk);
}

static bool is_row(const struct ff_rollup *rollup, const char *page, uint64_t visitors)
{
    const struct ff_table_data *pages = &rollup->tables[FF_PAGES];
    for (size_t i = 0; i < pages->n_rows; i++)
        if (ff_span_equal(pages->rows[i].key[0], ff_span_of(page)))
            return pages->rows[i].measures[2] == visitors;
    return false;
}

/* Step 8: all visits become exact counts, and of those only what is about many people
 * becomes a rollup. */
static struct ff_rollup *from_visits_to_rollup(struct ff_visitors *visitors,
                                               const struct ff_aggregate_settings *how)
{
    /* The crowd is all visitors, grouped by network, of all threads that took hits in:
     * here it was one. */
    struct ff_crowd crowd;
    err = ff_crowd_join(&crowd, &visitors, 1, &fault);
    assert(!err && crowd.n == VISITORS);

    /* The tally is exact and never written: her own page is in it, with one visitor. */
    const struct ff_threshold least[FF_TABLES] = { [FF_PAGES] = { 10, 5 } };
    struct ff_keys keys;
    struct ff_tally tally;
    err = ff_keys_init(&keys, crowd.words, NULL, 0, &fault);
    assert(!err);
    err = ff_tally_init(&tally, &crowd, &keys, least, SIZE_MAX, &fault);
    assert(!err);
    err = ff_tally_walk(&tally, 0, crowd.n, &fault);
    assert(!err && tally.totals.visitors == VISITORS);
    const struct ff_cells *pages = &tally.tables[FF_PAGES];
    const uint32_t hers = ff_names_id(&crowd.words->keys, FF_SPAN(HER_PAGE));
    assert(pages->cells[ff_cells_find(pages, hers)].visitors == 1);
    ff_tally_clear(&tally);
    ff_keys_clear(&keys);
    ff_crowd_clear(&crowd);

    /* release: the shoe is a row, her page is one view in "other". Another page had to
     * go there too, so that "other" is not she alone. The individual ends here. */
    struct ff_rollup *rollup;
    unsigned folded;
    err = ff_release(&visitors, 1, how, &rollup, &folded, &fault);
    assert(!err && rollup->has_totals && rollup->totals.visitors == VISITORS);
    assert(is_row(rollup, SHOE, VISITORS));
    assert(rollup->tables[FF_PAGES].n_rows == 1);
    assert(rollup->tables[FF_PAGES].other == VISITORS);
    assert(rollup->tables[FF_PAGES].total == 2 * VISITORS);
    return rollup;
}

/* Step 9: the rollup as bytes for a file, and back. They hold no address, no token, and
 * no page that was hers alone. */
static struct ff_rollup *through_a_file(const struct ff_rollup *rollup,
                                        const struct ff_visitor *her)
{
    unsigned char *bytes;
    size_t len, used;
    struct ff_rollup *read;
    err = ff_rollup_encode(rollup, &bytes, &len, &fault);
    assert(!err);
    assert(holds(bytes, len, SHOE, strlen(SHOE)));
    assert(!holds(bytes, len, HER_PAGE, strlen(HER_PAGE)));
    assert(!holds(bytes, len, ADDRESS, strlen(ADDRESS)));
    assert(!holds(bytes, len, &her->visitor, sizeof her->visitor));
    assert(!holds(bytes, len, &her->net, sizeof her->net));
    err = ff_rollup_decode(&read, bytes, len, &used, "monday.cbor", &fault);
    assert(!err && used == len);
    free(bytes);
    return read;
}

/* Steps 10 and 11: rollups of any number of days are one view, and that is text. */
static void from_rollup_to_text(struct ff_rollup *rollup)
{
    struct ff_rollup_list days = { 0 };
    err = ff_rollup_list_add(&days, rollup, &fault);
    assert(!err);
    const struct ff_view_settings settings = { .version = "tour" };
    struct ff_view *view;
    err = ff_view_create(&view, &days, &settings, &fault);
    assert(!err);

    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert(out);
    const struct ff_render_settings page = { .rows = 10, .columns = 100 };
    err = ff_renderer_text()->render(out, view, &page, &fault);
    assert(!err && fclose(out) == 0);
    assert(holds(text, len, SHOE, strlen(SHOE)));
    assert(holds(text, len, "60", 2));
    assert(!holds(text, len, HER_PAGE, strlen(HER_PAGE)));
    assert(!holds(text, len, "198.51.", 7));
    free(text);
    ff_view_destroy(view);
    ff_rollup_list_clear(&days);
}

int main(void)
{
    const struct ff_aggregate_settings how = { .site = "shop.example",
                                               .grain = FF_DAY,
                                               .profile = FF_INTERNAL_PROFILE,
                                               .visit_timeout = 1800,
                                               .memory_bytes = (size_t)64 << 20 };
    char path[32];
    struct ingest in = { 0 };
    struct ff_visitors visitors;
    write_log(path);
    open_ingest(&in);
    struct ff_budget budget = { .cap = how.memory_bytes };
    ff_visitors_init(&visitors, &in.secret, &budget, &how, DAY);

    from_file_to_visitors(&in, &visitors, path);
    forget_the_key(&in, &visitors);
    from_visitor_to_visits(&visitors);
    struct ff_rollup *rollup = from_visits_to_rollup(&visitors, &how);
    struct ff_rollup *read = through_a_file(rollup, ff_visitors_at(&visitors, 0));
    ff_rollup_destroy(rollup);
    ff_visitors_clear(&visitors);
    close_ingest(&in);
    from_rollup_to_text(read);

    unlink(path);
    return 0;
}
