/* A config file of any bytes, for each command: it is read, or refused with its name
 * and a line of it. */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"
#include "config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

/* "NAME:LINE: ", the line one of the file's. */
static void check_fault(const struct ff_fault *fault, const char *name,
                        uint64_t n_lines)
{
    const struct ff_span text = ff_span_of(fault->text);
    require(ff_span_starts(text, ff_span_of(name)));
    if (ff_span_ends(text, FF_SPAN(": too large")))
        return;
    char *end;
    require(text.data[strlen(name)] == ':');
    const unsigned long long line = strtoull(text.data + strlen(name) + 1, &end, 10);
    require(*end == ':' && line >= 1 && line <= n_lines);
}

static void read_for(enum ff_command command, const char *name, uint64_t n_lines)
{
    struct ff_options options = { .config = name };
    const bool is_given[64] = { false };
    struct ff_fault fault = { "" };
    ff_arena_init(&options.texts, 4096, (size_t)4 << 20);
    const enum ff_err err = ff_config_read(&options, command, is_given, &fault);
    require(err == FF_OK || err == FF_ERR_USAGE);
    if (err)
        check_fault(&fault, name, n_lines);
    ff_options_clear(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int file = memfd_create("config", MFD_CLOEXEC);
    char name[64];
    uint64_t n_lines = 1;
    require(file >= 0 && write(file, data, size) == (ssize_t)size);
    for (size_t i = 0; i < size; i++)
        n_lines += data[i] == '\n';
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    static const enum ff_command commands[] = { FF_RUN, FF_ROLLUP, FF_REPORT,
                                                FF_EXPLAIN };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        read_for(commands[i], name, n_lines);
    close(file);
    return 0;
}
