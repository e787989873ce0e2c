/* Programs that are run for us: the only place that forks. */
#include "hook.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "pick.h"

enum {
	TERM_MS = 1000,     /* from TERM to KILL */
	VALUE_MAX = 100000, /* Linux takes 128 KiB as one variable */
	VAR_MAX = 64,
};

/* What the environment has of a record; SMS_ and the key in capitals. */
static const char *const keys[] = {
    "type",
    "time",
    "command_id_name",
    "service_type",
    "source_addr_ton",
    "source_addr_npi",
    "source_addr",
    "dest_addr_ton",
    "dest_addr_npi",
    "destination_addr",
    "esme_addr",
    "esm_class",
    "protocol_id",
    "priority_flag",
    "data_coding",
    "short_message",
    "text",
    "parts",
    "receipted_message_id",
    "message_state",
    "message_state_name",
    "receipt.id",
    "receipt.stat",
    "receipt.err",
    "receipt.submit_date",
    "receipt.done_date",
    "receipt.message_state_name",
    "receipt.final",
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* Sets one variable, or removes one that was inherited. */
static void
hook_variable(const struct pick *k)
{
	static char value[4 * VALUE_MAX];
	char name[VAR_MAX] = "SMS_";
	struct smpp_sbuf b;
	size_t i;

	for (i = 0; i < k->n; i++)
		name[4 + i] = k->key[i] == '.' ? '_' : (char)toupper(k->key[i]);
	name[4 + i] = '\0';
	/*
	 * Removed even when there is no value: else a command would take what
	 * an outer hook left in the environment for a member of this record.
	 */
	unsetenv(name);
	smpp_sbuf_init(&b, value, sizeof(value) - 1, NULL, NULL);
	if (k->value.n == 0 || smpp_view_is(k->value, "null"))
		return;
	pick_put(&b, k->value, PICK_RAW);
	value[b.n] = '\0';
	/*
	 * A variable cannot hold NUL, and an environment that is too long
	 * makes exec fail: such a value is left out, standard input has it
	 * whole.
	 */
	if (!b.bad && b.n <= VALUE_MAX && strlen(value) == b.n)
		setenv(name, value, 1);
}

static void
hook_environment(struct smpp_view json)
{
	struct pick k[KEYS] = {0};
	size_t i;

	for (i = 0; i < KEYS; i++)
		k[i] = (struct pick){keys[i], strlen(keys[i]), {NULL, 0}};
	pick_find(k, KEYS, json);
	for (i = 0; i < KEYS; i++)
		hook_variable(&k[i]);
	/* The command gets messages, not the means to send as us. */
	unsetenv("SMPP_PASSWORD");
}

/*
 * A file without a name that holds json and a line end: unlike a pipe, it
 * takes all of it at once and needs nobody to write while the command reads.
 */
static int
hook_input(struct smpp_view json)
{
	int fd = memfd_create("record", MFD_CLOEXEC);
	size_t done = 0;
	ssize_t n = 0;

	while (fd >= 0 && done < json.n && n >= 0) {
		n = write(fd, json.p + done, json.n - done);
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0 && n >= 0 && write(fd, "\n", 1) == 1 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/*
 * The child: never returns. Between fork and exec. SIGPIPE back to what
 * programs expect, a group of its own so that everything it starts can be
 * killed, and none of our sockets: one that a grandchild held would keep a
 * connection open after us.
 */
__attribute__((noreturn)) static void
become(const char *cmd, int fd, struct smpp_view json)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL};

	sigemptyset(&dfl.sa_mask);
	setpgid(0, 0);
	sigaction(SIGPIPE, &dfl, NULL);
	dup2(fd, STDIN_FILENO);
	closefrom(STDERR_FILENO + 1);
	hook_environment(json);
	execl("/bin/sh", "sh", "-c", cmd, (char *)NULL);
	_exit(127);
}

/* Called at once after what failed: errno is the reason. */
static int
hook_failed(struct hook_end *end)
{
	*end = (struct hook_end){HOOK_FAILED, errno};
	return -1;
}

int
hook_start(struct hook *h, const char *cmd, struct smpp_view json,
    int64_t limit_ms, struct hook_end *end)
{
	int fd = hook_input(json);
	pid_t pid;

	*h = (struct hook){.pid = 0, .until = INT64_MAX};
	if (fd < 0)
		return hook_failed(end);
	pid = fork();
	if (pid == 0)
		become(cmd, fd, json);
	if (pid < 0)
		hook_failed(end);
	close(fd);
	if (pid < 0)
		return -1;
	/*
	 * The child does so, too, since kill(-pid) may come before it has run.
	 */
	setpgid(pid, pid); /* whoever comes first */
	h->pid = pid;
	if (limit_ms > 0)
		h->until = smpp_clock_ms() + limit_ms;
	return 0;
}

/*
 * Tells a command whose time is over to go, or makes it. After KILL there is
 * no third step: it only remains to be waited for.
 */
static void
enforce(struct hook *h)
{
	int64_t now = smpp_clock_ms();

	if (now < h->until)
		return;
	kill(-h->pid, h->told ? SIGKILL : SIGTERM);
	h->until = h->told ? INT64_MAX : now + TERM_MS;
	h->told = true;
}

bool
hook_ended(struct hook *h, struct hook_end *end)
{
	int status;
	pid_t pid;

	if (h->pid == 0)
		return false;
	pid = waitpid(h->pid, &status, WNOHANG);
	if (pid == 0) {
		enforce(h);
		return false;
	}
	/*
	 * Late is late, whatever status it left with: a shell that caught TERM
	 * and then exits with 0 has not done its work.
	 */
	if (pid < 0)
		hook_failed(end);
	else if (h->told)
		*end = (struct hook_end){HOOK_LATE, 0};
	else if (WIFEXITED(status))
		*end = (struct hook_end){HOOK_EXIT, WEXITSTATUS(status)};
	else
		*end = (struct hook_end){HOOK_SIGNAL, WTERMSIG(status)};
	if (h->told && pid > 0)
		kill(-pid, SIGKILL); /* what it started and left */
	h->pid = 0;
	return true;
}

/*
 * Never later than before, and not after TERM: then until is the time of KILL.
 */
void
hook_hurry(struct hook *h, int64_t until)
{
	if (!h->told && until < h->until)
		h->until = until;
}

/*
 * For the end of the program: waits, so that no zombie nor a process that
 * still writes outlives it. KILL cannot be refused, the wait is short.
 */
void
hook_kill(struct hook *h)
{
	if (h->pid == 0)
		return;
	kill(-h->pid, SIGKILL);
	while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
		;
	h->pid = 0;
}

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
	/*
	 * Read to the end: a command that is still writing would die of
	 * SIGPIPE, and its status would then be a failure.
	 */
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

int
hook_shell(const char *command)
{
	int status = system(command);

	if (status == -1)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
