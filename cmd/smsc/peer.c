/* Sessions of the simulated SMSC: what it answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "smsc.h"

enum { INIT_MS = 60000 }; /* for a bind to come */

static const char system_id[] = "smpp";

void
peer_touch(struct peer *p)
{
	if (p->touched)
		return;
	p->touched = true;
	p->next_touched = p->mc->touched;
	p->mc->touched = p;
}

/* Has the connection end once everything was written, or at close_at. */
static void
close_soon(struct peer *p, int64_t now)
{
	p->closing = true;
	p->close_at = now + CLOSE_MS;
	smsc_due(p->mc, p->close_at);
	peer_touch(p);
}

static void
lose(struct peer *p, const char *why)
{
	if (p->gone)
		return;
	p->gone = true;
	print_line(p, "closed", "%s", why);
	peer_touch(p);
}

void
peer_open(struct smsc *mc, int fd, const char name[SMPP_PEER_MAX])
{
	struct smpp_session_conf conf = {
	    .role = SMPP_MC,
	    .ver = SMPP_V50,
	    .window = RECEIPT_WINDOW,
	    .response_ms = 60000,
	    .init_ms = INIT_MS,
	};
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL || smpp_conn_init(&p->conn, fd, &conf) != 0)
		cmd_nomem();
	memcpy(p->conn.peer, name, SMPP_PEER_MAX);
	p->mc = mc;
	p->number = ++mc->stats.sessions;
	if (mc->c->out->form != OUT_HUMAN) {
		p->conn.trace = print_json;
		p->conn.trace_arg = p;
	}
	p->in = true;
	p->next = mc->peers;
	mc->peers = p;
	smpp_loop_add(&mc->loop, fd, true, false, p);
	smsc_due(mc, smpp_conn_due(&p->conn));
}

static void
reply(struct peer *p, const struct smpp_pdu *pdu, uint32_t status)
{
	if (status != ESME_ROK) {
		p->mc->stats.refused++;
		print_line(p, pdu->row->name, "refused with %s",
		    smpp_status(status)->name);
	}
	if (smpp_conn_reply(&p->conn, pdu, status) != 0)
		cmd_nomem();
}

/* Any login is welcome, in any mode. */
static void
on_bind(struct peer *p, const struct smpp_pdu *pdu)
{
	uint8_t octet = smpp_ver_octet(p->conn.s.ver);
	struct smpp_pdu resp;

	p->account = account_join(p->mc, smpp_view(pdu, SMPP_F_system_id));
	print_line(p, pdu->row->name, "SMPP %s  from %s",
	    smpp_ver_name(p->conn.s.ver), p->conn.peer);
	smpp_pdu_init(
	    &resp, pdu->row->counterpart, pdu->sequence_number, p->conn.s.ver);
	smpp_set_view(&resp, SMPP_F_system_id, view_str(system_id));
	if (p->conn.s.ver != SMPP_V33)
		smpp_add_tlv(
		    &resp, SMPP_T_sc_interface_version, view_of(&octet, 1));
	if (smpp_conn_send(&p->conn, &resp, 0) != 0)
		cmd_nomem();
	receipts_send(p->mc, p->account, smpp_clock_ms());
}

static void
on_submit(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	struct smpp_pdu resp;
	char text[9];
	uint32_t id;

	if (smpp_view(pdu, SMPP_F_destination_addr).n == 0) {
		reply(p, pdu, ESME_RINVDSTADR);
		return;
	}
	id = ++mc->next_id;
	snprintf(text, sizeof(text), "%x", id);
	print_message(p, pdu, id);
	mc->stats.submits++;
	smpp_pdu_init(
	    &resp, SMPP_C_submit_sm_resp, pdu->sequence_number, p->conn.s.ver);
	smpp_set_view(&resp, SMPP_F_message_id, view_str(text));
	if (smpp_conn_send(&p->conn, &resp, 0) != 0)
		cmd_nomem();
	receipt_plan(mc, p, pdu, id);
}

/* Operations that this SMSC knows of but does not have. */
static uint32_t
not_here(uint32_t command_id)
{
	switch (command_id) {
	case SMPP_C_query_sm:
		return ESME_RQUERYFAIL;
	case SMPP_C_cancel_sm:
		return ESME_RCANCELFAIL;
	case SMPP_C_replace_sm:
		return ESME_RREPLACEFAIL;
	case SMPP_C_query_broadcast_sm:
		return ESME_RBCASTQUERYFAIL;
	case SMPP_C_cancel_broadcast_sm:
		return ESME_RBCASTCANCELFAIL;
	case SMPP_C_broadcast_sm:
		return ESME_RBCASTFAIL;
	default:
		return ESME_RINVCMDID;
	}
}

static void
on_request(struct peer *p, const struct smpp_pdu *pdu)
{
	switch (pdu->command_id) {
	case SMPP_C_bind_receiver:
	case SMPP_C_bind_transmitter:
	case SMPP_C_bind_transceiver:
		on_bind(p, pdu);
		break;
	case SMPP_C_submit_sm:
		on_submit(p, pdu);
		break;
	default:
		reply(p, pdu, not_here(pdu->command_id));
		break;
	}
}

