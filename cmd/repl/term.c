#include "repl.h"
#include "../hook.h"
void
term_hide(void)
{
}
int
term_run(struct repl *r)
{
	return script_run(r, "-");
}
int
term_shell(struct repl *r, const char *command)
{
	(void)r;
	return hook_shell(command);
}
