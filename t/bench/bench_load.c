/*
 * smpp load against smpp smsc, beside the ideal engine of the same shape: two
 * processes, each with a loop over epoll, that exchange as many octets over
 * loopback, with the same windows, and look at none of them. Each side has a
 * core of its own. And node-smpp with itself, where it is installed.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "t/bench/bench.h"

/* Octets of the submit_sm that load sends here, and of its response. */
enum { REQUEST = 61, RESPONSE = 24, SECONDS = 1, READY_FD = 9 };

/* A process that was started, what it took, and what it printed. */
struct proc {
	pid_t pid;
	int out; /* its descriptor READY_FD, or its output, can be read here */
	double cpu, megabytes;
};

/* What two processes came to: messages, seconds, and each of them. */
struct result {
	double n, seconds;
	struct proc client, server;
};

/* Where the two processes of a run are: on one core, or on two; the server is
 * always on the first. */
enum place { TOGETHER, APART };

static char smpp[4096];

static void
die(const char *what)
{
	fprintf(stderr, "bench_load: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- processes --- */

/* Starts argv, or fn(arg), on a core; fd of the child can be read at p->out. */
static void
start(struct proc *p, int fd, int core, char *const *argv,
    void (*fn)(int out, void *arg), void *arg)
{
	cpu_set_t cores;
	int ends[2], null;

	if (pipe2(ends, O_CLOEXEC) != 0 || (p->pid = fork()) < 0)
		die("fork");
	if (p->pid > 0) {
		close(ends[1]);
		p->out = ends[0];
		return;
	}
	CPU_ZERO(&cores);
	CPU_SET(core, &cores);
	sched_setaffinity(0, sizeof(cores), &cores);
	if (fn != NULL) {
		fn(ends[1], arg);
		_exit(0);
	}
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDERR_FILENO);
	if (fd != STDOUT_FILENO)
		dup2(null, STDOUT_FILENO);
	dup2(ends[1], fd);
	execvp(argv[0], argv);
	_exit(127);
}

/* Reads a number, or the port of an address, from the pipe of a process. */
static double
number_of(struct proc *p)
{
	char text[64] = "";
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(text) - 1 && strchr(text, '\n') == NULL &&
	       (got = read(p->out, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	return strtod(strchr(text, ':') ? strrchr(text, ':') + 1 : text, NULL);
}

/* Waits for a process, after TERM if it does not end by itself. */
static void
finish(struct proc *p, int with)
{
	struct rusage u;
	int status;

	if (with != 0)
		kill(p->pid, with);
	close(p->out);
	if (wait4(p->pid, &status, 0, &u) != p->pid)
		die("wait4");
	p->cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		 (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
	p->megabytes = (double)u.ru_maxrss / 1024;
}

/* --- the ideal engine --- */

struct ideal {
	unsigned window;
	uint16_t port;
};

static int
ideal_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* Waits until there is something to read, as a program with many connections
 * has to, and reads it. Returns 0 at the end. */
static size_t
ideal_read(int loop, int fd, char *in, size_t n)
{
	struct epoll_event e;
	ssize_t got;

	if (epoll_wait(loop, &e, 1, -1) != 1)
		return 0;
	got = recv(fd, in, n, MSG_DONTWAIT);
	return got > 0 ? (size_t)got : 0;
}

static int
ideal_loop(int fd)
{
	struct epoll_event e = {.events = EPOLLIN};
	int loop = epoll_create1(EPOLL_CLOEXEC);

	if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, fd, &e) != 0)
		die("epoll");
	return loop;
}

static void
say(int out, double n)
{
	dprintf(out, "%.0f\n", n);
}

/* Answers as many requests as came whole. */
static void
ideal_server(int out, void *arg)
{
	static char in[65536], answers[65536];
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);
	int l = ideal_socket(), fd, one = 1;
	size_t held = 0, got;
	int loop;

	(void)arg;
	if (bind(l, (struct sockaddr *)&a, len) != 0 || listen(l, 1) != 0 ||
	    getsockname(l, (struct sockaddr *)&a, &len) != 0)
		die("listen");
	say(out, ntohs(a.sin_port));
	fd = accept(l, NULL, NULL);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	loop = ideal_loop(fd);
	while ((got = ideal_read(loop, fd, in, sizeof(in))) > 0) {
		held += got;
		if (held >= REQUEST &&
		    send(fd, answers, held / REQUEST * RESPONSE, 0) < 0)
			break;
		held %= REQUEST;
	}
}

/* Sends what the window takes and reads the answers, for a time. */
static void
ideal_client(int out, void *arg)
{
	static char requests[1000 * REQUEST], in[65536];
	const struct ideal *p = arg;
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons(p->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	uint64_t end = smpp_clock_ns() + SECONDS * 1000000000ull;
	size_t room = p->window, held = 0, got;
	int fd = ideal_socket(), loop;
	double n = 0;

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		die("connect");
	loop = ideal_loop(fd);
	while (smpp_clock_ns() < end) {
		if (room > 0 && send(fd, requests, room * REQUEST, 0) < 0)
			break;
		got = ideal_read(loop, fd, in, sizeof(in));
		if (got == 0)
			break;
		held += got;
		room = held / RESPONSE;
		held %= RESPONSE;
		n += (double)room;
	}
	say(out, n);
}

static struct result
run_ideal(unsigned window, enum place place)
{
	struct ideal p = {.window = window};
	struct result r = {.seconds = SECONDS};

	start(&r.server, 0, 0, NULL, ideal_server, &p);
	p.port = (uint16_t)number_of(&r.server);
	start(&r.client, 0, place, NULL, ideal_client, &p);
	r.n = number_of(&r.client);
	finish(&r.client, 0);
	finish(&r.server, 0);
	return r;
}

/* --- load against smsc --- */

/* count 0 is as many as go into SECONDS. */
static struct result
run_load(unsigned sessions, unsigned window, unsigned count, enum place place)
{
	char target[32], s[16], w[16], many[24];
	char *smsc[] = {smpp, "smsc", "-q", "-L", "127.0.0.1:0", "--ready-fd",
	    "9", "--receipt", "none", NULL};
	char *load[] = {smpp, "load", target, "-sACME", "-d4917{rand:8}",
	    "-mHello", "-Rmax", "--sessions", s, "--window", w, many, "-F",
	    "%{ok}\\n", NULL};
	struct result r = {.seconds = SECONDS};
	uint64_t began;

	snprintf(s, sizeof(s), "%u", sessions);
	snprintf(w, sizeof(w), "%u", window);
	snprintf(many, sizeof(many), count > 0 ? "-C%u" : "--duration=%us",
	    count > 0 ? count : SECONDS);
	start(&r.server, READY_FD, 0, smsc, NULL, NULL);
	snprintf(
	    target, sizeof(target), "127.0.0.1:%.0f", number_of(&r.server));
	began = smpp_clock_ns();
	start(&r.client, STDOUT_FILENO, place, load, NULL, NULL);
	r.n = number_of(&r.client);
	finish(&r.client, 0);
	if (count > 0)
		r.seconds = (double)(smpp_clock_ns() - began) / 1e9;
	finish(&r.server, SIGTERM);
	return r;
}

/* --- node-smpp with itself --- */

static struct result
run_node(unsigned window)
{
	char port[16], w[16], seconds[16];
	char *serve[] = {"node", "t/bench/node_load.js", "serve", NULL};
	char *send[] = {
	    "node", "t/bench/node_load.js", "send", port, w, seconds, NULL};
	struct result r = {.seconds = SECONDS};

	snprintf(w, sizeof(w), "%u", window);
	snprintf(seconds, sizeof(seconds), "%d", SECONDS);
	start(&r.server, STDOUT_FILENO, 0, serve, NULL, NULL);
	snprintf(port, sizeof(port), "%.0f", number_of(&r.server));
	start(&r.client, STDOUT_FILENO, APART, send, NULL, NULL);
	r.n = number_of(&r.client);
	finish(&r.client, 0);
	finish(&r.server, SIGTERM);
	return r;
}

/* --- what is measured --- */

static double
rate(const struct result *r)
{
	return r->n / r->seconds / 1e6;
}

/* CPU seconds of both sides for a million messages. */
static double
cost(const struct result *r)
{
	return r->n > 0 ? (r->client.cpu + r->server.cpu) / r->n * 1e6 : 0;
}

/* The one of two results that is faster. */
static struct result
faster(struct result a, struct result b)
{
	return rate(&a) > rate(&b) ? a : b;
}

static void
report(const char *who, unsigned sessions, unsigned window, const char *what,
    const char *unit, double value, const char *target)
{
	char name[128];

	snprintf(name, sizeof(name), "%s, %u session%s, window %u%s%s", who,
	    sessions, sessions == 1 ? "" : "s", window,
	    *what == '\0' ? "" : ", ", what);
	bench_report(name, unit, value, 2, target);
}

static void
report_cpu(
    const char *who, unsigned sessions, unsigned window, const struct result *r)
{
	report(who, sessions, window, "CPU of the client", "s/million",
	    r->client.cpu / r->n * 1e6, NULL);
	report(who, sessions, window, "CPU of the server", "s/million",
	    r->server.cpu / r->n * 1e6, NULL);
}

/* One window: the ideal engine, and ours. */
static void
bench_window(unsigned window, const char *target, const char *share)
{
	struct result ideal = faster(
	    run_ideal(window, APART), run_ideal(window, APART));
	struct result ours = faster(
	    run_load(1, window, 0, APART), run_load(1, window, 0, APART));

	report("ideal engine", 1, window, "", "million/s", rate(&ideal), NULL);
	report("load to smsc", 1, window, "", "million/s", rate(&ours), target);
	report_cpu("load to smsc", 1, window, &ours);
	report("load to smsc / ideal engine", 1, window, "", "times",
	    rate(&ours) / rate(&ideal), share);
}

/* Window 1 is a matter of how processes are switched: on one core. */
static void
bench_one_by_one(void)
{
	struct result ideal = faster(
	    run_ideal(1, TOGETHER), run_ideal(1, TOGETHER));
	struct result ours = faster(
	    run_load(1, 1, 0, TOGETHER), run_load(1, 1, 0, TOGETHER));

	report("ideal engine", 1, 1, "CPU of both, on one core", "s/million",
	    cost(&ideal), NULL);
	report("load to smsc", 1, 1, "CPU of both, on one core", "s/million",
	    cost(&ours), NULL);
	report("load to smsc / ideal engine", 1, 1, "CPU", "times",
	    cost(&ours) / cost(&ideal), "<= 1.3");
}

/* What a message costs must not depend on how many there are. */
static void
bench_flat(void)
{
	static const unsigned counts[] = {1000, 100000, 10000000};
	static const unsigned sessions[] = {1, 10, 100, 1000};
	struct result r;
	char what[64];

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		r = run_load(1, 1000, counts[i], APART);
		snprintf(
		    what, sizeof(what), "%u messages, CPU of both", counts[i]);
		report(
		    "load to smsc", 1, 1000, what, "s/million", cost(&r), NULL);
	}
	report("load to smsc", 1, 1000, "memory of the client", "MB",
	    r.client.megabytes, NULL);
	report("load to smsc", 1, 1000, "memory of the server", "MB",
	    r.server.megabytes, NULL);
	for (size_t i = 0; i < sizeof(sessions) / sizeof(*sessions); i++) {
		r = run_load(sessions[i], 100, 1000000, APART);
		report("load to smsc", sessions[i], 100,
		    "a million messages, CPU of both", "s/million", cost(&r),
		    NULL);
	}
}

static void
bench_sessions(void)
{
	static const unsigned sessions[] = {2, 4}, windows[] = {10, 100, 1000};
	struct result r;

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 3; k++) {
			r = run_load(sessions[i], windows[k], 0, APART);
			report("load to smsc", sessions[i], windows[k], "",
			    "million/s", rate(&r), NULL);
		}
}

static void
bench_node(const char *b)
{
	static const unsigned windows[] = {1, 10, 100, 1000};
	char path[4096];
	struct result r;

	snprintf(path, sizeof(path), "%.4000s/node_modules/smpp", b);
	if (access(path, R_OK) != 0 || setenv("NODE_SMPP", path, 1) != 0)
		return;
	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		r = run_node(windows[i]);
		report("node-smpp to itself", 1, windows[i], "", "million/s",
		    rate(&r), NULL);
		if (r.n > 0)
			report_cpu("node-smpp to itself", 1, windows[i], &r);
	}
}

int
main(void)
{
	const char *b = getenv("B") != NULL ? getenv("B") : "build";
	char path[4096];

	if (realpath(b, path) == NULL)
		die(b);
	snprintf(smpp, sizeof(smpp), "%.4000s/smpp", path);
	bench_window(1, NULL, NULL);
	bench_window(10, NULL, NULL);
	bench_window(100, ">= 1", ">= 0.6");
	bench_window(1000, ">= 3", NULL);
	bench_one_by_one();
	bench_sessions();
	bench_flat();
	bench_node(path);
	return 0;
}
