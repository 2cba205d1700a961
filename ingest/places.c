/* Country codes by libmaxminddb.
 *
 * Each new visitor asks, and a walk down the whole tree takes a dozen cache misses. But
 * most addresses lie in a network of a registry's that is a country's as a whole, or
 * that was divided once or twice: so the walk to the first 16 bits (IPv6: 32) is
 * remembered, be its end a country or a node from which it goes on; for IPv4 that to
 * the first 24, too; and so is what a record says. Threads share what is remembered;
 * all would find the same. */
#include "places.h"

#include <assert.h>
#include <maxminddb.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "footfall/wipe.h"
#include "ready.h"

/* Records that are looked at for a country code before a database counts as one without
 * any, and nodes walked to find them. */
enum { PROBE_RECORDS = 1000, PROBE_NODES = 100000, DEPTH_MAX = 130 };

/* How far a walk has come: to a node, whose number it is, or to its end and a country's
 * code with this bit. 0, the root: nothing is known. */
typedef uint32_t place;
#define FOUND     0x80000000u
#define NODES_MAX FOUND

/* Numbers and what is known of them: a number's slot has it in its upper half. */
#define SLOT_BITS 13
#define SLOTS     ((size_t)1 << SLOT_BITS)

struct memo {
    atomic_bool v4_known[256]; /* by the first 8 bits */
    _Atomic place v4[65536];   /* by the first 16 bits */
    _Atomic uint64_t
        v4_late[SLOTS];            /* by the first 24 bits, if the 16 are not enough */
    _Atomic uint64_t v6[SLOTS];    /* by the first 32 bits */
    _Atomic uint64_t codes[SLOTS]; /* by a record's place in the database */
};

struct ff_places {
    MMDB_s db;
    const char *const *path; /* of the code in a record: one of the following */
    struct memo *memo;
    place v4_root; /* IPv4 is a corner of a database of IPv6 */
};

static const char *const flat_path[] = { "country_code", NULL };
static const char *const geolite_path[] = { "country", "iso_code", NULL };

static uint16_t read_code(MMDB_entry_s *entry, const char *const *path)
{
    MMDB_entry_data_s data;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
        data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size != 2)
        return FF_NO_CODE;
    const char a = (char)(data.utf8_string[0] & ~32);
    const char b = (char)(data.utf8_string[1] & ~32);
    if (a < 'A' || a > 'Z' || b < 'A' || b > 'Z')
        return FF_NO_CODE;
    /* ZZ is what some databases write for "unknown". */
    return FF_CODE(a, b) == FF_CODE('Z', 'Z') ? FF_NO_CODE : FF_CODE(a, b);
}

static const char *const *path_in(MMDB_entry_s *entry)
{
    if (read_code(entry, flat_path))
        return flat_path;
    return read_code(entry, geolite_path) ? geolite_path : NULL;
}

/* Walks the search tree from its root until a record has a code, depth first. A damaged
 * tree could run in circles, so the nodes are counted. */
static const char *const *find_path(const MMDB_s *db)
{
    uint64_t todo[DEPTH_MAX] = { 0 };
    size_t n_todo = 1;
    int records = 0;
    for (int nodes = 0; n_todo && nodes < PROBE_NODES; nodes++) {
        MMDB_search_node_s node;
        if (MMDB_read_node(db, (uint32_t)todo[--n_todo], &node) != MMDB_SUCCESS)
            return NULL;
        const struct {
            uint8_t type;
            uint64_t record;
            MMDB_entry_s entry;
        } sides[2] = {
            { node.right_record_type, node.right_record, node.right_record_entry },
            { node.left_record_type, node.left_record, node.left_record_entry },
        };
        for (int side = 0; side < 2; side++) {
            if (sides[side].type == MMDB_RECORD_TYPE_SEARCH_NODE && n_todo < DEPTH_MAX)
                todo[n_todo++] = sides[side].record;
            if (sides[side].type != MMDB_RECORD_TYPE_DATA)
                continue;
            MMDB_entry_s entry = sides[side].entry;
            const char *const *path = path_in(&entry);
            if (path || ++records == PROBE_RECORDS)
                return path;
        }
    }
    return NULL;
}

static _Atomic uint64_t *slot_of(_Atomic uint64_t slots[SLOTS], uint32_t number)
{
    return &slots[number * 0x9E3779B1u >> (32 - SLOT_BITS)];
}

