/* cmd/expr: conditions on PDUs. */
#include "cmd/kit/cmd.h"
#include "cmd/words/expr.h"
#include "base/hex.h"
#include "tap.h"

static uint8_t block[512];
static struct smpp_pdu pdu;
static struct expr_subject subject = {.pdu = &pdu, .dir = "in", .session = 3};

static void
receive(const char *hex)
{
	struct smpp_issues issues;
	int64_t n = smpp_hex_decode(block, hex, strlen(hex));

	smpp_decode(
	    &pdu, smpp_view_of(block, (size_t)n), SMPP_VANY, 0, &issues);
}

static int
holds(const char *text)
{
	struct smpp_err err;
	struct expr *e;
	int yes;

	smpp_err_clear(&err);
	e = expr_open(text, NULL, 1, &err);
	if (e == NULL) {
		printf("# %s: %s\n", text, err.msg);
		return -1;
	}
	yes = expr_match(e, &subject);
	expr_close(e);
	return yes;
}

static void
values(void)
{
	receive("000000330000000500000000000000020001013439313730310005004143"
		"4d45000000000000000000000848692074686572"
		"65");
	is_int(holds("command_id==deliver_sm"), 1, "a symbol");
	is_int(holds("command_id==5"), 1, "its number");
	is_int(holds("command_id_name==deliver_sm"), 1, "its name");
	is_int(holds("source_addr~\"^4917\""), 1, "a regular expression");
	is_int(holds("source_addr==491701"), 1, "characters");
	is_int(holds("source_addr==0491701"), 0, "all of them");
	is_int(holds("source_addr>491700"), 1, "in the order of numbers");
	is_int(holds("text==\"Hi there\""), 1, "the text");
	is_int(holds("text ~ there"), 1, "with blanks around");
	is_int(holds("short_message==4869207468657265"), 1, "octets");
	is_int(holds("sm_length>=8 and sm_length<9"), 1, "and");
	is_int(holds("sm_length==1 or sm_length==8"), 1, "or");
	is_int(holds("not sm_length==8"), 0, "not");
	is_int(holds("not (sm_length==1 or sm_length==2)"), 1, "parentheses");
	is_int(holds("sm_length==8 or sm_length==1 and dir==out"), 1,
	    "and binds tighter than or");
	is_int(holds("dest_addr_ton==alphanumeric"), 1, "a type of number");
	is_int(holds("dir==in and session==3"), 1, "what is beside it");
	is_int(holds("source_addr<0x10000000000000000"), 1,
	    "text as a number, however large");
	is_int(holds("command_id<=0xffffffff"), 1, "the largest of a field");
	is_int(holds("message_id==x"), 0, "what is not there equals nothing");
	is_int(holds("message_id!=x"), 1, "and differs from all");
	is_int(holds("sar_msg_ref_num==1"), 0, "a TLV that is not there");
	is_int(holds("receipt.stat!=DELIVRD"), 1, "no receipt");
	/* The scratch grows between reading the text and matching it. */
	receive("0000002d0000000500000000000000020001013439313730310005004143"
		"4d450000000000000000000002484f");
	is_int(holds("text~\"^HO$\""), 1, "a short text");
}

static void
chances(void)
{
	struct smpp_err err;
	struct expr *e;
	int i, n = 0;

	smpp_err_clear(&err);
	e = expr_open("every=3", NULL, 0, &err);
	for (i = 0; i < 9; i++)
		n = n * 2 + expr_match(e, &subject);
	is_int(n, 0111, "each third");
	expr_close(e);
	e = expr_open("p=0.25", NULL, 7, &err);
	for (i = n = 0; i < 10000; i++)
		n += expr_match(e, &subject);
	ok(n > 2300 && n < 2700, "a share: %d of 10000", n);
	expr_close(e);
	is_int(holds("every=4294967295"), 0, "rarely");
}

static void
wrong(const char *text, int64_t offset, const char *why)
{
	struct smpp_err err;

	smpp_err_clear(&err);
	ok(expr_open(text, NULL, 0, &err) == NULL, "%s", text);
	is_int(err.offset, offset, "is wrong there");
	is_str(err.msg, why, "and why");
}

static void
mistakes(void)
{
	char deep[200];

	wrong("", 0, "a condition is missing");
	wrong("text", 4, "an operator wanted: == != < <= > >= ~");
	wrong("text=x", 4, "an operator wanted: == != < <= > >= ~");
	wrong("text==", 6, "a value wanted");
	wrong("text==\"x", 6, "the closing quote is missing");
	wrong("sorce_addr==1", 0,
	    "no name 'sorce_addr'; did you mean 'source_addr'?");
	wrong("text==a text==b", 8, "'and' or 'or' wanted");
	wrong("(text==a", 8, "')' wanted");
	wrong("text==a and", 11, "a condition is missing");
	wrong("p=2", 2, "a share is 0 to 1");
	wrong("p=1e999", 2, "a share is 0 to 1");
	wrong("every=0", 6, "a count from 1 to 4294967295 wanted");
	wrong("every=1e30", 6, "a count from 1 to 4294967295 wanted");
	wrong("every=2.5", 6, "a count from 1 to 4294967295 wanted");
	wrong("every=0x1ffffffffffffffff", 6,
	    "a count from 1 to 4294967295 wanted");
	wrong("session<4294967296", 8, "a number from 0 to 4294967295 wanted");
	wrong("user_message_reference==1e999", 24,
	    "a number from 0 to 4294967295 wanted");
	wrong("command_id==0x100000005", 12,
	    "a number from 0 to 4294967295 wanted");
	wrong("text~\"(\"", 5, "Unmatched ( or \\(");
	memset(deep, '(', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	wrong(deep, 32, "nested too deep");
}

int
main(void)
{
	values();
	chances();
	mistakes();
	return tap_done();
}
