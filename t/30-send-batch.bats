#!/usr/bin/env bats
# smpp send with many messages: where they come from, how fast they go.

load helper

send() {
	smpp send "smpp://acme@127.0.0.1:$port" -s ACME "$@"
}

# What a dry run would send, as these keys.
dry() {
	smpp send -s ACME -n -q --tsv destination_addr,text "$@"
}

@test "a batch: lines of JSON, options as defaults" {
	start_smsc -j
	cat >b <<-'END'
	{"destination_addr":"+491","text":"one","type":"pdu","time":"now"}
	{"destination_addr":"492","source_addr":"4949","short_message":"74776f"}

	{"destination_addr":"493","data_coding_name":"ucs2","text":"three"}
	{"destination_addr":"494","validity_period":"2h","tlvs":[{"tag":5120,"hex":"ff"}],"user_message_reference":7}
	END
	run -0 --separate-stderr send --batch b -m default --priority-flag 1 \
		--tlv 0x1401=hex:01 --tsv line,destination_addr,outcome,message_id
	[ "$output" = $'1\t491\taccepted\t1
2\t492\taccepted\t2
4\t493\taccepted\t3
5\t494\taccepted\t4' ]
	[[ $stderr == "== 4 messages: 4 accepted, 0 refused, 0 unknown, 0 unsent; 4 parts in "* ]]
	stop "$pid"
	jq -r 'select(.command_id==4) | [.source_addr, .dest_addr_ton,
		.destination_addr, .data_coding, .priority_flag, .text,
		.validity_period, (.tlvs|map(.hex)|join(","))] | join(" ")' \
		smsc.out >got
	diff - got <<-'END'
	ACME 1 491 0 1 one  01
	4949 0 492 0 1 two  01
	ACME 0 493 8 1 three  01
	ACME 0 494 0 1 default 000000020000000R ff,01
	END
}

@test "what --json prints is a batch" {
	start_smsc -j
	smpp send -s 49,3,9 -d +491 -d 492 -m "$(printf 'Grüße @ %.0s' {1..30})" \
		--split udh16 -n -q -j >b
	run -0 --separate-stderr send --batch - -j <b
	jq -es 'length==4 and map(.line)==[1,2,3,4]' <<<"$output"
	jq -es '.[0].type=="summary" and .[0].accepted==4 and
		.[0].messages==4 and .[0].parts==4' <<<"$stderr"
	stop "$pid"
	keys='[.source_addr_ton,.source_addr_npi,.source_addr,.dest_addr_ton,
		.destination_addr,.esm_class,.data_coding,.short_message]'
	diff <(jq -c "$keys" b) \
		<(jq -c "select(.command_id==4) | $keys" smsc.out)
}

@test "lines that are bad are told and passed over" {
	start_smsc
	printf '%s\n' '{"destination_addr":"1","text":"x"}' '{"a' \
		'{"destination_addr":"2"}' '{"text":"x"}' '[]' \
		'{"destination_addr":"3","text":"x","colour":1}' \
		'{"destination_addr":"123456789012345678901234","text":"x"}' \
		'{"command_id":21}' '{"destination_addr":"4","text":"“"}' \
		'{"destination_addr":"","text":"x"}' \
		'{"destination_addr":"","dest_addr_ton":1,"text":"x"}' \
		'{"destination_addr":"5","text":"y"}' >b
	run -8 --separate-stderr send --batch b -e gsm7 --tsv line,outcome
	[ "$output" = $'1\taccepted\n12\taccepted' ]
	diff - <(grep -v hint: <<<"$stderr" | head -n 10) <<-'END'
	smpp send: b:2: JSON: column 3: premature end of input near '"a'
	smpp send: b:3: no text
	smpp send: b:4: no destination
	smpp send: b:5: an object wanted
	smpp send: b:6: no key 'colour' in submit_sm
	smpp send: b:7: destination_addr: 24 characters, the limit is 20
	smpp send: b:8: command_id: neither submit_sm nor deliver_sm
	smpp send: b:9: text: U+201C at character 1 is not in gsm7
	smpp send: b:10: no destination: destination_addr is empty
	smpp send: b:11: no destination: destination_addr is empty
	END
	[[ $stderr == *"== 2 messages: 2 accepted, "*" 10 bad lines; "* ]]
	run -8 --separate-stderr send --batch b -j
	jq -es '.[0].line==2 and .[0].exit==8 and .[0].type=="error"' \
		<<<"$stderr"
	head -c 300000 /dev/zero | tr '\0' ' ' >long
	printf '\n{"destination_addr":"5","text":"y"}' >>long
	run -8 --separate-stderr send --batch long --tsv line
	[ "$output" = 2 ]
	[[ $stderr == "smpp send: long:1: the line is too long"* ]]
}

