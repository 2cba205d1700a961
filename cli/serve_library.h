/* The functions of libmicrohttpd that we call: the library is opened when there is
 * something to serve. */
#ifndef FF_SERVE_LIBRARY_H
#define FF_SERVE_LIBRARY_H

#include <microhttpd.h>

#include "footfall/library.h"

#define FF_MHD_FUNCTIONS(F)                                                            \
    F(MHD_add_response_header)                                                         \
    F(MHD_create_response_from_buffer)                                                 \
    F(MHD_destroy_response)                                                            \
    F(MHD_get_daemon_info)                                                             \
    F(MHD_http_unescape)                                                               \
    F(MHD_lookup_connection_value)                                                     \
    F(MHD_queue_response)                                                              \
    F(MHD_start_daemon)                                                                \
    F(MHD_stop_daemon)
struct ff_mhd {
    FF_MHD_FUNCTIONS(FF_LIBRARY_MEMBER)
};

/* FF_ERR_IO: it is not installed. */
FF_MUST_USE enum ff_err ff_mhd_open(struct ff_mhd *mhd, struct ff_fault *fault);

#endif
