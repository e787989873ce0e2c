/* lib/net/engine: dialling, listening, TLS; both sides are in this program. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include "enginekit.h"
#include "net/listen.h"

/* A client that dials, and the server's ends, in the order they came. */
static struct end c, s[4];
static unsigned ns;
static struct smpp_listener listener;
static struct smpp_dial_conf conf;
static struct smpp_tls_server *server_tls;
static struct smpp_tls_client *client_tls;
static uint32_t bind_status;

/* Turns until cond holds, for real events; the clock stands still. */
#define until(cond)                                              \
	for (int turns_ = 0; turns_ < 1000 && !(cond); turns_++) \
	smpp_engine_turn(&e, e.now + 5)

/* A socket that begins to connect. */
static int
dial_raw(const char *port)
{
	const struct sockaddr_in sa = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	must(fd >= 0, "a socket");
	must(connect(fd, (const struct sockaddr *)&sa, sizeof(sa)) == 0 ||
		 errno == EINPROGRESS,
	    "connecting");
	return fd;
}

static bool
make_bind(struct smpp_link *l, struct smpp_pdu *pdu)
{
	(void)l;
	smpp_pdu_init(pdu, SMPP_C_bind_transceiver, 0, SMPP_V50);
	smpp_pdu_set_num(pdu, SMPP_F_interface_version, 0x50);
	smpp_pdu_set_view(pdu, SMPP_F_password, smpp_view_str("secret"));
	return true;
}

static const struct smpp_link_ops client_ops = {
    .bind = make_bind,
    .up = on_up,
    .event = on_event,
    .room = on_room,
    .alarm = on_alarm,
    .down = on_down,
};

static void
serve_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	on_event(l, pdu, issues, ev);
	if (pdu != NULL && pdu->command_id == SMPP_C_bind_transceiver &&
	    bind_status != UINT32_MAX)
		smpp_conn_reply(&l->conn, pdu, bind_status);
}

static const struct smpp_link_ops server_ops = {
    .up = on_up, .event = serve_event, .down = on_down};

static void
come(struct smpp_listener *from, int fd, const char *peer)
{
	struct end *x = &s[ns++ % 4];

	(void)from;
	smpp_link_close(&x->l);
	memset(x, 0, sizeof(*x));
	x->far = -1;
	smpp_link_init(&x->l, &e, &server_ops, x);
	must(smpp_conn_init(&x->l.conn, fd, &mc_conf) == 0, "a connection");
	snprintf(x->l.conn.peer, SMPP_PEER_MAX, "%s", peer);
	if (server_tls != NULL)
		must(smpp_tls_accept(&x->l.conn.tls, server_tls, fd) == 0,
		    "TLS");
	must(smpp_link_adopt(&x->l) == 0, "a link");
}

static char full_text[64];

static void
full(struct smpp_listener *l, const struct smpp_err *why)
{
	(void)l;
	snprintf(
	    full_text + strlen(full_text), 32, "%s ", smpp_err_word(why->code));
}

/* A new engine, which listens, and what to dial it by. */
static void
begin(void)
{
	struct smpp_err err;

	engine_new();
	ns = 0;
	bind_status = ESME_ROK;
	for (int i = 0; i < 4; i++) {
		memset(&s[i], 0, sizeof(s[i]));
		smpp_link_init(&s[i].l, &e, &server_ops, &s[i]);
	}
	memset(&c, 0, sizeof(c));
	c.far = -1;
	smpp_link_init(&c.l, &e, &client_ops, &c);
	listener = (struct smpp_listener){.accept = come, .full = full};
	smpp_err_clear(&err);
	is_int(smpp_listener_open(&e, &listener, "127.0.0.1", "0", &err), 0,
	    "listening");
	conf = (struct smpp_dial_conf){
	    .to = {.host = "127.0.0.1",
		.port = strrchr(listener.name, ':') + 1},
	    .session = esme_conf,
	    .connect_ms = 5000,
	    .retry = SMPP_RETRY_NEVER,
	};
}

/* --- a session, from the name to the end --- */