/* What is known of the number; 0: nothing. */
static place recall(_Atomic uint64_t slots[SLOTS], uint32_t number)
{
    const uint64_t slot =
        atomic_load_explicit(slot_of(slots, number), memory_order_relaxed);
    return slot >> 32 == number ? (place)slot : 0;
}

static void remember(_Atomic uint64_t slots[SLOTS], uint32_t number, place known)
{
    atomic_store_explicit(slot_of(slots, number), (uint64_t)number << 32 | known,
                          memory_order_relaxed);
}

static place country_of(const struct ff_places *places, MMDB_entry_s entry)
{
    place known = recall(places->memo->codes, entry.offset);
    if (!known) {
        known = FOUND | read_code(&entry, places->path);
        remember(places->memo->codes, entry.offset, known);
    }
    return known;
}

/* Where one side of a node leads. */
static place side_of(const struct ff_places *places, uint8_t type, uint64_t record,
                     MMDB_entry_s entry)
{
    /* No tree leads back to its root. */
    if (type == MMDB_RECORD_TYPE_SEARCH_NODE && record)
        return (place)record;
    return type == MMDB_RECORD_TYPE_DATA ? country_of(places, entry)
                                         : FOUND | FF_NO_CODE;
}

/* On from there by an address's bits from number `from` to `end`. */
static place walk(const struct ff_places *places, place at, const uint8_t *address,
                  unsigned from, unsigned end)
{
    for (unsigned i = from; i < end && !(at & FOUND); i++) {
        MMDB_search_node_s node;
        if (MMDB_read_node(&places->db, at, &node) != MMDB_SUCCESS)
            return FOUND | FF_NO_CODE;
        const bool is_right = address[i / 8] >> (7 - i % 8) & 1;
        at = is_right ? side_of(places, node.right_record_type, node.right_record,
                                node.right_record_entry)
                      : side_of(places, node.left_record_type, node.left_record,
                                node.left_record_entry);
    }
    return at;
}

static enum ff_err open_failed(int status, const char *path, struct ff_fault *fault)
{
    if (status == MMDB_OUT_OF_MEMORY_ERROR)
        return ff_fault_nomem(fault);
    if (status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR)
        return ff_fault_set(fault, FF_ERR_IO, "%s: cannot be read (%s)", path,
                            MMDB_strerror(status));
    return ff_fault_set(fault, FF_ERR_DATA, "%s: not an MMDB (%s)", path,
                        MMDB_strerror(status));
}

enum ff_err ff_places_open(struct ff_places **out, const char *path,
                           struct ff_fault *fault)
{
    assert(path);
    struct ff_places *places = (struct ff_places *)calloc(1, sizeof *places);
    struct memo *memo = (struct memo *)calloc(1, sizeof *memo);
    const int status = places && memo ? MMDB_open(path, MMDB_MODE_MMAP, &places->db)
                                      : MMDB_OUT_OF_MEMORY_ERROR;
    if (status != MMDB_SUCCESS) {
        free(places);
        free(memo);
        return open_failed(status, path, fault);
    }
    places->memo = memo;
    ff_ready(memo, sizeof *memo);
    const bool is_too_large = places->db.metadata.node_count >= NODES_MAX;
    if (!is_too_large)
        places->path = find_path(&places->db);
    if (!places->path) {
        ff_places_close(places);
        return ff_fault_set(
            fault, FF_ERR_DATA,
            is_too_large ? "%s: an MMDB of too many nodes"
                         : "%s: an MMDB without country_code or country/iso_code",
            path);
    }
    if (places->db.metadata.ip_version == 6)
        places->v4_root = walk(places, 0, (const uint8_t[12]) { 0 }, 0, 96);
    *out = places;
    return FF_OK;
}

/* Where no network asked nothing is touched: to wipe memory that was never written
 * takes longer than a small log. What records say is nobody's. */
static void wipe_networks(struct memo *memo)
{
    for (size_t i = 0; i < 256; i++)
        if (memo->v4_known[i])
            ff_wipe(&memo->v4[i << 8], 256 * sizeof *memo->v4);
    ff_wipe(memo->v4_known, sizeof memo->v4_known);
    ff_wipe(memo->v4_late, sizeof memo->v4_late);
    ff_wipe(memo->v6, sizeof memo->v6);
}

