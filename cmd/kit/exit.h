/* Exit statuses: which there are, and what becomes which. */
#ifndef SMPP_EXIT_H
#define SMPP_EXIT_H

#include "base/err.h"

/* SMPP_EXIT_OK and so on. */
enum exits {
#define EXIT(name, rank, meaning, retry) SMPP_EXIT_##name,
#include "exits.def"
#undef EXIT
	EXITS,
};

/* One row of exits.def, by number. */
struct exit_row {
	const char *meaning, *retry;
	int rank;
};

extern const struct exit_row exit_rows[EXITS];

/* What a failure of this class becomes, or a refusal whose status has it. */
int exit_of(enum smpp_class cls);

/* The exit status of several outcomes: 2 before all, it stands alone; then
 * that of 10, 3, 9, 8, 1, 5, 4, 7, 6, 0 which is first in this row. */
int cmd_worse(int a, int b);

#endif
