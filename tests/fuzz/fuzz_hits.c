/* Any bytes as hits from a pipe: they are refused with a sentence, or are hits of which
 * rollups can be made that the rollup reader takes. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "footfall/aggregate.h"
#include "footfall/hit_stream.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MEMORY ((size_t)16 << 20)

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void release_all(struct ff_aggregate *aggregate)
{
    struct ff_fault fault = { "" };
    int32_t start;
    while (ff_aggregate_earliest(aggregate, &start)) {
        struct ff_rollup *rollup;
        unsigned char *bytes;
        size_t len;
        require(ff_aggregate_release(aggregate, start, &rollup, &fault) == FF_OK);
        require(ff_rollup_encode(rollup, &bytes, &len, &fault) == FF_OK);
        free(bytes);
        ff_rollup_destroy(rollup);
    }
}

static void read_hits(struct ff_hit_reader *reader,
                      const struct ff_hit_stream_header *header)
{
    const struct ff_aggregate_settings settings = { .site = header->site,
                                                    .grain = header->grain,
                                                    .visit_timeout = 1800,
                                                    .memory_bytes = MEMORY };
    struct ff_fault fault = { "" };
    struct ff_aggregate *aggregate;
    const struct ff_hit *hits;
    size_t n;
    int64_t settled;
    bool is_end = false;
    enum ff_err err = ff_aggregate_create(&aggregate, &settings, &fault);
    while (!err && !is_end) {
        err = ff_hit_reader_next(reader, 0, &hits, &n, &fault);
        if (!err && n)
            require(ff_aggregate_add(aggregate, hits, n, &fault) == FF_OK);
        if (!err && n == 0)
            is_end = !ff_hit_reader_go_on(reader, &settled);
    }
    require(!err || (err == FF_ERR_DATA && fault.text[0]));
    release_all(aggregate);
    ff_aggregate_destroy(aggregate);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct ff_hit_reader *reader;
    struct ff_hit_stream_header header;
    struct ff_fault fault = { "" };
    const int fd = memfd_create("hits", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        return 0;
    if (ff_hit_reader_create(&reader, fd, "fuzz", 1, &header, &fault) == FF_OK) {
        read_hits(reader, &header);
        ff_hit_reader_destroy(reader);
    } else {
        require(fault.text[0] != '\0');
    }
    close(fd);
    return 0;
}
