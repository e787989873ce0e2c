#!/usr/bin/env bats
# smpp request, query, cancel, replace, broadcast: the octets they send, what
# they make of answers, what they refuse to send.

load helper

setup() {
	smpp_setup
	opts=()
	export opts
}

# peer STEP... -- COMMAND WORD...: what a command says to a scripted peer.
# A response may take this long, so that no busy machine needs it; tests in
# which none comes make it less.
limit=9s

peer() {
	local steps=()
	while [ "$1" != -- ]; do
		steps+=("$1")
		shift
	done
	start_peer "${steps[@]}"
	SECONDS=0
	run --separate-stderr timeout 30 smpp "$2" "127.0.0.1:$port" \
		"${@:3}" --connect-timeout 9s --response-timeout "$limit" \
		"${opts[@]}"
	[ "$SECONDS" -lt 9 ]
	stop "$pid"
	limit=9s
	echo "exit $status: $output $stderr"
	cat peer.out
}

# sent HEX: the last PDU before the unbind has this body.
sent() {
	grep '^in ' peer.out | grep -v '^in 0000001000000006' | tail -n 1 |
		cut -c36- | grep -x -e "$1"
}

hex() {
	printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n'
}

state=$(printf '%b' '5f3a9c01\x00261121104300000+\x00\x02\x00' |
	od -An -v -tx1 | tr -d ' \n')

@test "query_sm by words and by options, the same octets" {
	peer bind body="$state" serve -- request query_sm \
		message_id=5f3a9c01 source_addr=ACME source_addr_ton=5
	[ "$status" -eq 0 ]
	[ "$output" = "query_sm_resp  ESME_ROK  5f3a9c01  DELIVERED  final\
 2026-11-21 10:43  error 0" ]
	[ -z "$stderr" ]
	sent "$(hex '5f3a9c01\x00\x05\x00ACME\x00')"
	peer bind body="$state" serve -- query --message-id 5f3a9c01 -s ACME
	[ "$status" -eq 0 ]
	[[ $output == query_sm_resp*DELIVERED* ]]
	sent "$(hex '5f3a9c01\x00\x05\x00ACME\x00')"
	peer bind body="$state" serve -- query --id 5f3a9c01 -s +4917 -q
	[ -z "$output" ]
	sent "$(hex '5f3a9c01\x00\x01\x014917\x00')"
	peer bind body="$(hex '7\x00\x00\x01\x05')" serve -- query --id 7
	[ "$output" = "query_sm_resp  ESME_ROK  7  ENROUTE  error 5" ]
}

@test "-j, -F and --raw print the answer" {
	peer bind body="$state" serve -- query --id 5f3a9c01 -j
	jq -e '.type=="pdu" and .dir=="in" and .time and
		.command_id_name=="query_sm_resp" and
		.message_id=="5f3a9c01" and .message_state==2 and
		.message_state_name=="DELIVERED"' <<<"$output"
	peer bind body="$state" serve -- query --id 1 \
		-F '%{message_state_name}\n'
	[ "$output" = DELIVERED ]
	peer bind body="$state" serve -- query --id 1 --raw
	[[ ${lines[1]} == "  0000002c8000000300000000"*"$state" ]]
	peer bind status=0x67 serve -- query --id 1 -j
	[ "$status" -eq 1 ]
	jq -e '.command_status_name=="ESME_RQUERYFAIL"' <<<"$output"
	jq -e '.type=="error" and .exit==1 and
		.command_status==103' <<<"$stderr"
}

@test "cancel: done, refused, all to an address" {
	peer bind body= serve -- cancel --message-id 5f3a9c01 -s ACME
	[ "$status" -eq 0 ]
	[ "$output" = "cancel_sm_resp  ESME_ROK" ]
	sent "$(hex '\x005f3a9c01\x00\x05\x00ACME\x00\x00\x00\x00')"
	peer bind status=0x11 serve -- cancel --message-id 5f3a9c01 -s ACME
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == "smpp cancel: refused: ESME_RCANCELFAIL (0x00000011), "* ]]
	peer bind body= serve -- cancel -s ACME -d +49 --service-type WAP
	sent "$(hex 'WAP\x00\x00\x05\x00ACME\x00\x01\x0149\x00')"
	run -2 --separate-stderr smpp cancel localhost -s ACME
	[[ $stderr == "smpp cancel: no message: give --message-id, or -d"* ]]
}

