/* The inside of an expression: made by expr.c, walked by exprval.c. */
#ifndef SMPP_CMD_EXPR_INT_H
#define SMPP_CMD_EXPR_INT_H

#include <regex.h>
#include <stddef.h>

#include "base/rng.h"
#include "expr.h"

enum { EXPR_NODES = 64, EXPR_DEPTH = 32, EXPR_WORD = 256 };

enum expr_op { EQ, NE, LT, LE, GT, GE, RE, AND, OR, NOT, SHARE, EVERY };

/* Where a value comes from. number says which of its kind. */
enum expr_source {
	FIELD,        /* SMPP_F_* */
	FIELD_SYMBOL, /* its symbols */
	TLV,          /* the first with this tag */
	TLV_SYMBOL,
	TEXT,
	RECEIPT, /* SMPP_RF_* */
	RECEIPT_STATE,
	DIR,
	SESSION,
};

/*
 * A node: left and right are nodes of and, or, not; the rest is of
 * comparisons. text is the value as written, num what it is as a number when
 * is_num. every counts what came by.
 */
struct expr_node {
	enum expr_op op;
	uint16_t left, right;
	enum expr_source source;
	unsigned number;
	const struct smpp_tlv_row *tlv; /* of a TLV; number is its tag */
	bool is_num;
	bool has_regex;
	double num;
	uint64_t every;
	regex_t regex;
	char text[EXPR_WORD];
};

struct expr {
	struct expr_node *node;
	unsigned n;
	unsigned root;
	const struct smpp_dictionary *dictionary;
	struct smpp_rng rng;
	char *scratch; /* values in the making */
	size_t cap;
};

/* The number a text is, decimal or 0x hexadecimal, infinite when it is beyond
 * all numbers; false when it is none. */
bool expr_number(const char *text, double *num);

#endif
