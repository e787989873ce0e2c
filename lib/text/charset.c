/* The alphabets that the C library converts; nobody else knows iconv. */
#include <errno.h>
#include <iconv.h>

#include "text/text_int.h"

/*
 * iconv stops at a character it does not know (EILSEQ) or that is cut by the
 * end (EINVAL); either costs one octet.
 */
static int64_t
convert(struct sbuf *out, iconv_t cd, struct view v)
{
	char tmp[512], *in = (char *)(uintptr_t)v.p, *to;
	size_t left = v.n, room;
	int64_t bad = -1;

	while (left > 0) {
		to = tmp;
		room = sizeof(tmp) - 4;
		if (iconv(cd, &in, &left, &to, &room) == (size_t)-1 &&
		    errno != E2BIG) {
			if (bad < 0)
				bad = (int64_t)(v.n - left);
			to += utf8_put(to, UTF_BAD);
			in++;
			left--;
		}
		sbuf_put(out, tmp, (size_t)(to - tmp));
	}
	return bad;
}

int64_t
smpp_charset_decode(struct sbuf *out, struct view octets, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	int64_t bad;

	if (cd == (iconv_t)-1) {
		smpp_text_char(out, UTF_BAD);
		return octets.n > 0 ? 0 : -1;
	}
	bad = convert(out, cd, octets);
	iconv_close(cd);
	return bad;
}
