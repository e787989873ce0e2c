# smpp dlr-parse: where it finds receipts, what it prints, how it fails.
load helper

receipts=$root/t/receipts
classic='id:5f3a9c01 sub:001 dlvrd:001 submit date:2611211042 done date:2611211043 stat:DELIVRD err:000 text:Hello'

# as_json FILE: each line of a corpus as smpp listen prints a message. Octets
# are U+0000 to U+00FF there, so hexadecimal comes from the code points.
as_json() {
	jq -c 'def hex: explode | map(
			[(. / 16 | floor), . % 16] |
			map("0123456789abcdef"[. : . + 1]) | join("")) | join("");
		(.carrier // if (.input | length) > 255 then "tlv" else ""
			end) as $c | {type: "pdu", command_id_name:
			(if $c == "data_sm" then "data_sm" else "deliver_sm" end),
		esm_class: (.esm_class // 0),
		tlvs: ([.tlvs // [] | .[] | {tag: (.tag[2:] | explode |
			reduce .[] as $d (0; . * 16 + ($d | if . > 64
			then . - 55 else . - 48 end))), hex: .value_hex}] +
			if $c != "" and .input != "" then
				[{tag: 1060, hex: (.input | hex)}] else [] end)} +
		if $c == "" then {short_message: (.input | hex)} else {} end' \
		"$1"
}

@test "every receipt of the corpus, as JSON" {
	as_json "$receipts/corpus.jsonl" >in
	smpp dlr-parse -j in 2>/dev/null >out
	[ "$(wc -l <out)" -eq "$(wc -l <"$receipts/corpus.jsonl")" ]
	diff <(jq -c '[.id, .stat, .message_state, .final, .submit_date_iso,
			.done_date_iso, .sub, .dlvrd, .err, .text,
			.network_error, .text_id,
			if .extra == {} then null else .extra end]' out) \
		<(jq -c '.expect | [.message_id, .stat, .message_state, .final,
			.submit_date, .done_date, .sub, .dlvrd, .err, .text,
			.network_error, .text_id,
			if .extra == {} then null else .extra end]' \
			"$receipts/corpus.jsonl")
}

@test "no ordinary message is a receipt" {
	as_json "$receipts/negatives.jsonl" >in
	run --separate-stderr smpp dlr-parse -j in
	[ "$status" -eq 1 ]
	[ "$output$stderr" = "" ]
}

@test "PDUs in hex, alone and in a line of a log" {
	jq -r '.pdu_hex // empty' "$receipts/corpus.jsonl" >in
	[ "$(smpp dlr-parse --tsv id in 2>/dev/null | wc -l)" \
		-eq "$(wc -l <in)" ]
	sed 's/^/10:42:07 <- deliver_sm [/; s/$/] 12 ms/; s/../& /20' in >log
	sed 's/../& /g' in >spaced
	for file in log spaced; do
		diff <(smpp dlr-parse --tsv id,stat $file 2>/dev/null) \
			<(smpp dlr-parse --tsv id,stat in 2>/dev/null)
	done
}

@test "a receipt, as words, JSON, -F and --tsv" {
	echo "$classic" >in
	[ "$(smpp dlr-parse in)" = \
		'5f3a9c01  DELIVRD  err 000  2026-11-21 10:42 -> 10:43  "Hello"' ]
	[ "$(smpp dlr-parse -j <in)" = '{"type":"receipt","id":"5f3a9c01","sub":1,"dlvrd":1,"submit_date":"2611211042","done_date":"2611211043","submit_date_iso":"2026-11-21T10:42:00","done_date_iso":"2026-11-21T10:43:00","stat":"DELIVRD","message_state":2,"message_state_name":"DELIVERED","final":true,"err":"000","text":"Hello","line":1}' ]
	[ "$(smpp dlr-parse -F '%{stat} %{nothing}\n' in)" = "DELIVRD -" ]
	[ "$(smpp dlr-parse --tsv id,err,done_date_iso in)" = \
		$'5f3a9c01\t000\t2026-11-21T10:43:00' ]
}

@test "what it prints it reads again" {
	as_json "$receipts/corpus.jsonl" | smpp dlr-parse -j 2>/dev/null >once
	smpp dlr-parse -j once 2>/dev/null >twice
	diff <(jq -c 'del(.warnings, .errors, .line)' once) \
		<(jq -c 'del(.warnings, .errors, .line)' twice)
}

