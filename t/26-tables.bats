# Tables that grow: a TLV is one row of tlvs.def, and one of carries.def where
# something carries it; a PDU and its fields are rows, too, and nothing else.
load helper

# add FILE TEXT: puts rows where those of a .def end, before it undefines what
# the rows are written with.
add() {
	awk -v rows="$2" '/^#undef|^SMPP_NAME_INNER/ && !done { print rows; done = 1 }
		{ print } END { if (!done) print rows }' \
		"lib/smpp/$1.def" >new && mv new "lib/smpp/$1.def"
}

# Forty TLVs from 0x1400 to 0x3FFF, of which the last has the last tag.
vendor_tlvs() {
	local i tag
	echo 'SMPP_TLV(uncarried, 0x13FF, OCTETS, 0, 9, 1, 9, V34 | V50 | VANY, none,'
	echo '    empty, NULL, "carried by nothing")'
	for i in {1..40}; do
		tag=$((i == 40 ? 0x3FFF : 0x1400 + (i - 1) * 0x105))
		printf 'SMPP_TLV(grown_%d, 0x%04X, UINT, 2, 2, 1, 2, %s, none, %s' \
			"$i" "$tag" 'V34 | V50 | VANY' $'empty, NULL, "a row")\n'
	done
}

# Those of submit_sm; grow carries the first of them, too.
vendor_carries() {
	local i
	echo 'CARRY(grown_1, 0, P(submit_sm), P(submit_sm) | P(grow), 0)'
	for i in {2..40}; do
		echo "CARRY(grown_$i, 0, P(submit_sm), P(submit_sm), 0)"
	done
}

grow() {
	cp -r "$root/lib" "$root/t" .
	add tlvs "$(vendor_tlvs)"
	add carries "$(vendor_carries)"
	add names 'SMPP_NAME(height, 0, ESME_RINVTLVLEN, "a field")
SMPP_NAME(colour, 0, ESME_RINVTLVLEN, "and another")'
	add fields 'BODY(grow)
	FIELD(height, U8, 0, 255, ALL, none, NONE)
	FIELD(colour, CSTR, 1, 9, ALL, none, NONE)
END'
	add pdus 'SMPP_PDU(grow, 0x00010234, V34 | V50 | VANY, grow, grow_resp, 0, 0, E_TX,
    E_TX, "a PDU of a vendor")
SMPP_PDU(grow_resp, 0x80010234, V34 | V50 | VANY, empty, grow, RESPONSE, 0, M_TX,
    M_TX, "and its response")'
}

@test "forty TLVs, a PDU and its fields are rows and nothing else" {
	local name
	grow
	for name in t/unit/codec t/tables/grown; do
		# shellcheck disable=SC2086 # CFLAGS are several words
		timeout 120 "${CC:-cc}" -std=c11 -D_GNU_SOURCE ${CFLAGS:-} -Wall \
			-Wextra -Wno-missing-field-initializers -Werror -Ilib -I. \
			-o program $name.c lib/smpp/*.c lib/base/*.c
		timeout 20 ./program >out || { grep -v '^ok' out; return 1; }
		grep -q '^1\.\.' out
	done
	[ "$(grep -c '^ok' out)" -gt 160 ]
}

@test "a TLV whose tag is taken does not compile" {
	cp -r "$root/lib" .
	add tlvs 'SMPP_TLV(twice, 0x1383, UINT, 2, 2, 1, 2, V34, none, empty, NULL, "")'
	run -1 --separate-stderr timeout 60 "${CC:-cc}" -std=c11 -D_GNU_SOURCE \
		-Wextra -Werror -Ilib -c -o tables.o lib/smpp/tables.c
	[[ $stderr == *"tlvs.def"* ]]
}
