/* Where to connect and how: the options all connecting commands share. */
#ifndef SMPP_TARGET_H
#define SMPP_TARGET_H

#include "kit/cmd.h"
#include "secret.h"
#include "smpp/table.h"

/* BIND_ANY as a default is trx, and tx in SMPP 3.3, which has no trx. */
enum target_bind { BIND_TX, BIND_RX, BIND_TRX, BIND_ANY, BIND_UNSET = -1 };

enum { TARGET_MAX_ROWS = 32 };

/*
 * The settings. A command fills it with target_init(), has opt_parse() set
 * what was given, and then target_resolve() the rest. What is not set is NULL,
 * or one of the values that target_init() gave it.
 */
struct target {
	const char *word; /* TARGET */
	const char *host;
	uint32_t port;
	const char *system_id;
	const char *system_type;
	unsigned version;
	unsigned bind; /* enum target_bind */
	const char *addr_ton, *addr_npi;
	const char *address_range;
	const char *source_ip;
	unsigned alphabet; /* enum smpp_alphabet: what data_coding 0 means */
	const char *dictionary;
	bool ip4, ip6;
	bool tls, insecure;
	const char *cacert, *cert, *key, *sni;
	int64_t connect_ms, response_ms, enquire_ms, total_ms;
	const char *trace;
	struct secret_args secret;
	bool
	    pairs; /* the command can do with two binds where there is no trx */
	const char *limit; /* default of total_ms, for commands that have one */

	/* Set by target_resolve(). name is host and port as a user says them,
	 * from says for each row of target_opts where its value came from. */
	enum smpp_ver ver;
	uint32_t ton, npi;
	char port_text[8];
	const char *name;
	const char *from[TARGET_MAX_ROWS];
	struct secret password;
	struct smpp_capture *capture; /* of --trace, made by link_open() */
};

/* The rows of the block, relative to struct target. */
extern const struct opt target_opts[];

/* The words of enum target_bind, then NULL. */
extern const char *const target_binds[];

void target_init(struct target *t);

/*
 * Completes the settings in the order of precedence: options, URL or profile,
 * environment, the profile "default" without a target, built-in; bind is the
 * command's own default. Finds the password. Returns 0, or an exit class after
 * it said what is wrong.
 */
int target_resolve(struct ctx *c, struct target *t, enum target_bind bind);

/* Whether it is known where to connect. Returns 0, or an exit class after it
 * said what is missing. */
int target_required(struct ctx *c, const struct target *t);

/* Where the setting of this long name came from, in words for a hint. */
const char *target_from(const struct target *t, const char *name);

/* Finds the password; target_resolve() does not where no host is known. Returns
 * as that. */
int target_password(struct ctx *c, struct target *t);

/* Whether the setting of this long name is the built-in one. */
bool target_default(const struct target *t, const char *name);

/* Whether the setting of this long name, which there is, takes this text. */
bool target_takes(const char *name, const char *text);

/* Says every effective setting and where it came from on stderr (-n). */
void target_show(struct ctx *c, const struct target *t);

/* A duration as people write it: 250ms, 5s, 2m, 1h. */
const char *target_duration(char out[24], int64_t ms);

#endif
