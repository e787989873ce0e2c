/*
 * The tables of lib/smpp against the facts they were made from (t/spec): every
 * command, field, TLV, value and status is there, and says the same.
 */
#include <stdlib.h>

#include "smpp/pdu.h"
#include "tap.h"

enum { COLUMNS = 20 };

static char line[4096];
static char *cell[COLUMNS];
static char names[4096];
static char *column[COLUMNS];

static size_t
split(char *s, char **out)
{
	size_t n = 0;

	s[strcspn(s, "\n")] = '\0';
	for (out[n++] = s; (s = strchr(s, '\t')) != NULL && n < COLUMNS; n++) {
		*s++ = '\0';
		out[n] = s;
	}
	return n;
}

/* Opens a table and reads its head. */
static FILE *
table(const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "t/spec/%s.tsv", name);
	if (!ok((f = fopen(path, "r")) != NULL, "%s", path))
		exit(tap_done());
	do {
		if (fgets(names, sizeof(names), f) == NULL)
			exit(1);
	} while (names[0] == '#');
	split(names, column);
	return f;
}

static bool
row(FILE *f)
{
	memset(cell, 0, sizeof(cell));
	if (fgets(line, sizeof(line), f) == NULL) {
		fclose(f);
		return false;
	}
	split(line, cell);
	return true;
}

/* The cell of a column in the current row. */
static const char *
get(const char *name)
{
	size_t i;

	for (i = 0; i < COLUMNS && column[i] != NULL; i++)
		if (strcmp(column[i], name) == 0)
			return cell[i];
	return "";
}

static unsigned long
num(const char *name)
{
	return strtoul(get(name), NULL, 0);
}

/* True when word is one of words, and marked "!" where that is asked for. */
static bool
listed(const char *words, const char *word, bool marked)
{
	const size_t n = strlen(word);
	const char *p = words;

	for (; (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ' || p[-1] == ',') &&
		    (p[n] == '!' || (!marked && strchr(" ,", p[n]) != NULL)))
			return true;
	return false;
}

static const struct {
	enum smpp_ver ver;
	const char *word, *states;
} versions[] = {
    {SMPP_V33, "3.3", "states_v33"},
    {SMPP_V34, "3.4", "states_v34"},
    {SMPP_V50, "5.0", "states_v50"},
};

/* The bits of a cell such as "BOUND_TX/E BOUND_TRX/EM". */
static unsigned
states(const char *s)
{
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {{"OPEN", SMPP_ST_OPEN}, {"OUTBOUND", SMPP_ST_OUT},
	    {"BOUND_TX", SMPP_ST_TX}, {"BOUND_RX", SMPP_ST_RX},
	    {"BOUND_TRX", SMPP_ST_TRX}, {"UNBOUND", SMPP_ST_UNB}};
	unsigned bits = 0;
	size_t i, n;

	for (; *s != '\0' && *s != '-'; s += strcspn(s, " "), s += *s == ' ') {
		n = strcspn(s, "/");
		for (i = 0; i < 6; i++) {
			if (strlen(words[i].word) != n ||
			    strncmp(s, words[i].word, n) != 0)
				continue;
			if (s[n + 1] == 'E')
				bits |= words[i].bit;
			if (s[n + 1] == 'M' || s[n + 2] == 'M')
				bits |= words[i].bit << SMPP_ST_MC_SHIFT;
		}
	}
	return bits;
}

static void
commands(void)
{
	const struct smpp_pdu_row *p, *peer;
	FILE *f = table("commands");
	size_t i, rows = 0;

	for (; row(f); rows++) {
		p = smpp_pdu_of((uint32_t)num("command_id"));
		if (!ok(p != NULL, "%s", get("name")))
			continue;
		is_str(p->name, get("name"), "by its id");
		peer = smpp_pdu_of(p->counterpart);
		is_str(peer == NULL ? "-" : peer->name, get("counterpart"),
		    "%s: counterpart", p->name);
		for (i = 0; i < 3; i++) {
			const char *want = get(versions[i].states);

			ok(((p->vers & versions[i].ver) != 0) ==
				!(listed(get("absent_in"), versions[i].word,
				      false) ||
				    strcmp(want, "-") == 0),
			    "%s in %s", p->name, versions[i].word);
			is_int(p->states[i], states(want), "%s: states in %s",
			    p->name, versions[i].word);
		}
	}
	is_int(smpp_pdu_count, rows, "and no other command");
}

static bool
kind_fits(const char *type, unsigned kind)
{
	if (strcmp(type, "cstr") == 0)
		return smpp_kind_is_string(kind);
	return kind == (strcmp(type, "u8") == 0        ? SMPP_KIND_U8
			   : strcmp(type, "u32") == 0  ? SMPP_KIND_U32
			   : strcmp(type, "list") == 0 ? SMPP_KIND_LIST
						       : SMPP_KIND_OCTETS);
}

/* The field of the current row in a version, in a list if it belongs to one. */
static const struct smpp_field *
find_field(enum smpp_ver ver)
{
	const struct smpp_pdu_row *p = smpp_pdu_find(smpp_view_str(get("pdu")));
	const struct smpp_field *body = p == NULL ? smpp_header
						  : smpp_pdu_body(p, ver);
	const int name = smpp_field_find(smpp_view_str(get("field")));
	const int group = smpp_field_find(smpp_view_str(get("group")));

	if (group >= 0) {
		body = smpp_field_of(body, (unsigned)group);
		body = body == NULL ? NULL : body->items;
	}
	return name < 0 || body == NULL ? NULL
					: smpp_field_of(body, (unsigned)name);
}

static void
fields(void)
{
	const struct smpp_field *r;
	FILE *f = table("fields");
	size_t i;

	while (row(f)) {
		if (strcmp(get("type"), "none") == 0 ||
		    strcmp(get("type"), "tlv") == 0)
			continue;
		for (i = 0; i < 3; i++) {
			if (!listed(get("versions"), versions[i].word, false))
				continue;
			r = find_field(versions[i].ver);
			if (!ok(r != NULL, "%s: %s in %s", get("pdu"),
				get("field"), versions[i].word))
				continue;
			ok(kind_fits(get("type"), r->kind), "is a %s",
			    get("type"));
			/* What is unused is tolerated at its full size. */
			if (smpp_kind_is_string(r->kind) &&
			    r->arg != SMPP_ARG_UNUSED)
				is_int(r->max, num("max"), "of that size");
			if (strcmp(get("enum"), "-") == 0)
				is_int(r->set, SMPP_SET_none, "uncoded");
			else
				ok(strncmp(smpp_set_names[r->set], get("enum"),
				       strlen(get("enum"))) == 0,
				    "of set %s", get("enum"));
		}
	}
}

static bool
carried(const struct smpp_pduset *set, const char *words, bool must)
{
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++)
		if (smpp_pduset_has(set, &smpp_pdus[i]) !=
		    listed(words, smpp_pdus[i].name, must)) {
			printf("# %s\n", smpp_pdus[i].name);
			return false;
		}
	return true;
}

