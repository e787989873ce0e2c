/* What a script judges: a PDU, what it has, and whether a condition holds. */
#include "subject.h"

#include <stdlib.h>
#include <string.h>

#include "kit/pick.h"
#include "words/brief.h"
#include "words/status.h"

bool
subject_holds(const struct subject *s, struct expr *e)
{
	struct expr_subject asked = {.pdu = &s->pdu,
	    .dir = s->show.dir,
	    .mc_default = s->show.mc_default};

	return expr_match(e, &asked);
}

void
subject_json(const struct subject *s, struct smpp_jsonw *j)
{
	smpp_jsonw_open(j, '{');
	smpp_json_pdu(j, &s->pdu, &s->issues, &s->show);
	smpp_jsonw_close(j, '}');
}

struct grown {
	char *p;
	size_t n;
};

/* A PDU in JSON may be long: the usual one stays on the stack. */
static int
subject_grow(void *arg, const char *p, size_t n)
{
	struct grown *g = arg;
	char *more = realloc(g->p, g->n + n);

	if (more == NULL)
		cmd_nomem();
	memcpy(more + g->n, p, n);
	g->p = more;
	g->n += n;
	return 0;
}

/* A value of JSON as text. */
static const char *
subject_text(struct ctx *c, struct smpp_view value)
{
	char *text;
	struct smpp_sbuf b;

	if (value.n == 0 || smpp_view_is(value, "null"))
		return NULL;
	text = cmd_alloc(c, value.n + (size_t)1);
	smpp_sbuf_init(&b, text, value.n, NULL, NULL);
	pick_put(&b, value, PICK_RAW);
	text[b.n] = '\0';
	return text;
}

/*
 * By way of JSON, so that a key means here what it means with -F and in
 * conditions, and no second list of keys is needed.
 */
const char *
subject_value(const struct subject *s, struct ctx *c, const char *key)
{
	struct pick k = {key, strlen(key), {NULL, 0}};
	struct grown g = {NULL, 0};
	const char *text;
	char part[4096];
	struct smpp_jsonw j;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, part, sizeof(part), subject_grow, &g);
	smpp_jsonw_init(&j, &b);
	subject_json(s, &j);
	smpp_sbuf_flush(&b);
	pick_find(&k, 1, smpp_view_of(g.p, g.n));
	text = subject_text(c, k.value);
	free(g.p);
	return text;
}

void
subject_name(struct smpp_sbuf *b, uint32_t command_id)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(command_id);

	if (row != NULL)
		smpp_sbuf_puts(b, row->name);
	else
		smpp_sbuf_printf(b, "0x%08x", command_id);
}

const char *
subject_brief(const struct subject *s, struct ctx *c)
{
	char text[128], status[STATUS_NAME];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	subject_name(&b, s->pdu.command_id);
	if (s->pdu.command_id & SMPP_RESPONSE_BIT) {
		smpp_sbuf_putc(&b, ' ');
		smpp_sbuf_puts(&b, status_name(status, s->pdu.command_status));
	}
	text[b.n] = '\0';
	return cmd_printf(c, "%s", text);
}

/*
 * Of a condition with one comparison the value found is the best answer; of
 * several nobody knows which was meant. The name of a coded value says more
 * than its number.
 */
const char *
subject_got(const struct subject *s, struct ctx *c, const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz_.0123456789");
	const char *key = cmd_printf(c, "%.*s", (int)n, text), *value;

	if (n == 0 || strstr(text, " and ") != NULL ||
	    strstr(text, " or ") != NULL)
		return subject_brief(s, c);
	value = subject_value(s, c, cmd_printf(c, "%s_name", key));
	if (value == NULL)
		value = subject_value(s, c, key);
	return value == NULL
		   ? cmd_printf(c, "no %s in %s", key, subject_brief(s, c))
		   : value;
}
