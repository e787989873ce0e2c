# smpp decode-hex: what it reads, how it fails, what it prints.
load helper

enquire=00000010000000150000000000000001
vectors=$root/t/vectors

# hexes: the octets of all PDUs that the JSON on standard input shows.
hexes() {
	jq -r .hex | paste -sd ''
}

# octets HEX: what it stands for.
octets() {
	perl -e 'print pack "H*", shift' "$1"
}

@test "every form of pasted hex" {
	local file want
	while IFS=$'\t' read -r file want; do
		[ "$(smpp decode-hex -j --raw --show-secrets \
			-f "$vectors/hexinputs/$file" | hexes)" = "$want" ] || {
			echo "$file: want $want"
			return 1
		}
	done < <(jq -r '[.file, (.hex | add)] | @tsv' \
		"$vectors/hexinputs/index.jsonl")
}

@test "one PDU, as words" {
	run --separate-stderr smpp decode-hex 00000010 00000015 00000000 00000001
	[ "$status" -eq 0 ]
	[ "$stderr" = "" ]
	[ "${lines[0]}" = "PDU 1  enquire_link  16 bytes  seq 1" ]
	[ "${lines[2]}" = "  0004  00000015  command_id       enquire_link" ]
}

@test "JSON, -F and --tsv" {
	[ "$(smpp decode-hex -j $enquire)" = \
		'{"type":"pdu","index":1,"offset":0,"command_length":16,"command_id":21,"command_id_name":"enquire_link","command_status":0,"command_status_name":"ESME_ROK","sequence_number":1,"tlvs":[]}' ]
	[ "$(smpp decode-hex -F '%{command_id_name} %{nothing}\n' $enquire)" = \
		"enquire_link -" ]
	[ "$(smpp decode-hex --tsv sequence_number,offset $enquire$enquire)" = \
		$'1\t0\n1\t16' ]
}

@test "three PDUs, the last cut short" {
	printf '%s\n' $enquire 00000010800000150000000000000001 \
		000000330000000500 >in
	run --separate-stderr smpp decode-hex -j -f in
	[ "$status" -eq 8 ]
	[ "$(jq -c 'del(.undecoded)' <<<"${lines[2]}")" = '{"type":"pdu","index":3,"offset":32,"command_length":51,"command_id":5,"command_id_name":"deliver_sm","errors":[{"kind":"short_header","offset":8,"end":9,"field":"command_status","message":"9 of 51 octets present"}],"tlvs":[]}' ]
	run --separate-stderr smpp decode-hex -f in
	[ "$status" -eq 8 ]
	[ "$stderr" = "smpp decode-hex: PDU 3 at offset 32: short_header: 9 of 51 octets present" ]
}

@test "what is no hex digit, where nothing else is hex" {
	run --separate-stderr smpp decode-hex < <(printf '00zz10')
	[ "$status" -eq 8 ]
	[ "$output" = "" ]
	[ "$stderr" = "smpp decode-hex: -:1:3: 'z' is not a hex digit" ]
	run --separate-stderr smpp decode-hex --in plain ${enquire}00000010z
	[ "$status" -eq 8 ]
	[[ $stderr == *"HEX:1:41: 'z' is not a hex digit"* ]]
}

@test "no octets" {
	run --separate-stderr smpp decode-hex -j </dev/null
	[ "$status" -eq 8 ]
	[ "$(jq -c '.errors | map([.kind, .offset])' <<<"$output")" = \
		'[["empty",0]]' ]
	run --separate-stderr smpp decode-hex < <(printf '\n \n')
	[ "$status" -eq 8 ]
	[[ $stderr == *"empty: no octets"* ]]
}

@test "an odd digit" {
	run --separate-stderr smpp decode-hex -j $enquire$enquire${enquire%1}
	[ "$status" -eq 8 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ $stderr == *"HEX:1:95: odd number of hex digits"* ]]
	[ "$(jq -r '.errors[0].kind' <<<"${lines[2]}")" = short_header ]
	run --separate-stderr smpp decode-hex -j ${enquire}0
	[ "$status" -eq 8 ]
}

@test "a PDU cut short in a line of its own does not swallow the next" {
	printf '%s\n' "10:42:07 SEND ${enquire%0001}" \
		"10:42:08 RECV $enquire" >in
	run --separate-stderr smpp decode-hex -j -f in
	[ "$status" -eq 8 ]
	[ "$(jq -rc '[.index, .offset, .errors[0].kind]' <<<"$output")" = \
		$'[1,0,"short_header"]\n[2,14,null]' ]
}

