/* cmd/opt: values, rows, parsing, and the faults that rows can have. */
#include <fcntl.h>
#include <unistd.h>

#include "cmd/kit/cmd.h"
#include "smpp/table.h"
#include "tap.h"
#include "cmd/words/fieldopt.h"

struct args {
	bool flag;
	unsigned count;
	uint32_t num;
	const char *str;
	unsigned word;
	int64_t time;
	double rate;
	struct opt_list list, fields, rest;
	const char *first;
};

#define AT(member) offsetof(struct args, member)

static const char *const words[] = {"auto", "plain", "dump", NULL};

static const struct opt rows[] = {
    {'f', "flag", OPT_FLAG, AT(flag), NULL, "a flag"},
    {'c', "count", OPT_COUNT, AT(count), NULL, "a count"},
    {'n', "num", OPT_UINT, AT(num), "N", "a number", 1, 500},
    {'s', "str", OPT_STR, AT(str), "TEXT", "a text", .alias = "string"},
    {0, "word", OPT_ENUM, AT(word), "WORD", "a word", .words = words},
    {0, "time", OPT_DURATION, AT(time), "TIME", "a time", .max = 60000},
    {0, "rate", OPT_RATE, AT(rate), "RATE", "a rate"},
    {'l', "list", OPT_LIST, AT(list), "TEXT", "a list"},
    {0, "FIRST", OPT_POS, AT(first), NULL, "the first word", .min = 1},
    {0, "REST", OPT_POS_LIST, AT(rest), NULL, "the other words"},
    OPT_PDU_ROWS(SMPP_C_submit_sm, AT(fields)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const struct cmd test_cmd = {
    .name = "test",
    .brief = "what is tested here",
    .args = "[-f] [--word W] FIRST [REST]...",
    .opts = rows,
};

static struct out out;
static struct args args;

/* Parses a line of words, as the command does; what it says goes nowhere. */
static int
parse(const char *line)
{
	static char copy[512], *argv[64];
	struct ctx c = {.cmd = &test_cmd, .label = "test: ", .out = &out};
	int argc = 1, rc;
	char *s;

	snprintf(copy, sizeof(copy), "%s", line);
	argv[0] = "test";
	for (s = strtok(copy, " "); s != NULL; s = strtok(NULL, " "))
		argv[argc++] = s;
	argv[argc] = NULL;
	args = (struct args){0};
	out_init(&out);
	rc = opt_parse(&c, argc, argv, &args);
	if (args.list.n > 0)
		args.list.v = NULL; /* goes with c */
	cmd_free(&c);
	return rc;
}

static void
test_numbers(void)
{
	static const struct {
		const char *text;
		int rc;
		uint32_t v;
	} t[] = {{"0", 0, 0}, {"12", 0, 12}, {"0x1F", 0, 31}, {"10k", 0, 10000},
	    {"2m", 0, 2000000}, {"4294967295", 0, UINT32_MAX},
	    {"0xffffffff", 0, UINT32_MAX}, {"4294967296", -1, 7},
	    {"0x100000000", -1, 7}, {"-1", -1, 7}, {"", -1, 7}, {" 1", -1, 7},
	    {"1 ", -1, 7}, {"1.5", -1, 7}, {"0x", -1, 7}, {"0x-1", -1, 7},
	    {"k", -1, 7}, {"1kk", -1, 7}, {"inf", -1, 7}, {"1e3", -1, 7},
	    {"99999999999999999999999999", -1, 7}};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		uint32_t v = 7;

		is_int(
		    opt_uint(t[i].text, &v), t[i].rc, "number '%s'", t[i].text);
		is_int(v, t[i].v, "its value");
	}
}

static void
test_times(void)
{
	static const struct {
		const char *text;
		int rc;
		int64_t ms;
	} t[] = {{"250ms", 0, 250}, {"5s", 0, 5000}, {"2m", 0, 120000},
	    {"1h", 0, 3600000}, {"1d", 0, 86400000}, {"7", 0, 7000},
	    {"0.5", 0, 500}, {"1.5s", 0, 1500}, {"0", 0, 0}, {"none", 0, 0},
	    {"", -1, 7}, {"-1", -1, 7}, {"5x", -1, 7}, {"5 s", -1, 7},
	    {".5", -1, 7}, {"1.", -1, 7}, {"nan", -1, 7},
	    {"99999999999999999999d", -1, 7}};
	double rate = 7;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int64_t ms = 7;

		is_int(opt_duration(t[i].text, &ms), t[i].rc, "time '%s'",
		    t[i].text);
		is_int(ms, t[i].ms, "its milliseconds");
	}
	ok(opt_rate("50", &rate) == 0 && rate == 50, "rate 50");
	ok(opt_rate("50/s", &rate) == 0 && rate == 50, "rate 50/s");
	ok(opt_rate("600/m", &rate) == 0 && rate == 10, "rate 600/m");
	ok(opt_rate("7200/h", &rate) == 0 && rate == 2, "rate 7200/h");
	is_int(opt_rate("5/x", &rate), -1, "rate 5/x");
	is_int(opt_rate("", &rate), -1, "no rate");
}

