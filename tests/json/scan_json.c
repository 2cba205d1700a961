/* Reads texts, each with its length before it (four bytes, little-endian), from
 * standard input, and says of each on a line of its own: "no" when it is no JSON
 * object; else "yes" and the value at the path "a.b" in hex, "-" when there is none.
 * What the walk can read is what the walk gives. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "json_tokens.h"
#include "json_walk.h"

static void show(const struct ff_json_found *found, char *out)
{
    if (!(found->present & 1) || found->objects & 1) {
        puts("yes -");
        return;
    }
    const struct ff_json_value *value = &found->values[0];
    const size_t len = ff_json_unescape(value->text, false, out);
    fputs("yes ", stdout);
    for (size_t i = 0; i < len; i++)
        printf("%02x", (unsigned char)out[i]);
    puts("");
}

int main(void)
{
    static struct ff_json_paths paths;
    static struct ff_json_found found;
    static struct ff_json_walk walk;
    static struct ff_marks marks;
    static char text[1 << 16], out[1 << 16];
    ff_marks_find *find = ff_marks_best();
    struct ff_fault fault;
    unsigned char head[4];
    unsigned number;
    if (ff_json_paths_add(&paths, FF_SPAN("a.b"), &number, &fault))
        return 1;
    while (fread(head, 1, sizeof head, stdin) == sizeof head) {
        const size_t len = head[0] | (size_t)head[1] << 8;
        size_t at;
        if (head[2] || head[3] || fread(text, 1, len, stdin) != len)
            return 1;
        struct ff_marked_line line = { .text = { text, len }, .base = text };
        if (len <= FF_MARKS_WINDOW) {
            line.marks = marks.at;
            line.n_marks = find(line.text, &marks);
        }
        if (ff_json_walk(&walk, &paths, &line, &found) ||
            ff_json_scan(&paths, line.text, &found, &at))
            show(&found, out);
        else
            puts("no");
    }
    return 0;
}