@test "lines of a file, each to each destination, each N times" {
	printf 'one\r\n\n  two\n' >t
	run -0 dry -f t -l -d 1 -d 2 -C 2
	[ "$output" = $'1\tone\n1\tone\n2\tone\n2\tone
1\t  two\n1\t  two\n2\t  two\n2\t  two' ]
	run -0 dry -f - -l -d 1 <t
	[ "${#lines[@]}" = 2 ]
	printf 'a\n\xff\nb' >t
	run -8 --separate-stderr dry -f t -l -d 1
	[ "$output" = $'1\ta\n1\tb' ]
	[[ $stderr == "smpp send: t:2: text: "* ]]
}

@test "sheets: columns, templates, quotes, other separators" {
	cat >s.csv <<-'END'
	phone,name,text,tlv.0x1400,validity_period
	+491,Ann,"Hello, ""Ann""",,
	492,Bob,"two
	lines",hex:ff,2h
	END
	run -0 dry --sheet s.csv --map to=phone
	[ "$output" = $'491\tHello, "Ann"\n492\ttwo\\nlines' ]
	run -0 --separate-stderr smpp send -s A --sheet s.csv --map to=phone \
		-n -v
	[[ $stderr == *"== column 'phone' is destination_addr"* ]]
	run -0 smpp send -s A --sheet s.csv --map to=phone,from=name \
		--template '{{Dear}} {name}' -n -q \
		--tsv source_addr,text,validity_period,tlvs
	[[ ${lines[0]} == $'Ann\t{Dear} Ann\t\t[]' ]]
	[[ ${lines[1]} == $'Bob\t{Dear} Bob\t000000020000000R\t'*'"ff"'* ]]
	printf '\xef\xbb\xbfto;text\r\n1;a,b\r\n' >s
	run -0 dry --sheet s
	[ "$output" = $'1\ta,b' ]
	printf 'to\ttext\n1\ta "b"\n' | tr '"' "'" >s.tsv
	run -0 dry --sheet s.tsv
	[ "$output" = $'1\ta \'b\'' ]
	printf 'to,x\n1,y\n' | {
		run -0 dry --sheet - -m z
		[ "$output" = $'1\tz' ]
	}
	mkfifo slow
	{ printf 'to,"te'; sleep 0.1; printf 'xt"\n1,z'; } >slow &
	run -0 dry --sheet slow
	[ "$output" = $'1\tz' ]
	printf 'name\nAnn\n' >s
	run -0 dry --sheet s -d 7 --template 'Hi {name}'
	[ "$output" = $'7\tHi Ann' ]
}

@test "sheets: what is wrong with them" {
	printf 'to,name,text\n1,a,x\n2,b\n3,c"d,x\n4,e,"x\ny"\n5,f,x\n6,"' >s
	run -8 --separate-stderr dry --sheet s
	[ "$output" = $'1\tx\n4\tx\\ny\n5\tx' ]
	diff - <(echo "$stderr") <<-'END'
	smpp send: s:3: 2 values, the header has 3
	smpp send: s:4: a quote that is neither around a value nor doubled
	smpp send: s:8: the input ends within quotes
	END
	run -2 --separate-stderr dry --sheet s --template 'Hi {nam}'
	[[ $stderr == "smpp send: --template: s has no column 'nam'; did you mean 'name'?" ]]
	run -2 --separate-stderr dry --sheet s --template 'Hi {name'
	[[ ${stderr_lines[2]} == "     ^" ]]
	run -2 dry --sheet s --template 'Hi }'
	run -2 --separate-stderr dry --sheet s --map tp=name
	[[ $stderr == *"'tp' is neither to, from, text nor a field" ]]
	run -2 dry --sheet s --map to=nome
	run -2 dry --sheet s --map to
	echo name >s
	run -2 --separate-stderr dry --sheet s -m x
	[[ ${stderr_lines[0]} == "smpp send: s: no column 'to' or "* ]]
	[[ ${stderr_lines[1]} == "  hint: --map to=COLUMN "* ]]
	: >s
	run -8 dry --sheet s -m x
	printf 'to\n"' >s
	run -8 dry --sheet s -m x
}

@test "options that contradict each other" {
	: >b
	run -2 dry --batch b --sheet b
	run -2 dry -d 1 -l -m x
	run -2 dry -d 1 -l -f b -m x
	run -2 dry --batch b --map to=x
	run -2 dry --batch b --template x
	run -2 dry --sheet b --template x -m y
	run -2 dry -l -f b
	run -2 dry --batch b --on-unknown skip
	run -9 dry --batch nope
	run -9 dry --sheet nope
	run -2 smpp send x -s A --batch b --window 0
	run -2 smpp send x -s A --batch b -C 0
}

@test "a pipe is read as it comes, and the link is kept alive" {
	start_peer bind ok wait=00000015 ok hex=00000010000000150000000000000005 \
		wait=80000015 ok serve
	mkfifo in
	start send smpp send "127.0.0.1:$port" -s A -d 1 --batch in -q \
		--enquire-link 100ms --tsv line,outcome
	exec 8>in
	echo '{"text":"a"}' >&8
	wait_line send.out '^1.accepted$'
	wait_line peer.out 'in 0000001080000015'
	printf '{"text":"b"}\n{"te' >&8
	wait_line send.out '^2.accepted$'
	echo 'xt":"c"}' >&8
	wait_line send.out '^3.accepted$'
	exec 8>&-
	wait_exit "$pid"
}

@test "parts leave at the rate" {
	start_smsc -j
	long=$(printf 'x%.0s' {1..300})
	run -0 send -d 1 -m "$long" -C 10 -R 40 -q
	stop "$pid"
	# 20 parts, 25 ms between two; the first may be looked at late.
	jq -s 'map(select(.command_id==4).time | sub("\\.[0-9]+"; "") as $s |
		($s | fromdate) + (.[19:26] | tonumber)) |
		length==20 and .[-1] - .[0] > 0.3' smsc.out >ok
	[ "$(cat ok)" = true ]
}

