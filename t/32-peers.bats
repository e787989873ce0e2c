#!/usr/bin/env bats
# Peers that break the rules, against every command that connects: the exit
# status is right and comes in time, and memory stays small.

load helper

# How long a response may take: long, so that no busy machine needs it, but
# where none comes.
limit=9s

# command_of NAME PORT: a command with these timeouts.
command_of() {
	local limits=(-i acme --connect-timeout 9s --response-timeout "$limit")
	case $1 in
	listen) set -- "$@" -W 300ms ;;
	query) set -- "$@" --message-id 77 -s A ;;
	esac
	exec timeout 30 smpp "$1" "127.0.0.1:$2" "${limits[@]}" "${@:3}"
}

# peers STEP... -- LISTEN BIND_TEST QUERY: the exit status of each command, or
# what it may be, as who closes can be heard before or after the next request.
peers() {
	local steps=() name want rc p all=() began=$SECONDS
	while [ "$1" != -- ]; do
		steps+=("$1")
		shift
	done
	shift
	for name in listen bind-test query; do
		start_peer "${steps[@]}"
		start "$name" command_of "$name" "$port"
		all+=("$pid")
	done
	for name in listen bind-test query; do
		want=$1
		shift
		rc=0
		wait_exit "${all[0]}" || rc=$?
		all=("${all[@]:1}")
		[[ $rc == [$want] ]] || {
			echo "${steps[*]}: $name: exit $rc, not $want" >&2
			cat "$name.err" >&2
			return 1
		}
		[ "$rc" -lt 2 ] || grep -q "^smpp $name: " "$name.err"
		run -1 grep -q $'\e' "$name.out" "$name.err"
	done
	[ $((SECONDS - began)) -lt 9 ]
	stop_all
	limit=9s
}

# bats test_tags=slow
@test "before and instead of the answer to the bind" {
	limit=300ms
	peers drain -- 7 7 7
	peers close -- 7 7 7
	peers rst -- 7 7 7
	peers half close -- 7 7 7
	peers hex=5353482d322e302d4f70656e5353485f392e320d0a drain -- 7 7 7
	peers read hex=ffffffff800000020000000000000001 drain -- 7 7 7
	peers nack=3 drain -- 5 5 5
	peers nack=0 drain -- 7 7 7
	limit=300ms
	peers read pdu=0xb,0,1,610062 drain -- 7 7 7
	limit=300ms
	peers read flood=00000010800000040000000000000063 -- 7 7 7
	peers drip serve -- 1 0 0
}

# bats test_tags=slow
@test "after it, and in place of the next answer" {
	limit=1s
	peers bind drain -- 1 7 3
	peers bind close -- 7 7 37
	peers bind read close -- 17 7 3
	peers bind rst -- 17 7 37
	peers bind hex=0000000c drain -- 7 7 3
	peers bind hex=1603010200 close -- 7 7 37
	peers bind pdu=6,0,9 drain -- 7 7 37
	peers bind pdu=0xb,0,1,610062 serve -- 1 0 0
	limit=1s
	peers bind flood=00000010800000040000000000000063 -- 1 7 3
	limit=1s
	peers bind flood=00000010000000150000000000000001 -- 1 7 3
	peers bind flood=00000010000000060000000000000001 -- 7 7 37
	peers bind nack=0 serve -- 1 1 1
}

# bats test_tags=slow
@test "memory stays below 64 MiB, whatever is sent" {
	local most now
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers need the memory"
	for steps in burst=200000 flood=00000010000000150000000000000001; do
		start_peer bind "$steps" drain
		start one smpp listen "127.0.0.1:$port" -W 1s -q -o /dev/null \
			--response-timeout 500ms
		most=0
		while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" \
			2>/dev/null) &&
			[ -n "$now" ]; do
			most=$now
			timeout 0.05 tail -f /dev/null --pid="$pid" || true
		done
		echo "$steps: $most KiB"
		[ "$most" -gt 0 ]
		[ "$most" -lt 65536 ]
	done
}
