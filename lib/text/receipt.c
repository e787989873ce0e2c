/* Reading the text form of delivery receipts. */
#include "text/receipt_int.h"

enum {
	SEP = SMPP_RC_SEP,
	BLANK = SMPP_RC_BLANK,
	LABEL = SMPP_RC_LABEL,
	ALPHA = SMPP_RC_ALPHA,
	WORD = SMPP_RC_WORD,
};

#define LETTER(c) [c] = ALPHA | WORD, [(c)-0x20] = ALPHA | WORD
#define INITIAL(c) [c] = LABEL | ALPHA | WORD, [(c)-0x20] = LABEL | ALPHA | WORD

/*
 * A label counts only at the start and behind a separator: these are more than
 * the blank of the specification (receipts.md), and a NUL is what some put at
 * the end. By table, since every octet of every receipt is asked for its
 * class.
 */
const uint8_t smpp_receipt_class[256] = {
    [0] = SEP,
    ['\t'] = SEP | BLANK,
    ['\n'] = SEP | BLANK,
    ['\r'] = SEP | BLANK,
    [' '] = SEP | BLANK,
    [','] = SEP,
    [';'] = SEP,
    ['|'] = SEP,
    ['_'] = WORD,
    ['-'] = WORD,
    ['0'] = WORD,
    ['1'] = WORD,
    ['2'] = WORD,
    ['3'] = WORD,
    ['4'] = WORD,
    ['5'] = WORD,
    ['6'] = WORD,
    ['7'] = WORD,
    ['8'] = WORD,
    ['9'] = WORD,
    INITIAL('i'),
    INITIAL('s'),
    INITIAL('d'),
    INITIAL('e'),
    INITIAL('t'),
    LETTER('a'),
    LETTER('b'),
    LETTER('c'),
    LETTER('f'),
    LETTER('g'),
    LETTER('h'),
    LETTER('j'),
    LETTER('k'),
    LETTER('l'),
    LETTER('m'),
    LETTER('n'),
    LETTER('o'),
    LETTER('p'),
    LETTER('q'),
    LETTER('r'),
    LETTER('u'),
    LETTER('v'),
    LETTER('w'),
    LETTER('x'),
    LETTER('y'),
    LETTER('z'),
};

static const char field_names[SMPP_RF_COUNT][12] = {
#define SMPP_FIELD(id, name) name,
#define SMPP_STAT(word, state)
#define SMPP_WARN(id, word)
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_WARN
};

static const char warning_names[SMPP_RW_COUNT][32] = {
#define SMPP_FIELD(id, name)
#define SMPP_WARN(id, word) word,
#include "text/receipt.def"
#undef SMPP_STAT
#undef SMPP_WARN
};

static const struct {
	char word[14];
	int8_t state;
} stats[] = {
#define SMPP_STAT(word, state) {word, state},
#define SMPP_WARN(id, word)
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_STAT
#undef SMPP_WARN
};

const char *
smpp_receipt_field_name(enum smpp_receipt_field field)
{
	return field_names[field];
}

const char *
smpp_receipt_warning_name(enum smpp_receipt_warning pos)
{
	return warning_names[pos];
}

/* True when v is one of our words, upper case and '_', in any case. */
static bool
same_word(struct smpp_view v, const char *word)
{
	uint32_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] != word[i] &&
		    (v.p[i] != (word[i] | 0x20) || word[i] == '_'))
			return false;
	return word[i] == '\0';
}

int
smpp_stat_state(struct smpp_view word)
{
	size_t i;

	/*
	 * Some write the number of message_state instead of its word. 0 is not
	 * read so: by number it is SCHEDULED, but one aggregator means
	 * delivered.
	 */
	if (word.n == 1 && word.p[0] >= '1' && word.p[0] <= '9')
		return word.p[0] - '0';
	if (word.n == 0 || word.n >= sizeof(stats[0].word))
		return -1;
	for (i = 0; i < sizeof(stats) / sizeof(stats[0]); i++)
		if ((word.p[0] & 0xdf) == stats[i].word[0] &&
		    same_word(word, stats[i].word))
			return stats[i].state;
	return -1;
}