@test "replace: text, schedule, alphabet" {
	peer bind body= serve -- replace --message-id 5f3a9c01 -s ACME \
		-m 'Table @ 20:00' --schedule 2h --registered-delivery 1
	[ "$output" = "replace_sm_resp  ESME_ROK" ]
	sent "$(hex '5f3a9c01\x00\x05\x00ACME\x00000000020000000R\x00\x00\x01\x00\x0dTable \x00 20:00')"
	peer bind body= serve -- replace --id 1 -m 'Ж' -e ucs2 --validity 1d
	sent "$(hex '1\x00\x00\x00\x00\x00000001000000000R\x00\x00\x00\x02\x04\x16')"
	run -8 --separate-stderr smpp replace localhost --id 1 -m 'Ж'
	[[ $stderr == *"text: U+0416 at character 1 is not in gsm7"*"hint: -e ucs2"* ]]
	run -2 smpp replace localhost --id 1 -m x -e klingon
	run -2 smpp replace localhost -m x
	run -2 smpp replace localhost --id 1 --schedule 2x
	run -2 smpp query localhost
	run -2 smpp query localhost --id 1 -s 49,1
	run -2 smpp query localhost --id 1 -s 49,nope,1
}

@test "broadcast, to a peer that speaks 5.0" {
	opts=(--smpp-version 5.0)
	peer body="$(hex 'x\x00\x02\x10\x00\x01\x50')" body="$(hex '77\x00')" \
		serve -- broadcast --area name:Oslo -m Storm
	[ "$status" -eq 0 ]
	[ "$output" = "broadcast_sm_resp  ESME_ROK  id 77" ]
	grep -q '^in ........00000111' peer.out
}

@test "broadcast: the octets, without a connection" {
	dry() {
		smpp broadcast localhost --smpp-version 5.0 -n -q "$@"
	}
	[[ $(dry --area name:Oslo --content-type 1:index --repeat 4 \
		--interval 15m -m Storm --raw) == *"$(hex \
		'\x04\x24\x00\x05Storm\x06\x06\x00\x05\x00Oslo\x06\x01\x00\x03\x01\x00\x00\x06\x04\x00\x02\x00\x04\x06\x05\x00\x03\x09\x00\x0f')" ]]
	dry --area Oslo --area polygon:hex:0aff --content-type gsm:weather \
		-m 'Ж' --tlv broadcast_rep_num=9 -j >pdu
	jq -e '.data_coding==8 and .broadcast_rep_num==9 and
		[.tlvs[].hex] == ["0416","0009","004f736c6f","020aff",
		"010033","000000"]' pdu
	[ "$(dry --area x --interval 2d -j | jq -c \
		.broadcast_frequency_interval.count)" = 2 ]
	[ "$(dry --area x --interval 90s -j | jq -c \
		.broadcast_frequency_interval.count)" = 90 ]
	run -2 dry --area x --interval 1500ms
	run -2 dry --area nowhere:x
	run -2 dry --area '%s%n:x'
	[[ $output == *"'%s%n' is none of name,"* ]]
	run -2 dry --area x --content-type klingon
	run -2 dry -m x
	[[ $output == *"no area: give --area" ]]
}