static void
test_dial(void)
{
	begin();
	is_int(smpp_link_dial(&c.l, &conf), 0, "dialled");
	is_str(smpp_link_text(c.l.state), "resolving", "nothing yet");
	turn();
	is_str(smpp_link_text(c.l.state), "connecting", "an address");
	is_str(c.l.conn.peer, listener.name, "that one");
	until(c.l.state == SMPP_LINK_BINDING);
	is_str(told(&c), "up", "connected");
	until(c.l.state == SMPP_LINK_BOUND);
	is_str(told(&c), "answers:bind_transceiver_resp bound", "bound");
	is_str(told(&s[0]), "up asks:bind_transceiver", "by the other side");
	ok(memmem(c.l.conn.out.p, c.l.conn.out.cap, "secret", 6) == NULL,
	    "no password is left over");
	smpp_link_unbind(&c.l, e.now + 1000);
	until(c.l.state == SMPP_LINK_IDLE);
	is_str(told(&c), "answers:unbind_resp down(ours:unbinding)", "unbound");
	until(s[0].l.state == SMPP_LINK_IDLE);
	is_str(
	    told(&s[0]), "leaves:unbind down(unbound:bound)", "as it sees it");

	is_int(smpp_link_dial(&c.l, &conf), 0, "again, the same link");
	until(c.l.state == SMPP_LINK_BOUND);
	is_str(told(&c), "up answers:bind_transceiver_resp bound", "works");
	smpp_link_close(&c.l);
	until(s[1].l.state == SMPP_LINK_IDLE);
	is_str(told(&s[1]), "up asks:bind_transceiver down(closed:bound)",
	    "without a word");
}

static void
close_it(struct end *x)
{
	smpp_link_close(&x->l);
}

/* A dial may be given up in every state, and from within. */
static void
test_give_up(void)
{
	begin();
	smpp_link_dial(&c.l, &conf);
	smpp_link_close(&c.l);
	turn();
	is_str(told(&c), "", "before it begins");
	smpp_link_dial(&c.l, &conf);
	turn();
	smpp_link_close(&c.l);
	turn();
	is_str(told(&c), "", "while it connects");
	smpp_link_dial(&c.l, &conf);
	smpp_link_end(&c.l, SMPP_END_WRITTEN);
	turn();
	is_str(told(&c), "down(ours:resolving)", "with a word");
	c.act = close_it;
	smpp_link_dial(&c.l, &conf);
	until(told(&c)[0] != '\0');
	is_int(c.l.state, SMPP_LINK_IDLE, "when it is up");
	bind_status = UINT32_MAX;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BINDING);
	smpp_link_unbind(&c.l, e.now + 1000);
	until(c.l.state == SMPP_LINK_IDLE);
	is_str(told(&c), "up down(ours:binding)", "while it binds");
}

/* Connects without a bind; it is sent later. */
static void
test_bind_later(void)
{
	static const struct smpp_link_ops ops = {
	    .up = on_up, .event = on_event, .down = on_down};

	begin();
	c.l.ops = &ops;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_OPEN);
	is_int(smpp_link_bind(&c.l), SMPP_ESTATE, "there is none to send");
	c.l.ops = &client_ops;
	is_int(smpp_link_bind(&c.l), 0, "now there is");
	is_int(smpp_link_bind(&c.l), SMPP_ESTATE, "once");
	until(c.l.state == SMPP_LINK_BOUND);
	is_str(told(&c), "up answers:bind_transceiver_resp bound", "bound");
	smpp_link_close(&c.l);
}

/* --- refusals, and another attempt --- */

static void
refused(uint32_t status, const char *want)
{
	bind_status = status;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state <= SMPP_LINK_WAITING);
	is_int(c.l.refused, status, "refused");
	is_str(smpp_link_text(c.l.state), want, "0x%x", status);
	is_str(told(&c),
	    "up answers:bind_transceiver_resp down(refused:binding)",
	    "is told");
	smpp_link_close(&c.l);
}

static void
test_refused(void)
{
	begin();
	conf.retry = SMPP_RETRY_USUAL;
	refused(ESME_RINVPASWD, "idle");
	refused(ESME_RINVSYSID, "idle");
	refused(0x499, "idle");
	refused(ESME_RTHROTTLED, "waiting");
	refused(ESME_RSYSERR, "waiting");
	refused(ESME_RALYBND, "waiting");
	bind_status = UINT32_MAX;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BINDING);
	told(&c);
	pass(5000);
	is_str(told(&c), "timeout(0) down(timeout:binding)", "no answer");
	is_str(smpp_link_text(c.l.state), "waiting", "may come next time");
	smpp_link_close(&c.l);
}

