/* Visitors of an open period that did something a moment ago. */
#ifndef FF_ACTIVE_H
#define FF_ACTIVE_H

#include "visitors.h"

struct ff_active {
    uint32_t visitors, networks;
};

/* Those with a page view or download at or after `since`, into zeros. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_visitors_active(const struct ff_visitors *visitors,
                                           int64_t since, struct ff_active *active,
                                           struct ff_fault *fault);

#endif
