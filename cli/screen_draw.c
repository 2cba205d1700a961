/* The drawing process: ncurses on the terminal, ten looks a second at its keys and at
 * what it is told, five pictures. What it draws is made elsewhere (dashboard.h); here
 * cells become a terminal's. */
#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "dashboard.h"
#include "live.h"
#include "screen.h"
#include "screen_terminal.h"

#define LOOK_MS      100
#define DRAW_SECONDS 0.2
/* A message on stderr is shown for so long. */
#define MESSAGE_SECONDS 10

struct drawing {
    struct ff_screen *screen;
    SCREEN *curses;
    FILE *terminal;
    struct ff_canvas canvas;
    struct ff_dashboard dashboard;
    struct ff_rates rates;
    attr_t attributes[FF_CANVAS_LOOKS];
    short pairs[FF_CANVAS_LOOKS];
    bool was_away;

    /* What is on the screen: stands still while it is paused. */
    struct ff_rates shown_rates;
    struct ff_screen_board board;
    char time[32];
    uint64_t lines;

    char message[200];
    size_t messages_len;
    double message_until;
};

/* ---- the terminal ---- */

static void set_look(struct drawing *d, enum ff_look look, attr_t attributes,
                     short colour, short background)
{
    d->attributes[look] = attributes;
    d->pairs[look] = (short)(look + 1);
    init_pair((short)(look + 1), colour, background);
}

static void set_looks(struct drawing *d)
{
    static const attr_t plain[FF_CANVAS_LOOKS] = {
        [FF_CANVAS_STRONG] = A_BOLD,    [FF_CANVAS_TITLE] = A_BOLD,
        [FF_CANVAS_CHOSEN] = A_REVERSE, [FF_CANVAS_BANNER] = A_REVERSE,
        [FF_CANVAS_WARNING] = A_BOLD,   [FF_CANVAS_BAD] = A_BOLD,
    };
    const char *forbids = getenv("NO_COLOR");
    memcpy(d->attributes, plain, sizeof plain);
    if ((forbids && forbids[0]) || !has_colors() || start_color() != OK)
        return;
    const short back = use_default_colors() == OK ? -1 : COLOR_BLACK;
    const short front = back == -1 ? -1 : COLOR_WHITE;
    const bool has_many = COLORS >= 256;
    set_look(d, FF_CANVAS_FAINT, has_many ? A_NORMAL : A_DIM, has_many ? 245 : front,
             back);
    set_look(d, FF_CANVAS_TITLE, A_BOLD, COLOR_CYAN, back);
    set_look(d, FF_CANVAS_CHOSEN, A_BOLD, has_many ? 231 : COLOR_WHITE,
             has_many ? 31 : COLOR_BLUE);
    set_look(d, FF_CANVAS_BANNER, A_NORMAL, has_many ? 254 : COLOR_WHITE,
             has_many ? 24 : COLOR_BLUE);
    set_look(d, FF_CANVAS_BAR, A_NORMAL, has_many ? 74 : COLOR_BLUE, back);
    set_look(d, FF_CANVAS_GOOD, A_BOLD, has_many ? 78 : COLOR_GREEN, back);
    set_look(d, FF_CANVAS_NOTE, A_NORMAL, has_many ? 109 : COLOR_CYAN, back);
    set_look(d, FF_CANVAS_WARNING, A_BOLD, has_many ? 179 : COLOR_YELLOW, back);
    set_look(d, FF_CANVAS_BAD, A_BOLD, has_many ? 167 : COLOR_RED, back);
    set_look(d, FF_CANVAS_AI, A_NORMAL, has_many ? 140 : COLOR_MAGENTA, back);
}

static bool begin(struct drawing *d)
{
    struct ff_shared *shared = d->screen->shared;
    const int fd = d->screen->terminal;
    setlocale(LC_CTYPE, "");
    if (tcgetattr(fd, &shared->before) != 0 || !ff_terminal_can_draw(fd))
        return false;
    d->terminal = fdopen(fd, "r+");
    if (!d->terminal)
        return false;
    ff_terminal_restore(shared->restore, sizeof shared->restore);
    atomic_store(&shared->is_dirty, true);
    d->curses = newterm(NULL, d->terminal, d->terminal);
    if (!d->curses)
        return false;
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    curs_set(0);
    set_looks(d);
    d->canvas.is_ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    return true;
}

static void end(struct drawing *d)
{
    if (d->curses) {
        curs_set(1);
        endwin();
    }
    atomic_store(&d->screen->shared->is_dirty, false);
}

/* ---- a picture ---- */

/* What this system's library takes for no character would be a blank of unknown width.
 */
static wchar_t drawable(uint32_t c)
{
    return wcwidth((wchar_t)c) < 0 ? (wchar_t)0xfffd : (wchar_t)c;
}

static void put_cell(const struct drawing *d, int line, int column,
                     const struct ff_cell *cell)
{
    wchar_t text[FF_CELL_CODES + 1] = { 0 };
    cchar_t out;
    if (cell->c[0] == 0)
        return; /* the second half of the one before */
    for (int i = 0; i < FF_CELL_CODES && cell->c[i]; i++)
        text[i] = drawable(cell->c[i]);
    if (setcchar(&out, text, d->attributes[cell->look], d->pairs[cell->look], NULL) ==
        OK)
        mvadd_wch(line, column, &out);
}

