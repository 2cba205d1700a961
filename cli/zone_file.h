/* Time zones from the system's zone files. */
#ifndef FF_ZONE_FILE_H
#define FF_ZONE_FILE_H

#include "footfall/err.h"
#include "footfall/zone.h"

/* Fills *zone for a name such as "Europe/Berlin", with the changes from 1970 to 2100.
 * FF_ERR_USAGE: the system has no zone of that name. */
FF_MUST_USE enum ff_err ff_zone_load(struct ff_zone *zone, const char *name,
                                     struct ff_fault *fault);

#endif
