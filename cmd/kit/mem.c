/* Memory that lives as long as a command runs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"

void (*cmd_nomem)(void) __attribute__((noreturn)) = abort;

/*
 * A list through all blocks: nothing is freed before the command is over, so
 * no caller owns anything, and an error path has nothing to undo.
 */
struct cmd_mem {
	struct cmd_mem *next;
	max_align_t octets[];
};

void *
cmd_alloc(struct ctx *c, size_t n)
{
	struct cmd_mem *m = NULL;

	/* Before the addition, that it may not wrap around. */
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