@test "a bad command_length stops, --keep-going goes on" {
	run --separate-stderr smpp decode-hex -j $enquire \
		0000000f000000150000000000000001 $enquire
	[ "$status" -eq 8 ]
	[ "${#lines[@]}" -eq 2 ]
	[ "$(jq -r '.errors[0].kind' <<<"${lines[1]}")" = length_too_small ]
	run --separate-stderr smpp decode-hex -j --keep-going $enquire \
		0000000f000000150000000000000001 $enquire $enquire
	[ "$status" -eq 8 ]
	[ "$(jq -c '[.index, .offset]' <<<"$output" | paste -sd ' ')" = \
		'[1,0] [2,16] [3,32] [4,48]' ]
	[[ $stderr == *"16 octets before offset 32 passed over"* ]]
}

@test "--strict takes warnings for errors" {
	run smpp decode-hex -q 00000010000000150000000000000000
	[ "$status" -eq 0 ]
	run --separate-stderr smpp decode-hex --strict \
		00000010000000150000000000000000
	[ "$status" -eq 8 ]
	[[ $stderr == *"bad_value: sequence_number at 12"* ]]
}

@test "octets as they are" {
	octets $enquire$enquire >in
	[ "$(smpp decode-hex --in bin -f in --tsv index,offset)" = \
		$'1\t0\n2\t16' ]
	[ "$(smpp decode-hex --tsv index,offset <in)" = $'1\t0\n2\t16' ]
}

@test "what is no SMPP is named" {
	local what
	printf 'HTTP/1.1 400 Bad Request\r\n\r\n' >http
	printf '\026\003\001\002\000\001\000\001\374\003\003xxxxxx' >tls
	printf 'AMQP\000\000\011\001xxxxxxxx' >amqp
	printf 'SSH-2.0-OpenSSH_9.2p1\r\n' >ssh
	printf '220 mail.example ESMTP\r\n' >smtp
	printf '\003\000\000\023\016\340\000\000\000\000\000\001\000\010\000' >rdp
	printf '\001\000\000\264\200\000\001\001\000\000\000\000xxxxxxxx' >diam
	printf 'xx' >>rdp
	while read -r file what; do
		run --separate-stderr smpp decode-hex --in bin -f "$file"
		[ "$status" -eq 8 ]
		[[ $stderr == *"hint: this looks like $what"* ]]
		od -An -v -tx1 "$file" >"$file.hex"
		run --separate-stderr smpp decode-hex -f "$file.hex"
		[[ $stderr == *"hint: this looks like $what"* ]]
	done <<-END
		http an HTTP response
		tls a TLS handshake
		amqp AMQP
		ssh SSH
		smtp an SMTP or FTP banner
		rdp TPKT, as RDP uses it
		diam Diameter
	END
}

@test "its own JSON, with and without hex" {
	local hex
	hex=$(jq -r 'select(.expect.command == "submit_sm").hex' \
		"$vectors/valid.jsonl" | head -n 50)
	smpp decode-hex -j <<<"$hex" >first || true
	smpp decode-hex -j --raw <<<"$hex" >raw || true
	smpp decode-hex -j <first >second || true
	smpp decode-hex -j <raw >third || true
	diff first second
	diff first third
}

@test "several files; a missing one" {
	printf '%s' $enquire >a
	printf '%s' "${enquire}00" >b
	run --separate-stderr smpp decode-hex --tsv index,offset -f a -f b -f c
	[ "$status" -eq 9 ]
	[ "$output" = $'1\t0\n2\t0\n3\t16' ]
	[[ $stderr == *"b: PDU 3 at offset 16: short_header"* ]]
	[[ $stderr == *"c: No such file or directory"* ]]
}

@test "a PDU is printed before the next one comes" {
	mkfifo pipe
	start live smpp decode-hex --tsv index -f pipe
	exec 5>pipe
	echo "10:42:07 SEND $enquire" >&5
	wait_line live.out '^1$'
	echo "some prose" >&5
	echo "10:42:08 RECV $enquire" >&5
	wait_line live.out '^2$'
	exec 5>&-
	wait_exit "$pid"
}

@test "output that cannot be written" {
	run --separate-stderr bash -c "smpp decode-hex $enquire >/dev/full"
	[ "$status" -eq 9 ]
	[[ $stderr == *"No space left on device"* ]]
	run bash -c "yes $enquire | smpp decode-hex -j | head -n 1"
	[ "$status" -eq 0 ]
}