@test "a window holds so many and no more" {
	start_peer bind read read read serve
	start send smpp send "127.0.0.1:$port" -s A -d 1 -m x -C 9 \
		--window 3 -q --response-timeout 20s
	wait_line peer.out '^in .*00000004.{8}00000004'
	kill -INT "$pid"
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ $rc -eq 130 ]
	[ "$(grep -c '^in ........00000004' peer.out)" -eq 3 ]
}

@test "what is throttled goes again, in order" {
	start_peer bind status=0x58 status=0x58 ok status=0x14 ok ok serve
	printf '%s\n' a b c >t
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 -l -f t \
		--window 1 --retry-throttled 2 --tsv line,outcome -q
	[ "$output" = $'1\taccepted\n2\taccepted\n3\taccepted' ]
	stop "$pid"
	# Two times a, then a, two times b, c.
	[ "$(grep '^in ........00000004' peer.out | cut -c 4- |
		sed 's/.*01\(..\)$/\1/' | xargs)" = "61 61 61 62 62 63" ]
}

@test "throttled for good is exit 6" {
	start_peer bind status=0x58 status=0x58 serve
	run -6 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 -m x \
		--retry-throttled 1
	[[ $output == "1  refused   1 part  gsm7  "* ]]
	[[ $stderr == *"refused: ESME_RTHROTTLED (0x00000058)"* ]]
}

@test "a window full of throttled parts keeps its order" {
	start_peer bind read read read \
		pdu=0x80000004,0x58,2 pdu=0x80000004,0x58,3 \
		pdu=0x80000004,0x58,4 ok ok ok serve
	printf '%s\n' a b c >t
	run -0 smpp send "127.0.0.1:$port" -s A -d 1 -l -f t -q --window 3 \
		--retry-throttled 1
	stop "$pid"
	[ "$(grep '^in ........00000004' peer.out |
		sed 's/.*01\(..\)$/\1/' | xargs)" = "61 62 63 61 62 63" ]
}

@test "receipts of many messages, also before their responses" {
	start_smsc --receipt DELIVRD:0
	run -0 --separate-stderr send -d 1 -m x -C 2000 --window 50 -W 10s \
		--tsv outcome
	[ "$(sort <<<"$output" | uniq -c | xargs)" = \
		"2000 accepted 2000 delivered" ]
}

@test "SMPP 3.3: receipts come on a bind of their own" {
	start_smsc --receipt DELIVRD:0
	run -0 --separate-stderr send -d 1 -d 2 -m x -W 10s --smpp-version 3.3 \
		--tsv outcome
	[ "$(sort <<<"$output" | xargs)" = \
		"accepted accepted delivered delivered" ]
}

@test "ids of receipts: hex, zeros, case; or only exact ones" {
	# 255 in hex, then a receipt in decimal.
	receipt=69643a3030303030303032353520737461743a44454c49565244
	start_peer bind body=464600 mo=9,4,0,$receipt serve
	run -0 smpp send "127.0.0.1:$port" -s ACME -d 4917 -m x -W 10s -q \
		--tsv outcome,id_match
	[ "$output" = $'accepted\t-\ndelivered\tnumber' ]
	stop "$pid"
	start_peer bind body=464600 mo=9,4,0,$receipt serve
	run -3 smpp send "127.0.0.1:$port" -s ACME -d 4917 -m x -W 500ms -q \
		--id-match exact --tsv outcome
	[[ $output == "accepted"*"no receipt for FF within 500ms"* ]]
	stop "$pid"
	grep -q 'in 00000010800000050000006400000009\|in 00000011800000050000006400000009' peer.out
}

