#!/usr/bin/env bats
# smpp send against peers that break the rules: the exit code is right and
# comes in time, whatever they do.

load helper

# peer STEP...: what send says to a peer that plays these steps. A response may
# take $limit: long, so that no busy machine needs it, but where nothing comes.
peer() {
	start_peer "$@"
	SECONDS=0
	run --separate-stderr timeout 30 smpp send "127.0.0.1:$port" \
		-i acme -s ACME -d 4917 --connect-timeout 9s \
		--response-timeout "$limit" "${opts[@]}" "${text[@]}"
	[ "$SECONDS" -lt 9 ]
	stop "$pid"
	limit=9s
}

setup() {
	smpp_setup
	limit=9s
	opts=()
	text=(-m Hello)
}

# says EXIT TEXT: how the last send ended.
says() {
	echo "exit $status: $output $stderr"
	[ "$status" -eq "$1" ] && [[ $output$stderr == *$2* ]]
}

# bats test_tags=slow
@test "before the bind is answered: nothing was sent, exit 7" {
	limit=300ms
	peer drain
	says 7 "no bind_transmitter_resp within 300ms from 127.0.0.1:"
	peer close
	says 7 "the peer"
	peer rst
	says 7 "the peer "
	peer read close
	says 7 "no bind_transmitter_resp from 127.0.0.1:"
	peer read rst
	says 7 "the peer reset the connection"
	limit=300ms
	peer half drain
	says 7 "within 300ms"
	peer half close
	says 7 "in the middle of a PDU, after 13 octets"
	limit=300ms
	peer as==,99 drain
	says 7 "within 300ms"
	limit=300ms
	peer as==,0 drain
	says 7 "within 300ms"
	limit=300ms
	peer as=0x80000004,= drain
	says 7 "within 300ms"
	limit=300ms
	peer read pdu=6,0,1 drain
	says 7 "within 300ms"
}

@test "the bind is refused: exit 5, by name, number and meaning" {
	peer status=0x0e drain
	says 5 "ESME_RINVPASWD (0x0000000e), "
	peer status=5 close
	says 5 "ESME_RALYBND (0x00000005), "
	says 5 "hint: another session holds this system_id"
	peer status=0x58 drain
	says 5 "ESME_RTHROTTLED"
	peer status=0x456 drain
	says 5 "status 0x00000456"
	peer nack=3 drain
	says 5 "ESME_RINVCMDID"
	opts=(-j)
	peer status=0x0d drain
	jq -e '.type=="error" and .exit==5 and .what=="bind" and
		.command_status==13 and
		.command_status_name=="ESME_RBINDFAIL"' <<<"$stderr"
}

@test "what speaks is not SMPP: exit 7" {
	peer read hex=485454502f312e3120343030 drain
	says 7 "no bind_transmitter_resp from"
	peer hex=150301000202 drain
	says 7 "bind_transmitter_resp"
	peer read hex=0000000f800000020000000000000001 drain
	says 7 "command_length 15 is not that of a PDU"
	peer read hex=00000000 drain
	says 7 "command_length 0 is not that of a PDU"
	peer read hex=7fffffff800000020000000000000001 drain
	says 7 "command_length 2147483647"
	grep -q 'in 0000001080000000000000020' peer.out
}

# bats test_tags=slow
@test "after the submit: its outcome is unknown, exit 3" {
	limit=1s
	peer bind read drain
	says 3 "no submit_sm_resp within 1s"
	limit=1s
	peer bind drain
	says 3 "no submit_sm_resp within 1s"
	peer bind close
	says 3 "no submit_sm_resp"
	peer bind read close
	says 3 "the peer closed the connection"
	peer bind read rst
	says 3 "the peer reset the connection"
	limit=1s
	peer bind half drain
	says 3 "within 1s"
	peer bind half close
	says 3 "in the middle of a PDU"
	limit=1s
	peer bind as==,0 drain
	says 3 "within 1s"
	limit=1s
	peer bind as==,77 drain
	says 3 "within 1s"
	limit=1s
	peer bind as=0x80000003,= drain
	says 3 "within 1s"
	limit=1s
	peer bind late=1.5 drain
	says 3 "within 1s"
	limit=1s
	peer bind read pdu=0x80000000,2,0 drain
	says 3 "within 1s"
	peer bind read pdu=6,0,1 close
	says 3 "no submit_sm_resp"
	peer bind read hex=00000003 drain
	says 3 "command_length 3"
	limit=1s
	peer bind read fill=100000 drain
	says 3 "within 1s"
}

