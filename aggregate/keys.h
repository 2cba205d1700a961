/* Keys of cells: numbers while counting, text in a row; and what a key folds into. */
#ifndef FF_KEYS_H
#define FF_KEYS_H

#include "tally.h"

/* The key of the section, family or channel that `key` folds into, with FF_SECTION_KEY
 * set; 0 when it folds into "other" at once. */
uint64_t ff_key_section(struct ff_tally *tally, enum ff_table table, uint64_t key);

/* Whether `key` may be a row: not if it stands for what was withheld, or if it looks
 * like a section's own key. */
bool ff_key_may_stand(const struct ff_tally *tally, enum ff_table table, uint64_t key);

/* The parts of the key as text: borrowed from the tally, static, or in `arena` (data is
 * NULL there when it is at its cap). Unused parts are empty. */
void ff_key_text(const struct ff_tally *tally, enum ff_table table, uint64_t key,
                 struct ff_arena *arena, struct ff_span parts[FF_KEY_PARTS]);

#endif
