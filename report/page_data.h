/* The page's data, as JSON and packed into the page. Private to report. */
#ifndef FOOTFALL_PAGE_DATA_H
#define FOOTFALL_PAGE_DATA_H

#include "view.h"

/* Of the members and their meaning: report/web/data.ts refuses another. */
#define FF_PAGE_DATA_FORMAT 1

/* What ff_page_data_write writes, deflated (RFC 1950) and in base64: no character of it
 * can end the element that it stands in. FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_page_block(FILE *out, const struct ff_view *view,
                                      const struct ff_render_settings *settings,
                                      struct ff_fault *fault);

#endif
