/* A run as it goes, on a terminal, and the keys that change it. */
#ifndef SMPP_LOAD_LIVE_H
#define SMPP_LOAD_LIVE_H

#include <stdbool.h>
#include <termios.h>

#include "kit/cmd.h"

struct figures;

/* shown says that there is a terminal to show it on, keys that there is one
 * to read from; lines is how many are on the screen. */
struct live {
	struct ctx *c;
	bool shown, keys;
	unsigned lines;
	struct termios saved;
};

/* Starts, where standard error is a terminal and nothing speaks against it. */
void live_begin(struct live *v, struct ctx *c, bool wanted);

/* Draws the figures of an interval and of the run so far. */
void live_draw(
    struct live *v, const struct figures *now, const struct figures *all);

/* Takes what is on the screen off, before something else is printed. */
void live_clear(struct live *v);

/* The next key, or 0. */
char live_key(struct live *v);

/* Leaves the terminal as it was. */
void live_end(struct live *v);

#endif
