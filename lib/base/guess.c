/* Protocols that are met where SMPP was expected, by their first octets. */
#include "base/guess.h"

#include <stdbool.h>

/*
 * A pattern for the first octets: digits of hex in pairs, ".." for any octet,
 * or after a quote the characters themselves.
 */
struct guess {
	const char *pattern;
	const char *what;
};

/* None of these can begin an SMPP stream that is worth reading: as a
 * command_length all but a few are far beyond what any peer sends. */
static const struct guess guesses[] = {
    {"'HTTP/", "an HTTP response"},
    {"'GET ", "an HTTP request"},
    {"'POST ", "an HTTP request"},
    {"'PUT ", "an HTTP request"},
    {"'HEAD ", "an HTTP request"},
    {"'DELETE ", "an HTTP request"},
    {"'OPTIONS ", "an HTTP request"},
    {"'CONNECT ", "an HTTP request"},
    {"'PATCH ", "an HTTP request"},
    {"'PRI * HTTP/2", "an HTTP/2 request"},
    {"1603..", "a TLS handshake"},
    {"1503..", "a TLS alert"},
    {"1703..", "TLS application data"},
    {"1403..", "TLS"},
    {"'AMQP", "AMQP"},
    {"'SSH-", "SSH"},
    {"'220 ", "an SMTP or FTP banner"},
    {"'220-", "an SMTP or FTP banner"},
    {"'EHLO ", "SMTP"},
    {"'HELO ", "SMTP"},
    {"'+OK", "a POP3 banner"},
    {"'* OK", "an IMAP banner"},
    {"'-ERR", "Redis or POP3"},
    {"'INVITE sip:", "SIP"},
    {"'SIP/2.0", "SIP"},
    {"0300....", "TPKT, as RDP uses it"},
    {"01......80", "Diameter"},
    {"01......c0", "Diameter"},
    {"01......40", "Diameter"},
    {"10..00044d515454", "MQTT"},
    {"d4c3b2a1", "a pcap file"},
    {"a1b2c3d4", "a pcap file"},
    {"4d3cb2a1", "a pcap file"},
    {"0a0d0d0a", "a pcapng file"},
    {"1f8b08", "gzip"},
    {"fffe", "text in UTF-16"},
    {"feff", "text in UTF-16"},
};

static uint8_t
guess_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static bool
guess_matches(const char *pattern, struct smpp_view v)
{
	uint32_t i;

	if (*pattern == '\'')
		return v.n >= strlen(pattern + 1) &&
		       memcmp(v.p, pattern + 1, strlen(pattern + 1)) == 0;
	/* Too few octets are no match: what came so far may be the start of
	 * anything. */
	for (i = 0; *pattern != '\0'; i++, pattern += 2) {
		if (i == v.n)
			return false;
		if (*pattern != '.' && v.p[i] != (guess_digit(pattern[0]) << 4 |
						     guess_digit(pattern[1])))
			return false;
	}
	return true;
}

const char *
smpp_guess_protocol(struct smpp_view octets)
{
	size_t i;

	for (i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++)
		if (guess_matches(guesses[i].pattern, octets))
			return guesses[i].what;
	return NULL;
}
