/* What the benchmarks share: the PDUs, the clock, one JSON line a figure. */
#include "t/bench/bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "smpp/pdu.h"

/* xorshift: the same on every machine, unlike rand(). */
static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 33) % below;
}

/* n characters of set, as a view of the caller's array. */
static struct smpp_view
words(char *out, size_t n, const char *set, uint64_t *seed)
{
	uint32_t count = (uint32_t)strlen(set);

	for (size_t i = 0; i < n; i++)
		out[i] = set[draw(seed, count)];
	return smpp_view_of(out, n);
}

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyz ";

struct text {
	char a[32], b[32], c[256], id[16];
};

static void
addresses(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	smpp_pdu_set_num(pdu, SMPP_F_source_addr_ton, 5);
	smpp_pdu_set_view(pdu, SMPP_F_source_addr,
	    words(t->a, 4 + draw(seed, 8), letters, seed));
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_ton, 1);
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_npi, 1);
	smpp_pdu_set_view(pdu, SMPP_F_destination_addr,
	    words(t->b, 10 + draw(seed, 6), digits, seed));
	smpp_pdu_set_num(pdu, SMPP_F_registered_delivery, 1);
}

static void
submit_sm(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	addresses(pdu, t, seed);
	smpp_pdu_set_view(pdu, SMPP_F_short_message,
	    words(t->c, 129 - smpp_pdu_size(pdu), letters, seed));
}

static void
receipt(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	static const uint8_t delivered[] = {2};

	addresses(pdu, t, seed);
	words(t->id, 8, "0123456789abcdef", seed);
	snprintf(t->c, sizeof(t->c),
	    "id:%.8s sub:001 dlvrd:001 submit date:2611211042 "
	    "done date:2611211043 stat:DELIVRD err:000 text:%.8s",
	    t->id, t->a);
	smpp_pdu_set_num(pdu, SMPP_F_esm_class, 4);
	smpp_pdu_set_view(pdu, SMPP_F_short_message, smpp_view_str(t->c));
	t->id[8] = 0;
	smpp_pdu_add_tlv(
	    pdu, SMPP_T_receipted_message_id, smpp_view_of(t->id, 9));
	smpp_pdu_add_tlv(pdu, SMPP_T_message_state, smpp_view_of(delivered, 1));
}

static void
message_id(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	smpp_pdu_set_view(
	    pdu, SMPP_F_message_id, words(t->a, 8, "0123456789abcdef", seed));
}

static void
enquire_link(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	(void)pdu, (void)t, (void)seed;
}

static void
bind_resp(struct smpp_pdu *pdu, struct text *t, uint64_t *seed)
{
	static const uint8_t v34[] = {0x34};

	smpp_pdu_set_view(pdu, SMPP_F_system_id,
	    words(t->a, 4 + draw(seed, 8), letters, seed));
	smpp_pdu_add_tlv(
	    pdu, SMPP_T_sc_interface_version, smpp_view_of(v34, 1));
}

size_t
bench_pdu(uint8_t *out, unsigned kind, uint64_t *seed)
{
	static const struct {
		uint32_t command_id;
		void (*fill)(struct smpp_pdu *, struct text *, uint64_t *);
	} row[MIX_COUNT] = {
	    [MIX_SUBMIT_SM] = {SMPP_C_submit_sm, submit_sm},
	    [MIX_RECEIPT] = {SMPP_C_deliver_sm, receipt},
	    [MIX_SUBMIT_SM_RESP] = {SMPP_C_submit_sm_resp, message_id},
	    [MIX_ENQUIRE_LINK] = {SMPP_C_enquire_link, enquire_link},
	    [MIX_BIND_RESP] = {SMPP_C_bind_transceiver_resp, bind_resp},
	};
	struct smpp_pdu pdu;
	struct text t;
	struct smpp_wr w;

	smpp_pdu_init(
	    &pdu, row[kind].command_id, 1 + draw(seed, 0x7fffffff), SMPP_V34);
	row[kind].fill(&pdu, &t, seed);
	smpp_wr_init(&w, out, 256);
	if (smpp_encode(&w, &pdu) < 0)
		abort();
	return w.n;
}

double
bench_best(unsigned best_of, void (*body)(void *), void *arg)
{
	uint64_t best = UINT64_MAX, start, took;

	for (unsigned i = 0; i < best_of; i++) {
		start = smpp_clock_ns();
		body(arg);
		took = smpp_clock_ns() - start;
		if (took < best)
			best = took;
	}
	return (double)best / 1e9;
}

void
bench_report(const char *bench, const char *unit, double value,
    unsigned best_of, const char *target)
{
	printf("{\"bench\":\"%s\",\"unit\":\"%s\",\"value\":%.4g,"
	       "\"best_of\":%u",
	    bench, unit, value, best_of);
	if (target != NULL)
		printf(",\"target\":\"%s\"", target);
	printf("}\n");
	fflush(stdout);
}

/* A program that is run, its output going nowhere. */
struct call {
	char *const *argv;
	posix_spawn_file_actions_t quiet;
};

static void
run_program(void *arg)
{
	char *const no_env[] = {NULL};
	struct call *c = arg;
	int status;
	pid_t pid;

	if (posix_spawn(&pid, c->argv[0], &c->quiet, NULL, c->argv, no_env) !=
		0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s: failed\n", c->argv[0]);
		exit(1);
	}
}

double
bench_start(const char *name, unsigned best_of, char *const *argv)
{
	struct call c = {.argv = argv};
	double ms;

	posix_spawn_file_actions_init(&c.quiet);
	posix_spawn_file_actions_addopen(
	    &c.quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	ms = bench_best(best_of, run_program, &c) * 1e3;
	posix_spawn_file_actions_destroy(&c.quiet);
	bench_report(name, "ms", ms, best_of, NULL);
	return ms;
}
