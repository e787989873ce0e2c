/* Dictionaries: "[tlv 0xTAG]" sections to rows of struct smpp_dictionary. */
#include "dictfile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "kit/inifile.h"
#include "kit/opt.h"
#include "names.h"
#include "show/show.h"

enum { NAME_LENGTH = 48 }; /* so much as assign and EXPR take */

/* A row in the making. from is the line of its header; of the keys that it was
 * given, bit n of given is row n of dictionary_keys. */
struct tlv_entry {
	struct smpp_tlv_row row;
	const char *from;
	unsigned given;
	struct tlv_entry *next;
};

/* The file being read; its rows, the last one first. */
struct dictfile {
	struct ctx *c;
	struct tlv_entry *entry;
	size_t n;
};

enum dictionary_key {
	KEY_NAME,
	KEY_TYPE,
	KEY_MIN,
	KEY_MAX,
	KEY_PDUS,
	KEY_VERSIONS,
	KEY_BRIEF,
	KEYS
};

static const char *const dictionary_keys[] = {
    "name", "type", "min", "max", "pdus", "versions", "brief", NULL};

/* What type can be: u8, u16 and u32 have one size, the others are between min
 * and max. */
static const struct {
	const char *name;
	uint8_t kind;
	uint16_t min, max;
} types[] = {
    {"u8", SMPP_KIND_UINT, 1, 1},
    {"u16", SMPP_KIND_UINT, 2, 2},
    {"u32", SMPP_KIND_UINT, 4, 4},
    {"string", SMPP_KIND_CSTR, 1, UINT16_MAX},
    {"cstr", SMPP_KIND_CSTR, 1, UINT16_MAX},
    {"text", SMPP_KIND_TEXT, 0, UINT16_MAX},
    {"octets", SMPP_KIND_OCTETS, 0, UINT16_MAX},
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

static int dictionary_bad(struct dictfile *x, const char *from, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static int
dictionary_bad(struct dictfile *x, const char *from, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return out_error(x->c, SMPP_EXIT_USAGE, "config", "%s: %s", from, why);
}

/* Says that there is no such thing, and which one was perhaps meant. */
static int
dictionary_unknown(struct dictfile *x, const char *from, const char *what,
    const char *word, const struct smpp_suggest *s)
{
	return s->best == NULL
		   ? dictionary_bad(x, from, "no %s '%.40s'", what, word)
		   : dictionary_bad(x, from,
			 "no %s '%.40s'; did you mean '%s'?", what, word,
			 s->best);
}

/* --- values --- */

/*
 * A name also stands in conditions, in --format and as a key of JSON: what
 * would have to be quoted in any of them is refused.
 */
static bool
name_wellformed(const char *name)
{
	const char *p = name;

	for (; isalnum((unsigned char)*p) || *p == '_'; p++)
		;
	return *p == '\0' && p > name && p - name <= NAME_LENGTH &&
	       !isdigit((unsigned char)*name);
}

/* Whether a name means something else already, which it shall go on to. */
static bool
name_taken(const struct dictfile *x, const char *name)
{
	static const char *const words[] = {"and", "or", "not", "p", "every"};
	const struct smpp_tlv_row *usual = smpp_dictionary_find(
	    NULL, smpp_view_str(name));
	size_t i;

	/*
	 * A name that is free here but a key of our records would make two
	 * members of one name in an object.
	 */
	if (smpp_json_key_reserved(name) ||
	    (usual != NULL && usual->tag != x->entry->row.tag))
		return true;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(name, words[i]) == 0)
			return true;
	for (struct tlv_entry *e = x->entry->next; e != NULL; e = e->next)
		if (e->row.name != NULL && strcmp(name, e->row.name) == 0)
			return true;
	return false;
}

static int
take_name(struct dictfile *x, const char *value, const char *from)
{
	if (!name_wellformed(value))
		return dictionary_bad(x, from,
		    "name: '%.60s' is not of letters, digits and _, as "
		    "carrier_id, 48 at most",
		    value);
	if (name_taken(x, value))
		return dictionary_bad(
		    x, from, "name: '%s' is the name of something else", value);
	x->entry->row.name = value;
	return 0;
}

static int
take_type(struct dictfile *x, const char *value, const char *from)
{
	struct smpp_tlv_row *row = &x->entry->row;
	struct smpp_suggest s;
	size_t i;

	smpp_suggest_init(&s, value);
	for (i = 0; i < TYPES; i++) {
		smpp_suggest_try(&s, types[i].name);
		if (strcmp(value, types[i].name) != 0)
			continue;
		/*
		 * Keys come in any order, so a min or max that was given
		 * before stays; of numbers both are those of the type,
		 * entry_end() complains.
		 */
		row->kind = types[i].kind;
		if (!(x->entry->given >> KEY_MIN & 1) ||
		    row->kind == SMPP_KIND_UINT)
			row->min = types[i].min;
		if (!(x->entry->given >> KEY_MAX & 1) ||
		    row->kind == SMPP_KIND_UINT)
			row->max = types[i].max;
		return 0;
	}
	out_hint(x->c, "u8, u16, u32, string, text or octets");
	return dictionary_unknown(x, from, "type", value, &s);
}

static int
take_size(struct dictfile *x, uint16_t *size, const char *key,
    const char *value, const char *from)
{
	uint32_t n;

	if (opt_uint(value, &n) != 0 || n > UINT16_MAX)
		return dictionary_bad(x, from,
		    "%s: '%.40s' is not a number from 0 to 65535", key, value);
	*size = (uint16_t)n;
	return 0;
}

/* Cuts the next word off a list with commas or blanks between; NULL at its
 * end. */
static char *
next_of(char **list)
{
	char *word = *list + strspn(*list, ", \t");
	size_t n = strcspn(word, ", \t");

	*list = word + n;
	if (**list != '\0')
		*(*list)++ = '\0';
	return n == 0 ? NULL : word;
}

static int
take_pdus(struct dictfile *x, const char *value, const char *from)
{
	char *list = cmd_printf(x->c, "%s", value), *word;
	struct smpp_carry *carry = &x->entry->row.carry;
	const struct smpp_pdu_row *pdu;
	struct smpp_suggest s;

	for (; (word = next_of(&list)) != NULL;
	     smpp_pduset_add(&carry->in34, pdu)) {
		pdu = smpp_pdu_find(smpp_view_str(word));
		if (pdu != NULL)
			continue;
		smpp_suggest_init(&s, word);
		names_each(NAMES_PDU, NULL, ask_suggest, &s);
		return dictionary_unknown(x, from, "PDU", word, &s);
	}
	return 0;
}

static int
take_versions(struct dictfile *x, const char *value, const char *from)
{
	char *list = cmd_printf(x->c, "%s", value), *word;
	uint8_t *vers = &x->entry->row.vers;

	while ((word = next_of(&list)) != NULL) {
		/*
		 * 3.3 is told apart from nonsense: the version exists, TLVs
		 * came with 3.4.
		 */
		if (strcmp(word, "3.4") == 0)
			*vers |= SMPP_V34;
		else if (strcmp(word, "5.0") == 0)
			*vers |= SMPP_V50;
		else if (strcmp(word, "3.3") == 0)
			return dictionary_bad(
			    x, from, "versions: 3.3 has no TLVs");
		else
			return dictionary_bad(x, from,
			    "versions: '%.40s' is none of 3.4, 5.0", word);
	}
	return 0;
}

static int
dictionary_take(struct dictfile *x, enum dictionary_key key, const char *value,
    const char *from)
{
	struct smpp_tlv_row *row = &x->entry->row;

	switch (key) {
	case KEY_NAME:
		return take_name(x, value, from);
	case KEY_TYPE:
		return take_type(x, value, from);
	case KEY_MIN:
		return take_size(x, &row->min, "min", value, from);
	case KEY_MAX:
		return take_size(x, &row->max, "max", value, from);
	case KEY_PDUS:
		return take_pdus(x, value, from);
	case KEY_VERSIONS:
		return take_versions(x, value, from);
	default:
		row->brief = value;
		return 0;
	}
}

/* --- sections --- */

/*
 * The tag in "tlv 0x1400"; 0 when it is none. 0 is no tag that a vendor could
 * have, so it stands for none.
 */
static uint32_t
header_tag(const char *section)
{
	uint32_t tag;

	if (strncmp(section, "tlv", 3) != 0 ||
	    (section[3] != ' ' && section[3] != '\t'))
		return 0;
	section += 3 + strspn(section + 3, " \t");
	return opt_uint(section, &tag) == 0 && tag <= UINT16_MAX ? tag : 0;
}

/* What can only be judged when a section is complete, and what it left out. */
static int
entry_end(struct dictfile *x)
{
	struct tlv_entry *e = x->entry;
	struct smpp_tlv_row *row = e == NULL ? NULL : &e->row;
	const bool any = e != NULL && !(e->given >> KEY_PDUS & 1);

	if (e == NULL)
		return 0;
	/* Name and type are what everything else is made of. */
	for (unsigned k = KEY_NAME; k <= KEY_TYPE; k++)
		if (!(e->given >> k & 1))
			return dictionary_bad(x, e->from,
			    "[tlv 0x%04x] has no %s", row->tag,
			    dictionary_keys[k]);
	if (row->kind == SMPP_KIND_UINT &&
	    e->given & (1u << KEY_MIN | 1u << KEY_MAX))
		return dictionary_bad(x, e->from,
		    "[tlv 0x%04x]: min and max are not for numbers", row->tag);
	if (row->min > row->max)
		return dictionary_bad(
		    x, e->from, "[tlv 0x%04x]: min is above max", row->tag);
	for (size_t i = 0; any && i < smpp_pdu_count; i++)
		smpp_pduset_add(&row->carry.in34, &smpp_pdus[i]);
	if (row->vers == 0)
		row->vers = SMPP_V34 | SMPP_V50;
	/*
	 * Carriers are per version in the rows, while a vendor's TLV has one
	 * list: it goes into those of each version that the section names.
	 */
	if (row->vers & SMPP_V50)
		row->carry.in50 = row->carry.in34;
	if (!(row->vers & SMPP_V34))
		row->carry.in34 = (struct smpp_pduset){{0}};
	row->vers |= SMPP_VANY;
	row->max34 = row->max;
	return 0;
}

static int
entry_begin(struct dictfile *x, const char *section, const char *from)
{
	const uint32_t tag = header_tag(section);
	const struct smpp_tlv_row *row;
	struct tlv_entry *e;
	int rc = entry_end(x);

	if (rc != 0)
		return rc;
	if (tag == 0)
		return dictionary_bad(
		    x, from, "[%.49s] is not [tlv 0xTAG]", section);
	/*
	 * A file may not change what the specification says: a trace would
	 * then mean something else on each machine.
	 */
	if ((row = smpp_tlv_of((uint16_t)tag)) != NULL)
		return dictionary_bad(x, from,
		    "0x%04x is %s of the specification, and stays that", tag,
		    row->name);
	for (e = x->entry; e != NULL; e = e->next)
		if (e->row.tag == tag)
			return dictionary_bad(
			    x, from, "[tlv 0x%04x] came before", tag);
	e = cmd_alloc(x->c, sizeof(*e));
	/*
	 * May be repeated, for nothing is known that forbids it; a vendor's
	 * TLV that comes twice is then no error of the peer.
	 */
	*e = (struct tlv_entry){.from = from, .next = x->entry};
	e->row = (struct smpp_tlv_row){
	    .tag = (uint16_t)tag, .step = 1, .brief = "", .carry.repeat = true};
	x->entry = e;
	x->n++;
	return 0;
}

static int
dictionary_line(void *arg, const char *section, const char *key,
    const char *value, const char *from)
{
	struct dictfile *x = arg;
	struct smpp_suggest s;
	unsigned k;

	if (key == NULL)
		return entry_begin(x, section, from);
	if (x->entry == NULL)
		return dictionary_bad(
		    x, from, "%.40s stands before [tlv 0xTAG]", key);
	smpp_suggest_init(&s, key);
	for (k = 0; k < KEYS && strcmp(key, dictionary_keys[k]) != 0; k++)
		smpp_suggest_try(&s, dictionary_keys[k]);
	if (k == KEYS)
		return dictionary_unknown(x, from, "key", key, &s);
	if (x->entry->given >> k & 1)
		return dictionary_bad(x, from, "%s came before", key);
	x->entry->given |= 1u << k;
	/* inih gives an empty value for a "key =" that was left unfinished. */
	if (*value == '\0')
		return dictionary_bad(x, from, "%s is empty", key);
	return dictionary_take(x, (enum dictionary_key)k, value, from);
}

/* Tags are found by halving, so the rows are in their order. */
static int
by_tag(const void *a, const void *b)
{
	const struct smpp_tlv_row *x = a, *y = b;

	return (x->tag > y->tag) - (x->tag < y->tag);
}

/*
 * All of the file or nothing: c->dictionary is set last. Behind it stands the
 * usual one, so pe_id and template_id are still known.
 */
int
dictionary_use(struct ctx *c, const char *path)
{
	struct dictfile x = {.c = c};
	struct smpp_dictionary *d;
	struct smpp_tlv_row *rows;
	int rc = inifile_read(c, path, true, dictionary_line, &x);

	if (rc == 0)
		rc = entry_end(&x);
	if (rc != 0)
		return rc;
	rows = cmd_alloc(c, (x.n + 1) * sizeof(*rows));
	d = cmd_alloc(c, sizeof(*d));
	*d = (struct smpp_dictionary){
	    .rows = rows, .next = &smpp_dictionary_usual};
	for (const struct tlv_entry *e = x.entry; e != NULL; e = e->next)
		rows[d->n++] = e->row;
	qsort(rows, d->n, sizeof(*rows), by_tag);
	c->dictionary = d;
	return 0;
}

int
dictionary_decode(const struct ctx *c, struct smpp_pdu *pdu,
    struct smpp_view wire, enum smpp_ver ver, unsigned flags,
    struct smpp_issues *issues)
{
	pdu->dictionary = c->dictionary;
	return smpp_decode(pdu, wire, ver, flags | SMPP_DICTIONARY, issues);
}
