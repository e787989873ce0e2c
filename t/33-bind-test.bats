#!/usr/bin/env bats
# smpp bind-test against smpp smsc and peers that break the rules: its line,
# its records, and the exit codes of the program and of the plugin.

load helper

probe() {
	smpp bind-test "smpp://acme@127.0.0.1:$port" "$@"
}

setup() {
	smpp_setup
	ln -s "$B/smpp" check_smpp
}

# plugin EXIT TEXT [OPTION...]: what check_smpp says, one line on stdout alone.
plugin() {
	local want=$1 text=$2
	shift 2
	run --separate-stderr timeout 10 ./check_smpp "$@"
	echo "exit $status: $output $stderr"
	[ "$status" -eq "$want" ] && [ "${#lines[@]}" -eq 1 ] &&
		[ -z "$stderr" ] && [[ $output == "SMPP $text"* ]]
}

# peer EXIT TEXT STEP...: how a test against a scripted peer ends. A response
# may take $limit: long, so that no busy machine needs it, but where none comes.
limit=9s
peer() {
	local want=$1 text=$2
	shift 2
	start_peer "$@"
	SECONDS=0
	run --separate-stderr timeout 30 smpp bind-test "127.0.0.1:$port" \
		--connect-timeout 9s --response-timeout "$limit"
	echo "exit $status: $output $stderr"
	[ "$status" -eq "$want" ] && [[ $output$stderr == *"$text"* ]]
	[ "$SECONDS" -lt 9 ]
	stop "$pid"
	limit=9s
}

T='[0-9.]+\ m?s'