@test "--tsv is the same with and without JSON in between" {
	local keys=id,sub,dlvrd,submit_date,done_date,submit_date_iso
	keys+=,done_date_iso,stat,message_state,message_state_name,final,err
	keys+=,text,type,line
	as_json "$receipts/corpus.jsonl" >in
	printf 'id:%b stat:DELIVRD err:1 text:%b\n' 1 'a\t\eb\x7f\x01' \
		2 '\xc2\x9b31m \xc3\xa4' 3 '\x9b31m \xe4\x80\r\134' >>in
	smpp dlr-parse --tsv $keys in 2>/dev/null >fast
	smpp dlr-parse --tsv $keys,nothing in 2>/dev/null >slow
	diff <(sed 's/$/\t-/' fast) slow
	iconv -f utf-8 fast >/dev/null
	run ! grep -P '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' fast
	[ "$(smpp dlr-parse --tsv text in 2>/dev/null | tail -n 3)" = \
		$'a\\t\\x1bb\\x7f\\x01\n\\x9b31m ä\n\\x9b31m ä\\x80\\r\\\\' ]
}

@test "inside lines of logs" {
	local line
	while read -r line; do
		[ "$(smpp dlr-parse --tsv id,stat,text <<<"$line")" = \
			$'5f3a9c01\tDELIVRD\tHello' ] || {
			echo "$line"
			return 1
		}
	done <<-EOF
		2026-11-21 10:42:07 DLR from SMSC1: $classic
		Receive DLR [SMSC:a] [from:4917] [msg:107:$classic] [udh:0:]
		10:42 INFO "$classic" handled
		deliver_sm short_message='$classic', data_coding=0
		msg=($classic) rc=0
		<$classic>
		<text id="1">$classic</text>
		{"log":"dlr \"$classic\"","stream":"stdout"}
	EOF
	[ "$(smpp dlr-parse -F '%{text}\n' <<<"[$classic [1] (2)] x")" = \
		"Hello [1] (2)" ]
}

@test "stat and err alone, and other forms of single peers" {
	run -0 smpp dlr-parse --tsv id,stat,err,text,extra <<'END'
stat:EXPIRED err:1
 stat:UNDELIVERABLE err:1 text:xxx
SR yourProvider stat=DELIVRD err=000|#MESSAGE
id:1 stat:DELIVRD seq:1 err:000
id:1 sub:001 stat:REJECTD by us err:0
00,0210021543,0210021500,,447887123456,10110200000000,we23
01,0210021543,0210021500,30,447887123456,10110200000999,we24
DLR [cid:rx2] [smpp-msgid:121] [status:DELIVRD] [submit date:1608051040] [done date:1608051046] [sub/dlvrd messages:001/002] [err:001] [content:'Hi']
END
	diff - <(tr ';' '\t' <<'END'
-;EXPIRED;1;-;-
-;UNDELIVERABLE;1;xxx;-
-;DELIVRD;000;-;-
1;DELIVRD;000;-;{"seq":"1"}
1;REJECTD;0;-;{"stat_reason":"by us"}
we23;00;-;-;-
we24;01;30;-;-
121;DELIVRD;001;Hi;-
END
	) <<<"$output"
	run -0 smpp dlr-parse -j <<<"${lines[5]/*/00,0210021543,0210021500,,447887123456,1011,we23}"
	jq -e '.message_state==2 and .final and .done_date_iso==
		"2002-10-02T15:43:00" and (has("warnings") | not)' <<<"$output"
	# And what is none of these.
	run -1 smpp dlr-parse <<'END'
id=4411 stat=DELIVRD
stat:DELIVRD is what it says
00,call me,later,,thanks
00,0210021543,0210021500,,447887123456,10110200000000
00,0210021543,0210021500,,447887123456,10110200000000,we23,more
FW: id:55 is ours, stat: unknown to me
[status:DELIVRD] [smpp-msgid:]
END
}

@test "other lines are counted, no receipt at all is 1" {
	printf 'hello\n\n%s\nstat: all good\n' "$classic" >in
	run --separate-stderr smpp dlr-parse -v in
	[ "$status" -eq 0 ]
	[[ $stderr == *"== in:1: no receipt: hello"* ]]
	[[ $stderr == *"== 1 receipts, 0 malformed, 3 other lines"* ]]
	run smpp dlr-parse < <(echo hello)
	[ "$status" -eq 1 ]
	[ "$output" = "" ]
}

@test "malformed receipts: five are named, then they are counted" {
	local i
	for i in 1 2 3 4 5 6 7; do
		echo "id:$i sub:001 dlvrd:001 submit date:2611211042 err:000"
	done >bad.log
	run --separate-stderr smpp dlr-parse -j bad.log
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 7 ]
	[ "$(jq -c .errors <<<"${lines[6]}")" = \
		'[{"kind":"no_stat","message":"receipt without stat"}]' ]
	[ "$(wc -l <<<"$stderr")" -eq 6 ]
	run --separate-stderr smpp dlr-parse --strict bad.log
	[ "$status" -eq 8 ]
	# shellcheck disable=SC2154 # set by run
	[ "${stderr_lines[0]}" = \
		"smpp dlr-parse: bad.log:1: receipt without stat" ]
	[ "${stderr_lines[5]}" = "smpp dlr-parse: 2 more malformed receipts" ]
}

