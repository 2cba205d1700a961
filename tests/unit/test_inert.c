/* What stands for itself in JSON, told byte by byte; and lines that are put together,
 * which are what their pieces are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "inert.h"
#include "json_line.h"

static bool stands_for_itself(unsigned char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '<';
}

/* Every byte at every place, and another one behind it. */
static void bytes_stand_for_themselves(void **state)
{
    (void)state;
    char text[40];
    for (unsigned c = 0; c < 256; c++)
        for (size_t place = 0; place < sizeof text; place++) {
            memset(text, 'a', sizeof text);
            text[place] = (char)c;
            text[sizeof text - 1] = '<';
            const size_t end = ff_inert_json_plain((struct ff_span) { text, 40 }, 0);
            const bool is_last = place == sizeof text - 1;
            assert_int_equal(end, is_last || stands_for_itself((unsigned char)c)
                                      ? sizeof text - 1
                                      : place);
        }
    assert_int_equal(ff_inert_json_plain((struct ff_span) { NULL, 0 }, 0), 0);
}

/* Strings of all lengths up to two of a line's, plain and not, one behind the other. */
static void lines_are_what_their_pieces_are(void **state)
{
    (void)state;
    enum { MOST = 2 * sizeof((struct ff_json_line *)0)->bytes };
    char *text = malloc(MOST), *got = NULL, *wanted = NULL;
    size_t got_len, wanted_len;
    FILE *a = open_memstream(&got, &got_len), *b = open_memstream(&wanted, &wanted_len);
    assert_true(text && a && b);
    struct {
        struct ff_json_line line;
        char behind[8];
    } own = { .behind = "behind" };
    struct ff_json_line *const line = &own.line;
    ff_json_line_begin(line, a);
    for (size_t len = 0; len < MOST; len += len < MOST / 2 - 9 ? 1 + len / 9 : 1) {
        memset(text, 'x', MOST);
        for (int is_plain = 1; is_plain >= 0; is_plain--) {
            const struct ff_span s = { text, len };
            if (len && !is_plain)
                text[len / 2] = '<';
            ff_json_line_string(line, s);
            ff_json_line_put(line, FF_SPAN(": "));
            ff_json_line_number(line, len ? UINT64_MAX / len : 0);
            ff_json_line_put(line, s);
            ff_inert_json(b, s);
            fprintf(b, ": %llu", len ? (unsigned long long)(UINT64_MAX / len) : 0);
            fwrite(s.data, 1, s.len, b);
        }
    }
    ff_json_line_end(line);
    fclose(a);
    fclose(b);
    assert_int_equal(got_len, wanted_len);
    assert_memory_equal(got, wanted, wanted_len);
    free(got);
    free(wanted);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_stand_for_themselves),
        cmocka_unit_test(lines_are_what_their_pieces_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
