/* Message ids: numbers that count up, in the notations that SMSCs use. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/rng.h"
#include "mc/mc_int.h"

const char *const smpp_mc_ids[8] = {
    "hex", "hex8", "dec10", "uuid", "hex64", NULL};

static const char msgid_digits[] = "0123456789abcdef";

/* Octets that look random and follow from the serial alone, so that no table
 * of ids is needed: what an id says of its serial is compared as a whole. */
static uint64_t
msgid_noise(const struct smpp_mc *mc, uint32_t serial, unsigned n)
{
	struct smpp_rng r = {(uint64_t)serial << 32 | mc->conf.seed};

	while (n-- > 0)
		smpp_rng_next(&r);
	return smpp_rng_next(&r);
}

/* The serial in hexadecimal, at least so many digits. Returns their end. */
static char *
msgid_hex(char *out, uint32_t serial, unsigned least)
{
	unsigned n = 8 - (unsigned)__builtin_clz(serial | 1) / 4;

	if (n < least)
		n = least;
	while (n-- > 0)
		*out++ = msgid_digits[serial >> (4 * n) & 15];
	*out = '\0';
	return out;
}

/* A random UUID (RFC 9562, version 4) that begins with the serial. */
static void
msgid_uuid(const struct smpp_mc *mc, uint32_t serial, char out[SMPP_MC_ID_MAX])
{
	uint64_t a = msgid_noise(mc, serial, 0), b = msgid_noise(mc, serial, 1);

	snprintf(out, SMPP_MC_ID_MAX, "%08x-%04x-4%03x-%04x-%012llx", serial,
	    (unsigned)(a >> 48), (unsigned)(a >> 32 & 0xfff),
	    (unsigned)(0x8000 | (a & 0x3fff)),
	    (unsigned long long)(b & 0xffffffffffff));
}

void
smpp_mc_id_write(const struct smpp_mc *mc, uint32_t serial, enum smpp_ver ver,
    char out[SMPP_MC_ID_MAX])
{
	char *p;

	/* v3.3 has at most 8 characters, which are hexadecimal digits
	 * (versions.md): whatever is configured. */
	if (mc->conf.ids == SMPP_MC_ID_HEX || ver == SMPP_V33) {
		msgid_hex(out, serial, mc->conf.ids == SMPP_MC_ID_HEX ? 1 : 8);
	} else if (mc->conf.ids == SMPP_MC_ID_DEC10) {
		snprintf(out, SMPP_MC_ID_MAX, "%010u", serial);
	} else if (mc->conf.ids == SMPP_MC_ID_UUID) {
		msgid_uuid(mc, serial, out);
	} else {
		p = msgid_hex(out, serial, 8);
		for (unsigned i = 0; mc->conf.ids == SMPP_MC_ID_HEX64 && i < 7;
		     i++)
			p = msgid_hex(
			    p, (uint32_t)msgid_noise(mc, serial, i), 8);
	}
}

static int
msgid_digit(uint8_t c)
{
	const char *p = c == '\0' ? NULL : strchr(msgid_digits, c | 0x20);

	return p == NULL ? -1 : (int)(p - msgid_digits);
}

/* The number that the digits before any other character are. */
static uint32_t
msgid_number(struct smpp_view id, unsigned base)
{
	uint64_t n = 0;
	uint32_t i;
	int d;

	for (i = 0; i < id.n && n <= UINT32_MAX; i++) {
		d = msgid_digit(id.p[i]);
		if (d < 0 || d >= (int)base || (base == 16 && i == 8))
			break;
		n = n * base + (unsigned)d;
	}
	return n > UINT32_MAX ? 0 : (uint32_t)n;
}

uint32_t
smpp_mc_id_read(const struct smpp_mc *mc, struct smpp_view id)
{
	static const enum smpp_ver vers[] = {SMPP_V34, SMPP_V33};
	char text[SMPP_MC_ID_MAX];
	uint32_t serial;

	/*
	 * An id that was given to a session of v3.3 may be asked about in
	 * another version, and the reverse. It is written again and compared
	 * as a whole, so that an id which only begins like one of ours is
	 * none.
	 */
	for (unsigned i = 0; i < 2; i++) {
		serial = msgid_number(
		    id, mc->conf.ids == SMPP_MC_ID_DEC10 && i == 0 ? 10 : 16);
		smpp_mc_id_write(mc, serial, vers[i], text);
		if (id.n == strlen(text) &&
		    strncasecmp((const char *)id.p, text, id.n) == 0)
			return serial;
	}
	return 0;
}
