#!/usr/bin/env bats
# -v, -vv, -vvv of the commands that connect: steps, fields, octets.

load helper

setup() {
	smpp_setup
	export SMPP_PASSWORD=s3cret
}

# hexes WAY FILE: the octets of each PDU that went that way, a line each.
hexes() {
	awk -v way="$1" '
		/^(->|<-) / { if (hex) print hex; hex = ""; mine = $1 == way }
		mine && /^  [0-9a-f]+$/ { hex = hex $1 }
		END { if (hex) print hex }' "$2"
}

# same_as_peer FILE: what FILE shows as sent is what the scripted peer read.
same_as_peer() {
	wait_line peer.out '^in .{8}00000006'
	diff <(sed -n 's/^in //p' peer.out | sed 's/733363726574/2a2a2a2a2a2a/') \
		<(hexes '->' "$1")
}

# no_secret FILE: no secret in it, neither as text nor in hexadecimal.
no_secret() {
	run ! grep -i -E 's3cret|733363726574' "$1"
}

@test "send: steps, fields, octets" {
	start_smsc
	to=(send "127.0.0.1:$port" -i acme -s ACME -d +4917 -m Hello)
	smpp "${to[@]}" -q 2>err >out
	[ ! -s err ]
	smpp "${to[@]}" -v 2>err >out
	grep -q -x -e '-> submit_sm seq 2' err
	run ! grep -q short_message err
	smpp "${to[@]}" -vv 2>err >out
	grep -q -x -E '  destination_addr +"4917"' err
	grep -q -x -E '  source_addr_ton +5  alphanumeric' err
	grep -q -x -E '  short_message +"Hello"' err
	grep -q -x -E '  message_id +"3"' err
	grep -q -x -E '  password +"\*{6}"' err
	run ! grep -E '^  [0-9a-f]+$' err
	[[ $(<out) == "4917  accepted  3  "* ]]
	smpp "${to[@]}" -vvv 2>err >out
	[ "$(hexes '->' err | smpp decode-hex -F '%{command_id_name} ')" = \
		'bind_transmitter submit_sm unbind ' ]
	[ "$(hexes '<-' err | smpp decode-hex -F '%{command_id_name} ')" = \
		'bind_transmitter_resp submit_sm_resp unbind_resp ' ]
	no_secret err
	smpp "${to[@]}" -vvv -j 2>err >out
	[ "$(jq -r .outcome out)" = accepted ]
	[ "$(hexes '->' err | wc -l)" -eq 3 ]
	no_secret err
}

@test "a status is a name, or the number when the tables have none" {
	start_smsc --rule 'destination_addr==1 -> status=ESME_RSYSERR' \
		--rule 'destination_addr==2 -> status=0x456'
	run -1 --separate-stderr smpp send "127.0.0.1:$port" -d 1 -d 2 -v -m x
	grep -q -E '^<- submit_sm_resp seq 2 ESME_RSYSERR [0-9.]+ ms$' \
		<<<"$stderr"
	grep -q -E '^<- submit_sm_resp seq 3 0x00000456 [0-9.]+ ms$' \
		<<<"$stderr"
}

@test "the octets are those on the wire, passwords masked" {
	start_peer bind ok serve
	smpp send "127.0.0.1:$port" -d 1 -m x -vvv 2>err >out
	same_as_peer err
	start_peer bind ok serve
	smpp send "127.0.0.1:$port" -d 1 -m x -vvv --show-secrets 2>err >out
	grep -q -x -E '  password +"s3cret"' err
	hexes '->' err | grep -q 733363726574
}

@test "listen" {
	start_peer bind mo=1,'STOP please' serve
	smpp listen "127.0.0.1:$port" -C 1 -vvv -j 2>err >out
	[ "$(jq -r .text out)" = 'STOP please' ]
	grep -q -x -E '  short_message +"STOP please"' err
	grep -q -x -e '-> deliver_sm_resp seq 1 ok' err
	same_as_peer err
}

@test "bind-test" {
	start_peer bind serve
	smpp bind-test "127.0.0.1:$port" -vvv 2>err >out
	[[ $(<out) == "ok  trx to 'peer'"* ]]
	same_as_peer err
	start_peer bind serve
	smpp bind-test "127.0.0.1:$port" -vvv --nagios 2>err >out
	[ "$(wc -l <out)" -eq 1 ]
	same_as_peer err
	start_peer bind serve
	smpp bind-test "127.0.0.1:$port" -vv -j 2>err >out
	[ "$(jq .ok out)" = true ]
	grep -q -x -E '  sc_interface_version +tag 0x0210, length 1' err
}

@test "request and its readable names" {
	start_peer bind ok serve
	smpp request "127.0.0.1:$port" data_sm source_addr=A \
		tlv.message_payload=Hello -vvv -j 2>err >out
	[ "$(jq -r .command_id_name out)" = data_sm_resp ]
	grep -q -x -E '  message_payload +tag 0x0424, length 5' err
	same_as_peer err
	start_peer bind ok serve
	smpp cancel "127.0.0.1:$port" --message-id 5f3a -vv 2>err >out || true
	grep -q -x -E '  message_id +"5f3a"' err
}

@test "what does not decode is shown with what is wrong" {
	start_peer bind pdu=5,0,7,000000 read serve
	run smpp listen "127.0.0.1:$port" -W 5s -C 1 -vvv
	[[ $output == *"<- deliver_sm seq 7"*"error: "*$'\n'"  00000013000000050"* ]]
}

@test "priorities for the journal, on each line" {
	start_smsc
	# shellcheck disable=SC2016 # the inner shell expands it
	bash -c 'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) \
		smpp bind-test "127.0.0.1:$1" -vvv' bash "$port" 2>err >out
	grep -q '^<6>  command_length ' err
	grep -q -E '^<6>  [0-9a-f]+$' err
	run ! grep -v '^<6>' err
}