void ff_places_forget(struct ff_places *places)
{
    if (places)
        wipe_networks(places->memo);
}

void ff_places_close(struct ff_places *places)
{
    if (!places)
        return;
    MMDB_close(&places->db);
    wipe_networks(places->memo);
    ff_wipe(places->memo->codes, sizeof places->memo->codes);
    free(places->memo);
    free(places);
}

static uint32_t leading(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* On from *left by one bit: *left and *right are where both sides lead. */
static void part(const struct ff_places *places, place *left, place *right)
{
    MMDB_search_node_s node;
    *right = *left;
    if (*left & FOUND)
        return;
    if (MMDB_read_node(&places->db, *left, &node) != MMDB_SUCCESS) {
        *left = *right = FOUND | FF_NO_CODE;
        return;
    }
    *left = side_of(places, node.left_record_type, node.left_record,
                    node.left_record_entry);
    *right = side_of(places, node.right_record_type, node.right_record,
                     node.right_record_entry);
}

/* The walks to all first 16 bits that begin with `first`, bit by bit: so the nodes for
 * one bit are waited for together, while each walk by itself waits for each of its. */
__attribute__((cold, noinline)) static void walk_v4(const struct ff_places *places,
                                                    uint8_t first)
{
    place at[256] = { walk(places, places->v4_root, &first, 0, 8) };
    for (size_t step = 256; step > 1; step /= 2)
        for (size_t i = 0; i < 256; i += step)
            part(places, &at[i], &at[i + step / 2]);
    for (size_t i = 0; i < 256; i++)
        atomic_store_explicit(&places->memo->v4[(size_t)first << 8 | i], at[i],
                              memory_order_relaxed);
    atomic_store_explicit(&places->memo->v4_known[first], true, memory_order_relaxed);
}

static place begin_v4(const struct ff_places *places, const uint8_t *bytes)
{
    _Atomic place *network = &places->memo->v4[leading(bytes) >> 16];
    const place known = atomic_load_explicit(network, memory_order_relaxed);
    if (known)
        return known;
    walk_v4(places, bytes[0]);
    return atomic_load_explicit(network, memory_order_relaxed);
}

static place place_of_v4(const struct ff_places *places, const uint8_t *bytes)
{
    const place begun = begin_v4(places, bytes);
    if (begun & FOUND)
        return begun;
    const uint32_t network = leading(bytes) >> 8;
    place known = recall(places->memo->v4_late, network);
    if (!known) {
        known = walk(places, begun, bytes, 16, 24);
        remember(places->memo->v4_late, network, known);
    }
    return walk(places, known, bytes, 24, 32);
}

static place place_of_v6(const struct ff_places *places, const uint8_t *bytes)
{
    if (places->db.metadata.ip_version != 6)
        return FOUND | FF_NO_CODE;
    const uint32_t network = leading(bytes);
    place known = recall(places->memo->v6, network);
    if (!known) {
        known = walk(places, 0, bytes, 0, 32);
        remember(places->memo->v6, network, known);
    }
    return walk(places, known, bytes, 32, 128);
}

void ff_place_look(const struct ff_places *places, const struct ff_address *address)
{
    if (!places || address->kind != FF_CLIENT_V4)
        return;
    const uint32_t bits = leading(address->bytes);
    __builtin_prefetch(&places->memo->v4[bits >> 16]);
    __builtin_prefetch(slot_of(places->memo->v4_late, bits >> 8));
}

void ff_place_look_on(const struct ff_places *places, const struct ff_address *address)
{
    if (!places || address->kind != FF_CLIENT_V4)
        return;
    const place known = atomic_load_explicit(
        &places->memo->v4[leading(address->bytes) >> 16], memory_order_relaxed);
    if (known < places->db.metadata.node_count)
        __builtin_prefetch(places->db.file_content +
                           (size_t)known * places->db.full_record_byte_size);
}

uint16_t ff_place_of(const struct ff_places *places, const struct ff_address *address)
{
    if (!places || (address->kind != FF_CLIENT_V4 && address->kind != FF_CLIENT_V6) ||
        ff_address_is_special(address))
        return FF_NO_CODE;
    const place found = address->kind == FF_CLIENT_V4
                            ? place_of_v4(places, address->bytes)
                            : place_of_v6(places, address->bytes);
    return found & FOUND ? (uint16_t)found : FF_NO_CODE;
}
