/* The page's script and style as report/web/bundle.mjs makes them at build time, and
 * their digests as sources of a Content-Security-Policy ("sha256-" and base64 of the
 * bytes between the tags). Private to report. */
#ifndef FOOTFALL_PAGE_ASSETS_H
#define FOOTFALL_PAGE_ASSETS_H

#include <stddef.h>

struct ff_page_asset {
    const unsigned char *bytes;
    size_t len;
    const char *digest;
};

extern const struct ff_page_asset ff_page_script;
extern const struct ff_page_asset ff_page_style;

#endif
