/* The bytes of one input. A file that can be sought is looked at with pread, so that
 * its reads begin at 0 and stay aligned; a pipe's first bytes are kept and given first.
 *
 * Plain bytes go straight into the caller's buffer. Compressed ones go through one
 * chunk of a fixed size, which held addresses and is wiped at close.
 *
 * A pipe is handed on as it comes, for a live log; a file fills the caller's buffer. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "decoder.h"
#include "unreadable.h"

enum { IDLE_MS = 100 }; /* so often an idle pipe's owner is called */
enum { CHUNK_BYTES = 256 * 1024, PAGE_BYTES = 4096, HEAD_BYTES = 16 };

static const struct ff_decoder *const decoders[] = {
    &ff_decoder_gzip,
    &ff_decoder_zstd,
    &ff_decoder_xz,
    &ff_decoder_bzip2,
};
enum { N_DECODERS = sizeof decoders / sizeof *decoders };

struct ff_source {
    char name[176]; /* the path as sentences show it */
    char damage[256];
    int fd;
    bool is_seekable;
    bool is_over; /* nothing more will be given */
    struct ff_idle idle;
    int fill_ms; /* see ff_source_fill_next */
    off_t start; /* where a standard input that is a file stood */
    dev_t device;
    ino_t inode;
    uint64_t at, n_read, total;

    unsigned char head[HEAD_BYTES]; /* a pipe's first bytes, not given yet */
    size_t head_at, head_len;

    const struct ff_decoder *decoder; /* NULL: plain */
    void *state;
    unsigned char *chunk;
    size_t chunk_at, chunk_len;
    bool is_last_chunk;
};

/* A path's end is what tells files apart. Control bytes would reach a terminal. */
static void set_name(struct ff_source *source, const char *path)
{
    const size_t cap = sizeof source->name, len = strlen(path);
    if (strcmp(path, "-") == 0)
        snprintf(source->name, cap, "standard input");
    else if (len < cap)
        snprintf(source->name, cap, "%s", path);
    else
        snprintf(source->name, cap, "...%s", path + len - (cap - 4));
    for (char *c = source->name; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
}

static enum ff_err refused(const struct ff_source *source, const char *what,
                           uint64_t at, struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_IO, "%s: %s at byte %llu: %s", source->name, what,
                        (unsigned long long)at, strerror(errno));
}

/* Rotated by copytruncate, for example. What was read so far is not the whole file. */
static enum ff_err changed(const struct ff_source *source, const char *what,
                           struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_IO,
                        "%s: %s while it was being read (rotated?); run again",
                        source->name, what);
}

