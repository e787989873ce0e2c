#!/usr/bin/env bats
# smpp load: what is sent, what is counted, how it ends.

load helper

# put OPTION...: 1000 messages a second to $port, which no machine notices.
put() {
	smpp load "127.0.0.1:$port" -s A -d 1 -m x -R 1000 "$@"
}

# pdus: the submit_sm that the SMSC got, one field or more a line.
pdus() {
	jq -r --arg keys "$*" 'select(.command_id_name=="submit_sm") |
		[.[$keys | split(" ")[]]] | join(" ")' smsc.out
}

@test "the count, for people" {
	start_smsc -q
	run -0 --separate-stderr put -C 50
	[[ ${lines[0]} =~ ^"sent 50  ok 50 (100.0 %)"("  "|$) ]]
	[[ ${lines[0]} =~ "rate 1000.0/s asked, "[0-9.]+"/s answered"$ ]]
	[[ ${lines[1]} =~ ^"latency ms  min "[0-9.]+"  p50 " ]]
	[[ ${lines[1]} =~ "(service p99 "[0-9.]+")"$ ]]
	[[ ${lines[2]} == *ms* ]]
	[[ $output != *[Nn]a[Nn]* && $output != *inf* ]]
}

@test "the count, as JSON, is that of the SMSC" {
	start_smsc -j
	run -0 --separate-stderr put -C 50 -j
	jq -e '.type == "summary" and .sent == 50 and .ok == 50 and
		.errors == 0 and .lost == 0 and .unsent == 0 and
		.status == {ESME_ROK: 50} and .rate_asked == 1000 and
		.rate > 0 and .failed == [] and
		(.latency_ms | .min > 0 and .p50 >= .min and .p99 >= .p50 and
			.max >= .p99 and .mean >= .min) and
		.service_ms.p50 > 0' <<<"$output"
	stop "$pid"
	[ "$(pdus sequence_number | wc -l)" -eq 50 ]
	[ "$(jq -r .command_id_name smsc.out | sort | uniq -c |
		awk '{ print $2, $1 }')" = \
"bind_transmitter 1
bind_transmitter_resp 1
submit_sm 50
submit_sm_resp 50
unbind 1
unbind_resp 1" ]
}

@test "a duration ends it, and so does -t" {
	start_smsc -q
	run -0 --separate-stderr put -R 100 --duration 300ms --window 99 \
		--tsv sent,unsent
	[ "$((${output/$'\t'/+}))" -eq 30 ]
	run -0 --separate-stderr put -R 100 -t 300ms --window 99 \
		--tsv sent,unsent
	[ "$((${output/$'\t'/+}))" -eq 30 ]
}

@test "no rate: as many as the window lets through" {
	start_smsc -q
	run -0 --separate-stderr put -R max --window 100 -C 5000 \
		--tsv ok,rate_asked,in_flight
	[ "$output" = $'5000\t-\t0' ]
}

