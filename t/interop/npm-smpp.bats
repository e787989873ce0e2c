#!/usr/bin/env bats
# Both sides against npm's smpp, which was not written here.

load ../helper

setup() {
	smpp_setup
	export NODE_SMPP=$B/node_modules/smpp
}

@test "send to a server of npm's smpp" {
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
	target=smpp://acme@127.0.0.1:$port
	export SMPP_PASSWORD=secret
	run -0 smpp send "$target" -s ACME -d +4917 -m 'Hello @ _ $' \
		--tsv destination_addr,outcome,message_id
	[ "$output" = $'4917\taccepted\tnpm-1' ]
	run -0 smpp send "$target" -s ACME -d +4917 -m 'Привет' -W 10s --tsv \
		outcome,message_id,id_match,receipt.stat
	[ "$output" = $'accepted\tnpm-2\t-\t-
delivered\tnpm-2\texact\tDELIVRD' ]
	run -0 smpp send "$target" -d 1 -d 2 -d 3 -m x --smpp-version 5.0 \
		--tsv outcome
	[ "${#lines[@]}" -eq 3 ]
	stop "$pid"
	head -n 7 server.out | diff - <(cat <<-'END'
	bind_transmitter acme secret 52
	submit_sm ACME 4917 "Hello @ _ $"
	unbind
	bind_transceiver acme secret 52
	submit_sm ACME 4917 "Привет"
	deliver_sm_resp 0
	unbind
	END
	)
}

@test "clients of npm's smpp with our SMSC" {
	start_smsc --receipt DELIVRD:0
	client() {
		timeout "$WAIT" node "$root/t/interop/peer.js" send "$port" "$@"
	}
	run -0 client transmitter one two three
	[ "$output" = "bound 0 smpp 80
submit_sm_resp 0 1
submit_sm_resp 0 2
submit_sm_resp 0 3
enquire_link_resp 0
unbind_resp 0" ]
	run -0 client transceiver Hi
	[[ $output == *"submit_sm_resp 0 4"*"deliver_sm 4917 ACME id:"*2* ]]
	stop "$pid"
	grep -q '  submit_sm  ACME -> 4917  "Hi"  id 4$' smsc.out
	run ! grep -e stray -e refused smsc.out
}
