/* Logging in to the simulated SMSC. */
#include <stdlib.h>
#include <string.h>

#include "words/human.h"
#include "words/status.h"
#include "smsc.h"

enum { REFUSALS_MAX = 3 };

static const char system_id[] = "smpp";

/*
 * A response to a bind moves the session when it is sent, which a rule may put
 * off; only then the peer counts as bound, and gets what waits for it.
 */
void
bind_settle(struct peer *p)
{
	struct smsc *mc = p->mc;
	unsigned rx = SMPP_ST_RX | SMPP_ST_TRX;

	if (p->client.account == NULL || !smpp_session_bound(&p->link.conn.s))
		return;
	if (!p->bound) {
		peer_leave_unbound(p);
		p->bound = true;
		mc->stats.bound++;
		p->asked = p->told = p->unread = 0; /* the window is empty */
	}
	/*
	 * A transmitter gets nothing; one that unbinds gets nothing any more.
	 */
	if (p->receives || !(p->link.conn.s.state & rx) ||
	    p->link.state >= SMPP_LINK_UNBINDING)
		return;
	p->receives = true;
	peers_add(&mc->receivers, p, offsetof(struct peer, any));
	p->client.ver = p->link.conn.s.ver;
	centre_check(smpp_mc_receive(&p->client));
	mo_run(mc);
}

/*
 * Kept as text and compiled when asked: most binds have none, and a hostile
 * one costs only when messages come from phones.
 */
static void
keep_range(struct peer *p, const struct smpp_pdu *bind)
{
	struct smpp_view v = smpp_pdu_view(bind, SMPP_F_address_range);

	if (v.n == 0)
		return;
	p->range = malloc(v.n + 1);
	if (p->range == NULL)
		cmd_nomem();
	memcpy(p->range, v.p, v.n);
	p->range[v.n] = '\0';
}

/* Says no; to a wrong password not at once, and not for ever. */
static void
bind_refuse(struct peer *p, const struct smpp_pdu *pdu, uint32_t status)
{
	struct smsc *mc = p->mc;
	char id[80], name[STATUS_NAME];
	struct smpp_sbuf b;

	mc->stats.binds_refused++;
	p->refusals++;
	smpp_sbuf_init(&b, id, sizeof(id) - 1, NULL, NULL);
	human_words(&b, smpp_pdu_view(pdu, SMPP_F_system_id));
	id[b.n] = '\0';
	out_say(mc->c, 0, "== bind of %s from %s refused: %s", id,
	    p->link.conn.peer, status_name(name, status));
	/*
	 * A delay against guessing, and an end: three tries a connection. The
	 * link is held, so that other peers do not wait.
	 */
	if (status == ESME_RINVPASWD)
		smpp_link_hold(&p->link, mc->e.now + mc->a.login_delay);
	peer_refuse(p, pdu, status);
	if (p->refusals == REFUSALS_MAX)
		peer_close(p, "too many wrong logins");
}

void
on_bind(struct peer *p, const struct smpp_pdu *pdu)
{
	uint8_t octet = smpp_ver_octet(p->link.conn.s.ver);
	struct smpp_pdu resp;
	uint32_t status;

	peer_leave(p); /* of a bind that a rule made fail */
	centre_check(smpp_mc_join(&p->client, pdu, p->link.conn.peer, &status));
	if (status != ESME_ROK) {
		bind_refuse(p, pdu, status);
		return;
	}
	if (p->range == NULL)
		keep_range(p, pdu);
	console_line(p, pdu->row->name, "SMPP %s  from %s",
	    smpp_ver_name(p->link.conn.s.ver), p->link.conn.peer);
	smpp_pdu_init(&resp, pdu->row->counterpart, pdu->sequence_number,
	    p->link.conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_system_id, smpp_view_str(system_id));
	/*
	 * 3.3 has no TLVs; to all others the octet says what we speak (3.4
	 * 2.11.2).
	 */
	if (p->link.conn.s.ver != SMPP_V33)
		smpp_pdu_add_tlv(&resp, SMPP_T_sc_interface_version,
		    smpp_view_of(&octet, 1));
	peer_answer(p, pdu, &resp);
}
