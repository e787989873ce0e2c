/* lib/show/hexin: pasted text to octets, by files and by line. */
#include <stdlib.h>

#include "base/hex.h"
#include "hexin/hexin.h"
#include "tap.h"

enum { OUT = 1 << 16 };

/* What a reader gave: octets, and what it said. */
struct got {
	uint8_t octets[OUT];
	size_t n;
	unsigned errors, cuts;
	char said[200];
};

static int
collect(void *arg, const struct smpp_hexevent *e)
{
	struct got *g = arg;

	if (e->what == SMPP_HEXIN_OCTETS) {
		if (e->n > OUT - g->n)
			return -1;
		memcpy(g->octets + g->n, e->p, e->n);
		g->n += e->n;
	} else if (e->what == SMPP_HEXIN_ERROR) {
		g->errors++;
		snprintf(g->said, sizeof(g->said), "%d:%d: %s", (int)e->line,
		    (int)e->column, e->msg);
	} else if (e->what == SMPP_HEXIN_CUT) {
		g->cuts++;
	}
	return 0;
}

/* Reads the text in blocks of the size given. */
static struct got *
read_text(const char *text, size_t n, size_t block)
{
	static struct got g;
	struct smpp_hexin *h = smpp_hexin_open(SMPP_HEXFORM_AUTO, collect, &g);
	size_t i, k;

	memset(&g, 0, sizeof(g));
	for (i = 0; i < n; i += k) {
		k = n - i < block ? n - i : block;
		smpp_hexin_feed(h, text + i, k);
	}
	smpp_hexin_end(h);
	smpp_hexin_close(h);
	return &g;
}

static char *
slurp(const char *path, size_t *n)
{
	static char buf[1 << 20];
	FILE *f = fopen(path, "rb");

	*n = 0;
	if (f == NULL)
		return NULL;
	*n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return buf;
}

/* The octets of all strings of an array of hex, behind "hex":[ in a line. */
static size_t
wanted(const char *line, uint8_t *out)
{
	const char *p = strstr(line, "\"hex\":[");
	size_t n = 0, digits;

	for (p += 7; *p == '"'; p += digits + 2 + (p[digits + 2] == ',')) {
		digits = strcspn(p + 1, "\"");
		n += (size_t)smpp_hex_decode(out + n, p + 1, digits);
	}
	return n;
}

static void
one_file(const char *dir, const char *line)
{
	static uint8_t want[OUT];
	static const size_t blocks[] = {1, 7, 4096};
	char path[300];
	const struct got *g;
	char *text;
	size_t i, n, nwant = wanted(line, want);
	const char *name = strstr(line, "\"file\":\"") + 8;

	snprintf(
	    path, sizeof(path), "%s%.*s", dir, (int)strcspn(name, "\""), name);
	if (!ok((text = slurp(path, &n)) != NULL, "%s", path))
		return;
	for (i = 0; i < 3; i++) {
		g = read_text(text, n, blocks[i]);
		is_mem(g->octets, g->n, want, nwant, "%s by %d", path,
		    (int)blocks[i]);
		is_int(g->errors + g->cuts, 0, "%s: nothing wrong", path);
	}
}

static void
all_files(const char *dir)
{
	static char line[1 << 16];
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%sindex.jsonl", dir);
	if (!ok((f = fopen(path, "r")) != NULL, "%s", path))
		return;
	while (fgets(line, sizeof(line), f) != NULL)
		one_file(dir, line);
	fclose(f);
}

int
main(void)
{
	all_files("t/vectors/hexinputs/");
	all_files("t/forms/");
	return tap_done();
}
