/* A source: the bytes of one input, decompressed. What a file is is told by its first
 * bytes, not by its name. Reads are sequential; memory is flat. */
#ifndef FF_SOURCE_H
#define FF_SOURCE_H

#include <stdint.h>

#include "footfall/err.h"
#include "footfall/ingest.h"
#include "footfall/span.h"

struct ff_source;

/* `path` is a file's or "-" for standard input, and must live until close. The first
 * bytes are read, so that a file that cannot be read fails here. On FF_OK *out is the
 * caller's. FF_ERR_IO, FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_source_open(struct ff_source **out, const char *path,
                                       struct ff_fault *fault);

/* The same; a pipe is waited for as `idle` says, from its first byte on. */
FF_MUST_USE enum ff_err ff_source_open_idle(struct ff_source **out, const char *path,
                                            const struct ff_idle *idle,
                                            struct ff_fault *fault);

/* Which file it was that has been read before, and its least size. */
struct ff_source_file {
    uint64_t device, inode, bytes;
};
struct ff_source_file ff_source_file(const struct ff_source *source);

/* Opens it again. FF_ERR_IO also if another file has that name by now, or it has become
 * shorter: logs are rotated while they are read. */
FF_MUST_USE enum ff_err ff_source_open_again(struct ff_source **out, const char *path,
                                             const struct ff_source_file *file,
                                             struct ff_fault *fault);

/* Up to `cap` decompressed bytes into `buffer`; *got is 0 only at the end. May give
 * less than `cap` before the end (a pipe). Damage (a cut-off or corrupt member) ends
 * the source after what came before it, is no error, and shows in ff_source_damage.
 * FF_ERR_IO: a read failed, with path and offset, or the file has become shorter since
 * it was opened. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_source_read(struct ff_source *source, char *buffer,
                                       size_t cap, size_t *got, struct ff_fault *fault);

/* The next read gives less than `cap` only at the end, or when no more has come for
 * `ms` milliseconds in all (FF_LOOK_WHOLE: it waits as long as it takes): what is read
 * off a pipe's first text must not depend on how its writer cut it. */
void ff_source_fill_next(struct ff_source *source, int ms);

/* Whether it is a file that is not compressed: then any thread may read any of it. */
bool ff_source_is_plain_file(const struct ff_source *source);

/* The bytes of a plain file from `at` on; *got is less than `cap` only at its end.
 * Leaves ff_source_read where it is. FF_ERR_IO as there. */
FF_MUST_USE enum ff_err ff_source_read_at(const struct ff_source *source, uint64_t at,
                                          char *buffer, size_t cap, size_t *got,
                                          struct ff_fault *fault);

/* A sentence such as "access.log.gz: cut off at byte 8192 of the compressed file", or
 * NULL. Valid until close. */
const char *ff_source_damage(const struct ff_source *source);

/* "gzip" and so on; NULL for what is not compressed. Static storage. */
const char *ff_source_compression(const struct ff_source *source);

/* Bytes read of the input as it is, and its size (0 where it has none: a pipe). */
uint64_t ff_source_bytes_read(const struct ff_source *source);
uint64_t ff_source_bytes_total(const struct ff_source *source);

/* Wipes and frees the buffers. NULL is allowed. */
void ff_source_close(struct ff_source *source);

/* BEST is ISA-L for files that can be sought, in a build that has it and on a processor
 * with AVX2; else zlib. Tests turn it off to compare. */
enum ff_inflate { FF_INFLATE_BEST, FF_INFLATE_ZLIB };
FF_MUST_USE enum ff_err ff_source_open_with(struct ff_source **out, const char *path,
                                            enum ff_inflate inflate,
                                            struct ff_fault *fault);

#endif
