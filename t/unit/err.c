/* The numbers of failures, and the object that explains one. */
#include <errno.h>
#include <limits.h>

#include "base/err.h"
#include "tap.h"

/* What programs were built with, and what lies in the gaps. */
static void
test_err_numbers(void)
{
	static const int none[] = {0, 1, -29, -39, -99, -10000, INT_MIN};
	size_t i;

	ok(SMPP_EEMPTY == -1 && SMPP_ENOT_IN_VERSION == -28 &&
		SMPP_ENOMEM == -41 && SMPP_ERESOLVE == -100 &&
		SMPP_EINTERRUPTED == -108,
	    "numbers stay");
	ok(SMPP_E_FATAL(SMPP_ERESOLVE) && SMPP_E_FATAL(SMPP_EINTERRUPTED) &&
		!SMPP_E_FATAL(SMPP_ECHARSET) && !SMPP_E_FATAL(SMPP_EEMPTY) &&
		!SMPP_E_FATAL(0),
	    "what ends a connection begins at -100");
	is_str(smpp_err_word(SMPP_ENOMEM), "nomem", "a word");
	is_str(smpp_err_text(SMPP_ERESOLVE), "the name does not resolve",
	    "a text");
	for (i = 0; i < sizeof(none) / sizeof(*none); i++)
		is_str(
		    smpp_err_word(none[i]), "unknown", "%d is none", none[i]);
}

static void
test_err_object(void)
{
	struct smpp_err e = SMPP_ERR_INIT, f;

	smpp_err_clear(&f);
	ok(e.code == f.code && e.sys == f.sys && e.lib == f.lib &&
		e.offset == -1 && f.offset == -1 && *e.msg == 0 && *f.msg == 0,
	    "SMPP_ERR_INIT is smpp_err_clear()");
	errno = ENOENT;
	ok(smpp_err_sys(&e, SMPP_EIO, "no %s", "luck") == SMPP_EIO, "returned");
	ok(e.code == SMPP_EIO && e.sys == ENOENT, "code and errno");
	is_str(e.msg, "no luck: No such file or directory", "in words");
	ok(smpp_err_set(&e, SMPP_ENOMEM, "later") == SMPP_ENOMEM, "returned");
	ok(e.code == SMPP_EIO, "the first one stays");
	ok(smpp_err_set(NULL, SMPP_ENOMEM, "-") == SMPP_ENOMEM, "no object");
}

int
main(void)
{
	test_err_numbers();
	test_err_object();
	return tap_done();
}
