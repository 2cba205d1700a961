#include "serve_answers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "command.h"
#include "output.h"
#include "spans.h"
#include "version.h"

/* Kept answers: so many, and so many bytes of them; then the least used goes. */
#define KEPT_MAX   64
#define KEPT_BYTES (64u << 20)
#define KEY_SIZE   320

struct kept {
    char key[KEY_SIZE], tag[FF_ETAG_SIZE];
    struct MHD_Response *plain, *packed;
    size_t bytes;
    uint64_t used; /* the use's number; 0: the place is free */
};

struct ff_answers {
    const struct ff_mhd *mhd;
    const char *store;
    enum ff_profile profile;
    size_t rows;
    pthread_mutex_t lock; /* of what follows */
    uint64_t uses;
    struct kept kept[KEPT_MAX];
};

enum ff_err ff_answers_create(struct ff_answers **out, const struct ff_mhd *mhd,
                              const char *store, enum ff_profile profile, size_t rows,
                              struct ff_fault *fault)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return ff_fault_nomem(fault);
    (*out)->mhd = mhd;
    (*out)->store = store;
    (*out)->profile = profile;
    (*out)->rows = rows;
    if (pthread_mutex_init(&(*out)->lock, NULL) == 0)
        return FF_OK;
    free(*out);
    *out = NULL;
    return ff_fault_nomem(fault);
}

static void drop(const struct ff_mhd *mhd, struct kept *kept)
{
    if (kept->plain)
        mhd->MHD_destroy_response(kept->plain);
    if (kept->packed)
        mhd->MHD_destroy_response(kept->packed);
    *kept = (struct kept) { .used = 0 };
}

void ff_answers_destroy(struct ff_answers *answers)
{
    if (!answers)
        return;
    for (size_t i = 0; i < KEPT_MAX; i++)
        drop(answers->mhd, &answers->kept[i]);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

/* ---- responses ---- */

static const char *type_of(const char *ending)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        { ".html", "text/html; charset=utf-8" },
        { ".json", "application/json" },
        { ".csv", "text/csv; charset=utf-8" },
        { ".txt", "text/plain; charset=utf-8" },
        { ".xlsx",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

/* Takes `bytes`, which are malloc'd. NULL when memory ran out. */
static struct MHD_Response *respond(const struct ff_mhd *mhd, char *bytes, size_t len,
                                    const char *type)
{
    static const struct {
        const char *name, *value;
    } headers[] = {
        { "X-Content-Type-Options", "nosniff" },
        { "X-Frame-Options", "DENY" },
        { "Referrer-Policy", "no-referrer" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "X-Robots-Tag", "noindex, nofollow" },
        /* A page's own policy, in its head, says the rest; both hold. */
        { "Content-Security-Policy",
          "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src "
          "'none'" },
        { "Cache-Control", "private, no-cache" },
        { "Vary", "Accept-Encoding, Authorization" },
    };
    struct MHD_Response *response =
        mhd->MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(bytes);
        return NULL;
    }
    enum MHD_Result is_good =
        mhd->MHD_add_response_header(response, "Content-Type", type);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        is_good &=
            mhd->MHD_add_response_header(response, headers[i].name, headers[i].value);
    if (is_good)
        return response;
    mhd->MHD_destroy_response(response);
    return NULL;
}

struct ff_answer ff_answer_text(const struct ff_mhd *mhd, unsigned status,
                                const char *sentence)
{
    char *text = NULL;
    const int len = asprintf(&text, "%s\n", sentence);
    return (struct ff_answer) {
        status,
        len < 0 ? NULL : respond(mhd, text, (size_t)len, "text/plain; charset=utf-8"),
    };
}

/* Site names are letters, digits, ".", "-" and "_": nothing in them needs escaping. */
struct ff_answer ff_answer_sites(const struct ff_mhd *mhd,
                                 const struct ff_store_sites *sites)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return (struct ff_answer) { MHD_HTTP_OK, NULL };
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<title>footfall</title></head><body><h1>footfall</h1>\n<ul>\n",
          out);
    for (size_t i = 0; i < sites->n; i++)
        fprintf(out, "<li><a href=\"%s/\">%s</a></li>\n", sites->names[i],
                sites->names[i]);
    fputs(sites->n ? "</ul></body></html>\n"
                   : "</ul><p>No site is in this store yet.</p></body></html>\n",
          out);
    if (fclose(out) == 0)
        return (struct ff_answer) { MHD_HTTP_OK, respond(mhd, text, len,
                                                         "text/html; charset=utf-8") };
    free(text);
    return (struct ff_answer) { MHD_HTTP_OK, NULL };
}

