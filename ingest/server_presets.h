/* Formats that servers have by default, or that many people have, as strings for the
 * server format. Entries of the table in formats.c: names, and the strings as their
 * servers' configuration has them. Of two that read a line equally well the first is
 * taken. */
#ifndef FF_SERVER_PRESETS_H
#define FF_SERVER_PRESETS_H

#include "server_format.h"

#define FF_SERVER_CALLS                                                                \
    .open = ff_server_open, .close = ff_server_close, .parse = ff_server_parse,        \
    .parse_marked = ff_server_parse_marked, .likeness = ff_server_like
#define FF_SERVER_PRESET(called, told, string)                                         \
    {                                                                                  \
        .name = (called), .about = (told), .spec = (string), .is_clf = true,           \
        FF_SERVER_CALLS                                                                \
    }

#define FF_COMMON   "%h %l %u %t \"%r\" %>s %b"
#define FF_REFERRER " \"%{Referer}i\" \"%{User-Agent}i\""
#define FF_COMBINED FF_COMMON FF_REFERRER

/* Before combined, which reads its lines too. */
#define FF_SERVER_FORWARDED                                                            \
    FF_SERVER_PRESET("combined_forwarded", "combined, then \"X-Forwarded-For\"",       \
                     FF_COMBINED " \"%{X-Forwarded-For}i\"")

/* clang-format off */
#define FF_SERVER_PRESETS                                                              \
    FF_SERVER_PRESET("combined_vhost", "combined, then the host",                      \
        FF_COMBINED " %v"),                                                            \
    FF_SERVER_PRESET("combined_host", "combined, then \"Host\"",                       \
        FF_COMBINED " \"%{Host}i\""),                                                  \
    FF_SERVER_PRESET("combined_seconds", "combined, then nginx's $request_time",       \
        FF_COMBINED " %T"),                                                            \
    FF_SERVER_PRESET("combined_us", "combined, then Apache's %D, microseconds",        \
        FF_COMBINED " %D"),                                                            \
    FF_SERVER_PRESET("combined_forwarded_seconds",                                     \
        "combined, then \"X-Forwarded-For\", then nginx's $request_time",              \
        FF_COMBINED " \"%{X-Forwarded-For}i\" %T"),                                    \
    FF_SERVER_PRESET("combined_forwarded_vhost",                                       \
        "combined, then \"X-Forwarded-For\", then \"Host\"",                           \
        FF_COMBINED " \"%{X-Forwarded-For}i\" \"%{Host}i\""),                          \
    FF_SERVER_PRESET("vhost_common", "host:port or host, then common",                 \
        "%v " FF_COMMON),                                                              \
    FF_SERVER_PRESET("forwarded_combined", "X-Forwarded-For, then combined",           \
        "%{X-Forwarded-For}i " FF_COMBINED),                                           \
    FF_SERVER_PRESET("tomcat_common", "Tomcat's common valve, then %D, milliseconds",  \
        FF_COMMON " %{ms}T"),                                                          \
    FF_SERVER_PRESET("tomcat_common_seconds", "Tomcat's common valve, then %T",        \
        FF_COMMON " %T"),                                                              \
    FF_SERVER_PRESET("tomcat_combined", "Tomcat's combined valve, then %D, milliseconds", \
        FF_COMBINED " %{ms}T"),                                                        \
    FF_SERVER_PRESET("lighttpd", "lighttpd's default: client and host, then combined", \
        "%h %V %u %t \"%r\" %>s %b" FF_REFERRER),                                      \
    FF_SERVER_PRESET("lighttpd_forwarded",                                             \
        "lighttpd behind a proxy: X-Forwarded-For first, sizes and time inside",       \
        "%{X-Forwarded-For}i %h %u %t \"%r\" %s %b %I %O %T" FF_REFERRER),             \
    FF_SERVER_PRESET("litespeed_quoted", "LiteSpeed: combined, the whole line quoted", \
        "\"" FF_COMBINED "\""),                                                        \
    FF_SERVER_PRESET("litespeed", "LiteSpeed: combined with a quote before the client", \
        "\"" FF_COMBINED),                                                             \
    FF_SERVER_PRESET("litespeed_common", "LiteSpeed: common with a quote before the client", \
        "\"" FF_COMMON),                                                               \
    FF_SERVER_PRESET("litespeed_vhost", "LiteSpeed: host, then combined, quoted",      \
        "\"%v %h %l %u %t \"%r\" %>s %b\"" FF_REFERRER),                               \
    FF_SERVER_PRESET("litespeed_prefix", "LiteSpeed: common in quotes, then as combined", \
        "\"" FF_COMMON "\"" FF_REFERRER),                                              \
    FF_SERVER_PRESET("traefik_clf", "Traefik's common format",                         \
        FF_COMBINED " %{count}n \"%{router}n\" \"%{backend}n\" %{ms}Tms"),             \
    FF_SERVER_PRESET("nginx_proxy_manager", "Nginx Proxy Manager, proxy",              \
        "[$time_local] $upstream_cache_status $upstream_status $status - "             \
        "$request_method $scheme $host \"$request_uri\" [Client $remote_addr] "        \
        "[Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "              \
        "\"$http_user_agent\" \"$http_referer\""),                                     \
    FF_SERVER_PRESET("nginx_proxy_manager_standard", "Nginx Proxy Manager, standard",  \
        "[$time_local] $status - $request_method $scheme $host \"$request_uri\" "      \
        "[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] "          \
        "\"$http_user_agent\" \"$http_referer\""),                                     \
    FF_SERVER_PRESET("nginx_ingress", "ingress-nginx, upstreaminfo",                   \
        "$remote_addr - $remote_user [$time_local] \"$request\" $status "              \
        "$body_bytes_sent \"$http_referer\" \"$http_user_agent\" $request_length "     \
        "$request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] "     \
        "$upstream_addr $upstream_response_length $upstream_response_time "            \
        "$upstream_status $req_id"),                                                   \
    FF_SERVER_PRESET("nginx_amplify", "nginx Amplify's main_ext",                      \
        "$remote_addr - $remote_user [$time_local] \"$request\" $status "              \
        "$body_bytes_sent \"$http_referer\" \"$http_user_agent\" "                     \
        "\"$http_x_forwarded_for\" \"$host\" sn=\"$server_name\" rt=$request_time "    \
        "ua=\"$upstream_addr\" us=\"$upstream_status\" ut=\"$upstream_response_time\" " \
        "ul=\"$upstream_response_length\" cs=$upstream_cache_status"),                 \
    FF_SERVER_PRESET("envoy", "Envoy's default",                                       \
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% "          \
        "%PROTOCOL%\" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% " \
        "%DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" " \
        "\"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" "         \
        "\"%UPSTREAM_HOST%\""),                                                        \
    FF_SERVER_PRESET("istio", "Istio's default",                                       \
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% "          \
        "%PROTOCOL%\" %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% "       \
        "%CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" "    \
        "%BYTES_RECEIVED% %BYTES_SENT% %DURATION% "                                    \
        "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" "            \
        "\"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" "         \
        "\"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% "         \
        "%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% "                      \
        "%REQUESTED_SERVER_NAME% %ROUTE_NAME%"),                                       \
    FF_SERVER_PRESET("apache_csv", "Apache, all in commas",                            \
        "%v,%p,%h,%l,%u,%t,%I,%O,%S,%B,%{ms}T,%D,%^FB,%>s,\"%H\",\"%m\",\"%U\",\"%q\"," \
        "\"%{Referer}i\",\"%{User-Agent}i\",\"%{VARNAME}C\",%L")
/* clang-format on */

#endif
