/* The dashboard without a terminal: what is on the canvas, and what keys do to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above it */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* ---- the canvas ---- */

/* A line of the canvas as UTF-8, blanks at its end left out. */
static const char *line_of(const struct ff_canvas *canvas, int line)
{
    static char text[4 * FF_CELL_CODES * FF_CANVAS_COLUMNS_MOST];
    size_t len = 0, last = 0;
    for (int i = 0; i < canvas->columns; i++)
        for (int j = 0; j < FF_CELL_CODES; j++) {
            const uint32_t c = canvas->cells[line * canvas->columns + i].c[j];
            if (c == 0)
                continue;
            if (c < 0x80)
                text[len++] = (char)c;
            else if (c < 0x800) {
                text[len++] = (char)(0xc0 | c >> 6);
                text[len++] = (char)(0x80 | (c & 0x3f));
            } else {
                text[len++] = (char)(0xe0 | c >> 12);
                text[len++] = (char)(0x80 | (c >> 6 & 0x3f));
                text[len++] = (char)(0x80 | (c & 0x3f));
            }
            last = c == ' ' ? last : len;
        }
    text[last] = '\0';
    return text;
}

static const char *put(struct ff_canvas *canvas, int width, const char *text)
{
    ff_canvas_blank(canvas);
    const int took =
        ff_canvas_put(canvas, (struct ff_strip) { 0, 2, width }, FF_CANVAS_PLAIN, text);
    assert_true(took <= width);
    return line_of(canvas, 0);
}

static void text_is_cut_by_its_width(void **state)
{
    (void)state;
    struct ff_canvas canvas = { 0 };
    assert_true(ff_canvas_resize(&canvas, 20, 2));
    assert_string_equal(put(&canvas, 10, "/short"), "  /short");
    assert_string_equal(put(&canvas, 10, "/0123456789"), "  /0123\xe2\x80\xa6"
                                                         "6789");
    assert_string_equal(put(&canvas, 1, "/0123"), "  \xe2\x80\xa6");
    assert_string_equal(put(&canvas, 0, "/0123"), "");
    /* Wide characters take two columns and are never halved: 日本語日本語. */
    const char *wide = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac"
                       "\xe8\xaa\x9e";
    assert_int_equal(ff_canvas_width(&canvas, wide), 12);
    assert_string_equal(put(&canvas, 7, wide),
                        "  \xe6\x97\xa5\xe2\x80\xa6\xe8\xaa\x9e");
    assert_int_equal(canvas.cells[3].c[0], 0);
    /* A mark stands in its letter's cell. */
    put(&canvas, 10, "e\xcc\x81x");
    assert_int_equal(canvas.cells[2].c[1], 0x301);
    assert_int_equal(canvas.cells[3].c[0], 'x');
    /* The edge of the grid is an end, too. */
    ff_canvas_put(&canvas, (struct ff_strip) { 1, 15, 100 }, FF_CANVAS_PLAIN,
                  "0123456");
    assert_string_equal(line_of(&canvas, 1) + 15, "01\xe2\x80\xa6"
                                                  "56");
    ff_canvas_put(&canvas, (struct ff_strip) { 2, 0, 5 }, FF_CANVAS_PLAIN, "nowhere");
    ff_canvas_put(&canvas, (struct ff_strip) { -1, 0, 5 }, FF_CANVAS_PLAIN, "nowhere");
    ff_canvas_put(&canvas, (struct ff_strip) { 0, 30, 5 }, FF_CANVAS_PLAIN, "nowhere");
    ff_canvas_clear(&canvas);
}

static void hostile_text_is_inert(void **state)
{
    (void)state;
    struct ff_canvas canvas = { 0 };
    assert_true(ff_canvas_resize(&canvas, 40, 1));
    put(&canvas, 40, "a\033[2J\x07\x7f\xc2\x9b\xe2\x80\xae\xff");
    for (int i = 0; i < canvas.columns; i++) {
        const uint32_t c = canvas.cells[i].c[0];
        assert_true(c == 0xfffd || (c >= 0x20 && c < 0x7f));
    }
    canvas.is_ascii = true;
    assert_string_equal(put(&canvas, 40, "caf\xc3\xa9\033"), "  caf??");
    ff_canvas_clear(&canvas);
}

static const char *bar(struct ff_canvas *canvas, uint64_t n, uint64_t most)
{
    ff_canvas_blank(canvas);
    ff_canvas_bar(canvas, (struct ff_strip) { 0, 0, 4 }, FF_CANVAS_BAR, n, most);
    return line_of(canvas, 0);
}

