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

# bats test_tags=slow
@test "many messages leave memory and descriptors as they were" {
	start_smsc -q --store 2000 --time-scale 1000 \
		--receipt DELIVRD=90,UNDELIV=10:10s
	smsc=$pid
	batch() {
		smpp load "smpp://acme@127.0.0.1:$port" -s A -d '4917{rand:8}' \
			-m x -R max -C "$1" -q --registered-delivery 1 -b trx
	}
	batch 20000
	before=$(rss "$smsc")
	files=("/proc/$smsc/fd"/*)
	batch 60000
	[[ ${CFLAGS:-} == *-fsanitize* ]] ||
		[ "$(rss "$smsc")" -lt $((before + 8000)) ]
	after=("/proc/$smsc/fd"/*)
	[ "${#after[@]}" -eq "${#files[@]}" ]
}