/* JSON has fields and TLVs under their names: which are those of both? */
static void
shared_names(void)
{
	size_t i;
	unsigned f;

	for (i = 0; i < smpp_tlv_count; i++)
		for (f = 0; f < SMPP_F_COUNT; f++)
			if (strcmp(smpp_field_name(f), smpp_tlvs[i].name) == 0)
				is_int(smpp_tlvs[i].tag, SMPP_T_message_state,
				    "a field is named %s, too",
				    smpp_field_name(f));
}

static void
tlvs(void)
{
	const struct smpp_carry *c;
	const struct smpp_tlv_row *t;
	FILE *f = table("tlvs");
	size_t rows = 0;
	bool any, payload;

	for (; row(f); rows++) {
		t = smpp_tlv_of((uint16_t)num("tag"));
		if (!ok(t != NULL, "%s", get("name")))
			continue;
		c = &t->carry;
		any = strcmp(get("name"), "congestion_state") == 0;
		payload = strcmp(get("name"), "message_payload") == 0;
		is_str(t->name, get("name"), "by its tag");
		is_int(t->min, num("min_len"), "at least");
		/* "decode 2 octets too" (its meaning) */
		ok(t->max == num("max_len") ||
			strcmp(get("name"), "source_telematics_id") == 0,
		    "at most %lu octets", num("max_len"));
		is_int(c->repeat, get("repeat")[0] == 'Y', "repeatable");
		ok(carried(&c->in34, get("pdus_v34"), false), "PDUs of v3.4");
		/* "allowed in any response", so in generic_nack; and data_sm
		 * must carry its payload (comment of the table). */
		ok(any || carried(&c->in50, get("pdus_v50"), false),
		    "PDUs of v5.0");
		ok(payload || carried(&c->must50, get("pdus_v50"), true),
		    "that must carry it");
	}
	is_int(smpp_tlv_count, rows, "and no other TLV");
}

static const struct smpp_enum *
find_value(const char *set, const char *symbol)
{
	const struct smpp_enum *e;
	size_t s;

	for (s = 1; s < SMPP_SET_COUNT; s++) {
		/* The scheme of 23.038 is four sets here: one octet, and the
		 * bits of each of its groups. */
		if (strncmp(set, "gsm_dcs", 7) == 0
			? strncmp(smpp_set_names[s], "gsm_dcs", 7) != 0
			: strcmp(smpp_set_names[s], set) != 0)
			continue;
		for (e = smpp_sets[s]; e->match != SMPP_MATCH_END; e++)
			if (strcmp(e->symbol, symbol) == 0)
				return e;
	}
	return NULL;
}

static void
enums(void)
{
	const struct smpp_enum *e;
	FILE *f = table("enums");

	while (row(f)) {
		e = find_value(get("enum"), get("symbol"));
		if (!ok(e != NULL, "%s: %s", get("enum"), get("symbol")))
			continue;
		if (strcmp(get("kind"), "string") == 0)
			continue;
		is_int(e->value, num("value"), "its value");
		if (strcmp(get("kind"), "bits") == 0)
			is_int(e->arg, num("mask"), "its mask");
	}
}

static void
statuses(void)
{
	static const char *const classes[] = {
	    "ok", "retry", "permanent", "auth", "protocol"};
	const struct smpp_status *s;
	FILE *f = table("status");
	size_t rows = 0;

	for (; row(f); rows++) {
		s = smpp_status_of((uint32_t)num("code"));
		if (!ok(s != NULL, "%s", get("name")))
			continue;
		is_str(s->name, get("name"), "by its code");
		is_str(classes[s->cls], get("class"), "its class");
		is_str(s->name34 == NULL ? "-" : s->name34, get("v34_name"),
		    "its name in v3.4");
		ok((s->vers != 0) == (strcmp(get("origin"), "spec") == 0),
		    "sent or only decoded");
	}
	is_int(smpp_status_count, rows, "and no other status");
}

int
main(void)
{
	commands();
	fields();
	tlvs();
	shared_names();
	enums();
	statuses();
	return tap_done();
}
