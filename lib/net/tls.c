/* TLS on a connected socket. */
#include "net/tls.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * OpenSSL is loaded when the first connection wants it: linked, it would more
 * than double the start of every command (0.55 to 1.3 ms), most of which have
 * no use for it. One row a function; libcrypto comes with libssl.
 */
#define FUNCTIONS(F)                          \
	F(ASN1_TIME_diff)                     \
	F(ERR_clear_error)                    \
	F(ERR_peek_error)                     \
	F(ERR_peek_last_error)                \
	F(ERR_reason_error_string)            \
	F(SSL_CTX_ctrl)                       \
	F(SSL_CTX_free)                       \
	F(SSL_CTX_load_verify_file)           \
	F(SSL_CTX_new)                        \
	F(SSL_CTX_set_default_verify_paths)   \
	F(SSL_CTX_set_verify)                 \
	F(SSL_CTX_check_private_key)          \
	F(SSL_CTX_use_PrivateKey_file)        \
	F(SSL_CTX_use_certificate_chain_file) \
	F(SSL_CIPHER_get_name)                \
	F(SSL_ctrl)                           \
	F(SSL_do_handshake)                   \
	F(SSL_free)                           \
	F(SSL_get0_param)                     \
	F(SSL_get0_peer_certificate)          \
	F(SSL_get_current_cipher)             \
	F(SSL_get_error)                      \
	F(SSL_get_verify_result)              \
	F(SSL_get_version)                    \
	F(SSL_new)                            \
	F(SSL_pending)                        \
	F(SSL_read)                           \
	F(SSL_set1_host)                      \
	F(SSL_set_accept_state)               \
	F(SSL_set_connect_state)              \
	F(SSL_set_fd)                         \
	F(SSL_set_quiet_shutdown)             \
	F(SSL_shutdown)                       \
	F(SSL_write)                          \
	F(TLS_client_method)                  \
	F(TLS_server_method)                  \
	F(X509_VERIFY_PARAM_set1_ip_asc)      \
	F(X509_get0_notAfter)                 \
	F(X509_verify_cert_error_string)

/* The functions, loaded once; read-only afterwards. failed says why not. */
static struct {
	char failed[160];
#define MEMBER(f) __typeof__(f) *f;
	FUNCTIONS(MEMBER)
#undef MEMBER
} o;

static pthread_once_t tls_once = PTHREAD_ONCE_INIT;

#define STRING_(x) #x
#define STRING(x) STRING_(x)

/* wants is what the last handshake, read and write that did not get on waits
 * for, as poll(2) names it. */
struct smpp_tls {
	SSL *ssl;
	short wants[2];
	bool done; /* the handshake */
};

enum tls_way { TLS_IN, TLS_OUT };

struct smpp_tls_client {
	SSL_CTX *ctx;
};

struct smpp_tls_server {
	SSL_CTX *ctx;
};

/*
 * By pthread_once(3), since several threads may open their first connection at
 * the same time; a failure stays one, for its cause does. RTLD_LOCAL: its
 * names must not take the place of those of another OpenSSL that the program
 * may be linked with.
 */
