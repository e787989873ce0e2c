#!/usr/bin/env bats
# smpp listen: what is printed, what is acknowledged, and when.

# shellcheck disable=SC2016 # the commands of --exec expand their variables

load helper

listen() {
	timeout "$WAIT" smpp listen "127.0.0.1:$port" -i acme "$@"
}

# start_listen [OPTION...]: in the background; bound when this returns.
start_listen() {
	start listen smpp listen "127.0.0.1:$port" -i acme "$@"
	wait_line listen.err '== bound'
}

# hex TEXT
hex() {
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n'
}

# answers: "SEQUENCE_NUMBER STATUS" of each deliver_sm_resp the peer read.
answers() {
	sed -n 's/^in .\{8\}80000005\(.\{8\}\)\(.\{8\}\).*/\2 \1/p' peer.out |
		while read -r seq status; do
			echo "$((16#$seq)) $((16#$status))"
		done
}

# peer_done: waits until the peer has seen the unbind.
peer_done() {
	wait_line peer.out '^in .{8}00000006'
}

RECEIPT='id:5f3a9c01 sub:001 dlvrd:001 submit date:2611211042 '
RECEIPT+='done date:2611211043 stat:DELIVRD err:000 text:Hello'

@test "messages, receipts, notifications and data, a line each" {
	start_peer bind mo=1,'STOP please' mo=2,4,0,"$(hex "$RECEIPT")" \
		mo=3,0,8,04230442 mo=4,0,4,00ff \
		pdu=0x102,0,5,01013439000500414300 mo=6,4,0,"$(hex huh)" \
		mo=7,0,3,1b5b306d serve
	run -0 --separate-stderr listen -C 7
	cut -c 11- <<<"$output" | diff - <(cat <<'END'
4917 -> ACME  "STOP please"
receipt 5f3a9c01  DELIVRD  err 000  4917
4917 -> ACME  "Ут"
4917 -> ACME  hex:00ff
alert 49 -> AC
4917 -> ACME  "huh"  receipt not understood
4917 -> ACME  "\x1b[0m"
END
	)
	[ "$stderr" = "== bound rx to 'peer', SMPP 3.4" ]
	peer_done
	[ "$(answers | xargs)" = "1 0 2 0 3 0 4 0 6 0 7 0" ]
}

@test "JSON has the keys of smpp-json(7)" {
	start_peer bind mo=1,STOP mo=2,4,0,"$(hex "$RECEIPT")" \
		mo=3,4,0,"$(hex huh)" serve
	run -0 --separate-stderr listen -C 3 -j -q
	[ -z "$stderr" ]
	jq -e '(keys_unsorted[:3]==["type","time","dir"]) and .type=="pdu" and
		(.time|test("^2.*Z$")) and .dir=="in" and .command_id==5 and
		.command_id_name=="deliver_sm" and .sequence_number==1 and
		.source_addr=="4917" and .destination_addr=="ACME" and
		.short_message=="53544f50" and .text=="STOP"' <<<"${lines[0]}"
	jq -e '.receipt.id=="5f3a9c01" and .receipt.stat=="DELIVRD"' \
		<<<"${lines[1]}"
	jq -e '.text=="huh" and .errors[0].kind=="syntax"' <<<"${lines[2]}"
}

@test "data_coding 0 is what the SMSC says it is" {
	start_peer bind mo=1,a@b serve
	run -0 listen -C 1 -q
	[[ $output == *'"a¡b"' ]]
	run -0 listen -C 1 -q --default-alphabet latin1 --where text==a@b
	[[ $output == *'"a@b"' ]]
	run -0 listen -C 1 -q --default-alphabet latin1 -F '%{text}'
	[ "$output" = a@b ]
}

@test "-F, --tsv, -o and --raw" {
	start_peer bind mo=1,one mo=2,two serve
	run -0 listen -C 2 -q -F '%{text}\n'
	[ "$output" = $'one\ntwo' ]
	run -0 listen -C 2 -q --tsv source_addr,text -o out
	[ -z "$output" ]
	[ "$(cat out)" = $'4917\tone\n4917\ttwo' ]
	run -0 listen -C 1 -q --raw
	[[ $output == *'"one"  0000002c00000005'* ]]
}

