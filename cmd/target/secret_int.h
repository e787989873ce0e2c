/* What the files about passwords share and nobody else includes. */
#ifndef SMPP_SECRET_INT_H
#define SMPP_SECRET_INT_H

#include "kit/cmd.h"
#include "secret.h"

/* Says why there is no password from there. Returns the exit class. */
int secret_fail(struct ctx *c, const char *from, const char *why);

/* Makes n characters the password. Returns 0, or an exit class after it said
 * what is wrong with them. */
int secret_take(
    struct ctx *c, struct secret *s, const char *p, size_t n, const char *from);

/* Refuses a file that others can read. Returns as secret_take. */
int secret_check_mode(struct ctx *c, int fd, const char *name);

#endif
