/* What the parts of smpp decode-hex share. */
#ifndef SMPP_CMD_DECODE_HEX_H
#define SMPP_CMD_DECODE_HEX_H

#include "kit/cmd.h"
#include "words/where.h"
#include "hexin/hexin.h"
#include "smpp/pdu.h"

enum { STOP = -1 }; /* what the reader is told when no more is wanted */

struct decode_args {
	struct opt_list files;
	struct opt_list words;
	unsigned form;
	unsigned ver;
	unsigned alphabet; /* enum smpp_alphabet */
	const char *dictionary;
	const char *where;
	bool keep_going;
	bool strict;
};

/*
 * What is read, and how far. buf holds n octets of a PDU that is not complete
 * yet, the first of them at offset of the input. event is what brought the
 * octets being looked at, NULL when they are not from text.
 */
struct job {
	struct ctx *c;
	struct decode_args a;
	enum smpp_ver ver;
	struct smpp_hexin *hex;
	const struct smpp_hexevent *event;
	const char *name;
	struct expr *where;
	uint64_t shown;   /* PDUs for which it held */
	uint64_t index;   /* PDUs so far */
	uint64_t offset;  /* octets of this input so far, but for buf */
	uint64_t skipped; /* of them, while searching */
	uint64_t line;    /* where the next PDU begins, 0 when nowhere */
	uint32_t column;
	size_t before; /* octets of buf that came before the event */
	uint64_t text_errors;
	bool some;      /* there were octets or errors in an input */
	bool searching; /* for the next header */
	bool stopped;   /* this input cannot be followed any further */
	bool begun;     /* the first block of this input came */
	int rc;
	uint32_t n;
	uint8_t buf[2 * SMPP_PDU_MAX];
	uint8_t store[2 * SMPP_PDU_MAX]; /* values read from JSON */
};

/*
 * Takes octets of the input: shows every PDU that is complete, keeps the rest.
 * leftover shows what is left of a PDU that will get no more octets. show_pdu
 * shows the PDU that begins with the octets of wire, which may be fewer or more
 * than it has. All return 0, or STOP when the input cannot be followed any
 * further or the output is lost.
 */
int frames_octets(struct job *job, const uint8_t *p, size_t n);
int leftover(struct job *job);
int show_pdu(struct job *job, struct smpp_view wire);

#endif
