#!/usr/bin/env bats
# Both sides against Net::SMPP, which was not written here.

load helper

setup() {
	smpp_setup
	perl -MNet::SMPP -e 1 2>/dev/null || skip "no Net::SMPP"
}

@test "send to a server of Net::SMPP" {
	mkfifo ready
	start server perl "$root/t/netsmpp.pl" serve ready
	read -r port <ready
	target=smpp://acme@127.0.0.1:$port
	export SMPP_PASSWORD=secret
	run -0 smpp send "$target" -s ACME -d +4917 -m Hello \
		--tsv destination_addr,outcome,message_id
	[ "$output" = $'4917\taccepted\tnet-1' ]
	run -0 smpp send "$target" -s ACME -d +4917 -m Hello -W 10s --tsv \
		outcome,message_id,id_match,receipt.stat
	[ "$output" = $'accepted\tnet-1\t-\t-
delivered\tnet-1\texact\tDELIVRD' ]
	stop "$pid"
	diff - server.out <<-'END'
	bind 2 acme secret 34
	submit ACME 4917 Hello
	unbind
	bind 9 acme secret 34
	submit ACME 4917 Hello
	deliver_sm_resp 0
	unbind
	END
}

@test "clients of Net::SMPP with our SMSC" {
	start_smsc --receipt DELIVRD:0
	client() {
		timeout "$WAIT" perl "$root/t/netsmpp.pl" send "$port" "$@"
	}
	run -0 client tx Hello
	[ "$output" = "bound to smpp
submit_sm_resp 0 1
enquire_link_resp 0
unbind_resp 0" ]
	run -0 client rx
	[[ ${lines[1]} == "deliver_sm 4917 ACME 4 id:1 "*" stat:DELIVRD "* ]]
	[ "${lines[2]}" = "unbind_resp 0" ]
	run -0 client trx Hello
	[ "${lines[1]}" = "submit_sm_resp 0 2" ]
	[[ ${lines[2]} == "deliver_sm 4917 ACME 4 id:2 "*" text:Hello" ]]
	[ "${lines[3]}" = "unbind_resp 0" ]
}
