/* Rows of a CSV or TSV file, from its lines. */
#ifndef SMPP_SEND_SHEET_H
#define SMPP_SEND_SHEET_H

#include <stdbool.h>

#include "base/err.h"
#include "base/view.h"

enum { SHEET_CELLS = 256, SHEET_ROW = 64 * 1024 };

struct sheet;

/*
 * Makes a reader for values that delim separates, 0 to be told by the first
 * line: a tab if it has one, else a semicolon if it has that and no comma, else
 * a comma. NULL when out of memory; close takes NULL.
 */
struct sheet *sheet_open(char delim);
void sheet_close(struct sheet *sh);

/*
 * Takes the next line, which is without its end. Returns 1 when a row is
 * complete, 0 when it needs further lines or the line is empty; SMPP_ESYNTAX
 * or SMPP_ERANGE when the row is no good, which ends it; SMPP_ENOMEM.
 */
int sheet_line(struct sheet *sh, struct smpp_view line, struct smpp_err *err);

/* The same at the end of the lines: 0, or what is wrong with a row that is
 * not complete. */
int sheet_end(struct sheet *sh, struct smpp_err *err);

/* True when a row has begun and needs further lines. */
bool sheet_inside(const struct sheet *sh);

/* The row, borrowed until the next line. */
unsigned sheet_cells(const struct sheet *sh);
struct smpp_view sheet_cell(const struct sheet *sh, unsigned i);

#endif