static void bars(void **state)
{
    (void)state;
    struct ff_canvas canvas = { 0 };
    assert_true(ff_canvas_resize(&canvas, 8, 2));
    assert_string_equal(bar(&canvas, 0, 100), "");
    assert_string_equal(bar(&canvas, 1, 1000000), "\xe2\x96\x8f");
    assert_string_equal(bar(&canvas, 50, 100), "\xe2\x96\x88\xe2\x96\x88");
    assert_string_equal(bar(&canvas, 3, 8), "\xe2\x96\x88\xe2\x96\x8c");
    assert_string_equal(bar(&canvas, 100, 100),
                        "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
    assert_string_equal(bar(&canvas, UINT64_MAX, 1),
                        "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
    canvas.is_ascii = true;
    assert_string_equal(bar(&canvas, 1, 1000000), "#");
    assert_string_equal(bar(&canvas, 60, 100), "##");
    canvas.is_ascii = false;
    const uint64_t values[] = { 16, 8, 4, 0, 1 };
    const struct ff_bars chart = { values, 5, 16, 2, 1 };
    ff_canvas_blank(&canvas);
    ff_canvas_bars(&canvas, (struct ff_strip) { 1, 0, 5 }, FF_CANVAS_BAR, &chart);
    assert_string_equal(line_of(&canvas, 0), "\xe2\x96\x88");
    assert_string_equal(line_of(&canvas, 1),
                        "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x84 \xe2\x96\x81");
    ff_canvas_clear(&canvas);
}

/* ---- requests a second ---- */

static void rates(void **state)
{
    (void)state;
    struct ff_rates *r = calloc(1, sizeof *r);
    assert_non_null(r);
    ff_rates_note(r, 100, 0);
    ff_rates_note(r, 100.5, 40);
    assert_int_equal(r->n, 0);
    ff_rates_note(r, 101, 100);
    assert_int_equal(r->n, 1);
    assert_int_equal(ff_rates_last(r), 100);
    /* Nobody looked for four seconds and a half: shared out, the half is kept. */
    ff_rates_note(r, 105.5, 1000);
    assert_int_equal(r->n, 5);
    assert_int_equal(ff_rates_last(r), 200);
    ff_rates_note(r, 106, 1100);
    assert_int_equal(ff_rates_last(r), 200);
    /* A night's sleep. */
    ff_rates_note(r, 100000, 1100);
    assert_int_equal(r->n, FF_RATES_SECONDS);
    assert_int_equal(ff_rates_last(r), 0);
    ff_rates_note(r, 100001, 1105);
    assert_int_equal(ff_rates_last(r), 5);
    free(r);
}

/* ---- pictures ---- */

struct fixture {
    struct ff_board board;
    struct ff_rates rates;
    struct ff_dashboard dashboard;
    struct ff_dashboard_figures figures;
    struct ff_canvas canvas;
};

static void add_row(struct ff_board_panel *panel, const char *key, uint64_t a,
                    uint64_t b)
{
    struct ff_board_row *row = &panel->rows[panel->n_rows++];
    snprintf(row->key, sizeof row->key, "%s", key);
    row->measures[0] = a;
    row->measures[1] = b;
    panel->n_all++;
    panel->total += a;
}

static int make(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f || !ff_canvas_resize(&f->canvas, 80, 24))
        return -1;
    struct ff_board *b = &f->board;
    snprintf(b->site, sizeof b->site, "hand.example");
    b->has_totals = true;
    b->totals = (struct ff_totals) { 1200, 1500, 4201, 600, 30, 7, 12345678 };
    b->human = 900;
    b->robots = 100;
    for (int i = 0; i < FF_PANELS; i++) {
        struct ff_board_panel *panel = &b->panels[i];
        panel->is_present = true;
        panel->n_columns = 2;
        panel->columns[0] = (struct ff_board_column) { .label = "visits" };
        panel->columns[1] =
            (struct ff_board_column) { .label = "visitors", .measure = 1 };
    }
    struct ff_board_panel *pages = &b->panels[FF_PANEL_PAGES];
    for (int i = 0; i < 50; i++) {
        char key[16];
        snprintf(key, sizeof key, "/page-%02d", i);
        add_row(pages, key, (uint64_t)(1000 - i), (uint64_t)(100 + i));
    }
    add_row(&b->panels[FF_PANEL_SOURCES], "direct", 10, 9);
    b->panels[FF_PANEL_DOWNLOADS].is_present = false;
    snprintf(b->absent, sizeof b->absent, "fewer than 50 visitors a day");
    f->figures = (struct ff_dashboard_figures) {
        .board = b,
        .rates = &f->rates,
        .time = "2026-03-02 10:00:00",
        .message = "",
        .lines = 12345,
        .active = 77,
    };
    *state = f;
    return 0;
}

static int drop(void **state)
{
    struct fixture *f = *state;
    ff_canvas_clear(&f->canvas);
    free(f);
    return 0;
}

static void draw(struct fixture *f)
{
    ff_dashboard_draw(&f->dashboard, &f->figures, &f->canvas);
}

static bool is_there(const struct fixture *f, const char *text)
{
    for (int i = 0; i < f->canvas.lines; i++)
        if (strstr(line_of(&f->canvas, i), text))
            return true;
    return false;
}

static void press(struct fixture *f, const char *keys)
{
    for (; *keys; keys++)
        ff_dashboard_key(&f->dashboard, *keys);
    draw(f);
}

static void the_overview(void **state)
{
    struct fixture *f = *state;
    draw(f);
    static const char *const there[] = {
        "hand.example", "provisional", "2026-03-02 10:00:00", "visits now", "77",
        "1,200",        "4,201",       "12,345 lines",        "1 Pages",    "/page-00",
        "6 Countries",  "none so far", "withheld: fewer",     "2 Sources",  "direct",
    };
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (!is_there(f, there[i]))
            fail_msg("not there: %s", there[i]);
    assert_false(is_there(f, "7 AI crawlers")); /* no room */
    /* Tab goes to those that come after. */
    press(f, "\t\t\t\t\t\t");
    assert_true(is_there(f, "7 AI crawlers"));
    assert_false(is_there(f, "1 Pages"));
}

static void all_panels_at_once(void **state)
{
    struct fixture *f = *state;
    assert_true(ff_canvas_resize(&f->canvas, 200, 60));
    draw(f);
    for (int i = 0; i < FF_PANELS; i++)
        if (!is_there(f, ff_panel_title((enum ff_panel)i)))
            fail_msg("not there: %s", ff_panel_title((enum ff_panel)i));
}

static void nothing_yet(void **state)
{
    struct fixture *f = *state;
    f->figures.board = NULL;
    f->figures.lines = 0;
    f->figures.time = "";
    draw(f);
    assert_true(is_there(f, "Waiting for the first lines"));
    press(f, "1s?");
    assert_true(is_there(f, "sort the chosen panel"));
}

static void too_few_to_tell(void **state)
{
    struct fixture *f = *state;
    f->board.has_totals = false;
    f->figures.active = 0;
    draw(f);
    assert_false(is_there(f, "1,200"));
    assert_false(is_there(f, "4,201"));
    assert_false(is_there(f, "40.0 %"));
    assert_false(is_there(f, "12.3 MB"));
}

static void a_panel_sorts(void **state)
{
    struct fixture *f = *state;
    press(f, "1");
    assert_true(is_there(f, "visits \xe2\x96\xbc"));
    assert_true(is_there(f, "/page-00"));
    assert_true(is_there(f, "1-13 of 50"));
    press(f, "s");
    assert_true(is_there(f, "visitors \xe2\x96\xbc"));
    assert_true(is_there(f, "/page-49"));
    assert_false(is_there(f, "/page-00"));
    press(f, "r");
    assert_true(is_there(f, "/page-00"));
    press(f, "s");
    assert_true(is_there(f, "visits \xe2\x96\xb2"));
    assert_true(is_there(f, "/page-49"));
    /* The overview has the same order. */
    press(f, "o");
    assert_true(is_there(f, "1 Pages"));
    assert_true(is_there(f, "/page-49"));
}

static void a_panel_scrolls(void **state)
{
    struct fixture *f = *state;
    press(f, "1jjj");
    assert_true(is_there(f, "4-16 of 50"));
    press(f, "k");
    assert_true(is_there(f, "3-15 of 50"));
    ff_dashboard_key(&f->dashboard, FF_KEY_END);
    draw(f);
    assert_true(is_there(f, "38-50 of 50"));
    ff_dashboard_key(&f->dashboard, FF_KEY_PAGE_UP);
    draw(f);
    assert_true(is_there(f, "28-40 of 50"));
    ff_dashboard_key(&f->dashboard, FF_KEY_HOME);
    draw(f);
    assert_true(is_there(f, "1-13 of 50"));
}

static void a_panel_ends_in_what_fits(void **state)
{
    struct fixture *f = *state;
    f->board.panels[0].other = 5000;
    press(f, "1");
    assert_true(is_there(f, "other, too rare to show: 5,000"));
    assert_true(is_there(f, "all visits: "));
    assert_true(ff_canvas_resize(&f->canvas, 50, 15));
    draw(f);
    assert_true(is_there(f, "other, too rare to show: 5,000"));
    assert_false(is_there(f, "all visits"));
}

static void keys_are_never_cut(void **state)
{
    struct fixture *f = *state;
    static const char *const pages[] = { "", "1", "o?" };
    for (int columns = 20; columns < 120; columns++)
        for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
            assert_true(ff_canvas_resize(&f->canvas, columns, 10));
            f->dashboard = (struct ff_dashboard) { 0 };
            press(f, pages[i]);
            const char *footer = line_of(&f->canvas, 9);
            if (strstr(footer, ELLIPSIS) || !strstr(footer, "q quit"))
                fail_msg("%d columns: %s", columns, footer);
            const char *banner = line_of(&f->canvas, 0);
            if (strncmp(banner, " footfall  ", 11) != 0 || !strstr(banner, "10:00:00"))
                fail_msg("%d columns: %s", columns, banner);
        }
}

