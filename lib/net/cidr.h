/* Ranges of addresses: "192.0.2.0/24", "2001:db8::/32", "127.0.0.1". */
#ifndef SMPP_NET_CIDR_H
#define SMPP_NET_CIDR_H

#include <stdbool.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/* True when text is a range: an address and, unless it is that alone, how many
 * of its leading bits count. */
bool smpp_cidr_ok(const char *text);

/*
 * True when the address of a peer, "host:port" as smpp_io_name() writes it, is
 * in the range. IPv4 in IPv6 (::ffff:192.0.2.1) counts as IPv4.
 */
bool smpp_cidr_has(const char *range, const char *peer);

SMPP_END_DECLS

#endif
