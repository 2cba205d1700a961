#include "unreadable.h"

static const struct {
    struct ff_magic magic;
    const char *why;
} kinds[] = {
    { { FF_SPAN("PK\3\4"), 0, 0 }, "a zip archive; unpack it first" },
    { { FF_SPAN("PK\5\6"), 0, 0 }, "an empty zip archive" },
    { { FF_SPAN("\x1f\x9d"), 0, 0 }, "packed by compress; unpack it with gzip -d" },
    { { FF_SPAN("7z\xbc\xaf\x27\x1c"), 0, 0 }, "a 7z archive; unpack it first" },
    { { FF_SPAN("Rar!\x1a\7"), 0, 0 }, "a rar archive; unpack it first" },
    { { FF_SPAN("\x04\x22\x4d\x18"), 0, 0 }, "packed by lz4; unpack it with lz4 -d" },
    { { FF_SPAN("LZIP\1"), 0, 0 }, "packed by lzip; unpack it with lzip -d" },
    { { FF_SPAN("\x89LZO\0\r\n"), 0, 0 }, "packed by lzop; unpack it with lzop -d" },
    { { FF_SPAN("LPKSHHRH"), 0, 0 },
      "a systemd journal; journalctl writes it as text" },
};

const char *ff_unreadable(struct ff_span head, bool *needs_more)
{
    *needs_more = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const enum ff_magic_match match = ff_magic_match(&kinds[i].magic, head);
        if (match == FF_MAGIC_YES)
            return kinds[i].why;
        *needs_more |= match == FF_MAGIC_SO_FAR;
    }
    return NULL;
}
