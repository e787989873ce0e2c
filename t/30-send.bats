#!/usr/bin/env bats
# smpp send against smpp smsc: results, output forms, exit codes.

load helper

send() {
	smpp send "smpp://acme@127.0.0.1:$port" -s ACME "$@"
}

@test "a message is accepted" {
	start_smsc
	run -0 --separate-stderr send -d +491701234567 -m Hello
	[[ $output =~ ^'491701234567  accepted  1  1 part  gsm7  '[0-9.]+' ms'$ ]]
	[ -z "$stderr" ]
}

@test "a receipt is waited for" {
	start_smsc --receipt DELIVRD:50ms
	run -0 --separate-stderr send -d +491701234567 -m Hello -W 10s
	[[ ${lines[0]} =~ ^'491701234567  accepted   1  1 part  gsm7  ' ]]
	[[ ${lines[1]} =~ ^'491701234567  delivered  1  after '[0-9]+' ms'$ ]]
	[ -z "$stderr" ]
}

@test "a receipt that says no is exit 1, with -q too" {
	start_smsc --receipt UNDELIV:0
	run -1 --separate-stderr send -d 4917 -m Hello -W 10s
	[[ ${lines[1]} =~ ^'4917  undelivered  1  UNDELIV  err 000  after ' ]]
	[[ $stderr == "smpp send: 4917: not delivered: UNDELIVERABLE" ]]
	run -1 --separate-stderr send -d 4917 -m Hello -W 10s -q
	[ -z "$output" ]
	[ -n "$stderr" ]
}

@test "a receipt that does not come is exit 3" {
	start_smsc --receipt none
	run -3 --separate-stderr send -d 4917 -m Hello -W 200ms
	[[ ${lines[0]} == *accepted* ]]
	[[ $stderr == "smpp send: no receipt for 1 within 200ms; the message"* ]]
	run -3 --separate-stderr send -d 4917 -m Hello -W 200ms -j
	[ "$(jq -r .outcome <<<"$output")" = accepted ]
	[ "$(jq -r '"\(.type) \(.exit) \(.what) \(.message_id)"' \
		<<<"$stderr")" = "error 3 receipt 2" ]
}

@test "JSON has the keys of smpp-json(7)" {
	start_smsc --receipt DELIVRD:0
	run -0 --separate-stderr send -d +491701234567 -m Hello -W 10s -j
	jq -e 'select(.outcome=="accepted") | .type=="result" and .time and
		.destination_addr=="491701234567" and .message_id=="1" and
		.message_ids==["1"] and .command_status==0 and
		.command_status_name=="ESME_ROK" and .parts==1 and
		.data_coding==0 and .latency_ms>=0' <<<"${lines[0]}"
	jq -e '.outcome=="delivered" and .message_id=="1" and
		.id_match=="exact" and .message_state==2 and
		.message_state_name=="DELIVERED" and
		.receipt.stat=="DELIVRD" and .after_ms>=0' <<<"${lines[1]}"
}

@test "-F and --tsv pick from the record" {
	start_smsc
	run -0 send -d 1 -m x -q -F '%{message_id}\n'
	[ "$output" = 1 ]
	run -0 send -d 1 -m x --tsv destination_addr,outcome,message_id
	[ "$output" = $'1\taccepted\t2' ]
}

@test "several destinations, one of them refused" {
	start_smsc --rule 'destination_addr==12 -> status=ESME_RINVDSTADR'
	run -1 --separate-stderr send -d 11 -d 12 -d 22 -m x --tsv outcome
	[ "$output" = $'accepted\nrefused\naccepted' ]
	[[ $stderr == "smpp send: 12: refused: ESME_RINVDSTADR (0x0000000b), "* ]]
}

@test "a dry run prints the PDU and where settings come from" {
	run -0 --separate-stderr smpp send -s ACME -d +491701234567 \
		-m Hello -n --raw
	[ "$output" = "submit_sm  54 bytes  0000003600000004000000000000000200\
050041434d45000101343931373031323334353637000000000000000000000548656c6c6f" ]
	port=1 run -0 --separate-stderr send -d 1 -m x -n -j
	jq -e '.type=="pdu" and .dir=="out" and .text=="x"' <<<"$output"
	[[ $stderr == *"== host             '127.0.0.1'  (TARGET)"* ]]
	[[ $stderr == *"== smpp-version     3.4  (built-in)"* ]]
	SMPP_SYSTEM_ID='env' run -0 --separate-stderr \
		smpp send 'smpp://localhost?smpp-version=5.0' -d 1 -m x -n
	[[ $stderr == *"== system-id        'env'  (\$SMPP_SYSTEM_ID)"* ]]
}