int
smpp_state_final(int state)
{
	/*
	 * By message_state. ACCEPTED (6) is final in the specification, but in
	 * the field it means that the next hop took the message over, and a
	 * second receipt follows; UNKNOWN (7) is no verdict (receipts.md).
	 */
	static const int8_t final[10] = {0, 0, 1, 1, 1, 1, 0, -1, 1, 1};

	return state < 0 || state > 9 ? -1 : final[state];
}

/* The place behind the lower-case word at p, in any case; NULL if it is not
 * there. */
static const uint8_t *
receipt_behind(const uint8_t *p, const uint8_t *end, const char *word)
{
	for (; *word != '\0'; p++, word++)
		if (p == end || (*p | 0x20) != *word)
			return NULL;
	return p;
}

static const uint8_t *
receipt_skip(const uint8_t *p, const uint8_t *end, uint8_t what)
{
	while (p < end && smpp_receipt_is(*p, what))
		p++;
	return p;
}

/* "submit date" in all its spellings, by its first word. */
static const uint8_t *
behind_date(const uint8_t *p, const uint8_t *end, const char *word)
{
	p = receipt_behind(p, end, word);
	if (p == NULL)
		return NULL;
	while (p < end && (smpp_receipt_is(*p, BLANK) || *p == '_'))
		p++;
	return receipt_behind(p, end, "date");
}

/* The colon of a label that ends at p, or another mark, and blanks before it.
 */
static const uint8_t *
colon(const uint8_t *p, const uint8_t *end, uint8_t mark)
{
	p = receipt_skip(p, end, BLANK);
	return p < end && (*p == ':' || *p == mark) ? p + 1 : NULL;
}

const uint8_t *
smpp_receipt_label(const uint8_t *p, const uint8_t *end, uint8_t *field)
{
	const uint8_t *q = NULL;

	/* "sub" last: it is how "submit date" begins. */
	switch (*p | 0x20) {
	case 'i':
		*field = SMPP_RF_ID;
		q = receipt_behind(p, end, "id");
		break;
	case 'e':
		*field = SMPP_RF_ERR;
		q = receipt_behind(p, end, "err");
		break;
	case 't':
		*field = SMPP_RF_TEXT;
		q = receipt_behind(p, end, "text");
		if (q == NULL)
			q = receipt_behind(p, end, "txt");
		break;
	case 'd':
		*field = SMPP_RF_DLVRD;
		q = receipt_behind(p, end, "dlvrd");
		if (q != NULL)
			break;
		*field = SMPP_RF_DONE;
		q = behind_date(p, end, "done");
		break;
	case 's':
		*field = SMPP_RF_STAT;
		q = receipt_behind(p, end, "stat");
		if (q != NULL)
			break;
		*field = SMPP_RF_SUBMIT;
		q = behind_date(p, end, "submit");
		if (q != NULL)
			break;
		*field = SMPP_RF_SUB;
		q = receipt_behind(p, end, "sub");
	}
	if (q == NULL)
		return NULL;
	/* Not the others: "id=" stands in front of anything. */
	return colon(q, end,
	    *field == SMPP_RF_STAT || *field == SMPP_RF_ERR ? '=' : ':');
}

/* The same for any word that can be a name. */
static const uint8_t *
pair(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = receipt_skip(p, end, WORD);

	return q - p > SMPP_EXTRA_NAME ? NULL : colon(q, end, ':');
}

/* A label in the text: where it starts, and where its value does. */
struct found {
	const uint8_t *start;
	const uint8_t *after;
	uint8_t field;
};

/*
 * Finds the next label from p on that stands behind a separator; with extra
 * set any word and colon is one. f->start is end when there is none.
 */
