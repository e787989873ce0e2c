/* Programs that are run for us. */
#include "hook.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int
hook_line(
    struct ctx *c, const char *command, char *out, size_t cap, const char **why)
{
	FILE *f = popen(command, "re");
	int status, ch;
	bool got;

	if (f == NULL) {
		*why = strerror(errno);
		return -1;
	}
	got = fgets(out, (int)cap, f) != NULL;
	while ((ch = getc(f)) != EOF)
		;
	status = pclose(f);
	if (got)
		out[strcspn(out, "\n")] = '\0';
	if (status == 0 && got)
		return 0;
	if (WIFSIGNALED(status))
		*why = cmd_printf(c, "ended by signal %d", WTERMSIG(status));
	else if (status != 0)
		*why = cmd_printf(c, "exit status %d", WEXITSTATUS(status));
	else
		*why = "printed nothing";
	return -1;
}
