/* Profiles: sections of the configuration files, smpp-config(5). */
#ifndef SMPP_PROFILE_H
#define SMPP_PROFILE_H

#include "kit/ask.h"
#include "kit/cmd.h"

/*
 * Takes one line of a profile; from, "FILE:LINE", is where it stands and lives
 * as long as c. Returns 0, or an exit class after it said what is wrong.
 */
typedef int (*profile_fn)(
    void *arg, const char *key, const char *value, const char *from);

/*
 * Reads a section of the user's file, then of the system's. Sets *found when
 * there is one of that name. A file that cannot be read or has a line that is
 * not understood is an error. Returns 0 or an exit class.
 */
int profile_read(
    struct ctx *c, const char *section, profile_fn fn, void *arg, bool *found);

/* Calls fn with the name of each section there is, once; what is wrong with
 * the files is not said. */
void profile_names(struct ctx *c, ask_fn fn, void *arg);

/* Offers these names, or the same as @NAME. */
void profile_offer(struct ask *q, const struct opt *o);
void profile_offer_target(struct ask *q, const struct opt *o);

/* The user's file, NULL when it is not known where he is at home. */
const char *profile_path(struct ctx *c);

/* Whether a line with this value says the same when it is read. */
bool profile_holds(struct ctx *c, const char *key, const char *value);

/* A key of a section; it shall have that value, or be gone where it is NULL. */
struct profile_pair {
	const char *key, *value;
};

/*
 * Writes n pairs into a section of the user's file, a new one if there is
 * none; all else there stays octet for octet. Returns 0, or an exit class
 * after it said what is wrong; then nothing has changed.
 */
int profile_write(struct ctx *c, const char *section,
    const struct profile_pair *pair, size_t n);

#endif
