#include "zone_hint.h"

#include <stdlib.h>

void ff_zone_offset_print(int32_t east, char out[static 16])
{
    const int minutes = abs((int)east) / 60;
    if (east == 0)
        snprintf(out, 16, "UTC");
    else
        snprintf(out, 16, "%c%02d:%02d", east < 0 ? '-' : '+', minutes / 60 % 100,
                 minutes % 60);
}

/* The offset with most lines over all inputs. */
static struct ff_offset_stats most_frequent(const struct ff_ingest *ingest)
{
    struct ff_offset_stats sums[2 * FF_OFFSETS] = { { 0, 0 } }, most = { 0, 0 };
    size_t n = 0;
    for (size_t i = 0; i < ff_ingest_inputs(ingest); i++) {
        const struct ff_input_stats *s = ff_ingest_input(ingest, i);
        for (uint32_t j = 0; j < s->n_offsets; j++) {
            size_t k = 0;
            while (k < n && sums[k].east != s->offsets[j].east)
                k++;
            if (k == sizeof sums / sizeof *sums)
                continue;
            if (k == n)
                sums[n++].east = s->offsets[j].east;
            sums[k].lines += s->offsets[j].lines;
        }
    }
    for (size_t k = 0; k < n; k++)
        if (sums[k].lines > most.lines)
            most = sums[k];
    return most;
}

bool ff_zone_hint(const struct ff_ingest *ingest, const struct ff_options *options,
                  struct ff_zone_hint *out)
{
    char offset[16];
    const struct ff_offset_stats most = most_frequent(ingest);
    if (options->has_zone || most.east == 0)
        return false;
    ff_zone_offset_print(most.east, offset);
    snprintf(out->text, sizeof out->text,
             "most lines are written in a time zone of %s; days and hours here are "
             "UTC's (--tz takes a zone's, such as --tz Europe/Berlin)",
             offset);
    return true;
}
