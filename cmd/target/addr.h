/* Addresses to listen on. */
#ifndef SMPP_ADDR_H
#define SMPP_ADDR_H

#include "kit/cmd.h"

/*
 * Takes "HOST:PORT", "[HOST]:PORT", "HOST" or ":PORT" apart, into memory of c;
 * without a host it is 127.0.0.1, without a port *port stays as it is. Returns
 * 0, or SMPP_EXIT_USAGE after it said that the port of this option is none.
 */
int addr_split(struct ctx *c, const char *option, const char *addr,
    const char **host, const char **port);

#endif
