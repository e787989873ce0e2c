#!/usr/bin/env bats
# Rules of smpp smsc: every action on the wire.

load helper

# client STEP...: what a scripted client gets, one PDU a line in hex.
client() {
	perl "$root/t/peer.pl" connect "$port" "$@" | sed 's/^in //'
}

# pdu ID SEQ [BODY]: a request in hex.
pdu() {
	printf '%08x%08x00000000%08x%s' $((16 + ${#3} / 2)) "$1" "$2" "$3"
}

# octets TEXT: it in hex.
octets() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# login [ID]: a bind as "a", sequence number 1; of a transceiver.
login() {
	pdu "${1:-9}" 1 61000000340000"00"
}

# submit SEQ DEST [TEXT [REGISTERED_DELIVERY]]: a message from "A".
submit() {
	pdu 4 "$1" "00000041000000$(octets "$2")000000000000${4:-00}000000$(
		printf '%02x' ${#3})$(octets "$3")"
}

# answers STEP...: what comes after the response to a bind.
answers() {
	client hex="$(login)" read "$@" | sed 1d
}

# of DEST: what comes as answer to a submit_sm to DEST, sequence number 2, up
# to the end or the answer to an enquire_link, sequence number 9.
of() {
	answers hex="$(submit 2 "$1")$(pdu 0x15 9)" \
		wait='^........80000015........00000009' | sed '$d'
}

ok=00000012800000040000000000000002
alive=00000010800000150000000000000009

@test "a rule that cannot be parsed is shown with the spot" {
	wrong() { # RULE MESSAGE BLANKS
		run -2 --separate-stderr smpp smsc --rule "$1"
		[ "$output" = '' ]
		[ "$stderr" = "smpp smsc: --rule: $2
  $1
  $3^" ]
	}
	wrong 'p=0.1 -> clsoe' \
		"no action 'clsoe'; did you mean 'close'?" '         '
	wrong 'sorce_addr==1 -> close' \
		"no name 'sorce_addr'; did you mean 'source_addr'?" ''
	wrong 'p=0.1 -> drop,twice' \
		"'drop' and 'twice' exclude each other" '              '
	wrong 'drop' "'->' wanted: a rule is EXPR -> ACTION" '    '
	run -2 --separate-stderr smpp smsc --rule 'p=1 -> nack=x' -j
	[ "$(jq -r '"\(.exit) \(.rule) \(.offset)"' <<<"$stderr")" = \
		'2 p=1 -> nack=x 12' ]
}

@test "rules in a file, with comments; a bad line is named" {
	cat >r <<-'END'
	# a comment, and an empty line

	  destination_addr=="1#" -> status=8   # refused
	destination_addr==2#3 -> status=9
	END
	start_smsc --rules r --rule 'destination_addr==4 -> status=10'
	[[ $(of 1#) == 00000010800000040000000800000002 ]]
	[[ $(of 2#3) == 00000010800000040000000900000002 ]]
	[[ $(of 4) == 00000010800000040000000a00000002 ]]
	[[ $(of 5) == "$ok"* ]]
	stop "$pid"
	diff - <(grep '^== rule' smsc.err) <<-'END'
	== rule 1 hit 1 of 4 (status=10)
	== rule 2 hit 1 of 3 (status=8), r:3
	== rule 3 hit 1 of 2 (status=9), r:4
	END
	echo 'p=1 -> dorp' >>r
	run -2 --separate-stderr smpp smsc --rules r
	[[ ${stderr_lines[0]} == "smpp smsc: r:5: no action 'dorp'; "* ]]
	run -2 --separate-stderr smpp smsc --rules none
	[ "$stderr" = "smpp smsc: none: No such file or directory" ]
	run -2 smpp smsc --rules .
	printf 'p=1 -> \0drop\n' >r
	run -2 --separate-stderr smpp smsc --rules r
	[ "$stderr" = "smpp smsc: r:1: an octet is zero" ]
}

@test "HUP reads the rules again, if they are good" {
	echo 'p=1 -> status=8' >r
	start_smsc --rules r
	[[ $(of 1) == ????????80000004000000080000* ]]
	echo 'p=1 -> status=9' >r
	kill -HUP "$pid"
	wait_line smsc.err '^== reloaded 1 rules$'
	grep -q '^== rule 1 hit 1 of 1 (status=8), r:1$' smsc.err
	[[ $(of 1) == ????????80000004000000090000* ]]
	echo 'p=1 -> dorp' >>r
	kill -HUP "$pid"
	wait_line smsc.err '^smpp smsc: r:2: no action'
	wait_line smsc.err '^== the rules stay as they were$'
	[[ $(of 1) == ????????80000004000000090000* ]]
	stop "$pid"
	grep -q '^== rule 1 hit 2 of 2 (status=9), r:1$' smsc.err
}

@test "an answer that says something else" {
	start_smsc --rule 'destination_addr==1 -> status=ESME_RTHROTTLED' \
		--rule 'destination_addr==2 -> status=0x411' \
		--rule 'destination_addr==3 -> nack' \
		--rule 'destination_addr==4 -> nack=ESME_RSYSERR' \
		--rule 'destination_addr==5 -> http' \
		--rule 'destination_addr==6 -> tls' \
		--rule 'destination_addr==7 -> status=ESME_ROK'
	[ "$(of 1)" = 00000010800000040000005800000002 ]
	[ "$(of 2)" = 00000010800000040000041100000002 ]
	[ "$(of 3)" = 00000010800000000000000300000002 ]
	[ "$(of 4)" = 00000010800000000000000800000002 ]
	got=$(answers hex="$(submit 2 5)" shut drain)
	[[ $got == "$(octets 'HTTP/1.1 400 Bad Request')"* ]]
	[ "$(answers hex="$(submit 2 6)" shut drain)" = $'1503030002020a\neof' ]
	[[ $(of 7) == "$ok"* ]]
}

@test "an answer that is broken" {
	start_smsc -q --rule 'destination_addr==1 -> command_length=+4' \
		--rule 'destination_addr==2 -> command_length=17' \
		--rule 'destination_addr==3 -> command_id' \
		--rule 'destination_addr==4 -> command_id=deliver_sm_resp' \
		--rule 'destination_addr==5 -> sequence_number' \
		--rule 'destination_addr==6 -> sequence_number=+1' \
		--rule 'destination_addr==7 -> unterminated' \
		--rule 'destination_addr==8 -> tlv' \
		--rule 'destination_addr==9 -> tlv=0x1402,tlv-overrun' \
		--rule 'destination_addr==10 -> half' \
		--rule 'destination_addr==11 -> garble=8' \
		--rule 'destination_addr==12 -> sm_length=+1'
	broken() { # DEST
		answers hex="$(submit 2 "$1")" shut drain | sed '/^eof/d'
	}
	[[ $(broken 1) == 0000001680000004000000000000000231?? ]]
	[[ $(broken 2) == 0000001180000004000000000000000232?? ]]
	[[ $(of 3) == 00000012800007770000000000000002* ]]
	[[ $(of 4) == 00000012800000050000000000000002* ]]
	[[ $(of 5) == 000000128000000400000000000003ea* ]]
	[[ $(of 6) == 00000012800000040000000000000003* ]]
	[ "$(of 7)" = 0000001180000004000000000000000237 ]
	[ "$(of 8)" = 0000001a800000040000000000000002380077770004"6a756e6b" ]
	got=$(of 9)
	[ "$got" = "0000002380000004000000000000000239001402000""46a756e6b$(
		:)001d00c8$(octets short)" ]
	[ "$(broken 10)" = 000000128000000400 ]
	got=$(broken 11)
	[[ $got == 00000012* && $got != "$ok"* && ${#got} -eq 36 ]]
	[[ $(of 12) == "$ok"* ]]
}

@test "an answer that comes twice, never, in another order, later" {
	start_smsc -q --rule 'destination_addr==1 -> twice' \
		--rule 'destination_addr==2 -> drop' \
		--rule 'destination_addr==3 -> reorder' \
		--rule 'destination_addr==4 -> delay=150ms' \
		--rule 'destination_addr==5 -> delay=uniform(1ms,3ms),twice'
	[[ $(of 1) == "$ok"*$'\n'"$ok"* ]]
	[ "$(of 2)" = '' ]
	answers hex="$(submit 2 3)$(submit 3 6)$(submit 4 3)$(submit 5 3)" \
		read read read read | cut -c 25-32 >got
	diff - got <<-'END'
	00000003
	00000002
	00000005
	00000004
	END
	# a fixed delay keeps the order, and nothing else waits for it
	answers hex="$(submit 2 4)$(submit 3 4)$(submit 4 4)$(submit 5 6)" \
		read read read read | cut -c 25-32 >got
	diff - got <<-'END'
	00000005
	00000002
	00000003
	00000004
	END
	answers hex="$(submit 2 5)" read read >got
	[ "$(grep -c "^$ok" got)" -eq 2 ]
	smpp send "127.0.0.1:$port" -d 4 -m x -j >result
	jq -e '.outcome=="accepted" and .latency_ms>140' result
}

@test "an answer octet by octet" {
	start_smsc -q --rule 'p=1 -> drip=10ms'
	smpp send "127.0.0.1:$port" -d 4 -m x -j >result
	jq -e '.outcome=="accepted" and .latency_ms>150' result
	# others are not mixed with it
	answers hex="$(submit 2 1)$(pdu 0x15 9)" read read >got
	[[ $(<got) == "$ok"*$'\n'"$alive" ]]
}

@test "a connection that ends" {
	start_smsc --rule 'destination_addr==1 -> close' \
		--rule 'destination_addr==2 -> rst' \
		--rule 'destination_addr==3 -> half,rst' \
		--rule 'destination_addr==4 -> status=ESME_RSYSERR,close' \
		--rule 'destination_addr==5 -> unbind' \
		--rule 'destination_addr==6 -> delay=50ms,close'
	for d in 1 6; do
		[ "$(answers hex="$(submit 2 $d)" drain)" = eof ]
	done
	[ "$(answers hex="$(submit 2 4)" drain)" = \
		$'00000010800000040000000800000002\neof' ]
	[ "$(answers hex="$(submit 2 3)" drain)" = \
		$'000000128000000400\neof' ]
	run -3 --separate-stderr smpp send "127.0.0.1:$port" -d 2 -m x
	[[ $stderr == *'the peer reset the connection'* ]]
	answers hex="$(submit 2 5)" read body= drain >got
	[[ $(<got) == "$ok"*$'\n'0000001000000006*$'\n'eof ]]
	wait_line smsc.out 'rule 5  unbind'
	wait_line smsc.out 'closed  reset by a rule'
}

@test "a peer that says and hears nothing more" {
	start_smsc --rule 'destination_addr==1 -> silence' \
		--rule 'destination_addr==2 -> status=8,silence' \
		--rule 'destination_addr==3 -> stop-reading' --receipt DELIVRD:0
	start mute perl "$root/t/peer.pl" connect "$port" hex="$(login)" read \
		hex="$(submit 2 1 '' 01)$(pdu 0x15 3)" drain
	wait_line smsc.out '#1 a  enquire_link'
	start hush perl "$root/t/peer.pl" connect "$port" hex="$(login)" read \
		hex="$(submit 2 2)$(pdu 0x15 3)" drain
	wait_line smsc.out '#2 a  enquire_link'
	start deaf perl "$root/t/peer.pl" connect "$port" hex="$(login)" read \
		hex="$(submit 2 3)$(pdu 0x15 3)" drain
	wait_line deaf.out 80000004
	stop "${pids[0]}"
	wait_line mute.out eof
	wait_line hush.out eof
	wait_line deaf.out eof
	[ "$(sed 1d mute.out)" = eof ]
	[ "$(sed 1d hush.out)" = \
		$'in 00000010800000040000000800000002\neof' ]
	[[ $(sed 1d deaf.out) == "in $ok"*$'\nin 0000001000000006'*$'\neof' ]]
	run ! grep '#3 a  enquire_link' smsc.out
}

@test "a flood of enquire_link" {
	start_smsc --rule 'destination_addr==1 -> flood=3' \
		--rule 'destination_addr==2 -> flood'
	of 1 >got
	[[ $(head -n 1 got) == "$ok"* ]]
	[ "$(grep -c ^000000100000001500000000 got)" -eq 3 ]
	smpp send "127.0.0.1:$port" -d 2 -m x
	wait_line smsc.out '#2 - +unbind'
	run ! grep 'answers no request' smsc.out
}

@test "odd responses to binds" {
	start_smsc --rule 'session==1 -> bind=bare' \
		--rule 'session==2 -> bind=other' \
		--rule 'session==3 -> bind=long' \
		--rule 'session==4 -> bind=version' \
		--rule 'system_id==a and session==5 -> status=ESME_RALYBND' \
		--rule 'command_id==bind_receiver -> unterminated'
	bound() { # [ID]
		client hex="$(login "$@")" read
	}
	[ "$(bound)" = 00000010800000090000000000000001 ]
	[ "$(bound)" = 0000001a80000002000000000000000173"6d707000"0210000134 ]
	[[ $(bound) == 00000051800000090000000000000001"$(
		printf '78%.0s' {1..64})00" ]]
	[[ $(bound) == *0210000199 ]]
	[ "$(bound)" = 00000010800000090000000500000001 ]
	[ "$(bound 1)" = 0000001480000001000000000000000173"6d7070" ]
	# a bind that is late is no bind before
	stop "$pid"
	start_smsc --rule 'command_id_name~^bind -> delay=100ms'
	[ "$(client hex="$(login)$(submit 2 1)" read read | cut -c 9-32)" = \
		$'800000040000000400000002\n800000090000000000000001' ]
}

@test "what the SMSC sends itself" {
	start_smsc --receipt DELIVRD:0 \
		--rule 'source_addr==1 and dir==out -> sm_length=+9' \
		--rule 'receipt.id==2 -> twice' \
		--rule 'command_id==deliver_sm and source_addr==3 -> drop' \
		--rule 'command_id==deliver_sm and source_addr==4 -> close' \
		--rule 'command_id==deliver_sm -> sm_length=250,unterminated'
	receipts() { # DEST STEP...
		local d=$1
		shift
		answers hex="$(submit 2 "$d" hi 01)" "$@" | sed 1d
	}
	got=$(receipts 1 read read)
	[[ $got =~ 00([0-9a-f]{2})69643a31(.*)001e0002 ]]
	[ $((16#${BASH_REMATCH[1]})) -eq $((${#BASH_REMATCH[2]} / 2 + 4 + 9)) ]
	receipts 2 read read read | cut -c 9-32 | uniq -c >got
	[[ $(<got) =~ ^\ *2\ 000000050000000000000001$ ]]
	# only the question whether the link is alive is answered
	[ "$(receipts 3 read hex="$(pdu 0x15 9)" read)" = "$alive" ]
	[ "$(receipts 4 read drain)" = eof ]
	[[ $(receipts 5 read read) == ????????00000005*35 ]]
	wait_line smsc.out 'rule 5  sm_length=250,unterminated'
	grep -q 'rule 2  twice' smsc.out
}

@test "what becomes of a message" {
	start_smsc -j --receipt DELIVRD:0 \
		--rule 'destination_addr==1 -> receipt=UNDELIV' \
		--rule 'destination_addr==2 -> receipt=none' \
		--rule 'destination_addr==3 -> receipt=REJECTD:100ms' \
		--rule 'destination_addr==4 -> drop,receipt=EXPIRED' \
		--rule 'destination_addr==5 -> delay=100ms'
	target=127.0.0.1:$port
	run -1 --separate-stderr smpp send "$target" -d 1 -m x -W 5s
	[[ $output == *UNDELIV* ]]
	run -1 smpp send "$target" -d 3 -m x -W 5s
	[[ $output == *REJECTD* ]]
	# the answer is lost, the message is not
	answers hex="$(submit 2 4 hi 01)" read >got
	grep -q "$(octets stat:EXPIRED)" got
	# a receipt does not overtake its answer
	answers hex="$(submit 2 5 hi 01)" read read | cut -c 9-16 >got
	[ "$(<got)" = $'80000004\n00000005' ]
	smpp send "$target" -d 2 -m x -q -b trx -r
	stop "$pid"
	run ! grep -q '"deliver_sm",.*"source_addr":"2"' smsc.out
}

# many N: N messages to "1", sequence numbers from 2.
many() {
	local i
	for ((i = 2; i < 2 + $1; i++)); do
		printf '%08x00000004%016x' 35 "$i"
		printf '%s' 00000041000000310000000000000000000000
	done
}

# tried OPTION...: the statuses of 40 messages, a letter each.
tried() {
	start_smsc -q "$@"
	client hex="$(login)" read hex="$(many 40)$(
		pdu 0x15 99)" wait='^.*00000063$' | grep ^........80000004 |
		cut -c 17-24 | sed 's/^0*$/./; s/^0.*/x/' | tr -d '\n'
	stop "$pid" >/dev/null
}

@test "shares, and each n-th; --seed repeats a run" {
	[ "$(tried --rule 'every=4 -> status=8')" = \
		"...x...x...x...x...x...x...x...x...x...x" ]
	one=$(tried --rule 'p=0.5 -> status=8' --seed 7)
	[[ $one == *.*x*.* && ${#one} -eq 40 ]]
	[ "$(tried --rule 'p=0.5 -> status=8' --seed 7)" = "$one" ]
	[ "$(tried --rule 'p=0.5 -> status=8' --seed 8)" != "$one" ]
	[ "$(tried --rule 'p=0 -> status=8')" = "$(printf '.%.0s' {1..40})" ]
	[[ $(tried --rule 'p=0.5 -> status=8' -v; cat smsc.err) == \
		*'== 1 rules; --seed '*' repeats this run'* ]]
}

@test "chance does not concern binds, unless they are named" {
	start_smsc -q --rule 'p=1 -> drop'
	[ "$(of 1)" = '' ]
	stop "$pid"
	start_smsc -q --rule 'command_id!=0 and every=2 -> status=8'
	client hex="$(login)$(pdu 0x15 2)$(pdu 0x15 3)" read read read |
		cut -c 17-32 >got
	[ "$(<got)" = \
		$'0000000000000001\n0000000800000002\n0000000000000003' ]
}

@test "the counts, at USR1 and at the end" {
	start_smsc --rule 'every=2 -> status=8'
	of 1 >/dev/null
	kill -USR1 "$pid"
	wait_line smsc.err '^== rule 1 hit 0 of 1 \(status=8\)$'
	of 1 >/dev/null
	stop "$pid"
	grep -q '^== rule 1 hit 1 of 2 (status=8)$' smsc.err
	start_smsc -j --stats --rule 'every=2 -> status=8'
	of 1 >/dev/null
	stop "$pid"
	[ "$(jq -c 'select(.type=="stats").rules' smsc.out | tail -n 1)" = \
		'[{"rule":1,"hits":0,"asked":1,"actions":"status=8"}]' ]
}

@test "commands in messages" {
	start_smsc -j --in-band --receipt DELIVRD:0 --rule 'p=1 -> status=9'
	said() { # TEXT
		answers hex="$(submit 2 1 "$1")" read | cut -c 17-24
	}
	[ "$(said Hello)" = 00000009 ]
	[ "$(said 'Hello -> status=ESME_RTHROTTLED')" = 00000058 ]
	[ "$(said '-> status=0')" = 00000000 ]
	# a client that says ASCII and sends the default alphabet: '_' is 11
	hex=$(pdu 4 2 "00000041000000310000000000000000""010016$(
		octets '-> status=ESME')11$(octets RSYSERR)")
	[ "$(answers hex="$hex" read | cut -c 17-24)" = 00000008 ]
	[ "$(said 'submit: 0x45')" = 00000045 ]
	[ "$(said '{submit:{status:1,timeout:0}}')" = 00000001 ]
	[ "$(said 'here -> there')" = 00000009 ]
	run -1 smpp send "127.0.0.1:$port" -d 1 -W 5s \
		-m '{submit:0,receipt:{status:undeliverable,delay:0}}'
	[[ $output == *UNDELIV* ]]
	run -1 smpp send "127.0.0.1:$port" -d 1 -W 5s -e ucs2 \
		-m '-> receipt=EXPIRED:0,delay=10ms'
	[[ $output == *EXPIRED* ]]
	stop "$pid"
	grep -q '^== 7 messages had commands$' smsc.err
	start_smsc --in-band
	said 'here -> there'
	wait_line smsc.out "in-band  not understood: no action 'there'"
	said '-> twice'
	wait_line smsc.out 'in-band  as the text says'
}

@test "the rules shipped as examples" {
	cd "$root/man/examples"
	cp -- *.rules "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	start_smsc -q --rules smppsim.rules --receipt DELIVRD:0
	for row in 1:EXPIRED 2:DELETED 3:UNDELIV 4:ACCEPTD 5:REJECTD \
		6:DELIVRD; do
		answers hex="$(submit 2 "${row%:*}49170" hi 01)" read read >got
		grep -q "$(octets "stat:${row#*:}")" got
	done
	stop "$pid"
	[[ $(tried --rules throttling.rules --seed 1) == *x*.*x* ]]
	start_smsc -q --rules flaky.rules --seed 1
	smpp send "127.0.0.1:$port" -d 1 -m x -C 20 -q \
		--response-timeout 1s || [ $? -lt 8 ]
	stop "$pid"
	start_smsc -q --rules strict.rules
	strict() { # STATUS OPTION...
		local want=$1
		shift
		run --separate-stderr smpp send "127.0.0.1:$port" -m x "$@" -j
		[ "$(jq -r 'select(.type=="result").command_status_name' \
			<<<"$output")" = "$want" ]
	}
	strict ESME_ROK -s 491 -d +491701234567
	strict ESME_ROK -s ACME -d +491701234567
	strict ESME_RINVSRCADR -d +491701234567
	strict ESME_RINVSRCADR -s ACMEACMEACME -d +491701234567
	strict ESME_RINVSRCTON -s ACME,1,1 -d +491701234567
	strict ESME_RINVDSTADR -s 491 -d 0170
	strict ESME_RINVDSTTON -s 491 -d 491701234567,2,1
	strict ESME_RINVDSTNPI -s 491 -d 491701234567,1,8
	strict ESME_RINVSERTYP -s 491 -d +491701234567 --service-type USSD
	strict ESME_RINVPRTFLG -s 491 -d +491701234567 --priority-flag 3
	strict ESME_RINVREGDLVFLG -s 491 -d +491701234567 \
		--registered-delivery 0x11
	strict ESME_RINVREPFLAG -s 491 -d +491701234567 \
		--replace-if-present-flag 1
	strict ESME_RINVSCHED -s 491 -d +491701234567 \
		--schedule-delivery-time 1h
}

# bats test_tags=slow
@test "more answers than may wait: the client is not read, none is lost" {
	start_smsc -q --rule 'p=1 -> delay=300ms'
	batch=$(many 250)
	steps=()
	for ((i = 0; i < 50; i++)); do
		steps+=(hex="$batch")
	done
	client hex="$(login)" read "${steps[@]}" hex="$(submit 99999 1)" \
		wait='^........80000004........0001869f' >got
	[ "$(grep -c '^........80000004' got)" -eq 12501 ]
}