/* What the help says, without blanks, through all of its pages. */
static char *help_at(struct fixture *f, int columns, int lines)
{
    char *text = calloc(1, 8192);
    size_t len = 0;
    assert_non_null(text);
    assert_true(ff_canvas_resize(&f->canvas, columns, lines));
    f->dashboard = (struct ff_dashboard) { 0 };
    for (press(f, "?"); f->dashboard.page == FF_PAGE_HELP; press(f, "x"))
        for (int i = 1; i < lines - 1; i++)
            for (const char *c = line_of(&f->canvas, i); *c; c++)
                if (*c != ' ')
                    text[len++] = *c;
    return text;
}

static void help_is_whole_at_any_size(void **state)
{
    struct fixture *f = *state;
    char *all = help_at(f, 200, 60);
    assert_non_null(strstr(all, "sortthechosenpanel"));
    assert_non_null(strstr(all, "errorsarepeople'sonly."));
    for (int columns = 20; columns < 90; columns++) {
        char *some = help_at(f, columns, 5 + columns % 20);
        size_t same = 0;
        while (some[same] && some[same] == all[same])
            same++;
        if (some[same] || all[same])
            fail_msg("%d columns: %.30s, not %.30s", columns, some + same, all + same);
        free(some);
    }
    free(all);
}