static void
tls_load_once(void)
{
	void *lib = dlopen(
	    "libssl.so." STRING(OPENSSL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);

	if (lib == NULL) {
		snprintf(o.failed, sizeof(o.failed), "%s", dlerror());
		return;
	}
#define LOAD(f)                                                    \
	if ((*(void **)&o.f = dlsym(lib, #f)) == NULL) {           \
		snprintf(o.failed, sizeof(o.failed), "no %s", #f); \
		return;                                            \
	}
	FUNCTIONS(LOAD)
#undef LOAD
}

static int
tls_load(struct smpp_err *err)
{
	pthread_once(&tls_once, tls_load_once);
	if (o.failed[0] == '\0')
		return 0;
	return smpp_err_set(err, SMPP_ETLS, "OpenSSL: %s", o.failed);
}

/* Why the peer's certificate is not to be trusted, or OpenSSL's last word. */
static int
tls_error(SSL *ssl, struct smpp_err *err, const char *what)
{
	unsigned long code = o.ERR_peek_error();
	const char *why = o.ERR_reason_error_string(o.ERR_peek_last_error());
	long verify = ssl == NULL ? X509_V_OK : o.SSL_get_verify_result(ssl);

	if (verify != X509_V_OK &&
	    ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
		why = o.X509_verify_cert_error_string(verify);
	if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER ||
	    ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST)
		why = "the peer does not speak TLS";
	if (ERR_SYSTEM_ERROR(code))
		why = strerror(ERR_GET_REASON(code));
	if (err != NULL && err->code == 0)
		err->lib = code;
	smpp_err_set(
	    err, SMPP_ETLS, "%s: %s", what, why == NULL ? "failed" : why);
	o.ERR_clear_error();
	return SMPP_ETLS;
}

/*
 * A file cannot be used: says which, and why. It is the file that is wrong and
 * not the peer, which the code has to say: the class of failure follows from
 * it.
 */
static int
tls_bad_file(struct smpp_err *err, const char *name)
{
	tls_error(NULL, err, name);
	if (err != NULL)
		err->code = SMPP_EIO;
	return SMPP_EIO;
}

/* Whom to trust, and who we are. */
static int
client_files(SSL_CTX *ctx, const struct smpp_tls_conf *c, struct smpp_err *err)
{
	const char *key = c->key != NULL ? c->key : c->cert;
	const char *bad = NULL;

	if (c->cacert != NULL &&
	    o.SSL_CTX_load_verify_file(ctx, c->cacert) != 1)
		bad = c->cacert;
	else if (c->cacert == NULL)
		o.SSL_CTX_set_default_verify_paths(ctx);
	if (bad == NULL && c->cert != NULL &&
	    o.SSL_CTX_use_certificate_chain_file(ctx, c->cert) != 1)
		bad = c->cert;
	if (bad == NULL && key != NULL &&
	    o.SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		bad = key;
	if (bad == NULL)
		return 0;
	/* A file that is there and holds no key: OpenSSL's words do not say
	 * that. */
	if (bad == key && !ERR_SYSTEM_ERROR(o.ERR_peek_error()))
		smpp_err_set(
		    err, SMPP_EIO, "%s: no private key that fits", bad);
	return tls_bad_file(err, bad);
}

/*
 * What client and server have in common. Partial writes, and from buffers that
 * may have moved: what waits is in a buffer that grows. Idle connections give
 * their buffers back, 34 KiB each.
 */
static SSL_CTX *
tls_context(const SSL_METHOD *method)
{
	SSL_CTX *ctx = o.SSL_CTX_new(method);

	if (ctx == NULL)
		return NULL;
	o.SSL_CTX_ctrl(
	    ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
	o.SSL_CTX_ctrl(ctx, SSL_CTRL_MODE,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS,
	    NULL);
	return ctx;
}

int
smpp_tls_client_open(struct smpp_tls_client **client,
    const struct smpp_tls_conf *conf, struct smpp_err *err)
{
	struct smpp_tls_client *c;
	int rc = tls_load(err);

	*client = NULL;
	if (rc != 0)
		return rc;
	o.ERR_clear_error();
	c = calloc(1, sizeof(*c));
	if (c != NULL)
		c->ctx = tls_context(o.TLS_client_method());
	if (c == NULL || c->ctx == NULL) {
		free(c);
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	}
	o.SSL_CTX_set_verify(
	    c->ctx, conf->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	rc = client_files(c->ctx, conf, err);
	if (rc == 0)
		*client = c;
	else
		smpp_tls_client_close(c);
	return rc;
}

void
smpp_tls_client_close(struct smpp_tls_client *client)
{
	if (client == NULL)
		return;
	o.SSL_CTX_free(client->ctx);
	free(client);
}

static bool
is_address(const char *host)
{
	struct in6_addr a;

	return inet_pton(AF_INET, host, &a) == 1 ||
	       inet_pton(AF_INET6, host, &a) == 1;
}

/* The name to ask for and to be shown a certificate of. */
static bool
tls_set_name(SSL *ssl, const char *name)
{
	/* SSL_ctrl() takes no const. */
	char *sni = strdup(name);
	bool ok = sni != NULL;

	/* An address is looked for among the addresses of the certificate, and
	 * is no server name to ask for (RFC 6066, section 3). */
	if (ok && is_address(name))
		ok = o.X509_VERIFY_PARAM_set1_ip_asc(
			 o.SSL_get0_param(ssl), name) == 1;
	else if (ok)
		ok = o.SSL_set1_host(ssl, name) == 1 &&
		     o.SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
			 TLSEXT_NAMETYPE_host_name, sni) == 1;
	free(sni);
	return ok;
}

/* A connection over fd, before its handshake; NULL without memory. */
static struct smpp_tls *
tls_begin(SSL_CTX *ctx, int fd)
{
	struct smpp_tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ssl = o.SSL_new(ctx);
	if (t->ssl != NULL && o.SSL_set_fd(t->ssl, fd) == 1)
		return t;
	o.SSL_free(t->ssl);
	free(t);
	return NULL;
}

int
smpp_tls_connect(struct smpp_tls **tls, struct smpp_tls_client *client, int fd,
    const char *name)
{
	struct smpp_tls *t = tls_begin(client->ctx, fd);

	*tls = NULL;
	if (t == NULL)
		return SMPP_ENOMEM;
	if (!tls_set_name(t->ssl, name)) {
		o.SSL_free(t->ssl);
		free(t);
		return SMPP_ENOMEM;
	}
	o.SSL_set_connect_state(t->ssl);
	*tls = t;
	return 0;
}

/* What a call that returned rc waits for; 0 when it failed. */
static short
tls_wanted(const struct smpp_tls *t, int rc)
{
	switch (o.SSL_get_error(t->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return POLLIN;
	case SSL_ERROR_WANT_WRITE:
		return POLLOUT;
	default:
		return 0;
	}
}

int
smpp_tls_handshake(struct smpp_tls *t, struct smpp_err *err)
{
	int rc;

	if (t->done)
		return 1;
	o.ERR_clear_error();
	errno = 0;
	rc = o.SSL_do_handshake(t->ssl);
	t->done = rc == 1;
	t->wants[TLS_IN] = rc == 1 ? 0 : tls_wanted(t, rc);
	t->wants[TLS_OUT] = 0;
	if (t->done)
		return 1;
	if (t->wants[TLS_IN] != 0)
		return 0;
	/* A peer that leaves in the middle of a handshake is no failure of
	 * OpenSSL's, which has no words for it or few. */
	if (o.ERR_peek_error() == 0 || ERR_GET_REASON(o.ERR_peek_error()) ==
					   SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		smpp_err_set(err, SMPP_ETLS,
		    "TLS handshake: the peer %s the connection",
		    errno == ECONNRESET ? "reset" : "closed");
		o.ERR_clear_error();
		return SMPP_ETLS;
	}
	return tls_error(t->ssl, err, "TLS handshake");
}

short
smpp_tls_wants(const struct smpp_tls *tls)
{
	return (short)(tls->wants[TLS_IN] | tls->wants[TLS_OUT]);
}

void
smpp_tls_close(struct smpp_tls *tls)
{
	if (tls == NULL)
		return;
	smpp_tls_shut(tls);
	o.SSL_free(tls->ssl);
	free(tls);
}

void
smpp_tls_abort(struct smpp_tls *tls)
{
	o.SSL_set_quiet_shutdown(tls->ssl, 1);
}

/* The queue of errors is the thread's, shared by all connections: what is left
 * in it would be taken for the failure of the next call. */
void
smpp_tls_shut(struct smpp_tls *tls)
{
	o.ERR_clear_error();
	o.SSL_shutdown(tls->ssl);
	o.ERR_clear_error();
}

/*
 * What a read or write that returned rc means, as lib/net/io has it. A peer
 * that leaves without a word of TLS may have been cut off by somebody else: it
 * is told apart from one that ended what it had to say.
 */
static int64_t
tls_result(struct smpp_tls *t, enum tls_way way, int rc, struct smpp_err *err)
{
	int saved = errno;

	t->wants[way] = rc > 0 ? 0 : tls_wanted(t, rc);
	if (rc > 0)
		return rc;
	if (t->wants[way] != 0)
		return 0;
	if (o.SSL_get_error(t->ssl, rc) == SSL_ERROR_ZERO_RETURN)
		return smpp_err_set(
		    err, SMPP_ECLOSED, "the peer closed the connection");
	if (ERR_GET_REASON(o.ERR_peek_error()) ==
	    SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		o.ERR_clear_error();
		return smpp_err_set(err, SMPP_ECLOSED,
		    "the peer closed the connection without close_notify "
		    "(truncated)");
	}
	if (saved == ECONNRESET || saved == EPIPE)
		return smpp_err_set(
		    err, SMPP_ERESET, "the peer reset the connection");
	return tls_error(t->ssl, err, "TLS");
}

static int
clamp(size_t n)
{
	/* OpenSSL counts in int. */
	return n > 1 << 30 ? 1 << 30 : (int)n;
}

int64_t
smpp_tls_read(struct smpp_tls *tls, void *p, size_t n, struct smpp_err *err)
{
	o.ERR_clear_error();
	errno = 0;
	return tls_result(tls, TLS_IN, o.SSL_read(tls->ssl, p, clamp(n)), err);
}

int64_t
smpp_tls_write(
    struct smpp_tls *tls, const void *p, size_t n, struct smpp_err *err)
{
	o.ERR_clear_error();
	errno = 0;
	return tls_result(
	    tls, TLS_OUT, o.SSL_write(tls->ssl, p, clamp(n)), err);
}

bool
smpp_tls_pending(const struct smpp_tls *tls)
{
	return o.SSL_pending(tls->ssl) > 0;
}

const char *
smpp_tls_version(const struct smpp_tls *tls)
{
	return o.SSL_get_version(tls->ssl);
}

const char *
smpp_tls_cipher(const struct smpp_tls *tls)
{
	return o.SSL_CIPHER_get_name(o.SSL_get_current_cipher(tls->ssl));
}

int64_t
smpp_tls_expires(const struct smpp_tls *tls)
{
	X509 *cert = o.SSL_get0_peer_certificate(tls->ssl);
	int days, seconds;

	if (cert == NULL || o.ASN1_TIME_diff(&days, &seconds, NULL,
				o.X509_get0_notAfter(cert)) != 1)
		return INT64_MAX;
	return (int64_t)days * 86400 + seconds;
}

/* Loads the files of a server and names the one that is no good. */
static int
server_files(SSL_CTX *ctx, const char *cert, const char *key, const char *ca,
    struct smpp_err *err)
{
	const char *bad = NULL;

	key = key != NULL ? key : cert;
	if (o.SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		bad = cert;
	else if (o.SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) !=
		     1 ||
		 o.SSL_CTX_check_private_key(ctx) != 1)
		bad = key;
	else if (ca != NULL && o.SSL_CTX_load_verify_file(ctx, ca) != 1)
		bad = ca;
	if (bad == NULL)
		return 0;
	return tls_bad_file(err, bad);
}

int
smpp_tls_server_open(struct smpp_tls_server **server, const char *cert,
    const char *key, const char *ca, struct smpp_err *err)
{
	struct smpp_tls_server *s;
	int rc = tls_load(err);

	*server = NULL;
	if (rc != 0)
		return rc;
	o.ERR_clear_error();
	s = calloc(1, sizeof(*s));
	if (s != NULL)
		s->ctx = tls_context(o.TLS_server_method());
	if (s == NULL || s->ctx == NULL) {
		free(s);
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	}
	o.SSL_CTX_ctrl(
	    s->ctx, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
	if (ca != NULL)
		o.SSL_CTX_set_verify(s->ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	rc = server_files(s->ctx, cert, key, ca, err);
	if (rc == 0)
		*server = s;
	else
		smpp_tls_server_close(s);
	return rc;
}

void
smpp_tls_server_close(struct smpp_tls_server *server)
{
	if (server == NULL)
		return;
	o.SSL_CTX_free(server->ctx);
	free(server);
}

int
smpp_tls_accept(struct smpp_tls **tls, struct smpp_tls_server *server, int fd)
{
	struct smpp_tls *t = tls_begin(server->ctx, fd);

	*tls = t;
	if (t == NULL)
		return SMPP_ENOMEM;
	o.SSL_set_accept_state(t->ssl);
	return 0;
}
