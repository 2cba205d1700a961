#include "hit_stream_form.h"

#define COLUMN(member, tag)                                                            \
    {                                                                                  \
#member, offsetof(struct ff_stream_columns, member), tag,                      \
            sizeof((struct ff_stream_columns *)0)->member[0]                           \
    }

/* As they lie in memory they are written and read. */
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "columns are little-endian");

const struct ff_stream_column ff_stream_columns[FF_STREAM_COLUMNS] = {
    COLUMN(time, FF_STREAM_I64),       COLUMN(order, FF_STREAM_U64),
    COLUMN(net, FF_STREAM_U64),        COLUMN(visitor, FF_STREAM_U64),
    COLUMN(bytes, FF_STREAM_U64),      COLUMN(agent, FF_STREAM_U32),
    COLUMN(origin, FF_STREAM_U32),     COLUMN(key, FF_STREAM_U32),
    COLUMN(key_number, FF_STREAM_U32), COLUMN(term, FF_STREAM_U32),
    COLUMN(lines, FF_STREAM_U32),      COLUMN(status, FF_STREAM_U16),
    COLUMN(country, FF_STREAM_U16),    COLUMN(language, FF_STREAM_U16),
    COLUMN(kind, FF_STREAM_U8),        COLUMN(method, FF_STREAM_U8),
    COLUMN(response, FF_STREAM_U8),    COLUMN(flags, FF_STREAM_U8),
};
