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

/* A node of the literals' trie; the root is the first. A byte's column is a bit of
 * `children` that is set if there is a node one such byte further; those of a node lie
 * side by side in order of their columns, from `child` on. */
struct ff_literal_node {
    uint64_t children;
    uint16_t child;
    uint16_t suffix;  /* the node of its longest proper suffix in the trie */
    uint16_t literal; /* that ends here, or FF_NO_LITERAL */
    uint16_t shorter; /* its longest proper suffix that is a literal; 0: none */
};
#define FF_NO_LITERAL 65535
#define FF_NO_COLUMN  64 /* of a byte that is in no literal */

struct ff_agents_data {
    const char *sources; /* "uap-core 0.18.0, crawler-user-agents 1.60.0" */
    const struct ff_span *words;
    const struct ff_pattern *patterns;
    const struct ff_literal *literals;
    const uint16_t *literal_patterns;
    const uint16_t *always; /* patterns that need no literal */
    const uint8_t *columns; /* of all bytes; letters of any case are the same */
    const struct ff_literal_node *nodes;
    uint16_t n_words; /* those from FF_WORDS_FIXED on are in order of bytes */
    uint16_t n_patterns;
    uint16_t n_literals;
    uint16_t n_always;
    struct {
        uint16_t first, end;
    } sections[FF_SECTIONS];
};

extern const struct ff_agents_data ff_agents_data;

#endif
