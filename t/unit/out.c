/* cmd/out: records as JSON, by a format, as columns; errors as objects. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/kit/cmd.h"
#include "tap.h"

static struct out out;
static struct ctx ctx = {.label = "smpp test: ", .out = &out};

/* Starts output into a memory file with these options. */
static int
begin(const char *format, const char *tsv)
{
	out_init(&out);
	out.args.format = format;
	out.args.tsv = tsv;
	out.args.json = format == NULL && tsv == NULL;
	out.fd = memfd_create("out", 0);
	return out_start(&ctx, false);
}

/* Ends it; what was written. */
static const char *
end(void)
{
	static char text[300000];
	int fd = dup(out.fd);
	ssize_t n;

	is_int(out_close(&out), 0, "closes");
	lseek(fd, 0, SEEK_SET);
	n = read(fd, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	cmd_free(&ctx);
	return text;
}

static void
record(const char *text, size_t n)
{
	struct smpp_jsonw *j = out_json(&out);

	smpp_jsonw_open(j, '{');
	smpp_jsonw_key(j, "type");
	smpp_jsonw_cstr(j, "pdu");
	smpp_jsonw_key(j, "text");
	smpp_jsonw_str(j, text, n);
	smpp_jsonw_key(j, "n");
	smpp_jsonw_u32(j, 7);
	smpp_jsonw_close(j, '}');
	out_record(&out);
}

/* What one record with the text "a<tab>b" looks like in a format. */
static const char *
formatted(const char *format)
{
	begin(format, NULL);
	record("a\tb", 3);
	return end();
}

static void
test_forms(void)
{
	begin(NULL, NULL);
	record("x", 1);
	record("y", 1);
	is_str(end(),
	    "{\"type\":\"pdu\",\"text\":\"x\",\"n\":7}\n"
	    "{\"type\":\"pdu\",\"text\":\"y\",\"n\":7}\n",
	    "JSON, one a line");
	is_str(formatted("%{n}: %{text} %{none}\\n"), "7: a\tb -\n", "format");
	is_str(formatted("\\t\\r\\\\\\x41\\x7e\\q%%%{n}100%"),
	    "\t\r\\A~\\q%7100%", "escapes");
	is_str(formatted("\\x4\\x"), "\\x4\\x", "no escapes");
	is_str(formatted("plain"), "plain", "no key");
	is_str(formatted(""), "", "empty");
	begin("%{n}\\0", NULL);
	record("", 0);
	is_mem(end(), 2, "7\0", 2, "NUL");
	begin(NULL, "n,text,,none");
	record("a\tb", 3);
	record("\\", 1);
	is_str(end(), "7\ta\\tb\t-\t-\n7\t\\\\\t-\t-\n", "columns");
}

static void
test_refused(void)
{
	is_int(begin("%{n", NULL), SMPP_EXIT_USAGE, "no closing brace");
	end();
	is_int(begin("a", "b"), SMPP_EXIT_USAGE, "two forms");
	end();
	out_init(&out);
	out.args.file = "/no/such/dir/file";
	is_int(out_start(&ctx, false), SMPP_EXIT_LOCAL, "no such file");
}

/* Records beyond both buffers come out whole. */
static void
test_long(void)
{
	size_t n = 200000, i;
	char *text = malloc(n);
	const char *got;

	if (!ok(text != NULL, "memory"))
		return;
	for (i = 0; i < n; i++)
		text[i] = (char)('a' + i % 26);
	begin("%{n}%{text}|%{type}", NULL);
	record(text, n);
	record("x", 1);
	got = end();
	ok(got[0] == '7' && memcmp(got + 1, text, n) == 0, "a long value");
	is_str(got + 1 + n, "|pdu7x|pdu", "and what follows it");
	begin(NULL, NULL);
	record(text, n);
	got = end();
	is_int(strlen(got), n + 31, "a long record as JSON");
	free(text);
}

static void
test_lost(void)
{
	begin(NULL, NULL);
	close(out.fd);
	out.fd = open("/dev/full", O_WRONLY);
	record("x", 1);
	is_int(out_flush(&out), -1, "a full disk is seen");
	record("x", 1);
	is_int(out_line(&out), -1, "and stays");
	is_int(out_close(&out), -1, "to the end");
	cmd_free(&ctx);
}

/* What out_error() prints with -j. */
static void
test_errors(void)
{
	int fd = memfd_create("err", 0), saved = dup(STDERR_FILENO);
	char text[4096];
	ssize_t n;

	out_init(&out);
	out.args.json = true;
	dup2(fd, STDERR_FILENO);
	out_hint(&ctx, "try %s", "again");
	smpp_jsonw_key(out_more(&ctx), "line");
	smpp_jsonw_u32(out_more(&ctx), 17);
	out_error(&ctx, 8, "text", "f:%d: bad \"\033\"", 17);
	out_error(&ctx, 9, "output", "plain");
	out.args.json = false;
	out_error(&ctx, 1, "bind", "refused: \033[31m\xC2\x9B\n");
	out_error(&ctx, 1, "bind", "\x80 \xC3\xA4 \xE4\xC3 \xFF");
	out_spot(&ctx, "\x9B\xC3\xA4x", 3);
	out_error(&ctx, 2, "usage", "%s", "here");
	dup2(saved, STDERR_FILENO);
	close(saved);
	lseek(fd, 0, SEEK_SET);
	n = read(fd, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	is_str(text,
	    "{\"type\":\"error\",\"exit\":8,\"what\":\"text\",\"line\":17,"
	    "\"message\":\"f:17: bad \\\"\\u001b\\\"\",\"hint\":\"try "
	    "again\"}\n"
	    "{\"type\":\"error\",\"exit\":9,\"what\":\"output\","
	    "\"message\":\"plain\"}\n"
	    "smpp test: refused: \\x1b[31m\\x9b\\x0a\n"
	    "smpp test: \\x80 \xC3\xA4 \\xe4\\xc3 \\xff\n"
	    "smpp test: here\n  \\x9b\xC3\xA4x\n       ^\n",
	    "errors");
}

static jmp_buf nomem;

__attribute__((noreturn)) static void
no_memory(void)
{
	longjmp(nomem, 1);
}

static void
test_nomem(void)
{
	cmd_nomem = no_memory;
	if (setjmp(nomem) != 0) {
		ok(true, "no memory ends the command");
		return;
	}
	cmd_alloc(&ctx, SIZE_MAX);
	ok(false, "no memory ends the command");
}

int
main(void)
{
	int saved = dup(STDERR_FILENO), fd = open("/dev/null", O_WRONLY);

	test_forms();
	dup2(fd, STDERR_FILENO);
	test_refused();
	dup2(saved, STDERR_FILENO);
	close(fd);
	close(saved);
	test_long();
	test_lost();
	test_errors();
	test_nomem();
	return tap_done();
}
