/* gen bin|hex|pcap COUNT KINDS: that many PDUs on standard output, by turns of
 * the first KINDS kinds of the mix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/wr.h"
#include "t/bench/bench.h"

enum {
	SEGMENT_PDUS = 10,
	LINK_RAW = 101, /* IP without anything around it */
	IP_TCP_SIZE = 40,
};

static void
put_bin(const uint8_t *p, size_t n)
{
	fwrite(p, 1, n, stdout);
}

static void
put_hex(const uint8_t *p, size_t n)
{
	char line[2 * 256 + 1];

	smpp_hex_encode(line, p, n);
	line[2 * n] = '\n';
	fwrite(line, 1, 2 * n + 1, stdout);
}

/* The head of a capture file; big endian is as good as any. */
static void
pcap_head(void)
{
	uint8_t head[24];
	struct smpp_wr w;

	smpp_wr_init(&w, head, sizeof(head));
	smpp_wr_u32(&w, 0xa1b2c3d4);
	smpp_wr_u16(&w, 2);
	smpp_wr_u16(&w, 4);
	smpp_wr_u32(&w, 0);
	smpp_wr_u32(&w, 0);
	smpp_wr_u32(&w, 65535);
	smpp_wr_u32(&w, LINK_RAW);
	put_bin(head, w.n);
}

/* One segment of a TCP stream to port 2775; sequence is its first octet. */
static void
pcap_segment(const uint8_t *p, size_t n, uint32_t sequence)
{
	uint8_t head[16 + IP_TCP_SIZE];
	struct smpp_wr w;

	smpp_wr_init(&w, head, sizeof(head));
	smpp_wr_u32(&w, sequence / 1000000);
	smpp_wr_u32(&w, sequence % 1000000);
	smpp_wr_u32(&w, (uint32_t)n + IP_TCP_SIZE);
	smpp_wr_u32(&w, (uint32_t)n + IP_TCP_SIZE);
	smpp_wr_u16(&w, 0x4500);
	smpp_wr_u16(&w, (uint16_t)(n + IP_TCP_SIZE));
	smpp_wr_u32(&w, 0);
	smpp_wr_u32(&w, 0x40060000); /* time to live 64, TCP */
	smpp_wr_u32(&w, 0x7f000001);
	smpp_wr_u32(&w, 0x7f000001);
	smpp_wr_u32(&w, 40000u << 16 | 2775);
	smpp_wr_u32(&w, sequence);
	smpp_wr_u32(&w, 1);
	smpp_wr_u32(&w, 0x5018ffff); /* 20 octets of header, ACK and PSH */
	smpp_wr_u32(&w, 0);
	put_bin(head, w.n);
	put_bin(p, n);
}

static void
put_pcap(const uint8_t *p, size_t n)
{
	static uint8_t segment[SEGMENT_PDUS * 256];
	static size_t held, pdus;
	static uint32_t sequence = 1;

	if (pdus == 0 && sequence == 1)
		pcap_head();
	memcpy(segment + held, p, n);
	held += n;
	if (++pdus < SEGMENT_PDUS)
		return;
	pcap_segment(segment, held, sequence);
	sequence += (uint32_t)held;
	held = pdus = 0;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(const uint8_t *, size_t);
	} forms[] = {{"bin", put_bin}, {"hex", put_hex}, {"pcap", put_pcap}};
	uint64_t seed = 0x5eed5eed5eed5eed;
	uint8_t pdu[256];
	unsigned form = 0, count, kinds;

	while (form < 3 && argc == 4 && strcmp(argv[1], forms[form].name) != 0)
		form++;
	if (argc != 4 || form == 3) {
		fprintf(stderr, "usage: gen bin|hex|pcap COUNT KINDS\n");
		return 2;
	}
	count = (unsigned)strtoul(argv[2], NULL, 10);
	kinds = (unsigned)strtoul(argv[3], NULL, 10);
	if (kinds == 0 || kinds > MIX_COUNT)
		kinds = MIX_COUNT;
	for (unsigned i = 0; i < count; i++)
		forms[form].put(pdu, bench_pdu(pdu, i % kinds, &seed));
	return fflush(stdout) != 0;
}
