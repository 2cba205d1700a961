/* Any text in one of the formats that have no fuzz target of their own, which the first
 * byte says: fuzz_line does the same for all of them at once, but much slower. A record
 * is whole, all of its spans can be read, and a rejected line has a column within it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_record(const struct ff_record *record)
{
    const struct ff_span spans[] = {
        record->client,   record->vhost,        record->method,     record->target,
        record->referrer, record->agent,        record->language,   record->forwarded,
        record->purpose,  record->content_type, record->fetch_dest,
    };
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        for (size_t j = 0; j < spans[i].len; j++)
            sum += (unsigned char)spans[i].data[j];
    require(sum != UINT64_MAX);
    require(record->client.len > 0 && record->status <= 999);
    require(!(record->has & FF_HAS_VHOST) || record->vhost.len);
    require(!record->method.len || record->target.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {
        "w3c", "cloudfront", "iis_full", "iis_default", "iis",  "elb",
        "s3",  "haproxy",    "squid",    "ltsv",        "zeek",
    };
    if (size == 0)
        return 0;
    struct ff_span text = { (const char *)data + 1, size - 1 }, line;
    struct ff_parser parser;
    struct ff_fault fault;
    const char *name = names[data[0] % (sizeof names / sizeof *names)];
    require(ff_parser_open(&parser, ff_format_named(name), NULL, &fault) == FF_OK);
    while (ff_line_cut(&text, &line)) {
        struct ff_record record;
        if (line.len && line.data[0] != '#')
            (void)parser.format->likeness(&parser, line);
        if (ff_parser_read(&parser, line, &record) == FF_REJECT_NONE)
            check_record(&record);
        else
            require(parser.column >= 1 && parser.column <= line.len + 1);
    }
    ff_parser_close(&parser);
    return 0;
}
