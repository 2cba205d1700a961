/* What the table of renderers takes from their files. Each writes the view and flushes
 * `out`; FF_ERR_IO when that fails, FF_ERR_NOMEM. Private to report. */
#ifndef FOOTFALL_RENDERERS_H
#define FOOTFALL_RENDERERS_H

#include "footfall/report.h"

FF_MUST_USE enum ff_err ff_render_text(FILE *out, const struct ff_view *view,
                                       const struct ff_render_settings *settings,
                                       struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_render_brief(FILE *out, const struct ff_view *view,
                                        const struct ff_render_settings *settings,
                                        struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_render_xlsx(FILE *out, const struct ff_view *view,
                                       const struct ff_render_settings *settings,
                                       struct ff_fault *fault);
/* FF_ERR_IO: the library that it takes is not installed. */
FF_MUST_USE enum ff_err ff_check_xlsx(struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_render_json(FILE *out, const struct ff_view *view,
                                       const struct ff_render_settings *settings,
                                       struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_render_csv(FILE *out, const struct ff_view *view,
                                      const struct ff_render_settings *settings,
                                      struct ff_fault *fault);
FF_MUST_USE enum ff_err ff_render_html(FILE *out, const struct ff_view *view,
                                       const struct ff_render_settings *settings,
                                       struct ff_fault *fault);

#endif
