/* Line numbers, dates and times that stand before the octets of a line. */
#include "hexin/hexfront_int.h"

#include <stdbool.h>
#include <string.h>

#include "base/hex.h"

enum {
	WORDS = 6,      /* so many may hold the date and the time */
	FRONT = 160,    /* characters: no more are looked at */
	NUMBER_MAX = 8, /* digits of a line number */
};

static bool
hexfront_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_decimal(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t
skip_blanks(const char *s, uint32_t i, uint32_t n)
{
	while (i < n && hexfront_is_blank(s[i]))
		i++;
	return i;
}

static uint32_t
skip_word(const char *s, uint32_t i, uint32_t n)
{
	while (i < n && !hexfront_is_blank(s[i]))
		i++;
	return i;
}

/*
 * True for a date, a time, or seconds: decimal numbers with marks between.
 * Four and more of two digits each are rather octets.
 */
static bool
is_stamp(const char *s, uint32_t n)
{
	uint32_t i, marks = 0;
	bool pairs = true;

	if (n > 0 && (s[n - 1] == ':' || s[n - 1] == ','))
		n--;
	for (i = 0; i < n; i++) {
		pairs &= is_decimal(s[i]) == (i % 3 < 2);
		if (is_decimal(s[i]))
			continue;
		if (memchr("-:./,+TZ", s[i], 8) == NULL)
			return false;
		marks++;
	}
	return marks > 0 && n >= 2 * marks && is_decimal(s[0]) &&
	       (is_decimal(s[n - 1]) || s[n - 1] == 'Z') &&
	       !(pairs && marks > 2);
}

/* True for digits that may be octets or the offset before them. Two of them may
 * be the day in a date as well. */
static bool
is_octets(const char *s, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && smpp_hex_digit[(unsigned char)s[i]] != 0)
		i++;
	return i > 2 && i + 1 >= n;
}

/* The end of a line number at i and what follows it, or i: "118:", "118-" of
 * grep, "     1\t" of cat. None begins with a zero. */
static uint32_t
line_number(const char *s, uint32_t i, uint32_t n)
{
	uint32_t j = i;

	while (j < n && j - i <= NUMBER_MAX && is_decimal(s[j]))
		j++;
	if (j == i || j == n || j - i > NUMBER_MAX || s[i] == '0')
		return i;
	if (s[j] == ':' || s[j] == '-' || s[j] == '\t')
		return j + 1;
	return n - j > 1 && s[j] == ' ' && s[j + 1] == ' ' ? j + 2 : i;
}

/* The end of the name of a file, as grep puts it before the line number. */
static uint32_t
hexfront_file_name(const char *s, uint32_t n)
{
	uint32_t i, end = skip_word(s, 0, n);

	for (i = 1; i < end; i++)
		if ((s[i] == ':' || s[i] == '-') &&
		    line_number(s, i + 1, end) > i + 1)
			return i + 1;
	return 0;
}

/*
 * A line number comes first, with the name of a file before it at most. Then
 * front moves behind each date or time: words between them, a level or the
 * name of a host, are passed over only if another stamp follows, and octets
 * end the search.
 */
uint32_t
smpp_hexfront(const char *s, uint32_t n)
{
	uint32_t i, end, k, front;

	if (n > FRONT)
		n = FRONT;
	i = skip_blanks(s, 0, n);
	if ((front = line_number(s, i, n)) == i) {
		i = hexfront_file_name(s, n);
		if ((front = line_number(s, i, n)) == i)
			front = 0;
	}
	for (i = front, k = 0; k < WORDS; i = end, k++) {
		i = skip_blanks(s, i, n);
		end = skip_word(s, i, n);
		if (is_stamp(s + i, end - i))
			front = end;
		else if (is_octets(s + i, end - i))
			break;
	}
	return front;
}
