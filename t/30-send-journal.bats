#!/usr/bin/env bats
# smpp send --journal: what survives a kill, and what is refused.

load helper

# lines N: a batch of N messages.
lines() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf("{\"destination_addr\":\"%d\",\"text\":\"m%d\"}\n", i, i) }'
}

@test "killed at any moment: nothing lost, no more twice than the window" {
	start_smsc -j --receipt none
	lines 400 >b
	kills=0
	for ((i = 0; i < 12; i++)); do
		rc=0
		perl "$root/t/killed.pl" $((RANDOM % 90 + 5)) smpp send \
			"127.0.0.1:$port" -s A --batch b -R 2000 --window 5 \
			--journal j >>all.out 2>send.err || rc=$?
		cat send.err >>all.err
		[ "$rc" -eq 137 ] || break
		kills=$((kills + 1))
	done
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		-R 2000 --window 5 --journal j
	echo "$stderr" >>all.err
	[[ $stderr == *"== 400 messages: 400 accepted, 0 refused, 0 unknown"* ]]
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--window 5 --journal j
	[ -z "$output" ]
	[[ $stderr == *"== 400 messages: 400 accepted, 0 refused, 0 unknown"* ]]
	stop "${pids[0]}"
	jq -r 'select(.command_id==4).destination_addr' smsc.out | sort -n |
		uniq -c >counts
	[ "$(wc -l <counts)" -eq 400 ]
	# Twice is only what was listed.
	twice=$(awk '{ n += $1 - 1 } END { print n }' counts)
	listed=$(grep -c 'written but not answered' all.err || true)
	[ "$twice" -le "$listed" ]
	[ "$listed" -le $((5 * kills)) ]
}

