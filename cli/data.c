#include "data.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "version.h"

#define NAME "country.mmdb"

/* The file at `place`, seen from the folder that the binary is in. */
static bool from_binary(char path[static PATH_MAX], const char *place)
{
    char exe[PATH_MAX];
    const ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (len <= 0)
        return false;
    exe[len] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash)
        *slash = '\0';
    const int n = snprintf(path, PATH_MAX, "%s/%s", exe, place);
    return n > 0 && n < PATH_MAX && access(path, R_OK) == 0;
}

bool ff_data_countries(char path[static PATH_MAX])
{
    /* The second: installed below any folder, such as a DESTDIR. */
    if (from_binary(path, NAME) || from_binary(path, "../share/footfall/" NAME))
        return true;
    snprintf(path, PATH_MAX, "%s", FF_DATA_DIR "/" NAME);
    return access(path, R_OK) == 0;
}
