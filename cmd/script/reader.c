/* The lines of a script, from a file or a pipe that may keep us waiting. */
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/cmd.h"
#include "line.h"

enum { LINE_MAX_OCTETS = 1 << 20, BLOCK = 16384 };

int
reader_open(struct reader *in, const char *name, reader_wait_fn wait, void *arg,
    struct smpp_err *err)
{
	*in = (struct reader){.name = name, .wait = wait, .arg = arg};
	in->fd = strcmp(name, "-") == 0 ? STDIN_FILENO
					: open(name, O_RDONLY | O_CLOEXEC);
	return in->fd >= 0 ? 0 : smpp_err_sys(err, SMPP_EIO, "%s", name);
}

void
reader_close(struct reader *in)
{
	free(in->buf);
	if (in->fd != STDIN_FILENO)
		close(in->fd);
}

/* Reads more. Returns 1, 0 when no more is wanted, or an error. */
static int
reader_fill(struct reader *in, struct smpp_err *err)
{
	ssize_t got;

	if (in->off > 0) {
		memmove(in->buf, in->buf + in->off, in->n);
		in->off = 0;
	}
	if (in->cap - in->n < BLOCK) {
		in->cap = in->cap * 2 + BLOCK * 2;
		in->buf = realloc(in->buf, in->cap);
		if (in->buf == NULL)
			cmd_nomem();
	}
	if (!in->wait(in->arg, in->fd))
		return 0;
	got = read(in->fd, in->buf + in->n, in->cap - in->n - 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 1;
	in->end = got <= 0;
	if (got < 0)
		return smpp_err_sys(err, SMPP_EIO, "%s", in->name);
	in->n += (size_t)got;
	return 1;
}

/* Takes the next line, without its end, and ends it by a NUL. Returns as
 * reader_line() does. */
static int
reader_take(struct reader *in, char **line, size_t *len, struct smpp_err *err)
{
	char *nl = NULL;
	int rc;

	while (!in->end) {
		nl = in->n == 0 ? NULL : memchr(in->buf + in->off, '\n', in->n);
		if (nl != NULL)
			break;
		if (in->n > LINE_MAX_OCTETS)
			return smpp_err_set(err, SMPP_ERANGE,
			    "%s: a line of more than %d octets", in->name,
			    LINE_MAX_OCTETS);
		if ((rc = reader_fill(in, err)) <= 0)
			return rc;
	}
	if (in->n == 0)
		return 0;
	if (nl == NULL)
		nl = memchr(in->buf + in->off, '\n', in->n);
	*line = in->buf + in->off;
	*len = nl == NULL ? in->n : (size_t)(nl - *line);
	in->off += *len + (nl != NULL);
	in->n -= *len + (nl != NULL);
	(*line)[*len] = '\0';
	in->lines++;
	return 1;
}

int
reader_line(struct reader *in, char **text, struct smpp_err *err)
{
	bool goes_on = true;
	size_t n = 0, len;
	char *part = NULL;
	int rc = 1;

	*text = NULL;
	in->line = in->lines + 1;
	while (goes_on && n <= LINE_MAX_OCTETS &&
	       (rc = reader_take(in, &part, &len, err)) > 0) {
		if (memchr(part, '\0', len) != NULL) {
			rc = smpp_err_set(
			    err, SMPP_ESYNTAX, "a NUL in the line");
			break;
		}
		goes_on = line_continues(part, &len);
		*text = realloc(*text, n + len + 1);
		if (*text == NULL)
			cmd_nomem();
		memcpy(*text + n, part, len + 1);
		n += len;
	}
	if (rc < 0) {
		free(*text);
		*text = NULL;
	}
	return rc < 0 ? rc : *text != NULL;
}
