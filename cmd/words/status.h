/* A command_status in words. */
#ifndef SMPP_WORDS_STATUS_H
#define SMPP_WORDS_STATUS_H

#include "base/jsonw.h"

enum { STATUS_NAME = 32, STATUS_TEXT = 200 }; /* room for these two */

/* "ESME_RTHROTTLED", or "0x00000456" where it has no name. */
const char *status_name(char out[STATUS_NAME], uint32_t status);

/* Its name, its number, its meaning. */
const char *status_text(char out[STATUS_TEXT], uint32_t status);

/* What a request that is refused with it becomes. */
int status_exit(uint32_t status);

/* Adds command_status and command_status_name to an object. */
void status_json(struct smpp_jsonw *j, uint32_t status);

#endif
