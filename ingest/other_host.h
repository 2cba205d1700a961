/* Whose lines are another site's. */
#ifndef FF_OTHER_HOST_H
#define FF_OTHER_HOST_H

#include "footfall/ingest.h"

/* Where lines carry a virtual host and the site is named, other hosts' lines are not
 * the site's. */
bool ff_is_other_host(const struct ff_ingest_settings *settings, struct ff_span vhost);

#endif