/* ---- tags ---- */

bool ff_answers_tag(const struct ff_answers *answers, const struct ff_route *route,
                    char tag[static FF_ETAG_SIZE])
{
    char key[KEY_SIZE];
    struct ff_fault fault;
    uint64_t state;
    if (ff_store_state(answers->store, route->site, &state, &fault) ||
        !ff_route_key(route, key, sizeof key))
        return false;
    const unsigned long made = crc32(crc32(0, (const Bytef *)key, (uInt)strlen(key)),
                                     (const Bytef *)FF_VERSION, sizeof FF_VERSION);
    snprintf(tag, FF_ETAG_SIZE, "\"%016llx%08lx\"", (unsigned long long)state, made);
    return true;
}

/* ---- rendering ---- */

static void complain(void *context, const char *sentence)
{
    (void)context;
    ff_say("%s; left out", sentence);
}

static enum ff_err render_spans(const struct ff_answers *answers,
                                const struct ff_route *route,
                                const struct ff_spans *spans, char **bytes, size_t *len,
                                struct ff_fault *fault)
{
    const bool is_compared = route->compare.kind != FF_COMPARE_NOTHING;
    const struct ff_comparison comparison = { spans->other_days, &spans->other };
    const struct ff_view_settings view_settings = {
        .version = FF_VERSION, .comparison = is_compared ? &comparison : NULL
    };
    const struct ff_render_settings settings = {
        .rows = answers->rows,
        .columns = 80,
        .is_span_asked = is_compared || route->days.from != INT32_MIN ||
                         route->days.end != INT32_MAX,
    };
    struct ff_view *view;
    FF_TRY(ff_view_create(&view, &spans->shown, &view_settings, fault));
    const enum ff_err err = ff_output_bytes(ff_renderer_for(route->ending), view,
                                            &settings, bytes, len, fault);
    ff_view_destroy(view);
    return err;
}

static enum ff_err render(const struct ff_answers *answers,
                          const struct ff_route *route, char **bytes, size_t *len,
                          struct ff_fault *fault)
{
    struct ff_spans spans = { .is_reading_other = false };
    const struct ff_span_query query = { .store = answers->store,
                                         .site = route->site,
                                         .profile = answers->profile,
                                         .days = route->days,
                                         .compare = route->compare,
                                         .complain = complain };
    enum ff_err err = ff_spans_read(&spans, &query, fault);
    if (!err)
        err = render_spans(answers, route, &spans, bytes, len, fault);
    ff_spans_clear(&spans);
    return err;
}

/* What went wrong, without what is nobody's business: where the store is. */
static struct ff_answer excuse(const struct ff_mhd *mhd, enum ff_err err,
                               const struct ff_fault *fault)
{
    if (err == FF_ERR_DATA)
        return ff_answer_text(mhd, MHD_HTTP_NOT_FOUND,
                              "There are no rollups of these days.");
    if (err == FF_ERR_USAGE)
        return ff_answer_text(mhd, MHD_HTTP_BAD_REQUEST,
                              "These days cannot be shown together.");
    ff_say("%s", fault->text);
    return ff_answer_text(mhd, MHD_HTTP_INTERNAL_SERVER_ERROR,
                          "The report could not be made; the server's log says why.");
}

/* A gzip member of the bytes, malloc'd; NULL when memory ran out. */
static char *pack(const char *bytes, size_t len, size_t *packed_len)
{
    z_stream stream = { .next_in = (Bytef *)bytes };
    if (len > UINT32_MAX / 2 ||
        deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    const uLong room = deflateBound(&stream, len);
    char *packed = malloc(room);
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)room;
    const bool is_done = packed && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *packed_len = stream.total_out;
    deflateEnd(&stream);
    if (is_done)
        return packed;
    free(packed);
    return NULL;
}

