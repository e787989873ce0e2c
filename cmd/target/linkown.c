/* The link of those who drive its connection themselves. */
#include <unistd.h>

#include "base/clock.h"
#include "link_int.h"

void
link_release(struct link *l)
{
	if (smpp_link_release(&l->end[0], &l->own) != 0)
		cmd_nomem();
	l->conn = l->from = &l->own;
	smpp_engine_fini(&l->e);
}

int
link_own_close(struct link *l)
{
	if (l->own.fd >= 0)
		smpp_flush(&l->own, smpp_clock_ms() + LINK_SILENT_MS, NULL);
	smpp_conn_close(&l->own);
	linktap_end(&l->tap[0]);
	return linktap_check(l->c, l->t);
}

int
link_trace(struct link *l, const char *file)
{
	struct target *t = l->t;
	struct smpp_capture *old = t->capture;
	int rc;

	linktap_end(&l->tap[0]);
	rc = linktap_check(l->c, t);
	if (old != NULL)
		close(old->fd);
	t->capture = NULL;
	t->trace = file;
	if (rc == 0)
		rc = linktap_open(l->c, t);
	if (rc == 0 && l->conn->fd >= 0)
		linktap_begin(&l->tap[0], l->c, t, l->conn);
	return rc;
}
