/* TLS on a connected socket. */
#include "net/tls.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <errno.h>
#include <poll.h>
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
	F(SSL_connect)                        \
	F(SSL_ctrl)                           \
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
	F(SSL_set_fd)                         \
	F(SSL_set_quiet_shutdown)             \
	F(SSL_shutdown)                       \
	F(SSL_write)                          \
	F(TLS_client_method)                  \
	F(TLS_server_method)                  \
	F(X509_VERIFY_PARAM_set1_ip_asc)      \
	F(X509_get0_notAfter)                 \
	F(X509_verify_cert_error_string)

/* The functions, loaded once; read-only afterwards. */
static struct {
	void *lib;
#define MEMBER(f) __typeof__(f) *f;
	FUNCTIONS(MEMBER)
#undef MEMBER
} o;

#define STRING_(x) #x
#define STRING(x) STRING_(x)

struct smpp_tls {
	SSL_CTX *ctx;
	SSL *ssl;
};

static int
load(struct smpp_err *err)
{
	void *lib;

	if (o.lib != NULL)
		return 0;
	lib = dlopen(
	    "libssl.so." STRING(OPENSSL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
	if (lib == NULL)
		return smpp_err_set(err, SMPP_ETLS, "OpenSSL: %s", dlerror());
#define LOAD(f)                                        \
	if ((*(void **)&o.f = dlsym(lib, #f)) == NULL) \
		return smpp_err_set(err, SMPP_ETLS, "OpenSSL: no " #f);
	FUNCTIONS(LOAD)
#undef LOAD
	o.lib = lib;
	return 0;
}

/* Why the peer's certificate is not to be trusted, or OpenSSL's last word. */
static int
tls_error(const struct smpp_tls *t, struct smpp_err *err, const char *what)
{
	unsigned long code = o.ERR_peek_error();
	const char *why = o.ERR_reason_error_string(o.ERR_peek_last_error());
	long verify = t->ssl == NULL ? X509_V_OK
				     : o.SSL_get_verify_result(t->ssl);

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

/* Whom to trust, and who we are. */
static int
set_files(
    struct smpp_tls *t, const struct smpp_tls_conf *c, struct smpp_err *err)
{
	const char *key = c->key != NULL ? c->key : c->cert;
	const char *bad = NULL;

	if (c->cacert != NULL &&
	    o.SSL_CTX_load_verify_file(t->ctx, c->cacert) != 1)
		bad = c->cacert;
	else if (c->cacert == NULL)
		o.SSL_CTX_set_default_verify_paths(t->ctx);
	if (bad == NULL && c->cert != NULL &&
	    o.SSL_CTX_use_certificate_chain_file(t->ctx, c->cert) != 1)
		bad = c->cert;
	if (bad == NULL && key != NULL &&
	    o.SSL_CTX_use_PrivateKey_file(t->ctx, key, SSL_FILETYPE_PEM) != 1)
		bad = key;
	if (bad == NULL)
		return 0;
	if (bad == key && !ERR_SYSTEM_ERROR(o.ERR_peek_error()))
		smpp_err_set(
		    err, SMPP_EIO, "%s: no private key that fits", bad);
	tls_error(t, err, bad);
	if (err != NULL)
		err->code = SMPP_EIO;
	return SMPP_EIO;
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
set_name(struct smpp_tls *t, const struct smpp_tls_conf *c)
{
	const char *name = c->sni != NULL ? c->sni : c->host;
	char *sni = strdup(name);
	bool ok = sni != NULL;

	if (ok && is_address(name))
		ok = o.X509_VERIFY_PARAM_set1_ip_asc(
			 o.SSL_get0_param(t->ssl), name) == 1;
	else if (ok)
		ok = o.SSL_set1_host(t->ssl, name) == 1 &&
		     o.SSL_ctrl(t->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
			 TLSEXT_NAMETYPE_host_name, sni) == 1;
	free(sni);
	return ok;
}

static int
tls_prepare(struct smpp_tls *t, int fd, const struct smpp_tls_conf *c,
    struct smpp_err *err)
{
	int rc;

	t->ctx = o.SSL_CTX_new(o.TLS_client_method());
	if (t->ctx == NULL)
		return tls_error(t, err, "TLS");
	o.SSL_CTX_ctrl(
	    t->ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
	o.SSL_CTX_ctrl(t->ctx, SSL_CTRL_MODE,
	    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER,
	    NULL);
	o.SSL_CTX_set_verify(
	    t->ctx, c->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	rc = set_files(t, c, err);
	if (rc != 0)
		return rc;
	t->ssl = o.SSL_new(t->ctx);
	if (t->ssl == NULL || o.SSL_set_fd(t->ssl, fd) != 1 || !set_name(t, c))
		return tls_error(t, err, "TLS");
	return 0;
}

/* What a call that returned rc waits for; 0 when it failed. */
static short
tls_wants(const struct smpp_tls *t, int rc)
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

static int
handshake(struct smpp_tls *t, int fd, int wake, int64_t deadline,
    struct smpp_err *err)
{
	short events;
	int rc;

	for (;;) {
		o.ERR_clear_error();
		errno = 0;
		rc = o.SSL_connect(t->ssl);
		if (rc == 1)
			return 0;
		events = tls_wants(t, rc);
		if (events == 0 && o.ERR_peek_error() == 0)
			return smpp_err_set(err, SMPP_ETLS,
			    "TLS handshake: the peer %s the connection",
			    errno == ECONNRESET ? "reset" : "closed");
		if (events == 0)
			return tls_error(t, err, "TLS handshake");
		rc = smpp_io_wait(fd, events, wake, deadline);
		if (rc < 0)
			return smpp_err_set(
			    err, rc, "TLS handshake: %s", smpp_err_text(rc));
	}
}

int
smpp_tls_open(struct smpp_tls **tls, int fd, const struct smpp_tls_conf *conf,
    int wake, int64_t deadline, struct smpp_err *err)
{
	struct smpp_tls *t;
	int rc;

	*tls = NULL;
	rc = load(err);
	if (rc != 0)
		return rc;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	rc = tls_prepare(t, fd, conf, err);
	if (rc == 0)
		rc = handshake(t, fd, wake, deadline, err);
	if (rc == 0) {
		*tls = t;
		return 0;
	}
	o.SSL_free(t->ssl);
	o.SSL_CTX_free(t->ctx);
	free(t);
	return rc;
}

void
smpp_tls_close(struct smpp_tls *tls)
{
	if (tls == NULL)
		return;
	o.ERR_clear_error();
	o.SSL_shutdown(tls->ssl);
	o.SSL_free(tls->ssl);
	o.SSL_CTX_free(tls->ctx);
	free(tls);
}

void
smpp_tls_abort(struct smpp_tls *tls)
{
	o.SSL_set_quiet_shutdown(tls->ssl, 1);
}

/* What a read or write that returned rc means, as lib/net/io has it. */
static int64_t
result(struct smpp_tls *t, int rc, struct smpp_err *err)
{
	int saved = errno;

	if (rc > 0)
		return rc;
	if (tls_wants(t, rc) != 0)
		return 0;
	if (o.SSL_get_error(t->ssl, rc) == SSL_ERROR_ZERO_RETURN ||
	    ERR_GET_REASON(o.ERR_peek_error()) ==
		SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return smpp_err_set(
		    err, SMPP_ECLOSED, "the peer closed the connection");
	if (saved == ECONNRESET || saved == EPIPE)
		return smpp_err_set(
		    err, SMPP_ERESET, "the peer reset the connection");
	return tls_error(t, err, "TLS");
}

static int
clamp(size_t n)
{
	return n > 1 << 30 ? 1 << 30 : (int)n;
}

int64_t
smpp_tls_read(struct smpp_tls *tls, void *p, size_t n, struct smpp_err *err)
{
	o.ERR_clear_error();
	errno = 0;
	return result(tls, o.SSL_read(tls->ssl, p, clamp(n)), err);
}

int64_t
smpp_tls_write(
    struct smpp_tls *tls, const void *p, size_t n, struct smpp_err *err)
{
	o.ERR_clear_error();
	errno = 0;
	return result(tls, o.SSL_write(tls->ssl, p, clamp(n)), err);
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

struct smpp_tls_server {
	struct smpp_tls t; /* its ctx alone */
};

/* Loads the files of a server and names the one that is no good. */
static int
server_files(struct smpp_tls *t, const char *cert, const char *key,
    const char *ca, struct smpp_err *err)
{
	const char *bad = NULL;

	key = key != NULL ? key : cert;
	if (o.SSL_CTX_use_certificate_chain_file(t->ctx, cert) != 1)
		bad = cert;
	else if (o.SSL_CTX_use_PrivateKey_file(t->ctx, key, SSL_FILETYPE_PEM) !=
		     1 ||
		 o.SSL_CTX_check_private_key(t->ctx) != 1)
		bad = key;
	else if (ca != NULL && o.SSL_CTX_load_verify_file(t->ctx, ca) != 1)
		bad = ca;
	if (bad == NULL)
		return 0;
	tls_error(t, err, bad);
	if (err != NULL)
		err->code = SMPP_EIO;
	return SMPP_EIO;
}

int
smpp_tls_server_open(struct smpp_tls_server **server, const char *cert,
    const char *key, const char *ca, struct smpp_err *err)
{
	struct smpp_tls_server *s;
	int rc = load(err);

	*server = NULL;
	if (rc != 0)
		return rc;
	s = calloc(1, sizeof(*s));
	if (s != NULL)
		s->t.ctx = o.SSL_CTX_new(o.TLS_server_method());
	if (s == NULL || s->t.ctx == NULL) {
		free(s);
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	}
	o.SSL_CTX_ctrl(
	    s->t.ctx, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
	o.SSL_CTX_ctrl(s->t.ctx, SSL_CTRL_MODE,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS,
	    NULL);
	o.SSL_CTX_ctrl(
	    s->t.ctx, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
	if (ca != NULL)
		o.SSL_CTX_set_verify(s->t.ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	rc = server_files(&s->t, cert, key, ca, err);
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
	o.SSL_CTX_free(server->t.ctx);
	free(server);
}

int
smpp_tls_accept(struct smpp_tls **tls, struct smpp_tls_server *server, int fd)
{
	struct smpp_tls *t = calloc(1, sizeof(*t));

	*tls = NULL;
	if (t != NULL)
		t->ssl = o.SSL_new(server->t.ctx);
	if (t == NULL || t->ssl == NULL || o.SSL_set_fd(t->ssl, fd) != 1) {
		if (t != NULL)
			o.SSL_free(t->ssl);
		free(t);
		return SMPP_ENOMEM;
	}
	o.SSL_set_accept_state(t->ssl);
	*tls = t;
	return 0;
}
