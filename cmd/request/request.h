/* One request, its answer, and what the commands that ask have in common. */
#ifndef SMPP_REQUEST_REQUEST_H
#define SMPP_REQUEST_REQUEST_H

#include "words/craft.h"
#include "target/link.h"
#include "words/names.h"
#include "text/text.h"

/* What every command that asks takes, and its rows. */
struct request_args {
	struct target target;
	bool dry;
};

extern const struct opt request_opts[];

/* A request on its way; link.pdu is the answer. */
struct request {
	struct ctx *c;
	struct request_args *a;
	struct craft craft;
	struct link link;
};

/*
 * The calls below return 0, or an exit class after they said what is wrong.
 *
 * begin completes the settings of a, which opt_parse() filled, and starts the
 * PDU of a command_id in the version that is asked for; what the version
 * lacks is refused. finish checks the PDU, and asks, or with -n prints it;
 * what the answer says is what it returns.
 */
int request_begin(struct request *r, struct ctx *c, struct request_args *a,
    uint32_t command_id);
int request_finish(struct request *r);

/* Takes "name=value", or a lie. Times may be given as people write them. */
int request_word(struct request *r, const char *word);

/* Takes the words of options, those of OPT_PDU_ROWS. */
int request_fields(struct request *r, const struct opt_list *words);

/* Sets a field by what an option says, if it was given. */
int request_value(struct request *r, const char *name, const char *value);

/*
 * Encodes a text; encoding is the name of an alphabet, or NULL: that of the
 * SMSC, and UCS-2 where wide allows and the text asks for it. Sets *octets and
 * *alphabet.
 */
int request_text(struct request *r, const char *text, const char *encoding,
    bool wide, struct smpp_view *octets, enum smpp_alphabet *alphabet);

/* answer.c: prints the answer. Returns the exit class that it means. */
int request_answer(struct request *r);

/* answer.c: prints octets as the PDU that would be sent. */
void request_dry(struct request *r, struct smpp_view wire);

#endif
