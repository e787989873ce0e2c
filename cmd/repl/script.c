/* smpp repl: lines from files, and a session written to one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"
#include "repl.h"
#include "show/show.h"

enum { LINE_MAX_OCTETS = 1 << 20, BLOCK = 16384 };

/*
 * A file being run. n octets at buf + off are read and not yet run; label is
 * what its errors begin with.
 */
struct source {
	const char *name;
	int fd;
	unsigned line;
	char *buf;
	size_t off, n, cap;
	bool end;
	int rc;
	char label[512];
	struct source *up;
};

/* Reads more, while the connection is attended to. Returns false when there is
 * no more to be had. */
static bool
script_more(struct repl *r, struct source *s)
{
	ssize_t got;

	if (s->off > 0) {
		memmove(s->buf, s->buf + s->off, s->n);
		s->off = 0;
	}
	if (s->cap - s->n < BLOCK) {
		s->cap = s->cap * 2 + BLOCK * 2;
		s->buf = realloc(s->buf, s->cap);
		if (s->buf == NULL)
			cmd_nomem();
	}
	while (!wire_turn(r, SMPP_FOREVER, s->fd))
		if (repl_stopped(r))
			return false;
	got = read(s->fd, s->buf + s->n, s->cap - s->n - 1);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got < 0)
		s->rc = out_error(r->c, SMPP_EXIT_LOCAL, "file", "%s: %s",
		    s->name, strerror(errno));
	s->end = got <= 0;
	s->n += got > 0 ? (size_t)got : 0;
	return got >= 0;
}

/*
 * Takes the next line, without its end, and ends it by a NUL. Returns false
 * when there is none left, or, with s->rc set, after an error.
 */
static bool
script_next_line(struct repl *r, struct source *s, char **line, size_t *len)
{
	char *nl = NULL;

	while (!s->end) {
		nl = s->n == 0 ? NULL : memchr(s->buf + s->off, '\n', s->n);
		if (nl != NULL)
			break;
		if (s->n > LINE_MAX_OCTETS) {
			s->rc = out_error(r->c, SMPP_EXIT_NO, "usage",
			    "%s: a line of more than %d octets", s->name,
			    LINE_MAX_OCTETS);
			return false;
		}
		if (!script_more(r, s))
			return false;
	}
	if (s->n == 0)
		return false;
	if (nl == NULL)
		nl = memchr(s->buf + s->off, '\n', s->n);
	*line = s->buf + s->off;
	*len = nl == NULL ? s->n : (size_t)(nl - *line);
	s->off += *len + (nl != NULL);
	s->n -= *len + (nl != NULL);
	(*line)[*len] = '\0';
	s->line++;
	return true;
}

/* What errors say first: which script, which line. */
static void
mark(struct repl *r, struct source *s)
{
	struct smpp_jsonw *j = out_more(r->c);

	if (s == NULL)
		return;
	snprintf(s->label, sizeof(s->label),
	    "%s%.400s:%u: ", r->interactive ? "? " : "smpp repl: ", s->name,
	    s->line);
	r->c->label = s->label;
	out_more_reset(r->c->out);
	smpp_jsonw_key(j, "file");
	smpp_jsonw_cstr(j, s->name);
	smpp_jsonw_key(j, "line");
	smpp_jsonw_u32(j, s->line);
}

/*
 * Takes a line and those that it goes on in. Returns it, to be freed, or NULL
 * as next_line returns false.
 */
static char *
whole_line(struct repl *r, struct source *s)
{
	char *part, *text = NULL;
	bool goes_on = true;
	size_t n = 0, len;

	while (goes_on && n <= LINE_MAX_OCTETS &&
	       script_next_line(r, s, &part, &len)) {
		if (text == NULL)
			mark(r, s);
		if (memchr(part, '\0', len) != NULL) {
			s->rc = out_error(
			    r->c, SMPP_EXIT_NO, "usage", "a NUL in the line");
			free(text);
			return NULL;
		}
		goes_on = line_continues(part, &len);
		text = realloc(text, n + len + 1);
		if (text == NULL)
			cmd_nomem();
		memcpy(text + n, part, len + 1);
		n += len;
	}
	return text;
}

static int
run_lines(struct repl *r, struct source *s)
{
	int rc = 0;
	char *text;

	while (!r->quit && !repl_stopped(r) && (rc == 0 || r->a.keep_going)) {
		text = whole_line(r, s);
		if (text == NULL)
			break;
		rc = cmd_worse(rc, repl_line(r, text));
		free(text);
		mark(r, s);
	}
	rc = cmd_worse(rc, s->rc);
	if (rc == 0 && smpp_clock_ms() >= r->deadline)
		rc = out_error(
		    r->c, SMPP_EXIT_NO, "time", "the time limit is over");
	return rc;
}

static int
open_source(struct repl *r, struct source *s)
{
	if (strcmp(s->name, "-") == 0) {
		s->fd = STDIN_FILENO;
		return 0;
	}
	s->fd = open(s->name, O_RDONLY | O_CLOEXEC);
	if (s->fd >= 0)
		return 0;
	return out_error(
	    r->c, SMPP_EXIT_LOCAL, "file", "%s: %s", s->name, strerror(errno));
}

