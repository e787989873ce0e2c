# Dictionaries: files that name the TLVs of vendors, and the built-in one.
load helper

setup() {
	smpp_setup
	cp "$root/man/examples/acme.dictionary" acme
	D=(--dictionary acme)
}

# made PDU WORD...: the hex of a PDU, from its words.
made() {
	smpp request -n -q -F '%{hex}\n' --raw "$@" 2>/dev/null
}

# pdu ID TLVS: a request in hex, of a submit_sm or deliver_sm without a text.
pdu() {
	printf '%08x%08x0000000000000001%034d%s\n' $((33 + ${#2} / 2)) "$1" 0 "$2"
}

# bad LINES MESSAGE: what a dictionary of these lines is told.
bad() {
	printf '%s\n' "$1" >bad
	run -2 --separate-stderr smpp decode-hex --dictionary bad 00
	[ "$output" = "" ]
	# shellcheck disable=SC2053 # a pattern
	[[ $stderr == "smpp decode-hex: bad:"$2 ]] || {
		echo "$stderr" >&2
		return 1
	}
}

@test "the page has the dictionary that stands among the examples" {
	diff "$root/man/examples/acme.dictionary" <(
		sed -n '/^\.Bd/,/^\.Ed/p' "$root/man/smpp-dictionary.5" |
			sed '1d;$d')
}

@test "its TLVs are printed by name, in each form" {
	local hex
	hex=$(pdu 5 1400000200071501000434393137)
	run -0 smpp decode-hex "${D[@]}" "$hex"
	[[ $output == *" carrier_code "*" tag 0x1400, length 2"*" 7"$'\n'* ]]
	[[ $output == *" msc_address "*" tag 0x1501, length 4"*'4 octets'* ]]
	[[ $output == *"warning: tlv[1]: tlv_bad_length: msc_address with 4 octets, it has 5 to 20"* ]]
	run -0 smpp decode-hex "$hex"
	[[ $output == *"unknown TLV"*"tag 0x1400"*"unknown_tlv: tag 0x1400"* ]]
	hex=$(pdu 5 140000020007150100053439313730)
	run -0 smpp decode-hex "${D[@]}" --tsv carrier_code,msc_address "$hex"
	[ "$output" = $'7\t49170' ]
	run -0 smpp decode-hex "${D[@]}" -j "$hex"
	jq -e '.carrier_code == 7 and .msc_address == "49170" and .notices == null
		and .tlvs[1].tag_name == "msc_address"' <<<"$output"
	# and back again, with the dictionary alone
	printf '%s\n' "$output" >pdu.json
	[ "$(smpp decode-hex "${D[@]}" --raw -F '%{hex}' -f pdu.json)" = "$hex" ]
	jq -c 'del(.tlvs)' pdu.json >keys.json
	[ "$(smpp decode-hex "${D[@]}" --raw -F '%{hex}' -f keys.json)" = "$hex" ]
	run -8 --separate-stderr smpp decode-hex -f keys.json
	[[ $stderr == *"no key '"* ]]
}

@test "limits, PDUs and versions are those of the file" {
	local tlv=15010005343931373a
	run -0 smpp decode-hex "${D[@]}" "$(pdu 4 $tlv)"
	[[ $output == *"notice: tlv[0]: unexpected_tlv: msc_address does not belong in submit_sm"* ]]
	run -0 smpp decode-hex "${D[@]}" --smpp-version 5.0 "$(pdu 5 $tlv)"
	[[ $output == *"unexpected_tlv"* ]]
	run -0 smpp decode-hex "${D[@]}" --smpp-version 3.4 "$(pdu 5 $tlv)"
	[[ $output != *"unexpected_tlv"* ]]
	run -0 smpp decode-hex "${D[@]}" "$(pdu 4 1400000100)"
	[[ $output == *"tlv_bad_length: carrier_code with 1 octets, it has 2"* ]]
	run -8 smpp decode-hex --strict "${D[@]}" "$(pdu 4 1400000100)"
	run -0 smpp decode-hex --strict "${D[@]}" "$(pdu 4 140000020001)"
	# twice is no fault
	run -0 smpp decode-hex --strict "${D[@]}" \
		"$(pdu 4 140000020001140000020002)"
}

@test "its TLVs are set by name" {
	local hex
	hex=$(made deliver_sm "${D[@]}" tlv.carrier_code=7 tlv.msc_address=49170)
	[[ $hex == *140000020007150100053439313730 ]]
	[[ $(made deliver_sm "${D[@]}" tlv.0x1400=7) == *140000020007 ]]
	hex=$(smpp send -n -q "${D[@]}" -d 1 -m x --tlv carrier_code=0x102 --raw)
	[[ $hex == *140000020102 ]]
	run -2 --separate-stderr smpp send -n -q -d 1 -m x --tlv carier_code=1 \
		"${D[@]}"
	[[ $stderr == *"no TLV 'carier_code'; did you mean 'carrier_code'?"* ]]
	run -2 --separate-stderr smpp send -n -q -d 1 -m x \
		--tlv carrier_code=70000 "${D[@]}"
	[[ $stderr == *"70000 does not fit 2 octets"* ]]
	run -2 --separate-stderr smpp send -n -q -d 1 -m x "${D[@]}" \
		--tlv msc_address=1
	[[ $stderr == *"msc_address"*"5 to 20"* ]]
	run -2 --separate-stderr smpp send -n -q -d 1 -m x "${D[@]}" \
		--smpp-version 5.0 --tlv msc_address=49170
	[[ $stderr == *"msc_address"*5.0* ]]
	# in a batch, and as columns of a sheet
	echo '{"destination_addr":"1","text":"x","carrier_code":9}' >one.jsonl
	hex=$(smpp send -n -q "${D[@]}" --batch one.jsonl --raw)
	[[ $hex == *140000020009 ]]
}

@test "a session: both sides know the names" {
	start_smsc "${D[@]}" -j --rule 'carrier_code==7 -> status=ESME_RTHROTTLED' \
		--echo
	run -6 smpp send "127.0.0.1:$port" -i a "${D[@]}" -d 1 -m x \
		--tlv carrier_code=7
	run -0 smpp send "127.0.0.1:$port" -i a "${D[@]}" -d 1 -m x \
		--tlv carrier_code=8
	wait_line smsc.out '"carrier_code":8'
	run -0 smpp listen "127.0.0.1:$port" -i a "${D[@]}" -C 1 -W "${WAIT}s" \
		-q --where carrier_code==8 -F '%{carrier_code}\n'
	[ "$output" = 8 ]
	printf '%s\n' 'submit_sm destination_addr=1 tlv.carrier_code=7' \
		'\expect command_status==ESME_RTHROTTLED' \
		'submit_sm destination_addr=1 tlv.carrier_code=9' \
		'\expect command_status==0' >script
	run -0 --separate-stderr timeout "$WAIT" smpp repl "127.0.0.1:$port" \
		-i a "${D[@]}" -f script -j
	grep -q '"carrier_code":9' <<<"$output"
}

@test "conditions on its TLVs" {
	pdu 5 140000020007 >pdus
	pdu 4 14000004666f6f6f >>pdus
	run -0 smpp decode-hex "${D[@]}" --tsv command_id_name --where 'carrier_code >= 7' -f pdus
	[ "${#lines[@]}" -eq 1 ]
	run -2 --separate-stderr smpp decode-hex "${D[@]}" -f pdus \
		--where 'carrier_cod == 7'
	[[ $stderr == *"did you mean 'carrier_code'?"* ]]
	run -2 smpp decode-hex --where 'carrier_code == 7' -f pdus
	# a guess holds in its own PDUs
	run -0 smpp decode-hex --tsv command_id_name --where 'pe_id == fooo' -f pdus
	[[ $output == *submit_sm* ]]
	run -1 smpp decode-hex --tsv command_id_name --where 'pe_id ~ "." and command_id==5' -f pdus
}

@test "a profile names the dictionary, an option goes before it" {
	mkdir -p .config/smpp
	cat >.config/smpp/config <<-EOF
	[acme]
	host = 127.0.0.1
	dictionary = acme
	EOF
	sed 's/carrier_code/route/' acme >other
	run -0 smpp send @acme -n -q --raw -d 1 -m x --tlv carrier_code=7
	[[ $output == *140000020007 ]]
	run -0 smpp send @acme -n -q --raw -d 1 -m x --tlv route=7 \
		--dictionary other
	[[ $output == *140000020007 ]]
	run -0 --separate-stderr smpp send @acme -n -d 1 -m x
	[[ $stderr == *"== dictionary       'acme'  ("*config:3* ]]
	SMPP_DICTIONARY=other run -0 smpp send 127.0.0.1 -n -q --raw -d 1 -m x \
		--tlv route=7
	[[ $output == *140000020007 ]]
	echo 'dictionary = nowhere' >>.config/smpp/config
	run -2 --separate-stderr smpp send 127.0.0.1 -n -q -d 1 -m x \
		--dictionary nowhere
	[[ $stderr == "smpp send: nowhere: No such file or directory"* ]]
}

@test "help and completion know its TLVs" {
	run -0 smpp help tlv carrier_code "${D[@]}"
	[[ $output == *0x1400*"network the message came from"*"number 2"* ]]
	[[ $output == *submit_sm*deliver_sm* ]]
	run -0 smpp help tlv 0x1501 "${D[@]}"
	[[ $output == *"text 5-20"* ]]
	run -0 smpp help "${D[@]}" pdu deliver_sm
	[[ $output == *"0x1501  msc_address "* ]]
	run -1 --separate-stderr smpp help tlv carier_code "${D[@]}"
	[[ $stderr == *"did you mean 'carrier_code'"* ]]
	run -0 smpp __complete -- send "${D[@]}" --tlv carr
	[[ $output == $'carrier_code=\tnetwork'* ]]
	run -0 smpp __complete -- send --dictionary=acme --tlv carr
	[[ $output == carrier_code=* ]]
	run -0 smpp __complete -- request "${D[@]}" deliver_sm tlv.ms
	[[ $output == *tlv.msc_address=* ]]
	run -0 --separate-stderr smpp __complete -- send --dictionary gone --tlv pe
	[[ $output == pe_id=* ]]
	[ "$stderr" = "" ]
}

@test "what is wrong with a dictionary is said with its line" {
	bad $'[tlv 0x1400]\nnmae = x' "2: no key 'nmae'; did you mean 'name'?"
	bad $'[tlv 0x1400]\nname = a-b\ntype = u8' "2: name: 'a-b' is not of letters*"
	bad $'[tlv 0x1400]\nname = 1a' "2: name: '1a' is not of letters*"
	bad $'[tlv 0x1400]\nname = x\ntype = u9' "3: no type 'u9'; did you mean 'u8'?*"
	bad $'[tlv 0x1400]\nname = x\ntype = float' "3: no type 'float'*u8, u16,*"
	bad $'[tlv 0x1400]\nname = x\ntype = u8\npdus = submit_m' \
		"4: no PDU 'submit_m'; did you mean 'submit_sm'?"
	bad $'[tlv 0x1400]\nname = x\ntype = u8\nversions = 3.3' \
		"4: versions: 3.3 has no TLVs"
	bad $'[tlv 0x1400]\nname = x\ntype = u8\nversions = 4' \
		"4: versions: '4' is none of 3.4, 5.0"
	bad $'[tlv 0x1400]\nname = x\ntype = text\nmin = 70000' \
		"4: min: '70000' is not a number from 0 to 65535"
	bad $'[tlv 0x1400]\nname = x\ntype = text\nmin = 7\nmax = 6' \
		"1: *min is above max"
	bad $'[tlv 0x1400]\nname = x\ntype = u16\nmin = 2' \
		"1: *min and max are not for numbers"
	bad $'\n[tlv 0x1400]\ntype = u8' "2: *has no name"
	bad $'[tlv 0x1400]\nname = x\n[tlv 0x1401]\nname = y\ntype = u8' \
		"1: *has no type"
	bad $'[tlv 0x1400]\nname = x\nname = y' "3: name came before"
	bad $'[tlv 0x1400]\nname =' "2: name is empty"
	bad $'[tlv 0x1400]\nname=x\ntype=u8\n[tlv 5120]' "4: * came before"
	bad 'name = x' "1: name stands before [[]tlv 0xTAG]"
	bad '[tvl 0x1400]' "1: [[]tvl 0x1400] is not [[]tlv 0xTAG]"
	bad '[tlv 0x10000]' "1: [[]tlv 0x10000] is not*"
	bad '[tlv 0]' "1: [[]tlv 0] is not*"
	bad 'what' "1: neither [[]name] nor key = value"
	bad "[tlv 0x1400]
brief = $(printf 'x%.0s' {1..200})" "2: longer than 198 characters"
}

@test "neither a tag of the specification nor a name is redefined" {
	local name
	bad '[tlv 0x0424]' \
		"1: 0x0424 is message_payload of the specification, and stays that"
	for name in source_addr message_payload text tlvs type template_id and \
		message_state_name destination_port; do
		bad "[tlv 0x1400]
name = $name" "2: name: '$name' is the name of something else"
	done
	bad $'[tlv 0x1400]\nname = x\ntype = u8\n[tlv 0x1401]\nname = x' \
		"5: name: 'x' is the name of something else"
	# The tags that are guessed at may mean something else, by any name.
	printf '[tlv 0x1401]\nname = template_id\ntype = u8\n' >own
	run -0 smpp decode-hex --dictionary own -j "$(pdu 5 1401000107)"
	jq -e '.template_id == 7' <<<"$output"
}

@test "India's TLVs are known where they belong" {
	local id=34353637
	run -0 smpp decode-hex -j "$(pdu 4 14000004${id}14010004$id)"
	jq -e '.pe_id == "4567" and .template_id == "4567" and
		.notices == null' <<<"$output"
	run -0 smpp decode-hex "$(pdu 4 14000004$id)"
	[[ $output == *" pe_id "*'"4567"'* ]]
	run -0 smpp decode-hex -j "$(pdu 5 14000004$id)"
	jq -e '.pe_id == null and .tlvs[0].tag_name == null and
		.notices[0].kind == "unknown_tlv"' <<<"$output"
	# what is no text is octets
	run -0 smpp decode-hex -j "$(pdu 4 1400000200ff)"
	jq -e '.pe_id == null and .tlvs[0].tag_name == "pe_id" and
		.tlvs[0].value == null and .tlvs[0].hex == "00ff" and
		.notices == null' <<<"$output"
	run -0 smpp decode-hex "$(pdu 4 1400000200ff)"
	[[ $output == *" pe_id "*"2 octets"* ]]
	run -0 smpp help pdu submit_multi
	[[ $output == *"pe_id"*"template_id"* ]]
	run -0 smpp help pdu data_sm
	[[ $output != *"pe_id"* ]]
	run -0 made submit_sm tlv.pe_id=1101 tlv.template_id=0x1
	[[ $output == *1400000431313031140100040000"0001" ]]
}

@test "the value of a tag without a name is text, of digits too" {
	run -0 made submit_sm tlv.0x1500=12345
	[[ $output == *150000053132333435 ]]
	run -0 made submit_sm tlv.0x1400=12345
	[[ $output == *140000053132333435 ]]
	run -0 made submit_sm tlv.0x1500=0x0102
	[[ $output == *1500000400000102 ]]
	run -0 made submit_sm tlv.0x1500=hex:0102
	[[ $output == *150000020102 ]]
	run -0 made submit_sm 'tlv.0x1500="0x01"'
	[[ $output == *1500000430783031 ]]
	run -0 smpp send -n -q --raw -d 1 -m x --tlv 0x1400=12345
	[[ $output == *140000053132333435 ]]
	# those with a name are as they were
	run -0 made submit_sm tlv.source_port=7
	[[ $output == *020a00020007 ]]
}

@test "a NUL in a dictionary is an error with its line" {
	printf '[tlv 0x1403]\nname = a\0b\ntype = u8\n' >nul.ini
	run -2 --separate-stderr smpp decode-hex --dictionary nul.ini 00
	[[ $stderr == *"nul.ini:2: has a NUL in it"* ]]
}
