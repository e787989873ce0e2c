/* The messages that the simulated SMSC knows of: found by id, bounded. */
#ifndef SMPP_SMSC_STORE_H
#define SMPP_SMSC_STORE_H

#include "smsc.h"

enum { TEXT_KEPT = 160 };

/* What a message is; cancel and query tell them apart. */
enum message_kind { MESSAGE_SHORT, MESSAGE_BROADCAST };

/*
 * One message. submitted, starts (schedule or submitted), due and expires are
 * on the clock of smsc_time(); due is when it reaches state, its last. While
 * timer or loop are set something is still to be done for it, and it is not
 * forgotten; account is set as long.
 */
struct message {
	struct message *next;          /* in its bucket, by serial */
	struct message *older, *newer; /* among those that may be forgotten */
	struct timer timer;
	struct account *account;
	struct delivery *loop; /* to be delivered when it starts */
	int64_t submitted, starts, due, expires;
	uint32_t serial;
	uint32_t session; /* number of the peer it came from */
	uint8_t kind, step;
	uint8_t state, registered;
	bool dpf;    /* set_dpf was 1 */
	bool listed; /* is among those that may be forgotten */
	enum smpp_ver ver;
	char stat[16];
	char err[4];
	uint8_t source_ton, source_npi, dest_ton, dest_npi;
	uint8_t protocol, priority, coding;
	char service[7];
	char source[ADDR_MAX], dest[ADDR_MAX];
	bool has_reference;
	uint8_t reference[2]; /* user_message_reference */
	uint8_t *areas;       /* of a broadcast: TLVs, on the heap */
	uint32_t nareas;
	uint8_t content[3]; /* its broadcast_content_type */
	uint8_t ntext;
	uint8_t text[TEXT_KEPT];
};

/* --id-format */
enum id_format { ID_PLAIN, ID_HEX8, ID_DEC10, ID_UUID, ID_HEX64 };
extern const char *const id_formats[];

/* Makes an empty store for max messages. Never NULL. */
struct store *store_open(uint32_t max);
void store_free(struct store *s);

/*
 * A new message, all zero but its id: the oldest one for which nothing is left
 * to be done makes room. NULL when there is none, or a has its share. serial is
 * 0 for a new id, or that of a message for a further destination.
 */
struct message *store_new(
    struct smsc *mc, const struct account *a, uint32_t serial);

/* The message has nothing left to be done: it may be forgotten. */
void store_done(struct smsc *mc, struct message *m);

/* The other way round: something is to be done for it, and sent to account. */
void store_keep(struct smsc *mc, struct message *m, struct account *account);

/* How many messages of 100 cannot be forgotten. */
uint8_t store_load(const struct store *s);

/* How many are known. */
uint32_t store_count(const struct store *s);

/* Writes the message_id of a serial in the form of --id-format; in v3.3, which
 * has 8 characters, as 8 hexadecimal digits. */
void id_write(const struct smsc *mc, uint32_t serial, enum smpp_ver ver,
    char out[ID_MAX]);

/* The serial of an id, 0 when it is none of ours. */
uint32_t id_read(const struct smsc *mc, struct smpp_view id);

/* The first message with this serial, and the next; NULL when there is none. */
struct message *store_find(const struct store *s, uint32_t serial);
struct message *store_again(const struct message *m);

/* The state of a message now, as sessions of this version are told. */
uint8_t message_state(
    const struct smsc *mc, const struct message *m, enum smpp_ver ver);

/* Whether it has reached its last state. */
bool message_final(const struct smsc *mc, const struct message *m);

/* --- what the requests share: submit.c, query.c --- */

/* Copies a string field, cut to cap octets with its NUL. */
void copy_word(char *out, size_t cap, struct smpp_view v);

/* The text of a message, as much as is kept, without a user data header. */
struct smpp_view submitted_text(const struct smpp_pdu *pdu);

/* Answers a request that went well; v5.0 is told how busy we are. */
void respond(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *resp);

/* The same with no body, or with a status instead. */
void answer_done(struct peer *p, const struct smpp_pdu *pdu, uint32_t status);

/* The message of this kind that message_id, source_addr and, where there is
 * one, destination_addr name. NULL, and *status set: wrong when only the id
 * is right. */
struct message *message_asked(struct peer *p, const struct smpp_pdu *pdu,
    unsigned kind, uint32_t wrong, uint32_t *status);

/* When and with which error a message reached its end; nothing before. */
void final_date(const struct smsc *mc, const struct message *m, char out[17]);
uint32_t final_error(const struct smsc *mc, const struct message *m);

/* --- life.c --- */

/* Begins the life of a message whose members are set: what it has to do is
 * done at its time. */
void message_begin(struct smsc *mc, struct message *m);

/* Ends it in a state, now: cancelled or replaced; a receipt says so. */
void message_end(
    struct smsc *mc, struct message *m, uint8_t state, const char *stat);

/* Reads schedule_delivery_time, validity_period and qos_time_to_live of a
 * request; sets starts and expires and, by the fate, due and state. */
uint32_t message_times(struct smsc *mc, struct message *m,
    const struct smpp_pdu *pdu, const struct fate *fate);

#endif
