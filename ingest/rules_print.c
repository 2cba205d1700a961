/* All lists, for people: what a line counts as is no secret. The words that they serve
 * are report's (ff_report_print_words). */
#include <errno.h>
#include <inttypes.h>

#include "agents_data.h"
#include "footfall/ingest.h"
#include "referrer_table.h"
#include "rules.h"

#define COLUMNS 80

/* A list of items in lines of at most COLUMNS bytes. Each is ours: no log's text. */
struct lines {
    FILE *out;
    size_t at; /* bytes of the line so far */
};

static void put_item(struct lines *lines, const char *item, size_t len)
{
    if (lines->at == 0 || lines->at + 1 + len > COLUMNS) {
        fputs(lines->at ? "\n  " : "  ", lines->out);
        lines->at = 2;
    } else {
        putc(' ', lines->out);
        lines->at++;
    }
    fwrite(item, 1, len, lines->out);
    lines->at += len;
}

static void end_list(struct lines *lines)
{
    fputs(lines->at ? "\n" : "", lines->out);
    lines->at = 0;
}

static void print_lists(FILE *out)
{
    for (int i = 0; i < FF_RULES_COUNT; i++) {
        const struct ff_rules_list *list = ff_rules_list((enum ff_rules)i);
        struct lines lines = { out, 0 };
        fprintf(out, "\n%s (%zu)\n", list->title, list->n_items);
        for (size_t j = 0; j < list->n_items; j++)
            put_item(&lines, list->items[j].data, list->items[j].len);
        end_list(&lines);
    }
}

/* Calls for each rule of a channel; gives how many there are. */
static uint16_t last_product(enum ff_channel channel, uint32_t *n_rules)
{
    uint16_t last = 0;
    *n_rules = 0;
    for (uint32_t slot = 0; slot <= ff_referrer_host_slots_mask; slot++) {
        if (!ff_referrer_host_slots[slot])
            continue;
        const struct ff_referrer_rule *rule =
            &ff_referrer_rules[ff_referrer_host_slots[slot] - 1];
        for (;; rule++) {
            last = rule->product > last ? rule->product : last;
            *n_rules += ff_referrer_products[rule->product].channel == channel;
            if (!rule->has_next)
                break;
        }
    }
    return last;
}

static void print_channel(FILE *out, enum ff_channel channel, const char *title)
{
    uint32_t n_rules, n_products = 0;
    struct lines lines = { out, 0 };
    const uint16_t last = last_product(channel, &n_rules);
    for (uint32_t i = 0; i <= last; i++)
        n_products += ff_referrer_products[i].channel == channel;
    fprintf(out, "\n%s (%" PRIu32 " by %" PRIu32 " hosts)\n", title, n_products,
            n_rules);
    for (uint32_t i = 0; i <= last; i++) {
        const struct ff_referrer_product *product = &ff_referrer_products[i];
        char item[128];
        if (product->channel != channel)
            continue;
        const int len = snprintf(item, sizeof item, "%.*s;", (int)product->name.len,
                                 product->name.data);
        put_item(&lines, item, (size_t)len);
    }
    end_list(&lines);
}

static void print_robots(FILE *out)
{
    const struct ff_agents_data *data = &ff_agents_data;
    const uint16_t first = data->sections[FF_SECTION_AI].first;
    const uint16_t end = data->sections[FF_SECTION_AI].end;
    fprintf(out, "\nAI robots (%u patterns: name, who runs it, what for)\n",
            end - first);
    for (uint16_t i = first; i < end; i++) {
        const struct ff_pattern *p = &data->patterns[i];
        const struct ff_span name = data->words[p->word], by = data->words[p->operator];
        const struct ff_span why = data->words[p->purpose];
        fprintf(out, "  %-28.*s %-24.*s %.*s\n", (int)name.len, name.data, (int)by.len,
                by.data, (int)why.len, why.data);
    }
    fprintf(out, "\nother robots (%d patterns of agents; %s)\n",
            data->sections[FF_SECTION_ROBOT].end -
                data->sections[FF_SECTION_ROBOT].first,
            data->sources);
}

enum ff_err ff_ingest_print_rules(FILE *out, struct ff_fault *fault)
{
    print_lists(out);
    print_channel(out, FF_AI_ASSISTANT, "referrers: AI assistants");
    print_channel(out, FF_SEARCH_ENGINE, "referrers: search engines");
    print_channel(out, FF_SOCIAL_NETWORK, "referrers: social networks");
    print_channel(out, FF_EMAIL, "referrers: mail");
    print_robots(out);
    if (!ferror(out))
        return FF_OK;
    return ff_fault_set(fault, FF_ERR_IO, "cannot write the rules: %s",
                        strerror(errno));
}