static bool
next_label(const uint8_t *p, const uint8_t *end, bool extra, struct found *f)
{
	while (p < end) {
		while (p < end && !smpp_receipt_is(*p, SEP))
			p++;
		p = receipt_skip(p, end, SEP);
		f->start = p;
		if (p == end)
			return false;
		if (smpp_receipt_is(*p, LABEL)) {
			f->after = smpp_receipt_label(p, end, &f->field);
			if (f->after != NULL)
				return true;
		}
		if (extra && smpp_receipt_is(*p, ALPHA)) {
			f->field = SMPP_RF_EXTRA;
			f->after = pair(p, end);
			if (f->after != NULL)
				return true;
		}
	}
	f->start = end;
	return false;
}

struct smpp_view
smpp_receipt_trim(const uint8_t *p, const uint8_t *end)
{
	p = receipt_skip(p, end, BLANK);
	while (end > p && smpp_receipt_is(end[-1], SEP))
		end--;
	return smpp_view_of(p, (size_t)(end - p));
}

/*
 * The text to the end of the receipt. It is octets of any alphabet; only plain
 * text loses blanks around it, and NULs behind. A blank in UCS-2 is an octet
 * of some other character cut in two.
 */
static struct smpp_view
trim_text(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *last = end, *q;

	while (last > p && last[-1] == 0)
		last--;
	for (q = p; q < last; q++)
		if ((*q < 0x20 && !smpp_receipt_is(*q, BLANK)) || *q > 0x7e)
			return smpp_view_of(p, (size_t)(end - p));
	p = receipt_skip(p, last, BLANK);
	while (last > p && smpp_receipt_is(last[-1], BLANK))
		last--;
	return smpp_view_of(p, (size_t)(last - p));
}

static bool
receipt_same_name(struct smpp_view a, struct smpp_view b)
{
	uint32_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		if (a.p[i] != b.p[i] && ((a.p[i] ^ b.p[i]) != 0x20 ||
					    !smpp_receipt_is(a.p[i], ALPHA)))
			return false;
	return true;
}

void
smpp_receipt_extra(
    struct smpp_receipt *r, struct smpp_view name, struct smpp_view value)
{
	uint8_t i;

	for (i = 0; i < r->nextra; i++)
		if (receipt_same_name(r->extra[i].name, name)) {
			r->repeated |= 1 << SMPP_RF_EXTRA;
			return;
		}
	if (r->nextra == SMPP_RECEIPT_EXTRAS) {
		r->warnings |= SMPP_RW_MANY_EXTRA;
		return;
	}
	r->extra[r->nextra++] = (struct smpp_extra){name, value};
}

void
smpp_receipt_store(
    struct smpp_receipt *r, uint8_t field, struct smpp_view value)
{
	uint16_t bit = (uint16_t)(1 << field);

	if ((r->seen & bit) != 0) {
		r->repeated |= bit;
		return;
	}
	r->seen |= bit;
	r->value[field] = value;
}

/* The name of a further pair, which stands from its start to its colon. */
static struct smpp_view
extra_name(const struct found *f)
{
	return smpp_receipt_trim(f->start, f->after - 1);
}

/*
 * Whether other words with a colon are pairs behind a field. Before stat and
 * err a word with a colon stays in the value, so that ids and dates with
 * blanks survive.
 */
static bool
pairs_follow(const struct smpp_receipt *r, uint8_t field)
{
	const uint16_t open = 1 << SMPP_RF_STAT | 1 << SMPP_RF_ERR;

	return field != SMPP_RF_TEXT &&
	       (field == SMPP_RF_STAT || field == SMPP_RF_ERR ||
		   (r->seen & open) != 0);
}

/*
 * Walks the labels. Returns true when the first one begins the body; and sets
 * *equals when stat has an equals sign. The value of a label ends where the
 * next label begins, so each is stored only when the next has been found. The
 * text runs to the end, whatever looks like a label in it, once id and stat
 * were read: before that, the fields are still to come behind it.
 */
