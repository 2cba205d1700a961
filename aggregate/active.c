/* Visits that are under way: of visitors who did something a moment ago. A count of
 * people like any other, so it stands on k and kn or is not told. */
#include "active.h"

#include <stdlib.h>

#include "event.h"

static bool is_active(const struct ff_visitor *visitor, uint32_t since)
{
    if (visitor->is_freed)
        return false;
    for (uint32_t i = visitor->n_events; i > 0; i--) {
        const struct ff_event *event = &visitor->events[i - 1];
        const enum ff_event_kind kind = ff_event_kind(event);
        if ((ff_event_is_page(kind) || ff_event_is_download(kind)) &&
            ff_event_at(event) >= since)
            return true;
    }
    return false;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t count_distinct(uint64_t *nets, uint32_t n)
{
    uint32_t distinct = 0;
    if (n)
        qsort(nets, n, sizeof *nets, by_number);
    for (uint32_t i = 0; i < n; i++)
        distinct += i == 0 || nets[i] != nets[i - 1];
    return distinct;
}

enum ff_err ff_visitors_active(const struct ff_visitors *visitors, int64_t since,
                               struct ff_active *active, struct ff_fault *fault)
{
    const uint32_t at = since > visitors->from ? (uint32_t)(since - visitors->from) : 0;
    uint64_t *nets = calloc((size_t)visitors->n + 1, sizeof *nets);
    if (!nets)
        return ff_fault_nomem(fault);
    for (uint32_t i = 0; i < visitors->n; i++) {
        const struct ff_visitor *visitor = ff_visitors_at(visitors, i);
        if (is_active(visitor, at))
            nets[active->visitors++] = visitor->net;
    }
    active->networks = count_distinct(nets, active->visitors);
    ff_wipe_free(nets, ((size_t)visitors->n + 1) * sizeof *nets);
    return FF_OK;
}