# bats test_tags=slow
@test "malformed vectors: kind, place, header, the PDUs around" {
	local id hex
	while IFS=$'\t' read -r id hex; do
		smpp decode-hex -j "$hex" 2>/dev/null |
			jq -c --arg id "$id" '{id: $id, pdu: .}'
	done < <(jq -r '[.id, .hex] | @tsv' "$vectors/malformed.jsonl") >got
	# One object a vector, the PDUs that were printed for it.
	jq -s 'group_by(.id) | map({key: .[0].id, value: map(.pdu)}) |
		from_entries' got >pdus.json
	run jq -r --slurpfile got pdus.json '
		. as $v | .expect as $e | $got[0][.id] as $pdus |
		($pdus[$e.pdu // 0] // {}) as $p |
		[($p.errors // [])[], ($p.warnings // [])[]] as $issues |
		[$e.kind, ($e.also // [])[],
			(if $e.kind == "length_too_large" then "truncated"
			else empty end)] as $kinds |
		if ($issues | any(.kind as $k | .offset as $o |
				($kinds | index($k)) and $o == $e.offset)) and
			($e.lenient_ok or ($p.errors | length) > 0) and
			($e.offset_abs == null or
				$p.offset + $e.offset == $e.offset_abs) and
			($e.valid_after == null or ($pdus | length) ==
				$e.valid_before + 1 + $e.valid_after) and
			all(($e.header // {}) | to_entries[];
				$p[.key] == .value)
		then empty else "\($v.id): want \($e), got \($pdus)" end
		' "$vectors/malformed.jsonl"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
}

@test "data_coding 0 is what the SMSC says it is" {
	local pdu=00000028000000040000000000000001000101410001013100
	pdu+=0000000000000000000561625f6340
	run -0 smpp decode-hex -j $pdu
	[[ $(jq -r .text <<<"$output") == 'ab§c¡' ]]
	run -0 smpp decode-hex -j --default-alphabet latin1 $pdu
	[[ $(jq -r .text <<<"$output") == 'ab_c@' ]]
	run -0 smpp decode-hex $pdu
	[[ $output == *'"ab§c¡"'*'"ab_c@"  if data_coding 0 is latin1'* ]]
	run -2 smpp decode-hex --default-alphabet ebcdic $pdu
}

@test "no control character of a text reaches the terminal" {
	run -0 smpp decode-hex 0000002700000004000000000000000100010141000101 \
		310000000000000000030004c29b1b33
	[[ $output != *$'\xc2\x9b'* ]]
	[[ $output != *$'\x1b'* ]]
}

@test "a payload of 65535 octets and a stray NUL go through JSON" {
	printf '000100200000000400000000000000010001014100010131%s0424ffff%s\n' \
		0000000000000000000000 "$(printf '01%.0s' {1..65535})" >hex
	sed -i "s/^......../$(printf %08x $((($(wc -c <hex) - 1) / 2)))/" hex
	printf '%s%s\n' 0000002c0000000400000000000000010001014100010131 \
		0000000000000000000002686900020400020007 >>hex
	smpp decode-hex -j -f hex >json 2>/dev/null
	smpp decode-hex -j --raw -f json 2>/dev/null | jq -r .hex >got
	diff -q hex got
}

@test "a JSON object too long to be read is no hex" {
	{
		printf '{"type":"pdu","x":"'
		yes 00000010000000150000000000000001 | head -n 150000 | tr '\n' ' '
		printf '"}\n'
	} >long
	run -8 smpp decode-hex -j -f long
	[[ $output == *'longer than 4 MiB'* && $output != *enquire_link* ]]
}

@test "a masked password is not read back" {
	printf '{"type":"pdu","command_id":9,"password":"****"}\n' >masked
	run -8 smpp decode-hex -f masked
	[[ $output == *--show-secrets* ]]
}

@test "--where prints the PDUs for which it holds" {
	two='00000010000000150000000000000001 00000010800000150000000000000002'
	run -0 smpp decode-hex --where command_id==enquire_link_resp --tsv \
		index,sequence_number "$two"
	[ "$output" = $'2\t2' ]
	run -1 --separate-stderr smpp decode-hex --where sequence_number==3 \
		"$two"
	[ -z "$output$stderr" ]
	printf '%s\n' "$two" 0000001100000005000000000000000300 |
		tr ' ' '\n' >hex
	run -8 --separate-stderr smpp decode-hex --where sequence_number==1 \
		-f hex --tsv index
	[ "$output" = 1 ]
	[[ $stderr == *"PDU 3 at offset 32: "* ]]
	run -2 --separate-stderr smpp decode-hex --where 'command_id=5' "$two"
	[ "${stderr_lines[1]}" = '  command_id=5' ]
	[[ ${stderr_lines[2]} =~ ^' '+'^'$ ]]
	run -2 --separate-stderr smpp decode-hex --where every=1e30 "$two"
	[[ $stderr == *'a count from 1 to 4294967295 wanted'* ]]
}

@test "a terminal of 80 columns has room for values" {
	local hex=$vectors/hexinputs/04-spaced.txt
	script -qec "stty cols 80; smpp decode-hex -f $hex" /dev/null </dev/null |
		tr -d '\r' >narrow
	script -qec "stty cols 120; smpp decode-hex -f $hex" /dev/null </dev/null |
		tr -d '\r' >wide
	grep -q -E '^  [0-9a-f]{4}  [0-9a-f]{16}  [a-z]' narrow
	run ! grep -q -E '^  [0-9a-f]{4}  [0-9a-f]{17}' narrow
	smpp decode-hex -f "$hex" | diff - wide
}