@test "a bind that works is one line" {
	start_smsc
	run -0 --separate-stderr probe
	[[ $output =~ ^ok\ \ trx\ to\ \'smpp\'\ \ smpp\ 3.4\ \ connect\ $T\ \ bind\ $T\ \ enquire_link\ $T\ \ tls\ no$ ]]
	[ -z "$stderr" ]
	[ -z "$(probe -q)" ]
	[[ $(probe -b rx) == "ok  rx to 'smpp'"* ]]
	[[ $(probe --smpp-version 3.3) == "ok  tx to 'smpp'  smpp 3.3"* ]]
	[[ $(probe --smpp-version 5.0) == *"  smpp 5.0  "* ]]
	run -2 probe --smpp-version 3.3 -b trx
}

@test "connect, bind, one enquire_link, unbind; nothing else" {
	start_smsc -j
	probe
	stop "$pid"
	run jq -r 'select(.dir=="in").command_id_name' smsc.out
	[ "$output" = $'bind_transceiver\nenquire_link\nunbind' ]
}

@test "-j: the keys of a check" {
	start_smsc
	run -0 --separate-stderr probe -j
	jq -e '.type=="check" and .time and .ok==true and .bind=="trx" and
		.system_id=="smpp" and .sc_interface_version==52 and
		(.connect_ms,.bind_ms,.enquire_link_ms,.unbind_ms|type) ==
		"number" and .tls==null and (has("stage")|not)' <<<"$output"
	[ "$(probe --tsv ok,bind)" = $'true\ttrx' ]
}

@test "-j: where it failed" {
	start_peer status=5 close
	run -5 --separate-stderr probe -j
	jq -e '.type=="check" and .ok==false and .stage=="bind" and .exit==5 and
		.command_status==5 and .command_status_name=="ESME_RALYBND" and
		.connect_ms>=0 and .bind_ms==null' <<<"$output"
	jq -e '.type=="error" and .exit==5 and .command_status==5' <<<"$stderr"
	run -4 --separate-stderr smpp bind-test 127.0.0.1:1 -j
	jq -e '.stage=="connect" and .exit==4' <<<"$output"
	run -2 --separate-stderr smpp bind-test -j
	[ -z "$output" ]
}

# bats test_tags=slow
@test "peers that break the rules, each with its exit code" {
	peer 5 'ESME_RINVPASWD (0x0000000e), ' status=0x0e drain
	limit=300ms
	peer 7 'no bind_transceiver_resp within 300ms' drain
	peer 7 'no bind_transceiver_resp' close
	peer 7 'is not that of a PDU' read hex=485454502f312e3120343030 drain
	limit=1s
	peer 7 'no enquire_link_resp within 1s' bind drain
	limit=1s
	peer 7 'no enquire_link_resp within 1s' bind read fill=3 drain
	peer 7 'no enquire_link_resp from' bind read close
	peer 7 'it sent unbind' bind pdu=6,0,1 drain
	peer 1 'enquire_link refused: ESME_RINVCMDID' bind nack=3 drain
	peer 0 "ok  trx to 'peer'" bind ok close
	peer 0 "ok  trx to 'peer'" bind ok drain
	# the messages of others are put off
	peer 0 "ok  trx" bind \
		pdu=5,0,7,00000031000000320000000000000000000000 serve
	grep -q 00000010800000050000006400000007 peer.out
}

@test "ranges of the plugin API" {
	local r
	start_smsc
	for r in 10 0:10 :10 0: '~:10' @5:10 @~:-1 -1:10 1.5; do
		probe -q --warning="$r" -c "$r"
	done
	for r in 0 5: '~:0' @0:10 @10 7:8.5; do
		run -1 --separate-stderr probe -w "$r"
		[[ $output == "warning  trx to"* ]]
		[[ $stderr == *" s: warning is --warning $r" ]]
		run -1 --separate-stderr probe -w 0 -c "$r"
		[[ $output == "critical  trx to"* ]]
	done
	run -1 --separate-stderr probe -c 0 -j
	jq -e '.ok==false and .stage=="threshold" and .bind_ms' <<<"$output"
	run -2 --separate-stderr probe -w 5:1
	[[ $stderr == *"--warning: '5:1': start is greater than end" ]]
	for r in '' @ '~' x 1:x 1:2:3 0x10 inf nan ' 1' 1,5 1e3; do
		run -2 --separate-stderr probe -c "$r"
		[[ $stderr == *"--critical: '$r' is not a range"* ]]
	done
}

@test "a plugin: OK, WARNING, CRITICAL" {
	start_smsc
	plugin 0 "OK - bound trx to 'smpp' in 0." "127.0.0.1:$port" -w 1 -c 5
	[[ $output =~ \ \|\ connect=0\.[0-9]{3}s\;\;\;0\ bind=0\.[0-9]{3}s\;1\;5\;0\ enquire_link=0\.[0-9]{3}s\;\;\;0$ ]]
	plugin 1 "WARNING - bound" "127.0.0.1:$port" -w 0 -c 5
	plugin 2 "CRITICAL - bound" "127.0.0.1:$port" -w 0 -c @0:9
	[ "$(smpp bind-test --nagios "127.0.0.1:$port" -q | cut -c1-7)" = \
		"SMPP OK" ]
	plugin 2 "CRITICAL - connect to 127.0.0.1:1: Connection refused" \
		127.0.0.1:1
}

@test "a plugin: a peer that refuses or is silent is CRITICAL" {
	start_peer status=0x0d close
	plugin 2 "CRITICAL - bind refused by 127.0.0.1:$port: ESME_RBINDFAIL" \
		"127.0.0.1:$port"
	[[ $output =~ \ \|\ connect=0\.[0-9]{3}s\;\;\;0$ ]]
	stop "$pid"
	start_peer drain
	plugin 2 "CRITICAL - no bind_transceiver_resp within 200ms from 127" \
		"127.0.0.1:$port" -t 200ms
	stop "$pid"
	start_peer bind nack=8 drain
	plugin 2 "CRITICAL - enquire_link refused" "127.0.0.1:$port"
}

@test "a plugin: what is not the peer's fault is UNKNOWN" {
	plugin 3 "UNKNOWN - nosuch.invalid: " nosuch.invalid
	plugin 3 "UNKNOWN - unknown option '--wibble'" --wibble
	plugin 3 "UNKNOWN - no target given"
	plugin 3 "UNKNOWN - --warning: '5:1': start is greater" x -w 5:1
	plugin 3 "UNKNOWN - --nagios, --prometheus" localhost -j
	plugin 3 "UNKNOWN - nofile: " localhost --password-file nofile
	run -3 --separate-stderr ./check_smpp --help
	[[ $output == "usage: smpp bind-test"* ]]
	run -3 ./check_smpp --version
}

@test "a plugin: words of the peer stay in their place" {
	# neither a terminal nor a page gets what is no UTF-8
	start_peer body=ff61e4c29b62c3a400 serve
	plugin 0 "OK - bound trx to '\\xffa\\xe4 bä'" "127.0.0.1:$port"
	stop "$pid"
	# system_id "a|b\nc"
	start_peer read pdu=0x80000009,0,1,617c620a6300 ok drain
	plugin 0 "OK - bound trx to 'a/b c' in 0." "127.0.0.1:$port"
	[ "$(tr -cd '|' <<<"$output")" = '|' ]
	stop "$pid"
	start_peer read pdu=0x80000009,0,1,617c620a6300 ok drain
	run -0 probe
	[[ $output == "ok  trx to 'a|b\\x0ac'  smpp"* ]]
}

@test "metrics for Prometheus" {
	start_smsc
	run -0 --separate-stderr probe --prometheus
	[ "$(grep -c '^smpp_' <<<"$output")" -eq 4 ]
	grep -q -x "smpp_bind_up{target=\"127.0.0.1:$port\"} 1" <<<"$output"
	run -1 grep -v -x -E '# (HELP|TYPE) smpp_[a-z_]+ .*|smpp_[a-z_]+\{target="[^"]*"\} [0-9.]+' <<<"$output"
	run -4 --separate-stderr smpp bind-test 127.0.0.1:1 --prometheus
	grep -q -x 'smpp_bind_up{target="127.0.0.1:1"} 0' <<<"$output"
	[[ $stderr == *'Connection refused' ]]
	run -1 --separate-stderr probe --prometheus -c 0
	grep -q '^smpp_bind_up.* 1$' <<<"$output"
}

@test "-n says the settings and connects to nothing" {
	run -0 --separate-stderr smpp bind-test 127.0.0.1:1 -n -c 5
	[ -z "$output" ]
	[[ $stderr == *"== port             1  (TARGET)"* ]]
	[[ $stderr == *"== bind             trx  (built-in)"* ]]
	[[ $stderr == *"== time-limit       10s  (built-in)"* ]]
	run -0 --separate-stderr ./check_smpp 127.0.0.1:1 --dry-run
	[ -z "$output" ]
	[[ $stderr == *"== host             '127.0.0.1'  (TARGET)"* ]]
	run -2 smpp bind-test 127.0.0.1:1 -n -c 2:1
	run -2 smpp bind-test -n
}
