/* Passwords: where they come from. No other file reads any. */
#ifndef SMPP_SECRET_H
#define SMPP_SECRET_H

#include "kit/cmd.h"

/* Room for a password; those of SMPP have 8 characters. */
enum { SECRET_MAX = 64 };

/* What options say about the password; url is one found in a target's URL,
 * whose place in argv has been wiped. */
struct secret_args {
	const char *file;
	const char *fd;
	bool ask;
	bool no_input;
	const char *url;
	const char *command, *command_from; /* password-command of a profile */
};

extern const struct opt secret_opts[];

/* A password and where it came from, for hints; from is NULL for none. */
struct secret {
	char text[SECRET_MAX];
	const char *from;
};

/* Whose password is looked for in the credentials file. */
struct secret_key {
	const char *host;
	const char *port;
	const char *system_id;
};

/*
 * Finds the password: the options first, then a URL's, systemd's credentials,
 * the credentials file, the command of a profile, last $SMPP_PASSWORD, which
 * it takes out of the environment in any case. It is no error when there is
 * none. Returns 0, or an exit class after it said what is wrong.
 */
int secret_find(struct ctx *c, const struct secret_args *a,
    const struct secret_key *key, struct secret *s);

/*
 * Refuses a file with passwords in it that others can read, or that cannot be
 * opened. Returns 0, or an exit class after it said what is wrong.
 */
int secret_safe(struct ctx *c, const char *path);

/*
 * Looks for a password in the credentials file alone. Returns as secret_find,
 * s->from is NULL when there is none, else "FILE:LINE".
 */
int credentials_find(
    struct ctx *c, const struct secret_key *key, struct secret *s);

/*
 * Writes the password there: in place of the line of the same key, before all
 * lines that the key would match, too, or at the end. The rest stays as it is.
 * Sets *file to the name of the file. Returns 0, or an exit class after it
 * said what is wrong; then nothing has changed.
 */
int credentials_store(struct ctx *c, const struct secret_key *key,
    const char *password, const char **file);

/* Overwrites the password. */
void secret_wipe(struct secret *s);

#endif
