/* smpp repl: the lines typed, here and in earlier sessions. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "repl.h"
#include "script/mask.h"

enum { HISTORY_MAX = 1000 };

static const char *file; /* where they are kept, NULL for nowhere */

/* Errors are told by the open: most directories are there. */
static void
make_directories(char *path)
{
	for (char *s = path + 1; *s != '\0'; s++)
		if (*s == '/') {
			*s = '\0';
			mkdir(path, 0700);
			*s = '/';
		}
}

static char *
history_path(struct ctx *c)
{
	const char *dir = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (dir != NULL && *dir == '/')
		return cmd_printf(c, "%s/smpp/history", dir);
	if (home != NULL && *home != '\0')
		return cmd_printf(c, "%s/.local/state/smpp/history", home);
	return NULL;
}

void
history_open(struct ctx *c)
{
	char *path = history_path(c);
	int fd;

	using_history();
	stifle_history(HISTORY_MAX);
	if (path == NULL)
		return;
	make_directories(path);
	/*
	 * Made here with 0600, for readline would make it as the umask says;
	 * one that others could read is closed to them.
	 */
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0) {
		out_warn(c, "no history: %s: %s", path, strerror(errno));
		return;
	}
	fchmod(fd, 0600);
	close(fd);
	if (read_history(path) == 0)
		file = path;
}

void
history_close(void)
{
	if (file != NULL)
		history_truncate_file(file, HISTORY_MAX);
	clear_history();
}

/*
 * Masked lines are kept, those with octets of a password not at all. Written
 * line by line, so that a crash keeps what was typed, and two shells at once
 * lose nothing.
 */
void
history_keep(struct repl *r, const char *line)
{
	HIST_ENTRY *last = history_length > 0
			       ? history_get(history_base + history_length - 1)
			       : NULL;
	struct ctx lc = *r->c, *outer = r->lc;
	const char *text;

	lc.mem = NULL;
	r->lc = &lc;
	text = mask_line(r->lc, line);
	if (text != NULL && text[strspn(text, " \t")] != '\0' &&
	    (last == NULL || strcmp(last->line, text) != 0)) {
		add_history(text);
		if (file != NULL)
			append_history(1, file);
	}
	r->lc = outer;
	cmd_free(&lc);
}
