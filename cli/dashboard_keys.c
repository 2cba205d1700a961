#include "dashboard.h"

#include <string.h>

#define PAGE_ROWS 10

static const char panel_keys[FF_PANELS + 1] = "1234567890eb";

char ff_dashboard_panel_key(enum ff_panel panel)
{
    return panel_keys[panel];
}

static void open_panel(struct ff_dashboard *d, enum ff_panel panel)
{
    const bool is_open = d->page == FF_PAGE_PANEL && d->chosen == panel;
    d->page = is_open ? FF_PAGE_OVERVIEW : FF_PAGE_PANEL;
    d->chosen = panel;
    d->first = 0;
}

static void choose(struct ff_dashboard *d, int by)
{
    d->chosen = (enum ff_panel)(((int)d->chosen + by + FF_PANELS) % FF_PANELS);
    d->first = 0;
}

/* Rows of a panel's page; in the overview they choose a panel. */
static void move(struct ff_dashboard *d, int by)
{
    if (d->page == FF_PAGE_OVERVIEW)
        choose(d, by < 0 ? -1 : 1);
    else if (by < 0)
        d->first -= d->first < (size_t)-by ? d->first : (size_t)-by;
    else
        d->first += (size_t)by;
}

static void open_help(struct ff_dashboard *d)
{
    d->before_help = d->page;
    d->page = FF_PAGE_HELP;
    d->help_first = 0;
}

/* Any key goes to the rest of the help, or back. */
static void leave_help(struct ff_dashboard *d)
{
    if (d->help_next)
        d->help_first = d->help_next;
    else
        d->page = d->before_help;
}

static void sort_by_next(struct ff_dashboard *d)
{
    d->sorts[d->chosen].column++;
    d->first = 0;
}

static void scroll(struct ff_dashboard *d, int key)
{
    static const struct {
        int key, by;
    } moves[] = {
        { FF_KEY_UP, -1 },
        { 'k', -1 },
        { FF_KEY_DOWN, 1 },
        { 'j', 1 },
        { FF_KEY_PAGE_UP, -PAGE_ROWS },
        { FF_KEY_PAGE_DOWN, PAGE_ROWS },
        { FF_KEY_HOME, -FF_BOARD_ROWS },
        { FF_KEY_END, FF_BOARD_ROWS },
    };
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].key == key) {
            move(d, moves[i].by);
            return;
        }
}

void ff_dashboard_key(struct ff_dashboard *d, int key)
{
    const char *panel = key > 0 && key < 0x80 ? strchr(panel_keys, key) : NULL;
    if (key == 'q' || key == 'Q')
        d->wants_end = true;
    else if (key == 'p' || key == ' ')
        d->is_paused = !d->is_paused;
    else if (d->page == FF_PAGE_HELP)
        leave_help(d);
    else if (key == '?' || key == 'h' || key == FF_KEY_HELP)
        open_help(d);
    else if (panel)
        open_panel(d, (enum ff_panel)(panel - panel_keys));
    else if (key == '\t' || key == FF_KEY_RIGHT)
        choose(d, 1);
    else if (key == FF_KEY_BACK_TAB || key == FF_KEY_LEFT)
        choose(d, -1);
    else if (key == '\n' || key == '\r')
        open_panel(d, d->chosen);
    else if (key == 27 || key == 'o')
        d->page = FF_PAGE_OVERVIEW;
    else if (key == 's')
        sort_by_next(d);
    else if (key == 'r')
        d->sorts[d->chosen].is_rising = !d->sorts[d->chosen].is_rising;
    else
        scroll(d, key);
}