/* Makes both forms of an answer; false when memory ran out. Takes `bytes`. */
static bool make_both(const struct ff_mhd *mhd, struct kept *made,
                      const struct ff_route *route, char *bytes, size_t len)
{
    size_t packed_len = 0;
    char *packed = pack(bytes, len, &packed_len);
    made->plain = respond(mhd, bytes, len, type_of(route->ending));
    if (packed)
        made->packed = respond(mhd, packed, packed_len, type_of(route->ending));
    made->bytes = len + packed_len;
    return made->plain && made->packed &&
           mhd->MHD_add_response_header(made->plain, "ETag", made->tag) &&
           mhd->MHD_add_response_header(made->packed, "ETag", made->tag) &&
           mhd->MHD_add_response_header(made->packed, "Content-Encoding", "gzip");
}

/* ---- keeping ---- */

static size_t kept_bytes(const struct ff_answers *answers)
{
    size_t sum = 0;
    for (size_t i = 0; i < KEPT_MAX; i++)
        sum += answers->kept[i].bytes;
    return sum;
}

static struct kept *find_kept(struct ff_answers *answers, const char *key)
{
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (answers->kept[i].used && strcmp(answers->kept[i].key, key) == 0)
            return &answers->kept[i];
    return NULL;
}

/* A place for one more answer of so many bytes. */
static struct kept *make_room(struct ff_answers *answers, size_t bytes)
{
    for (;;) {
        struct kept *least = NULL, *free_place = NULL;
        for (size_t i = 0; i < KEPT_MAX; i++) {
            struct kept *kept = &answers->kept[i];
            if (!kept->used)
                free_place = kept;
            else if (!least || kept->used < least->used)
                least = kept;
        }
        if (!least || (free_place && kept_bytes(answers) + bytes <= KEPT_BYTES))
            return free_place;
        drop(answers->mhd, least);
    }
}

/* Sends a kept answer if it is there and is of the store as it is now. Sending and
 * dropping are under one lock, since a response lives as long as somebody holds it. */
static bool send_kept(struct ff_answers *answers, struct MHD_Connection *connection,
                      const char *key, const char *tag, bool is_packed,
                      enum MHD_Result *result)
{
    pthread_mutex_lock(&answers->lock);
    struct kept *kept = find_kept(answers, key);
    if (kept && strcmp(kept->tag, tag) != 0) {
        drop(answers->mhd, kept);
        kept = NULL;
    }
    if (kept) {
        kept->used = ++answers->uses;
        *result = answers->mhd->MHD_queue_response(
            connection, MHD_HTTP_OK, is_packed ? kept->packed : kept->plain);
    }
    pthread_mutex_unlock(&answers->lock);
    return kept != NULL;
}

static enum MHD_Result send_and_keep(struct ff_answers *answers,
                                     struct MHD_Connection *connection,
                                     struct kept *made, bool is_packed)
{
    pthread_mutex_lock(&answers->lock);
    const enum MHD_Result result = answers->mhd->MHD_queue_response(
        connection, MHD_HTTP_OK, is_packed ? made->packed : made->plain);
    struct kept *twin = find_kept(answers, made->key); /* of another thread */
    if (twin)
        drop(answers->mhd, twin);
    made->used = ++answers->uses;
    *make_room(answers, made->bytes) = *made;
    pthread_mutex_unlock(&answers->lock);
    return result;
}

enum MHD_Result ff_answer_send(const struct ff_mhd *mhd,
                               struct MHD_Connection *connection,
                               struct ff_answer answer)
{
    if (!answer.response)
        return MHD_NO; /* no memory: the connection is closed */
    const enum MHD_Result result =
        mhd->MHD_queue_response(connection, answer.status, answer.response);
    mhd->MHD_destroy_response(answer.response);
    return result;
}

enum MHD_Result ff_answers_send(struct ff_answers *answers,
                                struct MHD_Connection *connection,
                                const struct ff_route *route, const char *tag,
                                bool is_packed)
{
    struct kept made = { .used = 0 };
    enum MHD_Result result;
    struct ff_fault fault;
    char *bytes;
    size_t len;
    snprintf(made.tag, sizeof made.tag, "%s", tag);
    if (!ff_route_key(route, made.key, sizeof made.key))
        return MHD_NO;
    if (send_kept(answers, connection, made.key, tag, is_packed, &result))
        return result;
    const enum ff_err err = render(answers, route, &bytes, &len, &fault);
    if (err)
        return ff_answer_send(answers->mhd, connection,
                              excuse(answers->mhd, err, &fault));
    if (!make_both(answers->mhd, &made, route, bytes, len)) {
        drop(answers->mhd, &made);
        return MHD_NO;
    }
    return send_and_keep(answers, connection, &made, is_packed);
}
