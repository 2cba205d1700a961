/* --compare: which span a report is held against. */
#ifndef FF_COMPARE_H
#define FF_COMPARE_H

#include "footfall/report.h"

/* "previous", "year", or a first and a last day, "2026-02-01..2026-02-28"; false for
 * all else. */
bool ff_compare_read(struct ff_compare *compare, const char *text);

#endif
