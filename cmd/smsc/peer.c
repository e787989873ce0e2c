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

/* Has the timer run no later than this. */
static void
due(struct peer *p, int64_t when)
{
	if (when != SMPP_FOREVER && (p->timer.slot == 0 || when < p->timer.at))
		timer_set(&p->mc->timers, &p->timer, when);
}

/* Has the connection end when the peer closes it, or at close_at. */
static void
close_soon(struct peer *p, int64_t now)
{
	if (p->closing)
		return;
	p->closing = true;
	p->close_at = now + CLOSE_MS;
	due(p, p->close_at);
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
peer_close(struct peer *p, const char *why)
{
	p->hang_up = true;
	if (p->conn.out.n == 0)
		lose(p, why);
	else
		close_soon(p, smpp_clock_ms());
}

void
peer_reset(struct peer *p, const char *why)
{
	smpp_conn_abort(&p->conn);
	lose(p, why);
}

void
peer_deafen(struct peer *p)
{
	p->deaf = true;
	peer_touch(p);
}

/* Runs the timers of a session. */
static void
tick(struct timer *t, int64_t now)
{
	struct peer *p = t->arg;
	struct smpp_event ev;

	if (p->closing && now >= p->close_at)
		lose(p, p->hang_up ? "closed" : "did not close by itself");
	while (!p->gone && !p->closing && smpp_conn_tick(&p->conn, &ev) > 0) {
		if (ev.kind == SMPP_EV_CLOSE) {
			print_line(p, "timeout", "no %s", ev.text);
			close_soon(p, now);
		}
		peer_touch(p);
	}
	due(p, p->closing ? p->close_at : smpp_conn_due(&p->conn));
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
	p->conn.defers = true;
	p->mc = mc;
	p->number = ++mc->stats.sessions;
	if (mc->c->out->form != OUT_HUMAN) {
		p->conn.trace = print_json;
		p->conn.trace_arg = p;
	}
	p->timer = (struct timer){.fn = tick, .arg = p};
	p->in = true;
	p->next = mc->peers;
	if (mc->peers != NULL)
		mc->peers->prev = p;
	mc->peers = p;
	mc->stats.open++;
	smpp_loop_add(&mc->loop, fd, true, false, p);
	due(p, smpp_conn_due(&p->conn));
}

void
peer_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag)
{
	int rc = smpp_conn_send(&p->conn, pdu, tag);

	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc != 0)
		print_line(p, pdu->row == NULL ? "PDU" : pdu->row->name,
		    "not sent: %s", smpp_err_text(rc));
	peer_touch(p);
}

void
peer_wire(struct peer *p, struct view wire)
{
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, SMPP_VANY, 0, &issues);
	peer_send(p, &pdu, 0);
}

void
peer_put(struct peer *p, struct view octets)
{
	if (smpp_conn_put(&p->conn, octets) != 0)
		cmd_nomem();
	peer_touch(p);
}

void
peer_answer(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *response)
{
	if (p->act != NULL)
		act_answer(p, p->act, request, response);
	else
		peer_send(p, response, 0);
}

/* Answers with a header alone. */
static void
answer_header(struct peer *p, const struct smpp_pdu *request, uint32_t id,
    uint32_t status)
{
	struct smpp_pdu resp;

	smpp_pdu_init(&resp, id, request->sequence_number, p->conn.s.ver);
	resp.command_status = status;
	peer_answer(p, request, &resp);
}

/* Counts and shows that a request was refused. */
static void
note_refusal(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	const struct smpp_status *row = smpp_status(status);
	char id[24];

	if (status == ESME_ROK)
		return;
	p->mc->stats.refused++;
	snprintf(id, sizeof(id), "command_id 0x%08x", request->command_id);
	if (row != NULL)
		print_line(p, request->row == NULL ? id : request->row->name,
		    "refused with %s", row->name);
	else
		print_line(p, request->row == NULL ? id : request->row->name,
		    "refused with 0x%08x", status);
}

