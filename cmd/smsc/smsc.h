/* What the parts of the simulated SMSC share. */
#ifndef SMPP_SMSC_SMSC_H
#define SMPP_SMSC_SMSC_H

#include "kit/cmd.h"
#include "faults/faultline.h"
#include "act.h"
#include "base/clock.h"
#include "mc/mc.h"
#include "net/engine.h"

enum {
	DELIVER_WINDOW = 100, /* deliveries that wait for their response */
	WAIT_MS = 60000,      /* for a receiver, without --receipt-keep */
	ADDR_MAX = 65,        /* an address and a NUL */
	FATES_MAX = 16,
	LISTEN_MAX = 8,
};

/* The options about rules. */
struct rule_args {
	struct opt_list rules, files;
	bool in_band;
};

struct smsc_args {
	struct opt_list listen;
	struct opt_list users;
	struct opt_list lists;
	struct opt_list outbind;
	const char *password_file;
	const char *dictionary;
	const char *accounts;
	const char *receipt;
	const char *style;
	const char *mo;
	const char *tls_cert, *tls_key, *tls_ca;
	double mo_rate;
	unsigned mo_split;
	uint32_t mo_lose;
	bool mo_shuffle;
	bool echo;
	bool keep;
	bool until_eof;
	bool stats;
	unsigned id_format;
	uint32_t ready_fd;
	uint32_t time_scale;
	uint32_t seed;
	uint32_t store;
	int64_t bind_timeout;
	int64_t enquire;
	int64_t login_delay;
	struct rule_args rules;
};

/* Fates, each with its share of total. */
struct fates {
	unsigned n;
	uint32_t total;
	uint32_t weight[FATES_MAX];
	struct smpp_mc_fate v[FATES_MAX];
};

/* Where connections are accepted, and whether they speak TLS. */
struct door {
	struct smpp_listener l;
	bool tls;
};

/* A list of peers, in two directions; a peer is in several. */
struct peer_link {
	struct peer *next, *prev;
};

struct peer_list {
	struct peer *first, *last;
};

/*
 * One connection, or the attempt to have one: what the engine has of it, the
 * faults, the message centre. act is the rule for the request that is being
 * handled, or NULL, and plan how its answer is sent. over is why we end it,
 * if it is not for a rule.
 */
struct peer {
	struct smpp_link link;
	struct fault_line line;
	struct smpp_mc_session client;
	struct smsc *mc;
	struct peer_link unbound, any;
	uint32_t number;
	char *range; /* address_range, if there is one */
	const char *over;
	const struct rule *act;
	struct fault_plan plan;
	uint32_t asked, told; /* requests, and answers that were given */
	uint32_t unread;      /* answers that were not written yet */
	uint8_t refusals;     /* of binds */
	bool receives;        /* is among the receivers */
	bool unsettled;       /* is among those without a bind */
	bool bound;           /* is counted as such */
	bool lingers;         /* logged out, and is to close by itself */
};

struct smsc_stats {
	uint32_t sessions, open, bound, binds_refused;
	uint64_t pdus, refused;
};

struct smsc {
	struct ctx *c;
	struct smsc_args a;
	struct smpp_engine e;
	struct door door[LISTEN_MAX];
	unsigned ndoors;
	struct smpp_tls_server *tls;
	struct smpp_watch signals, eof, output;
	bool stopping;
	bool output_lost; /* stdout cannot be written any more */
	bool ended;       /* nothing is left to be waited for */
	int rc;           /* with which it ends */
	struct peer_list unbound, receivers;
	uint32_t nunbound;
	struct smpp_mc centre;
	struct mo *mo;
	struct smpp_timer stats_timer;
	struct smpp_rng rng; /* of --seed; one draw changes all that follow */
	struct rules *rules; /* of rules.c */
	struct fault_pool pool;
	struct smsc_stats stats;
	struct fates fates; /* what --receipt says */
	unsigned style;     /* what --receipt-style says */
};

/* --- smsc.c --- */

/* Has a timer of the engine run then; out of memory ends the program. */
void smsc_timer(struct smsc *mc, struct smpp_timer *t, int64_t at);

/* --- peer.c: sessions --- */

/* Takes a connection on; the descriptor is its from here on. */
void peer_open(struct smsc *mc, int fd, const char *name, bool tls);

/* Makes a peer that is to be dialled; to is borrowed until it is gone. */
void peer_dial(struct smsc *mc, const struct smpp_dial_conf *to);

/* How sessions are, which those who are dialled need beforehand. */
struct smpp_session_conf peer_conf(const struct smsc *mc);

/* Sends the answer to a request, as the rules want it; see act.h. */
void peer_answer(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *response);

/* The same of an answer that is a header with a status; refusals are counted
 * and shown. */
void peer_refuse(
    struct peer *p, const struct smpp_pdu *request, uint32_t status);

