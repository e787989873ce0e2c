# What every .bats file loads: the built program on PATH, an empty environment,
# background processes that are waited for without sleeping and always stopped.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
B=$(cd "$root" && cd "${B:-build}" && pwd)
export B root
export PATH="$B:$PATH"

# Limits every wait, in seconds; sanitizers are slow.
WAIT=${WAIT:-20}

# A test starts in a directory of its own, as a user who has configured nothing.
smpp_setup() {
	unset "${!SMPP_@}" XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR
	unset JOURNAL_STREAM CREDENTIALS_DIRECTORY
	export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
	cd "$BATS_TEST_TMPDIR" || return
	pids=()
}

setup() {
	smpp_setup
}

teardown() {
	stop_all
}

# start NAME COMMAND...: runs COMMAND in the background; its output goes to the
# files NAME.out and NAME.err, its process id to $pid.
start() {
	local name=$1
	shift
	"$@" </dev/null >"$name.out" 2>"$name.err" 3>&- &
	pid=$!
	pids+=("$pid")
}

# start_smsc [OPTION...]: an SMSC on a free loopback port, which is $port when
# this returns; its output is in smsc.out and smsc.err.
start_smsc() {
	local fifo
	fifo=$(mktemp -u ready.XXXXXX)
	mkfifo "$fifo"
	start smsc ready_on "$fifo" smpp smsc -L 127.0.0.1:0 --ready-fd 9 "$@"
	port=
	read -r -t "$WAIT" port <"$fifo" || {
		cat smsc.err >&2
		return 1
	}
	port=${port##*:}
	rm "$fifo"
}

# start_peer STEP...: a scripted SMSC (peer.pl) on port $port; its output is in
# peer.out and peer.err.
start_peer() {
	local fifo
	fifo=$(mktemp -u ready.XXXXXX)
	mkfifo "$fifo"
	start peer perl "$root/t/peer.pl" listen "$fifo" "$@"
	read -r -t "$WAIT" port <"$fifo"
	rm "$fifo"
}

# ready_on FIFO COMMAND...: runs COMMAND with descriptor 9 writing to FIFO.
ready_on() {
	local fifo=$1
	shift
	exec "$@" 9>"$fifo"
}

# wait_line FILE REGEX: waits until FILE has a line that matches.
wait_line() {
	# shellcheck disable=SC2016 # the inner shell expands it
	# shellcheck disable=SC2016 # the inner shell expands it
	timeout "$WAIT" bash -c '
		grep -q -m1 -E -e "$2" < <(exec tail -n +1 -F --pid=$$ "$1")
	' wait_line "$1" "$2" 2>/dev/null || {
		echo "no line '$2' within ${WAIT}s in $1:" >&2
		cat "$1" >&2
		return 1
	}
}

# wait_exit PID: waits until our child PID is gone; its status is returned.
wait_exit() {
	timeout "$WAIT" tail -f -s 0.05 --pid="$1" /dev/null || return
	wait "$1"
}

# stop PID: ends a child with TERM, with KILL if it does not go.
stop() {
	kill -TERM "$1" 2>/dev/null || return 0
	timeout 5 tail -f -s 0.05 --pid="$1" /dev/null || kill -KILL "$1"
	wait "$1" 2>/dev/null || true
}

stop_all() {
	local p
	for p in "${pids[@]}"; do
		stop "$p"
	done
	pids=()
}
