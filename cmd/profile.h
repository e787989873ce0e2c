/* Profiles: sections of the configuration files, smpp-config(5). */
#ifndef SMPP_PROFILE_H
#define SMPP_PROFILE_H

#include "cmd.h"

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

/* The same with the name of its section. */
typedef int (*profile_pair_fn)(void *arg, const char *section, const char *key,
    const char *value, const char *from);

/*
 * Reads every section of another file in that form, which has to be there.
 * Returns 0 or an exit class.
 */
int profile_file(
    struct ctx *c, const char *path, profile_pair_fn fn, void *arg);

/* Calls fn with the name of each section there is, for completion. */
void profile_names(
    struct ctx *c, void (*fn)(void *arg, const char *name), void *arg);

#endif
