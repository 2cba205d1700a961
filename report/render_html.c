/* The page: one file with its script, its style and its data. Its
 * Content-Security-Policy allows the one script and the one style block, by their
 * digests, and no request: if a key ever got into the markup, the browser would still
 * refuse to run or load anything. The data is base64, so no key is markup here; in the
 * page keys become text nodes and nothing else. Without a script there are the
 * headlines. */
#include "renderers.h"

#include "inert.h"
#include "outline.h"
#include "page_assets.h"
#include "page_data.h"
#include "view.h"
#include "words.h"

static void put_span(FILE *out, const struct ff_view *view)
{
    fputs(ff_words_date(view->from).text, out);
    if (view->end - 1 > view->from)
        fprintf(out, " to %s", ff_words_date(view->end - 1).text);
}

/* A page that is rewritten, or served, asks for itself or its data where it is from. */
static bool is_asking(const struct ff_render_settings *settings)
{
    return settings->live_seconds || settings->data_url;
}

static void put_head(FILE *out, const struct ff_view *view,
                     const struct ff_render_settings *settings)
{
    fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "script-src '%s'; style-src '%s'; connect-src %s; base-uri 'none'; "
        "form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n<title>",
        ff_page_script.digest, ff_page_style.digest,
        is_asking(settings) ? "'self'" : "'none'");
    ff_inert_html(out, view->site);
    fputs(", ", out);
    put_span(out, view);
    fputs("</title>\n<style>", out);
    fwrite(ff_page_style.bytes, 1, ff_page_style.len, out);
    fputs("</style>\n</head>\n", out);
}

static void put_headlines(FILE *out, const struct ff_view *view)
{
    struct ff_headline all[FF_HEADLINES];
    const size_t n = ff_outline_headlines(view, all);
    if (n == 0)
        fprintf(out, "<p>No totals: %s.</p>\n", ff_words_absent(view).text);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "<p>%s: %s%s%s%s</p>\n", all[i].label.text, all[i].figure.text,
                all[i].remark.text[0] ? " (" : "", all[i].remark.text,
                all[i].remark.text[0] ? ")" : "");
}

static void put_body(FILE *out, const struct ff_view *view)
{
    fputs("<body>\n<noscript>\n<h1><bdi>", out);
    ff_inert_html(out, view->site);
    fputs("</bdi></h1>\n<p>", out);
    put_span(out, view);
    fputs(" (", out);
    ff_inert_html(out, view->zone);
    fputs(")</p>\n<p>This page draws itself with a script that is part of it and asks "
          "nobody for anything; your browser does not run it. These are the headlines; "
          "<code>footfall report</code> without -o prints the rest as text.</p>\n",
          out);
    put_headlines(out, view);
    fputs("</noscript>\n", out);
}

static enum ff_err put_data(FILE *out, const struct ff_view *view,
                            const struct ff_render_settings *settings,
                            struct ff_fault *fault)
{
    enum ff_err err = FF_OK;
    fputs("<script type=\"application/octet-stream\" id=\"data\"", out);
    if (settings->data_url) {
        fputs(" data-url=\"", out);
        ff_inert_html(out, ff_span_of(settings->data_url));
        fputs("\">", out);
    } else {
        putc('>', out);
        err = ff_page_block(out, view, settings, fault);
    }
    fputs("</script>\n", out);
    return err;
}

enum ff_err ff_render_html(FILE *out, const struct ff_view *view,
                           const struct ff_render_settings *settings,
                           struct ff_fault *fault)
{
    put_head(out, view, settings);
    put_body(out, view);
    FF_TRY(put_data(out, view, settings, fault));
    fputs("<script>", out);
    fwrite(ff_page_script.bytes, 1, ff_page_script.len, out);
    fputs("</script>\n</body>\n</html>\n", out);
    return ff_words_written(out, fault);
}