/* Queues a PDU: a request, which gets its sequence number, as the rules want
 * it, or a response as it is. Returns 0, or SMPP_E* when it could not be. */
int peer_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag);

/* An answer has been given: said or not, nothing is open any more. */
void peer_told(struct peer *p, bool said);

/* Ends a connection: close does when what waits was written, reset at once and
 * with RST. why is shown. */
void peer_close(struct peer *p, const char *why);
void peer_reset(struct peer *p, const char *why);

/* Takes a peer out of those without a bind, if it is one. */
void peer_leave_unbound(struct peer *p);

/* Has a peer log out of its account, if it has one. */
void peer_leave(struct peer *p);

/* Sends unbind, if bound, and sees that the connection ends soon. */
void peer_stop(struct peer *p);

/* Closes the connection, if there is one, and frees the peer. */
void peer_free(struct peer *p);

/* The peer of a link of our engine. */
static inline struct peer *
peer_of(struct smpp_link *l)
{
	return l->user;
}

/* Adds to the end of a list of peers, removes; which is the offset of the
 * peer_link in the peer. */
void peers_add(struct peer_list *l, struct peer *p, size_t which);
void peers_del(struct peer_list *l, struct peer *p, size_t which);

/* --- bind.c: logging in and out --- */

/* Answers a bind; lets the peer in, or not. */
void on_bind(struct peer *p, const struct smpp_pdu *pdu);

/* Has a bound peer be among the receivers, if it is one; whenever its session
 * may have changed its state. */
void bind_settle(struct peer *p);

/* --- centre.c: the message centre, and the peers as its sessions --- */

/* Opens the centre as the options say. */
void centre_open(struct smsc *mc);

/* Does what a request asks for and answers it. */
void centre_request(struct peer *p, const struct smpp_pdu *pdu);

/* Ends the program when a call of the centre had no memory. */
void centre_check(int rc);

/* Reads --receipt-style. */
int style_read(struct smsc *mc);

/* --- users.c: who may bind, and how much may be sent --- */

/* Whether there is a list of accounts, and nobody else may bind. */
bool accounts_listed(const struct smsc *mc);

/* Reads --user, --password-file and --accounts, of which the centre is open.
 * Returns 0 or an exit class. */
int accounts_open(struct smsc *mc);

/* Reads options and file again; what is bad leaves all as it was. */
void accounts_reload(struct smsc *mc);

/* --- fate.c: what becomes of messages --- */

/* Reads "STAT[=WEIGHT][:TIME],..." or "none". what names the option, where
 * the text is from. Returns 0 or an exit class. */
int fates_read(
    struct ctx *c, struct fates *f, const char *what, const char *text);

/* The fate of the next message, by the shares. */
const struct smpp_mc_fate *fates_draw(struct smsc *mc, const struct fates *f);

/* --- mo.c: messages from phones --- */

/* Opens what --mo names. Returns 0 or an exit class. */
int mo_open(struct smsc *mc);
void mo_free(struct smsc *mc);

/* Goes on delivering, if there is somebody to deliver to. */
void mo_run(struct smsc *mc);

/* The words of --mo-split. */
extern const char *const mo_splits[];

/* --- lists.c: distribution lists --- */

/* Checks --dl NAME=ADDR,... Returns 0 or an exit class. */
int lists_open(struct smsc *mc);

/* Sets the member of a list that follows *at, 0 at first. False at its end, or
 * when there is no such list. */
bool list_next(const struct smsc *mc, struct smpp_view name, size_t *at,
    struct smpp_view *member);

/* --- door.c: where peers come from --- */

/* Listens as --listen says, and says so. Returns 0 or an exit class. */
int listen_open(struct smsc *mc);
void listen_close(struct smsc *mc);

/* Begins to connect to the ESMEs of --outbind. Returns 0 or an exit class. */
int outbind_all(struct smsc *mc);

/* The connection to one of them is there, or could not be had. */
void outbind_up(struct peer *p);
void outbind_failed(struct peer *p, const struct smpp_err *why);

/* --- console.c: what is seen --- */

/* One PDU as JSON: the trace of a connection. */
void console_json(void *arg, enum smpp_dir dir, struct smpp_view wire);

/* Whether lines for people are printed at all. */
bool console_wanted(const struct smsc *mc);

/* One line about a PDU of a peer for people; fmt says the rest of it. */
void console_line(struct peer *p, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The line of a message: who, to whom, what. id is NULL for none. */
void console_message(
    struct peer *p, const struct smpp_pdu *pdu, const char *id);

/* The counts, on stderr; as a record, on stdout. */
void console_stats(struct smsc *mc);
void console_stats_record(struct smsc *mc);

/* --- port.c --- */

/* Writes who listens on a port, "smpp (pid 4711)"; false when that cannot be
 * found out. */
bool port_owner(char *out, size_t n, unsigned port);

#endif