static void
on_refused(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	char id[24];

	p->mc->stats.refused++;
	snprintf(id, sizeof(id), "command_id 0x%08x", pdu->command_id);
	print_line(p, pdu->row == NULL ? id : pdu->row->name, "refused with %s",
	    smpp_status(ev->reply_status)->name);
}

static void
on_event(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	switch (ev->kind) {
	case SMPP_EV_REQUEST:
		on_request(p, pdu);
		break;
	case SMPP_EV_REFUSED:
		on_refused(p, pdu, ev);
		break;
	case SMPP_EV_ANSWERED:
		print_line(p, "enquire_link", "answered");
		break;
	case SMPP_EV_UNBIND:
		print_line(p, "unbind", "answered");
		close_soon(p, smpp_clock_ms());
		break;
	case SMPP_EV_RESPONSE:
		if (p->conn.s.state == SMPP_ST_UNB)
			lose(p, "unbound");
		else if (p->account != NULL)
			receipts_send(p->mc, p->account, smpp_clock_ms());
		break;
	case SMPP_EV_STRAY:
		print_line(p, pdu->row == NULL ? "response" : pdu->row->name,
		    "%s", smpp_stray_text(ev->stray));
		break;
	default:
		break;
	}
}

/* Answers the PDUs that were read, while their answers are taken. */
static void
answer(struct peer *p)
{
	struct smpp_issues issues;
	struct smpp_event ev;
	struct smpp_err err;
	struct smpp_pdu pdu;
	int rc = 0;

	smpp_err_clear(&err);
	while (!p->gone && !p->closing && p->conn.out.n < OUT_HIGH) {
		rc = smpp_conn_step(&p->conn, &pdu, &issues, &ev, &err);
		if (rc <= 0)
			break;
		on_event(p, &pdu, &ev);
	}
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc < 0) {
		print_line(p, "garbage", "%s", err.msg);
		smpp_conn_drain(&p->conn, NULL);
		smpp_conn_shut(&p->conn);
		close_soon(p, smpp_clock_ms());
	}
	smsc_due(p->mc, smpp_conn_due(&p->conn));
	peer_touch(p);
}

void
peer_read(struct peer *p)
{
	struct smpp_err err;

	smpp_err_clear(&err);
	if (p->gone)
		return;
	if (p->closing)
		smpp_conn_forget(&p->conn);
	if (smpp_conn_fill(&p->conn, &err) < 0)
		lose(p, err.msg);
	else if (!p->closing)
		answer(p);
}

void
peer_tick(struct peer *p, int64_t now)
{
	struct smpp_event ev;

	if (p->closing && now >= p->close_at)
		lose(p, "did not close by itself");
	while (!p->gone && !p->closing && smpp_conn_tick(&p->conn, &ev) > 0) {
		if (ev.kind == SMPP_EV_CLOSE) {
			print_line(p, "timeout", "no %s", ev.text);
			close_soon(p, now);
		}
		peer_touch(p);
	}
	if (p->closing)
		smsc_due(p->mc, p->close_at);
	else
		smsc_due(p->mc, smpp_conn_due(&p->conn));
}

void
peer_stop(struct peer *p)
{
	struct smpp_pdu pdu;

	if (p->closing || p->gone)
		return;
	if (!smpp_session_bound(&p->conn.s)) {
		lose(p, "stopped");
		return;
	}
	smpp_pdu_init(&pdu, SMPP_C_unbind, 0, p->conn.s.ver);
	if (smpp_conn_send(&p->conn, &pdu, 0) != 0)
		cmd_nomem();
	peer_touch(p);
}

void
peer_free(struct peer *p)
{
	struct smsc *mc = p->mc;
	struct peer **at = &mc->peers;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	smpp_loop_del(&mc->loop, p->conn.fd);
	smpp_conn_close(&p->conn);
	if (p->account != NULL)
		account_leave(mc, p->account);
	free(p);
	if (mc->accepting || mc->stopping)
		return;
	mc->accepting = true; /* there may be a descriptor again */
	smpp_loop_mod(&mc->loop, mc->listen_fd, true, false, mc);
}

/* Writes, and has the loop watch for what can happen next. */
static void
flush(struct peer *p)
{
	struct smpp_err err;
	int64_t left;
	bool in;

	if (out_flush(p->mc->c->out) != 0) {
		p->mc->output_lost = true; /* acknowledge nothing more */
		return;
	}
	smpp_err_clear(&err);
	left = smpp_conn_drain(&p->conn, &err);
	if (left < 0) {
		lose(p, err.msg);
		return;
	}
	in = p->closing || left < OUT_HIGH;
	if (in != p->in || (left > 0) != p->out)
		smpp_loop_mod(&p->mc->loop, p->conn.fd, in, left > 0, p);
	if (in && !p->in)
		answer(p); /* what was read before the peer fell behind */
	p->in = in;
	p->out = left > 0;
}

void
peers_flush(struct smsc *mc)
{
	struct peer *p;

	while ((p = mc->touched) != NULL) {
		mc->touched = p->next_touched;
		p->touched = false;
		if (!p->gone)
			flush(p);
		if (p->gone && !p->touched)
			peer_free(p);
	}
}
