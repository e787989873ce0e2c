/* Conditions given as options: --where, and what is wrong with them. */
#include "where.h"

#include "base/clock.h"

int
where_open(struct ctx *c, const char *name, const char *text, struct expr **e)
{
	struct smpp_err err;
	struct smpp_jsonw *j;

	*e = NULL;
	if (text == NULL)
		return 0;
	smpp_err_clear(&err);
	/* Shares of a filter need not repeat: the clock is the seed. */
	*e = expr_open(text, c->dictionary, smpp_clock_ns(), &err);
	if (*e != NULL)
		return 0;
	if (err.code == SMPP_ENOMEM)
		cmd_nomem();
	j = out_more(c);
	smpp_jsonw_key_cstr(j, "expression", text);
	smpp_jsonw_key_i64(j, "offset", err.offset);
	out_spot(c, text, (size_t)err.offset);
	return out_usage(c, "%s: %s", name, err.msg);
}
