/* The board: a view's figures, and nothing that the view withholds or a terminal acts
 * on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>

#include "footfall/board.h"
#include "footfall/text.h"
#include "hand_rollup.h"

static struct ff_rollup *day(void)
{
    struct ff_rollup *rollup = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    rollup->has_totals = true;
    rollup->totals = (struct ff_totals) { 1200, 1500, 4201, 600, 30, 7, 12345678 };
    rollup->reconciliation.human[FF_CLASS_PAGE_VIEWS] = 4201;
    rollup->reconciliation.human[FF_CLASS_CLIENT_ERRORS] = 12;
    rollup->reconciliation.human[FF_CLASS_SERVER_ERRORS] = 3;
    rollup->reconciliation.robots[FF_ROBOT_AI] = 40;
    rollup->reconciliation.malformed = 9;
    return rollup;
}

static void fill(struct ff_board *board, struct ff_rollup *rollup)
{
    struct ff_rollup_list list = { 0 };
    const struct ff_view_settings settings = { .version = "1.2.3" };
    struct ff_view *view;
    struct ff_fault fault;
    hand_add(&list, rollup);
    assert_int_equal(ff_view_create(&view, &list, &settings, &fault), FF_OK);
    /* What was there before must not show through. */
    memset(board, 0xa5, sizeof *board);
    assert_int_equal(ff_board_fill(board, view, &fault), FF_OK);
    ff_view_destroy(view);
    ff_rollup_list_clear(&list);
}

static void figures(void **state)
{
    struct ff_board *b = *state;
    struct ff_rollup *rollup = day();
    HAND_TABLE(rollup, FF_PAGES, 201, { { "/" }, { 3000, 1400, 1100 } },
               { { "/b/*" }, { 600, 500, 400 } }, { { "/a" }, { 400, 300, 250 } });
    HAND_TABLE(rollup, FF_HOURS, 0, { { "10" }, { 800, 2201 } },
               { { "9" }, { 700, 2000 } });
    fill(b, rollup);
    assert_string_equal(b->site, "hand.example");
    assert_true(b->has_totals);
    assert_int_equal(b->totals.visitors, 1200);
    assert_int_equal(b->human, 4201 + 12 + 3);
    assert_int_equal(b->robots, 40);
    assert_int_equal(b->malformed, 9);
    assert_int_equal(b->client_errors, 12);
    assert_int_equal(b->server_errors, 3);
    assert_int_equal(b->hours[9], 700);
    assert_int_equal(b->hours[10], 800);
    assert_int_equal(b->hours[11], 0);
    const struct ff_board_panel *pages = &b->panels[FF_PANEL_PAGES];
    assert_true(pages->is_present);
    assert_int_equal(pages->n_rows, 3);
    assert_int_equal(pages->n_all, 3);
    assert_int_equal(pages->other, 201);
    assert_int_equal(pages->total, 4201);
    assert_string_equal(pages->rows[1].key, "/b/*");
    assert_int_equal(pages->rows[1].measures[2], 400);
    assert_int_equal(pages->n_columns, 3);
    assert_string_equal(pages->columns[0].label, "page views");
    assert_int_equal(pages->columns[2].measure, 2);
}

static void sources(void **state)
{
    struct ff_board *b = *state;
    struct ff_rollup *rollup = day();
    HAND_TABLE(rollup, FF_SOURCES, 10, { { "direct" }, { 900, 800, 2000, 300 } },
               { { "search engine", "Google" }, { 590, 500, 2000, 300 } },
               { { "ai assistant", "ChatGPT" }, { 80, 70, 90, 30 } });
    HAND_TABLE(rollup, FF_AI_CRAWLERS, 0,
               { { "GPTBot", "OpenAI", "training" }, { 40, 38, 5000 } });
    HAND_TABLE(rollup, FF_SITE_SEARCHES, 0, { { "boots" }, { 40, 30, 6, 4, 25 } });
    fill(b, rollup);
    const struct ff_board_panel *panel = &b->panels[FF_PANEL_SOURCES];
    assert_int_equal(panel->n_rows, 3);
    assert_string_equal(panel->rows[0].key, "direct");
    assert_string_equal(panel->rows[0].remark, "");
    assert_string_equal(panel->rows[1].key, "Google");
    assert_string_equal(panel->rows[1].remark, "search engine");
    panel = &b->panels[FF_PANEL_AI_REFERRALS];
    assert_int_equal(panel->n_rows, 1);
    assert_string_equal(panel->rows[0].key, "ChatGPT");
    assert_string_equal(panel->rows[0].remark, "");
    assert_int_equal(panel->other, 0);
    assert_int_equal(panel->total, 900 + 590 + 80 + 10);
    panel = &b->panels[FF_PANEL_AI_CRAWLERS];
    assert_string_equal(panel->rows[0].key, "GPTBot");
    assert_string_equal(panel->rows[0].remark, "OpenAI, training");
    panel = &b->panels[FF_PANEL_SEARCHES];
    assert_true(panel->columns[2].is_rate);
    assert_string_equal(panel->columns[2].label, "click rate");
}