static void
test_parse(void)
{
	is_int(parse("-fcc a -n 5 b --string=x c --word dump"), -1, "goes on");
	ok(args.flag && args.count == 2 && args.num == 5 && args.word == 2,
	    "values are set");
	is_str(args.str, "x", "by an alias");
	is_str(args.first, "a", "the first word");
	is_int(args.rest.n, 2, "the other words");
	is_int(parse("a --time 2s --rate 90/m -l x --list y"), -1, "goes on");
	ok(args.time == 2000 && args.rate == 1.5, "times and rates");
	is_int(args.list.n, 2, "a repeated option");
	is_int(parse("a -- -f"), -1, "-- ends options");
	ok(!args.flag && args.rest.n == 1, "-f is a word then");
	is_int(parse("a -"), -1, "a lone dash is a word");
	is_int(parse("a -j -vv"), -1, "shared rows");
	ok(out.args.json && out.args.verbose == 2 && out.form == OUT_JSON,
	    "go to the output");
	is_int(parse("a --esm-class 3 --tlv 0x1400=hex:00"), -1, "fields");
	is_int(args.fields.n, 2, "are collected");
}

static void
test_refused(void)
{
	static const char *const lines[] = {"", "-n 0 a", "-n 501 a", "-n x a",
	    "a -n", "a --wor dump", "a --word x", "a --time 2m", "a --time x",
	    "a --rate x", "a --flag=1", "a --nothing", "a -z", "a --password x",
	    "a --sm-length 1", "a --tlv x", "a --tsv k -F %{k}", "a -F %{k"};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		is_int(parse(lines[i]), SMPP_EXIT_USAGE, "'%s' is refused",
		    lines[i]);
}

/* Rows with one fault each; and sound ones. */
static void
test_check(void)
{
	static const struct opt bad[][3] = {
	    {{'a', "one", OPT_FLAG, 0, NULL, "help"},
		{'a', "two", OPT_FLAG, 0, NULL, "help"}, OPT_END},
	    {{0, "one", OPT_FLAG, 0, NULL, "help"},
		{0, "two", OPT_FLAG, 0, NULL, "help", .alias = "one"}, OPT_END},
	    {{0, "one", OPT_FLAG, 0, NULL, NULL}, OPT_END},
	    {{0, "one", OPT_FLAG, 0, NULL, "ends."}, OPT_END},
	    {{0, "one", OPT_FLAG, 0, NULL, "Starts"}, OPT_END},
	    {{0, "One", OPT_FLAG, 0, NULL, "help"}, OPT_END},
	    {{0, "one", OPT_FLAG, 0, "X", "help"}, OPT_END},
	    {{0, "one", OPT_STR, 0, NULL, "help"}, OPT_END},
	    {{0, "one", OPT_ENUM, 0, "X", "help"}, OPT_END},
	    {{0, "one", OPT_STR, 0, "X", "help", 1, 2}, OPT_END},
	    {{0, "one", OPT_UINT, 0, "X", "help", 5, 2}, OPT_END},
	    {{0, "one", OPT_UINT, 0, "X", "help", 5, 4294967296}, OPT_END},
	    {{0, "help", OPT_FLAG, 0, NULL, "help"}, OPT_END},
	};
	struct cmd cmd = {.name = "x", .args = ""};
	struct ctx c = {.cmd = &cmd, .label = "x: ", .out = &out};
	size_t i;

	out_init(&out);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cmd.opts = bad[i];
		ok(opt_check(&c, &cmd) > 0, "fault %zu is found", i);
	}
	is_int(opt_check(&c, &test_cmd), 0, "sound rows");
	cmd = test_cmd;
	cmd.args = "[-x]";
	is_int(opt_check(&c, &cmd), 1, "a synopsis with another option");
	cmd_free(&c);
}

static void
test_worse(void)
{
	static const int order[] = {10, 3, 9, 8, 1, 5, 4, 7, 6, 0};
	size_t i, j;
	bool fine = true;

	for (i = 0; i < 10; i++)
		for (j = i; j < 10; j++)
			fine = fine &&
			       cmd_worse(order[i], order[j]) == order[i] &&
			       cmd_worse(order[j], order[i]) == order[i];
	ok(fine, "of several outcomes the worst counts");
}

int
main(void)
{
	int fd = open("/dev/null", O_WRONLY);

	dup2(fd, STDERR_FILENO);
	close(fd);
	test_numbers();
	test_times();
	test_parse();
	test_refused();
	test_check();
	test_worse();
	return tap_done();
}
