/* The fields of the W3C extended log format by name, and what CloudFront and IIS write
 * when nobody asks for other fields. */
#include "format_w3c.h"

const char ff_w3c_cloudfront[] =
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
    "cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type "
    "x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for "
    "ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version "
    "fle-status fle-encrypted-fields c-port time-to-first-byte "
    "x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start "
    "sc-range-end";
const char ff_w3c_iis_full[] =
    "date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query "
    "s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host "
    "sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken";
const char ff_w3c_iis_default[] =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

/* clang-format off */
const struct ff_column_name ff_w3c_names[] = {
    { "date", FF_COLUMN_DATE },
    { "time", FF_COLUMN_TIME },
    { "timestamp", FF_COLUMN_STAMP },
    { "x-timestamp", FF_COLUMN_STAMP },
    { "c-ip", FF_COLUMN_CLIENT },
    { "c-dns", FF_COLUMN_CLIENT },
    { "cs-method", FF_COLUMN_METHOD },
    { "cs-uri-stem", FF_COLUMN_STEM },
    { "cs-uri-query", FF_COLUMN_QUERY },
    { "cs-uri", FF_COLUMN_URI },
    { "cs-url", FF_COLUMN_URI },
    { "sc-status", FF_COLUMN_STATUS },
    { "sc-bytes", FF_COLUMN_BYTES },
    { "bytes", FF_COLUMN_BYTES },
    { "cs(user-agent)", FF_COLUMN_AGENT },
    { "cs-user-agent", FF_COLUMN_AGENT },
    { "cs(referer)", FF_COLUMN_REFERRER },
    { "cs(referrer)", FF_COLUMN_REFERRER },
    { "cs-referer", FF_COLUMN_REFERRER },
    { "cs(accept-language)", FF_COLUMN_LANGUAGE },
    { "x-host-header", FF_COLUMN_VHOST },
    { "cs-host", FF_COLUMN_HOST },
    { "cs(host)", FF_COLUMN_HOST },
    { "x-forwarded-for", FF_COLUMN_FORWARDED },
    { "cs(x-forwarded-for)", FF_COLUMN_FORWARDED },
    { "s-xff", FF_COLUMN_FORWARDED },
    { "time-taken", FF_COLUMN_MILLIS },
    { "sc-content-type", FF_COLUMN_CONTENT_TYPE },
    { "sc(content-type)", FF_COLUMN_CONTENT_TYPE },
    { "cs(sec-fetch-dest)", FF_COLUMN_FETCH_DEST },
    { "cs(sec-purpose)", FF_COLUMN_PURPOSE },
    { "cs(purpose)", FF_COLUMN_PURPOSE },
    { "cs(sec-gpc)", FF_COLUMN_OPT_OUT },
    { "cs(dnt)", FF_COLUMN_OPT_OUT },
    { "x-event", FF_COLUMN_EVENT },
    { NULL, FF_COLUMN_NONE },
};
/* clang-format on */
