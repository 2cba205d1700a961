#include "client_memo.h"

#include <stdint.h>
#include <sys/mman.h>

#include "footfall/wipe.h"

/* Look-ups are all over it: in small pages the processor would have to look for most
 * slots' page first. */
#define HUGE_PAGE ((size_t)2 << 20)
static_assert(sizeof(struct ff_client_memo) % HUGE_PAGE == 0, "huge pages, filled");

/* From the system, which gives zeroes; what lies before and behind goes back. */
enum ff_err ff_client_memo_create(struct ff_client_memo **out, struct ff_fault *fault)
{
    char *memory = mmap(NULL, sizeof **out + HUGE_PAGE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *out = NULL;
    if (memory == MAP_FAILED)
        return ff_fault_nomem(fault);
    const size_t before = -(uintptr_t)memory & (HUGE_PAGE - 1);
    if (before)
        (void)munmap(memory, before);
    (void)munmap(memory + before + sizeof **out, HUGE_PAGE - before);
    *out = (struct ff_client_memo *)(memory + before);
    (void)madvise(*out, sizeof **out, MADV_HUGEPAGE); /* not on all systems */
    return FF_OK;
}

void ff_client_memo_destroy(struct ff_client_memo *memo)
{
    if (!memo)
        return;
    ff_wipe(memo, sizeof *memo);
    (void)munmap(memo, sizeof *memo);
}

void ff_client_memo_put(struct ff_client_memo *memo,
                        const struct ff_client_memo_entry *entry)
{
    struct ff_client_memo_slot *slot =
        &memo->slots[entry->hash.low & (FF_CLIENT_MEMO_SLOTS - 1)];
    uint64_t words[FF_CLIENT_MEMO_WORDS];
    memcpy(words, entry, sizeof words);
    uint64_t count = atomic_load_explicit(&slot->count, memory_order_relaxed);
    if (count % 2 != 0 || !atomic_compare_exchange_strong_explicit(
                              &slot->count, &count, count + 1, memory_order_acquire,
                              memory_order_relaxed))
        return;
    atomic_thread_fence(memory_order_release);
    for (size_t i = 0; i < FF_CLIENT_MEMO_WORDS; i++)
        atomic_store_explicit(&slot->words[i], words[i], memory_order_relaxed);
    atomic_store_explicit(&slot->count, count + 2, memory_order_release);
}

void ff_client_memo_forget(struct ff_client_memo *memo, int32_t period)
{
    for (size_t i = 0; i < FF_CLIENT_MEMO_SLOTS; i++) {
        struct ff_client_memo_slot *slot = &memo->slots[i];
        struct ff_client_memo_entry entry;
        memcpy(&entry, slot->words, sizeof entry);
        if (entry.period == period)
            ff_wipe(slot->words, sizeof slot->words);
    }
}