static void draw(struct drawing *d, double now)
{
    const struct ff_dashboard_figures figures = {
        .board = atomic_load(&d->screen->shared->taken) ? &d->board.board : NULL,
        .rates = &d->shown_rates,
        .time = d->time,
        .message = now < d->message_until ? d->message : "",
        .lines = d->lines,
        .active = d->board.active,
    };
    int columns, lines;
    getmaxyx(stdscr, lines, columns);
    if ((columns != d->canvas.columns || lines != d->canvas.lines) &&
        !ff_canvas_resize(&d->canvas, columns, lines))
        return;
    ff_dashboard_draw(&d->dashboard, &figures, &d->canvas);
    erase();
    for (int i = 0; i < d->canvas.lines; i++)
        for (int j = 0; j < d->canvas.columns; j++)
            put_cell(d, i, j, &d->canvas.cells[i * d->canvas.columns + j]);
    refresh();
}

/* ---- what it is told ---- */

/* A copy may begin to fill the one that is read only after it has published another. */
static bool take_board(struct drawing *d)
{
    struct ff_shared *shared = d->screen->shared;
    const uint64_t published = atomic_load(&shared->published);
    if (published == atomic_load(&shared->taken))
        return false;
    memcpy(&d->board, &shared->boards[published % 2], sizeof d->board);
    if (atomic_load(&shared->published) != published)
        return take_board(d);
    atomic_store(&shared->taken, published);
    return true;
}

static void take(struct drawing *d, double now)
{
    struct ff_shared *shared = d->screen->shared;
    const uint64_t lines = atomic_load(&shared->lines);
    const int64_t clock = atomic_load(&shared->clock);
    ff_rates_note(&d->rates, now, lines);
    const size_t said = ff_held_last(&d->screen->held, d->message, sizeof d->message);
    if (said != d->messages_len)
        d->message_until = now + MESSAGE_SECONDS;
    d->messages_len = said;
    if (d->dashboard.is_paused)
        return;
    d->shown_rates = d->rates;
    d->lines = lines;
    d->time[0] = '\0';
    if (lines)
        ff_live_put_time(d->time, sizeof d->time, d->screen->zone, clock);
    take_board(d);
}

/* ---- keys ---- */

static int key_of(int status, wint_t code)
{
    static const struct {
        wint_t curses;
        int key;
    } keys[] = {
        { KEY_UP, FF_KEY_UP },         { KEY_DOWN, FF_KEY_DOWN },
        { KEY_PPAGE, FF_KEY_PAGE_UP }, { KEY_NPAGE, FF_KEY_PAGE_DOWN },
        { KEY_HOME, FF_KEY_HOME },     { KEY_END, FF_KEY_END },
        { KEY_LEFT, FF_KEY_LEFT },     { KEY_RIGHT, FF_KEY_RIGHT },
        { KEY_BTAB, FF_KEY_BACK_TAB }, { KEY_F(1), FF_KEY_HELP },
        { KEY_ENTER, '\n' },
    };
    if (status == OK)
        return (int)code;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == code)
            return keys[i].key;
    return FF_KEY_OTHER;
}

#define CTRL_L 12

/* Whether there was one; a new size of the terminal comes as one. */
static bool take_keys(struct drawing *d)
{
    wint_t code;
    int status;
    bool has_any = false;
    while ((status = get_wch(&code)) != ERR) {
        has_any = true;
        if (status == OK && code == CTRL_L)
            clearok(curscr, TRUE);
        else if (status == OK || code != KEY_RESIZE)
            ff_dashboard_key(&d->dashboard, key_of(status, code));
    }
    return has_any;
}

/* ---- the process ---- */

static bool is_over(const struct drawing *d)
{
    return d->dashboard.wants_end || atomic_load(&d->screen->shared->is_over) ||
           getppid() != d->screen->reader;
}

/* In the background the terminal is somebody else's. */
static bool is_away(struct drawing *d)
{
    const bool is = tcgetpgrp(d->screen->terminal) != getpgrp();
    if (d->was_away && !is)
        clearok(curscr, TRUE);
    d->was_away = is;
    return is;
}

/* False when the terminal is gone. */
static bool run(struct drawing *d)
{
    struct pollfd keys = { .fd = d->screen->terminal, .events = POLLIN };
    double drawn = 0;
    while (!is_over(d)) {
        const bool was_away = d->was_away;
        if (was_away)
            poll(NULL, 0, LOOK_MS);
        else if (poll(&keys, 1, LOOK_MS) > 0 &&
                 (keys.revents & (POLLHUP | POLLERR | POLLNVAL)))
            return false;
        const double now = ff_live_seconds();
        take(d, now);
        if (is_away(d))
            continue;
        const bool has_key = take_keys(d);
        if (has_key || now - drawn >= DRAW_SECONDS) {
            draw(d, now);
            drawn = now;
        }
    }
    return true;
}

_Noreturn void ff_screen_run(struct ff_screen *screen)
{
    struct drawing *d = calloc(1, sizeof *d);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    /* The log is not this process's. */
    if (!d || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
        _exit(1);
    d->screen = screen;
    const bool is_on = begin(d);
    const bool is_well = is_on && run(d);
    end(d);
    if (getppid() != screen->reader)
        ff_held_end(&screen->held); /* nobody else will tell */
    if (d->dashboard.wants_end)
        atomic_store(&screen->shared->wants_end, true);
    _exit(is_well ? 0 : 1);
}