@test "addresses say their type" {
	pdu() {
		smpp send -d 1 -m x -n -q "$@" --tsv \
			source_addr_ton,source_addr_npi,source_addr
	}
	[ "$(pdu -s +49)" = $'1\t1\t49' ]
	[ "$(pdu -s ACME)" = $'5\t0\tACME' ]
	[ "$(pdu -s 49)" = $'0\t0\t49' ]
	[ "$(pdu -s 49,national,isdn)" = $'2\t1\t49' ]
	[ "$(pdu -s 49,3,9)" = $'3\t9\t49' ]
	run -2 smpp send -d 1 -m x -n -s 49,1
	run -2 smpp send -d 1 -m x -n -s 49,nope,1
}

@test "every field has an option that sets it" {
	run -0 --separate-stderr smpp send -d 1 -m x -n -j -q -s 1 \
		--source-addr-npi 2 --dest-addr-ton 3 --dest-addr-npi 4 \
		--protocol-id 5 --sm-default-msg-id 6 \
		--replace-if-present-flag 1 --data-coding 1
	jq -e '.source_addr_npi==2 and .dest_addr_ton==3 and
		.dest_addr_npi==4 and .protocol_id==5 and
		.sm_default_msg_id==6 and .replace_if_present_flag==1 and
		.data_coding==1' <<<"$output"
	# 40 octets hold 45 septets; in two parts 6 of them are the header
	run -0 --separate-stderr smpp send -d 1 -n -j -q --part-size 40 \
		-m "$(printf 'x%.0s' {1..46})"
	[ "$(jq -r '.text | length' <<<"$output" | xargs)" = "38 8" ]
}

@test "fields and TLVs are set by name" {
	run -0 --separate-stderr smpp send -d 1 -m x -n -j -q \
		--source-addr-ton 5 --esm-class 0x40 --priority-flag 2 \
		--service-type WAP --tlv user_message_reference=7 \
		--tlv '0x1400="ab"'
	jq -e '.source_addr_ton==5 and .esm_class==64 and
		.priority_flag==2 and .service_type=="WAP" and
		.user_message_reference==7 and
		.tlvs[1].hex=="6162"' <<<"$output"
	run -2 --separate-stderr smpp send -d 1 -m x -n --esm-class foo
	run -2 --separate-stderr smpp send -d 1 -m x -n --tlv nope=1
	run -2 --separate-stderr smpp send -d 1 -m x -n --smpp-version 3.3 \
		--tlv user_message_reference=7
	[[ $stderr == *3.3* ]]
	run -2 --separate-stderr smpp send -d 1 -m x -n --service-type TOOLONG
	run -2 --separate-stderr smpp send -d 1234567890123456789012345 -m x -n
	[[ $stderr == *"destination_addr: 25 characters, the limit is 20" ]]
}

@test "bad input sends nothing" {
	run -2 --separate-stderr smpp send -m x
	[[ $stderr == "smpp send: no destination: give -d" ]]
	for dest in '' + ,1,1; do
		run -2 --separate-stderr smpp send -d 1 -d "$dest" -m x -n
		[ -z "$output" ]
		[ "$stderr" = "smpp send: no destination: -d is empty" ]
	done
	run -2 smpp send -d 1
	run -2 smpp send -d 1 -m x -x 00
	run -2 --separate-stderr smpp send -d 1 -m x
	[[ $stderr == "smpp send: no target given"* ]]
	run -2 --separate-stderr smpp send localhost -d 1 -m x -b trx \
		--smpp-version 3.3
	[[ $stderr == *"3.3 has no transceiver"* ]]
	run -2 smpp send 'smpp://' -d 1 -m x
	run -2 smpp send 'http://localhost' -d 1 -m x
	run -2 smpp send '[::1' -d 1 -m x
	run -2 smpp send '::1' -d 1 -m x
	run -2 smpp send 'smpp://a@h?bnd=rx' -d 1 -m x
	run -2 smpp send 'smpp://a%4@h' -d 1 -m x
	run -2 smpp send 'smpp://h:0' -d 1 -m x
	run -2 smpp send localhost -d 1 -m x -4 -6
	run -2 smpp send localhost -i abcdefghijklmnop -d 1 -m x
	run -8 smpp send localhost -d 1 -x 0
	run -9 smpp send localhost -d 1 -f /nonexistent
}

