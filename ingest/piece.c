#include "piece.h"

#include <stdlib.h>

enum ff_err ff_periods_add(struct ff_period_lines **periods, size_t *n, size_t *at,
                           int32_t start, uint64_t lines, struct ff_fault *fault)
{
    size_t i = *at;
    if (i >= *n || (*periods)[i].start != start)
        for (i = 0; i < *n && (*periods)[i].start != start; i++)
            ;
    if (i == *n) {
        struct ff_period_lines *grown = realloc(*periods, (i + 1) * sizeof *grown);
        if (!grown)
            return ff_fault_nomem(fault);
        *periods = grown;
        grown[(*n)++] = (struct ff_period_lines) { start, 0 };
    }
    *at = i;
    (*periods)[i].lines += lines;
    return FF_OK;
}

void ff_findings_clear(struct ff_findings *found)
{
    free(found->periods);
    *found = (struct ff_findings) { 0 };
}