/* A pipe that someone else made non-blocking is waited for all the same. */
static bool can_try_again(int fd)
{
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

/* Waits for the pipe to give something or to end; false when it is to end here. */
static bool wait_idle(const struct ff_source *source)
{
    struct pollfd wait = { .fd = source->fd, .events = POLLIN };
    while (poll(&wait, 1, IDLE_MS) <= 0)
        if (!source->idle.call(source->idle.context))
            return false;
    return true;
}

/* One read. *got is 0 only at the end. */
static enum ff_err read_some(struct ff_source *source, void *buffer, size_t cap,
                             size_t *got, struct ff_fault *fault)
{
    ssize_t n;
    *got = 0;
    if (source->idle.call && !source->is_seekable && !wait_idle(source)) {
        source->is_over = true;
        return FF_OK;
    }
    do
        n = read(source->fd, buffer, cap);
    while (n < 0 && can_try_again(source->fd));
    *got = n > 0 ? (size_t)n : 0;
    if (n < 0)
        return refused(source, "cannot be read", source->at, fault);
    if (n == 0 && source->at < source->total)
        return changed(source, "became shorter", fault);
    source->at += *got;
    if (source->n_read < source->at)
        source->n_read = source->at;
    return FF_OK;
}

/* What the first bytes say. *needs_more: they are a beginning only. A file that ends
 * within a magic is text if it is shorter than this, else a compressed file cut off. */
enum { CLEAR_BYTES = 4 };

static const struct ff_decoder *decoder_of(struct ff_span head, bool is_all,
                                           bool *needs_more)
{
    *needs_more = false;
    for (size_t i = 0; i < N_DECODERS * FF_DECODER_MAGICS; i++) {
        const struct ff_decoder *decoder = decoders[i / FF_DECODER_MAGICS];
        const enum ff_magic_match match =
            ff_magic_match(&decoder->magics[i % FF_DECODER_MAGICS], head);
        if (match == FF_MAGIC_YES)
            return decoder;
        if (match == FF_MAGIC_SO_FAR && is_all && head.len >= CLEAR_BYTES)
            return decoder;
        *needs_more |= match == FF_MAGIC_SO_FAR;
    }
    return NULL;
}

/* Sets what the head says; false if it takes more of the input to tell. */
static bool tell(struct ff_source *source, bool is_all)
{
    const struct ff_span head = { (const char *)source->head, source->head_len };
    bool may_be_packed, may_be_unreadable;
    source->decoder = decoder_of(head, is_all, &may_be_packed);
    const char *why = ff_unreadable(head, &may_be_unreadable);
    if (why) {
        snprintf(source->damage, sizeof source->damage, "%s: %s", source->name, why);
        source->is_over = true;
    }
    return is_all || source->decoder || why || !(may_be_packed || may_be_unreadable);
}

/* Fills `head` as far as it takes to know: a live log's first line is not waited for.
 */
static enum ff_err look(struct ff_source *source, struct ff_fault *fault)
{
    for (;;) {
        size_t got;
        unsigned char *to = source->head + source->head_len;
        const size_t room = sizeof source->head - source->head_len;
        if (source->is_seekable) {
            const ssize_t n =
                pread(source->fd, to, room, source->start + (off_t)source->head_len);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return refused(source, "cannot be read", source->at, fault);
            got = (size_t)n;
        } else {
            FF_TRY(read_some(source, to, room, &got, fault));
        }
        source->head_len += got;
        if (tell(source, got == 0))
            break;
    }
    if (source->is_seekable)
        source->head_len = 0;
    return FF_OK;
}

static enum ff_err open_file(struct ff_source *source, const char *path,
                             struct ff_fault *fault)
{
    if (strcmp(path, "-") == 0) {
        source->fd = STDIN_FILENO;
    } else {
        do
            source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        while (source->fd < 0 && errno == EINTR);
    }
    struct stat status;
    if (source->fd < 0 || fstat(source->fd, &status) != 0)
        return ff_fault_set(fault, FF_ERR_IO, "%s: cannot be opened: %s", source->name,
                            strerror(errno));
    if (S_ISDIR(status.st_mode))
        return ff_fault_set(fault, FF_ERR_IO, "%s: is a folder, not a log file",
                            source->name);
    source->device = status.st_dev;
    source->inode = status.st_ino;
    const off_t start = lseek(source->fd, 0, SEEK_CUR);
    if (!S_ISREG(status.st_mode) || start < 0)
        return FF_OK;
    source->is_seekable = true;
    source->start = start;
    if (status.st_size > start)
        source->total = (uint64_t)(status.st_size - start);
    (void)posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return FF_OK;
}

static enum ff_err make_decoder(struct ff_source *source, enum ff_inflate inflate,
                                struct ff_fault *fault)
{
    const struct ff_decoder_settings settings = { .inflate = inflate,
                                                  .can_rewind = source->is_seekable };
    source->chunk = aligned_alloc(PAGE_BYTES, CHUNK_BYTES);
    source->state = source->chunk ? source->decoder->create(&settings) : NULL;
    if (!source->state)
        return ff_fault_nomem(fault);
    memcpy(source->chunk, source->head, source->head_len);
    source->chunk_len = source->head_len;
    source->head_len = 0;
    return FF_OK;
}

static enum ff_err open_source(struct ff_source **out, const char *path,
                               enum ff_inflate inflate, const struct ff_idle *idle,
                               struct ff_fault *fault)
{
    *out = NULL;
    struct ff_source *source = calloc(1, sizeof *source);
    if (!source)
        return ff_fault_nomem(fault);
    source->fd = -1;
    source->idle = *idle;
    set_name(source, path);
    enum ff_err err = open_file(source, path, fault);
    if (err == FF_OK)
        err = look(source, fault);
    if (err == FF_OK && source->decoder)
        err = make_decoder(source, inflate, fault);
    if (err == FF_OK)
        *out = source;
    else
        ff_source_close(source);
    return err;
}

enum ff_err ff_source_open_with(struct ff_source **out, const char *path,
                                enum ff_inflate inflate, struct ff_fault *fault)
{
    return open_source(out, path, inflate, &(struct ff_idle) { .call = NULL }, fault);
}

enum ff_err ff_source_open_idle(struct ff_source **out, const char *path,
                                const struct ff_idle *idle, struct ff_fault *fault)
{
    return open_source(out, path, FF_INFLATE_BEST, idle, fault);
}

enum ff_err ff_source_open(struct ff_source **out, const char *path,
                           struct ff_fault *fault)
{
    return ff_source_open_with(out, path, FF_INFLATE_BEST, fault);
}

struct ff_source_file ff_source_file(const struct ff_source *source)
{
    return (struct ff_source_file) { source->device, source->inode, source->total };
}

enum ff_err ff_source_open_again(struct ff_source **out, const char *path,
                                 const struct ff_source_file *file,
                                 struct ff_fault *fault)
{
    FF_TRY(ff_source_open(out, path, fault));
    const struct ff_source_file now = ff_source_file(*out);
    enum ff_err err = FF_OK;
    if (now.device != file->device || now.inode != file->inode)
        err = changed(*out, "was replaced", fault);
    else if (now.bytes < file->bytes)
        err = changed(*out, "became shorter", fault);
    if (err) {
        ff_source_close(*out);
        *out = NULL;
    }
    return err;
}

static enum ff_err read_plain(struct ff_source *source, char *buffer, size_t cap,
                              size_t *got, struct ff_fault *fault)
{
    if (source->head_at == source->head_len)
        return read_some(source, buffer, cap, got, fault);
    const size_t n_head = source->head_len - source->head_at;
    *got = n_head < cap ? n_head : cap;
    memcpy(buffer, source->head + source->head_at, *got);
    source->head_at += *got;
    return FF_OK;
}

static enum ff_err refill(struct ff_source *source, struct ff_fault *fault)
{
    source->chunk_at = source->chunk_len = 0;
    FF_TRY(read_some(source, source->chunk, CHUNK_BYTES, &source->chunk_len, fault));
    source->is_last_chunk = source->chunk_len == 0;
    return FF_OK;
}

/* Chunks stay where they were, as aligned as before. */
static enum ff_err rewind_to(struct ff_source *source, uint64_t at,
                             struct ff_fault *fault)
{
    assert(source->is_seekable);
    const size_t within = (size_t)(at % CHUNK_BYTES);
    source->at = at - within;
    if (lseek(source->fd, source->start + (off_t)source->at, SEEK_SET) < 0)
        return refused(source, "cannot be read again", source->at, fault);
    FF_TRY(refill(source, fault));
    source->chunk_at = within < source->chunk_len ? within : source->chunk_len;
    return FF_OK;
}

static void end_damaged(struct ff_source *source, const struct ff_flow *flow)
{
    source->is_over = true;
    snprintf(source->damage, sizeof source->damage,
             "%s: %s at byte %llu of the compressed file%s%s", source->name, flow->what,
             (unsigned long long)flow->at, flow->why ? ": " : "",
             flow->why ? flow->why : "");
}

/* One step of the decoder and what it asks for. */
static enum ff_err decode_some(struct ff_source *source, struct ff_flow *flow,
                               struct ff_fault *fault)
{
    flow->in = source->chunk + source->chunk_at;
    flow->n_in = source->chunk_len - source->chunk_at;
    flow->is_last = source->is_last_chunk;
    const enum ff_flow_state state = source->decoder->run(source->state, flow);
    source->chunk_at = source->chunk_len - flow->n_in;
    enum ff_err err = FF_OK;
    if (state == FF_FLOW_END)
        source->is_over = true;
    else if (state == FF_FLOW_DAMAGED)
        end_damaged(source, flow);
    else if (state == FF_FLOW_REWIND)
        err = rewind_to(source, flow->at, fault);
    else if (state == FF_FLOW_NOMEM)
        err = ff_fault_nomem(fault);
    if (err != FF_OK)
        source->is_over = true; /* the decoder cannot go on */
    return err;
}

static enum ff_err read_decoded(struct ff_source *source, char *buffer, size_t cap,
                                size_t *got, struct ff_fault *fault)
{
    struct ff_flow flow = { .out = (unsigned char *)buffer, .n_out = cap };
    for (;;) {
        FF_TRY(decode_some(source, &flow, fault));
        *got = cap - flow.n_out;
        if (source->is_over || flow.n_out == 0)
            return FF_OK;
        const bool is_dry = source->chunk_at == source->chunk_len;
        if (!is_dry || source->is_last_chunk)
            continue;
        if (*got > 0 && !source->is_seekable)
            return FF_OK; /* reading on might wait */
        FF_TRY(refill(source, fault));
    }
}

static enum ff_err read_next(struct ff_source *source, char *buffer, size_t cap,
                             size_t *got, struct ff_fault *fault)
{
    *got = 0;
    if (source->is_over)
        return FF_OK;
    return source->decoder ? read_decoded(source, buffer, cap, got, fault)
                           : read_plain(source, buffer, cap, got, fault);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether there is something to read, or the end, before the time is over. */
static bool comes_by(const struct ff_source *source, int64_t end)
{
    struct pollfd wait = { .fd = source->fd, .events = POLLIN };
    int n;
    do {
        const int64_t left = end - now_ms();
        n = poll(&wait, 1, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    return n != 0; /* what cannot be waited for is read */
}

void ff_source_fill_next(struct ff_source *source, int ms)
{
    source->fill_ms = ms;
}

enum ff_err ff_source_read(struct ff_source *source, char *buffer, size_t cap,
                           size_t *got, struct ff_fault *fault)
{
    const int ms = source->fill_ms;
    const int64_t end = ms > 0 ? now_ms() + ms : 0;
    assert(cap > 0);
    source->fill_ms = 0;
    FF_TRY(read_next(source, buffer, cap, got, fault));
    while (ms && *got && *got < cap && (ms < 0 || comes_by(source, end))) {
        size_t more;
        FF_TRY(read_next(source, buffer + *got, cap - *got, &more, fault));
        source->is_over |= more == 0; /* who types must not say so twice */
        if (more == 0)
            break;
        *got += more;
    }
    return FF_OK;
}

bool ff_source_is_plain_file(const struct ff_source *source)
{
    return source->is_seekable && !source->decoder;
}

enum ff_err ff_source_read_at(const struct ff_source *source, uint64_t at, char *buffer,
                              size_t cap, size_t *got, struct ff_fault *fault)
{
    assert(ff_source_is_plain_file(source));
    *got = 0;
    while (*got < cap) {
        const off_t from = source->start + (off_t)(at + *got);
        const ssize_t n = pread(source->fd, buffer + *got, cap - *got, from);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return refused(source, "cannot be read", at + *got, fault);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    if (*got < cap && at + *got < source->total)
        return changed(source, "became shorter", fault);
    return FF_OK;
}

const char *ff_source_compression(const struct ff_source *source)
{
    return source->decoder ? source->decoder->name : NULL;
}

const char *ff_source_damage(const struct ff_source *source)
{
    return source->damage[0] ? source->damage : NULL;
}

uint64_t ff_source_bytes_read(const struct ff_source *source)
{
    return source->n_read;
}

uint64_t ff_source_bytes_total(const struct ff_source *source)
{
    return source->total;
}

void ff_source_close(struct ff_source *source)
{
    if (!source)
        return;
    if (source->decoder)
        source->decoder->destroy(source->state);
    if (source->chunk)
        sodium_memzero(source->chunk, CHUNK_BYTES);
    free(source->chunk);
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    sodium_memzero(source, sizeof *source);
    free(source);
}