/* Each row that the page says it shows is there. */
static void a_low_page_has_its_rows(void **state)
{
    struct fixture *f = *state;
    for (int lines = 5; lines < 40; lines++) {
        assert_true(ff_canvas_resize(&f->canvas, 40, lines));
        f->dashboard = (struct ff_dashboard) { 0 };
        press(f, "1");
        int n = 0;
        char key[32], end[32];
        for (snprintf(key, sizeof key, "/page-%02d ", n); is_there(f, key);
             snprintf(key, sizeof key, "/page-%02d ", n))
            n++;
        snprintf(end, sizeof end, "1-%d of 50", n);
        if (n == 0 || (lines > 5 && !is_there(f, end)))
            fail_msg("%d lines: not %s", lines, end);
    }
    assert_true(ff_canvas_resize(&f->canvas, 20, 5));
    draw(f);
    assert_true(is_there(f, "/page-00"));
    assert_true(is_there(f, "1,000"));
}

static void what_is_hidden_is_said(void **state)
{
    struct fixture *f = *state;
    struct ff_board_panel *pages = &f->board.panels[FF_PANEL_PAGES];
    static const char *const labels[] = { "the third", "the fourth" };
    for (unsigned i = 0; i < 2; i++) {
        pages->columns[2 + i].measure = (uint8_t)(2 + i);
        snprintf(pages->columns[2 + i].label, sizeof pages->columns->label, "%s",
                 labels[i]);
    }
    pages->n_columns = 4;
    press(f, "1");
    assert_false(is_there(f, "hidden"));
    assert_true(ff_canvas_resize(&f->canvas, 60, 15));
    draw(f);
    assert_true(is_there(f, "2 columns hidden"));
    assert_false(is_there(f, "the fourth"));
    /* The rows' order is there to be seen. */
    press(f, "sss");
    assert_true(is_there(f, "the fourth \xe2\x96\xbc"));
    assert_false(is_there(f, "the third"));
    assert_true(is_there(f, "2 columns hidden"));
    assert_true(ff_canvas_resize(&f->canvas, 40, 10));
    draw(f);
    assert_true(is_there(f, "by the fourth, 3 hidden"));
}

