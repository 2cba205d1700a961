/* A second span beside the first: which one it is, its view, and what there is of it.
 * Private to report. */
#ifndef FOOTFALL_COMPARISON_H
#define FOOTFALL_COMPARISON_H

#include "outline.h"

/* Fills view->other, and `other` of the view's rows, by settings->comparison.
 * FF_ERR_USAGE: the rollups do not fit together, or the days are no span that can be
 * shown; FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_comparison_create(struct ff_view *view,
                                             const struct ff_view_settings *settings,
                                             struct ff_fault *fault);

/* Whether there is anything that figures can be held against. */
bool ff_comparison_is_there(const struct ff_view *view);

/* What is compared and how much of it is there; false when nothing was asked for. Ours,
 * as ff_outline_privacy. */
bool ff_comparison_sentence(const struct ff_view *view, struct ff_sentence *sentence);

#endif
