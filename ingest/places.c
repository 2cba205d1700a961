/* Country codes by libmaxminddb. Look-ups go by the binary address: by a string they
 * would take 2.5 times as long.
 *
 * Each new visitor asks, and a walk down the tree takes a dozen cache misses. But most
 * addresses lie in a network of a registry's that is a country's as a whole: that of a
 * /16 (IPv6: a /32) is remembered when it is first found, and so is what a record says.
 * Threads share what is remembered; all would find the same. */
#include "places.h"

#include <assert.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "footfall/wipe.h"

/* Records that are looked at for a country code before a database counts as one without
 * any, and nodes walked to find them. */
enum { PROBE_RECORDS = 1000, PROBE_NODES = 100000, DEPTH_MAX = 130 };

/* Codes are of letters, so the bit is free: the code is known, FF_NO_CODE too. */
#define KNOWN 0x8000u

/* Numbers and what is known of them: a number's slot has it in its upper half. */
#define SLOT_BITS 12
#define SLOTS     ((size_t)1 << SLOT_BITS)

struct memo {
    _Atomic uint16_t v4[65536];    /* by the first 16 bits */
    _Atomic uint64_t v6[SLOTS];    /* by the first 32 bits */
    _Atomic uint64_t codes[SLOTS]; /* by a record's place in the database */
};

struct ff_places {
    MMDB_s db;
    const char *const *path; /* of the code in a record: one of the following */
    struct memo *memo;
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
    places->path = find_path(&places->db);
    if (!places->path) {
        ff_places_close(places);
        return ff_fault_set(fault, FF_ERR_DATA,
                            "%s: an MMDB without country_code or country/iso_code",
                            path);
    }
    *out = places;
    return FF_OK;
}

void ff_places_close(struct ff_places *places)
{
    if (!places)
        return;
    MMDB_close(&places->db);
    ff_wipe_free(places->memo, sizeof *places->memo); /* networks that asked */
    free(places);
}

static _Atomic uint64_t *slot_of(_Atomic uint64_t slots[SLOTS], uint32_t number)
{
    return &slots[number * 0x9E3779B1u >> (32 - SLOT_BITS)];
}

/* What is known of the number; 0: nothing. */
static uint16_t recall(_Atomic uint64_t slots[SLOTS], uint32_t number)
{
    const uint64_t slot =
        atomic_load_explicit(slot_of(slots, number), memory_order_relaxed);
    return slot >> 32 == number ? (uint16_t)slot : 0;
}

static void remember(_Atomic uint64_t slots[SLOTS], uint32_t number, uint16_t known)
{
    atomic_store_explicit(slot_of(slots, number), (uint64_t)number << 32 | known,
                          memory_order_relaxed);
}

union sockaddr_any {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* The address must not stay behind on the stack; the barrier keeps the compiler from
 * leaving the memset out. */
static void wipe(union sockaddr_any *address)
{
    memset(address, 0, sizeof *address);
    __asm__ __volatile__("" : : "r"(address) : "memory");
}

/* What the database has for the address, with KNOWN; and how many bits of the address
 * it goes by. */
static uint16_t look_up(const struct ff_places *places,
                        const struct ff_address *address, int *bits)
{
    union sockaddr_any to = { 0 };
    const bool is_v4 = address->kind == FF_CLIENT_V4;
    if (is_v4) {
        to.v4.sin_family = AF_INET;
        memcpy(&to.v4.sin_addr, address->bytes, 4);
    } else {
        to.v6.sin6_family = AF_INET6;
        memcpy(&to.v6.sin6_addr, address->bytes, 16);
    }
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&places->db, &to.any, &error);
    wipe(&to);
    *bits = found.netmask;
    if (is_v4 && places->db.metadata.ip_version == 6)
        *bits -= 96; /* IPv4 is a corner of such a database */
    if (error != MMDB_SUCCESS)
        *bits = 128;
    if (error != MMDB_SUCCESS || !found.found_entry)
        return KNOWN | FF_NO_CODE;
    uint16_t known = recall(places->memo->codes, found.entry.offset);
    if (!known) {
        known = KNOWN | read_code(&found.entry, places->path);
        remember(places->memo->codes, found.entry.offset, known);
    }
    return known;
}

static uint16_t place_of_v4(const struct ff_places *places,
                            const struct ff_address *address)
{
    _Atomic uint16_t *network =
        &places->memo->v4[address->bytes[0] << 8 | address->bytes[1]];
    uint16_t known = atomic_load_explicit(network, memory_order_relaxed);
    if (!known) {
        int bits;
        known = look_up(places, address, &bits);
        if (bits <= 16)
            atomic_store_explicit(network, known, memory_order_relaxed);
    }
    return known;
}

static uint16_t place_of_v6(const struct ff_places *places,
                            const struct ff_address *address)
{
    const uint8_t *b = address->bytes;
    const uint32_t network =
        (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    uint16_t known = recall(places->memo->v6, network);
    if (!known) {
        int bits;
        known = look_up(places, address, &bits);
        if (bits <= 32)
            remember(places->memo->v6, network, known);
    }
    return known;
}

uint16_t ff_place_of(const struct ff_places *places, const struct ff_address *address)
{
    if (!places || (address->kind != FF_CLIENT_V4 && address->kind != FF_CLIENT_V6) ||
        ff_address_is_special(address))
        return FF_NO_CODE;
    const uint16_t known = address->kind == FF_CLIENT_V4 ? place_of_v4(places, address)
                                                         : place_of_v6(places, address);
    return known & ~KNOWN;
}
