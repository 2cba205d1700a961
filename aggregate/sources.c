/* The file is text, a line a fact:
 *
 *     footfall-sources 1
 *     key HEX
 *     content BYTES FIRST LAST HEAD HEAD HEAD LAST_TIME    ("-" for a head it has not)
 *     period START_DAY LINES                              (of the content above)
 */
#include "footfall/sources.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#include "file.h"
#include "footfall/store.h"

#define MAGIC "footfall-sources 1"
/* More contents than a store of two servers' days sees in ten years. */
#define MOST_SOURCES 8192
#define LINE_BYTES   512
#define HEX_BYTES    (2 * FF_CONTENT_DIGEST_BYTES)

void ff_sources_clear(struct ff_sources *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->items[i].periods);
    free(s->items);
    *s = (struct ff_sources) { .n = 0 };
}

static void put_hex(char *to, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        to[2 * i] = digits[bytes[i] >> 4];
        to[2 * i + 1] = digits[bytes[i] & 15];
    }
    to[2 * n] = '\0';
}

static bool get_hex(const char *text, unsigned char *bytes, size_t n)
{
    if (strlen(text) != 2 * n)
        return false;
    for (size_t i = 0; i < 2 * n; i++) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                 : -1;
        if (digit < 0)
            return false;
        bytes[i / 2] = (unsigned char)(i & 1 ? bytes[i / 2] | digit : digit << 4);
    }
    return true;
}

static bool read_content(const char *line, struct ff_known_source *out)
{
    char first[HEX_BYTES + 1], last[HEX_BYTES + 1];
    char heads[FF_CONTENT_HEADS][HEX_BYTES + 1];
    int end = 0;
    struct ff_content *c = &out->content;
    static_assert(HEX_BYTES == 32 && FF_CONTENT_HEADS == 3, "the widths below");
    if (sscanf(line, "content %" SCNu64 " %32s %32s %32s %32s %32s %" SCNd64 "%n",
               &c->file_bytes, first, last, heads[0], heads[1], heads[2],
               &out->last_time, &end) != 7 ||
        line[end] || !get_hex(first, c->first.bytes, sizeof c->first.bytes) ||
        !get_hex(last, c->last.bytes, sizeof c->last.bytes))
        return false;
    while (c->n_heads < FF_CONTENT_HEADS && strcmp(heads[c->n_heads], "-") != 0) {
        if (!get_hex(heads[c->n_heads], c->heads[c->n_heads].bytes,
                     sizeof c->heads[0].bytes))
            return false;
        c->n_heads++;
    }
    for (unsigned i = c->n_heads; i < FF_CONTENT_HEADS; i++)
        if (strcmp(heads[i], "-") != 0)
            return false;
    return true;
}

static bool add_period(struct ff_known_source *source, struct ff_period_lines period)
{
    struct ff_period_lines *grown =
        realloc(source->periods, (source->n_periods + 1) * sizeof *grown);
    if (!grown)
        return false;
    source->periods = grown;
    grown[source->n_periods++] = period;
    return true;
}

static struct ff_known_source *add_source(struct ff_sources *s)
{
    if (s->n == s->cap) {
        const size_t cap = s->cap ? s->cap * 2 : 64;
        struct ff_known_source *items = realloc(s->items, cap * sizeof *items);
        if (!items)
            return NULL;
        s->items = items;
        s->cap = cap;
    }
    s->items[s->n] = (struct ff_known_source) { .n_periods = 0 };
    return &s->items[s->n++];
}

/* One line of the file; false if it is none. */
static bool read_line(struct ff_sources *s, const char *line)
{
    if (strncmp(line, "content ", 8) == 0) {
        struct ff_known_source *source = add_source(s);
        return source && read_content(line, source);
    }
    struct ff_period_lines period;
    int end = 0;
    return s->n &&
           sscanf(line, "period %" SCNd32 " %" SCNu64 "%n", &period.start,
                  &period.lines, &end) == 2 &&
           !line[end] && add_period(&s->items[s->n - 1], period);
}

static bool read_text(struct ff_sources *s, FILE *file)
{
    char line[LINE_BYTES];
    unsigned number = 0;
    while (fgets(line, sizeof line, file)) {
        const size_t len = strlen(line);
        if (len == 0 || line[len - 1] != '\n')
            return false;
        line[len - 1] = '\0';
        number++;
        if (number == 1   ? strcmp(line, MAGIC) != 0
            : number == 2 ? strncmp(line, "key ", 4) != 0 ||
                                !get_hex(line + 4, s->key, sizeof s->key)
                          : !read_line(s, line))
            return false;
    }
    return number >= 2 && !ferror(file);
}

