/* Ranges of addresses, and the peers in them. */
#include "net/cidr.h"

#include "tap.h"

static const struct {
	const char *range, *peer;
	bool in;
} rows[] = {
    {"127.0.0.1", "127.0.0.1:2775", true},
    {"127.0.0.1", "127.0.0.2:2775", false},
    {"192.0.2.0/24", "192.0.2.255:1", true},
    {"192.0.2.0/24", "192.0.3.0:1", false},
    {"192.0.2.128/25", "192.0.2.127:1", false},
    {"192.0.2.128/25", "192.0.2.129:1", true},
    {"10.0.0.0/9", "10.127.255.255:1", true},
    {"10.0.0.0/9", "10.128.0.0:1", false},
    {"0.0.0.0/0", "255.255.255.255:1", true},
    {"0.0.0.0/0", "[2001:db8::1]:1", false},
    {"::/0", "[2001:db8::1]:1", true},
    {"2001:db8::/32", "[2001:db8:ffff::1]:2775", true},
    {"2001:db8::/32", "[2001:db9::1]:2775", false},
    {"fe80::/10", "[fe80::1%lo]:2775", true},
    {"192.0.2.0/24", "[::ffff:192.0.2.7]:1", true},
    {"192.0.2.0/24", "?", false},
};

int
main(void)
{
	static const char *const bad[] = {"", "/", "1.2.3", "1.2.3.4/",
	    "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/ 8", "1.2.3.4/8x", "::/129",
	    "host", "1.2.3.4:80"};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(smpp_cidr_ok(rows[i].range) &&
			smpp_cidr_has(rows[i].range, rows[i].peer) ==
			    rows[i].in,
		    "%s %s %s", rows[i].peer, rows[i].in ? "in" : "not in",
		    rows[i].range);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!smpp_cidr_ok(bad[i]) && !smpp_cidr_has(bad[i], "1.2.3.4:1"),
		    "'%s' is no range", bad[i]);
	return tap_done();
}
