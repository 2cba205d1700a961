/* A server's format string -> a program. */
#ifndef FF_SERVER_COMPILE_H
#define FF_SERVER_COMPILE_H

#include "server_program.h"

/* On FF_OK *out is the caller's, for ff_server_program_free. FF_ERR_USAGE: the string
 * cannot work; the sentence says where and why. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_server_compile(struct ff_server_program **out,
                                          const char *given, struct ff_fault *fault);

#endif
