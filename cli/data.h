/* Where the data that footfall reads at run time is: beside the binary while it is not
 * installed, else in the data folder, wherever the two were installed together. */
#ifndef FF_DATA_H
#define FF_DATA_H

#include <limits.h>
#include <stdbool.h>

/* Path of the country database; false when there is none. */
bool ff_data_countries(char path[static PATH_MAX]);

#endif
