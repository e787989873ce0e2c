# The examples in C of the manual build against what is installed, and do what
# they say.
load helper

# example NAME: builds man/examples/NAME.c as ./NAME.
example() {
	# shellcheck disable=SC2086 # flags are words
	${CC:-cc} -std=c11 -Wall -Wextra -Werror ${CFLAGS:-} -I"$root/lib" \
		-o "$1" "$root/man/examples/$1.c" "$B/libsmpp.a" -pthread
}

# start_relay: the relay before the SMSC at $port, on $relay.
start_relay() {
	start relay ./relay 127.0.0.1 0 localhost "$port"
	wait_line relay.out '^127\.0\.0\.1:'
	relay=$(head -n 1 relay.out)
}

@test "relay: PDUs go both ways, untouched" {
	example relay
	[ "$(wc -l <"$root/man/examples/relay.c")" -lt 100 ]
	start_smsc
	start_relay
	smpp send "$relay" -s ACME -d 491701234567 -m Hello -W 10s
	diff - <(tail -n +2 relay.out) <<-'END'
		-> bind_transceiver 1
		<- bind_transceiver_resp 1
		-> submit_sm 2
		<- submit_sm_resp 2
		<- deliver_sm 1
		-> deliver_sm_resp 1
		-> unbind 3
		<- unbind_resp 3
	END
}

@test "relay: many sessions at once, and much on each" {
	example relay
	start_smsc --receipt none
	start_relay
	smpp load "$relay" -s A -d 49 -m x -R max -C 20000 --sessions 8 \
		--window 50 -F '%{ok}\n' >load.out
	grep -q '^20000$' load.out
}

@test "relay: nobody behind it" {
	example relay
	port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
		LocalAddr => "127.0.0.1:0", Listen => 1)->sockport')
	start_relay
	run smpp bind-test "$relay" --response-timeout 5s
	[ "$status" -ne 0 ]
	wait_line relay.err "^127.0.0.1:$port: connect to .*: Connection refused"
}
