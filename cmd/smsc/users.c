/* Who may bind, read from options and from a file of accounts. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/inifile.h"
#include "target/secret.h"
#include "net/cidr.h"
#include "smsc.h"

/* One account, in the order in which they were read. */
struct user {
	struct smpp_mc_allow allow;
	struct user *next;
};

/* Those that were read: n of them, found by index (search.h). */
struct users {
	struct smsc *mc;
	struct user *first, **last;
	size_t n;
	void *index;
};

static int
users_bad(struct ctx *c, const char *from, const char *key, const char *value,
    const char *wanted)
{
	return out_error(c, SMPP_EXIT_USAGE, "config", "%s: %s: '%s' is not %s",
	    from, key, value, wanted);
}

/* Cuts the next word off a list with commas or blanks between; n is 0 at its
 * end. */
static size_t
next_word(const char **p)
{
	*p += strspn(*p, ", \t");
	return strcspn(*p, ", \t");
}

static int
set_modes(
    struct ctx *c, struct smpp_mc_allow *a, const char *value, const char *from)
{
	const char *p = value;
	size_t n;

	for (; (n = next_word(&p)) > 0; p += n) {
		if (smpp_view_is(smpp_view_of(p, n), "tx"))
			a->modes |= SMPP_ST_TX;
		else if (smpp_view_is(smpp_view_of(p, n), "rx"))
			a->modes |= SMPP_ST_RX;
		else if (smpp_view_is(smpp_view_of(p, n), "trx"))
			a->modes |= SMPP_ST_TRX;
		else
			return users_bad(
			    c, from, "modes", value, "a list of tx, rx, trx");
	}
	return 0;
}

/*
 * Copied for each range: they are a few, and memory of the command is not
 * given back.
 */
static int
set_from(
    struct ctx *c, struct smpp_mc_allow *a, const char *value, const char *from)
{
	const char **list, *p = value;
	size_t n;

	for (; (n = next_word(&p)) > 0; p += n) {
		list = cmd_alloc(c, (a->nfrom + 1) * sizeof(*list));
		if (a->nfrom > 0)
			memcpy(list, a->from, a->nfrom * sizeof(*list));
		list[a->nfrom] = cmd_printf(c, "%.*s", (int)n, p);
		a->from = list;
		if (!smpp_cidr_ok(list[a->nfrom++]))
			return users_bad(c, from, "from", list[a->nfrom - 1],
			    "a range of addresses, as 192.0.2.0/24");
	}
	return 0;
}

static int
set_number(struct ctx *c, uint32_t *out, const char *key, const char *value,
    const char *from)
{
	return opt_uint(value, out) == 0
		   ? 0
		   : users_bad(c, from, key, value, "a number");
}

static int
users_set_rate(struct ctx *c, double *out, const char *key, const char *value,
    const char *from)
{
	return opt_rate(value, out) == 0 ? 0
					 : users_bad(c, from, key, value,
					       "a rate, as in 50 or 600/m");
}

/* An account with a password asks for it; without the key any is good. */
static int
set_password(
    struct ctx *c, struct smpp_mc_allow *a, const char *value, const char *from)
{
	if (strlen(value) >= sizeof(a->password))
		return out_error(c, SMPP_EXIT_USAGE, "config",
		    "%s: the password is too long", from);
	strcpy(a->password, value);
	a->asks = true;
	return 0;
}

static int
set_key(struct ctx *c, struct smpp_mc_allow *a, const char *key,
    const char *value, const char *from)
{
	if (strcmp(key, "password") == 0)
		return set_password(c, a, value, from);
	if (strcmp(key, "modes") == 0)
		return set_modes(c, a, value, from);
	if (strcmp(key, "from") == 0)
		return set_from(c, a, value, from);
	if (strcmp(key, "max-binds") == 0)
		return set_number(c, &a->max_binds, key, value, from);
	if (strcmp(key, "window") == 0)
		return set_number(c, &a->window, key, value, from);
	if (strcmp(key, "rate") == 0)
		return users_set_rate(c, &a->rate, key, value, from);
	if (strcmp(key, "burst") == 0)
		return users_set_rate(c, &a->burst, key, value, from);
	return out_error(c, SMPP_EXIT_USAGE, "config",
	    "%s: '%s' is none of password, modes, max-binds, from, rate, "
	    "burst, window",
	    from, key);
}

