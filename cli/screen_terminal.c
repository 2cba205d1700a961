#include "screen_terminal.h"

#include <curses.h>
#include <string.h>
#include <term.h>

static const char *string(const char *name)
{
    const char *text = tigetstr(name);
    return text == (char *)-1 ? NULL : text;
}

bool ff_terminal_can_draw(int fd)
{
    int error;
    return setupterm(NULL, fd, &error) == OK && string("cup");
}

/* Without the pauses that old terminals want ("$<5>"). */
static void add(char *to, size_t size, const char *text)
{
    size_t len = strlen(to);
    for (; text && *text && len + 1 < size; text++) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end)
            text = end;
        else
            to[len++] = *text;
    }
    to[len] = '\0';
}

void ff_terminal_restore(char *text, size_t size)
{
    static const char *const names[] = { "sgr0", "op", "cnorm", "rmkx", "rmcup" };
    text[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(text, size, string(names[i]));
}
