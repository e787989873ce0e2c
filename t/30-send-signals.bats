#!/usr/bin/env bats
# smpp send and signals: what it says of its messages, and how it dies.

load helper

# interrupt SIGNAL FILE PATTERN OPTION...: starts smpp send, sends the signal
# once FILE has the line, and expects it to die by that signal.
interrupt() {
	local sig=$1 file=$2 pattern=$3 rc=0
	shift 3
	start send smpp send "127.0.0.1:$port" -s A "$@"
	wait_line "$file" "$pattern"
	kill "-$sig" "$pid"
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq $((128 + $(kill -l "$sig"))) ]
}

@test "while it waits for input" {
	mkfifo in
	for sig in INT TERM; do
		start_peer bind ok serve
		exec 8<>in
		echo '{"text":"x"}' >&8
		interrupt $sig send.out accepted -d 1 --batch in
		exec 8>&-
		grep -q '^== 1 message: 1 accepted, ' send.err
		wait_line peer.out '^in ........00000006'
	done
}

@test "while it waits for a receipt: at once, and said" {
	for sig in INT TERM; do
		start_peer bind ok serve
		interrupt $sig send.out accepted -d 1 -m x -W 60s
		grep -q 'stopped before its outcome was known' send.err
		wait_line peer.out '^in ........00000006'
	done
}

@test "while the SMSC has it pause, and while it is not yet time" {
	start_peer bind status=0x58 serve
	interrupt INT send.err 'again in ' -d 1 -m x --retry-throttled 9 -v \
		-R 1/m
	grep -q '^1  unsent    1 part' send.out
	start_peer bind ok serve
	interrupt TERM send.out accepted -d 1 -d 2 -d 3 -m x -R 1/m
	[ "$(awk '{ print $2 }' send.out | xargs)" = "accepted unsent unsent" ]
}

@test "while it binds; twice is at once" {
	start_peer read wait=zzz
	interrupt INT peer.out '^in ........00000002' -d 1 -m x
	start_peer bind wait=zzz
	start send smpp send "127.0.0.1:$port" -s A -d 1 -m x
	wait_line peer.out '^in ........00000004'
	kill -INT "$pid"
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ $rc -eq 130 ]
	grep -q '^1  unknown ' send.out
}

@test "a response that came while it was stopped is in time" {
	mkfifo go
	start_peer bind read until=go pdu=0x80000004,0,2,373700 serve
	start send smpp send "127.0.0.1:$port" -s A -d 1 -m x \
		--response-timeout 1s
	wait_line peer.out '^in ........00000004'
	kill -STOP "$pid"
	echo >go
	sleep 1.2
	kill -CONT "$pid"
	wait_exit "$pid"
	grep -q '^1  accepted  77  ' send.out
}

@test "INT that was inherited ignored is heard, HUP is not" {
	start_peer bind ok serve
	mkfifo in
	exec 8<>in
	start send bash -c 'trap "" INT HUP; exec smpp send "$@"' x \
		"127.0.0.1:$port" -s A -d 1 --batch in
	echo '{"text":"x"}' >&8
	wait_line send.out accepted
	kill -HUP "$pid"
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	exec 8>&-
	[ $rc -eq 130 ]
}
