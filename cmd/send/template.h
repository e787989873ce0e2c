/* Texts with {names} in them. */
#ifndef SMPP_SEND_TEMPLATE_H
#define SMPP_SEND_TEMPLATE_H

#include "base/err.h"
#include "base/sbuf.h"

/* A literal text, or the name of what comes in its place. */
struct template_piece {
	struct smpp_view text;
	bool name;
	unsigned value; /* the caller's: where the value is */
};

struct template
{
	struct template_piece *v;
	size_t n;
};

/*
 * Reads a template, which stays borrowed: {name} stands for a value, {{ and }}
 * for braces. Returns 0; SMPP_ESYNTAX, its offset in err, or SMPP_ENOMEM. fini
 * takes a zeroed object.
 */
int template_parse(struct template *t, const char *text, struct smpp_err *err);
void template_fini(struct template *t);

#endif