@test "a terminal gets no octet of a peer that moves it, a pipe valid UTF-8" {
	local form esc='a\x1b]0;x\x07\x9b2J'
	start_peer bind mo=1,0,3,611b5d303b78079b324a serve
	for form in "-F '%{text}'" "--tsv text" ""; do
		TERM=xterm script -qec "smpp listen 127.0.0.1:$port -i a \
			--password-file /dev/null -C 1 -q $form" \
			/dev/null </dev/null >out
		grep -q -F "$esc" out
		LC_ALL=C run ! grep -q -P '[\x01-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]' out
	done
	[ "$(listen -C 1 -q -F '%{text}')" = "$esc" ]
	[ "$(listen -C 1 -q --tsv text)" = "$esc" ]
	# And on standard error: the system_id of the SMSC.
	stop "$pid"
	start_peer body="$(printf 'a\e\x9b\xe4\xc2\x9bb' | od -An -tx1 |
		tr -d ' \n')00" mo=1,x serve
	run -0 --separate-stderr listen -C 1
	[ "$stderr" = "== bound rx to 'a\x1b\x9b\xe4\x9bb', SMPP 3.4" ]
}

@test "receipts of our own SMSC, in every version" {
	start_smsc --receipt UNDELIV:0
	for v in 3.3 3.4 5.0; do
		start_listen -C 1 --smpp-version $v --tsv \
			receipt.stat,receipted_message_id,command_id_name
		smpp send "127.0.0.1:$port" -i acme -s A -d 1 -m x -r -q
		wait_exit "$pid"
		cat listen.out >>all
	done
	[ "$(cut -f 1,3 all | sort -u)" = $'UNDELIV\tdeliver_sm' ]
	[ "$(cut -f 2 all | xargs)" = "- 2 3" ]
}

@test "a transceiver receives too, a transmitter does not" {
	start_peer bind mo=1,x serve
	run -0 --separate-stderr listen -C 1 -b trx
	[[ $stderr == *"bound trx"* ]]
	grep -q '^in .\{8\}00000009' peer.out
	run -2 --separate-stderr listen -b tx
	[[ $stderr == *"a transmitter receives nothing: -b rx or trx" ]]
	run -2 listen -b trx --smpp-version 3.3
}

@test "-W: exit 1 when nothing came, 0 when something did" {
	start_peer bind serve
	run -1 --separate-stderr listen -W 100ms -q
	[ -z "$output$stderr" ]
	run -1 listen -t 100ms -q
	stop "$pid"
	start_peer bind mo=1,x serve
	run -0 listen -W 200ms -q -F '%{text}'
	[ "$output" = x ]
	peer_done
}

@test "--only and --where; what they leave out is acknowledged" {
	start_peer bind mo=1,STOP mo=2,4,0,"$(hex "$RECEIPT")" mo=3,go \
		'wait=80000005.{8}00000003' mo=4,STOP serve
	run -0 listen -W 200ms -q --only receipts --tsv receipt.id
	[ "$output" = 5f3a9c01 ]
	run -0 listen -W 200ms -q --only messages --tsv text
	[ "$output" = $'STOP\ngo\nSTOP' ]
	run -0 listen -C 2 -q --where 'text~"^ST" and source_addr==4917' \
		--tsv sequence_number
	[ "$output" = $'1\n4' ]
	[ "$(answers | sort | uniq -c | xargs)" = "3 1 0 3 2 0 3 3 0 3 4 0" ]
}

# deliver SEQ ESM_CLASS TEXT TLVS: a step of peer.pl.
deliver() {
	printf 'pdu=5,0,%d,0001013439313700050041434d4500%02x00000000000000' \
		"$1" "$2"
	printf '00%02x%s%s' "${#3}" "$(hex "$3")" "$4"
}

