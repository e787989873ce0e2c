/* The TCP payload of a captured packet. */
#ifndef SMPP_HEXIN_PACKET_INT_H
#define SMPP_HEXIN_PACKET_INT_H

#include "base/view.h"

/* What may stand before the payload, at most. */
enum { SMPP_PACKET_HEADERS = 16 + 8 + 60 + 60 };

/*
 * Looks whether the n octets at p are the start of a packet that holds TCP: IP
 * in version 4 or 6 as it is, or in a frame of Ethernet, Linux cooked capture
 * or BSD loopback. Sets *at to where its payload begins and *size to how many
 * octets that has, 0 for a packet without data; it may end behind n. Returns
 * 1; 0 when more octets are needed to tell; SMPP_ESYNTAX when it is none.
 */
int smpp_packet_tcp(const uint8_t *p, size_t n, uint32_t *at, uint32_t *size);

#endif
