/* Accounts of the simulated SMSC, and the receipts that wait for them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "smsc.h"
#include "msg/dlr.h"

enum { STATE_DELIVERED = 2 };

/* "STAT[:TIME]", or "none". */
int
receipt_option(struct smsc *mc, const char *text)
{
	size_t n = strcspn(text, ":"), i;
	int state = smpp_stat_state(view_of(text, n));

	mc->fate.delay_ms = 1000;
	if (strcmp(text, "none") == 0)
		return 0;
	if (state < 0 || n >= sizeof(mc->fate.stat))
		return out_error(mc->c, SMPP_EXIT_USAGE, "usage",
		    "--receipt: '%.*s' is no state, as DELIVRD, UNDELIV, "
		    "EXPIRED, REJECTD, or none",
		    (int)n, text);
	for (i = 0; i < n; i++)
		mc->fate.stat[i] = (char)toupper((unsigned char)text[i]);
	mc->fate.state = (uint8_t)state;
	if (text[n] == ':' &&
	    opt_duration(text + n + 1, &mc->fate.delay_ms) != 0)
		return out_error(mc->c, SMPP_EXIT_USAGE, "usage",
		    "--receipt: '%s' is not a time, as in 250ms, 5s, 2m",
		    text + n + 1);
	return 0;
}

/* The first receipt of an account is due. */
static void
run_out(struct timer *t, int64_t now)
{
	struct account *a = t->arg;

	receipts_send(a->mc, a, now);
}

struct account *
account_join(struct smsc *mc, struct view system_id)
{
	struct account *a;

	for (a = mc->accounts; a != NULL; a = a->next)
		if (view_is(system_id, a->system_id))
			break;
	if (a == NULL) {
		a = calloc(1, sizeof(*a));
		if (a == NULL)
			cmd_nomem();
		memcpy(a->system_id, system_id.p, system_id.n);
		a->last = &a->first;
		a->timer = (struct timer){.fn = run_out, .arg = a};
		a->mc = mc;
		a->next = mc->accounts;
		mc->accounts = a;
	}
	a->sessions++;
	return a;
}

/* Frees an account that holds nothing. */
static void
account_drop(struct smsc *mc, struct account *a)
{
	struct account **at = &mc->accounts;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	timer_stop(&mc->timers, &a->timer);
	free(a);
}

void
account_leave(struct smsc *mc, struct account *a)
{
	if (--a->sessions == 0 && a->first == NULL)
		account_drop(mc, a);
}

/* Whether this message asked for a receipt of this state. */
static bool
wanted(const struct smsc *mc, const struct smpp_pdu *pdu)
{
	bool delivered = mc->fate.state == STATE_DELIVERED;

	if (mc->fate.stat[0] == '\0')
		return false;
	switch (smpp_num(pdu, SMPP_F_registered_delivery) & 3) {
	case 1:
		return true;
	case 2:
		return !delivered;
	case 3:
		return delivered;
	default:
		return false;
	}
}

static void
copy(char *out, size_t cap, struct view v)
{
	size_t n = v.n < cap ? v.n : cap - 1;

	if (n > 0)
		memcpy(out, v.p, n);
	out[n] = '\0';
}

/* The first characters of the message, where they are plain ones. */
static void
copy_text(char out[21], const struct smpp_pdu *pdu)
{
	struct view v;

	out[0] = '\0';
	if (smpp_payload(pdu, &v) < 0)
		return;
	copy(out, 21, v);
	for (size_t i = 0; out[i] != '\0'; i++)
		if (out[i] < 0x20 || out[i] > 0x7e)
			out[0] = '\0';
}

void
receipt_plan(
    struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu, uint32_t id)
{
	struct account *a = p->account;
	struct receipt *r;

	if (!wanted(mc, pdu))
		return;
	if (mc->held == RECEIPT_MAX) {
		mc->stats.dropped++;
		return;
	}
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		cmd_nomem();
	r->id = id;
	r->due = smpp_clock_ms() + mc->fate.delay_ms;
	r->submitted = smpp_clock_wall_us() / 1000000;
	r->source_ton = (uint8_t)smpp_num(pdu, SMPP_F_source_addr_ton);
	r->source_npi = (uint8_t)smpp_num(pdu, SMPP_F_source_addr_npi);
	r->dest_ton = (uint8_t)smpp_num(pdu, SMPP_F_dest_addr_ton);
	r->dest_npi = (uint8_t)smpp_num(pdu, SMPP_F_dest_addr_npi);
	copy(r->source, ADDR_MAX, smpp_view(pdu, SMPP_F_source_addr));
	copy(r->dest, ADDR_MAX, smpp_view(pdu, SMPP_F_destination_addr));
	copy_text(r->text, pdu);
	*a->last = r;
	a->last = &r->next;
	mc->held++;
	if (a->timer.slot == 0)
		timer_set(&mc->timers, &a->timer, r->due);
}

