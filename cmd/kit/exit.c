/* Exit statuses: which there are, and what becomes which. */
#include "exit.h"

const struct exit_row exit_rows[EXITS] = {
#define EXIT(name, rank, meaning, retry) {meaning, retry, rank},
#include "exits.def"
#undef EXIT
};

/*
 * The library knows no exit statuses, only what can be done about a failure;
 * here alone that becomes a number, so scripts see the same one from every
 * command.
 */
int
exit_of(enum smpp_class cls)
{
	static const int exits[SMPP_CLASS_COUNT] = {
	    [SMPP_CLASS_OK] = SMPP_EXIT_OK,
	    [SMPP_CLASS_RETRY] = SMPP_EXIT_RETRY,
	    [SMPP_CLASS_PERMANENT] = SMPP_EXIT_NO,
	    [SMPP_CLASS_AUTH] = SMPP_EXIT_NO,
	    [SMPP_CLASS_PROTOCOL] = SMPP_EXIT_NO,
	    [SMPP_CLASS_BIND] = SMPP_EXIT_BIND,
	    [SMPP_CLASS_CALL] = SMPP_EXIT_USAGE,
	    [SMPP_CLASS_DATA] = SMPP_EXIT_DATA,
	    [SMPP_CLASS_CONNECT] = SMPP_EXIT_CONNECT,
	    [SMPP_CLASS_UNKNOWN] = SMPP_EXIT_UNKNOWN,
	    [SMPP_CLASS_PEER] = SMPP_EXIT_PEER,
	    [SMPP_CLASS_LOCAL] = SMPP_EXIT_LOCAL,
	    [SMPP_CLASS_BUG] = SMPP_EXIT_BUG,
	};

	return exits[cls];
}

/*
 * Of several failures the one to tell is a matter of rank, not of number: the
 * numbers were given in another order and may not change.
 */
int
cmd_worse(int a, int b)
{
	return exit_rows[b].rank > exit_rows[a].rank ? b : a;
}
