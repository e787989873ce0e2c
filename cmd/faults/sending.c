/* Faults: the rows of the actions, and how they have octets sent. */
#include "fault.h"

#include "smpp/table.h"

/* In the order of enum fault_bind. */
static const char *const fault_binds[] = {
    "bare", "other", "long", "version", NULL};

const struct rule_row fault_rows[FAULT_COUNT + 1] = {
#define FAULT(id, label, form, metavar, usual, what, without, text, ...) \
	[FAULT_##id] = {.name = (label),                                 \
	    .kind = (form),                                              \
	    .meta = (metavar),                                           \
	    .preset = (usual),                                           \
	    .is = (what),                                                \
	    .not_with = (without),                                       \
	    .brief = (text),                                             \
	    __VA_ARGS__},
#include "faults.def"
    [FAULT_COUNT] = RULE_END,
};

/* nack= has a status as well; both exclude each other. */
uint32_t
fault_status(const struct rule_acts *a)
{
	const struct rule_value *v = fault_act(a, FAULT_status);

	if (v == NULL)
		v = fault_act(a, FAULT_nack);
	return v == NULL ? ESME_ROK : (uint32_t)v->a;
}

/* --- how octets are sent, a function a row --- */

/* Drawn once for each PDU, when it is asked for: the owner wants to know then
 * how late the answer will be. */
static void
sending_delay(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng)
{
	plan->delay_ms = rule_draw(v, rng);
}

static void
sending_drop(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)v;
	(void)rng;
	plan->copies = 0;
}

static void
sending_twice(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)v;
	(void)rng;
	plan->copies = 2;
}

static void
sending_reorder(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)v;
	(void)rng;
	plan->behind = true;
}

/* -1 is off, since 0 ms is a pace, too. */
static void
sending_drip(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	plan->drip_ms = v->a;
}

typedef void sending_fn(
    struct fault_plan *plan, const struct rule_value *v, struct smpp_rng *rng);

static sending_fn *const sendings[FAULT_COUNT] = {
#define SENDING(id, ...) [FAULT_##id] = sending_##id,
#include "faults.def"
};

/* Whether octets are sent of which so much is said: "close" answers nothing,
 * "status=8,close" refuses first, "half,rst" breaks off within the answer. */
static bool
sending_any(const struct rule_acts *a)
{
	unsigned is = 0;

	for (unsigned i = 0; i < a->n; i++)
		is |= a->v[i].row->is;
	return !(is & FAULT_IS_INSTEAD) ||
	       is & (FAULT_IS_STATUS | FAULT_IS_OCTETS | FAULT_IS_COPIES);
}

/* Filled in the order of the rows; no two write the same member. */
void
fault_plan(
    struct fault_plan *plan, const struct rule_acts *a, struct smpp_rng *rng)
{
	const struct rule_value *v;

	*plan = (struct fault_plan){.copies = sending_any(a), .drip_ms = -1};
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (sendings[i] != NULL &&
		    (v = fault_act(a, (enum fault_id)i)) != NULL)
			sendings[i](plan, v, rng);
}
