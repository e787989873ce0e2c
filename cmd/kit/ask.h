/* What a word could become: the question, and the candidates for it. */
#ifndef SMPP_ASK_H
#define SMPP_ASK_H

#include <stdbool.h>
#include <stddef.h>

struct ctx;
struct opt;

/* Gets one candidate, or any name, and what it means. */
typedef void (*ask_fn)(void *arg, const char *name, const char *brief);

/*
 * text is what was typed, word the end of it that is to be completed. A
 * candidate is lead, a name and trail; fn gets those that begin with word.
 * before are the words of the command that were typed already, options left
 * out. What is set to answer: files, that names of files are candidates, too;
 * hint, what is known about the word, NULL for nothing.
 */
struct ask {
	struct ctx *c;
	const char *text, *word, *lead, *trail;
	const char **before;
	size_t nbefore;
	ask_fn fn;
	void *arg;
	bool files;
	const char *hint;
};

/* A question about a text, all of it; texts are borrowed. */
struct ask ask_about(struct ctx *c, const char *text, ask_fn fn, void *arg);

/* Offers a name; brief may be NULL. ask is a struct ask, so that this is an
 * ask_fn. */
void ask_offer(void *ask, const char *name, const char *brief);

/* The same for a struct smpp_suggest: tries a name. */
void ask_suggest(void *suggest, const char *name, const char *brief);

/* Offers words, the last being NULL. */
void ask_words(struct ask *q, const char *const *words);

/* Offers what the value of a row can be. */
void ask_value(struct ask *q, const struct opt *o);

/* The word begins n characters later; behind the last of these characters. */
void ask_skip(struct ask *q, size_t n);
void ask_behind(struct ask *q, const char *marks);

#endif
