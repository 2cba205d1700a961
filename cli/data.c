#include "data.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "version.h"

#define NAME "country.mmdb"

bool ff_data_countries(char path[static PATH_MAX])
{
    char exe[PATH_MAX];
    const ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (len > 0) {
        exe[len] = '\0';
        char *slash = strrchr(exe, '/');
        if (slash)
            *slash = '\0';
        const int n = snprintf(path, PATH_MAX, "%s/" NAME, exe);
        if (n > 0 && n < PATH_MAX && access(path, R_OK) == 0)
            return true;
    }
    snprintf(path, PATH_MAX, "%s", FF_DATA_DIR "/" NAME);
    return access(path, R_OK) == 0;
}