@test "--strict takes warnings for malformed" {
	run --separate-stderr smpp dlr-parse --strict \
		< <(echo 'id:1 sub:x stat:QRX err:000')
	[ "$status" -eq 8 ]
	[ "$stderr" = \
		"smpp dlr-parse: -:1: receipt with bad_sub unknown_stat" ]
	run smpp dlr-parse --strict < <(echo "$classic")
	[ "$status" -eq 0 ]
}

@test "--only" {
	printf 'id:1 stat:DELIVRD err:0\nid:2 stat:undeliv err:1\nid:3 stat:QRX err:2\n' >in
	[ "$(smpp dlr-parse --only UNDELIV,qrx --tsv id in)" = $'2\n3' ]
	[ "$(smpp dlr-parse --only delivered --tsv id in)" = 1 ]
	run smpp dlr-parse --only EXPIRED in
	[ "$status" -eq 1 ]
	run --separate-stderr smpp dlr-parse --only , in
	[ "$status" -eq 2 ]
}

@test "--tz" {
	local zone
	while read -r zone want; do
		[ "$(smpp dlr-parse --tz "$zone" --tsv done_date_iso \
			<<<"$classic")" = "2026-11-21T10:43:00$want" ]
	done <<-EOF
		UTC Z
		+05:30 +05:30
		-0800 -08:00
		+02 +02:00
	EOF
	if [ -e /usr/share/zoneinfo/Europe/Oslo ]; then
		[ "$(smpp dlr-parse --tz Europe/Oslo --tsv done_date_iso \
			<<<"$classic")" = "2026-11-21T10:43:00+01:00" ]
	fi
	run --separate-stderr smpp dlr-parse --tz Nowhere
	[ "$status" -eq 2 ]
}

@test "--err-set says what err means" {
	[ "$(smpp dlr-parse --err-set gsm-map -F '%{err_meaning}\n' \
		<<<'id:1 stat:UNDELIV err:0034')" = "network failure (temporary)" ]
	[ "$(smpp dlr-parse -F '%{err_meaning}\n' \
		<<<'id:1 stat:UNDELIV err:034')" = - ]
	run --separate-stderr smpp dlr-parse --err-set none
	[ "$status" -eq 2 ]
}

@test "--strict-states counts ACCEPTD as final" {
	[ "$(smpp dlr-parse --tsv final <<<'id:1 stat:ACCEPTD err:0')" = false ]
	[ "$(smpp dlr-parse --strict-states --tsv final \
		<<<'id:1 stat:ACCEPTD err:0')" = true ]
}

@test "--summary" {
	{
		for i in {1..9}; do echo "$classic"; done
		echo "${classic/DELIVRD err:000/undeliv err:001}"
		echo 'hello'
		echo 'id:1 sub:001 dlvrd:001 err:000'
	} >in
	run --separate-stderr smpp dlr-parse --summary in
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "receipts 10   DELIVRD 9 90.0 %   UNDELIV 1 10.0 %   other lines 1   malformed 1" ]
	[ "${lines[1]}" = \
		"top err  000 9   001 1   done-submit median 1 min  p95 1 min" ]
	[ "$(smpp dlr-parse --summary -j in 2>/dev/null)" = '{"type":"summary","receipts":10,"stat":{"DELIVRD":9,"UNDELIV":1},"err":{"000":9,"001":1},"other_lines":1,"malformed":1,"delay_s":{"p50":60,"p95":60}}' ]
}

@test "a live pipe is printed line by line" {
	mkfifo pipe
	smpp dlr-parse --tsv id <pipe >out 3>&- &
	exec 4>pipe
	echo "$classic" >&4
	timeout 10 bash -c 'until [ -s out ]; do :; done'
	exec 4>&-
	wait $!
	[ "$(cat out)" = 5f3a9c01 ]
}

@test "several files, one that is not there, a last line without its end" {
	printf '%s' "$classic" >a
	printf '%s\n' "$classic" >b
	run --separate-stderr smpp dlr-parse -j a nothing b
	[ "$status" -eq 9 ]
	[ "$(jq -r '.file + ":" + (.line | tostring)' <<<"$output")" = \
		$'a:1\nb:1' ]
}

@test "a line longer than 1 MiB is cut, and said so" {
	{
		printf '%s' "$classic"
		head -c 2000000 /dev/zero | tr '\0' x
		printf '\n%s\n' "$classic"
	} >in
	run --separate-stderr smpp dlr-parse --tsv id in
	[ "$output" = $'5f3a9c01\n5f3a9c01' ]
	[ "$stderr" = \
		"smpp dlr-parse: in:1: only the first 1048576 octets read" ]
}