@test "sessions take turns" {
	start_smsc -j
	run -0 --separate-stderr put -C 12 --sessions 3 --tsv sent,ok,sessions
	[ "$output" = $'12\t12\t3' ]
	stop "$pid"
	[ "$(pdus session | sort | uniq -c | awk '{ print $2, $1 }')" = \
"1 4
2 4
3 4" ]
}

@test "patterns in addresses and texts" {
	start_smsc -j
	printf 'red\ngreen\n\nblue\n' >words
	run -0 --separate-stderr smpp load "127.0.0.1:$port" \
		-s '+49{seq:08..10}' \
		-d '1{rand:7}{n},1,1' -m '{file:words} {n} {{x}' -C 11 -R 1000 \
		--tsv ok
	[ "$output" = 11 ]
	stop "$pid"
	[ "$(pdus source_addr | head -n 4)" = $'4908\n4909\n4910\n4908' ]
	[ "$(pdus source_addr_ton source_addr_npi dest_addr_ton | sort -u)" = \
		"1 1 1" ]
	[ "$(pdus destination_addr | grep -c -E '^1[0-9]{7}([1-9]|10|11)$')" \
		-eq 11 ]
	[ "$(pdus destination_addr | sort -u | wc -l)" -eq 11 ]
	[ "$(pdus text | sed -n '1p;2p;4p;11p')" = \
"red 1 {x}
green 2 {x}
red 4 {x}
green 11 {x}" ]
}

@test "long texts, alphabets, fields" {
	start_smsc -j
	long=$(printf 'word %.0s' {1..60})
	run -0 --separate-stderr put -m "$long" -C 4 --tsv ok
	run -0 --separate-stderr put -m 'Привет {n}' -C 2 --priority-flag 2 \
		--tlv user_message_reference=7 --tsv ok
	run -0 --separate-stderr put -m 'x' -e ucs2 -C 1 --tsv ok
	stop "$pid"
	[ "$(pdus data_coding text | tail -n 3)" = \
"8 Привет 1
8 Привет 2
8 x" ]
	[ "$(pdus priority_flag user_message_reference | sed -n 5p)" = "2 7" ]
	jq -s '[.[] | select(.udh) | .udh.ies[0].data]' smsc.out | jq -c . |
		grep -q -x '\["000201","000202","010201","010202"\]'
}

@test "receipts are matched" {
	start_smsc -q --receipt DELIVRD:20ms
	run -0 --separate-stderr put -C 30 -r -j
	jq -e '.receipts == 30 and .receipts_late == 0 and
		.receipts_awaited == 0 and .receipt_ms.min >= 15' <<<"$output"
	run -0 --separate-stderr put -C 5 -W 10s
	[[ $output == *"  receipts 5"* && $output == *"receipt ms  min "* ]]
}

@test "receipts that are late, and that never come" {
	start_smsc -q --receipt DELIVRD:300ms
	run -0 --separate-stderr put -C 5 -R 10 -W 20ms -j
	jq -e '.receipts + .receipts_awaited == 5 and
		.receipts_late == .receipts' <<<"$output"
	stop "$pid"
	start_smsc -q --receipt DELIVRD:1h
	run -1 --separate-stderr put -C 5 -W 10ms -q \
		--fail-if 'receipts_lost>0'
	[ "$stderr" = \
		"smpp load: threshold failed: receipts_lost 5 > 0" ]
}

@test "refusals and thresholds" {
	start_smsc -q
	run -1 --separate-stderr smpp load "127.0.0.1:$port" -m x \
		-d '{seq:1..1}' -C 10 -R 1000 --fail-if 'p50 > 0ms' \
		--fail-if 'errors>=1%' --fail-if 'rate < 1000000/s' --fail-if 'ok>9'
	[ "$(grep -c 'threshold failed: ' <<<"$stderr")" -eq 3 ]
	[[ $stderr =~ "threshold failed: p50 "[0-9.e-]+" ms > 0 ms" ]]
	[[ $stderr == *"threshold failed: ok 10 > 9"* ]]
	run -1 --separate-stderr put -d '' -C 10 -j
	jq -e '.type == "summary" and .ok == 0 and .errors == 10 and
		.status == {ESME_RINVDSTADR: 10}' <<<"$output"
	[[ $stderr == *'"exit":1'*'no message was accepted'* ]]
	run -1 --separate-stderr put -d '' -C 10
	[[ $output == *"sent 10  ok 0 (0.0 %)  ESME_RINVDSTADR 10  rate"* ]]
}

@test "no answers: timeouts, and an end" {
	start_peer bind drain
	run -1 --separate-stderr put -C 5 --response-timeout 1s -j
	jq -e '.sent == 5 and .ok == 0 and .timeouts == 5 and
		.in_flight == 0 and (has("latency_ms") | not)' <<<"$output"
}

@test "sessions that end: nobody is left" {
	start_peer bind read close
	run -3 --separate-stderr put -C 50 -R 100 -j
	jq -e '.ok == 0 and .lost == .sent and .lost > 0' <<<"$output"
	[[ $stderr == *"session 1 of 1 lost: the peer "* ]]
	[[ $stderr == *'"exit":3'*'no session is left'* ]]
	start_peer bind ok close
	run -3 --separate-stderr put -C 50 -R max
	[[ ${lines[0]} =~ ^"sent 1"[01]"  ok 1 ("[0-9.]*" %)  lost "[19] ]]
}

@test "a session that ends is back while there are others" {
	start_smsc -q --rule 'session==1 and sequence_number==5 -> close'
	start load smpp load "127.0.0.1:$port" -d 1 -m x -R 100 --sessions 2 \
		--duration 1h --every 50ms -j
	wait_line load.err 'session 1 of 2 lost: the peer '
	wait_line load.err '^== session 1 of 2 is back$'
	wait_line load.out '"sessions":2,.*"ok":[1-9]'
	kill -INT "$pid"
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	tail -n 1 load.out | jq -e '.lost >= 1 and .ok > 0 and
		.sent == .ok + .lost'
}

@test "not reached, refused, wrong" {
	start_peer status=14
	run -5 put
	[[ $output == *"bind refused by 127.0.0.1:$port: ESME_RINVPASWD"* ]]
	stop "$pid"
	run -4 put
	[[ $output == *"Connection refused"* ]]
	run -2 --separate-stderr smpp load 192.0.2.1 -d 1 -m x -R 101 </dev/null
	[ "${stderr_lines[0]}" = "smpp load: more than 100 messages a second \
to 192.0.2.1:2775, which is another machine" ]
	run -2 smpp load 192.0.2.1 -d 1 -m x -R max </dev/null
	run -2 smpp load 192.0.2.1 -d 1 -m x --ramp 1..500:1s </dev/null
	run -2 put --rate 0
	run -2 put --ramp 1..2:1s
	run -2 smpp load localhost -m x
	run -2 smpp load localhost -d 1
	run -2 put --sessions 2 --trace x.pcap
	run -2 put --smpp-version 3.3 -r
	run -2 put -e nope
	run -2 put --split nope
	run -2 put -d 123456789012345678901
	run -8 put -e gsm7 -m 'Привет'
	run -9 put -d '{file:/nowhere}'
}

@test "bad patterns and thresholds say where" {
	for word in '{m}' '{rand:0}' '{rand:19}' '{rand:}' '{seq:1}' \
		'{seq:5..1}' '{seq:a..b}' '{n'; do
		run -2 --separate-stderr smpp load localhost -d "$word" -m x
		[[ ${stderr_lines[0]} == "smpp load: --destination-addr: '{"* ]]
		[[ ${stderr_lines[1]} == "  hint: {n}, {rand:8}, "* ]]
	done
	for word in p99 'p101>1ms' 'speed>1' 'p99>1%' 'errors>1ms' 'rate>x' \
		'p99=1ms' 'p99>'; do
		run -2 --separate-stderr smpp load localhost -d 1 -m x \
			--fail-if "$word"
		[[ ${stderr_lines[0]} == "smpp load: --fail-if: "* ]]
		[ "${stderr_lines[1]}" = "  $word" ]
	done
}

@test "-n prints the first message, and sends nothing" {
	run -0 --separate-stderr smpp load localhost -s A -d '{seq:07..09}' \
		-m 'n {n}' -n -j
	jq -e '.command_id_name == "submit_sm" and .text == "n 1" and
		.destination_addr == "07"' <<<"$output"
	[[ $stderr == *"== host"*localhost* ]]
}

@test "the figures of each interval" {
	start_smsc -q
	run -0 --separate-stderr put -R 200 --duration 400ms --window 99 \
		--every 100ms -j
	[ "$(jq -s '[.[] | select(.type=="stats") | .sent] | add' \
		<<<"$output")" -eq "$(jq -s '.[-1].sent' <<<"$output")" ]
	jq -es 'length >= 2 and .[-1].type == "summary" and
		all(.[:-1][]; .time and .seconds > 0)' <<<"$output"
}

@test "INT ends the run, which is summed up" {
	start_smsc -q
	start load smpp load "127.0.0.1:$port" -s A -d 1 -m x -R 100 \
		--duration 1h --every 50ms -j
	wait_line load.out '"ok":[1-9]'
	kill -INT "$pid"
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	tail -n 1 load.out | jq -e '.type == "summary" and .ok > 0 and
		.ok == .sent'
}

@test "INT while nothing answers, twice: at once" {
	start_peer bind drain
	start load smpp load "127.0.0.1:$port" -s A -d 1 -m x -C 5 --every 50ms
	wait_line load.out '^sent 0.* rate 0.0/s asked'
	kill -INT "$pid"
	wait_line load.err '^== ending, 5 unanswered$'
	kill -INT "$pid"
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	tail -n 1 load.out | grep -q '^sent 5  ok 0 (0.0 %)'
}

@test "a session to receive takes what the SMSC delivers" {
	start_smsc -q --receipt DELIVRD:0
	start load smpp load "smpp://acme@127.0.0.1:$port" -b rx --duration 1h \
		--every 50ms -j
	wait_line load.out '"type":"stats"'
	smpp send "smpp://acme@127.0.0.1:$port" -d 1 -m x -r -q
	wait_line load.out '"delivered":1'
	kill -INT "$pid"
	wait_exit "$pid" || rc=$?
	tail -n 1 load.out | jq -e '.delivered == 1 and .sent == 0'
}

@test "--trace shows what was sent" {
	start_smsc -q
	run -0 --separate-stderr put -m traced -C 3 --trace t.pcap -q
	[ "$(grep -a -o traced t.pcap | wc -l)" -eq 3 ]
}

@test "a ramp: as many as lie below it" {
	start_smsc -q
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x \
		--ramp 0..400:500ms \
		--window 200 --tsv sent,unsent
	[ "$((${output/$'\t'/+}))" -eq 100 ]
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x \
		--ramp 400..0:500ms \
		--duration 600ms --window 200 --tsv sent,unsent
	[ "$((${output/$'\t'/+}))" -eq 101 ]
}

@test "more than 100/s to another machine is asked for, or --yes" {
	start_smsc -q
	run -2 --separate-stderr smpp load "0.0.0.0:$port" -d 1 -m x -R 200 \
		-C 5
	[[ $stderr == *"hint: --yes, if that SMSC"* ]]
	run -0 smpp load "0.0.0.0:$port" -d 1 -m x -R 200 -C 5 --yes \
		--tsv sent
	[ "$output" = 5 ]
}

@test "receipts of messages with the same id cannot be told apart" {
	start_peer bind ok ok ok serve # each of them is 77
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x -C 3 \
		-R max --window 1 -W 10ms -b trx --tsv \
		receipts,receipts_awaited,receipts_untracked
	[ "$output" = $'0\t1\t2' ]
}

@test "--csv and --hdr" {
	start_smsc -q
	run -0 --separate-stderr put -C 100 -R 500 --every 50ms \
		--csv run.csv --hdr run.hdr -q
	[ -z "$output" ]
	[ "$(head -n 1 run.csv | cut -d, -f 1-4)" = time,seconds,sent,ok ]
	[ "$(awk -F, 'NR > 1 { n += $4; if (NF != 16) print "odd" }
		END { print n }' run.csv)" -eq 100 ]
	run ! grep -i -q -e nan -e inf run.csv run.hdr
	grep -q -E '^ +Value +Percentile +TotalCount 1/\(1-Percentile\)$' run.hdr
	grep -q -E '^ +[0-9.]+ 0.500000000000 +[0-9]+ +2.00$' run.hdr
	grep -q -E '^ +[0-9.]+ 1.000000000000 +100$' run.hdr
	grep -q -E '^#\[Max +=.*Total count +=  +100\]$' run.hdr
	run -9 put -C 1 --csv /nowhere/x
	run -9 put -C 1 --hdr /nowhere/x
}

@test "--report: a page that needs nothing else" {
	start_smsc -q
	run -1 put -C 100 -R 500 --every 50ms --report run.html -q \
		--fail-if 'ok > 1' --fail-if 'errors>1%'
	[ ! -e run.html.part ]
	run ! grep -q -i -e '<script' -e 'src=' -e 'http-equiv' -e 'https\?:' \
		-e '@import' -e '\bnan\b' -e '\binf\b' run.html
	[ "$(grep -c '<svg ' run.html)" -eq 3 ]
	[ "$(grep -c '</svg>' run.html)" -eq 3 ]
	grep -q '>failed<' run.html
	grep -q '<td>fail if ok &lt;\|<td>fail if ok > 1<td' run.html
	grep -q 'prefers-color-scheme:dark' run.html
	run -9 put -C 1 --report /nowhere/x
	start load smpp load "127.0.0.1:$port" -d 1 -m x --duration 1h \
		--every 20ms --report live.html -j
	wait_line load.out '"ok":[1-9]'
	grep -q '<meta http-equiv=refresh content=1>' live.html
	grep -q '>running<' live.html
	kill -INT "$pid"
	wait_exit "$pid" || true
	run ! grep -q http-equiv live.html
}

@test "--find-max: steps, the most and the knee" {
	start_smsc -q
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x \
		--find-max --window 2 \
		--sessions 1 --duration 50ms
	[[ ${lines[0]} == *"sessions"*"window"*"asked/s"*"accepted/s"* ]]
	[[ ${lines[1]} =~ ^" "+"1 "+"1 "+"max "+[0-9.]+" "+"0.00 %" ]]
	[[ ${lines[2]} =~ ^" "+"1 "+"2 "+"max " ]]
	[[ $output =~ "most  "[0-9.]+"/s accepted, with 1 session" ]]
	[[ ${lines[-1]} == "knee  "* ]]
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x \
		--find-max --window 1 \
		--sessions 1 --duration 50ms -j
	jq -es 'length >= 3 and (.[-1] | .type == "summary" and .window == 1 and
		.sessions == 1 and .rate_most > 0)' <<<"$output"
	run -1 smpp load "127.0.0.1:$port" -d '' -m x --find-max --duration 50ms
	[[ $output == *"no step was good"* ]]
	run -2 smpp load "127.0.0.1:$port" -d 1 -m x --find-max -R 5
	run -4 smpp load 127.0.0.1:1 -d 1 -m x --find-max
}

@test "on a terminal: figures that change, and keys" {
	start_smsc -q
	{
		wait_line tty.out 'by 10 %, \* / by 2, q ends' && printf '*+/'
		wait_line tty.out 'rate 110.0/s asked' && printf q
	} | TERM=xterm timeout 40 script -q -f -e -c "smpp load \
		127.0.0.1:$port -d 1 -m x -R 100 --duration 1h" tty.out >raw
	tr -d '\r' <tty.out | grep -E 'sent [0-9]+  ok [0-9]+ .*/s answered$'
	run ! grep -q -i nan tty.out
}

@test "all sessions lost is exit 7, with nothing accepted, too" {
	start_peer bind close
	run -7 --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x \
		-R 50 -C 100
	[[ $stderr == *"no session is left"* ||
		$stderr == *"a session ended before all were bound"* ]]
	[[ $stderr != *"no message was accepted"* ]]
	# one that was bound and is lost while others bind is told as that
	run --separate-stderr smpp load "127.0.0.1:$port" -d 1 -m x -R 50 \
		-C 100 --sessions 5
	[[ $stderr != *"no bind_transmitter_resp"* ]]
}
