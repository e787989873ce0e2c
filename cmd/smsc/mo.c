/* Messages from phones: JSON lines, live, to the ESMEs that are there. */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "msg/split.h"
#include "show/show.h"
#include "smsc.h"

enum {
	LINE_MAX = 256 * 1024,
	PER_TURN = 100, /* messages, then it is the turn of others */
	MO_HELD = 1000, /* deliveries that wait; more are not made */
	LATER_MS = 10,
};

/*
 * The input: octets read and not used yet, the number of the last line, and
 * the messages of a line that wait for their turn, parts shuffled.
 */
struct mo {
	struct smpp_watch watch;
	bool file;    /* not a pipe: there is always something to read */
	bool watched; /* by the loop */
	bool end;
	char *buf;
	size_t n;
	unsigned line;
	uint16_t ref;
	int64_t next; /* when the rate lets the next message go */
	double gap;   /* the part of a millisecond that is owed */
	struct smpp_timer timer;
	unsigned nparts, part;
	struct smpp_mc_delivery *parts[SMPP_PARTS_MAX];
};

const char *const mo_splits[] = {
    "udh", "udh16", "sar", "payload", "none", NULL};

static void
mo_wake(struct smpp_timer *t, int64_t now)
{
	(void)now;
	mo_run(t->arg);
}

static void mo_ready(struct smpp_watch *w, bool in, bool out);

/*
 * A named pipe stays open for the next writer when one has gone. With O_RDWR
 * there is always a writer, ourselves: read() says EAGAIN instead of the end.
 */
static int
mo_open_file(const char *name)
{
	struct stat st;
	bool pipe = stat(name, &st) == 0 && S_ISFIFO(st.st_mode);

	return open(name, (pipe ? O_RDWR | O_NONBLOCK : O_RDONLY) | O_CLOEXEC);
}

int
mo_open(struct smsc *mc)
{
	const char *name = mc->a.mo;
	struct mo *mo;

	if (name == NULL)
		return 0;
	mo = calloc(1, sizeof(*mo));
	if (mo == NULL)
		cmd_nomem();
	mc->mo = mo;
	mo->timer = (struct smpp_timer){.fn = mo_wake, .arg = mc};
	mo->buf = cmd_alloc(mc->c, LINE_MAX);
	mo->watch = (struct smpp_watch){.fn = mo_ready, .arg = mc};
	mo->watch.fd = strcmp(name, "-") == 0 ? STDIN_FILENO
					      : mo_open_file(name);
	if (mo->watch.fd < 0)
		return out_errno(mc->c, SMPP_EXIT_LOCAL, "mo", name);
	/* epoll refuses files: those can always be read. */
	mo->watched = smpp_watch_add(&mc->e, &mo->watch, true, false) == 0;
	mo->file = !mo->watched;
	smsc_timer(mc, &mo->timer, mc->e.now);
	return 0;
}

/* Parts that nobody took are the centre's memory. */
void
mo_free(struct smsc *mc)
{
	struct mo *mo = mc->mo;

	if (mo == NULL)
		return;
	smpp_timer_stop(&mc->e.timers, &mo->timer);
	if (mo->watched)
		smpp_watch_del(&mc->e, &mo->watch);
	while (mo->part < mo->nparts)
		smpp_mc_delivery_free(&mc->centre, mo->parts[mo->part++]);
	if (mo->watch.fd > STDERR_FILENO)
		close(mo->watch.fd);
	free(mo);
	mc->mo = NULL;
}

/*
 * Says what is wrong with a line, which is passed over. The run goes on: a
 * live input may have one bad line among good ones, and the exit status is not
 * the place to find it.
 */
static void
mo_skip(struct smsc *mc, const char *why)
{
	out_error(mc->c, SMPP_EXIT_DATA, "mo", "%s:%u: %s", mc->a.mo,
	    mc->mo->line, why);
}

/* No room in the centre's store: the part is not made. */
static void
mo_add_part(struct smsc *mc, struct smpp_pdu *submit)
{
	struct smpp_pdu pdu;
	struct smpp_mc_delivery *d;

	smpp_mc_hand_on(&pdu, submit);
	centre_check(smpp_mc_delivery_new(&mc->centre, NULL, &pdu, &d));
	if (d != NULL)
		mc->mo->parts[mc->mo->nparts++] = d;
}

/* Changes the order of the parts, and loses some, as the options want it. */
static void
disturb(struct smsc *mc)
{
	struct mo *mo = mc->mo;
	struct smpp_mc_delivery *d;
	unsigned i, j;

	for (i = 0; mo->nparts > 1 && i < mo->nparts; i++) {
		if (mc->a.mo_lose == 0 ||
		    smpp_rng_unit(&mc->rng) * 100 >= mc->a.mo_lose)
			continue;
		smpp_mc_delivery_free(&mc->centre, mo->parts[i]);
		/*
		 * The last takes its place, and is asked about next; unsigned
		 * i may go below 0 and comes back.
		 */
		mo->parts[i--] = mo->parts[--mo->nparts];
	}
	/* Fisher and Yates: every order is as likely. */
	for (i = mo->nparts; mc->a.mo_shuffle && i > 1; i--) {
		j = (unsigned)(smpp_rng_next(&mc->rng) % i);
		d = mo->parts[i - 1];
		mo->parts[i - 1] = mo->parts[j];
		mo->parts[j] = d;
	}
}

