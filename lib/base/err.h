/* Error codes, their texts, and the object that explains a failure. */
#ifndef SMPP_BASE_ERR_H
#define SMPP_BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * The classes of failures, and of what a command_status says (smpp/table.h),
 * by what can be done about them. Every error and every status has one.
 */
enum smpp_class {
	SMPP_CLASS_OK,
	SMPP_CLASS_RETRY,     /* the same may do a little later */
	SMPP_CLASS_PERMANENT, /* the same will be refused again */
	SMPP_CLASS_AUTH,      /* the account or its rights need fixing */
	SMPP_CLASS_PROTOCOL,  /* a bug or a wrong version on one side */
	SMPP_CLASS_BIND,      /* the bind was refused */
	SMPP_CLASS_CALL,      /* what was asked for does not exist here */
	SMPP_CLASS_DATA,      /* what was given to us is not valid */
	SMPP_CLASS_CONNECT,   /* the peer was not reached: nothing happened */
	SMPP_CLASS_UNKNOWN,   /* what became of a request is not known */
	SMPP_CLASS_PEER,      /* the peer broke the protocol, or left */
	SMPP_CLASS_LOCAL,     /* a file or a descriptor of ours failed */
	SMPP_CLASS_BUG,       /* a bug, or no memory */
	SMPP_CLASS_COUNT,
};

/*
 * SMPP_EEMPTY and so on: the rows of err.def, negative. What a number means
 * never changes.
 */
enum smpp_error {
#define SMPP_ERR(code, number, word, cls, text) SMPP_E##code = -number,
#include "base/err.def"
#undef SMPP_ERR
};

/*
 * True when the connection cannot be used any more, and all that is left is to
 * close it. Codes above that boundary are about one PDU or one call, and the
 * next one may do.
 */
#define SMPP_E_FATAL(code) ((code) <= -100)

/*
 * The word of a code, "tlv_overrun", as JSON has it; its text, "the TLV goes
 * past the end", for people; its class. Both strings are constants. Any other
 * number is "unknown", and a bug.
 */
const char *smpp_err_word(int code);
const char *smpp_err_text(int code);
enum smpp_class smpp_err_class(int code);

/*
 * Why a call failed, for calls that meet the outside world. The caller has it,
 * it holds nothing that has to be freed, and every call that takes one takes
 * NULL, too.
 */
struct smpp_err {
	/* What the call returned, SMPP_E*, or 0. */
	int code;
	/* The errno it came from, or 0. */
	int sys;
	/* The code of a library underneath (OpenSSL), or 0. */
	unsigned long lib;
	/* The octet or character it is about, from 0, or -1. */
	int64_t offset;
	/* The same in words, with what is known of the circumstances: never
	 * empty after a failure, at most 199 characters. */
	char msg[200];
};

/*
 * What a struct smpp_err is initialised with: nothing failed. It has to be,
 * before the first call that gets it; such a call does not clear it, unless
 * it says so.
 */
#define SMPP_ERR_INIT           \
	{                       \
		0, 0, 0, -1, "" \
	}

/* Makes e say that nothing failed, whatever it held. */
void smpp_err_clear(struct smpp_err *e);

/*
 * Both set e, which may be NULL, unless it already holds an error: the first,
 * most precise message wins. fmt is as of printf(3); sys appends ": " and the
 * text of errno, which it reads first. Both return code, so that a caller can
 * return what they return.
 */
int smpp_err_set(struct smpp_err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int smpp_err_sys(struct smpp_err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

SMPP_END_DECLS

#endif
