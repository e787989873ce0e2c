/* A list of actions being read: by rulelist.c, its values by ruleval.c. */
#ifndef SMPP_RULE_INT_H
#define SMPP_RULE_INT_H

#include "rule.h"

enum { RULE_WORD_MAX = 64 };

/* next is where the next character is. word is a name or value as a C string,
 * at where it stands. */
struct rule_list {
	struct smpp_view text;
	uint32_t next;
	const struct rule_row *rows;
	struct rule_acts *acts;
	struct smpp_err *err;
	uint32_t at;
	char word[RULE_WORD_MAX];
};

/* Says what is wrong at an octet of the text. Returns -1. */
int rule_wrong(struct rule_list *x, uint32_t at, int code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The same of the word, which names nothing: best was meant, NULL is not
 * known. */
int rule_unknown(struct rule_list *x, const char *what, const char *best);

/* Makes the word the value of an action. Returns 0 or -1. */
int rule_take_value(
    struct rule_list *x, const struct rule_row *row, struct rule_value *v);

#endif
