/* What servers say about themselves in the stream that their access log goes to. */
#ifndef FF_MESSAGES_H
#define FF_MESSAGES_H

#include "footfall/span.h"

/* Whether a line that is no access log line is a message of a well-known server, such
 * as "2026/03/02 10:00:00 [error] ...": it carries no request. */
bool ff_is_server_message(struct ff_span line);

#endif
