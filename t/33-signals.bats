#!/usr/bin/env bats
# Signals, pipes and full disks, in every phase of the commands that connect:
# they end in time, unbind where they are bound, and die by the signal.

load helper

# run_command NAME [OPTION...]: starts it against the peer; its pid is $cmd.
run_command() {
	local name=$1
	shift
	case $name in
	query) set -- --message-id 77 -s A "$@" ;;
	esac
	start "$name" smpp "$name" "127.0.0.1:$port" -i acme "$@"
	cmd=$pid
}

# dies SIGNAL: the command is ended by it, in less than the 10 s that every
# timeout takes by itself.
dies() {
	local rc=0 began=$SECONDS
	wait_exit "$cmd" || rc=$?
	[ "$rc" -eq $((128 + $(kill -l "$1"))) ] || {
		echo "exit $rc, not by $1" >&2
		return 1
	}
	[ $((SECONDS - began)) -lt 9 ]
}

# full_peer: nobody is heard at $port, for too many wait there already.
full_peer() {
	mkfifo full
	# shellcheck disable=SC2016 # it is Perl's
	start full perl -MSocket -e '
		my $s; my @c;
		socket($s, PF_INET, SOCK_STREAM, 0) or die;
		bind($s, sockaddr_in(0, INADDR_LOOPBACK)) or die;
		listen($s, 0) or die;
		my ($port) = sockaddr_in(getsockname($s));
		for (0 .. 3) {
			socket($c[$_], PF_INET, SOCK_STREAM | 04000, 0) or die;
			connect($c[$_], sockaddr_in($port, INADDR_LOOPBACK));
		}
		open(my $f, ">", "full");
		print $f "$port\n";
		close($f);
		sleep 1000'
	read -r -t "$WAIT" port <full
	rm full
}

# in_phase LINE COMMAND...: each signal ends each of the commands while it is
# there; a message may be sent as well as asked for.
in_phase() {
	local line=$1 name sig
	shift
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "preloads do not mix"
	for name in send listen bind-test query; do
		case $name in
		send) set -- -s A -d 1 -m x ;;
		query) set -- --message-id 77 -s A ;;
		*) set -- ;;
		esac
		for sig in INT TERM; do
			start "$name" env LD_PRELOAD="$B/t/preload/phases.so" \
				smpp "$name" "$host:$port" -i acme "$@"
			cmd=$pid
			wait_line "$name.err" "$line"
			kill -USR1 "$cmd"
			kill -"$sig" "$cmd"
			dies "$sig"
			[ "$(head -n 1 "$name.err")" = "$line" ]
			! grep '^smpp' "$name.err"
		done
	done
}

@test "while the name is looked up" {
	host=name.invalid port=2775 in_phase resolving
}

@test "while it connects" {
	full_peer
	host=127.0.0.1 in_phase connecting
}

@test "while the TLS handshake waits" {
	for name in listen bind-test query; do
		for sig in INT TERM; do
			start_peer drain
			run_command "$name" --tls -k
			wait_line peer.out '^in 16'
			kill -"$sig" "$cmd"
			dies "$sig"
			stop_all
		done
	done
}

@test "while the bind waits; USR1 does not end that" {
	for name in listen bind-test query; do
		for sig in INT TERM HUP; do
			start_peer drain
			run_command "$name"
			wait_line peer.out '^in .{8}0000000[129]'
			kill -USR1 "$cmd"
			kill -"$sig" "$cmd"
			dies "$sig"
			stop_all
		done
	done
	start_peer read until=go pdu=0x80000009,0,1,7000 ok ok drain
	mkfifo go
	run_command bind-test
	wait_line peer.out '^in .{8}00000009'
	kill -USR1 "$cmd"
	: >go
	wait_exit "$cmd"
	grep -q "^ok  trx to 'p'" bind-test.out
}

@test "while an answer waits: unbind, and say what is not known" {
	for sig in INT TERM; do
		start_peer bind read ok drain
		run_command query
		wait_line peer.out '^in .{8}00000003'
		kill -USR1 "$cmd"
		kill -"$sig" "$cmd"
		dies "$sig"
		grep -q 'stopped before query_sm_resp came' query.err
		grep -q '^in .\{8\}00000006' peer.out
		stop_all
		start_peer bind read ok drain
		run_command bind-test
		wait_line peer.out '^in .{8}00000015'
		kill -"$sig" "$cmd"
		dies "$sig"
		stop_all
	done
}

@test "a second INT closes at once" {
	start_peer bind drain
	run_command query
	wait_line peer.out '^in .{8}00000003'
	kill -INT "$cmd"
	timeout 0.1 tail -f /dev/null || true # two at once would be one
	kill -INT "$cmd"
	dies INT
	stop_all
	start_peer bind drain
	run_command listen
	wait_line listen.err '== bound'
	kill -TERM "$cmd"
	wait_line peer.out '^in .{8}00000006'
	kill -INT "$cmd" || true
	dies TERM
}

@test "stopped and continued: what came meanwhile is taken" {
	start_peer bind read until=go pdu=0x80000003,0,2,3737000002000000 serve
	mkfifo go
	run_command query --response-timeout 30s
	wait_line peer.out '^in .{8}00000003'
	kill -STOP "$cmd"
	: >go
	kill -CONT "$cmd"
	wait_exit "$cmd"
	grep -q '^query_sm_resp  ESME_ROK  77  DELIVERED' query.out
}

@test "a full disk is exit 9, a closed pipe death by PIPE" {
	local rc
	for name in bind-test query; do
		start_peer bind serve
		[ "$name" = query ] && set -- --message-id 77 -s A || set --
		rc=0
		smpp "$name" "127.0.0.1:$port" "$@" >/dev/full 2>err || rc=$?
		[ "$rc" -eq 9 ]
		grep -q "^smpp $name: standard output: No space left" err
		mkfifo pipe
		exec 8<>pipe # so that the next one does not wait
		exec 7>pipe
		exec 8<&-
		rc=0
		smpp "$name" "127.0.0.1:$port" "$@" >&7 2>err 7>&- || rc=$?
		exec 7>&-
		[ "$rc" -eq $((128 + 13)) ]
		rm pipe
		stop_all
	done
}
