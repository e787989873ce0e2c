/* What the files of the message centre share. */
#ifndef SMPP_MC_MC_INT_H
#define SMPP_MC_MC_INT_H

#include "mc/keep_int.h"

enum {
	SMPP_MC_ID_MAX = 65, /* a message_id and a NUL */
	SMPP_MC_SHARE = 7,   /* an account holds so much times what it leaves */
	SMPP_MC_SCAN = 10000,    /* messages that a request may look at */
	SMPP_MC_WORK = 100,      /* of mc->work: as much as a PDU takes */
	SMPP_MC_AGAIN_MS = 1000, /* after memory was short */
};

/*
 * Everything that shares a system_id: those of its sessions that take
 * deliveries, and what waits for one. Without allow it is gone with its last
 * session, message and delivery.
 */
struct smpp_mc_account {
	struct smpp_mc_account *next;
	char system_id[17];
	struct smpp_mc *mc;
	const struct smpp_mc_allow *allow; /* NULL: anything goes */
	uint32_t sessions;
	uint32_t messages; /* that will have something for it */
	size_t octets;     /* of deliveries in its share */
	struct smpp_mc_session *first, *last; /* receivers */
	struct smpp_mc_queue waiting, later;
	struct smpp_timer
	    timer;     /* of deliveries that are given up or retried */
	double tokens; /* of the rate, and when they were counted */
	int64_t counted;
};

/* A PDU on its way to an ESME, in wire form; a member of one queue. */
struct smpp_mc_delivery {
	struct smpp_mc_delivery *next, *prev;
	int64_t expires; /* when it is given up without a receiver */
	int64_t again;   /* when it is tried once more */
	uint32_t not_to; /* number of a session that shall not get it, or 0 */
	struct smpp_mc_account *account; /* in whose share it is, or NULL */
	uint8_t tries;
	bool receipt;
	uint32_t n;
	uint8_t wire[];
};

/* --- mc.c: time, answers --- */

/* Milliseconds since 1970 on the clock of messages, at this turn; and when the
 * clock of timers has come to that. */
int64_t smpp_mc_time(const struct smpp_mc *mc);
int64_t smpp_mc_when(const struct smpp_mc *mc, int64_t time);

/* Makes the response to a request, without fields. */
void smpp_mc_response(const struct smpp_mc_session *s,
    const struct smpp_pdu *request, struct smpp_pdu *resp);

/* Answers a request that went well; v5.0 is told how busy we are. */
void smpp_mc_reply(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_pdu *resp);

/* The same with no body, and with a status, or only when that is no ROK. */
void smpp_mc_reply_status(
    struct smpp_mc_session *s, const struct smpp_pdu *request, uint32_t status);

/* Copies a string field, cut to cap octets with its NUL. */
static inline void
smpp_mc_copy(char *out, size_t cap, struct smpp_view v)
{
	size_t n = v.n < cap ? v.n : cap - 1;

	if (n > 0)
		memcpy(out, v.p, n);
	out[n] = '\0';
}

/* --- messages.c: the keep, as the operations see it --- */

/*
 * Makes a message of an account, all zero but its serial; serial as of
 * struct smpp_keep_ops. Sets *m, to NULL when there is no room for it, or the
 * account has its share. Returns 0 or SMPP_ENOMEM.
 */
int smpp_mc_message_new(struct smpp_mc *mc, const struct smpp_mc_account *a,
    uint32_t serial, struct smpp_mc_message **m);

/* Has something be done for a message, and sent to an account; with
 * SMPP_FOREVER nothing is left to be done. Returns 0 or SMPP_ENOMEM. */
int smpp_mc_message_set(struct smpp_mc *mc, struct smpp_mc_message *m,
    struct smpp_mc_account *a, int64_t at);

/* Has the timer run when the first message is due. Returns 0 or SMPP_ENOMEM. */
int smpp_mc_watch(struct smpp_mc *mc);

/* The first message of a serial, and the next destination of it. */
struct smpp_mc_message *smpp_mc_message_find(
    const struct smpp_mc *mc, uint32_t serial);
struct smpp_mc_message *smpp_mc_message_again(
    const struct smpp_mc *mc, const struct smpp_mc_message *m);

/*
 * Walks the newest messages, the last one first, one a serial. Begin with
 * left and serial of what smpp_mc_scan_begin() returns; NULL at the end.
 */
struct smpp_mc_scan {
	struct smpp_mc *mc;
	uint32_t serial, left;
};

struct smpp_mc_scan smpp_mc_scan_begin(struct smpp_mc *mc, uint32_t serial);
struct smpp_mc_message *smpp_mc_scan_next(struct smpp_mc_scan *scan);

/* The state of a message now, as sessions of this version are told; whether it
 * has reached its last. */
uint8_t smpp_mc_message_state(const struct smpp_mc *mc,
    const struct smpp_mc_message *m, enum smpp_ver ver);
