/* Charts as SVG: a grid with labels, and what is drawn on it. */
#ifndef SMPP_LOAD_CHART_H
#define SMPP_LOAD_CHART_H

#include <stdbool.h>

#include "base/sbuf.h"

/* What a number on an axis is. */
enum chart_unit { CHART_COUNT, CHART_MS, CHART_SECONDS };

/* One axis: from low to high, on a logarithmic scale, if log. */
struct chart_axis {
	enum chart_unit unit;
	double low, high;
	bool log;
};

struct chart {
	struct smpp_sbuf *b;
	struct chart_axis x, y;
	bool drawing; /* a line is being drawn */
};

/*
 * Rounds the range of an axis up to where a label can stand; then begins the
 * picture and draws the grid. label says what it is, for those who cannot see
 * it.
 */
void chart_axis_round(struct chart_axis *a);
void chart_begin(struct chart *c, const char *label);

/* Starts a line of this class (of the style sheet), adds a point, or a gap
 * where there is none, and ends it. */
void chart_line(struct chart *c, const char *class);
void chart_point(struct chart *c, double x, double y);
void chart_gap(struct chart *c);
void chart_line_end(struct chart *c);

/* A bar from x0 to x1; a mark at x, with a text above. */
void chart_bar(
    struct chart *c, const char *class, double x0, double x1, double y);
void chart_mark(struct chart *c, double x, const char *text);

/* The strip from x0 to x1, which shows what is written until chart_tip_end()
 * when the mouse is on it. */
void chart_tip(struct chart *c, double x0, double x1);
void chart_tip_end(struct chart *c);

void chart_end(struct chart *c);

/* Writes a number as on an axis: "12k", "250 ms", "1:30". */
void chart_number(struct smpp_sbuf *b, enum chart_unit unit, double v);

#endif
