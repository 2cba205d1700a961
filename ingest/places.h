/* Country of an address by an MMDB. */
#ifndef FF_PLACES_H
#define FF_PLACES_H

#include "address.h"
#include "footfall/err.h"
#include "footfall/hit.h"

struct ff_places;

/* On FF_OK *out is the caller's. FF_ERR_IO: no such file; FF_ERR_DATA: no MMDB, or none
 * with country codes ("country_code", or "country"/"iso_code"). FF_ERR_NOMEM. */
FF_MUST_USE enum ff_err ff_places_open(struct ff_places **out, const char *path,
                                       struct ff_fault *fault);
void ff_places_close(struct ff_places *places);

/* Wipes which networks have asked, so that none is known longer than its period. Not
 * while another thread asks. NULL is allowed. */
void ff_places_forget(struct ff_places *places);

/* Asks for the memory that ff_place_of touches first, and a little later for what that
 * leads to. `places` may be NULL. */
void ff_place_look(const struct ff_places *places, const struct ff_address *address);
void ff_place_look_on(const struct ff_places *places, const struct ff_address *address);
/* FF_CODE of the country, upper case, or FF_NO_CODE: special ranges, names, unknown,
 * `places` NULL. */
uint16_t ff_place_of(const struct ff_places *places, const struct ff_address *address);

#endif
