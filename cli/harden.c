#include "harden.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif

/* A program that collects cores asks for this, not for the limit, and so does whoever
 * wants to look in. A sanitizer has to. */
static bool hide(void)
{
#ifdef __SANITIZE_ADDRESS__
    return true;
#else
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
}

enum ff_err ff_harden(struct ff_fault *fault)
{
    const struct rlimit none = { 0, 0 };
    struct rlimit core;
    /* A sandbox may forbid to set what it has set so already. */
    const bool is_none = getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0;
    if ((!is_none && setrlimit(RLIMIT_CORE, &none) != 0) || !hide())
        return ff_fault_set(fault, FF_ERR_IO, "core dumps cannot be forbidden: %s",
                            strerror(errno));
    /* Whether that is enough is found out when the first key is made. */
    struct rlimit locked;
    if (getrlimit(RLIMIT_MEMLOCK, &locked) == 0 && locked.rlim_cur < locked.rlim_max) {
        locked.rlim_cur = locked.rlim_max;
        (void)setrlimit(RLIMIT_MEMLOCK, &locked);
    }
    return FF_OK;
}