bool smpp_mc_message_final(
    const struct smpp_mc *mc, const struct smpp_mc_message *m);

/* Writes the message_id of a serial, in v3.3 of 8 digits; the serial of an id,
 * 0 when it is none of ours. */
void smpp_mc_id_write(const struct smpp_mc *mc, uint32_t serial,
    enum smpp_ver ver, char out[SMPP_MC_ID_MAX]);
uint32_t smpp_mc_id_read(const struct smpp_mc *mc, struct smpp_view id);

/* --- account.c --- */

/* Makes an account that is not there; NULL without memory. */
struct smpp_mc_account *smpp_mc_account_make(
    struct smpp_mc *mc, struct smpp_view system_id);
struct smpp_mc_account *smpp_mc_account_find(
    const struct smpp_mc *mc, struct smpp_view system_id);

/* Lets go of an account that nothing is left of. */
void smpp_mc_account_drop(struct smpp_mc_account *a);
void smpp_mc_accounts_free(struct smpp_mc *mc);

/* The status that n more messages deserve: ESME_ROK, or too many. */
uint32_t smpp_mc_admit(struct smpp_mc_session *s, unsigned n);

/* How much of what there is is used, 0 to 100. */
uint8_t smpp_mc_load(const struct smpp_mc_session *s);

/* --- deliver.c, handon.c --- */

/* Sends what waits, as far as the receivers take it. */
int smpp_mc_account_flush(struct smpp_mc_account *a);

/* Sets *pdu to what a delivery is in a version; v3.3 has only deliver_sm.
 * False when it is nothing there. */
bool smpp_mc_in_version(
    struct smpp_pdu *pdu, const struct smpp_mc_delivery *d, enum smpp_ver ver);

/* Sets the text of *d, which is NULL after that when too much is held. */
int smpp_mc_delivery_text(
    struct smpp_mc *mc, struct smpp_mc_delivery **d, struct smpp_view text);

/* --- life.c --- */

/* Begins the life of a message whose members are set: what it has to do is
 * done at its time. */
int smpp_mc_life_begin(struct smpp_mc *mc, struct smpp_mc_message *m);

/* Ends it in a state, now: cancelled or replaced; a receipt says so. */
int smpp_mc_life_end(struct smpp_mc *mc, struct smpp_mc_message *m,
    uint8_t state, const char *stat);

/* Reads schedule_delivery_time, validity_period and qos_time_to_live of a
 * request; sets starts and expires and, by the fate, due and state. */
uint32_t smpp_mc_life_times(struct smpp_mc *mc, struct smpp_mc_message *m,
    const struct smpp_pdu *pdu, const struct smpp_mc_fate *fate);

/* Sets the fate of the message of a request. */
void smpp_mc_life_fate(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    struct smpp_mc_fate *fate);

/* Does what is due next. */
void smpp_mc_life_turn(struct smpp_timer *t, int64_t now);

/* --- mcreceipt.c: receipts --- */

/* Whether a message wants to hear of its state; the notification between. */
bool smpp_mc_receipt_wanted(const struct smpp_mc_message *m);
bool smpp_mc_notice_wanted(const struct smpp_mc_message *m);

/* Sends the receipt of a message to its account, or the notification that it
 * is on its way. */
int smpp_mc_receipt(
    struct smpp_mc *mc, const struct smpp_mc_message *m, bool notice);

/* Tells that the phone can be reached again, where set_dpf asked for that. */
int smpp_mc_alert(struct smpp_mc *mc, const struct smpp_mc_message *m);

/* --- intake.c, query.c, cellcast.c, old.c: the operations --- */

/* All answer the request, or return SMPP_ENOMEM, or both. */
typedef int smpp_mc_operation(
    struct smpp_mc_session *s, const struct smpp_pdu *pdu);

smpp_mc_operation smpp_mc_submit, smpp_mc_submit_multi, smpp_mc_query,
    smpp_mc_cancel, smpp_mc_replace, smpp_mc_broadcast, smpp_mc_query_broadcast,
    smpp_mc_cancel_broadcast, smpp_mc_query_last, smpp_mc_query_details;

/* The text of a message, as much as is kept, without a user data header. */
struct smpp_view smpp_mc_text(const struct smpp_pdu *pdu);

/* The message of this kind that message_id, source_addr and, where there is
 * one, destination_addr name. NULL, and *status set: wrong when only the id
 * is right. */
struct smpp_mc_message *smpp_mc_asked(struct smpp_mc_session *s,
    const struct smpp_pdu *pdu, unsigned kind, uint32_t wrong,
    uint32_t *status);

/* When and with which error a message reached its end; nothing before. */
void smpp_mc_final_date(
    const struct smpp_mc *mc, const struct smpp_mc_message *m, char out[17]);
uint32_t smpp_mc_final_error(
    const struct smpp_mc *mc, const struct smpp_mc_message *m);

#endif
