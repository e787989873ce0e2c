/* What the parts of smpp dlr-parse share. */
#ifndef SMPP_DLR_PARSE_DLR_H
#define SMPP_DLR_PARSE_DLR_H

#include "kit/cmd.h"
#include "kit/in.h"
#include "base/hist.h"
#include "show/receipttext.h"
#include "smpp/pdu.h"

enum {
	LINE_MAX_OCTETS = 1 << 20,
	ONLY_MAX = 16,
	TSV_MAX = 32,
	TALLY_MAX = 1024, /* a power of two */
	TALLY_KEY = 24,
	COMPLAINTS = 5, /* before they are only counted */
};

struct dlr_args {
	struct opt_list files;
	bool summary;
	bool strict;
	bool strict_states;
	const char *tz;
	const char *only;
	const char *err_set;
	const char *dictionary;
};

/* How often a word was seen; the last entry is for words that had no room. */
struct wordcount {
	struct count {
		char key[TALLY_KEY];
		uint64_t n;
	} word[TALLY_MAX];
	size_t used;
	uint64_t rest;
};

/* --tz: a fixed offset, or a zone of the system. */
struct zone {
	bool given;
	bool fixed;
	int16_t minutes;
	/* The hour asked about last, and its offset. */
	uint16_t year;
	uint8_t month, day, hour;
	bool cached;
};

/* --only: words, and the states that they mean. */
struct only {
	struct smpp_view word[ONLY_MAX];
	size_t n;
	unsigned states; /* bits */
};

/* --tsv with keys of receipts alone, which needs no JSON. */
struct tsv {
	uint8_t column[TSV_MAX];
	size_t n; /* 0: the general way */
};

/* One run. part holds the start of a line whose end is in the next block. */
struct dlr {
	struct ctx *c;
	struct dlr_args a;
	struct in in;
	struct zone zone;
	struct only only;
	struct tsv tsv;
	int err_set; /* index, or -1 */
	const char *name;
	uint64_t line;
	struct smpp_view raw; /* what the receipt was read from, for --raw */
	uint64_t receipts, shown, other, malformed;
	uint64_t octets, total; /* read; of all files, 0 when not known */
	int64_t progress_ms;    /* when it is due, 0 for never */
	int rc;
	struct wordcount stats, errs;
	struct smpp_hist delay;
	struct smpp_pdu pdu;
	size_t npart;
	bool cut; /* the line in part is longer than that */
	char part[LINE_MAX_OCTETS];
	uint8_t wire[SMPP_PDU_MAX];
	uint8_t store[SMPP_PDU_MAX];
};

/*
 * Takes a line without its end: finds the receipts in it and reports each.
 * Returns 0, or -1 when the output is lost.
 */
int line_take(struct dlr *d, struct smpp_view line);

/* What is wrong with a receipt: a word for the JSON, and a sentence. */
struct wrong {
	const char *kind;
	const char *text;
};

/*
 * Reports a receipt, malformed if wrong is not NULL: prints or counts it.
 * Returns 0, or -1 when the output is lost.
 */
int dlrout_report(
    struct dlr *d, struct smpp_receipt *r, const struct wrong *wrong);

/* Sets up --tsv: whether its keys are all of receipts. */
void tsv_init(struct tsv *t, const char *keys);

/* Writes the columns of a receipt, without a line end. */
void tsv_put(struct smpp_sbuf *b, const struct tsv *t,
    const struct smpp_receipt *r, uint64_t line);

/* Sets up --tz; returns 0, or -1 when there is no such zone. */
int zone_init(struct zone *z, const char *name);

/* Gives a date that has no zone this one. */
void zone_set(struct zone *z, struct smpp_date *date);

/* Counts a receipt for --summary, and prints what was counted. */
void summary_add(struct dlr *d, const struct smpp_receipt *r);
int summary_print(struct dlr *d);

/* The tables of err codes: the index of a set, -1 for none; what an err of it
 * means, NULL when that is not known. */
int errset_find(const char *name);
const char *errset_names(void);
extern const char *const errset_words[];
const char *errset_meaning(int set, struct smpp_view err);

#endif
