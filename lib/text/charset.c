/* The alphabets that the C library converts; nobody else knows iconv. */
#include <errno.h>
#include <iconv.h>
#include <locale.h>

#include "text/text_int.h"

/*
 * glibc reads 0x5c and 0x7e of Shift JIS as yen and overline, though it writes
 * a backslash and a tilde there: links would be broken. Nothing else reads as
 * these two. Returns the new length.
 */
static size_t
ascii_again(char *p, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (n - i >= 2 && memcmp(p + i, "\u00a5", 2) == 0) {
			p[k++] = '\\';
			i += 1;
		} else if (n - i >= 3 && memcmp(p + i, "\u203e", 3) == 0) {
			p[k++] = '~';
			i += 2;
		} else {
			p[k++] = p[i];
		}
	}
	return k;
}

/*
 * iconv stops at a character it does not know (EILSEQ) or that is cut by the
 * end (EINVAL); either costs one octet, unless iconv has taken it already.
 */
static int64_t
charset_convert(
    struct smpp_sbuf *out, iconv_t cd, struct smpp_view v, bool shift_jis)
{
	char tmp[512], *in = (char *)(uintptr_t)v.p, *to;
	size_t left = v.n, room, rc, n;
	int64_t bad = -1;

	while (left > 0) {
		to = tmp;
		/* The 4 are for SMPP_UTF_BAD, which takes 3. */
		room = sizeof(tmp) - 4;
		rc = iconv(cd, &in, &left, &to, &room);
		if (rc == (size_t)-1 && errno != E2BIG) {
			to += smpp_utf8_put(to, SMPP_UTF_BAD);
			if (bad < 0)
				bad = (int64_t)(v.n - left) - (left == 0);
			in += left > 0;
			left -= left > 0;
		}
		n = (size_t)(to - tmp);
		smpp_sbuf_put(out, tmp, shift_jis ? ascii_again(tmp, n) : n);
	}
	return bad;
}

int64_t
smpp_charset_decode(
    struct smpp_sbuf *out, struct smpp_view octets, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	int64_t bad;

	if (cd == (iconv_t)-1) {
		smpp_text_char(out, SMPP_UTF_BAD);
		return octets.n > 0 ? 0 : -1;
	}
	bad = charset_convert(
	    out, cd, octets, strcmp(charset, "SHIFT_JIS") == 0);
	iconv_close(cd);
	return bad;
}

int
smpp_charset_open(struct smpp_charset *cs, const char *charset)
{
	iconv_t cd = iconv_open(charset, "UTF-8");

	*cs = (struct smpp_charset){.cd = NULL};
	if (cd == (iconv_t)-1)
		return SMPP_ECHARSET;
	cs->cd = cd;
	cs->stateful = strncmp(charset, "ISO-2022", 8) == 0;
	return 0;
}

void
smpp_charset_close(struct smpp_charset *cs)
{
	if (cs->cd != NULL)
		iconv_close(cs->cd);
	cs->cd = NULL;
}

unsigned
smpp_charset_put(struct smpp_charset *cs, uint8_t *out, uint32_t u)
{
	char tmp[4], *in = tmp, *to = (char *)out;
	size_t left = smpp_utf8_put(tmp, u), room = SMPP_UNITS_MAX;

	/* EUC passes C1 controls, which nobody reads back. A count above 0
	 * would be an inexact conversion. */
	if (u >= 0x80 && u < 0xa0)
		return 0;
	if (iconv(cs->cd, &in, &left, &to, &room) != 0)
		return 0;
	cs->shifted = cs->stateful && u >= 0x80;
	return (unsigned)(SMPP_UNITS_MAX - room);
}

unsigned
smpp_charset_reset(struct smpp_charset *cs, uint8_t *out)
{
	char *to = (char *)out;
	size_t room = SMPP_UNITS_MAX;

	iconv(cs->cd, NULL, NULL, &to, &room);
	cs->shifted = false;
	return (unsigned)(SMPP_UNITS_MAX - room);
}

/*
 * Transliteration is part of the locale; C.UTF-8 has it, the user's may not.
 */
void
smpp_nearest_open(struct smpp_nearest *n)
{
	locale_t old = (locale_t)0;
	iconv_t cd;

	n->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (n->locale != NULL)
		old = uselocale(n->locale);
	cd = iconv_open("ASCII//TRANSLIT", "UTF-8");
	n->cd = cd == (iconv_t)-1 ? NULL : cd;
	if (n->locale != NULL)
		uselocale(old);
}

void
smpp_nearest_close(struct smpp_nearest *n)
{
	if (n->cd != NULL)
		iconv_close(n->cd);
	if (n->locale != NULL)
		freelocale(n->locale);
}

int
smpp_nearest(struct smpp_nearest *n, char *out, uint32_t u)
{
	char tmp[4], *in = tmp, *to = out;
	size_t left = smpp_utf8_put(tmp, u), room = SMPP_UNITS_MAX, rc;
	locale_t old;

	if (n->cd == NULL || n->locale == NULL)
		return -1;
	/* uselocale() is this thread's alone: a library does not change the
	 * locale of the program. */
	old = uselocale(n->locale);
	rc = iconv(n->cd, &in, &left, &to, &room);
	iconv(n->cd, NULL, NULL, NULL, NULL);
	uselocale(old);
	/* A question mark is what glibc writes for what it knows nothing like;
	 * the caller has its own. */
	if (rc == (size_t)-1 || (to - out == 1 && *out == '?' && u != '?'))
		return -1;
	return (int)(to - out);
}
