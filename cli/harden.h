/* The process itself: nobody shall read a person out of it. */
#ifndef FF_HARDEN_H
#define FF_HARDEN_H

#include "footfall/err.h"

/* Before a log is opened: no core dump, no other process of the same user that reads
 * this one's memory (PR_SET_DUMPABLE; root still can), and as much memory that may be
 * locked as the system allows. FF_ERR_IO when the system refuses. */
FF_MUST_USE enum ff_err ff_harden(struct ff_fault *fault);

#endif
