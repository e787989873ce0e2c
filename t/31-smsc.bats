#!/usr/bin/env bats
# smpp smsc against clients that know SMPP, and clients that do not.

load helper

# client STEP...: what a scripted client gets, as one line of hex a read.
client() {
	perl "$root/t/peer.pl" connect "$port" "$@"
}

# pdu ID SEQ [BODY]: a request in hex.
pdu() {
	printf '%08x%08x00000000%08x%s' $((16 + ${#3} / 2)) "$1" "$2" "$3"
}

# login ID VERSION: a bind as "a" in hex, sequence number 1.
login() {
	pdu "$1" 1 "61000000${2}000000"
}

bind_tx=2 bind_rx=1 bind_trx=9
submit=00000041000000320000000000000000000000

@test "--ready-fd tells the address once and is closed" {
	mkfifo port
	start smsc ready_on port smpp smsc -L 127.0.0.1:0 --ready-fd 9
	p=$(timeout "$WAIT" cat port) # to its end: it was closed
	[[ $p =~ ^127.0.0.1:[0-9]+$ ]]
	wait_line smsc.err listening
	[ ! -e "/proc/$pid/fd/9" ]
	grep -q "^== listening on $p, accepting any system_id" \
		smsc.err
}

@test "addresses to listen on" {
	start smsc smpp smsc -L '[::1]:0'
	wait_line smsc.err '^== listening on \[::1\]:[0-9]'
	start smsc smpp smsc -L :0
	wait_line smsc.err '^== listening on 127.0.0.1:[0-9]'
	start_smsc
	run -9 --separate-stderr smpp smsc -L "127.0.0.1:$port"
	[[ $stderr == "smpp smsc: listen on 127.0.0.1:$port: Address "* ]]
	run -2 smpp smsc -L 127.0.0.1:x
	run -2 smpp smsc --receipt nope
	run -2 smpp smsc --receipt DELIVRD:x
	run -9 smpp smsc -L :0 --ready-fd 77
}

@test "lines for people" {
	start_smsc --receipt delivrd:0
	smpp send "smpp://acme@127.0.0.1:$port" -s ACME -d +491701234567 \
		-m $'Hello\n' -W 5s -q
	stop "$pid"
	sed -E 's/^[0-9:]{8}/T/; s/127.0.0.1:[0-9]+/PEER/' smsc.out >lines
	diff - lines <<-'END'
	T  #1 acme  bind_transceiver  SMPP 3.4  from PEER
	T  #1 acme  submit_sm  ACME -> 491701234567  "Hello\x0a"  id 1
	T  #1 acme  deliver_sm  491701234567 -> ACME  receipt 1 DELIVRD
	T  #1 acme  unbind  answered
	T  #1 acme  closed  the peer closed the connection
	END
}

@test "-q prints no PDU, -j every one" {
	start_smsc -q
	smpp send "127.0.0.1:$port" -d 1 -m x -q
	stop "$pid"
	[ ! -s smsc.out ]
	[ ! -s smsc.err ]
	start_smsc -j
	smpp send "127.0.0.1:$port" -d 1 -m x -q
	stop "$pid"
	jq -es 'all(.type=="pdu" and .session==1 and .time)' smsc.out
	[ "$(jq -r '"\(.dir) \(.command_id_name)"' smsc.out)" = \
"in bind_transmitter
out bind_transmitter_resp
in submit_sm
out submit_sm_resp
in unbind
out unbind_resp" ]
}

@test "passwords are masked" {
	start_smsc -j --raw
	SMPP_PASSWORD=secret smpp send "127.0.0.1:$port" -d 1 -m x -q
	stop "$pid"
	[ "$(jq -r 'select(.command_id==2).password' smsc.out)" = '******' ]
	run ! grep -e secret -e 736563726574 smsc.out
}

@test "binds of all modes and versions" {
	start_smsc
	tlv=0210000134
	[[ $(client hex="$(login $bind_rx 34)" read) == \
in\ 0000001a80000001000000000000000173*${tlv} ]]
	[[ $(client hex="$(login $bind_tx 34)" read) == \
in\ 0000001a80000002*${tlv} ]]
	[[ $(client hex="$(login $bind_trx 34)" read) == *${tlv} ]]
	[[ $(client hex="$(login $bind_trx 50)" read) == *0210000150 ]]
	[[ $(client hex="$(login $bind_trx 52)" read) == *0210000150 ]]
	# 3.3: no TLV, no transceiver
	[ "$(client hex="$(login $bind_tx 33)" read)" = \
		"in 00000015800000020000000000000001736d707000" ]
	[ "$(client hex="$(login $bind_trx 33)" read)" = \
		"in 00000010800000000000000300000001" ]
}

@test "a PDU in the wrong state, or unknown, is told so" {
	start_smsc
	# before the bind
	[ "$(client hex="$(pdu 4 7 $submit)" read)" = \
		"in 00000010800000040000000400000007" ]
	[ "$(client hex="$(pdu 0x15 8)" read)" = \
		"in 00000010800000150000000000000008" ]
	[ "$(client hex="$(pdu 6 8)" read)" = \
		"in 00000010800000060000000400000008" ]
	# bound the wrong way, or twice
	[ "$(client hex="$(login $bind_rx 34)$(pdu 4 2 $submit)" read read |
		tail -n 1)" = "in 00000010800000040000000400000002" ]
	[ "$(client hex="$(login $bind_tx 34)$(login $bind_tx 34)" read read |
		tail -n 1)" = "in 00000010800000020000000500000001" ]
	# not in this version, or in none
	[ "$(client hex="$(login $bind_tx 34)$(pdu 0x22 3 7800)" read read |
		tail -n 1)" = "in 00000010800000000000000300000003" ]
	[ "$(client hex="$(login $bind_tx 34)$(pdu 0x77 4)" read read |
		tail -n 1)" = "in 00000010800000000000000300000004" ]
	# an SMSC does not get these
	[ "$(client hex="$(login $bind_trx 34)$(pdu 5 5 $submit)" read read |
		tail -n 1)" = "in 00000010800000050000000400000005" ]
	# a response to nothing gets no answer
	[ "$(client hex="$(login $bind_trx 34)$(pdu 0x80000005 5 00)$(
		pdu 0x15 6)" read read | tail -n 1)" = \
		"in 00000010800000150000000000000006" ]
}

@test "what there is nothing to be found for is refused by name" {
	start_smsc
	bound=$(login $bind_trx 34)
	for row in 3:0000000c:310000003200 \
		8:0000000c:00310000003200003300 \
		8:00000011:000000003200003300 \
		7:0000000c:3100000032000000000000 \
		0x103:0000000b:0000003100000000000000; do
		IFS=: read -r id status body <<<"$row"
		last=$(client hex="$bound$(pdu "$id" 9 "$body")" read read |
			tail -n 1)
		[ "${last:19:8}" = "$status" ]
	done
}

@test "a PDU that cannot be decoded is told why" {
	start_smsc
	bound=$(login $bind_trx 34)
	status() {
		client hex="$bound$(pdu 4 2 "$1")" read read |
			sed -n '2s/^in 0000001080000004\(.\{8\}\)00000002$/\1/p'
	}
	[ "$(status 00)" = 00000002 ]             # ends too early
	[ "$(status ${submit%00}ff)" = 00000001 ] # sm_length too large
	[ "$(status ${submit}0204)" = 000000c0 ]  # half a TLV
	[ "$(status 414141414141414141)" = 00000002 ] # no NUL
}

@test "octets that are not SMPP are refused and the connection ends" {
	start_smsc
	nack="in 00000010800000000000000200000000"
	[ "$(client hex=0000000f0000001500000000000000 read drain)" = \
		"$nack"$'\n'eof ]
	[ "$(client hex=0002000100000015 read drain)" = "$nack"$'\n'eof ]
	[ "$(client hex=474554202f20485454502f312e310d0a0d0a read drain)" = \
		"$nack"$'\n'eof ]
	# a header alone says nothing yet
	client hex=0001 close
	client hex=0000001000000015 rst
	smpp send "127.0.0.1:$port" -d 1 -m x -q
}

# bats test_tags=slow
@test "pieces, crowds, floods and peers that do not read" {
	start_smsc -q
	# an octet at a time, many at a time
	client hex="$(login $bind_trx 34 | cut -c 1-30)" sleep=0.05 \
		hex="$(login $bind_trx 34 | cut -c 31-)" read >got
	grep -q '^in 0000001a80000009' got
	many=$(login $bind_trx 34)
	for ((i = 2; i < 52; i++)); do many+=$(pdu 4 $i $submit); done
	client hex="$many$(pdu 6 60)" drain >got
	sed 's/^in //' got | tr -d '\n' >wire
	[ "$(grep -o '0000001[123]80000004' wire | wc -l)" -eq 50 ]
	# one that never reads what it asked for, and others meanwhile
	start flood perl "$root/t/peer.pl" connect "$port" \
		hex="$(login $bind_trx 34)" fill=1000000 sleep=100
	start idle perl "$root/t/peer.pl" connect "$port" hex=0000 sleep=100
	for ((i = 0; i < 20; i++)); do
		smpp send "127.0.0.1:$port" -d 1 -m x -q -t 5s
	done
	rss=$(awk '/VmHWM/ { print $2 }' "/proc/${pids[0]}/status")
	[[ ${CFLAGS:-} == *-fsanitize* ]] || [ "$rss" -lt 65536 ]
	stop "${pids[1]}"
	stop "${pids[2]}"
}

@test "receipts find a receiver of the same system_id, when one is there" {
	start_smsc --receipt DELIVRD:0 -j
	smpp send "smpp://one@127.0.0.1:$port" -s A -d 1 -m x -r -q
	smpp send "smpp://two@127.0.0.1:$port" -s A -d 2 -m x -r -q -b trx
	# who sends only asks; the receipt waits for who receives
	run ! grep -q '"source_addr":"1",.*"receipt":' smsc.out
	client hex="$(pdu $bind_rx 1 6f6e6500000034000000)" read read >got
	grep -q 737461743a44454c49565244 got
	[ "$(jq -r 'select(.command_id_name=="deliver_sm" and
		.source_addr=="1").receipt.id' smsc.out)" = 1 ]
	stop "${pids[0]}"
	[[ $(<smsc.err) == *"receipts "*" sent"* ]]
}

@test "receipts are sent as they were asked for" {
	asked() { # STAT REGISTERED_DELIVERY
		start_smsc --receipt "$1:0" -j
		smpp send "127.0.0.1:$port" -d 1 -m x -q -b trx \
			--registered-delivery "$2"
		stop "$pid"
		jq -s 'map(select(.command_id_name=="deliver_sm")) | length' \
			smsc.out
	}
	[ "$(asked DELIVRD 0)" = 0 ]
	[ "$(asked DELIVRD 1)" = 1 ]
	[ "$(asked DELIVRD 2)" = 0 ]
	[ "$(asked UNDELIV 2)" = 1 ]
	[ "$(asked UNDELIV 3)" = 0 ]
	[ "$(asked none 1)" = 0 ]
}

# bats test_tags=slow
@test "a receipt for 3.3 has no TLVs" {
	start_smsc --receipt DELIVRD:0 -j
	start rx perl "$root/t/peer.pl" connect "$port" \
		hex="$(login $bind_rx 33)" drain
	wait_line smsc.out bind_receiver_resp
	smpp send "smpp://a@127.0.0.1:$port" --smpp-version 3.3 -d 1 -m x -r -q
	wait_line smsc.out '"deliver_sm"'
	jq -es 'map(select(.command_id_name=="deliver_sm"))[0] |
		.tlvs==[] and .receipt.stat=="DELIVRD"' smsc.out
	stop "${pids[1]}"
	# nor is it a data_sm, and no alert_notification follows
	start_smsc --receipt UNDELIV:0 --receipt-style data-sm -j
	start rx perl "$root/t/peer.pl" connect "$port" \
		hex="$(pdu $bind_rx 1 61636d6500000033000000)" drain
	wait_line smsc.out bind_receiver_resp
	smpp request "smpp://acme@127.0.0.1:$port" submit_sm source_addr=A \
		destination_addr=1 registered_delivery=1 tlv.set_dpf=1
	wait_line smsc.out '"deliver_sm"'
	stop "${pids[3]}"
	[ "$(jq -r 'select(.dir=="out" and .session==1) | .command_id_name' \
		smsc.out | xargs)" = 'bind_receiver_resp deliver_sm' ]
}

@test "USR1 prints counts, INT unbinds everybody" {
	start_smsc
	smsc=$pid
	start rx perl "$root/t/peer.pl" connect "$port" \
		hex="$(login $bind_rx 34)" read serve
	wait_line smsc.out bind_receiver
	kill -USR1 "$smsc"
	wait_line smsc.err '^== sessions 1 open, 1 in all; messages 0'
	kill -INT "$smsc"
	rc=0
	wait_exit "$smsc" || rc=$?
	[ "$rc" -eq 130 ]
	grep -q '^in 00000010000000060000000000000001' rx.out
	grep -q '^eof' rx.out
}

@test "a second INT ends it at once" {
	start_smsc
	start rx perl "$root/t/peer.pl" connect "$port" \
		hex="$(login $bind_rx 34)" drain
	wait_line smsc.out bind_receiver
	SECONDS=0
	kill -INT "${pids[0]}"
	wait_line rx.out 0000001000000006
	kill -INT "${pids[0]}"
	rc=0
	wait_exit "${pids[0]}" || rc=$?
	[ "$rc" -eq 130 ]
	[ "$SECONDS" -lt 2 ]
}

@test "a reader of its output that goes away ends it by PIPE" {
	mkfifo ready
	quit() {
		smpp smsc -L :0 --ready-fd 9 9>ready 2>err || echo $? >rc
	}
	quit | true &
	read -r addr <ready
	smpp send "$addr" -d 1 -m x -q || true
	wait
	[ "$(<rc)" = 141 ]
}
