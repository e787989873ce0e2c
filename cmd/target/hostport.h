/* "HOST:PORT" in two, for those who listen. */
#ifndef SMPP_HOSTPORT_H
#define SMPP_HOSTPORT_H

/*
 * Splits "HOST:PORT", "[HOST]:PORT", "HOST" or ":PORT" in the text itself. Sets
 * *host, which is 127.0.0.1 where none is given, and *port, if one is: to "?"
 * where something else stands in its place.
 */
void hostport_split(char *text, const char **host, const char **port);

#endif
