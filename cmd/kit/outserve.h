/* The output of a server: what a slow reader holds up does not stop it. */
#ifndef SMPP_OUTSERVE_H
#define SMPP_OUTSERVE_H

#include "outqueue.h"

struct out;

/*
 * Made by out_serve(), see out.h. data is for standard output, unless waits:
 * then results are written as everywhere. talk is for standard error, if
 * hushes. set is watched by the server: an epoll set of what is full, and of
 * timer, which tells that it is time to say what was dropped. late is set by
 * it, and armed while it runs. told and hushed are how much was said.
 */
struct out_serving {
	struct ctx *c;
	struct out_queue data, talk;
	bool waits, hushes;
	bool data_in, talk_in; /* the set */
	bool armed, late;
	bool over, ignored; /* the end, and nobody reads standard error */
	int set, timer;
	int64_t pause_at;
	uint64_t written; /* when it last paused */
	uint64_t told, hushed;
};

/*
 * For out.c and diag.c, as out_line(), out_flush() and out_close() there;
 * talk is one line or more.
 */
int outserve_line(struct out *o);
int outserve_flush(struct out *o);
int outserve_close(struct out *o);
void outserve_talk(struct out *o, const char *p, size_t n);

/* The flush of the output's buffer. */
int outserve_take(struct out *o);

#endif
