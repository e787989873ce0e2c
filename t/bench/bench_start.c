/* From start to exit, beside /bin/true: what every call in a loop pays. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t/bench/bench.h"

enum { BEST_OF = 400 };

struct call {
	char *const *argv;
	posix_spawn_file_actions_t quiet;
};

static void
run(void *arg)
{
	struct call *c = arg;
	char *env[] = {NULL};
	int status;
	pid_t pid;

	if (posix_spawn(&pid, c->argv[0], &c->quiet, NULL, c->argv, env) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s: failed\n", c->argv[0]);
		exit(1);
	}
}

/* Milliseconds. */
static double
start(const char *name, char *const *argv)
{
	struct call c = {.argv = argv};
	double ms;

	posix_spawn_file_actions_init(&c.quiet);
	posix_spawn_file_actions_addopen(
	    &c.quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	ms = bench_best(BEST_OF, run, &c) * 1e3;
	posix_spawn_file_actions_destroy(&c.quiet);
	bench_report(name, "ms", ms, BEST_OF, NULL);
	return ms;
}

int
main(void)
{
	const char *b = getenv("B");
	char smpp[4096];
	char *nothing[] = {"/bin/true", NULL};
	char *version[] = {smpp, "--version", NULL};
	char *decode[] = {
	    smpp, "decode-hex", "00000010000000150000000000000001", NULL};
	double floor;

	snprintf(smpp, sizeof(smpp), "%s/smpp", b != NULL ? b : "build");
	floor = start("start /bin/true", nothing);
	bench_report("start --version / true", "times",
	    start("start --version", version) / floor, BEST_OF, "<= 4");
	bench_report("start decode-hex / true", "times",
	    start("start decode-hex", decode) / floor, BEST_OF, "<= 4");
	return 0;
}
