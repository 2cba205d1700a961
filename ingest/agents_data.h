/* What data/pack_agents.py makes of uap-core's, crawler-user-agents' and our own table:
 * constant tables, the same for every run. Patterns stand in order of precedence in
 * each section. Everything an agent can be called is a word of `words`: text from a log
 * can choose a word but never become one. */
#ifndef FF_AGENTS_DATA_H
#define FF_AGENTS_DATA_H

#include <stdint.h>

#include "footfall/span.h"

enum ff_section {
    FF_SECTION_AI,     /* words of our own table, then robots tagged as AI crawlers */
    FF_SECTION_ROBOT,  /* crawler-user-agents */
    FF_SECTION_FAMILY, /* uap-core: user_agent_parsers */
    FF_SECTION_SYSTEM, /* uap-core: os_parsers */
    FF_SECTION_SPIDER, /* those of FF_SECTION_DEVICE that say spider */
    FF_SECTION_DEVICE, /* uap-core: device_parsers, read only as spider or not */
    FF_SECTIONS,
};

/* Words that the code knows; the packer puts them first in `words`. */
enum ff_agent_word {
    FF_WORD_UNKNOWN,     /* "(unknown)" */
    FF_WORD_EMPTY,       /* "" */
    FF_WORD_NO_AGENT,    /* "(no agent)" */
    FF_WORD_OTHER_ROBOT, /* "(other robot)": a robot by its words, in no list by name */
    FF_WORD_DESKTOP,
    FF_WORD_MOBILE,
    FF_WORD_TABLET,
    FF_WORD_OTHER,
    FF_WORDS_FIXED,
};

struct ff_pattern {
    const char *regex;
    const char *form;    /* "$1 for ArcGIS": gives the word; NULL where `word` is it */
    const char *version; /* family: form of the major version; else NULL */
    uint16_t word;       /* robot: its name; device: FF_WORD_OTHER_ROBOT if a spider */
    uint16_t operator;   /* AI: words, else FF_WORD_EMPTY */
    uint16_t purpose;
    uint16_t caseless;
};

/* A string in lower case; the patterns that need it (or one of its like) to match are
 * literal_patterns[first] and following. */
struct ff_literal {
    const char *text;
    uint16_t len;
    uint16_t first;
    uint16_t count;
};

struct ff_agents_data {
    const char *sources; /* "uap-core 0.18.0, crawler-user-agents 1.60.0" */
    const struct ff_span *words;
    const struct ff_pattern *patterns;
    const struct ff_literal *literals;
    const uint16_t *literal_patterns;
    const uint16_t *always; /* patterns that need no literal */
    uint16_t n_words;       /* those from FF_WORDS_FIXED on are in order of bytes */
    uint16_t n_patterns;
    uint16_t n_literals;
    uint16_t n_always;
    uint16_t n_states; /* nodes of the literals' trie, the root with them */
    struct {
        uint16_t first, end;
    } sections[FF_SECTIONS];
};

extern const struct ff_agents_data ff_agents_data;

#endif
