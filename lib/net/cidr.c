/* Ranges of addresses. */
#include "net/cidr.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An address as 16 octets, IPv4 behind ::ffff:, and how many bits count. */
struct block {
	uint8_t octets[16];
	unsigned bits;
};

static bool
read_address(struct block *r, const char *host)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	r->bits = 128;
	if (inet_pton(AF_INET6, host, r->octets) == 1)
		return true;
	memcpy(r->octets, mapped, sizeof(mapped));
	return inet_pton(AF_INET, host, r->octets + sizeof(mapped)) == 1;
}

static bool
read_range(struct block *r, const char *text)
{
	size_t n = strcspn(text, "/");
	unsigned long bits, all;
	char host[64], *end;

	if (n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	if (!read_address(r, host))
		return false;
	if (text[n] == '\0')
		return true;
	all = strchr(host, ':') != NULL ? 128 : 32;
	bits = strtoul(text + n + 1, &end, 10);
	/* strtoul() would take blanks and signs: a range that is misread lets
	 * in the wrong ones. */
	if (text[n + 1] < '0' || text[n + 1] > '9' || *end != '\0' ||
	    bits > all)
		return false;
	/* Of an IPv4 range the 96 bits of ::ffff: count as well, so that it
	 * has no address of IPv6 in it. */
	r->bits = (unsigned)(128 - all + bits);
	return true;
}

bool
smpp_cidr_ok(const char *text)
{
	struct block r;

	return read_range(&r, text);
}

/* Takes the address out of "[host%zone]:port" or "host:port". */
static bool
read_peer(struct block *r, const char *peer)
{
	bool six = *peer == '[';
	size_t n = strcspn(peer + six, six ? "%]" : ":");
	char host[64];

	if (n >= sizeof(host))
		return false;
	memcpy(host, peer + six, n);
	host[n] = '\0';
	return read_address(r, host);
}

bool
smpp_cidr_has(const char *range, const char *peer)
{
	struct block r, p;
	unsigned whole, rest;

	if (!read_range(&r, range) || !read_peer(&p, peer))
		return false;
	whole = r.bits / 8;
	rest = r.bits % 8;
	if (memcmp(r.octets, p.octets, whole) != 0)
		return false;
	return rest == 0 ||
	       ((r.octets[whole] ^ p.octets[whole]) >> (8 - rest)) == 0;
}
