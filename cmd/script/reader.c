/* The lines of a script, from a file or a pipe that may keep us waiting. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "kit/cmd.h"
#include "line.h"

enum { LINE_MAX_OCTETS = 1 << 20 };

/* One octet more than a line may have, for its end. */
int
reader_open(struct reader *r, const char *name, reader_wait_fn wait, void *arg,
    struct smpp_err *err)
{
	int rc = input_open(&r->in, name, LINE_MAX_OCTETS + 1, err);

	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	r->wait = wait;
	r->arg = arg;
	return rc;
}

/*
 * Takes the next line, without its end. Returns as reader_line() does. The
 * connection goes on while a pipe keeps us waiting: that is what wait is for;
 * it says no when the session has ended.
 */
static int
reader_take(struct reader *r, struct smpp_view *line, struct smpp_err *err)
{
	int rc;

	while ((rc = input_line(&r->in, line)) == 0 && !r->in.cut) {
		if (input_over(&r->in) || !r->wait(r->arg, r->in.fd))
			return 0;
		if ((rc = input_fill(&r->in, err)) != 0)
			return rc;
	}
	if (rc <= 0)
		return smpp_err_set(err, SMPP_ERANGE,
		    "%s: a line of more than %d octets", r->in.name,
		    LINE_MAX_OCTETS);
	/* Behind a NUL the rest of the line would be lost in silence. */
	if (line->n > 0 && memchr(line->p, '\0', line->n) != NULL)
		return smpp_err_set(err, SMPP_ESYNTAX, "a NUL in the line");
	return 1;
}

int
reader_line(struct reader *r, char **text, struct smpp_err *err)
{
	bool goes_on = true;
	struct smpp_view part;
	size_t n = 0;
	int rc = 1;

	*text = NULL;
	/* Errors name the line where the command begins, not its last one. */
	r->line = r->in.line + 1;
	while (goes_on && n <= LINE_MAX_OCTETS &&
	       (rc = reader_take(r, &part, err)) > 0) {
		*text = realloc(*text, n + part.n + 1);
		if (*text == NULL)
			cmd_nomem();
		if (part.n > 0)
			memcpy(*text + n, part.p, part.n);
		n += part.n;
		(*text)[n] = '\0';
		goes_on = part.n > 0 && line_continues(*text, &n);
	}
	if (rc < 0) {
		free(*text);
		*text = NULL;
	}
	return rc < 0 ? rc : *text != NULL;
}