static void
test_retry(void)
{
	int64_t was = 0, pause;
	bool longer = true, within = true;

	begin();
	conf.retry = SMPP_RETRY_USUAL;
	smpp_listener_close(&listener);
	smpp_link_dial(&c.l, &conf);
	for (int i = 0; i < 9; i++) {
		until(c.l.state == SMPP_LINK_WAITING);
		if (i == 0)
			is_str(told(&c), "down(connect:connecting)",
			    "nobody is there");
		pause = c.l.again - e.now;
		longer = longer && pause >= was;
		within = within && pause >= 1000 && pause <= 60000;
		was = pause;
		pass(pause - 1);
		within = within && c.l.state == SMPP_LINK_WAITING;
		pass(1);
		within = within && c.l.state != SMPP_LINK_WAITING;
	}
	ok(longer, "pauses grow");
	ok(within, "from 1 s to 60 s");
	ok(was == 60000, "as far as that");
	smpp_link_end(&c.l, SMPP_END_WRITTEN);
	turn();
	is_str(smpp_link_text(c.l.state), "idle", "until it is ended");

	begin();
	conf.retry = SMPP_RETRY_EVERY(300);
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BOUND);
	smpp_link_close(&s[0].l);
	until(c.l.state == SMPP_LINK_WAITING);
	is_int((int)(c.l.again - e.now), 300, "a fixed pause");
	pass(300);
	until(c.l.state == SMPP_LINK_BOUND);
	is_str(told(&c),
	    "up answers:bind_transceiver_resp bound down(closed:bound) up "
	    "answers:bind_transceiver_resp bound",
	    "and it is back");
	smpp_link_close(&c.l);
}

/* A good connection makes the next pause a short one again. */
static void
test_steady(void)
{
	begin();
	conf.retry = SMPP_RETRY_USUAL;
	smpp_link_dial(&c.l, &conf);
	for (int i = 0; i < 4; i++) {
		until(c.l.state == SMPP_LINK_BOUND);
		if (i == 3)
			pass(10000);
		smpp_link_close(&s[i].l);
		until(c.l.state == SMPP_LINK_WAITING);
		if (i < 3)
			pass(c.l.again - e.now);
	}
	ok(c.l.again - e.now <= 1250, "it held for 10 s");
	smpp_link_close(&c.l);
}

/* --- addresses and names --- */

static void
test_addresses(void)
{
	struct smpp_link *l = &c.l;
	int dead, fds[8], n = 0;
	char name[SMPP_PEER_MAX];
	struct smpp_err err;

	begin();
	conf.to.host = "localhost"; /* ::1 first, where nobody is */
	smpp_link_dial(l, &conf);
	until(l->state == SMPP_LINK_BOUND);
	is_str(l->conn.peer, listener.name, "one address after the other");
	smpp_link_close(l);
	told(&c);

	conf.to.host = "127.0.0.1";
	conf.to.source = "127.0.0.2";
	smpp_link_dial(l, &conf);
	until(l->state == SMPP_LINK_BOUND);
	ok(strncmp(s[1].l.conn.peer, "127.0.0.2:", 10) == 0, "from where");
	smpp_link_close(l);
	conf.to.source = "::1";
	smpp_link_dial(l, &conf);
	told(&c);
	turn();
	is_str(told(&c), "down(connect:connecting)", "which must fit");
	conf.to.source = NULL;

	conf.to.port = "x";
	smpp_link_dial(l, &conf);
	until(l->state == SMPP_LINK_IDLE);
	is_str(told(&c), "down(resolve:resolving)", "no port");

	/* A queue that is full: SYN is not answered. */
	smpp_err_clear(&err);
	dead = smpp_listen("127.0.0.1", "0", name, &err);
	must(dead >= 0 && listen(dead, 0) == 0, "a listener");
	conf.to.host = "127.0.0.1";
	conf.to.port = strrchr(name, ':') + 1;
	conf.retry = SMPP_RETRY_NEVER;
	for (; n < 8; n++)
		fds[n] = dial_raw(conf.to.port);
	smpp_link_dial(l, &conf);
	turn();
	smpp_engine_turn(&e, e.now + 20);
	is_str(smpp_link_text(l->state), "connecting", "nobody answers");
	pass(5000);
	is_str(told(&c), "down(connect:connecting)", "for too long");
	is_int(l->err.sys, ETIMEDOUT, "which is why");
	while (n-- > 0)
		if (fds[n] >= 0)
			close(fds[n]);
	close(dead);
}

