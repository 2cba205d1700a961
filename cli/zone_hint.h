/* Days and hours are UTC's unless --tz says otherwise; a log that is written in another
 * zone is a reason to say so. */
#ifndef FF_ZONE_HINT_H
#define FF_ZONE_HINT_H

#include "footfall/ingest.h"
#include "options.h"

struct ff_zone_hint {
    char text[256];
};

/* Fills *out when most readable lines of the inputs carry an offset that is not UTC's
 * and --tz was not given; else false. */
bool ff_zone_hint(const struct ff_ingest *ingest, const struct ff_options *options,
                  struct ff_zone_hint *out);

/* "+01:00", "UTC" for none. `out` holds 16 bytes. */
void ff_zone_offset_print(int32_t east, char out[static 16]);

#endif
