#include "failing.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static struct {
    bool is_armed, has_failed;
    enum failing_mode mode;
    unsigned n, asked;
    long held;
} now;

void failing_arm(unsigned n, enum failing_mode mode)
{
    memset(&now, 0, sizeof now);
    now.is_armed = true;
    now.mode = mode;
    now.n = n;
}

void failing_disarm(void)
{
    now.is_armed = false;
}

unsigned failing_asked(void)
{
    return now.asked;
}

bool failing_failed(void)
{
    return now.has_failed;
}

long failing_held(void)
{
    return now.held;
}

/* Whether this allocation is one that fails. */
static bool fails(void)
{
    if (!now.is_armed)
        return false;
    now.asked++;
    const bool is_it =
        now.n && (now.mode == FAILING_ONCE ? now.asked == now.n : now.asked >= now.n);
    now.has_failed |= is_it;
    return is_it;
}

static void *given(void *memory)
{
    now.held += memory && now.is_armed;
    return memory;
}

/* The names are the linker's. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *memory);
void *__real_mmap64(void *at, size_t size, int protection, int flags, int fd,
                    off_t offset);
void *__real_mremap(void *memory, size_t old, size_t size, int flags);
int __real_munmap(void *memory, size_t size);
FILE *__real_open_memstream(char **text, size_t *len);
void *__real_sodium_malloc(size_t size);
void __real_sodium_free(void *memory);
int __real_inflateInit2_(z_streamp stream, int bits, const char *version, int size);
pcre2_code *__real_pcre2_compile_8(PCRE2_SPTR pattern, PCRE2_SIZE len, uint32_t options,
                                   int *error, PCRE2_SIZE *at,
                                   pcre2_compile_context *context);
pcre2_match_data *__real_pcre2_match_data_create_8(uint32_t n,
                                                   pcre2_general_context *context);
pcre2_match_context *
__real_pcre2_match_context_create_8(pcre2_general_context *context);
pcre2_jit_stack *__real_pcre2_jit_stack_create_8(size_t start, size_t most,
                                                 pcre2_general_context *context);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *memory);
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd,
                    off_t offset);
void *__wrap_mremap(void *memory, size_t old, size_t size, int flags);
int __wrap_munmap(void *memory, size_t size);
FILE *__wrap_open_memstream(char **text, size_t *len);
void *__wrap_sodium_malloc(size_t size);
void __wrap_sodium_free(void *memory);
int __wrap_inflateInit2_(z_streamp stream, int bits, const char *version, int size);
pcre2_code *__wrap_pcre2_compile_8(PCRE2_SPTR pattern, PCRE2_SIZE len, uint32_t options,
                                   int *error, PCRE2_SIZE *at,
                                   pcre2_compile_context *context);
pcre2_match_data *__wrap_pcre2_match_data_create_8(uint32_t n,
                                                   pcre2_general_context *context);
pcre2_match_context *
__wrap_pcre2_match_context_create_8(pcre2_general_context *context);
pcre2_jit_stack *__wrap_pcre2_jit_stack_create_8(size_t start, size_t most,
                                                 pcre2_general_context *context);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : given(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : given(__real_calloc(n, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
    if (fails())
        return NULL;
    return memory ? __real_realloc(memory, size) : given(__real_realloc(NULL, size));
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fails() ? NULL : given(__real_aligned_alloc(align, size));
}

void __wrap_free(void *memory)
{
    now.held -= memory && now.is_armed;
    __real_free(memory);
}

/* Of what is mapped each byte counts as held: its ends may go back before the rest. */
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd,
                    off_t offset)
{
    if (fails())
        return MAP_FAILED;
    void *memory = __real_mmap64(at, size, protection, flags, fd, offset);
    now.held += memory != MAP_FAILED && now.is_armed ? (long)size : 0;
    return memory;
}

void *__wrap_mremap(void *memory, size_t old, size_t size, int flags)
{
    if (fails())
        return MAP_FAILED;
    void *moved = __real_mremap(memory, old, size, flags);
    now.held += moved != MAP_FAILED && now.is_armed ? (long)size - (long)old : 0;
    return moved;
}

int __wrap_munmap(void *memory, size_t size)
{
    now.held -= now.is_armed ? (long)size : 0;
    return __real_munmap(memory, size);
}

/* The text that libc allocates is freed by who asked for it. */
FILE *__wrap_open_memstream(char **text, size_t *len)
{
    return fails() ? NULL : given(__real_open_memstream(text, len));
}

void *__wrap_sodium_malloc(size_t size)
{
    return fails() ? NULL : given(__real_sodium_malloc(size));
}

void __wrap_sodium_free(void *memory)
{
    now.held -= memory && now.is_armed;
    __real_sodium_free(memory);
}

int __wrap_inflateInit2_(z_streamp stream, int bits, const char *version, int size)
{
    return fails() ? Z_MEM_ERROR : __real_inflateInit2_(stream, bits, version, size);
}

/* What a compilation gives when its own malloc gives nothing. */
#define COMPILE_OUT_OF_MEMORY 121

pcre2_code *__wrap_pcre2_compile_8(PCRE2_SPTR pattern, PCRE2_SIZE len, uint32_t options,
                                   int *error, PCRE2_SIZE *at,
                                   pcre2_compile_context *context)
{
    if (!fails())
        return __real_pcre2_compile_8(pattern, len, options, error, at, context);
    *error = COMPILE_OUT_OF_MEMORY;
    *at = 0;
    return NULL;
}

pcre2_match_data *__wrap_pcre2_match_data_create_8(uint32_t n,
                                                   pcre2_general_context *context)
{
    return fails() ? NULL : __real_pcre2_match_data_create_8(n, context);
}

pcre2_match_context *__wrap_pcre2_match_context_create_8(pcre2_general_context *context)
{
    return fails() ? NULL : __real_pcre2_match_context_create_8(context);
}

pcre2_jit_stack *__wrap_pcre2_jit_stack_create_8(size_t start, size_t most,
                                                 pcre2_general_context *context)
{
    return fails() ? NULL : __real_pcre2_jit_stack_create_8(start, most, context);
}
