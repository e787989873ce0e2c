#!/usr/bin/env bats
# smpp smsc among clients that do what they should not.

load helper

# rss PID: its memory in KiB.
rss() {
	awk '/VmRSS/ { print $2 }' "/proc/$1/status"
}

@test "after each hostile client the next honest one is served" {
	start_smsc -q --receipt DELIVRD:0
	smsc=$pid
	start hostile perl "$root/t/hostile.pl" "$port"
	WAIT=120 wait_exit "$pid"
	cat hostile.out hostile.err
	run ! grep '^not ok' hostile.out
	[ "$(grep -c '^ok' hostile.out)" -ge 40 ]
	[ ! -s hostile.err ]
	# they are gone, and so is what they had
	smpp bind-test "127.0.0.1:$port" -q
	[[ ${CFLAGS:-} == *-fsanitize* ]] || [ "$(rss "$smsc")" -lt 200000 ]
	stop "$smsc"
	run ! grep -i -e sanitizer -e 'runtime error' smsc.err
}