void
peer_refuse(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	uint32_t id = SMPP_C_generic_nack;

	if (request->row != NULL && request->row->counterpart != UINT32_MAX)
		id = request->row->counterpart;
	note_refusal(p, request, status);
	answer_header(p, request, id, status);
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
	peer_answer(p, pdu, &resp);
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
		peer_refuse(p, pdu, ESME_RINVDSTADR);
		return;
	}
	id = ++mc->next_id;
	snprintf(text, sizeof(text), "%x", id);
	print_message(p, pdu, id);
	mc->stats.submits++;
	smpp_pdu_init(
	    &resp, SMPP_C_submit_sm_resp, pdu->sequence_number, p->conn.s.ver);
	smpp_set_view(&resp, SMPP_F_message_id, view_str(text));
	peer_answer(p, pdu, &resp);
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
		peer_refuse(p, pdu, not_here(pdu->command_id));
		break;
	}
}

/* What the session says the answer to a request is. */
static void
on_deferred(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	note_refusal(p, pdu, ev->reply_status);
	if (ev->kind != SMPP_EV_REFUSED)
		print_line(p, pdu->row->name, "answered");
	answer_header(p, pdu, ev->reply_id, ev->reply_status);
	if (ev->kind == SMPP_EV_UNBIND)
		close_soon(p, smpp_clock_ms());
}

static void
on_response(struct peer *p, const struct smpp_pdu *pdu)
{
	(void)pdu;
	if (p->conn.s.state == SMPP_ST_UNB)
		lose(p, "unbound");
	else if (p->account != NULL)
		receipts_send(p->mc, p->account, smpp_clock_ms());
}

/* Handles one PDU that arrived. */
static void
on_pdu(struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	if (ev->kind == SMPP_EV_RESPONSE) {
		on_response(p, pdu);
	} else if (ev->kind == SMPP_EV_STRAY) {
		print_line(p, pdu->row == NULL ? "response" : pdu->row->name,
		    "%s", smpp_stray_text(ev->stray));
	} else {
		p->act = rule_judge(p->mc, p, pdu);
		if (p->act != NULL && act_request(p, p->act, pdu))
			;
		else if (ev->send)
			on_deferred(p, pdu, ev);
		else if (ev->kind == SMPP_EV_REQUEST)
			on_request(p, pdu);
		p->act = NULL;
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
	while (
	    !p->gone && !p->closing && !p->deaf && p->conn.out.n < OUT_HIGH) {
		rc = smpp_conn_step(&p->conn, &pdu, &issues, &ev, &err);
		if (rc <= 0)
			break;
		on_pdu(p, &pdu, &ev);
	}
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc < 0) {
		print_line(p, "garbage", "%s", err.msg);
		smpp_conn_drain(&p->conn, NULL);
		smpp_conn_shut(&p->conn);
		close_soon(p, smpp_clock_ms());
	}
	due(p, smpp_conn_due(&p->conn));
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
	peer_send(p, &pdu, 0);
	due(p, smpp_conn_due(&p->conn));
}

void
peer_free(struct peer *p)
{
	struct smsc *mc = p->mc;

	act_forget(p);
	timer_stop(&mc->timers, &p->timer);
	if (p->prev != NULL)
		p->prev->next = p->next;
	else
		mc->peers = p->next;
	if (p->next != NULL)
		p->next->prev = p->prev;
	mc->stats.open--;
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
	if (left == 0 && p->hang_up) {
		lose(p, "closed");
		return;
	}
	in = !p->deaf && (p->closing || left < OUT_HIGH);
	if (in != p->in || (left > 0) != p->out)
		smpp_loop_mod(&p->mc->loop, p->conn.fd, in, left > 0, p);
	if (in && !p->in)
		answer(p); /* what was read before the peer fell behind */
	p->in = in;
	p->out = left > 0;
	smpp_conn_trim(&p->conn);
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