@test "what has a text that is no receipt's is a message, whatever its TLVs" {
	id=001e0003373700 empty=001e000100 state=0427000102
	start_peer bind "$(deliver 1 0 'see you' $id)" "$(deliver 2 0 hi $empty)" \
		"$(deliver 3 0 '' $id$state)" "$(deliver 4 0 ok $id$state)" \
		"$(deliver 5 4 'that too' $id)" "$(deliver 6 0 '' $id)" \
		"$(deliver 7 4 "$RECEIPT" $id)" serve
	run -0 --separate-stderr listen -C 7
	cut -c 11- <<<"$output" | diff - <(cat <<'END'
4917 -> ACME  "see you"
4917 -> ACME  "hi"
receipt 77  DELIVERED  4917
receipt 77  DELIVERED  4917  "ok"
receipt 77  -  4917  "that too"
receipt 77  -  4917
receipt 77  DELIVRD  err 000  4917
END
	)
	run -0 listen -W 300ms -q --only messages --tsv sequence_number,text
	[ "$output" = $'1\tsee you\n2\thi\n4\tok\n5\tthat too' ]
	run -0 listen -C 1 -q -j
	jq -e '.receipt==null and (.notices[0] | .kind=="unexpected_tlv" and
		.field=="tlv[0]" and .offset==48 and .end==55)' <<<"$output"
}

@test "a bad condition: exit 2, with a caret under the spot" {
	port=1
	run -2 --separate-stderr listen --where 'text~"x" and nope==1'
	[ "${stderr_lines[0]%%:*}" = 'smpp listen' ]
	[ "${stderr_lines[1]}" = '  text~"x" and nope==1' ]
	[ "${stderr_lines[2]}" = '               ^' ]
	run -2 --separate-stderr listen --where 'text=="ü" or' -j
	jq -e '.exit==2 and .expression=="text==\"ü\" or" and .offset>8' \
		<<<"$stderr"
}

@test "--ack: a status, or none" {
	start_peer bind mo=1,x serve
	listen -C 1 -q --ack ESME_RX_T_APPN
	listen -C 1 -q --ack 0x66
	listen -W 100ms -q --ack none
	wait_line peer.out eof
	[ "$(answers | xargs)" = "1 100 1 102" ]
	run -2 listen --ack maybe
	run -2 listen --ack none --exec true
}

@test "what cannot be decoded is shown raw and refused, never permanently" {
	start_peer bind pdu=5,0,1,000101 mo=2,fine \
		pdu=5,0,3,000101340000010142000000000000000000FF00 \
		pdu=0x103,0,4,00 serve
	run -0 --separate-stderr listen -C 4
	[[ ${lines[0]} == *'  deliver_sm  00000013000000050000000000000001000101  source_addr: field_past_end: '* ]]
	[[ ${lines[1]} == *'"fine"' ]]
	[[ ${lines[3]} == *'  data_sm  000000'* ]]
	peer_done
	[ "$(answers | head -n 2 | xargs)" = "1 2 2 0" ]
	run ! grep '^in .\{8\}8........00000065' peer.out
	run -0 listen -C 1 -j -q
	jq -e '.hex=="00000013000000050000000000000001000101" and
		.errors[0].kind=="field_past_end"' <<<"$output"
}

@test "-n says the settings and connects to nothing" {
	port=1 run -0 --separate-stderr listen -n
	[[ $stderr == *"== bind             rx  "* ]]
}

# --- --exec ---

@test "--exec: the record on stdin and in the environment, nothing else" {
	start_peer bind mo=1,0,3,"$(hex '$(touch no) `touch no`; touch no')" \
		mo=2,4,0,"$(hex "$RECEIPT")" serve
	cat >hook <<'END'
	cat >>json
	echo "$SMS_SOURCE_ADDR|$SMS_TEXT|$SMS_RECEIPT_STAT|$SMS_COMMAND_ID_NAME"
	echo "$SMPP_PASSWORD$SMS_PARTS" >>secrets
	ls /proc/self/fd | tr '\n' ' ' >>fds
	kill -l "$(awk '/^SigIgn/ { print $2 }' /proc/self/status)" || true
END
	exec 7</dev/null
	SMS_PARTS=inherited SMPP_PASSWORD=secret run -0 --separate-stderr \
		listen -C 2 -q --exec '. ./hook'
	exec 7<&-
	[ "${lines[0]}" = "4917|\$(touch no) \`touch no\`; touch no||deliver_sm" ]
	[ "$(jq -r .sequence_number json | xargs)" = "1 2" ]
	[ "$(sort -u secrets)" = "" ]
	[ "$(cat fds)" = "0 1 2 3 0 1 2 3 " ]
	[ ! -e no ]
	grep -q '^4917|id:.*|DELIVRD|deliver_sm$' <<<"$output"
	peer_done
	[ "$(answers | xargs)" = "1 0 2 0" ]
}

