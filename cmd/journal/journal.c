/* What was done so far, in a file that survives. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/cmd.h"
#include "base/hash.h"
#include "base/hex.h"

enum {
	SUM = 9,      /* a checksum and a blank before each record */
	PLACE = 128,  /* the longest record without its text */
	PAGE = 65536, /* of memory for what is noted */
};

/* The members of each type, in this order: number, line, record, index, hash,
 * part, status, text. */
static const struct {
	char type;
	char members[8];
} forms[] = {
    {JOURNAL_JOB, "h"},
    {JOURNAL_READ, "nlrihx"},
    {JOURNAL_BAD, "lrih"},
    {JOURNAL_WRITTEN, "np"},
    {JOURNAL_ACCEPTED, "npx"},
    {JOURNAL_REFUSED, "nps"},
    {JOURNAL_THROTTLED, "np"},
    {JOURNAL_RECEIPT, "nps"},
};

/* A type that is not known is of a newer program, or no record at all. */
static const char *
form_of(char type)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].type == type)
			return forms[i].members;
	return NULL;
}

/*
 * The directory must know of a file that was made. Else a crash may leave a
 * file whose octets are on the disk and whose name is nowhere: the batch would
 * be sent twice. EINVAL is of file systems that cannot.
 */
static int
sync_folder(const char *name, struct smpp_err *err)
{
	char path[PATH_MAX];
	int fd, rc;

	if (snprintf(path, sizeof(path), "%s", name) >= (int)sizeof(path))
		return smpp_err_set(err, SMPP_EIO, "%s: name too long", name);
	fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return smpp_err_sys(err, SMPP_EIO, "%s", name);
	rc = fsync(fd) == 0 || errno == EINVAL
		 ? 0
		 : smpp_err_sys(err, SMPP_EIO, "%s", name);
	close(fd);
	return rc;
}

