/* What a connection is made of: the settings of a target as lib/net has them.
 */
#include "dialconf.h"

struct smpp_session_conf
dialconf_session(const struct ctx *c, const struct target *t, uint32_t window)
{
	return (struct smpp_session_conf){
	    .role = SMPP_ESME,
	    .ver = t->ver,
	    .window = window,
	    .response_ms = t->response_ms,
	    .enquire_ms = t->enquire_ms,
	    .dictionary = c->dictionary,
	};
}

/*
 * Never again by itself: one-shot commands say why and end, the others set
 * their own pace.
 */
struct smpp_dial_conf
dialconf_of(const struct ctx *c, const struct target *t, uint32_t window,
    struct smpp_tls_client *tls)
{
	return (struct smpp_dial_conf){
	    .to = {.host = t->host,
		.port = t->port_text,
		.family = t->ip4   ? 4
			  : t->ip6 ? 6
				   : 0,
		.source = t->source_ip},
	    .tls = tls,
	    .tls_name = t->sni,
	    .session = dialconf_session(c, t, window),
	    .connect_ms = t->connect_ms,
	    .retry = SMPP_RETRY_NEVER,
	};
}

int
dialconf_tls(
    struct ctx *c, const struct target *t, struct smpp_tls_client **tls)
{
	const struct smpp_tls_conf conf = {.cacert = t->cacert,
	    .cert = t->cert,
	    .key = t->key,
	    .insecure = t->insecure};
	struct smpp_err err;
	int rc;

	*tls = NULL;
	if (!t->tls)
		return 0;
	if (t->insecure)
		out_warn(c, "the certificate is not verified (-k): this may "
			    "be anybody");
	smpp_err_clear(&err);
	rc = smpp_tls_client_open(tls, &conf, &err);
	if (rc == 0)
		return 0;
	/*
	 * A file of ours that cannot be read; all else is told as part of
	 * connecting.
	 */
	if (rc == SMPP_EIO)
		return out_error(c, SMPP_EXIT_USAGE, "tls", "%s", err.msg);
	return out_error(
	    c, SMPP_EXIT_CONNECT, "tls", "%s: %s", t->name, err.msg);
}

uint32_t
dialconf_bind_id(const struct target *t)
{
	switch (t->bind) {
	case BIND_TX:
		return SMPP_C_bind_transmitter;
	case BIND_RX:
		return SMPP_C_bind_receiver;
	default:
		return SMPP_C_bind_transceiver;
	}
}

void
dialconf_bind(const struct target *t, struct smpp_pdu *p)
{
	smpp_pdu_init(p, dialconf_bind_id(t), 0, t->ver);
	smpp_pdu_set_view(p, SMPP_F_system_id, smpp_view_str(t->system_id));
	smpp_pdu_set_view(p, SMPP_F_password, smpp_view_str(t->password.text));
	smpp_pdu_set_view(p, SMPP_F_system_type, smpp_view_str(t->system_type));
	smpp_pdu_set_num(p, SMPP_F_interface_version, smpp_ver_octet(t->ver));
	smpp_pdu_set_num(p, SMPP_F_addr_ton, t->ton);
	smpp_pdu_set_num(p, SMPP_F_addr_npi, t->npi);
	smpp_pdu_set_view(
	    p, SMPP_F_address_range, smpp_view_str(t->address_range));
}

/*
 * 3.3 has no transceiver: two connections do for one (3.3 has bind_transmitter
 * and bind_receiver alone).
 */
bool
dialconf_pair(const struct target *t)
{
	return t->ver == SMPP_V33 && t->bind == BIND_TRX;
}
