/* The tables as data: DESIGN 4's list, and the fixed buckets that three of them have
 * instead of keys from the log. Names and measures here are the JSON's and CSV's
 * contract; a change is a new rollup version. */
#include "footfall/tables.h"

#include <assert.h>
#include <string.h>

#include "footfall/rollup.h"

/* clang-format off */
const struct ff_table_info ff_table_infos[FF_TABLES] = {
    [FF_PAGES] = { "pages", "Pages", 1, 3,
        { "page_views", "visits", "visitors" }, { "page" }, 2, 1 },
    [FF_ENTRY_PAGES] = { "entry_pages", "Entry pages", 1, 3,
        { "visits", "visitors", "bounces" }, { "page" }, 1, 1 },
    [FF_EXIT_PAGES] = { "exit_pages", "Exit pages", 1, 2,
        { "visits", "visitors" }, { "page" }, 1, 1 },
    [FF_TRANSITIONS] = { "transitions", "From page to page", 2, 2,
        { "transitions", "visitors" }, { "from", "to" }, 1, 1 },
    [FF_DOWNLOADS] = { "downloads", "Downloads", 1, 4,
        { "downloads", "whole", "bytes", "visitors" }, { "file" }, 3, 1 },
    [FF_SITE_SEARCHES] = { "site_searches", "Searches on the site", 1, 5,
        { "searches", "clicks", "exits", "refinements", "visitors" },
        { "term" }, 4, 2 },
    [FF_EXTERNAL_SEARCHES] = { "external_searches", "Searches that led here", 1, 2,
        { "visits", "visitors" }, { "term" }, 1, 2 },
    [FF_SOURCES] = { "sources", "Sources", 2, 4,
        { "visits", "visitors", "page_views", "bounces" },
        { "channel", "name" }, 1, 1 },
    [FF_CAMPAIGNS] = { "campaigns", "Campaigns", 3, 3,
        { "visits", "visitors", "bounces" }, { "source", "medium", "campaign" }, 1, 1 },
    [FF_COUNTRIES] = { "countries", "Countries", 1, 3,
        { "visits", "visitors", "page_views" }, { "country" }, 1, 1 },
    [FF_LANGUAGES] = { "languages", "Languages", 1, 3,
        { "visits", "visitors", "page_views" }, { "language" }, 1, 1 },
    [FF_BROWSERS] = { "browsers", "Browsers", 1, 3,
        { "visits", "visitors", "page_views" }, { "browser" }, 1, 1 },
    [FF_SYSTEMS] = { "systems", "Systems", 1, 3,
        { "visits", "visitors", "page_views" }, { "system" }, 1, 1 },
    [FF_DEVICES] = { "devices", "Devices", 1, 3,
        { "visits", "visitors", "page_views" }, { "device" }, 1, 1 },
    [FF_HOURS] = { "hours", "Hours of the day (UTC)", 1, 2,
        { "visits", "page_views" }, { "hour" }, -1, 1 },
    [FF_VISIT_DEPTH] = { "visit_depth", "Pages in a visit", 1, 1,
        { "visits" }, { "pages" }, -1, 1 },
    [FF_VISIT_DURATION] = { "visit_duration", "Length of a visit", 1, 1,
        { "visits" }, { "length" }, -1, 1 },
    [FF_STATUSES] = { "statuses", "Statuses", 1, 1,
        { "hits" }, { "status" }, -1, 1 },
    [FF_METHODS_TABLE] = { "methods", "Methods", 1, 1,
        { "hits" }, { "method" }, -1, 1 },
    [FF_NOT_FOUND] = { "not_found", "Not found", 1, 2,
        { "hits", "visitors" }, { "path" }, 1, 1 },
    [FF_RESPONSE_TIMES] = { "response_times", "Response times", 1, 1,
        { "hits" }, { "time" }, -1, 1 },
    [FF_ROBOTS_TABLE] = { "robots", "Robots", 1, 3,
        { "hits", "page_views", "bytes" }, { "robot" }, -1, 0 },
    [FF_AI_CRAWLERS] = { "ai_crawlers", "AI crawlers", 3, 3,
        { "hits", "page_views", "bytes" }, { "robot", "operator", "purpose" }, -1, 0 },
    [FF_GOALS] = { "goals", "Goals", 1, 2,
        { "visits", "visitors" }, { "goal" }, 1, 1 },
};