/*
 * By system_id, which is the first member. tsearch() is given accounts and
 * system_ids alike.
 */
static int
users_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * The account of a system_id, made if it is not there. An index beside the
 * list, for a file may have any number of accounts; the order is that of the
 * file.
 */
static struct smpp_mc_allow *
allow_of(struct users *all, const char *id)
{
	struct user **at = tfind(id, &all->index, users_compare), *u;

	if (at != NULL)
		return &(*at)->allow;
	u = cmd_alloc(all->mc->c, sizeof(*u));
	strcpy(u->allow.system_id, id);
	if (tsearch(u, &all->index, users_compare) == NULL)
		cmd_nomem();
	*all->last = u;
	all->last = &u->next;
	all->n++;
	return &u->allow;
}

static int
users_on_pair(void *arg, const char *section, const char *key,
    const char *value, const char *from)
{
	struct users *all = arg;
	struct ctx *c = all->mc->c;

	/* system_id has 16 octets with its NUL (3.4 5.2.1). */
	if (*section == '\0' || strlen(section) > 15)
		return out_error(c, SMPP_EXIT_USAGE, "config",
		    "%s: a section is a system_id of 1 to 15 characters", from);
	return key == NULL
		   ? 0
		   : set_key(c, allow_of(all, section), key, value, from);
}

/* --user: all of them share the password, if there is one. */
static int
read_users(struct users *all)
{
	struct smsc *mc = all->mc;
	struct secret_key key = {.system_id = NULL};
	struct secret_args args = {.file = mc->a.password_file};
	struct secret s = {.from = NULL};
	struct smpp_mc_allow *a;
	const char *id;
	int rc = 0;

	for (size_t i = 0; i < mc->a.users.n && rc == 0; i++) {
		id = mc->a.users.v[i];
		if (*id == '\0' || strlen(id) > 15)
			return out_usage(mc->c,
			    "--user: a system_id has 1 to 15 characters");
		key.system_id = id;
		/*
		 * From a file it is read once for all, elsewhere it is asked
		 * for by name.
		 */
		if (s.from == NULL || args.file == NULL)
			rc = secret_find(mc->c, &args, &key, &s);
		a = allow_of(all, id);
		a->asks = s.from != NULL;
		strcpy(a->password, s.text);
	}
	secret_wipe(&s);
	return rc;
}

bool
accounts_listed(const struct smsc *mc)
{
	return mc->a.accounts != NULL || mc->a.users.n > 0;
}

static int
users_read_all(struct users *all)
{
	struct smsc *mc = all->mc;
	int rc = 0;

	if (mc->a.password_file != NULL && mc->a.users.n == 0)
		return out_usage(mc->c, "--password-file wants --user");
	/* A file of passwords that others may read is refused. */
	if (mc->a.accounts != NULL)
		rc = secret_safe(mc->c, mc->a.accounts);
	if (rc == 0 && mc->a.accounts != NULL)
		rc = inifile_read(
		    mc->c, mc->a.accounts, true, users_on_pair, all);
	return rc != 0 ? rc : read_users(all);
}

/* It is the command's memory that the index points to. */
static void
users_keep(void *user)
{
	(void)user;
}

int
accounts_open(struct smsc *mc)
{
	struct users all = {.mc = mc, .last = &all.first};
	struct smpp_mc_allow *v;
	size_t n = 0;
	int rc = users_read_all(&all);

	/* In one piece, as the centre wants it, and for good: it borrows
	 * them, and what it had before stays in the memory of the command. */
	tdestroy(all.index, users_keep);
	if (rc != 0 || !accounts_listed(mc))
		return rc;
	v = cmd_alloc(mc->c, all.n * sizeof(*v));
	for (const struct user *u = all.first; u != NULL; u = u->next)
		v[n++] = u->allow;
	centre_check(smpp_mc_set_allow(&mc->centre, v, n));
	return 0;
}

/*
 * Sessions stay as they are, even of accounts that are gone: they are checked
 * when they bind.
 */
void
accounts_reload(struct smsc *mc)
{
	if (!accounts_listed(mc))
		return;
	if (accounts_open(mc) == 0)
		out_say(mc->c, 0, "== reloaded the accounts, sessions kept");
	else
		out_say(mc->c, 0, "== the accounts stay as they were");
}
