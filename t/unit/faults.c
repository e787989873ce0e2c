/* cmd/faults: what the actions of rules make of octets, and how they are sent.
 */
#include "cmd/kit/cmd.h"
#include "cmd/faults/fault.h"
#include "base/hex.h"
#include "tap.h"

static struct rule_acts acts;
static struct smpp_err err;

static int
parse(const char *text)
{
	smpp_err_clear(&err);
	return rule_acts_parse(&acts, fault_rows, smpp_view_str(text), &err);
}

/* The octets that become of an answer in hex. */
static const char *
damaged(const char *list, const char *hex)
{
	static uint8_t truth[512], room[512 + FAULT_GROWTH];
	static char text[2048];
	struct smpp_rng rng = {7};
	struct smpp_sbuf b;
	struct smpp_wr w;
	int64_t n = smpp_hex_decode(truth, hex, strlen(hex));

	if (parse(list) != 0)
		return err.msg;
	smpp_wr_init(&w, room, sizeof(room));
	fault_damage(&w, &acts, smpp_view_of(truth, (size_t)n), &rng);
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_sbuf_hex(&b, w.p, w.n);
	text[b.n] = '\0';
	return text;
}

#define RESP "00000013800000040000000000000002373700"
#define BIND                                         \
	"0000001a8000000900000000000000017065657200" \
	"0210000134"
#define REFUSED "00000010800000040000005800000002"
#define DELIVER                                                \
	"0000002700000005000000000000000700000034390000004100" \
	"00000000000000000003"                                 \
	"616263"

static void
damage(void)
{
	is_str(damaged("status=0", RESP), RESP, "none");
	is_str(damaged("nack=8", RESP), "00000010800000000000000800000002",
	    "generic_nack");
	is_str(damaged("sequence_number", RESP),
	    "000000138000000400000000000003ea373700", "sequence_number");
	is_str(damaged("sequence_number=9", RESP),
	    "0000001380000004000000000000000"
	    "9373700",
	    "which");
	is_str(damaged("command_id=0x81", RESP),
	    "00000013000000810000000000000002373700", "command_id");
	is_str(damaged("command_length=+5", RESP),
	    "00000018800000040000000000000002373700", "command_length");
	is_str(damaged("command_length=8,half", RESP), "000000088000000400",
	    "half of a lie");
	is_str(damaged("unterminated", RESP),
	    "0000001280000004000000000000000"
	    "23737",
	    "no NUL");
	is_str(damaged("unterminated", REFUSED), REFUSED, "no string");
	is_str(damaged("unterminated", BIND),
	    "0000001480000009000000000000000170656572", "in a bind response");
	is_str(damaged("unterminated", DELIVER),
	    "00000015000000050000000000000007000000"
	    "3439",
	    "the longest");
	is_str(damaged("sm_length=200", DELIVER),
	    "0000002700000005000000000000000700000034390000004100"
	    "000000000000000000c8"
	    "616263",
	    "sm_length");
	is_str(damaged("sm_length=-1", DELIVER),
	    "0000002700000005000000000000000700000034390000004100"
	    "00000000000000000002"
	    "616263",
	    "one less");
	is_str(damaged("sm_length=-1", RESP), RESP, "no sm_length");
	is_str(damaged("tlv", RESP),
	    "0000001b80000004000000000000000237370077770004"
	    "6a756e6b",
	    "TLV");
	is_str(damaged("tlv-overrun", REFUSED),
	    "00000019800000040000005800000002001d00c8"
	    "73686f7274",
	    "overrun");
	is_str(damaged("tls", RESP), "1503030002020a", "TLS");
	ok(strncmp(damaged("http", RESP), "485454502f312e3120", 18) == 0,
	    "HTTP");
}

static void
binds(void)
{
	is_str(damaged("bind=bare", BIND), "00000010800000090000000000000001",
	    "a header alone");
	is_str(damaged("bind=other", BIND),
	    "0000001a80000002000000000000000170656572000210000134",
	    "of another bind");
	is_str(damaged("bind=version", BIND),
	    "0000001a8000000900000000000000017878787800"
	    "0210000199",
	    "an odd version");
	ok(strncmp(damaged("bind=long", BIND), "00000051800000090000", 20) == 0,
	    "a long system_id");
	is_str(damaged("bind=bare", RESP), RESP, "of no bind");
}

static void
garbling(void)
{
	char first[64];

	snprintf(first, sizeof(first), "%s", damaged("garble", RESP));
	ok(strncmp(first, RESP, 8) == 0, "command_length stays");
	ok(strcmp(first, RESP) != 0, "the rest does not");
	is_str(damaged("garble", RESP), first, "and repeats with its seed");
}

static void
answers(void)
{
	struct fault_plan plan;
	struct smpp_rng rng = {5};
	static const struct {
		const char *list;
		unsigned copies;
	} rows[] = {{"delay=1s", 1}, {"drop", 0}, {"close", 0},
	    {"delay=1s,close", 0}, {"status=0,close", 1}, {"half,rst", 1},
	    {"twice,close", 2}, {"silence", 0}, {"stop-reading", 1},
	    {"unbind", 1}, {"flood", 1}, {"delay=1s,rst", 0}, {"reorder", 1}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse(rows[i].list);
		fault_plan(&plan, &acts, &rng);
		is_int(plan.copies, rows[i].copies, "%s", rows[i].list);
	}
	ok(plan.behind, "behind the next");
	is_int(plan.delay_ms, 0, "at once");
	is_int(plan.drip_ms, -1, "and whole");
	parse("drip=5ms,delay=7ms");
	fault_plan(&plan, &acts, &rng);
	is_int(plan.drip_ms, 5, "octet by octet");
	is_int(plan.delay_ms, 7, "later");
	is_int(fault_status(&acts), ESME_ROK, "no status");
	parse("status=8,delay=1s");
	is_int(fault_status(&acts), 8, "a status");
	parse("nack=9");
	is_int(fault_status(&acts), 9, "that of a generic_nack");
}

int
main(void)
{
	damage();
	binds();
	garbling();
	answers();
	return tap_done();
}