@test "a text from a file or stdin loses its last newline only" {
	printf 'a\n\n' >t
	run -0 smpp send -d 1 -f t -n -q --tsv short_message
	[ "$output" = 610a ]
	run -0 smpp send -d 1 -f - -n -q --tsv short_message <t
	[ "$output" = 610a ]
}

@test "nobody there is exit 4" {
	run -4 --separate-stderr smpp send 127.0.0.1:1 -d 1 -m x
	[[ $stderr == "smpp send: connect to 127.0.0.1:1: Connection refused" ]]
	run -4 --separate-stderr smpp send nosuch.invalid -d 1 -m x
	[[ $stderr == "smpp send: nosuch.invalid: "* ]]
	run -4 --separate-stderr smpp send 127.0.0.1:1 -d 1 -m x -j
	jq -e '.type=="error" and .exit==4 and .what=="connect"' <<<"$stderr"
}

@test "-v says each step" {
	start_smsc
	run -0 --separate-stderr send -d +49 -m x -v
	[[ $stderr == *'== connected to 127.0.0.1:'* ]]
	[[ $stderr == *'-> bind_transmitter seq 1'* ]]
	[[ $stderr == *"== bound tx to 'smpp', SMPP 3.4"* ]]
	[[ $stderr == *'-> submit_sm seq 2'* ]]
	[[ $stderr =~ '<- submit_sm_resp seq 2 ok '[0-9.]+' ms' ]]
}

@test "versions: what is bound and sent" {
	start_smsc -j
	for v in 3.3 3.4 5.0; do
		send -q -d 1 -m x --smpp-version $v
	done
	smpp send "127.0.0.1:$port" -d 1 -m x -b trx -q
	stop "$pid"
	jq -r 'select(.command_id_name=="bind_transmitter") |
		.interface_version' smsc.out >versions
	[ "$(xargs <versions)" = "51 52 80" ]
	jq -r 'select(.command_id_name=="bind_transmitter_resp") |
		.sc_interface_version' smsc.out >versions
	[ "$(xargs <versions)" = "null 52 80" ]
	jq -es 'map(select(.command_id_name=="bind_transceiver")) |
		length==1' smsc.out
}

@test "passwords: where from, and nowhere to be seen" {
	start_smsc --show-secrets -j
	echo one >pw
	chmod 600 pw
	send -q -d 1 -m x --password-file pw
	printf 'two\n' | send -q -d 1 -m x --password-file -
	send -q -d 1 -m x --password-fd 7 7<<<three
	mkdir -p .config/smpp creds
	printf '# no\n*:1:acme:no\n127.0.0.1:*:acme:fo\\:ur\n' \
		>.config/smpp/credentials
	chmod 600 .config/smpp/credentials
	send -q -d 1 -m x
	printf five >creds/smpp-password
	CREDENTIALS_DIRECTORY=$PWD/creds send -q -d 1 -m x
	SMPP_PASSWORD=six send -q -d 1 -m x -i other
	run -0 --separate-stderr smpp send "smpp://u:seven@127.0.0.1:$port" \
		-d 1 -m x
	[[ $stderr == *"use --password-file"* ]]
	stop "$pid"
	jq -r 'select(.command_id==2).password' smsc.out >got
	[ "$(xargs <got)" = "one two three fo:ur five six seven" ]
	chmod 640 pw
	run -2 --separate-stderr send -d 1 -m x --password-file pw
	[[ $stderr == *"pw: readable by group or others"*"chmod 600 pw" ]]
	run -2 smpp send localhost -d 1 -m x --password-file nope
	run -2 smpp send localhost -d 1 -m x --password-fd 77
	run -2 smpp send localhost -d 1 -m x --ask-password --no-input
	run -2 --separate-stderr smpp send localhost -d 1 -m x \
		--password-file - <<<123456789
	[[ $stderr == *"password: 9 characters, the limit is 8" ]]
}

