/* What a journal says, record by record, up to where it breaks off. */
#include "journal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A line longer than 64 MiB is no record: a record has the text of one
 * message, at most.
 */
enum { BLOCK = 1 << 20, LINE_MAX_OCTETS = 1 << 26 };

/* good is the length of what was understood, why what is wrong with the rest.
 */
struct replay {
	journal_fn fn;
	void *arg;
	uint64_t line, good;
	bool begun, torn;
	const char *why;
};

/*
 * The job comes first and once. Behind a line that is not whole nothing may
 * follow: that would be damage in the middle, not a write cut short.
 */
static const char *
replay_record(struct replay *r, const struct journal_record *rec)
{
	if (r->torn || r->begun == (rec->type == JOURNAL_JOB))
		return "damaged";
	r->begun = true;
	return r->fn(r->arg, rec);
}

/* good only grows while everything before was whole. */
static void
replay_line(struct replay *r, struct smpp_view line)
{
	struct journal_record rec;
	const bool whole = journal_parse(&rec, line) == 0;

	r->line++;
	if (!whole && !r->begun)
		r->why = "not a journal";
	else if (whole)
		r->why = replay_record(r, &rec);
	if (whole)
		r->good += line.n + 1;
	r->torn |= !whole;
}

/* Reads all lines that are whole. */
static int
replay_lines(struct replay *r, int fd)
{
	size_t cap = BLOCK, n = 0, used;
	char *p = malloc(cap), *lf;
	ssize_t got = 1;

	while (p != NULL && got > 0 && r->why == NULL) {
		got = read(fd, p + n, cap - n);
		n += got > 0 ? (size_t)got : 0;
		/*
		 * What is left behind the last line end moves to the front; a
		 * torn record without one stays there, and is dropped in
		 * replay_mend().
		 */
		for (used = 0; r->why == NULL &&
			       (lf = memchr(p + used, '\n', n - used)) != NULL;
		     used = (size_t)(lf - p) + 1)
			replay_line(
			    r, smpp_view_of(p + used, (size_t)(lf - p) - used));
		memmove(p, p + used, n - used);
		n -= used;
		if (n == LINE_MAX_OCTETS)
			r->why = "not a journal";
		else if (n == cap && (p = realloc(p, cap *= 2)) == NULL)
			break;
	}
	if (p == NULL)
		cmd_nomem();
	free(p);
	return got < 0 ? -1 : 0;
}

static int
replay_failed(struct ctx *c, const struct journal *j)
{
	return out_errno(c, SMPP_EXIT_LOCAL, "journal", j->name);
}

/*
 * A kill in the middle of a write leaves a last line that is not whole, and a
 * loss of power one that is garbage: what it said was not done yet.
 */
static int
replay_mend(const struct replay *r, struct ctx *c, const struct journal *j)
{
	struct stat st;

	if (fstat(j->fd, &st) != 0)
		return replay_failed(c, j);
	if ((uint64_t)st.st_size == r->good)
		return 0;
	/* Some other file, given by mistake: it is not cut. */
	if (!r->begun)
		return out_error(c, SMPP_EXIT_USAGE, "journal",
		    "%s: not a journal", j->name);
	if (ftruncate(j->fd, (off_t)r->good) != 0)
		return replay_failed(c, j);
	out_warn(c,
	    "%s: the last %llu octets were not a whole record and are dropped",
	    j->name, (unsigned long long)st.st_size - r->good);
	return 0;
}

/*
 * Mended last, when all of it was understood: a journal that is refused is
 * left as it is.
 */
int
journal_replay(
    struct journal *j, struct ctx *c, journal_fn fn, void *arg, bool *begun)
{
	struct replay r = {.fn = fn, .arg = arg};

	if (replay_lines(&r, j->fd) != 0)
		return replay_failed(c, j);
	if (r.why != NULL)
		return out_error(c, SMPP_EXIT_USAGE, "journal", "%s:%llu: %s",
		    j->name, (unsigned long long)r.line, r.why);
	*begun = r.begun;
	return replay_mend(&r, c, j);
}
