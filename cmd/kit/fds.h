/* How many descriptors the process may have. */
#ifndef SMPP_FDS_H
#define SMPP_FDS_H

#include <stdint.h>

/* Raises the limit to want, or as near as it goes; it is never lowered. */
void fds_allow(uint32_t want);

#endif
