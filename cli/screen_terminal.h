/* What the terminal's description says. Apart, since its header defines names like
 * "lines" for everybody. */
#ifndef FF_SCREEN_TERMINAL_H
#define FF_SCREEN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether it is known, and its cursor goes where one wants: not on a dumb one. */
bool ff_terminal_can_draw(int fd);
/* After that: what leaves the picture and shows the cursor again. */
void ff_terminal_restore(char *text, size_t size);

#endif
