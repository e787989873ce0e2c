/* Hashes of octets: to find things again, and to see that nothing changed. */
#ifndef SMPP_BASE_HASH_H
#define SMPP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * What a hash of nothing is. Neither hash is keyed: who chooses the octets can
 * make many of them the same, so a table of what peers send has to bound how
 * far it looks.
 */
#define SMPP_HASH32 2166136261u
#define SMPP_HASH64 0xcbf29ce484222325u

/*
 * Goes on with a hash over n octets at p, which may be NULL when n is 0: begin
 * with SMPP_HASH32, pass the result on for more. It is FNV-1a, the same on
 * every machine and in every version, so files may hold it. Its low bits come
 * of the low bits of the octets alone: fold it (h ^ h >> 15) before most of it
 * is dropped.
 */
static inline uint32_t
smpp_hash32(uint32_t h, const void *p, size_t n)
{
	const uint8_t *octet = (const uint8_t *)p;

	while (n-- > 0)
		h = (h ^ *octet++) * 16777619u;
	return h;
}

/*
 * The same in 64 bits, eight octets at a time where there are so many: then
 * where a text was cut counts, and the order of octets in this machine's
 * numbers.
 */
static inline uint64_t
smpp_hash64(uint64_t h, const void *p, size_t n)
{
	const uint8_t *octet = (const uint8_t *)p;
	const uint64_t prime = 0x100000001b3u;
	uint64_t w;

	for (; n >= 8; n -= 8, octet += 8) {
		memcpy(&w, octet, 8);
		h = (h ^ w) * prime;
		h ^= h >> 29;
	}
	while (n-- > 0)
		h = (h ^ *octet++) * prime;
	return h;
}

SMPP_END_DECLS

#endif
