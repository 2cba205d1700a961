/* Packs the page's data. It is held as a whole: a few times the size of a page. */
#include "page_data.h"

#include <stdlib.h>

#include <zlib.h>

static void put_base64(FILE *out, const unsigned char *bytes, size_t len)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < len; at += 3) {
        const size_t n = len - at < 3 ? len - at : 3;
        const unsigned word = (unsigned)bytes[at] << 16 |
                              (n > 1 ? (unsigned)bytes[at + 1] << 8 : 0) |
                              (n > 2 ? (unsigned)bytes[at + 2] : 0);
        for (size_t i = 0; i < 4; i++)
            putc(i <= n ? digits[word >> (18 - 6 * i) & 63] : '=', out);
    }
}

static enum ff_err put_packed(FILE *out, const char *json, size_t len,
                              struct ff_fault *fault)
{
    uLongf n = compressBound(len);
    unsigned char *packed = (unsigned char *)malloc(n);
    enum ff_err err = FF_OK;
    if (packed && compress2(packed, &n, (const unsigned char *)json, len, 6) == Z_OK)
        put_base64(out, packed, n);
    else
        err = ff_fault_nomem(fault);
    free(packed);
    return err;
}

enum ff_err ff_page_block(FILE *out, const struct ff_view *view,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault)
{
    char *json = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&json, &len);
    if (!memory)
        return ff_fault_nomem(fault);
    enum ff_err err = ff_page_data_write(memory, view, settings, fault);
    if (fclose(memory) != 0 && !err)
        err = ff_fault_nomem(fault);
    if (!err)
        err = put_packed(out, json, len, fault);
    free(json);
    return err;
}