/* Names are looked up once for all, by somebody else. */
static void
test_names(void)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
	char host[256] = "";
	struct end d = {.far = -1};

	begin();
	smpp_link_init(&d.l, &e, &client_ops, &d);
	conf.to.host = "name.invalid";
	smpp_link_dial(&c.l, &conf);
	smpp_link_dial(&d.l, &conf);
	turn();
	is_str(smpp_link_text(c.l.state), "resolving", "a name");
	ok(c.l.lookup != NULL && c.l.lookup == d.l.lookup, "for both");
	smpp_link_close(&d.l);
	ok(c.l.lookup != NULL && e.lookups == c.l.lookup, "or one");
	if (c.l.state == SMPP_LINK_RESOLVING)
		pass(5000);
	is_str(told(&c), "down(resolve:resolving)", "it is nobody's");
	is_int(e.lookups == NULL, 1, "nothing is left of it");

	gethostname(host, sizeof(host) - 1);
	if (getaddrinfo(host, "1", &hints, &list) != 0) {
		ok(true, "# skip: this host has no name that resolves");
		return;
	}
	freeaddrinfo(list);
	conf.to.host = host;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state != SMPP_LINK_RESOLVING &&
	      c.l.state != SMPP_LINK_CONNECTING);
	ok(c.l.state >= SMPP_LINK_OPEN || c.l.err.code == SMPP_ECONNECT,
	    "a name is found");
	smpp_link_close(&c.l);
}

/* --- listening --- */

/* Fills the table of descriptors but for n. */
static int
use_up(int *fd, int max, int n)
{
	int used = 0;

	while (used < max && (fd[used] = open("/dev/null", O_RDONLY)) >= 0)
		used++;
	while (n-- > 0 && used > 0)
		close(fd[--used]);
	return used;
}

static void
test_full(void)
{
	struct rlimit was, few;
	int fd[256], n;

	begin();
	getrlimit(RLIMIT_NOFILE, &was);
	few = was;
	few.rlim_cur = 64;
	setrlimit(RLIMIT_NOFILE, &few);
	smpp_link_dial(&c.l, &conf);
	turn(); /* has its socket; the other side has none */
	n = use_up(fd, 256, 0);
	smpp_engine_turn(&e, e.now + 20);
	turn();
	is_str(full_text, "io ", "no descriptor is left");
	pass(500);
	turn();
	is_str(full_text, "io ", "it is told once");
	is_int((int)ns, 0, "nobody has come");
	close(fd[--n]);
	pass(500);
	until(ns == 1);
	is_int((int)ns, 1, "after a second it is tried again");
	until(c.l.state == SMPP_LINK_BOUND);
	n += use_up(fd + n, 256 - n, 0); /* what look-ups gave back */
	smpp_link_dial(&s[3].l, &conf);
	s[3].l.ops = &client_ops;
	turn();
	is_str(told(&s[3]), "down(connect:connecting)", "nor can we dial");
	close(fd[--n]);
	smpp_link_dial(&s[3].l, &conf);
	until(strlen(full_text) > 3);
	is_str(full_text, "io io ", "full again, and told again");
	smpp_link_close(&c.l);
	until(ns == 2);
	is_int((int)ns, 2, "a link that is closed makes room at once");
	while (n > 0)
		close(fd[--n]);
	setrlimit(RLIMIT_NOFILE, &was);
	smpp_link_close(&s[3].l);
}

static void
close_listener(struct smpp_listener *l, int fd, const char *peer)
{
	(void)peer;
	close(fd);
	smpp_listener_close(l);
	ns = 77;
}

static void
test_listener(void)
{
	struct smpp_listener other = {.accept = come};
	struct smpp_err err;

	begin();
	smpp_err_clear(&err);
	is_int(smpp_listener_open(&e, &other, "127.0.0.1",
		   strrchr(listener.name, ':') + 1, &err),
	    SMPP_EIO, "one at an address");
	smpp_listener_close(&other);
	ok(true, "what is not open may be closed");
	smpp_listener_pause(&listener, true);
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BINDING);
	smpp_engine_turn(&e, e.now + 10);
	is_int((int)ns, 0, "nobody is let in");
	smpp_listener_pause(&listener, false);
	until(ns == 1);
	is_int((int)ns, 1, "until somebody is");
	smpp_link_close(&c.l);
	listener.accept = close_listener;
	smpp_link_dial(&c.l, &conf);
	until(ns == 77);
	is_int(e.listeners == NULL, 1, "closed from within");
	smpp_link_close(&c.l);
}

/* --- TLS --- */

/* Makes a certificate; false without openssl(1). */
static bool
make_cert(const char *dir)
{
	char cmd[512];

	snprintf(cmd, sizeof(cmd),
	    "cd %s && openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -days 2 -keyout key.pem -out "
	    "cert.pem -subj /CN=localhost -addext "
	    "subjectAltName=DNS:localhost,IP:127.0.0.1 >log 2>&1",
	    dir);
	return system(cmd) == 0;
}

