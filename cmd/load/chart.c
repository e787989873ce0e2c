/* Charts as SVG. */
#include "chart.h"

#include <math.h>

enum {
	WIDTH = 760,
	HEIGHT = 240,
	LEFT = 64,
	RIGHT = 26,
	TOP = 14,
	BOTTOM = 28
};

/*
 * Where a value is on an axis, from 0 to 1. Values outside are drawn at the
 * edge: a point beyond would paint over what stands beside the chart.
 */
static double
chart_share(const struct chart_axis *a, double v)
{
	if (v < a->low)
		v = a->low;
	if (v > a->high)
		v = a->high;
	if (a->log)
		return log(v / a->low) / log(a->high / a->low);
	return (v - a->low) / (a->high - a->low);
}

static double
at_x(const struct chart *c, double v)
{
	return LEFT + chart_share(&c->x, v) * (WIDTH - LEFT - RIGHT);
}

static double
at_y(const struct chart *c, double v)
{
	return HEIGHT - BOTTOM -
	       chart_share(&c->y, v) * (HEIGHT - TOP - BOTTOM);
}

/* The distance of labels: 1, 2 or 5 times a power of ten, five or so. */
static double
linear_step(const struct chart_axis *a)
{
	double rough = (a->high - a->low) / 5;
	double ten = pow(10, floor(log10(rough)));

	return rough <= ten       ? ten
	       : rough <= 2 * ten ? 2 * ten
	       : rough <= 5 * ten ? 5 * ten
				  : 10 * ten;
}

void
chart_axis_round(struct chart_axis *a)
{
	double step;

	if (a->log) {
		if (!(a->low > 0))
			a->low = 0.01;
		a->low = pow(10, floor(log10(a->low)));
		a->high = pow(10, ceil(log10(a->high > 0 ? a->high : 1)));
		/*
		 * The end of the axis is a label, too; what is at the edge by
		 * rounding alone does not get another step.
		 */
		if (a->high <= a->low)
			a->high = a->low * 10;
		return;
	}
	if (a->high <= a->low)
		a->high = a->low + 1;
	step = linear_step(a);
	a->high = a->low + ceil((a->high - a->low) / step - 1e-9) * step;
}

/* Seconds with a fraction up to two minutes, then as clocks show them. */
static void
chart_put_time(struct smpp_sbuf *b, double s)
{
	unsigned n = (unsigned)s;

	if (n >= 3600)
		smpp_sbuf_printf(
		    b, "%u:%02u:%02u", n / 3600, n / 60 % 60, n % 60);
	else if (n >= 120)
		smpp_sbuf_printf(b, "%u:%02u", n / 60, n % 60);
	else
		smpp_sbuf_printf(b, "%.3g s", s);
}

void
chart_number(struct smpp_sbuf *b, enum chart_unit unit, double v)
{
	if (unit == CHART_SECONDS)
		chart_put_time(b, v);
	else if (unit == CHART_MS && v >= 1000)
		smpp_sbuf_printf(b, "%.3g s", v / 1e3);
	else if (unit == CHART_MS && v > 0 && v < 1)
		smpp_sbuf_printf(b, "%.3g \xc2\xb5s", v * 1e3);
	else if (unit == CHART_MS)
		smpp_sbuf_printf(b, "%.3g ms", v);
	else if (v >= 1e6)
		smpp_sbuf_printf(b, "%.3gM", v / 1e6);
	else if (v >= 1e4)
		smpp_sbuf_printf(b, "%.3gk", v / 1e3);
	else
		smpp_sbuf_printf(b, "%.4g", v);
}

static void
label_y(struct chart *c, double v)
{
	double y = at_y(c, v);

	smpp_sbuf_printf(
	    c->b, "<path class=g d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT);
	smpp_sbuf_printf(c->b, "<text class=y x=%d y=%.1f>", LEFT - 8, y + 4);
	chart_number(c->b, c->y.unit, v);
	smpp_sbuf_puts(c->b, "</text>\n");
}

static void
label_x(struct chart *c, double v)
{
	smpp_sbuf_printf(
	    c->b, "<text class=x x=%.1f y=%d>", at_x(c, v), HEIGHT - 8);
	chart_number(c->b, c->x.unit, v);
	smpp_sbuf_puts(c->b, "</text>\n");
}

static void
each_label(struct chart *c, const struct chart_axis *a,
    void (*label)(struct chart *c, double v))
{
	double v, step = a->log ? 10 : linear_step(a);

	/* The last label may be missed by what ten multiplications lose. */
	if (a->log)
		for (v = a->low; v <= a->high * 1.001; v *= step)
			label(c, v);
	else
		for (v = a->low; v <= a->high + step / 1e6; v += step)
			label(c, v);
}

void
chart_begin(struct chart *c, const char *label)
{
	smpp_sbuf_printf(c->b,
	    "<svg viewBox=\"0 0 %d %d\" role=img aria-label=\"%s\">\n", WIDTH,
	    HEIGHT, label);
	each_label(c, &c->y, label_y);
	each_label(c, &c->x, label_x);
}

void
chart_line(struct chart *c, const char *class)
{
	smpp_sbuf_printf(c->b, "<path class=\"%s\" d=\"", class);
	c->drawing = false;
}

void
chart_point(struct chart *c, double x, double y)
{
	smpp_sbuf_printf(c->b, "%c%.1f %.1f", c->drawing ? 'L' : 'M',
	    at_x(c, x), at_y(c, y));
	c->drawing = true;
}

void
chart_gap(struct chart *c)
{
	c->drawing = false;
}

void
chart_line_end(struct chart *c)
{
	smpp_sbuf_puts(c->b, "\"/>\n");
}

/* Half a pixel at least: a bar of a narrow interval must be seen. */
static void
rect(struct chart *c, const char *class, double x0, double x1, double y)
{
	double width = at_x(c, x1) - at_x(c, x0);

	smpp_sbuf_printf(c->b,
	    "<rect class=%s x=%.1f y=%.1f width=%.1f height=%.1f>", class,
	    at_x(c, x0), at_y(c, y), width > 0.5 ? width : 0.5,
	    at_y(c, c->y.low) - at_y(c, y));
}

void
chart_bar(struct chart *c, const char *class, double x0, double x1, double y)
{
	rect(c, class, x0, x1, y);
	smpp_sbuf_puts(c->b, "</rect>\n");
}

void
chart_mark(struct chart *c, double x, const char *text)
{
	smpp_sbuf_printf(c->b,
	    "<path class=m d=\"M%.1f %dV%d\"/><text class=m x=%.1f y=%d>%s"
	    "</text>\n",
	    at_x(c, x), TOP, HEIGHT - BOTTOM, at_x(c, x) + 4, TOP + 10, text);
}

/*
 * An area over the whole height, without colour: it shows the figures of its
 * interval where the pointer is, without any script.
 */
void
chart_tip(struct chart *c, double x0, double x1)
{
	rect(c, "h", x0, x1, c->y.high);
	smpp_sbuf_puts(c->b, "<title>");
}

void
chart_tip_end(struct chart *c)
{
	smpp_sbuf_puts(c->b, "</title></rect>\n");
}

void
chart_end(struct chart *c)
{
	smpp_sbuf_puts(c->b, "</svg>\n");
}
