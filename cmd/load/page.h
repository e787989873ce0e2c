/* A run as a page for browsers: one file that needs nothing else. */
#ifndef SMPP_LOAD_PAGE_H
#define SMPP_LOAD_PAGE_H

#include <stdbool.h>

struct figures;
struct load;

/*
 * Writes the page of --report, if there is one, with the figures so far. While
 * the run goes on it has browsers load it again every second. Whoever reads it
 * finds the old page or the new one. Returns 0, or SMPP_EXIT_LOCAL after it
 * said what is wrong.
 */
int page_write(struct load *l, const struct figures *f, bool over);

#endif
