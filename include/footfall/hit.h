/* A hit: what one log line tells once nobody can be told from it. Ingest gives hits,
 * aggregate takes them. A hit is pseudonymous: its token is a keyed hash whose key is
 * random, lives for one period in memory only, and is wiped at the period's close. It
 * has no place for an address, an agent string, a URL's query or a referrer's path. */
#ifndef FOOTFALL_HIT_H
#define FOOTFALL_HIT_H

#include <stdint.h>

#include "footfall/span.h"

/* What the line was. The words are DESIGN's and the README's; a robot's hits have the
 * kind that they would have had if a human had asked. */
enum ff_kind {
    FF_PAGE_VIEW,
    FF_ASSET,
    FF_DOWNLOAD,     /* a 200 or 206 for a file on the download list */
    FF_OTHER_OK,     /* what else succeeded: HEAD, POST, feeds, APIs, other 304s */
    FF_REDIRECT,     /* 3xx but 304 */
    FF_CLIENT_ERROR, /* 4xx, 444 and 499 with them */
    FF_SERVER_ERROR, /* 5xx and above */
    FF_KINDS,
    /* The following are no hits but lines told by count (`lines`) and time only. */
    FF_LINE_MALFORMED = FF_KINDS,
    FF_LINE_BLANK,
    FF_LINE_EXCLUDED,
};

enum ff_robot {
    FF_HUMAN = 0,
    FF_ROBOT_DECLARED, /* the agent says so, or the field is logged and empty */
    FF_ROBOT_AI,       /* the agent is a known AI crawler or fetcher */
    FF_ROBOT_SCANNER,  /* found by aggregate: 20 client errors, not one page view */
    FF_ROBOT_BEHAVING, /* found by aggregate: robots.txt, 1,000 pages in a visit */
    FF_ROBOTS,
};

enum ff_method {
    FF_GET,
    FF_HEAD,
    FF_POST,
    FF_PUT,
    FF_DELETE,
    FF_OPTIONS,
    FF_PATCH,
    FF_CONNECT,
    FF_TRACE,
    FF_METHOD_OTHER,
    FF_METHODS,
};

/* What has a number needs not be looked up by its words: equal numbers of one reader
 * are the same thing, for the whole run. The lowest bits alone are below this, a power
 * of two; 0 is no number. */
#define FF_WORD_NUMBERS 32768

/* What an agent string says, in words of closed lists. Interned: equal agents are the
 * same pointer. Owned by ingest, valid until ff_ingest_close. */
struct ff_agent {
    struct ff_span family;  /* "Chrome"; "(unknown)" */
    struct ff_span browser; /* family and major version, "Chrome 126"; or the family */
    struct ff_span system;  /* "Windows", "iOS"; "(unknown)" */
    struct ff_span device;  /* "desktop", "mobile", "tablet", "other" */
    enum ff_robot robot;    /* FF_HUMAN, FF_ROBOT_DECLARED or FF_ROBOT_AI */
    uint32_t number;        /* FF_WORD_NUMBERS */
    struct ff_span name;    /* a robot's name in the list; empty for a human */
    struct ff_span run_by;  /* who runs an AI robot: "OpenAI"; else empty */
    struct ff_span purpose; /* "training", "search", "assistant"; else empty */
};

enum ff_channel {
    FF_DIRECT,
    FF_INTERNAL,
    FF_CAMPAIGN,
    FF_AI_ASSISTANT,
    FF_SEARCH_ENGINE,
    FF_SOCIAL_NETWORK,
    FF_EMAIL,
    FF_SITE,
    FF_CHANNELS,
};

/* Where a request came from. Spans are valid as long as the hit's. */
struct ff_origin {
    enum ff_channel channel;
    uint32_t number;         /* FF_WORD_NUMBERS */
    struct ff_span name;     /* the product or the registrable domain; for a campaign
                                its source; empty for direct and internal */
    struct ff_span medium;   /* utm_medium; empty when there is none */
    struct ff_span campaign; /* utm_campaign; empty when there is none */
    struct ff_span term;     /* a search term the referrer still carries, or empty */
};

#define FF_NO_CODE 0
/* A country (ISO 3166-1 alpha-2) or language (ISO 639-1) of two letters as a number. */
#define FF_CODE(a, b) ((uint16_t)((unsigned char)(a) << 8 | (unsigned char)(b)))

/* Borrowed until the next ff_ingest_next: spans and `origin` point into its memory. */
struct ff_hit {
    int64_t time;     /* seconds since 1970-01-01 UTC */
    uint64_t order;   /* file and line, so that equal times have an order */
    uint64_t net;     /* token: SipHash-2-4 of the network (/24, /48) */
    uint64_t visitor; /* token: SipHash-2-4 of address (IPv6: /64) and agent's part */
    uint64_t bytes;
    const struct ff_agent *agent;   /* NULL where the format has no agent field */
    const struct ff_origin *origin; /* page views and downloads; NULL is direct */
    struct ff_span key;  /* page key of a page view, path of a download or of a 404 */
    uint32_t key_number; /* FF_WORD_NUMBERS */
    struct ff_span term; /* site search: the term; empty if it had to be withheld */
    uint32_t lines;      /* FF_LINE_*: how many such lines; else 1 */
    uint16_t status;
    uint16_t country;      /* FF_CODE or FF_NO_CODE */
    uint16_t language;     /* FF_CODE or FF_NO_CODE */
    uint8_t kind;          /* enum ff_kind */
    uint8_t method;        /* enum ff_method */
    uint8_t response_time; /* bucket + 1 (tables.h); 0 where the format has none */
    bool is_search;        /* a page view that is a site search */
    bool is_robots_txt;    /* asks for /robots.txt, whatever the status */
    bool has_client;       /* false: the client was "-", it is nobody's hit */
};

#endif
