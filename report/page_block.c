/* Packs the page's data as it is written: through deflate, then into base64. It is
 * never held as a whole. */
#include "page_data.h"

#include <zlib.h>

#define CHUNK 16384

struct packer {
    FILE *out;
    z_stream stream;
    unsigned char group[3]; /* bytes that wait for their group's others */
    size_t n_group;
};

static void put_group(struct packer *packer)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *group = packer->group;
    const size_t n = packer->n_group;
    const unsigned word = (unsigned)group[0] << 16 |
                          (n > 1 ? (unsigned)group[1] << 8 : 0) |
                          (n > 2 ? (unsigned)group[2] : 0);
    for (size_t i = 0; i < 4; i++)
        putc(i <= n ? digits[word >> (18 - 6 * i) & 63] : '=', packer->out);
    packer->n_group = 0;
}

static void put_base64(struct packer *packer, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        packer->group[packer->n_group++] = bytes[i];
        if (packer->n_group == sizeof packer->group)
            put_group(packer);
    }
}

static void deflate_all(struct packer *packer, int flush)
{
    unsigned char chunk[CHUNK];
    do {
        packer->stream.next_out = chunk;
        packer->stream.avail_out = sizeof chunk;
        /* It cannot fail on a stream that was set up, with room to write to. */
        (void)deflate(&packer->stream, flush);
        put_base64(packer, chunk, sizeof chunk - packer->stream.avail_out);
    } while (packer->stream.avail_out == 0);
}

static ssize_t take(void *cookie, const char *bytes, size_t len)
{
    struct packer *packer = (struct packer *)cookie;
    /* zlib's own type is not const, and it does not write there. */
    packer->stream.next_in = (Bytef *)(uintptr_t)bytes;
    packer->stream.avail_in = (uInt)len;
    deflate_all(packer, Z_NO_FLUSH);
    return (ssize_t)len;
}

enum ff_err ff_page_block(FILE *out, const struct ff_view *view,
                          const struct ff_render_settings *settings,
                          struct ff_fault *fault)
{
    struct packer packer = { .out = out };
    if (deflateInit(&packer.stream, 6) != Z_OK)
        return ff_fault_nomem(fault);
    FILE *pipe = fopencookie(&packer, "w", (cookie_io_functions_t) { .write = take });
    enum ff_err err =
        pipe ? ff_page_data_write(pipe, view, settings, fault) : ff_fault_nomem(fault);
    if (pipe && fclose(pipe) != 0 && !err)
        err = ff_fault_nomem(fault);
    if (!err) {
        deflate_all(&packer, Z_FINISH);
        if (packer.n_group)
            put_group(&packer);
    }
    deflateEnd(&packer.stream);
    return err;
}
