/* What an agent runs on, in four words: by words of its string and its system. */
#ifndef FF_DEVICE_H
#define FF_DEVICE_H

#include "agents_data.h"

/* `system` is uap-core's word for it, "(unknown)" when it has none. Gives
 * FF_WORD_DESKTOP, _MOBILE, _TABLET or _OTHER. */
enum ff_agent_word ff_device_of(struct ff_span agent, struct ff_span system);

#endif
