/*
 * PDUs for people and for other programs: printed octet by octet, as JSON, as
 * name=value text, and read back. All of it walks the tables of lib/smpp.
 */
#ifndef SMPP_SHOW_SHOW_H
#define SMPP_SHOW_SHOW_H

#include "base/jsonw.h"
#include "smpp/pdu.h"
#include "text/text.h"

SMPP_BEGIN_DECLS

/*
 * How to show a PDU, and what is known beside it. Members that are 0 or NULL
 * are left out of the output, offset is only shown with index.
 */
struct smpp_show {
	const char *dir;  /* "in" or "out" */
	int64_t time_us;  /* of a live event, microseconds since 1970 */
	uint32_t session; /* number of the connection, from 1 */
	uint64_t index;   /* which PDU of the input, from 1 */
	uint64_t offset;  /* octet of the input at which it begins */
	bool raw;         /* the whole PDU in hexadecimal, too */
	bool secrets;     /* passwords as they are, not masked */
	bool colour;      /* of the human form */
	bool narrow;      /* fewer octets a line, for 80 columns */
	bool bare; /* of it only fields and all issues: no title, no octets */
	enum smpp_alphabet mc_default; /* what data_coding 0 means */
};

/*
 * Writes the members of a PDU, from "type" on, into an object that the caller
 * opened and will close. issues may be NULL.
 */
void smpp_json_pdu(struct smpp_jsonw *j, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show);

/*
 * Prints a decoded PDU (it has a wire) for people: a line that names it, then
 * one a field with offset, octets, name and value, and warnings and notices;
 * errors are the caller's. issues may be NULL.
 */
void smpp_print_pdu(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show);

/* Writes what an issue is, in words, without place and kind. */
void smpp_issue_text(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issue *issue);

/*
 * Writes the symbols of a coded value as options and JSON have them: those of
 * a bit set joined by commas. Returns false, having written nothing, when the
 * value is not known.
 */
bool smpp_enum_symbols(
    struct smpp_sbuf *out, unsigned set, uint32_t value, enum smpp_ver ver);

/*
 * The octets of a PDU that must not be shown: a password, or whatever stands
 * where one belongs. None in most PDUs.
 */
struct smpp_view smpp_pdu_secret(const struct smpp_pdu *pdu);

/* True when a secret is all asterisks: it was masked when it was shown. */
bool smpp_secret_masked(struct smpp_view secret);

/* Writes octets of the PDU's wire in hexadecimal, secret ones as "2a". */
void smpp_show_hex(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    struct smpp_view octets, bool secrets);

/*
 * Writes a PDU as "submit_sm name=value ..." on one line: every field that is
 * there, TLVs as tlv.NAME=... or tlv.0xTAG=..., so that smpp_pdu_assign of each
 * pair makes the same PDU again.
 */
void smpp_pdu_pairs(
    struct smpp_sbuf *out, const struct smpp_pdu *pdu, bool secrets);

/*
 * Sets one field of a PDU from name=value text; *store takes the octets of
 * what is set and must live as long as the PDU. Values:
 *   source_addr=ACME  short_message="Hi \x41"  short_message=hex:4869
 *   data_coding=8  data_coding=ucs2  esm_class=udhi,reply_path
 *   dest_address=[491701,dl:staff,{dest_flag=1 destination_addr=2}]
 *   tlv.message_payload=hex:00  tlv.0x1400="x"  tlv.sar_msg_ref_num=7
 *   tlv.network_error_code={type=3 code=8}
 *   stray=hex:00  undecoded=hex:0102
 * A symbol that stands for several numbers is refused, as are two about the
 * same bits, lists with more items than can be counted, and command_id and
 * command_length. The store needs the octets of each value, for a TLV 4 more;
 * from TLV SMPP_TLVS_MAX + 1 on those of all TLVs once more, and again each
 * time another field was set between two of them.
 * Returns 0; SMPP_ENAME for a name the PDU has not (err names the nearest),
 * SMPP_ESYNTAX or SMPP_ERANGE for the value, SMPP_ENOSPACE; err says what.
 */
int smpp_pdu_assign(struct smpp_pdu *pdu, struct smpp_view pair,
    struct smpp_wr *store, struct smpp_err *err);

/*
 * Reads what smpp_json_pdu writes, with or without what it derives: numbers
 * or, where one is missing, its _name; tlvs, or the top-level copies.
 * command_length is ignored. A text without octets is encoded, as data_coding
 * says (0 is mc_default) or as fits; one beside octets must be what they say.
 * Keys of smpp-json(7) that follow from others are ignored; a key that is
 * neither one of those nor the name of a field of this PDU or of a TLV is
 * refused, and so is a password that was masked. *store takes the octets, no
 * more than the PDU has: SMPP_PDU_MAX is enough for any that is accepted by
 * default. Returns 0, or SMPP_ESYNTAX, SMPP_ENAME, SMPP_ERANGE, SMPP_ENOSPACE,
 * SMPP_ECHARSET and *err says what.
 */
int smpp_json_pdu_parse(struct smpp_pdu *pdu, const char *text, size_t n,
    enum smpp_ver ver, const struct smpp_dictionary *dictionary,
    enum smpp_alphabet mc_default, struct smpp_wr *store, struct smpp_err *err);

/*
 * Whether a key of such an object has a meaning whatever TLVs there are: the
 * name of a field or TLV of the specification, or of what follows from the PDU,
 * with _name or without. A TLV that a dictionary adds cannot have it.
 */
bool smpp_json_key_reserved(const char *key);

/*
 * The same of a message to be sent: a submit_sm, whether the object says so,
 * says nothing or is a deliver_sm. A text without octets is not encoded: *text
 * is it, in the store; p is NULL when there is none.
 */
int smpp_json_message_parse(struct smpp_pdu *pdu, struct smpp_view *text,
    const char *json, size_t n, enum smpp_ver ver,
    const struct smpp_dictionary *dictionary, enum smpp_alphabet mc_default,
    struct smpp_wr *store, struct smpp_err *err);

SMPP_END_DECLS

#endif
