/* Trouble outside the program (I/O, memory, a damaged file): an error code that
 * says what kind, and a sentence in the user's words written where it was found.
 * Bad log lines are data and never come this way; our own mistakes are asserts. */
#ifndef FOOTFALL_ERR_H
#define FOOTFALL_ERR_H

#include <stdarg.h>
#include <stdio.h>

enum ff_err {
    FF_OK = 0,
    FF_ERR_IO,    /* the operating system refused: open, read, write, rename */
    FF_ERR_NOMEM, /* memory ran out */
    FF_ERR_DATA,  /* a file is damaged, cut off, or of another kind */
    FF_ERR_USAGE, /* what the user asked for cannot be done */
};

#define FF_MUST_USE __attribute__((warn_unused_result))

/* The sentence. The caller owns it; whoever finds the trouble fills it once, with
 * file, place and what was expected; others pass it up; only main prints it. */
struct ff_fault {
    char text[512];
};

__attribute__((format(printf, 2, 3))) static inline void
ff_fault_write(struct ff_fault *fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
}

/* Writes the sentence and gives `err` back, so that a finder can return in a line. A
 * macro, since analyzers do not look into variadic functions and would think that the
 * error may be FF_OK. */
#define ff_fault_set(fault, err, ...) (ff_fault_write((fault), __VA_ARGS__), (err))

static inline enum ff_err ff_fault_nomem(struct ff_fault *fault)
{
    return ff_fault_set(fault, FF_ERR_NOMEM, "out of memory");
}

/* For functions that own nothing: pass trouble up. One that owns something has a
 * single `done:` label instead. */
#define FF_TRY(expression)                                                             \
    do {                                                                               \
        const enum ff_err ff_try_err = (expression);                                   \
        if (ff_try_err != FF_OK)                                                       \
            return ff_try_err;                                                         \
    } while (0)

#endif