@test "the link is lost: what was open is unknown, the rest unsent" {
	start_peer bind ok read read close
	run -3 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 -d 2 \
		-d 3 -d 4 -m x --window 2 --tsv outcome
	[ "$(xargs <<<"$output")" = "accepted unknown unknown unsent" ]
	stop "$pid"
	printf '{"text":"%s"}\n' a b c d e >b
	start_peer bind ok read read close
	run -3 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 \
		--batch b --window 2 --tsv line,outcome
	[ "$output" = $'1\taccepted\n2\tunknown\n3\tunknown' ]
	[[ $stderr == *"== b was read up to line 3"*"== 3 messages: "* ]]
}

@test "the SMSC logs out: an error only where something is left" {
	# The answer and unbind in one segment.
	both=hex=0000001280000004000000000000000237000000001000000006\
0000000000000009
	start_peer bind read "$both" serve
	run -7 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 -d 2 \
		-m x --window 1 --tsv outcome
	[ "$output" = $'accepted\nunsent' ]
	[[ $stderr == "smpp send: 127.0.0.1:$port ended the session (unbind), and not all was sent" ]]
	stop "$pid"
	start_peer bind read "$both" serve
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A -d 1 -m x \
		--window 1 --tsv outcome
	[ "$output" = accepted ]
	[ -z "$stderr" ]
}

@test "-t ends it when nothing is open, too" {
	start_smsc
	run -7 --separate-stderr send -d 1 -d 2 -m x -R 1/m -t 300ms \
		--tsv outcome
	[ "$output" = $'accepted\nunsent' ]
	[[ $stderr == "smpp send: the time limit of 300ms is over, and not all was sent" ]]
}

@test "INT ends it: the sums match" {
	start_peer bind ok ok read read serve
	mkfifo in
	start send smpp send "127.0.0.1:$port" -s A -d 1 --batch in -j --window 2
	exec 8>in
	printf '{"text":"%s"}\n' a b c d e >&8
	wait_line peer.out '^in ........00000004.{8}00000005'
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	exec 8>&-
	[ $rc -eq 130 ]
	jq -es '.[-1] | .messages == .accepted+.refused+.unknown+.unsent and
		.accepted==2 and .unknown==2' <(grep summary send.err)
}

@test "USR1 says how it goes" {
	start_peer bind ok wait=zzz
	start send smpp send "127.0.0.1:$port" -s A -d 1 -m x -C 2 --window 1 \
		--response-timeout 30s
	wait_line peer.out '^in .*00000004.{8}00000003'
	kill -USR1 "$pid"
	wait_line send.err '^== 2 read, 1 accepted, 0 refused, 0 unknown, 1 una'
	kill -INT "$pid"
	kill -INT "$pid"
}

@test "a closed or full stdout ends it" {
	start_smsc
	run -9 --separate-stderr send -d 1 -m x -C 100 -o /dev/full
	[[ $stderr == *"/dev/full: No space left on device"* ]]
	# shellcheck disable=SC2016
	run bash -c 'smpp send "127.0.0.1:$1" -s A -d 1 -m x -C 100000 |
		head -n 1; exit ${PIPESTATUS[0]}' x "$port"
	[ "$status" -eq 141 ]
}

@test "endless input takes no more memory than a little" {
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers take more"
	start_smsc -q
	# shellcheck disable=SC2016
	yes '{"destination_addr":"4917","text":"Hello"}' | head -n 200000 |
		run -0 env -i PATH="$PATH" bash -c '
			ulimit -v 200000
			exec smpp send "127.0.0.1:$1" -s A --batch - --window 100 \
				-q' x "$port"
}

@test "congestion_state slows down, without stopping" {
	start_peer bind body=3700042800010100 serve
	run -0 smpp send "127.0.0.1:$port" -s A -d 1 -m x -C 20 -q \
		--smpp-version 5.0
}

@test "a terminal shows how it goes" {
	start_peer bind ok read serve
	run script -qec "smpp send 127.0.0.1:$port -s A -d 1 -d 2 -m x \
		--window 1 -t 1s" /dev/null
	[[ $output == *'accepted 1  refused 0  unanswered 1  receipts await'* ]]
	[[ $output == *$'\e[Ksmpp send: no submit_sm_resp'* ]]
	stop "$pid"
	for quiet in -j -q; do
		start_peer bind ok read serve
		run script -qec "smpp send 127.0.0.1:$port -s A -d 1 -d 2 \
			-m x --window 1 -t 400ms $quiet" /dev/null
		[[ $output != *unanswered* ]]
		stop "$pid"
	done
}