const char *const ff_human_class_names[FF_HUMAN_CLASSES] = {
    [FF_CLASS_PAGE_VIEWS] = "page_views",
    [FF_CLASS_ASSETS] = "assets",
    [FF_CLASS_DOWNLOADS] = "downloads",
    [FF_CLASS_DOWNLOAD_PARTS] = "download_parts",
    [FF_CLASS_OTHER_OK] = "other_ok",
    [FF_CLASS_REDIRECTS] = "redirects",
    [FF_CLASS_CLIENT_ERRORS] = "client_errors",
    [FF_CLASS_SERVER_ERRORS] = "server_errors",
};

const char *const ff_profile_names[FF_PROFILES] = {
    [FF_INTERNAL_PROFILE] = "internal",
    [FF_PARTNER_PROFILE] = "partner",
};

const char *const ff_robot_names[FF_ROBOTS] = {
    [FF_HUMAN] = "human",
    [FF_ROBOT_DECLARED] = "declared",
    [FF_ROBOT_AI] = "ai",
    [FF_ROBOT_SCANNER] = "scanner",
    [FF_ROBOT_BEHAVING] = "behaving",
};

const char *const ff_depth_labels[FF_DEPTH_BUCKETS] = {
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10+",
};

/* Each bucket is about a third to a half wider than the one before, so that a median
 * read off them is off by a few seconds in a minute. */
const uint32_t ff_duration_from[FF_DURATION_BUCKETS] = {
    0,   10,  20,  30,  45,  60,   90,   120,  180,  240,
    300, 420, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200,
};
const char *const ff_duration_labels[FF_DURATION_BUCKETS] = {
    "0-10 s",    "10-20 s",   "20-30 s",   "30-45 s",   "45-60 s",
    "1-1.5 min", "1.5-2 min", "2-3 min",   "3-4 min",   "4-5 min",
    "5-7 min",   "7-10 min",  "10-15 min", "15-20 min", "20-30 min",
    "30-45 min", "45-60 min", "1-1.5 h",   "1.5-2 h",   "2 h +",
};

const char *const ff_response_labels[FF_RESPONSE_BUCKETS] = {
    "0-5 ms",     "5-10 ms",    "10-25 ms", "25-50 ms", "50-100 ms", "100-250 ms",
    "250-500 ms", "500-1000 ms", "1-2.5 s", "2.5-5 s",  "5-10 s",    "10 s +",
};
/* clang-format on */

static uint32_t grain_factor(enum ff_grain grain)
{
    return grain == FF_DAY ? 1 : grain == FF_WEEK ? 2 : 3;
}

uint32_t ff_profile_k(enum ff_profile profile, enum ff_grain grain)
{
    return (profile == FF_PARTNER_PROFILE ? 20 : 10) * grain_factor(grain);
}

uint32_t ff_profile_kn(enum ff_profile profile, enum ff_grain grain)
{
    return (profile == FF_PARTNER_PROFILE ? 10 : 5) * grain_factor(grain);
}

bool ff_measure_is_bytes(const struct ff_table_info *info, unsigned measure)
{
    return strcmp(info->measures[measure], "bytes") == 0;
}

unsigned ff_depth_bucket(uint64_t pages)
{
    assert(pages >= 1);
    return pages >= FF_DEPTH_BUCKETS ? FF_DEPTH_BUCKETS - 1 : (unsigned)(pages - 1);
}

unsigned ff_duration_bucket(uint64_t seconds)
{
    unsigned bucket = seconds < ff_duration_from[FF_DURATION_BUCKETS / 2]
                          ? FF_DURATION_BUCKETS / 2 - 1
                          : FF_DURATION_BUCKETS - 1;
    while (bucket > 0 && seconds < ff_duration_from[bucket])
        bucket--;
    return bucket;
}