static char *path_of(const char *dir, const char *site)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s/sources", dir, site) < 0 ? NULL : path;
}

enum ff_err ff_sources_read(struct ff_sources *s, const char *dir, const char *site,
                            bool *is_damaged, struct ff_fault *fault)
{
    *s = (struct ff_sources) { .n = 0 };
    *is_damaged = false;
    char *path = path_of(dir, site);
    if (!path)
        return ff_fault_nomem(fault);
    FILE *file = fopen(path, "re");
    enum ff_err err = FF_OK;
    bool is_read = false;
    if (file) {
        is_read = read_text(s, file);
        *is_damaged = !is_read;
        fclose(file);
    } else if (errno != ENOENT) {
        err = ff_fault_set(fault, FF_ERR_IO, "%.300s: %s", path, strerror(errno));
    }
    free(path);
    if (err || is_read)
        return err;
    ff_sources_clear(s);
    if (getrandom(s->key, sizeof s->key, 0) != (ssize_t)sizeof s->key)
        return ff_fault_set(fault, FF_ERR_IO, "no source of random numbers");
    return FF_OK;
}

static void print_source(FILE *out, const struct ff_known_source *source)
{
    char hex[HEX_BYTES + 1];
    const struct ff_content *c = &source->content;
    put_hex(hex, c->first.bytes, sizeof c->first.bytes);
    fprintf(out, "content %" PRIu64 " %s", c->file_bytes, hex);
    put_hex(hex, c->last.bytes, sizeof c->last.bytes);
    fprintf(out, " %s", hex);
    for (unsigned i = 0; i < FF_CONTENT_HEADS; i++) {
        put_hex(hex, c->heads[i].bytes, sizeof c->heads[i].bytes);
        fprintf(out, " %s", i < c->n_heads ? hex : "-");
    }
    fprintf(out, " %" PRId64 "\n", source->last_time);
    for (size_t i = 0; i < source->n_periods; i++)
        fprintf(out, "period %" PRId32 " %" PRIu64 "\n", source->periods[i].start,
                source->periods[i].lines);
}

enum ff_err ff_sources_write(const struct ff_sources *s, const char *dir,
                             const char *site, struct ff_fault *fault)
{
    char *text = NULL, *path = path_of(dir, site);
    size_t len = 0;
    FILE *out = path ? open_memstream(&text, &len) : NULL;
    if (!out) {
        free(path);
        return ff_fault_nomem(fault);
    }
    char hex[2 * FF_CONTENT_KEY_BYTES + 1];
    put_hex(hex, s->key, sizeof s->key);
    fprintf(out, MAGIC "\nkey %s\n", hex);
    /* The newest ones, when there are too many. */
    for (size_t i = s->n > MOST_SOURCES ? s->n - MOST_SOURCES : 0; i < s->n; i++)
        print_source(out, &s->items[i]);
    enum ff_err err =
        fclose(out) == 0 ? ff_store_make_site(dir, site, fault) : ff_fault_nomem(fault);
    if (!err)
        err = ff_file_replace_private(path, text, len, fault);
    free(text);
    free(path);
    return err;
}

const struct ff_known_source *ff_sources_find(const struct ff_sources *s,
                                              const struct ff_content *content)
{
    for (size_t i = s->n; i-- > 0;)
        if (ff_content_is_same(&s->items[i].content, content))
            return &s->items[i];
    return NULL;
}

uint64_t ff_sources_lines(const struct ff_sources *s, const struct ff_content *content,
                          int32_t start)
{
    uint64_t most = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!ff_content_begins_alike(&s->items[i].content, content))
            continue;
        for (size_t j = 0; j < s->items[i].n_periods; j++)
            if (s->items[i].periods[j].start == start &&
                s->items[i].periods[j].lines > most)
                most = s->items[i].periods[j].lines;
    }
    return most;
}

enum ff_err ff_sources_note(struct ff_sources *s, const struct ff_content *content,
                            int64_t last_time, const struct ff_period_lines *periods,
                            size_t n_periods, struct ff_fault *fault)
{
    struct ff_known_source *source = NULL;
    for (size_t i = 0; i < s->n && !source; i++)
        if (ff_content_is_same(&s->items[i].content, content))
            source = &s->items[i];
    if (!source)
        source = add_source(s);
    if (!source)
        return ff_fault_nomem(fault);
    struct ff_period_lines *copy = malloc((n_periods + 1) * sizeof *copy);
    if (!copy)
        return ff_fault_nomem(fault);
    if (n_periods)
        memcpy(copy, periods, n_periods * sizeof *copy);
    free(source->periods);
    *source = (struct ff_known_source) { *content, last_time, copy, n_periods };
    return FF_OK;
}
