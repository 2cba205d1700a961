/* The table of formats, and parsers. */
#include "formats.h"

#include <stdlib.h>

#include "clf_marked.h"
#include "format_aws.h"
#include "format_clf.h"
#include "format_haproxy.h"
#include "format_iis.h"
#include "format_json.h"
#include "format_ltsv.h"
#include "format_squid.h"
#include "format_w3c.h"
#include "format_zeek.h"
#include "server_presets.h"

static const struct ff_format formats[] = {
    FF_SERVER_FORWARDED,
    { .name = "combined",
      .about = "Apache and nginx combined",
      .parse = ff_clf_combined,
      .parse_marked = ff_clf_combined_marked,
      .likeness = ff_clf_like_combined,
      .is_clf = true },
    { .name = "combined_language",
      .about = "combined, then \"Accept-Language\"",
      .parse = ff_clf_language,
      .parse_marked = ff_clf_language_marked,
      .likeness = ff_clf_like_language,
      .is_clf = true },
    { .name = "vhost_combined",
      .about = "Apache vhost_combined: host:port, then combined",
      .parse = ff_clf_vhost,
      .parse_marked = ff_clf_vhost_marked,
      .likeness = ff_clf_like_vhost,
      .is_clf = true },
    { .name = "common",
      .about = "NCSA common log format",
      .parse = ff_clf_common,
      .parse_marked = ff_clf_common_marked,
      .likeness = ff_clf_like_common,
      .is_clf = true },
    FF_SERVER_PRESETS,
    { .name = "nginx_json",
      .about = "nginx log_format with escape=json, usual key names",
      .spec = "nginx",
      FF_JSON_CALLS },
    { .name = "caddy_json", .about = "Caddy 2", .spec = "caddy", FF_JSON_CALLS },
    { .name = "traefik_json", .about = "Traefik", .spec = "traefik", FF_JSON_CALLS },
    { .name = "cloudflare_json",
      .about = "Cloudflare Logpush, http_requests",
      .spec = "cloudflare",
      FF_JSON_CALLS },
    { .name = "gcp_json",
      .about = "Google Cloud Logging: load balancer, Cloud Run",
      .spec = "gcp",
      FF_JSON_CALLS },
    { .name = "envoy_json",
      .about = "Envoy and Istio, JSON",
      .spec = "envoy",
      FF_JSON_CALLS },
    { .name = "azure_json",
      .about = "Azure Application Gateway, Front Door, App Service",
      .spec = "azure",
      FF_JSON_CALLS },
    { .name = "api_gateway_json",
      .about = "AWS API Gateway, JSON",
      .spec = "api_gateway",
      FF_JSON_CALLS },
    { .name = "ecs_json",
      .about = "Elastic Common Schema",
      .spec = "ecs",
      FF_JSON_CALLS },
    { .name = "json",
      .about = "JSON lines: usual key names, or field=key.path for each field",
      .spec = "usual",
      FF_JSON_CALLS },
    { .name = "w3c",
      .about = "W3C extended, with #Fields: IIS, CloudFront, NetScaler, Incapsula",
      .open = ff_w3c_open,
      .close = ff_w3c_close,
      .comment = ff_w3c_comment,
      .parse = ff_w3c_parse,
      .likeness = ff_w3c_likeness },
    { .name = "cloudfront",
      .about = "CloudFront's standard log without its #Fields",
      .spec = ff_w3c_cloudfront,
      .open = ff_w3c_open,
      .close = ff_w3c_close,
      .comment = ff_w3c_comment,
      .parse = ff_w3c_parse,
      .likeness = ff_w3c_likeness },
    { .name = "iis_default",
      .about = "IIS's W3C log without its #Fields: the default fields",
      .spec = ff_w3c_iis_default,
      .open = ff_w3c_open,
      .close = ff_w3c_close,
      .comment = ff_w3c_comment,
      .parse = ff_w3c_parse,
      .likeness = ff_w3c_likeness },
    { .name = "iis_full",
      .about = "IIS's W3C log without its #Fields: all fields",
      .spec = ff_w3c_iis_full,
      .open = ff_w3c_open,
      .close = ff_w3c_close,
      .comment = ff_w3c_comment,
      .parse = ff_w3c_parse,
      .likeness = ff_w3c_likeness },
    { .name = "iis",
      .about = "IIS's native format, with commas",
      .open = ff_iis_open,
      .close = ff_iis_close,
      .parse = ff_iis_parse,
      .likeness = ff_iis_likeness },
    { .name = "elb",
      .about = "AWS load balancers: application, classic",
      .open = ff_elb_open,
      .close = ff_elb_close,
      .parse = ff_elb_parse,
      .likeness = ff_elb_likeness },
    { .name = "s3",
      .about = "Amazon S3 server access log",
      .parse = ff_s3_parse,
      .likeness = ff_s3_likeness },
    { .name = "haproxy",
      .about = "HAProxy, option httplog",
      .parse = ff_haproxy_parse,
      .likeness = ff_haproxy_likeness },
    { .name = "squid",
      .about = "Squid, native",
      .parse = ff_squid_parse,
      .likeness = ff_squid_likeness },
    { .name = "ltsv",
      .about = "LTSV, usual labels",
      .open = ff_ltsv_open,
      .close = ff_ltsv_close,
      .parse = ff_ltsv_parse,
      .likeness = ff_ltsv_likeness },
    { .name = "zeek",
      .about = "Zeek's http.log",
      .open = ff_zeek_open,
      .close = ff_zeek_close,
      .comment = ff_zeek_comment,
      .parse = ff_zeek_parse,
      .likeness = ff_zeek_likeness },
    { 0 },
};

const struct ff_format *ff_format_list(void)
{
    return formats;
}

const struct ff_format *ff_format_named(const char *name)
{
    for (const struct ff_format *f = formats; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

enum ff_err ff_parser_open(struct ff_parser *parser, const struct ff_format *format,
                           const char *spec, struct ff_fault *fault)
{
    *parser = (struct ff_parser) { .format = format, .usual = format->parse_marked };
    if (!format->open)
        return FF_OK;
    const enum ff_err err = format->open(parser, spec ? spec : format->spec, fault);
    if (err)
        *parser = (struct ff_parser) { 0 }; /* there is nothing to close */
    return err;
}

void ff_parser_close(struct ff_parser *parser)
{
    if (parser->format && parser->format->close)
        parser->format->close(parser);
    ff_carrier_close(&parser->carrier);
    if (parser->other)
        ff_parser_close(parser->other);
    free(parser->other);
    *parser = (struct ff_parser) { 0 };
}

enum ff_reject ff_parser_read_carried(struct ff_parser *parser, struct ff_span line,
                                      struct ff_record *out)
{
    struct ff_carrier *carrier = &parser->carrier;
    const struct ff_span bare = ff_carrier_strip(carrier, line);
    const enum ff_reject why = ff_parser_read_bare(parser, bare, out);
    if (why == FF_REJECT_NONE)
        ff_carrier_note(carrier);
    else if (why == FF_REJECT_SHAPE && ff_carrier_is_foreign(carrier))
        return FF_REJECT_BLANK;
    parser->column += (uint32_t)carrier->offset;
    return why;
}
