/* The renderers: one file each, one line each here. */
#include "renderers.h"

static const struct ff_renderer renderers[] = {
    { .ending = ".txt", .render = ff_render_text },
    { .ending = ".json", .render = ff_render_json },
    { .ending = ".csv", .render = ff_render_csv },
    { .ending = ".html", .render = ff_render_html },
    { .ending = ".xlsx", .render = ff_render_xlsx, .check = ff_check_xlsx },
};

#define RENDERERS (sizeof renderers / sizeof *renderers)

const struct ff_renderer *ff_renderer_for(const char *path)
{
    const struct ff_span name = ff_span_of(path);
    for (size_t i = 0; i < RENDERERS; i++) {
        const struct ff_span ending = ff_span_of(renderers[i].ending);
        if (name.len >= ending.len &&
            ff_span_equal_nocase(ff_span_from(name, name.len - ending.len), ending))
            return &renderers[i];
    }
    return NULL;
}

const struct ff_renderer *ff_renderer_text(void)
{
    return &renderers[0];
}

const char *ff_renderer_endings(void)
{
    return ".txt .json .csv .html .xlsx";
}
