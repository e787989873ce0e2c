/* Sessions as pcap files. */
#include "net/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>

#include "base/wr.h"

enum {
	LINKTYPE_RAW = 101, /* packets begin with their IP header */
	IP_SIZE = 20,
	TCP_SIZE = 20,
	HEADERS = 16 + IP_SIZE + TCP_SIZE,
	SEGMENT_MAX = 32 * 1024, /* of a PDU in one packet */
	CLIENT_PORT = 49152,     /* below 32768 tshark sees other protocols */
	SMSC_PORT = 2775,
	FIN = 1,
	SYN = 2,
	PSH = 8,
	ACK = 16,
};

/* 192.0.2.1 and .2, which are for documentation (RFC 5737): the real ones are
 * not known here. */
static const uint32_t client_ip = 0xc0000201, smsc_ip = 0xc0000202;

/* The first error is kept and nothing more is written: a file that goes on
 * behind a packet cut short cannot be read at all. */
static void
capture_put(struct smpp_capture *c, struct iovec *v, int n)
{
	size_t size = 0;

	for (int i = 0; i < n; i++)
		size += v[i].iov_len;
	if (c->error == 0 && writev(c->fd, v, n) != (ssize_t)size)
		c->error = errno != 0 ? errno : EIO;
}

/* The header of the file: microseconds, in the order of this machine. */
static void
put_file_header(struct smpp_capture *c)
{
	const uint32_t head[] = {
	    0xa1b2c3d4, 2 | 4 << 16, 0, 0, 256 * 1024, LINKTYPE_RAW};
	struct iovec v = {(void *)(uintptr_t)head, sizeof(head)};

	capture_put(c, &v, 1);
}

int
smpp_capture_open(
    struct smpp_capture *c, const char *path, struct smpp_err *err)
{
	*c = (struct smpp_capture){.port = CLIENT_PORT - 1};
	/* For the owner alone: there are passwords and texts in it. */
	c->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (c->fd < 0)
		return smpp_err_sys(err, SMPP_EIO, "%s", path);
	put_file_header(c);
	return 0;
}

/* Adds up 16-bit words as IP and TCP do; an odd octet counts as its high. */
static uint32_t
capture_sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; p += 2, n -= 2)
		s += (uint32_t)p[0] << 8 | p[1];
	if (n > 0)
		s += (uint32_t)p[0] << 8;
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static void
put_ip(struct smpp_wr *w, uint32_t from, uint32_t to, size_t n)
{
	uint8_t *p = w->p + w->n;

	smpp_wr_u16(w, 0x4500);
	smpp_wr_u16(w, (uint16_t)(IP_SIZE + TCP_SIZE + n));
	smpp_wr_u32(w, 0x00004000); /* not to be fragmented */
	smpp_wr_u16(w, 64 << 8 | 6);
	smpp_wr_u16(w, 0);
	smpp_wr_u32(w, from);
	smpp_wr_u32(w, to);
	smpp_put_u16(p + 10, (uint16_t)~capture_sum(p, IP_SIZE, 0));
}

static void
put_tcp(struct smpp_wr *w, const struct smpp_stream *c, bool in, unsigned flags,
    struct smpp_view data)
{
	uint8_t *p = w->p + w->n;
	uint32_t s;

	smpp_wr_u16(w, in ? SMSC_PORT : c->port);
	smpp_wr_u16(w, in ? c->port : SMSC_PORT);
	smpp_wr_u32(w, c->seq[in ? SMPP_IN : SMPP_OUT]);
	/* Each side acknowledges all that the other has sent by then, so that
	 * readers see no gaps and put PDUs together across packets. */
	smpp_wr_u32(w, flags & ACK ? c->seq[in ? SMPP_OUT : SMPP_IN] : 0);
	smpp_wr_u16(w, (uint16_t)(5 << 12 | flags));
	smpp_wr_u16(w, 0xffff);
	smpp_wr_u32(w, 0);
	s = capture_sum(
	    p - 8, 8, 6 + TCP_SIZE + data.n); /* the pseudo header */
	s = capture_sum(p, TCP_SIZE, s);
	smpp_put_u16(p + 16, (uint16_t)~capture_sum(data.p, data.n, s));
}

static void
packet(struct smpp_capture *c, struct smpp_stream *s, bool in, unsigned flags,
    struct smpp_view data, int64_t us)
{
	uint8_t head[HEADERS];
	const uint32_t size = IP_SIZE + TCP_SIZE + data.n;
	const uint32_t record[] = {
	    (uint32_t)(us / 1000000), (uint32_t)(us % 1000000), size, size};
	struct iovec v[] = {
	    {head, sizeof(head)}, {(void *)(uintptr_t)data.p, data.n}};
	struct smpp_wr w;

	memcpy(head, record, sizeof(record));
	smpp_wr_init(&w, head, sizeof(head));
	smpp_wr_room(&w, sizeof(record));
	put_ip(&w, in ? smsc_ip : client_ip, in ? client_ip : smsc_ip, data.n);
	put_tcp(&w, s, in, flags, data);
	capture_put(c, v, data.n > 0 ? 2 : 1);
	s->seq[in ? SMPP_IN : SMPP_OUT] += data.n +
					   (flags & (SYN | FIN) ? 1 : 0);
}

/* A handshake that was never seen, for without one readers take the stream for
 * a part of one and may not follow it. */
void
smpp_capture_begin(struct smpp_capture *c, struct smpp_stream *s, int64_t us)
{
	const struct smpp_view none = {NULL, 0};

	/* Another port for each session, by which readers tell them apart. */
	c->port = c->port == UINT16_MAX ? CLIENT_PORT : (uint16_t)(c->port + 1);
	*s = (struct smpp_stream){.port = c->port};
	packet(c, s, false, SYN, none, us);
	packet(c, s, true, SYN | ACK, none, us);
	packet(c, s, false, ACK, none, us);
}

void
smpp_capture_end(struct smpp_capture *c, struct smpp_stream *s, int64_t us)
{
	const struct smpp_view none = {NULL, 0};

	packet(c, s, false, FIN | ACK, none, us);
	packet(c, s, true, FIN | ACK, none, us);
	packet(c, s, false, ACK, none, us);
}

void
smpp_capture_pdu(struct smpp_capture *c, struct smpp_stream *s,
    enum smpp_dir dir, struct smpp_view wire, int64_t us)
{
	struct smpp_view part;

	while (wire.n > 0) {
		part = wire;
		/* The length in the IP header has 16 bits. */
		if (part.n > SEGMENT_MAX)
			part.n = SEGMENT_MAX;
		packet(c, s, dir == SMPP_IN, PSH | ACK, part, us);
		wire.p += part.n;
		wire.n -= part.n;
	}
}
