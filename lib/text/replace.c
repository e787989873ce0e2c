/* The nearest character an alphabet has for one that it lacks. */
#include "text/encoder.h"
#include "text/text_int.h"

static bool
replace_has(uint32_t u, struct smpp_coding coding)
{
	char tmp[4];

	return smpp_text_encodable(
	    smpp_view_of(tmp, smpp_utf8_put(tmp, u)), coding);
}

/* The Greek capital without accent of a Greek letter; u itself if it is none
 * or has neither. */
static uint32_t
greek_capital(uint32_t u)
{
	static const uint16_t pairs[][2] = {{0x386, 0x391}, {0x388, 0x395},
	    {0x389, 0x397}, {0x38a, 0x399}, {0x38c, 0x39f}, {0x38e, 0x3a5},
	    {0x38f, 0x3a9}, {0x390, 0x399}, {0x3aa, 0x399}, {0x3ab, 0x3a5},
	    {0x3ac, 0x391}, {0x3ad, 0x395}, {0x3ae, 0x397}, {0x3af, 0x399},
	    {0x3b0, 0x3a5}, {0x3c2, 0x3a3}, {0x3ca, 0x399}, {0x3cb, 0x3a5},
	    {0x3cc, 0x39f}, {0x3cd, 0x3a5}, {0x3ce, 0x3a9}};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] == u)
			return pairs[i][1];
	return u >= 0x3b1 && u <= 0x3c9 ? u - 0x20 : u;
}

/*
 * One character for u, or 0: GSM writes Greek in capitals, and those that look
 * like Latin letters as Latin letters; a tab or other control is a blank.
 */
static uint32_t
stand_in(uint32_t u)
{
	/* From Alpha on, a blank for those that look like no Latin letter. */
	static const char latin[] = "AB  EZH IK MN O P  TY X  ";

	u = greek_capital(u);
	if (u >= 0x391 && u <= 0x3a9 && latin[u - 0x391] != ' ')
		return (uint8_t)latin[u - 0x391];
	if (u < 0x20 || u == 0x7f)
		return ' ';
	if (u == '`')
		return '\'';
	return u;
}

static bool
all_in(const char *s, int n, struct smpp_coding coding)
{
	return n >= 0 &&
	       smpp_text_encodable(smpp_view_of(s, (size_t)n), coding);
}

/* Appends what stands for u, which the alphabet lacks. */
static void
replace_it(struct smpp_sbuf *out, struct smpp_nearest *near, uint32_t u,
    struct smpp_coding coding)
{
	char tmp[SMPP_UNITS_MAX];
	int n;

	if (replace_has(stand_in(u), coding)) {
		smpp_text_char(out, stand_in(u));
		return;
	}
	n = smpp_nearest(near, tmp, u);
	if (all_in(tmp, n, coding))
		smpp_sbuf_put(out, tmp, (size_t)n);
	else
		smpp_sbuf_putc(out, '?');
}

uint32_t
smpp_text_replace(
    struct smpp_sbuf *out, struct smpp_view text, struct smpp_coding coding)
{
	struct smpp_nearest near;
	uint32_t count = 0, i, u;
	size_t len;

	smpp_nearest_open(&near);
	for (i = 0; i < text.n; i += (uint32_t)len) {
		len = smpp_utf8_get(text.p + i, text.n - i, &u);
		if (len > 0 && replace_has(u, coding)) {
			smpp_sbuf_put(out, text.p + i, len);
			continue;
		}
		count++;
		if (len > 0) {
			replace_it(out, &near, u, coding);
		} else {
			smpp_sbuf_putc(out, '?');
			len = 1;
		}
	}
	smpp_nearest_close(&near);
	return count;
}