/* The alphabet that the line says, or the one that fits. */
static int
choose(struct smpp_split_how *how, struct smpp_pdu *pdu, struct smpp_view text,
    struct smpp_err *err)
{
	int rc = 1;

	how->coding.alphabet = SMPP_ALPHA_GSM7;
	if (smpp_pdu_has(pdu, SMPP_F_data_coding))
		how->coding.alphabet = (uint8_t)smpp_alphabet_of(
		    (uint8_t)smpp_pdu_num(pdu, SMPP_F_data_coding),
		    SMPP_ALPHA_GSM7);
	else
		rc = smpp_split_choose(how, text, SMPP_NATIONAL_OFF, err);
	if (rc > 0 && !smpp_pdu_has(pdu, SMPP_F_data_coding))
		smpp_pdu_set_num(pdu, SMPP_F_data_coding,
		    (uint32_t)smpp_data_coding(how->coding.alphabet, -1));
	return rc;
}

/* Makes the deliveries of a text, one a part. */
static int
split_text(struct smsc *mc, struct smpp_pdu *pdu, struct smpp_view text,
    struct smpp_err *err)
{
	struct smpp_split_how how = {.ref = ++mc->mo->ref & 0xff};
	struct smpp_pdu whole = *pdu;
	struct smpp_split s;
	struct smpp_part part;
	/* For one part at a time: each is copied into its delivery. */
	static uint8_t octets[UINT16_MAX];
	struct smpp_wr w;
	int rc;

	how.method = mc->a.mo_split;
	rc = choose(&how, &whole, text, err);
	if (rc > 0)
		rc = smpp_split_begin(&s, text, &how, err);
	while (rc > 0) {
		smpp_wr_init(&w, octets, sizeof(octets));
		rc = smpp_split_next(&s, &part, &w, err);
		if (rc <= 0)
			break;
		*pdu = whole;
		if (smpp_part_set(pdu, &s, &part) == 0)
			mo_add_part(mc, pdu);
	}
	return rc;
}

/* Makes what a line says wait for its turn. */
static void
mo_take_line(struct smsc *mc, const char *line, size_t n)
{
	struct mo *mo = mc->mo;
	static uint8_t octets[SMPP_PDU_MAX];
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct smpp_view text;
	struct smpp_wr store;

	mo->line++;
	mo->nparts = mo->part = 0;
	/* Empty lines and comments, so that a file can be written by hand. */
	if (n == 0 || *line == '#')
		return;
	smpp_err_clear(&err);
	smpp_wr_init(&store, octets, sizeof(octets));
	if (smpp_json_message_parse(&pdu, &text, line, n, SMPP_V50,
		mc->c->dictionary, SMPP_ALPHA_GSM7, &store, &err) != 0) {
		mo_skip(mc, err.msg);
		return;
	}
	if (text.p == NULL)
		mo_add_part(mc, &pdu);
	else if (split_text(mc, &pdu, text, &err) < 0)
		mo_skip(mc, err.msg);
	disturb(mc);
}

