/* Loaded before a program (LD_PRELOAD): a machine that begins in 1970 and learns the
 * time, the noon of 2026-04-01, when the file CLOCK_IS_SET is there. */
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *out)
{
    const char *mark = getenv("CLOCK_IS_SET");
    const time_t now = mark && access(mark, F_OK) == 0 ? 1775044800 : 0;
    if (out)
        *out = now;
    return now;
}
