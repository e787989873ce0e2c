/* Texts with {names} in them. */
#include "template.h"

#include <stdlib.h>
#include <string.h>

static void
template_add(struct template *t, const char *p, size_t n, bool name)
{
	if (n > 0)
		t->v[t->n++] = (struct template_piece){
		    .text = smpp_view_of(p, n), .name = name};
}

/*
 * The name at p, behind its brace. Returns its end, or NULL. Names of columns
 * may have blanks and dots, so all but braces is one.
 */
static const char *
name(struct template *t, const char *text, const char *p, struct smpp_err *err)
{
	const char *end = p + strcspn(p, "{}");

	if (*end == '}' && end > p) {
		template_add(t, p, (size_t)(end - p), true);
		return end + 1;
	}
	err->offset = p - 1 - text;
	smpp_err_set(err, SMPP_ESYNTAX, "a name and '}' wanted after '{'");
	return NULL;
}

int
template_parse(struct template *t, const char *text, struct smpp_err *err)
{
	const char *p = text, *from = text;

	*t = (struct template){calloc(strlen(text) + 1, sizeof(*t->v)), 0};
	if (t->v == NULL)
		return SMPP_ENOMEM;
	while (*(p += strcspn(p, "{}")) != '\0') {
		/* The first of two braces is kept as text, both are passed. */
		template_add(
		    t, from, (size_t)(p - from) + (p[0] == p[1]), false);
		if (p[0] == p[1]) {
			from = p += 2;
			continue;
		}
		if (*p == '}') {
			err->offset = p - text;
			return smpp_err_set(err, SMPP_ESYNTAX,
			    "a '}' without '{'; '}}' is one as it is");
		}
		from = p = name(t, text, p + 1, err);
		if (p == NULL)
			return SMPP_ESYNTAX;
	}
	template_add(t, from, (size_t)(p - from), false);
	return 0;
}

void
template_fini(struct template *t)
{
	free(t->v);
	*t = (struct template){NULL, 0};
}