@test "--exec: its exit status is the answer" {
	start_peer bind mo=1,0 mo=2,65 mo=3,75 mo=4,kill mo=5,missing serve
	run -0 --separate-stderr listen -C 5 --exec 'case $SMS_TEXT in
		kill) kill -9 $$ ;; missing) exec ./missing ;;
		*) exit $SMS_TEXT ;; esac'
	peer_done
	[ "$(answers | xargs)" = "1 0 2 102 3 100 4 100 5 100" ]
	[[ $stderr == *'exit 65, answered ESME_RX_R_APPN'* ]]
	[[ $stderr == *'exit 75, answered ESME_RX_T_APPN'* ]]
	[[ $stderr == *'killed by signal 9, answered ESME_RX_T_APPN'* ]]
	[[ $stderr == *'exit 127, answered ESME_RX_T_APPN'* ]]
	[[ $stderr != *'exit 0'* ]]
}

@test "--exec: records are printed too when options say how" {
	start_peer bind mo=1,x serve
	run -0 listen -C 1 -q --exec 'echo "ran $SMS_TEXT"' -F 'got %{text}\n'
	[ "$output" = $'got x\nran x' ]
}

@test "--exec: enquire_link is answered meanwhile, the rest waits its turn" {
	mkfifo go
	start_peer bind mo=1,one mo=2,two pdu=0x15,0,3 \
		'wait=80000015.{8}00000003' sleep=0.2 serve
	start_listen -C 2 --exec 'read -r x <go; echo "$x $SMS_TEXT"'
	wait_line peer.out '^in .{8}80000015.{8}00000003'
	[ -z "$(answers)" ]
	echo a >go
	wait_line listen.out 'a one'
	wait_line peer.out '80000005.{8}00000001'
	echo b >go
	wait_exit "$pid"
	[ "$(cat listen.out)" = $'a one\nb two' ]
	peer_done
	[ "$(answers | xargs)" = "1 0 2 0" ]
}

@test "--exec: one that hangs is ended, with what it started" {
	start_peer bind mo=1,x serve
	SECONDS=0
	run -0 --separate-stderr listen -C 1 --exec-timeout 100ms \
		--exec 'trap "" TERM; sleep 60 & echo $! >child; wait; sleep 60'
	[ "$SECONDS" -lt 5 ]
	[[ $stderr == *'ended for it took too long (100ms), answered ESME_RX_T_APPN' ]]
	run ! grep '^State:.[^Z]' "/proc/$(cat child)/status"
	peer_done
	[ "$(answers | xargs)" = "1 100" ]
}

@test "--exec: a signal gives it time to finish" {
	start_peer bind mo=1,x serve
	start_listen --exec 'echo begun; sleep 0.3; echo done'
	wait_line listen.out begun
	kill -TERM "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 143 ]
	[ "$(cat listen.out)" = $'begun\ndone' ]
	peer_done
	[ "$(answers | xargs)" = "1 0" ]
}

@test "--exec: the connection goes while it runs" {
	start_peer bind mo=1,x sleep=0.1 close
	run -7 --separate-stderr listen --exec 'sleep 0.3; echo done'
	[ "$output" = "done" ]
	[[ $stderr == *'connection to 127.0.0.1:'*' lost: the peer closed'* ]]
}

# --- --join ---

# part SEQ NUMBER TEXT: a step that sends part NUMBER of 3, UDH with ref 7.
part() {
	echo "mo=$1,0x40,0,05000307030$2$(hex "$3")"
}

