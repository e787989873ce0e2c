/* Sessions as pcap files, for Wireshark and tshark. */
#ifndef SMPP_NET_CAPTURE_H
#define SMPP_NET_CAPTURE_H

#include "net/conn.h"

SMPP_BEGIN_DECLS

/*
 * A file being written: PDUs as they were before TLS, in packets made up for
 * them, of TCP from a client at 192.0.2.1 to port 2775 of 192.0.2.2. fd is the
 * caller's to close; error is the errno of the first write that failed, after
 * which nothing more is written.
 */
struct smpp_capture {
	int fd;
	int error;
	uint16_t port; /* of the last client */
};

/* One connection in it. */
struct smpp_stream {
	uint16_t port;   /* of the client */
	uint32_t seq[2]; /* octets sent, by enum smpp_dir of the client */
};

/* Creates the file, readable by its owner alone. Returns 0, or SMPP_EIO with
 * err set. */
int smpp_capture_open(
    struct smpp_capture *c, const char *path, struct smpp_err *err);

/* A connection begins, which sets *s, or ends, at a time, microseconds since
 * 1970. */
void smpp_capture_begin(
    struct smpp_capture *c, struct smpp_stream *s, int64_t us);
void smpp_capture_end(
    struct smpp_capture *c, struct smpp_stream *s, int64_t us);

/* Writes one PDU, SMPP_IN being what the client received. */
void smpp_capture_pdu(struct smpp_capture *c, struct smpp_stream *s,
    enum smpp_dir dir, struct smpp_view wire, int64_t us);

SMPP_END_DECLS

#endif
