/* smpp repl: lines from files, and a session written to one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "repl.h"
#include "script/mask.h"
#include "script/reader.h"

/*
 * A file being run; label is what its errors begin with. Scripts may run
 * scripts, so the one that ran it is above.
 */
struct script {
	struct reader in;
	struct repl *r;
	char label[512];
	struct script *up;
};

/*
 * Waits for lines, while the connection is attended to. Lines may come slowly,
 * from a pipe or a person: keep-alives and answers go on meanwhile.
 */
static bool
source_wait(void *arg, int fd)
{
	struct script *s = arg;

	while (!wire_turn(s->r, SMPP_FOREVER, fd))
		if (repl_stopped(s->r))
			return false;
	return true;
}

/*
 * What errors say first: which script, which line. Set anew after each line,
 * since a line may have run another script.
 */
static void
mark(struct repl *r, struct script *s)
{
	struct smpp_jsonw *j = out_more(r->c);

	if (s == NULL)
		return;
	snprintf(s->label, sizeof(s->label), "%s%.400s:%u: ",
	    r->interactive ? "? " : "smpp repl: ", s->in.in.name, s->in.line);
	r->c->label = s->label;
	out_more_reset(r->c->out);
	smpp_jsonw_key_cstr(j, "file", s->in.in.name);
	smpp_jsonw_key_i64(j, "line", s->in.line);
}

/* Takes the next line, to be freed; NULL when there is none left, or, with *rc
 * set, after an error. */
static char *
source_line(struct repl *r, struct script *s, int *rc)
{
	struct smpp_err err;
	char *text = NULL;
	int got;

	smpp_err_clear(&err);
	got = reader_line(&s->in, &text, &err);
	if (got != 0 && err.code != SMPP_EIO)
		mark(r, s);
	if (got < 0)
		*rc = err.code == SMPP_EIO ? out_error(r->c, SMPP_EXIT_LOCAL,
						 "file", "%s", err.msg)
					   : out_error(r->c, SMPP_EXIT_NO,
						 "usage", "%s", err.msg);
	return text;
}

static int
run_lines(struct repl *r, struct script *s)
{
	int rc = 0, failed = 0;
	char *text;

	while (!r->quit && !repl_stopped(r) && (rc == 0 || r->a.keep_going)) {
		text = source_line(r, s, &failed);
		if (text == NULL)
			break;
		rc = cmd_worse(rc, repl_line(r, text));
		free(text);
		mark(r, s);
	}
	rc = cmd_worse(rc, failed);
	/* Else a script that the limit cut would have succeeded. */
	if (rc == 0 && smpp_clock_ms() >= r->deadline)
		rc = out_error(
		    r->c, SMPP_EXIT_NO, "time", "the time limit is over");
	return rc;
}

int
scripts_run(struct repl *r, const char *name)
{
	struct script s = {.r = r, .up = r->source};
	const char *label = r->c->label;
	struct smpp_err err;
	int rc;

	smpp_err_clear(&err);
	if (reader_open(&s.in, name, source_wait, &s, &err) != 0)
		return out_error(r->c, SMPP_EXIT_LOCAL, "file", "%s", err.msg);
	r->source = &s;
	rc = run_lines(r, &s);
	r->source = s.up;
	r->c->label = label;
	out_more_reset(r->c->out);
	mark(r, s.up);
	input_close(&s.in.in);
	return rc;
}

/* --- \record --- */

/* A record that cannot be written is told, and does not end the session. */
static void
write_line(struct repl *r, const char *text)
{
	if (r->record_fd >= 0 && dprintf(r->record_fd, "%s\n", text) < 0)
		out_warn(r->c, "\\record: %s", strerror(errno));
}

/*
 * What the last line in the record was answered with, as \expect. Of what was
 * typed a test is made: the same line has to get the same status. It is
 * written with the next line, for by then the answer has come.
 */
static void
write_answer(struct repl *r)
{
	struct seen *s = seen_get(r, r->recorded);
	struct ctx lc = *r->c;
	struct subject subject;
	const char *name;

	r->recorded = 0;
	s = s == NULL ? NULL : seen_get(r, s->answer);
	if (s == NULL)
		return;
	lc.mem = NULL;
	echo_subject(r, s, &subject);
	name = subject_value(&subject, &lc, "command_status_name");
	if (name == NULL)
		name = subject_value(&subject, &lc, "command_status");
	if (name != NULL)
		write_line(
		    r, cmd_printf(&lc, "\\expect command_status==%s", name));
	cmd_free(&lc);
}

void
scripts_keep(struct repl *r, const char *line)
{
	const char *text;

	if (r->record_fd < 0)
		return;
	/* The user's own \expect takes the place of ours. */
	if (strncmp(line, "\\expect", 7) == 0)
		r->recorded = 0;
	else
		write_answer(r);
	text = r->c->out->args.show_secrets ? line : mask_line(r->lc, line);
	write_line(r, text == NULL ? "# a line with a password" : text);
	r->recorded = *line == '\\' && strncmp(line, "\\raw", 4) != 0 &&
			      strncmp(line, "\\drip", 5) != 0
			  ? 0
			  : r->last;
}

int
scripts_record(struct repl *r, const char *file)
{
	if (r->record_fd >= 0) {
		write_answer(r);
		close(r->record_fd);
	}
	r->record_fd = -1;
	r->recorded = 0;
	if (file == NULL)
		return 0;
	/* 0600: lines may hold numbers of people and texts. */
	r->record_fd = open(
	    file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (r->record_fd >= 0)
		return 0;
	return out_errno(r->lc, SMPP_EXIT_LOCAL, "record", file);
}
