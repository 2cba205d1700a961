/* Any text behind one of the carriers, which the first byte says: what is taken off a
 * line leaves a part of it, or less text than it was; a line read behind a prefix has a
 * column within the line. The choice among carriers is fuzz_line's. */
#include <stdint.h>
#include <stdlib.h>

#include "formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void strip_lines(enum ff_carrier_kind kind, struct ff_span text)
{
    struct ff_carrier carrier;
    struct ff_fault fault;
    struct ff_span line;
    uint64_t sum = 0;
    require(ff_carrier_open(&carrier, kind, &fault) == FF_OK);
    while (ff_line_cut(&text, &line)) {
        const struct ff_span bare = ff_carrier_strip(&carrier, line);
        require(bare.len + carrier.offset <= line.len);
        require(ff_carrier_has_prefix(kind, line) || ff_span_equal(bare, line));
        for (size_t i = 0; i < bare.len; i++)
            sum += (unsigned char)bare.data[i];
        for (size_t i = 0; i < carrier.tag.len; i++)
            sum += (unsigned char)carrier.tag.data[i];
        (void)ff_carrier_is_foreign(&carrier);
        ff_carrier_note(&carrier);
        sum += ff_is_server_message(bare);
    }
    require(sum != UINT64_MAX);
    ff_carrier_close(&carrier);
}

static void read_lines(const struct ff_guess *guess, struct ff_span text)
{
    struct ff_parser parser;
    struct ff_fault fault;
    struct ff_span line;
    struct ff_record record;
    require(ff_parser_open_guess(&parser, guess, NULL, &fault) == FF_OK);
    while (ff_line_cut(&text, &line)) {
        if (ff_parser_read(&parser, line, &record) == FF_REJECT_NONE)
            require(record.client.len > 0);
        else
            require(parser.column >= 1 && parser.column <= line.len + 1);
    }
    ff_parser_close(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const enum ff_carrier_kind kind = data[0] % FF_CARRIERS;
    const struct ff_span text = { (const char *)data + 1, size - 1 };
    const struct ff_guess combined = { .format = ff_format_named("combined"),
                                       .carrier = kind };
    strip_lines(kind, text);
    read_lines(&combined, text);
    return 0;
}
