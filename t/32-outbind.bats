#!/usr/bin/env bats
# smpp listen --outbind: an SMSC that connects to us.

load helper

# The octets of an outbind of system_id "mc" with password "pw".
OUTBIND=pdu=0x0b,0,1,6d6300707700

# start_outbind [OPTION...]: listens in the background on port $port.
start_outbind() {
	mkfifo ready
	start listen ready_on ready smpp listen --outbind -L 127.0.0.1:0 \
		--ready-fd 9 -i acme "$@"
	listener=$pid
	port=
	read -r -t "$WAIT" port <ready
	port=${port##*:}
	port=${port##*:}
	rm ready
}

# smsc STEP...: connects and plays these steps; its output is in peer.out.
smsc() {
	timeout "$WAIT" perl "$root/t/peer.pl" connect "$port" "$@" >peer.out
}

@test "an SMSC connects, we bind back; one after the other" {
	export SMPP_PASSWORD=secret
	start_outbind -C 2 -v
	smsc "$OUTBIND" bind mo=7,one read pdu=6,0,8 drain
	wait_line peer.out '^in .{8}00000001.{16}61636d650073656372657400'
	wait_line peer.out '^in .{8}80000005.{8}00000007'
	wait_line peer.out '^in .{8}80000006'
	smsc "$OUTBIND" bind mo=9,two read ok drain
	wait_exit "$listener"
	[ "$(cut -c 11- listen.out | xargs -d '\n')" = \
		'4917 -> ACME  "one" 4917 -> ACME  "two"' ]
	grep -q "== outbind of 'mc' from 127.0.0.1:" listen.err
	[ "$(grep -c "== bound rx to 'peer', SMPP 3.4" listen.err)" -eq 2 ]
	grep -q '== connection to 127.0.0.1:[0-9]* lost: the peer sent unbind' \
		listen.err
}

@test "it may have to be the right one" {
	echo pw >pw
	chmod 600 pw
	start_outbind -C 1 --outbind-id mc --outbind-password-file pw
	smsc pdu=0x0b,0,1,6d640070770000 drain
	[ "$(cat peer.out)" = eof ]
	smsc pdu=0x0b,0,1,6d6300707800 drain
	[ "$(cat peer.out)" = eof ]
	smsc "$OUTBIND" bind mo=1,Hello read drain
	wait_exit "$listener"
	[ "$(grep -c "outbind of 'm[cd]' from .*: wrong system_id or password$" \
		listen.err)" -eq 2 ]
	grep -q Hello listen.out
}

@test "those who send something else do not end it" {
	start_outbind -C 1 --response-timeout 300ms
	smsc close
	smsc hex=474554202f20485454502f312e310d0a0d0a drain
	smsc drain
	smsc "$OUTBIND" status=0x0d drain
	smsc "$OUTBIND" drain
	smsc "$OUTBIND" rst
	smsc pdu=0x0b,0,1 drain
	smsc "$OUTBIND" bind mo=1,Hello read drain
	wait_exit "$listener"
	grep -q 'no outbind within 300ms from 127.0.0.1:' listen.err
	grep -q 'this looks like an HTTP request' listen.err
	grep -q 'bind refused by 127.0.0.1:[0-9]*: ESME_RBINDFAIL' listen.err
	grep -q 'no bind_receiver_resp within 300ms' listen.err
	grep -q Hello listen.out
}

@test "SMPP 5.0 may bind to send, too" {
	start_outbind -C 1 --smpp-version 5.0 -b trx
	smsc "$OUTBIND" bind mo=1,Hello read ok drain
	wait_exit "$listener"
	grep -q '^in .\{8\}00000009' peer.out
}

@test "with our own SMSC" {
	start_outbind -C 1
	echo '{"destination_addr":"1","text":"MO"}' >mo
	start smsc smpp smsc -L 127.0.0.1:0 --outbind "127.0.0.1:$port" --mo mo
	wait_exit "$listener"
	grep -q '"MO"' listen.out
}

@test "-W, -t, INT and TERM end it" {
	run -1 timeout "$WAIT" smpp listen --outbind -L 127.0.0.1:0 -W 100ms
	run -1 timeout "$WAIT" smpp listen --outbind -L '[::1]:0' -t 100ms
	start_outbind
	kill -INT "$listener"
	status=0
	wait_exit "$listener" || status=$?
	[ "$status" -eq 130 ]
	start_outbind
	kill -USR1 "$listener"
	wait_line listen.err '== 0 records'
	kill -TERM "$listener"
	status=0
	wait_exit "$listener" || status=$?
	[ "$status" -eq 143 ]
}

@test "mistakes" {
	refused() {
		run -2 --separate-stderr smpp listen "${@:2}"
		[[ $stderr == *"$1"* ]]
	}
	refused "--outbind without --listen ADDR" --outbind
	refused "are for --outbind" localhost -L 127.0.0.1:0
	refused "exclude each other" --outbind -L h:1 --reconnect
	refused "--outbind and TLS" --outbind -L h:1 --tls
	refused "SMPP 3.3 has no outbind" --outbind -L h:1 --smpp-version 3.3
	refused "asks for a receiver" --outbind -L h:1 -b trx
	refused "'h' is not HOST:PORT" --outbind -L h
	refused "--listen: '99999' is not a port" --outbind -L h:99999
	start_outbind
	run -9 --separate-stderr smpp listen --outbind -L "127.0.0.1:$port"
	[[ $stderr == *"listen on 127.0.0.1:$port: Address already in use" ]]
	stop "$listener"
	run -9 --separate-stderr smpp listen --outbind -L 127.0.0.1:0 \
		--ready-fd 99
	[[ $stderr == *"descriptor 99: Bad file descriptor" ]]
}
