/* Country codes by libmaxminddb. Look-ups go by the binary address: by a string they
 * would take 2.5 times as long. */
#include "places.h"

#include <assert.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>

/* Records that are looked at for a country code before a database counts as one without
 * any, and nodes walked to find them. */
enum { PROBE_RECORDS = 1000, PROBE_NODES = 100000, DEPTH_MAX = 130 };

struct ff_places {
    MMDB_s db;
    const char *const *path; /* of the code in a record: one of the following */
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
    if (!places)
        return ff_fault_nomem(fault);
    const int status = MMDB_open(path, MMDB_MODE_MMAP, &places->db);
    if (status != MMDB_SUCCESS) {
        free(places);
        return open_failed(status, path, fault);
    }
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
    free(places);
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

uint16_t ff_place_of(const struct ff_places *places, const struct ff_address *address)
{
    if (!places || (address->kind != FF_CLIENT_V4 && address->kind != FF_CLIENT_V6) ||
        ff_address_is_special(address))
        return FF_NO_CODE;
    union sockaddr_any to = { 0 };
    if (address->kind == FF_CLIENT_V4) {
        to.v4.sin_family = AF_INET;
        memcpy(&to.v4.sin_addr, address->bytes, 4);
    } else {
        to.v6.sin6_family = AF_INET6;
        memcpy(&to.v6.sin6_addr, address->bytes, 16);
    }
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&places->db, &to.any, &error);
    wipe(&to);
    return error == MMDB_SUCCESS && found.found_entry
               ? read_code(&found.entry, places->path)
               : FF_NO_CODE;
}
