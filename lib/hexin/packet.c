/* Headers of captured packets, as far as they lead to TCP payload. */
#include "hexin/packet_int.h"

#include "base/err.h"
#include "base/rd.h"

enum { ETHER_IP = 0x0800, ETHER_IP6 = 0x86dd, ETHER_VLAN = 0x8100, TCP = 6 };

/* A link layer: the octets at at tell it, IP begins at size. */
struct link_type {
	uint16_t at, value, size;
};

/* Ethernet, with a VLAN tag, Linux cooked, the same in version 2. */
static const struct link_type links[] = {
    {12, ETHER_IP, 14},
    {12, ETHER_IP6, 14},
    {12, ETHER_VLAN, 18},
    {14, ETHER_IP, 16},
    {14, ETHER_IP6, 16},
    {0, ETHER_IP, 20},
    {0, ETHER_IP6, 20},
};

/*
 * Reads IP at p[at], and TCP behind it. Like smpp_packet_tcp(). An IPv6 packet
 * with extension headers is none here.
 */
static int
ip(const uint8_t *p, size_t n, uint32_t at, uint32_t *start, uint32_t *size)
{
	uint32_t head, all, tcp;

	if (n < at + 10)
		return n > at && p[at] >> 4 != 4 && p[at] >> 4 != 6
			   ? SMPP_ESYNTAX
			   : 0;
	p += at;
	if (p[0] >> 4 == 4) {
		head = (p[0] & 15) * 4u;
		all = smpp_get_u16(p + 2);
	} else {
		head = 40;
		all = smpp_get_u16(p + 4) + head;
	}
	if (p[0] >> 4 == 4 ? p[9] != TCP : p[0] >> 4 != 6 || p[6] != TCP)
		return SMPP_ESYNTAX;
	/* Lengths that contradict each other show that these are no headers:
	 * octets of a PDU can look like their beginning. */
	if (head < 20 || all < head + 20)
		return SMPP_ESYNTAX;
	if (n < at + head + 13)
		return 0;
	tcp = (p[head + 12] >> 4) * 4u;
	if (tcp < 20 || all < head + tcp)
		return SMPP_ESYNTAX;
	*start = at + head + tcp;
	*size = all - head - tcp;
	return 1;
}

int
smpp_packet_tcp(const uint8_t *p, size_t n, uint32_t *at, uint32_t *size)
{
	static const uint8_t loopback[] = {2, 0, 0, 0};
	size_t i;
	int rc;

	if (n == 0)
		return 0;
	/* Without a link layer, as tun devices and our own captures have
	 * it. */
	if ((rc = ip(p, n, 0, at, size)) != SMPP_ESYNTAX)
		return rc;
	/* The longest of the link layers, beyond which IP must begin. */
	if (n < 20)
		return 0;
	if (memcmp(p, loopback, sizeof(loopback)) == 0)
		return ip(p, n, sizeof(loopback), at, size);
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (smpp_get_u16(p + links[i].at) != links[i].value)
			continue;
		rc = ip(p, n, links[i].size, at, size);
		if (rc != SMPP_ESYNTAX)
			return rc;
	}
	return SMPP_ESYNTAX;
}
