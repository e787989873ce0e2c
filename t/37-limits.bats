#!/usr/bin/env bats
# What smpp smsc waits for it does not wait for without end. Its clock runs 20
# times as fast here: half a minute is 1.5 s.

load helper

setup() {
	smpp_setup
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip 'sanitizers are preloaded'
	start_smsc env LD_PRELOAD="$B/t/clock/fastclock.so" FASTCLOCK=20
	login=00000018000000090000000000000001610000003400"0000"
}

# start_smsc COMMAND...: the same as in helper.bash, run by COMMAND.
start_smsc() {
	mkfifo ready
	start smsc ready_on ready "$@" smpp smsc -L 127.0.0.1:0 --ready-fd 9
	read -r -t "$WAIT" port <ready
	port=${port##*:}
}

# ends FROM TO STEP...: a client that logs in and takes the steps is cut off
# after so many ms, or when it has nothing more to do.
ends() {
	local from=$1 to=$2 began took
	shift 2
	began=$(date +%s%3N)
	timeout "$WAIT" perl "$root/t/peer.pl" connect "$port" hex="$login" \
		read "$@" >got
	took=$(($(date +%s%3N) - began))
	echo "it took $took ms"
	[ "$took" -ge "$from" ]
	[ "$took" -le "$to" ]
}

@test "a peer that never reads is dropped after a minute" {
	ends 2900 9000 flood="$(printf '%08x%08x%016x' 16 0x15 7)"
	wait_line smsc.out 'timeout  no reading of what it gets'
	wait_line smsc.out 'closed  too slow'
}

@test "a PDU that never completes is dropped after half a minute" {
	ends 1400 6000 hex=0000001400000004 drain
	grep -q '^eof' got
	wait_line smsc.out '#1 .*timeout  no .*rest of a PDU'
	wait_line smsc.out '#1 .*closed  too slow'
	[ "$(grep -c '#1 .*timeout' smsc.out)" -eq 1 ]
	# an octet now and then does not help
	step=(hex=00 sleep=0.25)
	ends 1400 8000 hex=00000080 "${step[@]}" "${step[@]}" "${step[@]}" \
		"${step[@]}" "${step[@]}" "${step[@]}" "${step[@]}" drain
	wait_line smsc.out '#2 .*closed  too slow'
	# but whole PDUs do, and nothing at all is no PDU
	step=(hex="$(printf '%08x%08x%016x' 16 0x15 7)" read hex=0000 sleep=0.5
		hex="$(printf '%04x%08x%016x' 16 0x15 8)" read sleep=0.5)
	ends 3900 12000 "${step[@]}" "${step[@]}" "${step[@]}" "${step[@]}"
	run ! grep '#3 .*too slow' smsc.out
	[ "$(grep -c '^in 00000010800000150' got)" -eq 8 ]
}

@test "after unbind a peer has two seconds to close" {
	ends 80 1500 pdu=6,0,2 read drain
	[ "$(tail -n 2 got)" = $'in 00000010800000060000000000000002\neof' ]
	wait_line smsc.out 'closed  did not close by itself'
	# so it has after octets that are no SMPP
	ends 500 3000 hex=485454502f312e31 drain sleep=0.5
	grep -q '^eof' got
	wait_line smsc.out '#2 .*closed  did not close by itself'
	# and what it sends meanwhile is not answered
	ends 80 1500 pdu=6,0,2 pdu=0x15,0,3 pdu=4,0,4 read drain
	[ "$(tail -n 2 got)" = $'in 00000010800000060000000000000002\neof' ]
}
