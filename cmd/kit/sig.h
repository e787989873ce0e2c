/* Signals as flags, for commands that have something to finish. */
#ifndef SMPP_SIG_H
#define SMPP_SIG_H

#include <stdbool.h>

/*
 * Catches INT, TERM and USR1, also if INT was inherited ignored; HUP unless
 * it was. A command that must not die at once calls this before its first
 * connection. A signal that asks to stop, the second time, is answered by
 * sig_stop() == 2: close at once. After the command main restores and raises
 * the signal, so that the parent sees how we died.
 */
void sig_catch(void);

/* How often a signal asked to stop: 0, 1, or 2 for more than once. */
int sig_stop(void);

/* Forgets the signals so far: what they asked for has been dealt with. */
void sig_forget(void);

/* The signal that asked to stop first, or 0. */
int sig_which(void);

/* True once after each USR1. */
bool sig_usr1(void);

/* Has HUP ask for something else than to stop; sig_hup() is true once after
 * each. */
void sig_reload(void);
bool sig_hup(void);

/*
 * A descriptor that becomes readable when a signal comes and stays so after
 * one that asks to stop: put it into poll. -1 before sig_catch(). After USR1
 * sig_usr1() clears it, after HUP sig_hup().
 */
int sig_fd(void);

/* The same for those signals alone that ask to stop: where statistics and
 * children can wait. */
int sig_stop_fd(void);

/* Forgets that both were readable: the next signal makes them so. */
void sig_seen(void);

/* Has the end of a child wake what waits for sig_fd(), too. */
void sig_child(void);

/* Dies by signal n, as if it had never been caught. */
void sig_die(int n);

#endif
