/* zstd, xz and bzip2 by their libraries, for tests: packing a member, and what the
 * library can read of some bytes, each alone. */
#ifndef FF_HAND_PACKED_H
#define FF_HAND_PACKED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <bzlib.h>
#include <lzma.h>
#include <zstd.h>

static inline void hand_require(bool is_so)
{
    if (!is_so)
        abort();
}

struct hand_packing {
    const char *name, *magic;
    size_t magic_len;
    size_t padding; /* zeros that its tool takes come in multiples of this; 0: none */
    /* One member; its length. `cap` is hand_bound(len). */
    size_t (*pack)(unsigned char *out, size_t cap, const void *data, size_t len);
    /* As far as the library gets, fed byte by byte; the length of the plain bytes. */
    size_t (*unpack)(unsigned char *out, size_t cap, const unsigned char *data,
                     size_t len);
};

static inline size_t hand_bound(size_t len)
{
    return len + len / 50 + 1024;
}

/* With a checksum and two blocks. Windows are small here: they are wiped each time. */
static inline size_t hand_pack_zstd(unsigned char *out, size_t cap, const void *data,
                                    size_t len)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    hand_require(context != NULL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 14);
    const size_t half = len / 2;
    ZSTD_inBuffer in = { data, half, 0 };
    ZSTD_outBuffer to = { out, cap, 0 };
    hand_require(ZSTD_compressStream2(context, &to, &in, ZSTD_e_flush) == 0);
    in.size = len;
    hand_require(ZSTD_compressStream2(context, &to, &in, ZSTD_e_end) == 0);
    ZSTD_freeCCtx(context);
    return to.pos;
}

static inline size_t hand_unpack_zstd(unsigned char *out, size_t cap,
                                      const unsigned char *data, size_t len)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    hand_require(context != NULL);
    ZSTD_outBuffer to = { out, cap, 0 };
    for (size_t i = 0; i < len; i++) {
        ZSTD_inBuffer in = { data + i, 1, 0 };
        if (ZSTD_isError(ZSTD_decompressStream(context, &to, &in)))
            break;
    }
    ZSTD_freeDCtx(context);
    return to.pos;
}

static inline size_t hand_pack_xz(unsigned char *out, size_t cap, const void *data,
                                  size_t len)
{
    size_t n = 0;
    lzma_options_lzma options;
    hand_require(!lzma_lzma_preset(&options, 0));
    options.dict_size = 1 << 14;
    lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
                              { LZMA_VLI_UNKNOWN, NULL } };
    hand_require(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC64, NULL, data, len,
                                           out, &n, cap) == LZMA_OK);
    return n;
}

static inline size_t hand_unpack_xz(unsigned char *out, size_t cap,
                                    const unsigned char *data, size_t len)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    hand_require(lzma_stream_decoder(&stream, UINT64_MAX, LZMA_CONCATENATED) ==
                 LZMA_OK);
    stream.next_out = out;
    stream.avail_out = cap;
    for (size_t i = 0; i < len; i++) {
        stream.next_in = data + i;
        stream.avail_in = 1;
        if (lzma_code(&stream, LZMA_RUN) != LZMA_OK)
            break;
    }
    lzma_end(&stream);
    return cap - stream.avail_out;
}

static inline size_t hand_pack_bzip2(unsigned char *out, size_t cap, const void *data,
                                     size_t len)
{
    unsigned n = (unsigned)cap;
    hand_require(BZ2_bzBuffToBuffCompress((char *)out, &n,
                                          (char *)(uintptr_t)(len ? data : ""),
                                          (unsigned)len, 1, 0, 0) == BZ_OK);
    return n;
}

static inline size_t hand_unpack_bzip2(unsigned char *out, size_t cap,
                                       const unsigned char *data, size_t len)
{
    bz_stream stream = { 0 };
    hand_require(BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK);
    stream.next_out = (char *)out;
    stream.avail_out = (unsigned)cap;
    for (size_t i = 0; i < len; i++) {
        stream.next_in = (char *)(uintptr_t)(data + i);
        stream.avail_in = 1;
        const int result = BZ2_bzDecompress(&stream);
        if (result == BZ_STREAM_END) {
            BZ2_bzDecompressEnd(&stream);
            hand_require(BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK);
        } else if (result != BZ_OK) {
            break;
        }
    }
    BZ2_bzDecompressEnd(&stream);
    return cap - stream.avail_out;
}

enum { HAND_PACKINGS = 3 };

static const struct hand_packing hand_packings[HAND_PACKINGS] = {
    { "zstd", "\x28\xb5\x2f\xfd", 4, 0, hand_pack_zstd, hand_unpack_zstd },
    { "xz", "\xfd\x37zXZ", 6, 4, hand_pack_xz, hand_unpack_xz },
    { "bzip2", "BZh11AY&SY", 10, 1, hand_pack_bzip2, hand_unpack_bzip2 },
};

#endif
