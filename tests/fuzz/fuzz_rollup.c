/* The rollup reader on any bytes: what it accepts is written again byte for byte, and
 * the diagnostic notation of anything at all is safe to make. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "footfall/rollup.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_rollup(const unsigned char *data, size_t size)
{
    struct ff_rollup *rollup = NULL;
    struct ff_fault fault = { "" };
    size_t used = 0, len = 0;
    unsigned char *bytes = NULL;
    if (ff_rollup_decode(&rollup, data, size, &used, "fuzz", &fault) != FF_OK) {
        if (rollup || !fault.text[0])
            abort();
        return;
    }
    if (ff_rollup_encode(rollup, &bytes, &len, &fault) != FF_OK || len != used ||
        memcmp(bytes, data, len) != 0)
        abort();
    free(bytes);
    ff_rollup_destroy(rollup);
}

/* Nothing that a terminal would obey comes out. */
static void check_notation(const unsigned char *data, size_t size)
{
    struct ff_fault fault = { "" };
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out)
        return;
    const enum ff_err err = ff_rollup_diagnose(out, data, size, "fuzz", &fault);
    fclose(out);
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 && text[i] != '\n')
            abort();
    }
    if (err != FF_OK && err != FF_ERR_DATA)
        abort();
    free(text);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    check_rollup(data, size);
    check_notation(data, size);
    return 0;
}
