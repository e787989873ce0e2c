/*
 * smpp send of one message to smpp smsc, start to exit, beside a bare program
 * that writes and reads the same octets: this one, called with a port.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t/bench/bench.h"

enum { BEST_OF = 400 };

static char *const no_env[] = {NULL};

/* What smpp send writes; each is answered before the next one goes. */
static const char bind_pdu[] = "\0\0\0\x1b\0\0\0\2\0\0\0\0\0\0\0\1"
			       "acme\0\0\0\x34\0\0\0";
static const char submit_pdu[] = "\0\0\0\x36\0\0\0\4\0\0\0\0\0\0\0\2"
				 "\0\5\0ACME\0\1\1"
				 "491701234567\0\0\0\0\0\0\0\0\0\0\5Hello";
static const char unbind_pdu[] = "\0\0\0\x10\0\0\0\6\0\0\0\0\0\0\0\3";

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
exchange(int fd, const char *pdu, size_t n)
{
	char answer[256];

	if (write(fd, pdu, n) != (ssize_t)n ||
	    read(fd, answer, sizeof(answer)) < 16 || answer[4] != '\x80')
		fail("bare client");
}

static int
client(const char *port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		fail("connect");
	exchange(fd, bind_pdu, sizeof(bind_pdu) - 1);
	exchange(fd, submit_pdu, sizeof(submit_pdu) - 1);
	exchange(fd, unbind_pdu, sizeof(unbind_pdu) - 1);
	close(fd);
	return 0;
}

/* Starts an SMSC on a free port, which it tells. */
static pid_t
start_smsc(char *smpp, char port[16])
{
	char *argv[] = {smpp, "smsc", "-q", "-L", "127.0.0.1:0", "--ready-fd",
	    "9", "--receipt", "none", NULL};
	posix_spawn_file_actions_t fa;
	char text[32];
	ssize_t n;
	pid_t pid;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) != 0)
		fail("pipe");
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fd[1], 9);
	if (posix_spawn(&pid, smpp, &fa, NULL, argv, no_env) != 0)
		fail(smpp);
	posix_spawn_file_actions_destroy(&fa);
	n = read(fd[0], text, sizeof(text) - 1);
	if (n <= 1)
		fail("smsc");
	text[n - 1] = '\0';
	snprintf(port, 16, "%.15s", strrchr(text, ':') + 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

int
main(int argc, char **argv)
{
	const char *b = getenv("B");
	char smpp[4096], url[64], port[16];
	char *bare[] = {argv[0], port, NULL};
	char *send[] = {smpp, "send", url, "-s", "ACME", "-d", "+491701234567",
	    "-m", "Hello", NULL};
	double floor;
	pid_t pid;

	if (argc == 2)
		return client(argv[1]);
	snprintf(smpp, sizeof(smpp), "%s/smpp", b != NULL ? b : "build");
	pid = start_smsc(smpp, port);
	snprintf(url, sizeof(url), "smpp://acme@127.0.0.1:%s", port);
	floor = bench_start("bare client, one message", BEST_OF, bare);
	bench_report("smpp send / bare client", "times",
	    bench_start("smpp send, one message", BEST_OF, send) / floor,
	    BEST_OF, "<= 3");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return 0;
}