static void too_rare_is_not_none(void **state)
{
    struct fixture *f = *state;
    struct ff_board_panel *searches = &f->board.panels[FF_PANEL_SEARCHES];
    press(f, "4");
    assert_true(is_there(f, "none so far"));
    searches->other = searches->total = 1112;
    draw(f);
    assert_true(is_there(f, "all too rare to show: 1,112"));
    f->board.panels[FF_PANEL_AI_REFERRALS].total = 1500;
    press(f, "8");
    assert_true(is_there(f, "none, or too rare to show"));
}

static void pages_open_and_close(void **state)
{
    struct fixture *f = *state;
    press(f, "2");
    assert_int_equal(f->dashboard.page, FF_PAGE_PANEL);
    press(f, "?");
    assert_int_equal(f->dashboard.page, FF_PAGE_HELP);
    press(f, "x");
    assert_int_equal(f->dashboard.page, FF_PAGE_PANEL);
    assert_int_equal(f->dashboard.chosen, FF_PANEL_SOURCES);
    press(f, "2");
    assert_int_equal(f->dashboard.page, FF_PAGE_OVERVIEW);
    press(f, "\n");
    assert_int_equal(f->dashboard.page, FF_PAGE_PANEL);
    press(f, "\033");
    assert_int_equal(f->dashboard.page, FF_PAGE_OVERVIEW);
    press(f, "p");
    assert_true(is_there(f, "PAUSED"));
    press(f, " ");
    assert_false(is_there(f, "PAUSED"));
    press(f, "q");
    assert_true(f->dashboard.wants_end);
}

static void any_size_and_any_key(void **state)
{
    struct fixture *f = *state;
    for (int columns = 0; columns < 130; columns += columns < 30 ? 1 : 9)
        for (int lines = 0; lines < 60; lines += lines < 12 ? 1 : 7) {
            assert_true(ff_canvas_resize(&f->canvas, columns, lines));
            for (int key = 0; key < 128; key++) {
                ff_dashboard_key(&f->dashboard, key);
                draw(f);
            }
            ff_dashboard_key(&f->dashboard, FF_KEY_END);
            draw(f);
        }
}

static void plain_is_ascii(void **state)
{
    struct fixture *f = *state;
    f->canvas.is_ascii = true;
    draw(f);
    for (int i = 0; i < f->canvas.columns * f->canvas.lines; i++) {
        const uint32_t c = f->canvas.cells[i].c[0];
        assert_true(c >= 0x20 && c < 0x7f);
    }
    assert_true(is_there(f, "1 Pages -----"));
    assert_true(is_there(f, "#######"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_by_its_width),
        cmocka_unit_test(hostile_text_is_inert),
        cmocka_unit_test(bars),
        cmocka_unit_test(rates),
        cmocka_unit_test_setup_teardown(the_overview, make, drop),
        cmocka_unit_test_setup_teardown(all_panels_at_once, make, drop),
        cmocka_unit_test_setup_teardown(nothing_yet, make, drop),
        cmocka_unit_test_setup_teardown(too_few_to_tell, make, drop),
        cmocka_unit_test_setup_teardown(a_panel_sorts, make, drop),
        cmocka_unit_test_setup_teardown(a_panel_scrolls, make, drop),
        cmocka_unit_test_setup_teardown(a_panel_ends_in_what_fits, make, drop),
        cmocka_unit_test_setup_teardown(keys_are_never_cut, make, drop),
        cmocka_unit_test_setup_teardown(help_is_whole_at_any_size, make, drop),
        cmocka_unit_test_setup_teardown(a_low_page_has_its_rows, make, drop),
        cmocka_unit_test_setup_teardown(what_is_hidden_is_said, make, drop),
        cmocka_unit_test_setup_teardown(too_rare_is_not_none, make, drop),
        cmocka_unit_test_setup_teardown(pages_open_and_close, make, drop),
        cmocka_unit_test_setup_teardown(any_size_and_any_key, make, drop),
        cmocka_unit_test_setup_teardown(plain_is_ascii, make, drop),
    };
    return cmocka_run_group_tests_name("dashboard", tests, NULL, NULL);
}