static bool
receipt_fields(struct smpp_receipt *r, struct smpp_view body, bool *equals)
{
	const uint16_t both = 1 << SMPP_RF_ID | 1 << SMPP_RF_STAT;
	const uint8_t *end = body.p + body.n;
	struct found two[2], *f = &two[0], *next = &two[1], *swap;
	bool more, first;

	f->start = receipt_skip(body.p, end, SEP);
	f->after = f->start == end
		       ? NULL
		       : smpp_receipt_label(f->start, end, &f->field);
	first = f->after != NULL;
	more = first || next_label(f->start, end, false, f);
	while (more) {
		if (f->field == SMPP_RF_TEXT && (r->seen & both) == both) {
			smpp_receipt_store(
			    r, f->field, trim_text(f->after, end));
			break;
		}
		*equals |= f->after[-1] == '=' && f->field == SMPP_RF_STAT;
		more = next_label(
		    f->after, end, pairs_follow(r, f->field), next);
		if (f->field == SMPP_RF_EXTRA)
			smpp_receipt_extra(r, extra_name(f),
			    smpp_receipt_trim(f->after, next->start));
		else
			smpp_receipt_store(r, f->field,
			    smpp_receipt_trim(f->after, next->start));
		swap = f;
		f = next;
		next = swap;
	}
	return first;
}

/* True when a value is only there to fill its place: "null", "...". */
static bool
placeholder(struct smpp_view v)
{
	uint32_t i = 0;

	while (i < v.n && v.p[i] == '.')
		i++;
	return i == v.n || (v.n == 4 && same_word(v, "NULL"));
}

/* sub and dlvrd: 1 to 9 digits. */
static int32_t
receipt_count(
    struct smpp_receipt *r, enum smpp_receipt_field field, uint32_t warning)
{
	struct smpp_view v = r->value[field];
	int32_t n = 0;
	uint32_t i;

	if (placeholder(v))
		return -1;
	/* Nine digits fit into 31 bits; the tenth makes it no count. */
	for (i = 0; i < v.n && i < 10 && v.p[i] >= '0' && v.p[i] <= '9'; i++)
		n = i < 9 ? n * 10 + (v.p[i] - '0') : -1;
	if (i == v.n && n >= 0)
		return n;
	r->warnings |= warning;
	return -1;
}

static void
receipt_date(struct smpp_receipt *r, enum smpp_receipt_field field, unsigned i,
    uint32_t warning)
{
	int got = 0;

	if (!placeholder(r->value[field]))
		got = smpp_date_read(&r->date[i], r->value[field]);
	r->dated[i] = got > 0;
	if (got < 0)
		r->warnings |= warning;
}

/* Some peers forget the label: "done date:2607110550 DELIVRD err:000". */
static void
stat_without_label(struct smpp_receipt *r)
{
	static const uint8_t where[] = {SMPP_RF_DONE, SMPP_RF_SUBMIT,
	    SMPP_RF_DLVRD, SMPP_RF_SUB, SMPP_RF_ERR, SMPP_RF_ID};
	struct smpp_view *v, word;
	size_t i;

	for (i = 0; i < sizeof(where); i++) {
		v = &r->value[where[i]];
		if (v->n == 0)
			continue;
		word = *v;
		while (word.n > 0 && !smpp_receipt_is(v->p[word.n - 1], BLANK))
			word.n--;
		word = smpp_view_of(v->p + word.n, v->n - word.n);
		/* One character may be a digit of a date or a number; a word
		 * alone is the value of the field that it stands in. */
		if (word.n < 2 || word.n == v->n || smpp_stat_state(word) < 0)
			continue;
		r->value[SMPP_RF_STAT] = word;
		*v = smpp_receipt_trim(v->p, word.p);
		r->warnings |= SMPP_RW_STAT_WITHOUT_LABEL;
		return;
	}
}

/* True when stat is the first of several words: then the line is about
 * something else. */
static bool
stat_is_prose(const struct smpp_receipt *r)
{
	struct smpp_view v = r->value[SMPP_RF_STAT];
	uint32_t i = 0;

	while (i < v.n && v.p[i] != ':' && !smpp_receipt_is(v.p[i], BLANK))
		i++;
	return i < v.n && v.p[i] != ':';
}