static void what_is_withheld(void **state)
{
    struct ff_board *b = *state;
    struct ff_rollup *rollup = hand_rollup(FF_DAY, hand_date(2026, 3, 2));
    fill(b, rollup);
    assert_false(b->has_totals);
    assert_string_equal(b->absent, "fewer than 10 visitors or 5 networks a day");
    assert_int_equal(b->totals.visitors, 0);
    assert_false(b->has_hours);
    for (int i = 0; i < FF_PANELS; i++) {
        assert_false(b->panels[i].is_present);
        assert_int_equal(b->panels[i].n_rows, 0);
    }
}

static void the_largest_rows(void **state)
{
    struct ff_board *b = *state;
    struct ff_rollup *rollup = day();
    enum { N = FF_BOARD_ROWS + 50 };
    struct hand_row rows[N];
    char names[N][16];
    for (int i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "/%04d", i);
        rows[i] = (struct hand_row) { { names[i] }, { (uint64_t)(1000 - i), 20, 20 } };
    }
    hand_table(rollup, FF_PAGES, rows, N, 0);
    fill(b, rollup);
    const struct ff_board_panel *pages = &b->panels[FF_PANEL_PAGES];
    assert_int_equal(pages->n_rows, FF_BOARD_ROWS);
    assert_int_equal(pages->n_all, N);
    assert_string_equal(pages->rows[FF_BOARD_ROWS - 1].key, "/0199");
}

static void hostile_keys(void **state)
{
    struct ff_board *b = *state;
    struct ff_rollup *rollup = day();
    char marks[1000] = "/m";
    for (int i = 2; i + 2 < (int)sizeof marks; i += 2)
        memcpy(marks + i, "\xcc\x81", 3);
    const struct hand_row rows[] = {
        { { "/\033[31m" }, { 900, 20, 20 } },
        { { "/\xe2\x80\xae"
            "fdp" },
          { 800, 20, 20 } },
        { { "/\xc2\x9b"
            "2J" },
          { 700, 20, 20 } },
        { { "/\xff\xfe" }, { 600, 20, 20 } },
        { { marks }, { 500, 20, 20 } },
    };
    hand_table(rollup, FF_PAGES, rows, sizeof rows / sizeof *rows, 0);
    fill(b, rollup);
    const struct ff_board_panel *pages = &b->panels[FF_PANEL_PAGES];
    assert_int_equal(pages->n_rows, 5);
    assert_string_equal(pages->rows[0].key, "/\xef\xbf\xbd[31m");
    assert_string_equal(pages->rows[1].key, "/\xef\xbf\xbd"
                                            "fdp");
    assert_string_equal(pages->rows[2].key, "/\xef\xbf\xbd"
                                            "2J");
    for (uint32_t i = 0; i < pages->n_rows; i++) {
        const struct ff_span key = ff_span_of(pages->rows[i].key);
        assert_true(key.len < FF_BOARD_KEY_SIZE);
        for (size_t at = 0; at < key.len;)
            assert_false(ff_is_hostile(ff_utf8_next(key, &at)));
    }
}

static int make(void **state)
{
    *state = malloc(sizeof(struct ff_board));
    return *state ? 0 : -1;
}

static int drop(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),          cmocka_unit_test(sources),
        cmocka_unit_test(what_is_withheld), cmocka_unit_test(the_largest_rows),
        cmocka_unit_test(hostile_keys),
    };
    return cmocka_run_group_tests_name("board", tests, make, drop);
}
