# The examples in C of the manual build against what is installed, and do what
# they say.
load helper

# They are built as others build them: from the installed tree, by pkg-config.
setup_file() {
	export DEST=$BATS_FILE_TMPDIR
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$root" B="$B" DESTDIR="$DEST" \
		PREFIX=/p install
}

setup() {
	smpp_setup
	export PKG_CONFIG_SYSROOT_DIR=$DEST
	export PKG_CONFIG_PATH=$DEST/p/lib/pkgconfig
	export LD_LIBRARY_PATH=$DEST/p/lib
}

# example NAME: builds NAME.c of the installed examples as ./NAME.
example() {
	local flags
	flags=$(pkg-config --cflags --libs smpp)
	# shellcheck disable=SC2086 # flags are words
	${CC:-cc} -std=c11 -pedantic -Wall -Wextra -Werror ${CFLAGS:-} -o "$1" \
		"$DEST/p/share/doc/smpp/examples/$1.c" $flags
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

@test "server: accepts binds, and gives each message an id" {
	example server
	[ "$(wc -l <"$root/man/examples/server.c")" -lt 100 ]
	start server ./server
	wait_line server.out '^127\.0\.0\.1:'
	server=$(head -n 1 server.out)
	smpp send "$server" -s ACME -d 491701234567 -m Hello -F '%{message_id}\n' \
		>one.out
	diff one.out - <<<id1
	smpp load "$server" -s A -d 49 -m x -R max -C 5000 --sessions 4 \
		--window 50 -F '%{ok}\n' >load.out
	grep -q '^5000$' load.out
	run -0 smpp bind-test "$server"
	run ! smpp query "$server" id1
	# Nobody left but in order.
	[ ! -s server.err ]
}
