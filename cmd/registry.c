/* The registry of commands, and memory that lives as long as one runs. */
#include "kit/cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

#define CMD(name) extern const struct cmd cmd_##name;
#define HIDDEN(name) CMD(name)
#define LINK(name, command, option)
#include "cmds.def"
#undef CMD
#undef HIDDEN

const struct cmd *const cmd_list[] = {
#define CMD(name) &cmd_##name,
#define HIDDEN(name)
#include "cmds.def"
#undef CMD
#undef HIDDEN
};
const size_t cmd_count = sizeof(cmd_list) / sizeof(cmd_list[0]);

static const struct cmd *const hidden[] = {
#define CMD(name)
#define HIDDEN(name) &cmd_##name,
#include "cmds.def"
#undef HIDDEN
#undef LINK
};

static const struct {
	const char *name;
	const struct cmd *cmd;
	const char *option;
} links[] = {
#define HIDDEN(name)
#define LINK(name, command, option) {#name, &cmd_##command, option},
#include "cmds.def"
#undef CMD
#undef HIDDEN
#undef LINK
};

void (*cmd_nomem)(void) __attribute__((noreturn)) = abort;

static const struct cmd *
registry_find(const struct cmd *const *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	return NULL;
}

const struct cmd *
cmd_find(const char *name)
{
	const struct cmd *cmd = registry_find(cmd_list, cmd_count, name);

	if (cmd != NULL)
		return cmd;
	return registry_find(hidden, sizeof(hidden) / sizeof(hidden[0]), name);
}

const struct cmd *
cmd_link(const char *name, const char **option)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (strcmp(links[i].name, name) == 0) {
			*option = links[i].option;
			return links[i].cmd;
		}
	return NULL;
}

const char *
cmd_nearest(const char *name)
{
	struct smpp_suggest s;
	size_t i;

	smpp_suggest_init(&s, name);
	for (i = 0; i < cmd_count; i++)
		smpp_suggest_try(&s, cmd_list[i]->name);
	return s.best;
}

struct cmd_mem {
	struct cmd_mem *next;
	max_align_t octets[];
};

void *
cmd_alloc(struct ctx *c, size_t n)
{
	struct cmd_mem *m = NULL;

	if (n <= SIZE_MAX - sizeof(*m))
		m = calloc(1, sizeof(*m) + n);
	if (m == NULL)
		cmd_nomem();
	m->next = c->mem;
	c->mem = m;
	return m->octets;
}

char *
cmd_printf(struct ctx *c, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = cmd_alloc(c, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
cmd_free(struct ctx *c)
{
	struct cmd_mem *m;

	while ((m = c->mem) != NULL) {
		c->mem = m->next;
		free(m);
	}
}

int
cmd_worse(int a, int b)
{
	static const int rank[] = {
	    [SMPP_EXIT_BUG] = 9,
	    [SMPP_EXIT_UNKNOWN] = 8,
	    [SMPP_EXIT_LOCAL] = 7,
	    [SMPP_EXIT_DATA] = 6,
	    [SMPP_EXIT_NO] = 5,
	    [SMPP_EXIT_BIND] = 4,
	    [SMPP_EXIT_CONNECT] = 3,
	    [SMPP_EXIT_PEER] = 2,
	    [SMPP_EXIT_RETRY] = 1,
	    [SMPP_EXIT_OK] = 0,
	    [SMPP_EXIT_USAGE] = 10,
	};

	return rank[b] > rank[a] ? b : a;
}