@test "times of fields are given as people write them" {
	run -0 smpp send x -s A -d 1 -m hi -n -q -j --validity-period 2h \
		--schedule-delivery-time 2030-01-01T10:00:00Z
	[ "$(jq -r .validity_period <<<"$output")" = 000000020000000R ]
	[ "$(jq -r .schedule_delivery_time <<<"$output")" = 300101100000000+ ]
	run -2 smpp send x -s A -d 1 -m hi -n -q --validity-period 2x
	[[ $output == 'smpp send: validity_period: not a time: '* ]]
}

@test "texts: alphabets and what does not fit" {
	pdu() {
		smpp send -s A -d 1 -n -q "$@" --tsv data_coding,short_message
	}
	[ "$(pdu -m '@ é€{')" = $'0\t0020051b651b28' ]
	[ "$(pdu -m 'Привет')" = $'8\t041f04400438043204350442' ]
	[ "$(pdu -m 'éx' -e latin1)" = $'3\te978' ]
	[ "$(pdu -m 'x' --data-coding ucs2)" = $'8\t0078' ]
	[ "$(pdu -m 'x' --flash)" = $'240\t78' ]
	[ "$(pdu -m '안녕' -e cp949)" = $'14\tbec8b3e7' ]
	[ "$(pdu -x 00ff)" = $'4\t00ff' ]
	[ "$(pdu -m '“x”' -e gsm7 --replace)" = $'0\t227822' ]
	run -8 --separate-stderr smpp send -d 1 -n -m 'a “x”' -e gsm7
	[[ ${stderr_lines[0]} == *"U+201C at character 3 is not in gsm7" ]]
	[[ ${stderr_lines[1]} == "  hint: -e auto would use ucs2 (1 part)"* ]]
	run -8 smpp send -d 1 -n -m $'\xff'
	run -2 smpp send -d 1 -n -m x -e nope
	run -2 smpp send -d 1 -n -m x --split nope
	run -2 smpp send -d 1 -n -m x --national nope
}

@test "long texts are split, joined ids and outcomes" {
	long=$(printf 'The quick brown fox. %.0s' {1..10})
	pdus() {
		smpp send -s A -d 1 -n -q -m "$long" "$@" -j
	}
	[ "$(pdus | jq -j .text)" = "$long" ]
	[ "$(pdus | jq -r .esm_class | xargs)" = "64 64" ]
	[ "$(pdus --split sar | jq -r '"\(.sar_segment_seqnum)/\(
		.sar_total_segments)"' | xargs)" = "1/2 2/2" ]
	[ "$(pdus --split payload | jq -j .text)" = "$long" ]
	run -8 smpp send -d 1 -n -m "$long" --split none
	start_smsc --receipt DELIVRD:0
	run -0 send -d 1 -m "$long" -W 5s
	[[ ${lines[0]} == "1  accepted   1,2  2 parts  gsm7  "* ]]
	[[ ${lines[1]} == "1  delivered  1  part 1 of 2  after "* ]]
	[[ ${lines[2]} == "1  delivered  2  part 2 of 2  after "* ]]
	[[ ${lines[3]} == "1  delivered  1  after "* ]]
	run -0 send -d 1 -m "$long" -j
	jq -e '.message_ids==["3","4"] and .parts==2' <<<"$output"
}

@test "the SMSC's default alphabet goes out as data_coding 0" {
	run -0 --separate-stderr smpp send host -s A -d 1 -m 'é' -n -j \
		--default-alphabet latin1
	[[ $(jq -c '[.data_coding,.short_message,.text]' <<<"$output") == \
		'[0,"e9","é"]' ]]
	run -2 smpp send host -s A -d 1 -m x -n -e gsm7 \
		--default-alphabet latin1
	[[ $output == *'data_coding 0 as latin1'* ]]
}

@test "classes and icons are said in data_coding" {
	dc() {
		smpp send host -s A -d 1 -n --tsv data_coding "$@" 2>&-
	}
	[ "$(dc -m x --flash)" = 240 ] || [ "$(dc -m x --flash)" = 16 ]
	[ "$(dc -m x --waiting voice)" = 216 ]
	[ "$(dc -m '' --waiting voice-off)" = 192 ]
	[ "$(dc -m 'Ж' --waiting email)" = 234 ]
	run -2 smpp send host -s A -d 1 -n -m x --waiting voice -e latin1
	[[ $output == *'--waiting: not with latin1'* ]]
}
