/* A run as it goes, on a terminal. */
#include "live.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "load.h"

enum { COLUMNS = 80 };

/*
 * Reads keys as they are typed, unless another job has the terminal. A job in
 * the background that reads from the terminal would be stopped. ISIG stays:
 * Ctrl-C is a signal as ever.
 */
static void
begin_keys(struct live *v)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &v->saved) != 0)
		return;
	raw = v->saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	v->keys = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

/* Drawn on stderr, so stdout may go to a file or a program. */
void
live_begin(struct live *v, struct ctx *c, bool wanted)
{
	const char *term = getenv("TERM");

	*v = (struct live){.c = c};
	v->shown = wanted && isatty(STDERR_FILENO) && term != NULL &&
		   strcmp(term, "dumb") != 0 && c->out->form == OUT_HUMAN &&
		   !c->out->args.quiet;
	if (v->shown)
		begin_keys(v);
}

/* One write for all of it, so that nothing is seen half drawn. */
static void
put_out(const struct smpp_sbuf *b)
{
	ssize_t ignored = write(STDERR_FILENO, b->p, b->n);

	(void)ignored;
}

/* Before anything else is said on stderr, or it would be drawn over. */
void
live_clear(struct live *v)
{
	char text[32];
	struct smpp_sbuf b;

	if (v->lines == 0)
		return;
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_sbuf_printf(&b, "\r\033[%uA\033[J", v->lines);
	v->lines = 0;
	put_out(&b);
}

/* Ends a line; one that is longer than the screen would wrap, and what is
 * drawn next would not stand above it. */
static void
live_end_line(
    struct live *v, struct smpp_sbuf *b, size_t *start, size_t columns)
{
	if (b->n - *start > columns)
		b->n = *start + columns;
	smpp_sbuf_puts(b, "\033[K\n");
	*start = b->n;
	v->lines++;
}

/*
 * Asked each time, windows change their size. One column stays free: some
 * terminals wrap at the last character of a line.
 */
static size_t
screen_columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col < 20)
		return COLUMNS - 1;
	return w.ws_col - 1u;
}

void
live_draw(struct live *v, const struct figures *now, const struct figures *all)
{
	size_t columns = screen_columns(), start = 0, line;
	char text[8192], bars[2048];
	struct smpp_sbuf b, h;

	if (!v->shown)
		return;
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	if (v->lines > 0)
		smpp_sbuf_printf(&b, "\r\033[%uA", v->lines);
	v->lines = 0;
	start = b.n;
	smpp_sbuf_printf(&b, "%4.0f s  ", all->seconds);
	report_rates(&b, now);
	smpp_sbuf_printf(&b, "  in flight %llu  sessions %u",
	    (unsigned long long)now->open, now->live);
	live_end_line(v, &b, &start, columns);
	smpp_sbuf_puts(&b, "        ");
	report_counts(&b, all);
	report_receipts(&b, all);
	live_end_line(v, &b, &start, columns);
	smpp_sbuf_puts(&b, "   now  ");
	report_span(&b, "latency", &now->t->latency);
	live_end_line(v, &b, &start, columns);
	smpp_sbuf_puts(&b, "   all  ");
	report_span(&b, "latency", &all->t->latency);
	live_end_line(v, &b, &start, columns);
	smpp_sbuf_init(&h, bars, sizeof(bars), NULL, NULL);
	report_bars(&h, &all->t->latency);
	for (size_t at = 0; at < h.n; at += line + 1) {
		line = (size_t)((char *)memchr(bars + at, '\n', h.n - at) -
				(bars + at));
		smpp_sbuf_put(&b, bars + at, line);
		live_end_line(v, &b, &start, columns);
	}
	if (v->keys && !all->plan->max) {
		smpp_sbuf_puts(&b, "+ - by 10 %, * / by 2, q ends");
		live_end_line(v, &b, &start, columns);
	}
	/* What the last drawing had below: it may have had more bars. */
	smpp_sbuf_puts(&b, "\033[J");
	put_out(&b);
}

char
live_key(struct live *v)
{
	char key;

	return v->keys && read(STDIN_FILENO, &key, 1) == 1 ? key : 0;
}

void
live_end(struct live *v)
{
	live_clear(v);
	if (v->keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &v->saved);
	v->keys = v->shown = false;
}