@test "--join: one record for all parts, answered after it" {
	start_peer bind "$(part 1 2 'two ')" "$(part 2 1 'one ')" mo=3,alone \
		"$(part 4 3 three)" serve
	run -0 listen -C 2 -q --join -j
	[ "$(jq -r .text <<<"$output" | xargs)" = "alone one two three" ]
	jq -e '.type=="message" and .parts==3 and .ref==7 and
		(has("missing")|not) and .alphabet=="gsm7" and
		.source_addr=="4917"' <<<"${lines[1]}"
	peer_done
	[ "$(answers | xargs)" = "3 0 4 0 1 0 2 0" ]
	run -0 listen -C 2 -q --join
	[[ ${lines[1]} == *'4917 -> ACME  "one two three"' ]]
}

@test "--join with --exec: its exit status answers all parts" {
	start_peer bind "$(part 1 1 a)" "$(part 2 2 b)" "$(part 3 3 c)" serve
	run -0 listen -C 1 -q --join --exec 'echo "$SMS_TEXT $SMS_PARTS"; exit 75'
	[ "$output" = "abc 3" ]
	peer_done
	[ "$(answers | sort | xargs)" = "1 100 2 100 3 100" ]
}

@test "--join with --where: the condition is on the whole text" {
	start_peer bind "$(part 1 1 a)" "$(part 2 2 b)" "$(part 3 3 c)" serve
	run -1 listen -W 200ms -q --join --where 'text==ab'
	run -0 listen -C 1 -q --join --where 'text==abc' -F '%{text}'
	[ "$output" = abc ]
	peer_done
}

@test "--join: an SMSC that sends one part at a time gets its answers" {
	start_peer bind "$(part 1 1 a)" 'wait=80000005.{8}00000001' \
		"$(part 2 2 b)" serve
	run -0 listen -W 3s --join -q --tsv text,missing
	[ "$output" = $'ab\t[3]' ]
	peer_done
	[ "$(answers | xargs)" = "1 0 2 0" ]
}

@test "--join: what lacks parts is printed at the end" {
	start_peer bind "$(part 1 1 a)" "$(part 2 3 c)" "$(part 3 3 c)" serve
	run -0 listen -W 200ms --join -q -j
	jq -e '.text=="ac" and .missing==[2]' <<<"$output"
	peer_done
	[ "$(answers | xargs)" = "1 0 2 0 3 0" ]
	start_listen --join -v
	wait_line listen.err '<- deliver_sm seq 3'
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	grep -q '"ac"  missing 2 of 3 parts$' listen.out
	stop "${pids[0]}"
	start_peer bind "$(part 1 1 a)" sleep=0.2 close
	run -7 --separate-stderr listen --join -q
	[[ ${lines[0]} == *'4917 -> ACME  "a"  missing 2,3 of 3 parts' ]]
}

# --- the connection ---

@test "the connection is lost: exit 7, or another one" {
	for step in close rst unbind; do
		[ $step = unbind ] && step="pdu=6,0,9 read"
		# shellcheck disable=SC2086
		start_peer bind mo=1,x 'wait=80000005' $step
		run -7 --separate-stderr listen
		[[ $output == *'"x"' ]]
		[[ $stderr == *'connection to 127.0.0.1:'*' lost: '* ]]
		stop "$pid"
	done
	start_peer bind mo=1,x 'wait=80000005' close
	run -0 --separate-stderr listen -C 2 --reconnect
	[ "${#lines[@]}" -eq 2 ]
	[[ $stderr == *'== connection to '*' lost: the peer closed '* ]]
	[[ $stderr == *'== trying again in 1.'*'== bound rx'* ]]
}

@test "the connection is lost in the middle of a PDU" {
	start_peer bind hex=000000200000000500000000 close
	run -7 --separate-stderr listen
	[ -z "$output" ]
	start_peer bind hex=00000005 drain
	run -7 --separate-stderr listen
	[[ $stderr == *'command_length 5 '* ]]
}