/* Whether the address_range of a receiver has the destination. */
static bool
mo_in_range(const struct peer *p, const char *dest)
{
	regex_t re;
	bool hit;

	/* Counted repeats can take any amount of memory. */
	if (p->range == NULL || strchr(p->range, '{') != NULL ||
	    regcomp(&re, p->range, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	hit = regexec(&re, dest, 0, NULL, 0) == 0;
	regfree(&re);
	return hit;
}

/*
 * Who gets a message: the account of that name, or a receiver whose
 * address_range has the destination, or the one whose turn it is.
 */
static struct smpp_mc_account *
find_receiver(struct smsc *mc, const struct smpp_mc_delivery *d)
{
	struct smpp_issues issues = {0};
	struct smpp_mc_account *a;
	struct smpp_pdu pdu;
	struct smpp_view dest;
	struct peer *p;
	char text[ADDR_MAX];

	smpp_decode(&pdu, smpp_mc_delivery_wire(d), SMPP_VANY, 0, &issues);
	dest = smpp_pdu_view(&pdu, SMPP_F_destination_addr);
	a = smpp_mc_receiver(&mc->centre, dest);
	if (a != NULL)
		return a;
	memcpy(text, dest.p, dest.n);
	text[dest.n] = '\0';
	for (p = mc->receivers.first; p != NULL; p = p->any.next)
		if (mo_in_range(p, text))
			return p->client.account;
	/* To the end of the list: who takes turns is who waited longest. */
	p = mc->receivers.first;
	peers_del(&mc->receivers, p, offsetof(struct peer, any));
	peers_add(&mc->receivers, p, offsetof(struct peer, any));
	return p->client.account;
}

/* Whether the rate lets a message go now. */
static bool
in_time(struct smsc *mc)
{
	struct mo *mo = mc->mo;

	if (mc->a.mo_rate <= 0)
		return true;
	if (mc->e.now < mo->next)
		return false;
	/*
	 * After a pause the rate begins anew: what was not sent for want of
	 * input or receivers is not made up for by a burst of more than a
	 * second.
	 */
	if (mo->next < mc->e.now - 1000)
		mo->next = mc->e.now;
	mo->gap += 1000 / mc->a.mo_rate;
	mo->next += (int64_t)mo->gap;
	mo->gap -= (double)(int64_t)mo->gap;
	return true;
}

/*
 * Delivers what waits. False when somebody, or time, is to be waited for. Held
 * deliveries have a bound: a client that does not answer lets the input wait,
 * a pipe's writer with it.
 */
static bool
deliver(struct smsc *mc)
{
	struct mo *mo = mc->mo;

	while (mo->part < mo->nparts) {
		if (mc->receivers.first == NULL || mc->centre.held > MO_HELD ||
		    !in_time(mc))
			return false;
		centre_check(
		    smpp_mc_deliver(find_receiver(mc, mo->parts[mo->part]),
			mo->parts[mo->part]));
		mo->part++;
	}
	return true;
}

/* Takes the next whole line out of what was read. */
static bool
mo_next_line(struct smsc *mc)
{
	struct mo *mo = mc->mo;
	char *end = memchr(mo->buf, '\n', mo->n);
	size_t n;

	if (end == NULL && !(mo->end && mo->n > 0) && mo->n < LINE_MAX)
		return false;
	n = end == NULL ? mo->n : (size_t)(end - mo->buf);
	/* A line too long: its pieces are passed over one by one. */
	if (end == NULL && !mo->end) {
		mo->line++;
		mo_skip(mc, "longer than 256 KiB");
	} else {
		mo_take_line(mc, mo->buf, n);
	}
	mo->n -= n + (end != NULL);
	memmove(mo->buf, mo->buf + n + (end != NULL), mo->n);
	return true;
}

/*
 * Reads what is there. An error ends the input as its end does: what came
 * before is delivered.
 */
static void
mo_fill(struct smsc *mc)
{
	struct mo *mo = mc->mo;
	ssize_t got;

	if (mo->end || mo->n == LINE_MAX)
		return;
	got = read(mo->watch.fd, mo->buf + mo->n, LINE_MAX - mo->n);
	if (got > 0)
		mo->n += (size_t)got;
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		mo->end = true;
}

/*
 * Has the loop look at the input only while lines are wanted. A pipe that is
 * full of lines would wake the loop without end.
 */
static void
mo_watch(struct smsc *mc, bool wanted)
{
	struct mo *mo = mc->mo;

	wanted = wanted && !mo->end;
	if (!mo->file && wanted && !mo->watched)
		smpp_watch_add(&mc->e, &mo->watch, true, false);
	if (!mo->file && !wanted && mo->watched)
		smpp_watch_del(&mc->e, &mo->watch);
	mo->watched = wanted && !mo->file;
}

/* With --until-eof the end of stdin is the end, once what it said is
 * delivered or nobody is there any more. */
static void
finish_at_end(struct smsc *mc)
{
	struct mo *mo = mc->mo;

	if (!mo->end || !mc->a.until_eof || mo->watch.fd != STDIN_FILENO ||
	    mo->part < mo->nparts || mo->n > 0)
		return;
	mc->ended = mc->centre.held == 0 || mc->receivers.first == NULL;
	if (!mc->ended)
		smsc_timer(mc, &mo->timer, mc->e.now + LATER_MS);
}

/* Delivers lines until there is none, or somebody or time is to be waited for.
 * Returns whether there may be more. */
static bool
mo_go_on(struct smsc *mc)
{
	struct mo *mo = mc->mo;

	for (unsigned i = 0; i < PER_TURN; i++) {
		if (!deliver(mc))
			return false;
		if (mo_next_line(mc))
			continue;
		if (!mo->file || mo->end)
			return false;
		mo_fill(mc);
	}
	return true;
}

void
mo_run(struct smsc *mc)
{
	struct mo *mo = mc->mo;
	bool more;

	if (mo == NULL || mc->stopping)
		return;
	more = mo_go_on(mc);
	mo_watch(mc, mo->part == mo->nparts);
	/*
	 * Nobody tells when held deliveries get fewer, so it is looked at
	 * again.
	 */
	if (more)
		smsc_timer(mc, &mo->timer, mc->e.now);
	else if (mo->part < mo->nparts && mc->receivers.first != NULL)
		smsc_timer(mc, &mo->timer,
		    mo->next > mc->e.now ? mo->next : mc->e.now + LATER_MS);
	finish_at_end(mc);
}

static void
mo_ready(struct smpp_watch *w, bool in, bool out)
{
	struct smsc *mc = w->arg;

	(void)in;
	(void)out;
	mo_fill(mc);
	mo_run(mc);
}