/* stat is one word; of stat:WORD:reason the reason is a further pair. */
static void
stat_reason(struct smpp_receipt *r)
{
	struct smpp_view *v = &r->value[SMPP_RF_STAT];
	const uint8_t *p = v->p, *end = smpp_view_end(*v);

	while (p < end && *p != ':' && !smpp_receipt_is(*p, BLANK))
		p++;
	if (p == end)
		return;
	smpp_receipt_extra(r, smpp_view_str("stat_reason"),
	    smpp_receipt_trim(p + 1, v->p + v->n));
	*v = smpp_receipt_trim(v->p, p);
}

static void
receipt_state(struct smpp_receipt *r)
{
	struct smpp_view v = r->value[SMPP_RF_STAT];

	r->state = (int8_t)smpp_stat_state(v);
	r->final = (int8_t)smpp_state_final(r->state);
	if (v.n == 0)
		r->warnings |= SMPP_RW_NO_STAT;
	else if (r->state < 0)
		r->warnings |= SMPP_RW_UNKNOWN_STAT;
}

void
smpp_receipt_clear(struct smpp_receipt *r)
{
	size_t i;

	for (i = 0; i < SMPP_RF_COUNT; i++)
		r->value[i] = (struct smpp_view){NULL, 0};
	r->text_id = (struct smpp_view){NULL, 0};
	r->sub = r->dlvrd = -1;
	r->warnings = 0;
	r->seen = r->repeated = 0;
	r->has_network = r->dated[0] = r->dated[1] = r->tlv_id = false;
	r->state = r->final = -1;
	r->nextra = 0;
}

/* err ends with a bar, whatever stands behind it, and may be nothing at all. */
static void
err_alone(struct smpp_view *err)
{
	const uint8_t *bar = err->n == 0 ? NULL : memchr(err->p, '|', err->n);

	if (bar != NULL)
		*err = smpp_receipt_trim(err->p, bar);
	if (placeholder(*err))
		err->n = 0;
}

void
smpp_receipt_judge(struct smpp_receipt *r)
{
	stat_reason(r);
	receipt_state(r);
	if (r->value[SMPP_RF_ID].n == 0)
		r->warnings |= SMPP_RW_NO_ID;
	err_alone(&r->value[SMPP_RF_ERR]);
	r->sub = receipt_count(r, SMPP_RF_SUB, SMPP_RW_BAD_SUB);
	r->dlvrd = receipt_count(r, SMPP_RF_DLVRD, SMPP_RW_BAD_DLVRD);
	receipt_date(r, SMPP_RF_SUBMIT, 0, SMPP_RW_BAD_SUBMIT);
	receipt_date(r, SMPP_RF_DONE, 1, SMPP_RW_BAD_DONE);
}

bool
smpp_receipt_parse(struct smpp_receipt *r, struct smpp_view body)
{
	const uint16_t more = 1 << SMPP_RF_SUB | 1 << SMPP_RF_DLVRD |
			      1 << SMPP_RF_SUBMIT | 1 << SMPP_RF_DONE |
			      1 << SMPP_RF_ERR;
	bool first, labelled, known, equals = false;

	smpp_receipt_clear(r);
	if (body.n == 0)
		return false;
	first = receipt_fields(r, body, &equals);
	if (r->seen == 0) {
		r->warnings = SMPP_RW_NO_FIELDS;
		if (!smpp_receipt_positional(r, body))
			return false;
		r->warnings &= ~(uint32_t)SMPP_RW_NO_FIELDS;
		return true;
	}
	labelled = first && r->value[SMPP_RF_STAT].n > 0;
	/* Before the other values are judged: the word is taken out of one. */
	if (r->value[SMPP_RF_STAT].n == 0)
		stat_without_label(r);
	known = !stat_is_prose(r);
	smpp_receipt_judge(r);
	known = known && r->state >= 0;
	/*
	 * A state that is known and an error are enough, with or without an
	 * id; else "id:1 stat:x" may be anything, and one more of the fields
	 * makes a receipt of it.
	 */
	if (labelled && known && r->value[SMPP_RF_ERR].n > 0)
		return true;
	return labelled && !equals && r->value[SMPP_RF_ID].n > 0 &&
	       (known || (r->seen & more) != 0);
}
