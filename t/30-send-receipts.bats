#!/usr/bin/env bats
# smpp send -W: which receipt is about which message.

load helper

send() {
	smpp send "smpp://acme@127.0.0.1:$port" -s ACME -W 10s "$@"
}

# lines N M: N messages to M numbers; those to 491703 are not delivered.
lines() {
	seq "$1" | awk -v m="$2" '{
		printf "{\"destination_addr\":\"49170%d\",\"text\":\"n%d\"}\n",
		    $1 % m, $1
	}'
}

# hex TEXT: its octets.
hex() {
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n'
}

# receipt SEQ ID STAT: a step of peer.pl, from 4917 to ACME.
receipt() {
	echo "mo=$1,4,0,$(hex "id:$2 stat:$3 err:000 text:x")"
}

# own FILE: whether each of its results has the receipt of its own message.
own() {
	jq -es 'map(select(.receipt)) | length > 0 and all(
		(.receipt.text // "n\(.line)") == "n\(.line)" and
		(.outcome == "undelivered") ==
			(.destination_addr | endswith("3")))' "$1" >own ||
		{ cat own; return 1; }
}

@test "every message gets its own receipt, in all forms of ids" {
	local format style
	for format in hex hex8 dec10 uuid hex64; do
		for style in both,twice text,decimal text,hex,twice tlv,twice \
			both,upper text,padded,decimal text,hex,early; do
			# Their first digits alone are no id.
			[[ $format,$style != @(uuid|hex64),*@(hex|decimal)* ]] ||
				continue
			start_smsc --id-format "$format" \
				--receipt-style "$style" -q --receipt DELIVRD:0 \
				--rule 'destination_addr==491703 -> receipt=UNDELIV'
			lines 300 $((${#style} % 3 * 3 + 1)) >b
			run send --batch b -j -q
			echo "$format $style: exit $status"
			grep '^{"type":"result"' <<<"$output" >results
			own results
			[ "$(grep -c '"receipt"' results)" = 300 ]
			stop "$pid"
		done
	done
}

@test "what is about messages of others is left to them" {
	start_smsc --receipt-style decimal -q --receipt DELIVRD:0
	lines 40 7 | sed 's/49170/49180/' >others
	run -0 smpp send "smpp://acme@127.0.0.1:$port" -s ACME --batch others \
		-r -q
	lines 40 1 >b
	run -0 send --batch b -j -q
	own <(printf '%s\n' "${lines[@]}")
	# All of theirs come when somebody listens, and none of ours.
	run -0 smpp listen "smpp://acme@127.0.0.1:$port" -C 40 -W 20s -q \
		--tsv source_addr
	[ "$(cut -c1-5 <<<"$output" | sort -u)" = 49180 ]
}

@test "addresses come first: another number, and not swapped" {
	start_peer bind body=464600 "$(receipt 9 FF DELIVRD)" serve
	run -3 --separate-stderr send -d 4918 -m x -W 700ms -q --tsv outcome
	[ "$output" = accepted ]
	stop "$pid"
	grep -q 'in 00000010800000050000006400000009\|in 00000011800000050000006400000009' peer.out
	start_peer bind body=464600 "$(receipt 9 FF DELIVRD)" serve
	run -3 send -d 4918 -m x -W 700ms -q --id-match exact
	stop "$pid"
	start_peer bind body=464600 "$(receipt 9 FF DELIVRD)" serve
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s 4917 -d ACME,5,0 \
		-m x -W 10s --tsv outcome
	[ "$output" = $'accepted\ndelivered' ]
	[[ $stderr == "== the SMSC sends receipts from the sender to the "* ]]
}

@test "a receipt that fits two messages is not taken, and that is said" {
	# 16 may be hex, and the second; or decimal, and the first.
	start_peer bind body=313000 body=313600 "$(receipt 9 16 UNDELIV)" serve
	run -3 --separate-stderr send -d 4917 -m x -C 2 -W 1s --tsv outcome
	[ "$output" = $'accepted\naccepted' ]
	[[ $stderr == *"send: 1 receipt was about one of several messages"* ]]
	stop "$pid"
	[ "$(grep -c '^in 0000001.800000050000006400000009' peer.out)" = 1 ]
	# Another one tells.
	start_peer bind body=313000 body=313600 "$(receipt 9 16 UNDELIV)" \
		"$(receipt 10 22 DELIVRD)" serve
	run -1 --separate-stderr send -d 4917 -m x -C 2 --tsv outcome,message_id
	[ "$(sort <<<"$output" | xargs)" = \
		"accepted 10 accepted 16 delivered 16 undelivered 10" ]
	stop "$pid"
	[ "$(grep -c '^in 0000001.8000000500000000' peer.out)" = 2 ]
}

@test "a receipt that is repeated, and one that is late" {
	start_peer bind body=464600 body=313000 "$(receipt 9 FF DELIVRD)" \
		"$(receipt 10 FF DELIVRD)" \
		"$(receipt 11 FF DELIVRD)" "$(receipt 12 10 DELIVRD)" serve
	run -0 --separate-stderr send -d 4917 -m x -C 2 \
		--tsv outcome,message_id
	[ "$(sort <<<"$output" | xargs)" = \
		"accepted 10 accepted FF delivered 10 delivered FF" ]
	stop "$pid"
	[ "$(grep -c '^in 0000001.8000000500000000' peer.out)" = 4 ]
	# The first is given up when its receipt comes; the second waits.
	start_peer bind body=464600 sleep=0.5 body=313000 \
		"$(receipt 11 FF DELIVRD)" "$(receipt 12 10 DELIVRD)" serve
	run -3 --separate-stderr send -d 4917 -m x -C 2 -W 300ms --window 1 -j
	jq -es 'map([.type,.outcome,.message_id,.late]) ==
		[["result","accepted","FF",null],["result","accepted","10",null],
		["receipt","delivered","FF",true],
		["result","delivered","10",null]]' <<<"$output"
	stop "$pid"
	[ "$(grep -c '^in 0000001.8000000500000000' peer.out)" = 2 ]
}

@test "the receipt of each part is shown, then that of the message" {
	local long
	long=$(printf 'x%.0s' {1..300})
	start_peer bind body=464600 body=464500 "$(receipt 9 FE UNDELIV)" \
		"$(receipt 10 FF DELIVRD)" serve
	run -1 --separate-stderr send -d 4917 -m "$long"
	[[ ${lines[0]} == "4917  accepted   FF,FE  2 parts"* ]]
	[[ ${lines[1]} == "4917  undelivered  FE  part 2 of 2  UNDELIV  err 000  after "* ]]
	[[ ${lines[2]} == "4917  delivered  FF  part 1 of 2  after "* ]]
	[[ ${lines[3]} == "4917  undelivered  FF  UNDELIV  err 000  after "* ]]
	[ "${#lines[@]}" = 4 ]
	[ "$stderr" = "smpp send: 4917: not delivered: UNDELIVERABLE" ]
	stop "$pid"
	start_peer bind body=464600 body=464500 "$(receipt 9 FE DELIVRD)" \
		"$(receipt 10 FF DELIVRD)" serve
	run -0 send -d 4917 -m "$long" -j
	jq -es '.[1] | .type=="receipt" and .outcome=="delivered" and
		.message_id=="FE" and .part==2 and .parts==2 and
		.id_match=="exact" and .message_state==2 and
		.id=="FE" and .stat=="DELIVRD" and .after_ms>=0' <<<"$output"
	# Which is what dlr-parse reads: a part, the other, the message.
	[ "$(smpp dlr-parse --tsv id <<<"$output" | xargs)" = "FE FF FF" ]
	jq -es 'map([.type,.message_id,.outcome]) ==
		[["result","FF","accepted"],["receipt","FE","delivered"],
		["receipt","FF","delivered"],["result","FF","delivered"]]' \
		<<<"$output"
	stop "$pid"
	# One part is given up, the other was not delivered.
	start_peer bind body=464600 body=464500 "$(receipt 9 FE UNDELIV)" serve
	run -3 --separate-stderr send -d 4917 -m "$long" -W 500ms
	[[ ${lines[2]} == "4917  undelivered  FF  UNDELIV  err 000  after "* ]]
	[[ $stderr == *"no receipt for FF within 500ms"*"not delivered"* ]]
}

@test "one id for all parts: one receipt for all" {
	start_peer bind body=464600 body=464600 "$(receipt 9 FF DELIVRD)" serve
	run -0 send -d 4917 -m "$(printf 'x%.0s' {1..300})" --tsv type,part,outcome
	[ "$output" = "$(printf '%s\t%s\t%s\n' result - accepted \
		receipt 1 delivered receipt 2 delivered result - delivered)" ]
}

@test "ids of more than 64 characters are kept whole, with a warning" {
	local id
	id=$(printf '%070d' 17)
	start_peer bind "body=$(hex "$id")00" "$(receipt 9 "$id" DELIVRD)" serve
	run -0 --separate-stderr send -d 4917 -m x --tsv outcome,message_id
	[ "$output" = $'accepted\t'"$id"$'\ndelivered\t'"$id" ]
	[[ $stderr == *"ids of 70 octets"* ]]
	stop "$pid"
	# And in a journal.
	start_peer bind "body=$(hex "$id")00" wait=zzz
	run -3 send -d 4917 -m x --journal j -W 100ms -q
	stop "$pid"
	start_peer bind "$(receipt 9 "$id" DELIVRD)" serve
	run -0 send -d 4917 -m x --journal j --tsv outcome,message_id -q
}

@test "a message_id or system_id without its NUL is used, with a warning" {
	start_peer body=464646 body=464646 "$(receipt 9 FFF DELIVRD)" serve
	run -0 --separate-stderr send -d 4917 -m x --tsv outcome,message_id -v
	[ "$output" = $'accepted\tFFF\ndelivered\tFFF' ]
	[[ $stderr == *"== bound trx to 'FFF'"* ]]
	[ "$(grep -c 'has no NUL behind its' <<<"$stderr")" = 1 ]
	[[ $stderr == *"bind_transceiver_resp has no NUL behind its system_id"* ]]
	run -8 --separate-stderr smpp decode-hex -j \
		00000013800000040000000000000001464646
	jq -e '.message_id=="FFF" and .undecoded=="464646" and
		.errors[0].kind=="unterminated"' <<<"$output"
	# As JSON it makes the same octets again, and as name=value.
	run -8 smpp decode-hex --raw -q <<<"$output"
	[[ $output == *'message_id       "FFF"  (no NUL)'* ]]
	[[ $output == *00000013800000040000000000000001464646* ]]
}

@test "receipts of messages that a journal says are over are known" {
	start_peer bind body=313600 body=313000 "$(receipt 9 16 DELIVRD)" wait=zz
	run -3 send -d 4917 -m x -C 2 --journal j -W 1s -q --id-match exact
	stop "$pid"
	start_peer bind "$(receipt 9 16 DELIVRD)" "$(receipt 10 10 DELIVRD)" \
		serve
	run -0 send -d 4917 -m x -C 2 --journal j --tsv outcome,message_id \
		-q --id-match exact
	[ "$output" = $'delivered\t10' ]
	stop "$pid"
	[ "$(grep -c '^in 0000001.8000000500000000' peer.out)" = 2 ]
}
