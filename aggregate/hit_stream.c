#include "hit_stream_form.h"

#define COLUMN(member, tag)                                                            \
    {                                                                                  \
#member, offsetof(struct ff_stream_columns, member), tag,                      \
            sizeof((struct ff_stream_columns *)0)->member[0]                           \
    }

/* As they lie in memory they are written and read. */
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "columns are little-endian");

const struct ff_stream_column ff_stream_columns[FF_STREAM_COLUMNS] = {
    [FF_TEXT_LEN] = COLUMN(len, FF_STREAM_U16),
    [FF_TEXT_NUMBER] = COLUMN(number, FF_STREAM_U32),
    [FF_ORIGIN_CHANNEL] = COLUMN(channel, FF_STREAM_U8),
    [FF_ORIGIN_NAME] = COLUMN(name, FF_STREAM_U16),
    [FF_ORIGIN_MEDIUM] = COLUMN(medium, FF_STREAM_U16),
    [FF_ORIGIN_CAMPAIGN] = COLUMN(campaign, FF_STREAM_U16),
    [FF_ORIGIN_TERM] = COLUMN(origin_term, FF_STREAM_U16),
    [FF_ORIGIN_NUMBER] = COLUMN(origin_number, FF_STREAM_U32),
    [FF_HIT_TIME] = COLUMN(time, FF_STREAM_I64),
    [FF_HIT_ORDER] = COLUMN(order, FF_STREAM_U64),
    [FF_HIT_NET] = COLUMN(net, FF_STREAM_U64),
    [FF_HIT_VISITOR] = COLUMN(visitor, FF_STREAM_U64),
    [FF_HIT_BYTES] = COLUMN(bytes, FF_STREAM_U64),
    [FF_HIT_AGENT] = COLUMN(agent, FF_STREAM_U16),
    [FF_HIT_ORIGIN] = COLUMN(origin, FF_STREAM_U16),
    [FF_HIT_KEY] = COLUMN(key, FF_STREAM_U16),
    [FF_HIT_TERM] = COLUMN(term, FF_STREAM_U16),
    [FF_HIT_LINES] = COLUMN(lines, FF_STREAM_U32),
    [FF_HIT_STATUS] = COLUMN(status, FF_STREAM_U16),
    [FF_HIT_COUNTRY] = COLUMN(country, FF_STREAM_U16),
    [FF_HIT_LANGUAGE] = COLUMN(language, FF_STREAM_U16),
    [FF_HIT_KIND] = COLUMN(kind, FF_STREAM_U8),
    [FF_HIT_METHOD] = COLUMN(method, FF_STREAM_U8),
    [FF_HIT_RESPONSE] = COLUMN(response, FF_STREAM_U8),
    [FF_HIT_FLAGS] = COLUMN(flags, FF_STREAM_U8),
};