@test "what was not answered is listed; sent again, or not" {
	start_peer bind ok read read read read wait=zzz
	lines 6 >b
	start send smpp send "127.0.0.1:$port" -s A --batch b --window 3 \
		--journal j --response-timeout 30s
	wait_line peer.out '^in ........00000004.{8}00000005'
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	stop "${pids[0]}"
	cp j kept
	start_smsc -j
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--window 3 --journal j --tsv line,outcome,resent
	[ "$output" = $'2\taccepted\ttrue\n3\taccepted\ttrue
4\taccepted\ttrue\n5\taccepted\t-\n6\taccepted\t-' ]
	[[ $stderr == *"smpp send: 2: written but not answered (line 2, part 1 of 1)"* ]]
	[[ $stderr == *"smpp send: 3 of unknown outcome: sent again"* ]]
	[[ $stderr == *"== 6 messages: 6 accepted, 0 refused, 0 unknown, 0 unsent, 3 resent; 5 parts "* ]]
	cp kept j
	run -3 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--window 3 --journal j --tsv line,outcome --on-unknown skip
	[ "$output" = $'2\tunknown\n3\tunknown\n4\tunknown\n5\taccepted\n6\taccepted' ]
	[[ $stderr == *"== 6 messages: 3 accepted, 0 refused, 3 unknown, 0 unsent; 2 parts "* ]]
	cp kept j
	run -2 --separate-stderr setsid smpp send "127.0.0.1:$port" -s A \
		--batch b --window 3 --journal j --on-unknown ask
	[[ $stderr == *"--on-unknown ask: there is no terminal" ]]
}

@test "what a journal knows counts at the end" {
	start_peer bind ok status=11 serve
	lines 3 >b
	echo '{"bad' >>b
	run -8 smpp send "127.0.0.1:$port" -s A --batch b --journal j
	stop "$pid"
	start_smsc
	run -8 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--journal j
	[ -z "$output" ]
	[[ $stderr == *"== 3 messages: 2 accepted, 1 refused, 0 unknown, 0 unsent, 1 bad line; 0 parts "* ]]
	# The file has grown.
	echo '{"destination_addr":"4","text":"x"}' >>b
	run -8 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--journal j --tsv destination_addr,line
	[ "$output" = $'4\t5' ]
}

@test "what was read from a pipe is sent although the pipe is gone" {
	start_peer bind ok read wait=zzz
	lines 3 >b
	start send bash -c 'exec smpp send "$@" <b' x "127.0.0.1:$port" -s A \
		--batch - --window 1 --journal j --response-timeout 30s
	wait_line peer.out '^in ........00000004.{8}00000003'
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	stop "${pids[0]}"
	start_smsc
	cp j kept
	run -0 smpp send "127.0.0.1:$port" -s A --batch - --window 1 \
		--journal j --tsv line -q </dev/null
	[ "${lines[-1]}" = 2 ]
	run -0 smpp send "127.0.0.1:$port" -s A --batch - --window 1 \
		--journal j --tsv line -q <b
	[ "$output" = 3 ]
	# Another input, or a shorter one.
	cp kept j
	run -2 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch - \
		--window 1 --journal j -q < <(lines 3 | tac)
	[[ $stderr == *"smpp send: j: this is not the input it is about"* ]]
	run -2 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch - \
		--window 1 --journal j -q < <(lines 1)
	[[ $stderr == *"smpp send: j: the input is shorter than it was"* ]]
}

@test "addresses, copies and parts of one command" {
	start_peer bind ok ok ok read wait=zzz
	long=$(printf 'x%.0s' {1..200})
	# shellcheck disable=SC2317
	send() {
		smpp send "127.0.0.1:$port" -s A -d 1 -d 2 -C 2 -m "$long" \
			--window 1 --journal j "$@"
	}
	start send send --response-timeout 30s
	wait_line peer.out '^in ........00000004.{8}00000005'
	kill -9 "$(pgrep -P "$pid" || echo "$pid")"
	wait "$pid" 2>/dev/null || true
	stop "${pids[0]}"
	start_smsc -j
	run -0 send --tsv destination_addr,message_ids,resent -q
	[ "${lines[*]: -3}" = $'1\t["77","1"]\ttrue 2\t["2","3"]\t- 2\t["4","5"]\t-' ]
	stop "$pid"
	[ "$(jq -r 'select(.command_id==4) | .destination_addr +
		.short_message[10:12]' smsc.out | xargs)" = "102 201 202 201 202" ]
}

@test "receipts are waited for across a kill" {
	start_peer bind ok wait=zzz
	start send smpp send "127.0.0.1:$port" -s ACME -d 4917 -m x -W 30s \
		--journal j --tsv outcome
	wait_line send.out accepted
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	stop "${pids[0]}"
	start_peer bind \
		mo=9,4,0,69643a373720737461743a44454c49565244 serve
	run -0 smpp send "127.0.0.1:$port" -s ACME -d 4917 -m x -W 30s -q \
		--journal j --tsv outcome,message_id
	[ "$output" = $'delivered\t77' ]
	run -0 smpp send "127.0.0.1:$port" -s ACME -d 4917 -m x -W 30s -q --journal j
}

@test "journals that are torn, damaged, of others, in use" {
	start_smsc
	lines 3 >b
	send() {
		smpp send "127.0.0.1:$port" -s A --batch b --journal j "$@"
	}
	run -0 send
	[ "$(stat -c %a j)" = 600 ]
	# The last record is lost: the message is of unknown outcome.
	truncate -s -3 j
	run -0 --separate-stderr send --tsv line,resent
	[ "$output" = $'3\ttrue' ]
	[[ $stderr == *"smpp send: j: the last "*" octets were not a whole record and are dropped"* ]]
	head -c 100 /dev/zero >>j
	echo >>j
	run -0 --separate-stderr send
	[[ $stderr == *"the last 101 octets"* ]]
	cp j kept
	sed -i '4s/./x/' j
	run -2 --separate-stderr send
	[[ $stderr == "smpp send: j:5: damaged" ]]
	for bad in 'hello' 'two
	lines'; do
		echo "$bad" >j
		run -2 --separate-stderr send
		[[ $stderr == "smpp send: j:"*"not a journal" ]]
		[ "$(cat j)" = "$bad" ]
	done
	printf x >j
	run -2 send
	cp kept j
	run -2 --separate-stderr send -e ucs2
	[[ $stderr == "smpp send: j:1: it is about another job" ]]
	exec 8<j
	flock -x 8
	run -9 --separate-stderr send
	[[ $stderr == "smpp send: j: another process is using it" ]]
	exec 8<&-
	run -9 smpp send "127.0.0.1:$port" -s A --batch b --journal nope/j
	run -9 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--journal /dev/full
	[[ $stderr == "smpp send: /dev/full: not a regular file" ]]
}

@test "a journal that cannot be written: nothing more is sent" {
	start_smsc -j
	lines 100 >b
	run -9 --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 8
		exec smpp send "$@"' x "127.0.0.1:$port" -s A --batch b \
		--journal j --tsv line,outcome
	[[ $stderr == *"smpp send: j: File too large"* ]]
	[[ $output == *unsent* ]]
	run -0 smpp send "127.0.0.1:$port" -s A --batch b --journal j -q
	stop "$pid"
	[ "$(jq -r 'select(.command_id==4).destination_addr' smsc.out |
		sort -u | wc -l)" -eq 100 ]
}