@test "--reconnect: nobody there yet, then somebody; -W ends it" {
	port=1
	SECONDS=0
	run -1 --separate-stderr listen --reconnect -t 1500ms
	[[ $stderr == *'Connection refused'*'trying again in 1.'* ]]
	[ "$SECONDS" -lt 4 ]
	start listen smpp listen 127.0.0.1:1 --reconnect
	wait_line listen.err 'trying again'
	kill -TERM "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 143 ]
}

@test "--reconnect: a refusal that waiting cannot cure is exit 5" {
	start_peer status=0x0e
	run -5 --separate-stderr listen --reconnect
	[[ $stderr == *ESME_RINVPASWD* ]]
	stop "$pid"
	start_peer status=5
	run -1 --separate-stderr listen --reconnect -t 1200ms
	[[ $stderr == *ESME_RALYBND*'trying again in'* ]]
	run -5 listen
}

@test "--reconnect logs in with the same password" {
	start_peer bind close
	printf 'pw\n' | timeout 3 smpp listen "127.0.0.1:$port" -i acme \
		--password-file - --reconnect -t 2s -q || true
	[ "$(grep -c "^in .\{8\}00000001.*$(hex acme)00$(hex pw)00" \
		peer.out)" -ge 2 ]
}

# --- bursts, signals, output ---

@test "a burst of 1000, in order, all of them answered" {
	start_peer bind burst=1000 serve
	run -0 listen -C 1000 -q -F '%{text}\n'
	[ "$output" = "$(seq -f 'no %g' 1000)" ]
	peer_done
	[ "$(answers | wc -l)" -eq 1000 ]
	[ "$(answers | cut -d ' ' -f 2 | sort -u)" = 0 ]
}

@test "a burst of 1200 while a command runs: what is too much comes again" {
	mkfifo go
	start_peer bind burst=1200 'wait=80000005' serve
	start_listen -C 1 --exec 'read -r x <go'
	wait_line peer.out '80000005'
	echo x >go
	wait_exit "$pid"
	peer_done
	[ "$(answers | wc -l)" -eq 1200 ]
	[ "$(answers | grep -c ' 0$')" -eq 1 ]
}

@test "after -C records nothing more is acknowledged" {
	start_peer bind mo=1,a mo=2,b mo=3,c serve
	run -0 listen -C 1 -q -F '%{text}'
	[ "$output" = a ]
	peer_done
	[ "$(answers | xargs)" = "1 0 2 100 3 100" ]
}

@test "INT and TERM unbind and kill, USR1 counts" {
	start_peer bind mo=1,x serve
	for sig in INT TERM HUP; do
		start_listen
		wait_line listen.out '"x"'
		kill -USR1 "$pid"
		wait_line listen.err '== 1 records, 0 left out, 0 refused'
		kill -"$sig" "$pid"
		rc=0
		wait_exit "$pid" || rc=$?
		[ "$rc" -eq $((128 + $(kill -l $sig))) ]
		rm listen.out listen.err
	done
	peer_done
}

@test "stdout is closed: no answer, unbind, death by PIPE" {
	mkfifo pipe gone
	start_peer bind mo=1,a 'wait=80000005' until=gone mo=2,b serve
	listen -q -F '%{text}\n' >pipe 2>err &
	me=$!
	head -n 1 <pipe >got
	: >gone
	rc=0
	wait $me || rc=$?
	[ "$rc" -eq 141 ]
	[ ! -s err ]
	[ "$(cat got)" = a ]
	peer_done
	[ "$(answers | xargs)" = "1 0" ]
}

@test "a full disk: exit 9, not acknowledged" {
	start_peer bind mo=1,a serve
	run -9 --separate-stderr listen -o /dev/full
	[[ $stderr == *'/dev/full: No space left on device' ]]
	run -9 listen -o /dev/full --exec 'touch ran'
	[ ! -e ran ]
	peer_done
	[ -z "$(answers)" ]
}

# bats test_tags=slow
@test "a peer that takes no answers does not fill our memory" {
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers need the memory"
	start_peer bind burst=500000 sleep=60
	ulimit -v 200000
	run -7 --separate-stderr listen --response-timeout 200ms -q -o /dev/null
}
