/* Rows of a CSV or TSV file, from its lines. */
#include "sheet.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

struct sheet {
	struct csv_parser csv;
	char delim;
	bool begun; /* a line was there */
	bool done;  /* a row is complete */
	bool many;  /* it has too much */
	bool twice; /* another one follows it in the line */
	unsigned cells;
	size_t n;   /* octets of its cells */
	size_t fed; /* octets of its lines */
	uint32_t end[SHEET_CELLS];
	uint8_t text[SHEET_ROW];
};

/*
 * libcsv's state 0 is between rows. A value in quotes may have line ends, so a
 * row may be several lines.
 */
bool
sheet_inside(const struct sheet *sh)
{
	return sh->csv.pstate != 0;
}

/*
 * libcsv calls this for cells of a second row in the same line, too, behind a
 * bare carriage return.
 */
static void
cell(void *p, size_t n, void *arg)
{
	struct sheet *sh = arg;

	sh->twice |= sh->done;
	if (sh->cells == SHEET_CELLS || n > sizeof(sh->text) - sh->n) {
		sh->many = true;
		return;
	}
	if (n > 0)
		memcpy(sh->text + sh->n, p, n);
	sh->n += n;
	sh->end[sh->cells++] = (uint32_t)sh->n;
}

static void
sheet_row(int c, void *arg)
{
	struct sheet *sh = arg;

	(void)c;
	sh->done = true;
}

/*
 * Strict: quotes in the middle of a value are a mistake of the writer, and
 * guessing would move all cells behind it.
 */
static int
parser_init(struct sheet *sh)
{
	if (csv_init(&sh->csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return SMPP_ENOMEM;
	if (sh->delim != 0)
		csv_set_delim(&sh->csv, (unsigned char)sh->delim);
	return 0;
}

struct sheet *
sheet_open(char delim)
{
	struct sheet *sh = calloc(1, sizeof(*sh));

	if (sh == NULL)
		return NULL;
	sh->delim = delim;
	if (parser_init(sh) == 0)
		return sh;
	free(sh);
	return NULL;
}

void
sheet_close(struct sheet *sh)
{
	if (sh == NULL)
		return;
	csv_free(&sh->csv);
	free(sh);
}

/*
 * Forgets the row, and all that the parser remembers of it. After an error
 * libcsv cannot go on: only a new parser begins at the next line as if nothing
 * had been.
 */
static int
sheet_drop(struct sheet *sh)
{
	csv_free(&sh->csv);
	sh->done = false;
	sh->cells = 0;
	return parser_init(sh);
}

static bool
sheet_has(struct smpp_view v, char c)
{
	return v.n > 0 && memchr(v.p, c, v.n) != NULL;
}

/*
 * The first line tells how values are separated. Tabs first, since texts have
 * commas; a semicolon only where there is no comma: spreadsheets write it
 * where the comma is the decimal sign.
 */
static struct smpp_view
sheet_begin(struct sheet *sh, struct smpp_view line)
{
	if (line.n >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
		line = smpp_view_of(line.p + 3, line.n - 3);
	if (sh->delim == 0) {
		if (sheet_has(line, '\t'))
			sh->delim = '\t';
		else
			sh->delim =
			    sheet_has(line, ';') && !sheet_has(line, ',') ? ';'
									  : ',';
	}
	csv_set_delim(&sh->csv, (unsigned char)sh->delim);
	sh->begun = true;
	return line;
}

static int
bad_row(struct sheet *sh, int code, const char *why, struct smpp_err *err)
{
	return sheet_drop(sh) != 0 ? SMPP_ENOMEM
				   : smpp_err_set(err, code, "%s", why);
}

int
sheet_line(struct sheet *sh, struct smpp_view line, struct smpp_err *err)
{
	if (!sh->begun)
		line = sheet_begin(sh, line);
	if (!sheet_inside(sh)) {
		sh->cells = 0;
		sh->n = sh->fed = 0;
		sh->many = sh->twice = false;
	}
	sh->done = false;
	sh->fed += line.n;
	/*
	 * The line end was taken off by the reader, and is what ends a row
	 * here.
	 */
	if (csv_parse(&sh->csv, line.p, line.n, cell, sheet_row, sh) !=
		line.n ||
	    csv_parse(&sh->csv, "\n", 1, cell, sheet_row, sh) != 1) {
		if (csv_error(&sh->csv) == CSV_ENOMEM)
			return SMPP_ENOMEM;
		return bad_row(sh, SMPP_ESYNTAX,
		    "a quote that is neither around a value nor doubled", err);
	}
	if (sh->twice || (sh->done && sheet_inside(sh)))
		return bad_row(
		    sh, SMPP_ESYNTAX, "a row ends inside the line", err);
	if (sh->many || sh->fed > SHEET_ROW)
		return bad_row(sh, SMPP_ERANGE,
		    "more than 64 KiB or 256 values in a row", err);
	return sh->done;
}

int
sheet_end(struct sheet *sh, struct smpp_err *err)
{
	if (!sheet_inside(sh))
		return 0;
	return bad_row(sh, SMPP_ESYNTAX, "the input ends within quotes", err);
}

unsigned
sheet_cells(const struct sheet *sh)
{
	return sh->cells;
}

struct smpp_view
sheet_cell(const struct sheet *sh, unsigned i)
{
	uint32_t start = i == 0 ? 0 : sh->end[i - 1];

	return smpp_view_of(sh->text + start, sh->end[i] - start);
}
