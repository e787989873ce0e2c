/*
 * What was done so far, in a file that survives: one record a line, with a
 * checksum. Records are gathered and written together, and are on the disk
 * before what they say is done.
 */
#ifndef SMPP_JOURNAL_H
#define SMPP_JOURNAL_H

#include <stdbool.h>

#include "kit/cmd.h"
#include "base/view.h"

/* fd is -1 without a journal: then notes are dropped. */
struct journal {
	const char *name;
	int fd;
	char *p;
	size_t n, cap;
};

/*
 * A record. JOURNAL_JOB says what the file is about: hash. READ is a message:
 * its number, where in the input it came from (line, record, index in it, hash
 * of the input up to there) and text, its PDUs in hexadecimal, joined by
 * commas. BAD is a record of the input that is none, with the same place. The
 * others are about part of message number: it is being WRITTEN; it was
 * ACCEPTED, text being its message_id in hexadecimal; REFUSED with status;
 * THROTTLED, to be written again; its receipt came, RECEIPT, status being 1
 * for delivered.
 */
enum journal_type {
	JOURNAL_JOB = 'j',
	JOURNAL_READ = 'r',
	JOURNAL_BAD = 'b',
	JOURNAL_WRITTEN = 'w',
	JOURNAL_ACCEPTED = 'a',
	JOURNAL_REFUSED = 'f',
	JOURNAL_THROTTLED = 't',
	JOURNAL_RECEIPT = 'd',
};

struct journal_record {
	enum journal_type type;
	uint64_t number, record, hash;
	uint32_t line, index, part, status;
	struct smpp_view text;
};

/*
 * Opens and locks a file, which is made if it is not there. Returns 0; or
 * SMPP_EIO, also when another process has it.
 */
int journal_open(struct journal *j, const char *name, struct smpp_err *err);
void journal_close(struct journal *j);

/* Notes a record, to be written by the next commit. */
void journal_note(struct journal *j, const struct journal_record *r);

/* The same of a part, and of a bad record. */
void journal_part(struct journal *j, enum journal_type type, uint64_t number,
    uint32_t part, uint32_t status, struct smpp_view id);
void journal_bad(struct journal *j, uint32_t line, uint64_t record,
    uint32_t index, uint64_t hash);

/* Writes what was noted, and waits until it is on the disk. Returns 0 or
 * SMPP_EIO: then nothing of it may be done. */
int journal_commit(struct journal *j, struct smpp_err *err);

/*
 * Reads a line without its end. Sets *r, which borrows from it. Returns 0, or
 * SMPP_ESYNTAX when it is not one that was written whole. journal_read() does
 * it with what stands behind the checksum.
 */
int journal_parse(struct journal_record *r, struct smpp_view line);
int journal_read(struct journal_record *r, struct smpp_view record);

/* Gets a record that was read. Returns NULL, or what is wrong with it. */
typedef const char *(*journal_fn)(void *arg, const struct journal_record *r);

/*
 * Reads what the file holds, and calls fn for each record, the first of which
 * is JOURNAL_JOB. What is no record can only be the end of what was being
 * written: it is cut off, with a warning. Sets *begun when there is a record.
 * Returns 0, or an exit class after it said what is wrong.
 */
int journal_replay(
    struct journal *j, struct ctx *c, journal_fn fn, void *arg, bool *begun);

#endif