static void
test_tls(const char *dir)
{
	char cert[128], key[128];
	struct smpp_tls_conf tls = {.cacert = cert};
	struct smpp_err err;

	snprintf(cert, sizeof(cert), "%s/cert.pem", dir);
	snprintf(key, sizeof(key), "%s/key.pem", dir);
	smpp_err_clear(&err);
	is_int(smpp_tls_server_open(&server_tls, cert, key, NULL, &err), 0,
	    "a server");
	is_int(smpp_tls_client_open(&client_tls, &tls, &err), 0, "a client");
	begin();
	conf.tls = client_tls;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_SECURING);
	is_str(told(&c), "", "nothing is up during the handshake");
	until(c.l.state == SMPP_LINK_BOUND);
	is_str(told(&c), "up answers:bind_transceiver_resp bound", "bound");
	is_str(told(&s[0]), "up asks:bind_transceiver", "over TLS");
	is_str(smpp_tls_version(c.l.conn.tls), "TLSv1.3", "of today");
	smpp_link_end(&s[0].l, SMPP_END_SHUT);
	until(c.l.state == SMPP_LINK_IDLE);
	is_str(c.l.err.msg, "the peer closed the connection", "with a word");
	until(s[0].l.state == SMPP_LINK_IDLE);

	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BOUND);
	shutdown(s[1].l.conn.fd, SHUT_RDWR);
	until(c.l.state == SMPP_LINK_IDLE);
	is_int(c.l.err.code, SMPP_ECLOSED, "or without");
	ok(strstr(c.l.err.msg, "truncated") != NULL, "which is told");

	conf.tls_name = "other.example";
	smpp_link_dial(&c.l, &conf);
	told(&c);
	until(c.l.state == SMPP_LINK_IDLE);
	is_str(told(&c), "down(tls:securing)", "another name");
	until(s[2].l.state == SMPP_LINK_IDLE);
	is_str(told(&s[2]), "down(tls:securing)", "on both sides");
	conf.tls_name = NULL;
}

/* Much, both ways: what TLS has decrypted the loop does not know of. */
static void
test_tls_much(void)
{
	struct smpp_pdu pdu;
	unsigned n = 0;

	begin();
	conf.tls = client_tls;
	conf.session.window = 2000;
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_BOUND);
	s[0].answers = true;
	for (; n < 2000; n++) {
		smpp_pdu_init(&pdu, SMPP_C_submit_sm, 0, SMPP_V50);
		if (smpp_conn_send(&c.l.conn, &pdu, n) != 0)
			break;
	}
	is_int((int)n, 2000, "many requests");
	until(c.l.conn.s.open == 0);
	is_int((int)c.l.conn.s.open, 0, "and their answers");
	smpp_link_close(&c.l);
}

/* Peers that do not speak TLS, or nothing at all. */
static void
test_tls_alien(void)
{
	begin();
	smpp_link_dial(&c.l, &conf); /* plain, to a server with TLS */
	until(s[0].l.state == SMPP_LINK_IDLE && ns == 1);
	is_str(told(&s[0]), "down(tls:securing)", "it speaks no TLS");
	smpp_link_close(&c.l);
	is_int(smpp_link_dial(&c.l, &conf), 0, "another");
	c.l.ops = &(struct smpp_link_ops){.down = on_down}; /* says nothing */
	until(ns == 2 && s[1].l.state == SMPP_LINK_SECURING);
	pass(30000);
	is_str(told(&s[1]), "down(slow:securing)", "it does not shake hands");
	smpp_link_close(&c.l);

	smpp_tls_server_close(server_tls);
	server_tls = NULL;
	begin();
	conf.tls = client_tls; /* TLS, to a server without */
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_IDLE);
	is_str(told(&c), "down(tls:securing)", "it speaks no TLS, either");
	smpp_listener_pause(&listener, true);
	smpp_link_dial(&c.l, &conf);
	until(c.l.state == SMPP_LINK_SECURING);
	pass(5000);
	is_str(told(&c), "down(timeout:securing)", "nor anything");
}

int
main(void)
{
	char dir[] = "/tmp/engine.XXXXXX", cmd[64];

	signal(SIGPIPE, SIG_IGN);
	must(smpp_engine_init(&e) == 0, "an engine");
	test_dial();
	test_give_up();
	test_bind_later();
	test_refused();
	test_retry();
	test_steady();
	test_addresses();
	test_names();
	test_full();
	test_listener();
	must(mkdtemp(dir) != NULL, "a directory");
	if (make_cert(dir)) {
		test_tls(dir);
		test_tls_much();
		test_tls_alien();
	} else {
		ok(true, "# skip: no openssl(1)");
	}
	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	must(system(cmd) == 0, "rm");
	smpp_engine_fini(&e);
	smpp_tls_client_close(client_tls);
	return tap_done();
}
