/* lib/show/suggest: the name that was probably meant. */
#include "base/suggest.h"
#include "tap.h"

static const char *
best(const char *word)
{
	static const char *const names[] = {"send", "smsc", "decode-hex",
	    "destination_addr", "source_addr", "ESME_RTHROTTLED", "rx", "tx"};
	struct smpp_suggest s;
	size_t i;

	smpp_suggest_init(&s, word);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		smpp_suggest_try(&s, names[i]);
	return s.best;
}

int
main(void)
{
	char longer[200];

	is_str(best("send"), "send", "the same");
	is_str(best("sned"), "send", "two neighbours swapped");
	is_str(best("snd"), "send", "one missing");
	is_str(best("sendd"), "send", "one too many");
	is_str(best("sand"), "send", "one wrong");
	is_str(best("smcs"), "smsc", "swapped beats two wrong ones");
	is_str(best("destinaton-adr"), "destination_addr", "two edits");
	is_str(best("esme_rthrotled"), "ESME_RTHROTTLED", "case is no edit");
	is_str(best("decode_hex"), "decode-hex", "nor is the joining sign");
	is_str(best("destinton-adr"), NULL, "three edits");
	is_str(best("r"), NULL, "nothing would be left of a short word");
	is_str(best("yz"), NULL, "nor of this one");
	is_str(best("rc"), "rx", "half of it may be");
	is_str(best(""), NULL, "no word");
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	is_str(best(longer), NULL, "a long word");
	return tap_done();
}
