/* Error codes, their texts, and the object that explains a failure. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* By number; there are gaps. */
static const struct {
	const char *word;
	const char *text;
	enum smpp_class cls;
} rows[] = {
    {"unknown", "unknown error", SMPP_CLASS_BUG},
#define SMPP_ERR(code, number, word, cls, text) \
	[number] = {#word, text, SMPP_CLASS_##cls},
#include "base/err.def"
#undef SMPP_ERR
};

static size_t
err_row(int code)
{
	/* A number from another version of the library, or none of ours, is
	 * "unknown" and a bug of the caller, never an index. */
	const int end = sizeof(rows) / sizeof(*rows);

	return code < 0 && code > -end && rows[-code].word != NULL
		   ? (size_t)-code
		   : 0;
}

const char *
smpp_err_word(int code)
{
	return rows[err_row(code)].word;
}

const char *
smpp_err_text(int code)
{
	return rows[err_row(code)].text;
}

enum smpp_class
smpp_err_class(int code)
{
	return rows[err_row(code)].cls;
}

void
smpp_err_clear(struct smpp_err *e)
{
	if (e == NULL)
		return;
	memset(e, 0, sizeof(*e));
	e->offset = -1;
}

/* The first message wins: it was written where the thing happened, what
 * callers add on the way up knows less. */
int
smpp_err_set(struct smpp_err *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (e == NULL || e->code != 0)
		return code;
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	return code;
}

int
smpp_err_sys(struct smpp_err *e, int code, const char *fmt, ...)
{
	/* Before anything else: formatting may change it. */
	int saved = errno;
	va_list ap;
	size_t n;

	if (e == NULL || e->code != 0)
		return code;
	e->code = code;
	e->sys = saved;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(saved));
	return code;
}