@test "a refused message: exit 1, or 6 if later would do" {
	peer bind status=0x0b serve
	says 1 "4917: refused: ESME_RINVDSTADR (0x0000000b), "
	peer bind status=0x58 serve
	says 6 "ESME_RTHROTTLED (0x00000058), "
	peer bind status=0x14 serve
	says 6 ESME_RMSGQFUL
	peer bind status=0x4ff serve
	says 1 "status 0x000004ff"
	peer bind nack=3 serve
	says 1 ESME_RINVCMDID
}

@test "a long message is as good as its worst part" {
	text=()
	opts=(-x "$(printf '%0400d' 0)" --tsv "outcome,parts")
	peer bind ok status=0x0b serve
	says 1 $'refused\t2'
	peer bind status=0x58 ok serve
	says 6 $'refused\t2'
	limit=1s
	peer bind ok drain
	says 3 $'unknown\t2'
	peer bind ok ok serve
	says 0 $'accepted\t2'
}

# bats test_tags=slow
@test "slow, repeated and early answers are taken" {
	peer drip drip serve
	says 0 "accepted  77"
	peer bind again ok again serve
	says 0 "accepted  77"
	peer bind read pdu=0x15,0,9 pdu=0x80000004,0,2,373700 serve
	says 0 "accepted  77"
	grep -q '00000010800000150000000000000009' peer.out
	peer bind read pdu=0x80000004,0,2,3737 serve
	says 0 "accepted"
	peer bind read pdu=0x80000004,0,2 serve
	says 0 "accepted  -"
	# bind_resp, deliver_sm and unbind in one segment
	peer read hex=0000001580000002000000000000000170656572\
000000001000000006000000000000000a drain
	says 7 "ended the session (unbind), and not all was sent"
	# after the answer nothing can change it
	peer bind ok close
	says 0 "accepted  77"
	peer bind ok rst
	says 0 "accepted  77"
	peer bind ok read serve
	says 0 "accepted  77"
}

@test "what is sent while we only send is refused, or put off" {
	peer bind read \
		pdu=5,0,7,00000031000000320000000000000000000000 \
		pdu=0x80000004,0,2,373700 serve
	says 0 "accepted  77"
	grep -q '00000010800000050000000400000007' peer.out
	opts=(-W 300ms)
	peer bind read \
		pdu=5,0,7,00000031000000320000000000000000000000 \
		pdu=0x80000004,0,2,373700 serve
	says 3 "no receipt for 77 within 300ms"
	grep -q '00000010800000050000006400000007' peer.out
}

@test "a receipt before its response is kept, in hex or decimal" {
	receipt=69643a34642073746174 # "id:4d stat"
	receipt+=3a44454c49565244 # ":DELIVRD"
	opts=(-W 3s -j)
	n=$(printf '%02x' $((${#receipt} / 2)))
	peer bind read \
		"pdu=5,0,7,0000003439313700000000040000000000000000$n$receipt" \
		pdu=0x80000004,0,2,373700 serve
	says 0 '"outcome":"delivered"'
	says 0 '"id_match":"number"'
	grep -q '0000001[01]800000050000000000000007' peer.out
}

@test "link lost while the receipt is awaited: exit 3" {
	opts=(-W 3s)
	peer bind ok close
	says 3 "no receipt from 127.0.0.1:"
	limit=1s
	opts=(-W 9s --enquire-link 100ms)
	peer bind ok drain
	says 3 "no enquire_link_resp in time"
}

# bats test_tags=slow
@test "-t ends everything" {
	opts=(-t 200ms --connect-timeout 9s --response-timeout 9s)
	peer drain
	says 7 "within 200ms"
	peer bind drain
	says 3 "within 200ms"
}

# bats test_tags=slow
@test "INT and TERM: what is open is unknown, the signal kills" {
	start_peer bind read drain
	start send smpp send "127.0.0.1:$port" -d 1 -m x -v
	wait_line send.err 'submit_sm seq 2'
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	grep -q 'stopped before its outcome was known' send.err
	start_peer drain
	start send smpp send "127.0.0.1:$port" -d 1 -m x -v
	wait_line send.err 'bind_transmitter seq 1'
	kill -TERM "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 143 ]
}

@test "unbind that nobody answers does not change the result" {
	peer bind ok drain
	says 0 "accepted  77"
}
