/* --err-set: what the err of a receipt means, which nobody standardised. */
#include <string.h>

#include "dlrparse.h"

/* One set is rows from its name to the next. */
static const struct {
	const char *set; /* of the first row, which is no code */
	int code;
	const char *meaning;
} rows[] = {
#define SET(name) {name, -1, NULL},
#define ERR(code, class, meaning) {NULL, code, meaning " (" #class ")"},
#include "errset.def"
#undef SET
#undef ERR
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

int
errset_find(const char *name)
{
	int i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].set != NULL && strcmp(rows[i].set, name) == 0)
			return i;
	return -1;
}

const char *
errset_names(void)
{
	return
#define SET(name) name " "
#define ERR(code, class, meaning)
#include "errset.def"
#undef SET
#undef ERR
	    ;
}

const char *const errset_words[] = {
#define SET(name) name,
#define ERR(code, class, meaning)
#include "errset.def"
#undef SET
#undef ERR
    NULL};

/*
 * Codes are numbers however many zeros they are written with. 8 digits are far
 * more than any set has, and fit an int.
 */
const char *
errset_meaning(int set, struct smpp_view err)
{
	uint32_t i;
	int code = 0;

	if (set < 0 || err.n == 0 || err.n > 8)
		return NULL;
	for (i = 0; i < err.n; i++) {
		if (err.p[i] < '0' || err.p[i] > '9')
			return NULL;
		code = code * 10 + (err.p[i] - '0');
	}
	for (set++; set < ROWS && rows[set].set == NULL; set++)
		if (rows[set].code == code)
			return rows[set].meaning;
	return NULL;
}
