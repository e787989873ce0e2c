# Out of memory at every single allocation: a clean end, never a crash.
load helper

setup() {
	smpp_setup
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers allocate themselves"
}

# sweep COMMAND...: runs it with the first allocation failing, then the second,
# and so on until none fails. It may do without (stdio does), or exit 10.
sweep() {
	local n rc
	for ((n = 1; n < 2000; n++)); do
		rc=0
		timeout "$WAIT" env FAIL_AT="$n" \
			LD_PRELOAD="$B/t/nomem/failmalloc.so" "$@" \
			>out 2>err </dev/null || rc=$?
		grep -q failmalloc err || return 0
		case $rc in
		0 | 10) ;;
		*)
			echo "allocation $n: status $rc: $*"
			cat err
			return 1
			;;
		esac
	done
	echo "still failing at allocation $n: $*"
	return 1
}

@test "help and --list without memory" {
	sweep smpp --list
	sweep smpp help
	sweep smpp --help
}

@test "send without memory" {
	sweep smpp send localhost -s ACME -d 491701234567 -m Hello -n -j
	start_smsc
	sweep smpp send "127.0.0.1:$port" -s ACME -d 491701234567 -m Hello
}

@test "load without memory" {
	start_smsc
	sweep smpp load "127.0.0.1:$port" -s A -d 1 -m x -R max -C 4 \
		--sessions 3 -q
}

@test "repl without memory" {
	start_smsc
	cat >script.smpp <<-'END'
		submit_sm destination_addr=49 text=hi
		\let id=message_id
		query_sm message_id=$id
		\expect command_id==query_sm_resp
	END
	sweep smpp repl "127.0.0.1:$port" -f script.smpp
}

@test "listen without memory" {
	start_peer bind mo=1,hello \
		mo=2,0x40,0,05000307020161 mo=3,0x40,0,05000307020262 serve
	sweep smpp listen "127.0.0.1:$port" -C 2 --join -j \
		--where 'text!=x'
}

# The fifo is read so that a server that comes up is stopped at once.
@test "smsc without memory" {
	mkfifo ready
	for ((n = 1; n < 2000; n++)); do
		start smsc ready_on ready env FAIL_AT="$n" \
			LD_PRELOAD="$B/t/nomem/failmalloc.so" \
			smpp smsc -L 127.0.0.1:0 --ready-fd 9
		read -r -t "$WAIT" _ <ready || true
		kill -TERM "$pid" 2>/dev/null || true
		rc=0
		wait_exit "$pid" || rc=$?
		grep -q failmalloc smsc.err || return 0
		if [ $rc -ne 10 ] && [ $rc -ne 143 ]; then
			echo "allocation $n: status $rc"
			cat smsc.err
			return 1
		fi
	done
	false
}

# no_epoll COMMAND...: the system cannot wait, at the first call, the second, and
# so on until there is none: once, and from then on for ever. It ends in time, as
# ever when all was done, else with an error that says why.
no_epoll() {
	local n on rc normal=0
	timeout "$WAIT" "$@" >out 2>err </dev/null || normal=$?
	for on in '' 1; do
		for ((n = 1; n < 100; n++)); do
			rc=0
			timeout "$WAIT" env FAIL_AT="$n" ${on:+FAIL_ON=1} \
				LD_PRELOAD="$B/t/preload/failepoll.so" "$@" \
				>out 2>err </dev/null || rc=$?
			grep -q failepoll err || break
			case $rc in
			"$normal") continue ;;
			3 | 4 | 7 | 9) ! grep -q 'allocate memory' err || continue ;;
			esac
			echo "call $n: status $rc: $*"
			cat err
			return 1
		done
		[ "$n" -gt 5 ]
	done
}

@test "the system cannot wait" {
	start_smsc
	no_epoll smpp send "127.0.0.1:$port" -s ACME -d 491701234567 -m Hello
	no_epoll smpp bind-test "127.0.0.1:$port"
	no_epoll smpp query "127.0.0.1:$port" --message-id 1 -s ACME
	no_epoll smpp listen "127.0.0.1:$port" -W 10ms
	no_epoll smpp listen "127.0.0.1:$port" -W 10ms --reconnect
	no_epoll smpp listen --outbind -L 127.0.0.1:0 -W 10ms
	no_epoll smpp load "127.0.0.1:$port" -d 1 -m x -R 100 -C 2
}

@test "a connection that cannot be watched ends, and no other" {
	local n at
	mkfifo ready
	for ((n = 1; n < 30; n++)); do
		start smsc ready_on ready env FAIL_AT="$n" \
			LD_PRELOAD="$B/t/preload/failepoll.so" \
			smpp smsc -L 127.0.0.1:0 --ready-fd 9
		read -r -t "$WAIT" at <ready || continue
		smpp bind-test "$at" -q -t 3s || true
		if grep -q 'cannot be watched' smsc.out; then
			smpp bind-test "$at" -q
			return
		fi
		kill "$pid" || true
	done
	false
}