int
script_run(struct repl *r, const char *name)
{
	struct source s = {.name = name, .up = r->source};
	const char *label = r->c->label;
	int rc = open_source(r, &s);

	if (rc != 0)
		return rc;
	r->source = &s;
	rc = run_lines(r, &s);
	r->source = s.up;
	r->c->label = label;
	out_more_reset(r->c->out);
	mark(r, s.up);
	free(s.buf);
	if (s.fd != STDIN_FILENO)
		close(s.fd);
	return rc;
}

/* --- passwords --- */

/* The end of the value that begins at s. */
static const char *
value_end(const char *s)
{
	bool quoted = *s == '"';

	for (s += quoted; *s != '\0'; s++) {
		if (quoted && s[0] == '\\' && s[1] != '\0')
			s++;
		else if (quoted ? *s == '"' : (*s == ' ' || *s == '\t'))
			break;
	}
	return s + (quoted && *s == '"');
}

/* Where in a URL the password begins, and its end; NULL when it has none. */
static const char *
url_password(const char *s, const char **end)
{
	size_t n = strcspn(s, " \t/?#");
	const char *at = memchr(s, '@', n);
	const char *colon = at == NULL ? NULL
				       : memchr(s, ':', (size_t)(at - s));

	*end = at;
	return colon == NULL ? NULL : colon + 1;
}

/* The next secret in a line, from s on; NULL when there is none. */
static const char *
next_secret(const char *s, const char **end)
{
	const char *found;

	for (; *s != '\0'; s++) {
		if (strncmp(s, "password=", 9) == 0) {
			*end = value_end(s + 9);
			return s + 9;
		}
		if (strncmp(s, "://", 3) == 0 &&
		    (found = url_password(s + 3, end)) != NULL)
			return found;
	}
	return NULL;
}

/* Whether octets that a line has in hexadecimal, or an object, hold one. */
static bool
hides_secret(struct repl *r, const char *line)
{
	size_t n = strlen(line), len = 0;
	uint8_t *octets = cmd_alloc(r->lc, n + 1);
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	if (*line == '{')
		return strstr(line, "\"password\"") != NULL;
	if (strncmp(line, "\\raw", 4) != 0 && strncmp(line, "\\drip", 5) != 0)
		return false;
	for (line += strcspn(line, " \t"); *line != '\0'; line++)
		if (smpp_hex_digit[(unsigned char)*line] != 0)
			octets[len++] = (uint8_t)*line;
	if (smpp_hex_decode(octets, (char *)octets, len & ~(size_t)1) < 0)
		return false;
	smpp_decode(&pdu, smpp_view_of(octets, len / 2), SMPP_VANY, 0, &issues);
	return smpp_secret(&pdu).n > 0;
}

const char *
script_masked(struct repl *r, const char *line)
{
	const char *s = line, *secret, *end;
	size_t cap = 2 * strlen(line) + 64;
	char *text = cmd_alloc(r->lc, cap + 1);
	struct smpp_sbuf b;

	if (hides_secret(r, line))
		return NULL;
	smpp_sbuf_init(&b, text, cap, NULL, NULL);
	while ((secret = next_secret(s, &end)) != NULL) {
		smpp_sbuf_put(&b, s, (size_t)(secret - s));
		if (end > secret)
			smpp_sbuf_puts(&b, "********");
		s = end;
	}
	smpp_sbuf_puts(&b, s);
	text[b.n] = '\0';
	return b.bad ? NULL : text;
}

/* --- \record --- */

static void
write_line(struct repl *r, const char *text)
{
	if (r->record_fd >= 0 && dprintf(r->record_fd, "%s\n", text) < 0)
		out_warn(r->c, "\\record: %s", strerror(errno));
}

/* What the last line in the record was answered with, as \expect. */
static void
write_answer(struct repl *r)
{
	struct seen *s = seen_get(r, r->recorded);
	const char *name;
	struct ctx lc = *r->c, *old = r->lc;

	r->recorded = 0;
	s = s == NULL ? NULL : seen_get(r, s->answer);
	if (s == NULL)
		return;
	lc.mem = NULL;
	r->lc = &lc;
	name = echo_value(r, s, "command_status_name");
	if (name == NULL)
		name = echo_value(r, s, "command_status");
	if (name != NULL)
		write_line(
		    r, cmd_printf(&lc, "\\expect command_status==%s", name));
	r->lc = old;
	cmd_free(&lc);
}

void
script_keep(struct repl *r, const char *line)
{
	const char *text;

	if (r->record_fd < 0)
		return;
	if (strncmp(line, "\\expect", 7) == 0)
		r->recorded = 0;
	else
		write_answer(r);
	text = r->c->out->args.show_secrets ? line : script_masked(r, line);
	write_line(r, text == NULL ? "# a line with a password" : text);
	r->recorded = *line == '\\' && strncmp(line, "\\raw", 4) != 0 &&
			      strncmp(line, "\\drip", 5) != 0
			  ? 0
			  : r->last;
}

int
script_record(struct repl *r, const char *file)
{
	if (r->record_fd >= 0) {
		write_answer(r);
		close(r->record_fd);
	}
	r->record_fd = -1;
	r->recorded = 0;
	if (file == NULL)
		return 0;
	r->record_fd = open(
	    file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (r->record_fd >= 0)
		return 0;
	return out_error(
	    r->lc, SMPP_EXIT_LOCAL, "record", "%s: %s", file, strerror(errno));
}