@test "submit_multi: who was refused" {
	peer bind body="$(hex '77\x00\x01\x01\x01491702\x00\x00\x00\x00\x0b')" \
		serve -- request submit_multi source_addr=ACME \
		'dest_address=[491701,491702,dl:staff]' short_message='"Hi"'
	[ "$status" -eq 1 ]
	[ "$output" = "submit_multi_resp  ESME_ROK  id 77  1 of 3 refused
  491702  ESME_RINVDSTADR" ]
	[ -z "$stderr" ]
	opts=(-j)
	peer bind body="$(hex '77\x00\x01\x01\x01491702\x00\x00\x00\x00\x0b')" \
		serve -- request submit_multi 'dest_address=[1]'
	[ "$status" -eq 1 ]
	jq -e '.unsuccess_sme[0].error_status_code==11' <<<"$output"
	jq -e '.exit==1' <<<"$stderr"
	opts=()
	peer bind body="$(hex '77\x00\x00')" serve -- request submit_multi \
		'dest_address=[1]'
	[ "$status" -eq 0 ]
	[ "$output" = "submit_multi_resp  ESME_ROK  id 77" ]
}

@test "other requests: what the answer holds" {
	peer bind body="$(hex '88\x00')" serve -- request data_sm \
		destination_addr=49 tlv.message_payload='"hi"'
	[ "$output" = "data_sm_resp  ESME_ROK  id 88" ]
	peer bind body= serve -- request enquire_link
	[ "$output" = "enquire_link_resp  ESME_ROK" ]
	peer bind body= -- request unbind
	[ "$output" = "unbind_resp  ESME_ROK" ]
	opts=(--smpp-version 3.3)
	peer bind body="$(hex '\x0212\x0034\x00')" serve -- request \
		query_last_msgs source_addr=1 no_of_msgs=2
	[[ $output == 'query_last_msgs_resp  ESME_ROK  '*'"12"'*'"34"'* ]]
}

@test "lies go out as they are" {
	opts=(-v)
	peer bind body= serve -- request query_sm message_id=7 '!source_addr=hex:41' \
		'~source_addr_npi' +hex:00ff
	sent 3700004100ff
	[[ $stderr == *'== source_addr lies (1 octets)'* ]]
	[[ $stderr == *'== 2 octets follow'* ]]
	peer bind nack=2 serve -- request submit_sm short_message=hi \
		'!sm_length=200'
	[ "$status" -eq 1 ]
	[[ $stderr == *'== sm_length lies (200, really 2)'* ]]
	[[ $stderr == *'refused: ESME_RINVCMDLEN'* ]]
	peer bind nack=3 serve -- request enquire_link '!command_id=0xff'
	[[ $stderr == *'refused: ESME_RINVCMDID'* ]]
	grep -q '^in 00000010000000ff' peer.out
	opts=()
	limit=1s
	peer bind read drain -- request enquire_link '!command_length=17'
	[ "$status" -eq 3 ]
	[[ $stderr == *'no enquire_link_resp within 1s'* ]]
	run -2 --separate-stderr smpp request localhost enquire_link \
		tlv.0x1400.!length=1 -n
	[[ $stderr == *'a lie is about the length of a TLV'* ]]
}

@test "text= is encoded, as data_coding says or as fits" {
	dry() {
		run --separate-stderr smpp request h "$@" -n -j -q
		echo "$output$stderr"
	}
	dry submit_sm 'text="Grüße @ 1 \x24"'
	jq -e '.text=="Grüße @ 1 $" and .data_coding==0 and
		.short_message=="47727e1e65200020312002"' <<<"$output"
	dry submit_sm text=Жук
	jq -e '.data_coding==8 and .short_message=="04160443043a"' <<<"$output"
	dry submit_sm data_coding=latin1 text=ü
	jq -e '.data_coding==3 and .short_message=="fc"' <<<"$output"
	dry data_sm text=hi
	jq -e '.message_payload=="6869"' <<<"$output"
	run -8 smpp request h submit_sm data_coding=0 text=Ж -n
	[[ $output == *'text: U+0416 at character 1 is not in gsm7'* ]]
	bad 'text: a user data header' h submit_sm esm_class=udhi text=x -n
	bad 'text: the message has octets' h submit_sm short_message=x text=x -n
	bad "no field 'text'" h query_sm text=x -n
}

@test "words: the target among them, pairs from a file" {
	dry() {
		run --separate-stderr smpp request "$@" -n -j -q
		echo "$output$stderr"
		[ "$status" -eq 0 ]
	}
	dry query_sm 'smpp://a@h:1?smpp-version=5.0' message_id=1
	jq -e '.message_id=="1"' <<<"$output"
	dry 'smpp://h?bind=trx' query_sm source_addr=a:b
	jq -e '.source_addr=="a:b"' <<<"$output"
	dry -H h enquire_link
	printf '# a comment\n\nmessage_id=5 6\nsource_addr=A' >pairs
	dry h query_sm --pairs pairs
	jq -e '.message_id=="5 6" and .source_addr=="A"' <<<"$output"
	run -0 smpp request h query_sm -n -q --pairs - --tsv message_id \
		<<<message_id=9
	[ "$output" = 9 ]
	dry h submit_sm validity_period=2h \
		schedule_delivery_time='"301121104300000+"'
	jq -e '.validity_period=="000000020000000R" and
		.schedule_delivery_time=="301121104300000+"' <<<"$output"
}

# bad TEXT WORD...: nothing is sent, the exit status is 2.
bad() {
	local text=$1
	shift
	run --separate-stderr smpp request "$@"
	echo "exit $status: $stderr"
	[ "$status" -eq 2 ] && [[ $stderr == "smpp request: "*"$text"* ]]
}

@test "what is wrong, or not in the version, is not sent" {
	bad 'no PDU given' localhost
	bad "no PDU 'qery_sm'; did you mean 'query_sm'?" qery_sm
	bad "no PDU 'qery_sm'; did you mean 'query_sm'?" localhost qery_sm
	bad "unexpected argument 'b'" a b query_sm
	bad 'no target given' enquire_link
	bad "no field 'mesage_id' in query_sm; did you mean 'message_id'?" \
		h query_sm mesage_id=1
	bad 'broadcast_sm: not in SMPP 3.4' h broadcast_sm
	[[ $stderr == *'hint: --smpp-version 5.0' ]]
	bad 'query_last_msgs: not in SMPP 3.4' h query_last_msgs
	[[ $stderr == *'hint: --smpp-version 3.3' ]]
	bad 'data_sm: not in SMPP 3.3' h data_sm --smpp-version 3.3
	bad 'message_payload: not in SMPP 3.3' h submit_sm --smpp-version 3.3 \
		tlv.message_payload=hex:00
	bad 'query_sm_resp is no request' h query_sm_resp
	bad 'message_id' h query_sm message_id="$(printf %066d 1)"
	run -9 smpp request h query_sm --pairs nofile
	run -2 smpp broadcast h --area x -m x
}

# bats test_tags=slow
@test "no answer, or none that is one" {
	limit=1s
	peer bind drain -- query --id 1
	[ "$status" -eq 3 ]
	[[ $stderr == *'no query_sm_resp within 1s from 127.0.0.1'* ]]
	peer bind read close -- query --id 1
	[ "$status" -eq 3 ]
	[[ $stderr == *'no query_sm_resp from'*'closed the connection'* ]]
	peer bind read pdu=6,0,9 drain -- query --id 1
	[ "$status" -eq 3 ]
	[[ $stderr == *'it sent unbind'* ]]
	limit=1s
	peer bind as=0x80000004,= drain -- query --id 1
	[ "$status" -eq 3 ]
	peer status=0x0e drain -- query --id 1
	[ "$status" -eq 5 ]
	peer bind status=0x58 serve -- query --id 1
	[ "$status" -eq 6 ]
	run -4 smpp query 127.0.0.1:1 --id 1
	# messages of others are put off
	peer bind read pdu=5,0,7,00000031000000320000000000000000000000 \
		pdu=0x80000003,0,2,"$state" serve -- query --id 1 -b trx
	[ "$status" -eq 0 ]
	grep -q 00000010800000050000006400000007 peer.out
}

@test "the peer speaks an older version than asked for" {
	opts=(--smpp-version 5.0)
	peer bind drain -- broadcast --area x -m x
	[ "$status" -eq 2 ]
	[[ $stderr == *'broadcast_sm: not in SMPP 3.4'* ]]
	run ! grep -q '^in ........00000111' peer.out
}

# bats test_tags=slow
@test "INT: the answer is unknown, the signal kills" {
	start_peer bind read drain
	start query smpp query "127.0.0.1:$port" --id 1 -v
	wait_line query.err 'query_sm seq 2'
	kill -INT "$pid"
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	grep -q 'stopped before query_sm_resp came' query.err
}

@test "smpp smsc answers what it knows" {
	start_smsc
	run -0 smpp request "127.0.0.1:$port" submit_sm destination_addr=49 \
		short_message=hi
	[ "$output" = "submit_sm_resp  ESME_ROK  id 1" ]
	run -0 smpp request "127.0.0.1:$port" enquire_link
}

@test "completion: PDUs, fields, values" {
	offers() {
		smpp __complete -- "$@" | cut -f1
	}
	offers request host query_ | grep -q -x query_sm
	run ! grep -q _resp <(offers request host query_)
	[ "$(offers request h query_sm mess)" = message_id= ]
	[ "$(offers request h query_sm '!mess')" = '!message_id=' ]
	[ "$(offers request h submit_sm data_coding=uc)" = data_coding=ucs2 ]
	[ "$(offers request h submit_sm registered_delivery=a,x '' | grep -c .)" \
		-gt 5 ]
	offers request h submit_sm tlv.message_p | grep -x tlv.message_payload=
	[ "$(offers request h query_sm te)" = "" ]
	[ "$(offers request h submit_sm te)" = text= ]
	[ "$(offers request h submit_sm tl)" = tlv. ]
	[ "$(offers request h alert_notification tlv.)" = \
		tlv.ms_availability_status= ]
	[ "$(offers request --pairs '')" = :files ]
	offers query --mess | grep -q -x -e --message-id
}

@test "a one-way PDU is sent, and no answer awaited" {
	peer bind serve -- request alert_notification source_addr=49 \
		esme_addr=ACME -v
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ $stderr == *"-> alert_notification seq 2"* ]]
	grep -q '^in .\{8\}00000102' peer.out
}
