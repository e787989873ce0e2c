/* A command_status in words. */
#include "status.h"

#include <stdio.h>

#include "kit/exit.h"
#include "smpp/table.h"

/* A status that no table knows is a vendor's: its number is its name. */
const char *
status_name(char out[STATUS_NAME], uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	if (row != NULL)
		return row->name;
	snprintf(out, STATUS_NAME, "0x%08x", status);
	return out;
}

const char *
status_text(char out[STATUS_TEXT], uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	if (row == NULL)
		snprintf(out, STATUS_TEXT, "status 0x%08x, not in the tables",
		    status);
	else
		snprintf(out, STATUS_TEXT, "%s (0x%08x), %s", row->name, status,
		    row->text);
	return out;
}

/*
 * What is not known is refused for good: trying again without end would be
 * worse than asking the operator once.
 */
int
status_exit(uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	return row == NULL ? SMPP_EXIT_NO : exit_of(row->cls);
}

/* No name is better than a made one: a reader tests for the key. */
void
status_json(struct smpp_jsonw *j, uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	smpp_jsonw_key_i64(j, "command_status", status);
	if (row == NULL)
		return;
	smpp_jsonw_key_cstr(j, "command_status_name", row->name);
}
