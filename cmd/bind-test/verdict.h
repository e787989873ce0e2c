/* What the parts of smpp bind-test share. */
#ifndef SMPP_BIND_TEST_TEST_H
#define SMPP_BIND_TEST_TEST_H

#include "target/link.h"
#include "range.h"

/* The exit status of a monitoring plugin, in order of gravity. */
enum state { STATE_OK, STATE_WARNING, STATE_CRITICAL, STATE_UNKNOWN };

struct test_args {
	struct target target;
	const char *warning;
	const char *critical;
	const char *cert_days;
	bool nagios;
	bool prometheus;
	bool dry;
};

/*
 * A test under way. under_way: connecting has begun, failures are results.
 * state is what a plugin ends with, id the system_id of the SMSC; enquire_ms is
 * below 0 when not known.
 */
struct test {
	struct ctx *c;
	struct test_args a;
	struct range warning, critical;
	struct range cert_warning, cert_critical;
	struct link link;
	bool under_way;
	enum state state;
	char id[32];
	double enquire_ms;
};

/* Prints what came of a test in which all went well; returns the exit class,
 * which thresholds decide. */
int test_report(struct test *t);

/* Makes an error the result, where the result is for a machine: on_error of
 * struct ctx, arg is the test. */
bool test_error(void *arg, int exit, const char *what, const char *msg);

#endif