/* The receiver of an account that has most room, or NULL. */
static struct peer *
receiver(struct smsc *mc, const struct account *a)
{
	struct peer *p, *best = NULL;
	uint32_t room, most = 0;

	for (p = mc->peers; p != NULL; p = p->next) {
		if (p->account != a || p->gone || p->closing ||
		    !(p->conn.s.state & (SMPP_ST_RX | SMPP_ST_TRX)) ||
		    p->conn.out.n >= OUT_HIGH)
			continue;
		room = smpp_session_room(&p->conn.s);
		if (room > most) {
			most = room;
			best = p;
		}
	}
	return best;
}

/* A moment on the clock of the wall. */
static void
date(struct smpp_date *d, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	localtime_r(&t, &tm);
	smpp_date_from_seconds(d, seconds + tm.tm_gmtoff);
}

/* What a receipt says; id is borrowed. */
static void
receipt_fill(const struct smsc *mc, const struct receipt *r, const char *id,
    struct smpp_receipt *out)
{
	smpp_receipt_clear(out);
	out->value[SMPP_RF_ID] = view_str(id);
	out->value[SMPP_RF_STAT] = view_str(mc->fate.stat);
	out->value[SMPP_RF_ERR] = view_str("000");
	out->value[SMPP_RF_TEXT] = view_str(r->text);
	out->sub = 1;
	out->dlvrd = mc->fate.state == STATE_DELIVERED;
	out->state = (int8_t)mc->fate.state;
	date(&out->date[0], r->submitted);
	date(&out->date[1], smpp_clock_wall_us() / 1000000);
	out->dated[0] = out->dated[1] = true;
}

static void
receipt_send(struct smsc *mc, struct peer *p, const struct receipt *r)
{
	unsigned form = SMPP_DLR_TEXT;
	struct smpp_receipt receipt;
	struct smpp_pdu pdu;
	uint8_t room[512];
	struct wr store;
	char id[9];

	snprintf(id, sizeof(id), "%x", r->id);
	receipt_fill(mc, r, id, &receipt);
	wr_init(&store, room, sizeof(room));
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, p->conn.s.ver);
	smpp_set_num(&pdu, SMPP_F_source_addr_ton, r->dest_ton);
	smpp_set_num(&pdu, SMPP_F_source_addr_npi, r->dest_npi);
	smpp_set_view(&pdu, SMPP_F_source_addr, view_str(r->dest));
	smpp_set_num(&pdu, SMPP_F_dest_addr_ton, r->source_ton);
	smpp_set_num(&pdu, SMPP_F_dest_addr_npi, r->source_npi);
	smpp_set_view(&pdu, SMPP_F_destination_addr, view_str(r->source));
	if (p->conn.s.ver != SMPP_V33)
		form |= SMPP_DLR_TLVS;
	smpp_dlr_set(&pdu, &receipt, form, &store);
	print_line(p, "deliver_sm", "%s -> %s  receipt %s %s", r->dest,
	    r->source, id, mc->fate.stat);
	peer_send(p, &pdu, 0);
	mc->stats.receipts++;
}

void
receipts_send(struct smsc *mc, struct account *a, int64_t now)
{
	struct receipt *r;
	struct peer *p;

	while ((r = a->first) != NULL && r->due <= now) {
		p = receiver(mc, a);
		if (p == NULL)
			return; /* a bind or a response calls again */
		receipt_send(mc, p, r);
		a->first = r->next;
		if (a->first == NULL)
			a->last = &a->first;
		free(r);
		mc->held--;
	}
	if (r != NULL)
		timer_set(&mc->timers, &a->timer, r->due);
}