int
journal_open(struct journal *j, const char *name, struct smpp_err *err)
{
	struct stat st;
	int rc;

	*j = (struct journal){.name = name};
	/*
	 * Appending by the kernel: whatever the place of reading, records go
	 * to the end. 0600, for it names recipients.
	 */
	j->fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (j->fd < 0)
		return smpp_err_sys(err, SMPP_EIO, "%s", name);
	if (fstat(j->fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		journal_close(j);
		return smpp_err_set(
		    err, SMPP_EIO, "%s: not a regular file", name);
	}
	/*
	 * Two runs with one journal would each send what the other has not
	 * noted yet.
	 */
	if (flock(j->fd, LOCK_EX | LOCK_NB) == 0)
		return sync_folder(name, err);
	rc = errno == EWOULDBLOCK ? smpp_err_set(err, SMPP_EIO,
					"%s: another process is using it", name)
				  : smpp_err_sys(err, SMPP_EIO, "%s", name);
	journal_close(j);
	return rc;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	free(j->p);
	j->p = NULL;
}

/* Eight digits always, for the sum stands where each line begins. */
static void
put_hex(char *p, uint32_t v)
{
	for (int i = 7; i >= 0; i--, v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
}

static uint64_t
member(const struct journal_record *r, char c)
{
	switch (c) {
	case 'n':
		return r->number;
	case 'l':
		return r->line;
	case 'r':
		return r->record;
	case 'i':
		return r->index;
	case 'h':
		return r->hash;
	case 'p':
		return r->part;
	default:
		return r->status;
	}
}

/*
 * Room for n octets behind what was noted. Grows for a turn's notes and stays
 * as large: a turn notes what it did, and commits it once.
 */
static char *
note_room(struct journal *j, size_t n)
{
	size_t cap = j->cap == 0 ? PAGE : j->cap;
	char *p;

	while (n > cap - j->n)
		cap *= 2;
	if (cap == j->cap)
		return j->p + j->n;
	p = realloc(j->p, cap);
	if (p == NULL)
		cmd_nomem();
	j->p = p;
	j->cap = cap;
	return p + j->n;
}

/*
 * " value" in hexadecimal. By hand: a batch notes some records a message, and
 * printf would be most of it.
 */
static char *
journal_put_member(char *p, uint64_t v)
{
	char digits[16];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v != 0);
	*p++ = ' ';
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

void
journal_note(struct journal *j, const struct journal_record *r)
{
	const char *form = form_of((char)r->type);
	char *start, *p;

	if (j->fd < 0)
		return;
	/* The sum is of all that follows it, so its place is left free. */
	start = note_room(j, SUM + PLACE + (size_t)r->text.n);
	p = start + SUM;
	*p++ = (char)r->type;
	for (; *form != '\0'; form++) {
		if (*form != 'x') {
			p = journal_put_member(p, member(r, *form));
			continue;
		}
		*p++ = ' ';
		if (r->text.n > 0)
			memcpy(p, r->text.p, r->text.n);
		p += r->text.n;
	}
	put_hex(start,
	    smpp_hash32(SMPP_HASH32, start + SUM, (size_t)(p - start - SUM)));
	start[SUM - 1] = ' ';
	*p++ = '\n';
	j->n += (size_t)(p - start);
}

void
journal_part(struct journal *j, enum journal_type type, uint64_t number,
    uint32_t part, uint32_t status, struct smpp_view id)
{
	struct journal_record r = {
	    .type = type, .number = number, .part = part, .status = status};
	char *hex;

	if (j->fd < 0)
		return;
	/* An id is the peer's octets: it may hold blanks and line ends. */
	hex = malloc(2 * (size_t)id.n + 1);
	if (hex == NULL)
		cmd_nomem();
	smpp_hex_encode(hex, id.p, id.n);
	r.text = smpp_view_of(hex, 2 * (size_t)id.n);
	journal_note(j, &r);
	free(hex);
}

void
journal_bad(struct journal *j, uint32_t line, uint64_t record, uint32_t index,
    uint64_t hash)
{
	journal_note(j, &(struct journal_record){.type = JOURNAL_BAD,
			    .line = line,
			    .record = record,
			    .index = index,
			    .hash = hash});
}

/*
 * On the disk before anything that depends on it is sent or acknowledged: what
 * is noted may have been done, what is not noted was not.
 */
int
journal_commit(struct journal *j, struct smpp_err *err)
{
	size_t done = 0;
	ssize_t put;

	while (done < j->n) {
		put = write(j->fd, j->p + done, j->n - done);
		if (put < 0 && errno != EINTR)
			return smpp_err_sys(err, SMPP_EIO, "%s", j->name);
		done += put > 0 ? (size_t)put : 0;
	}
	if (j->n > 0 && fdatasync(j->fd) != 0 && errno != EINVAL)
		return smpp_err_sys(err, SMPP_EIO, "%s", j->name);
	j->n = 0;
	return 0;
}

/* Reads " value". False when it is none. */
static bool
take_member(struct smpp_view *v, uint64_t *out)
{
	uint32_t i = 1;
	uint8_t digit;

	*out = 0;
	if (v->n < 2 || *v->p != ' ')
		return false;
	for (; i < v->n && (digit = smpp_hex_digit[v->p[i]]) != 0; i++) {
		/* 17 digits do not fit 64 bits. */
		if (i > 16)
			return false;
		*out = *out << 4 | (digit & 15);
	}
	*v = smpp_view_of(v->p + i, v->n - i);
	return i > 1;
}

/*
 * Sets a member that was read; false when it is too large for it. A member too
 * large is damage, even with a sum that fits.
 */
static bool
set_member(struct journal_record *r, char c, uint64_t v)
{
	uint32_t *small = c == 'l'   ? &r->line
			  : c == 'i' ? &r->index
			  : c == 'p' ? &r->part
				     : &r->status;

	if (c == 'n')
		r->number = v;
	else if (c == 'r')
		r->record = v;
	else if (c == 'h')
		r->hash = v;
	else if (v > UINT32_MAX)
		return false;
	else
		*small = (uint32_t)v;
	return true;
}

int
journal_read(struct journal_record *r, struct smpp_view v)
{
	const char *form = v.n == 0 ? NULL : form_of((char)*v.p);
	uint64_t n;

	*r = (struct journal_record){.type = 0};
	if (form == NULL)
		return SMPP_ESYNTAX;
	r->type = *v.p;
	v = smpp_view_of(v.p + 1, v.n - 1);
	for (; *form != '\0'; form++) {
		if (*form == 'x') {
			if (v.n == 0 || *v.p != ' ')
				return SMPP_ESYNTAX;
			r->text = smpp_view_of(v.p + 1, v.n - 1);
			v.n = 0;
		} else if (!take_member(&v, &n) || !set_member(r, *form, n)) {
			return SMPP_ESYNTAX;
		}
	}
	/* Something behind the last member: of another form. */
	return v.n == 0 ? 0 : SMPP_ESYNTAX;
}

/*
 * The sum is computed and compared as text: what is written in another way,
 * upper case or without zeros, was not written by us.
 */
int
journal_parse(struct journal_record *r, struct smpp_view line)
{
	struct smpp_view v;
	char text[SUM];

	if (line.n <= SUM)
		return SMPP_ESYNTAX;
	v = smpp_view_of(line.p + SUM, line.n - SUM);
	put_hex(text, smpp_hash32(SMPP_HASH32, v.p, v.n));
	text[SUM - 1] = ' ';
	return memcmp(line.p, text, SUM) != 0 ? SMPP_ESYNTAX
					      : journal_read(r, v);
}
