/* gzip's checksum: CRC-32 (RFC 1952, 8). zlib's goes through tables and takes a sixth
 * of the time that its inflate does; a processor that multiplies without carries takes
 * 64 bytes at once. */
#ifndef FF_CRC32_H
#define FF_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from the checksum of the bytes before, 0 if there are none. */
uint32_t ff_crc32(uint32_t crc, const unsigned char *data, size_t len);

#endif
