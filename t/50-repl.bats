#!/usr/bin/env bats
# smpp repl with lines from a file or a pipe: what is sent, what is judged, how
# it ends. 51-repl-tty.bats has the terminal.

load helper

hex() {
	printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# script [OPTION...]: runs the lines of standard input against $port.
script() {
	cat >script.smpp
	run --separate-stderr timeout "$WAIT" smpp repl "127.0.0.1:$port" \
		-f script.smpp "$@"
	echo "exit $status: $output $stderr"
}

# said TEXT: standard error ends with this line.
said() {
	[ "$(tail -n 1 <<<"$stderr")" = "$1" ]
}

# fails TEXT LINE: a script of that line alone ends with 1 and that message.
fails() {
	printf '%s\n' "$2" >one.smpp
	run --separate-stderr timeout "$WAIT" smpp repl -f one.smpp
	echo "exit $status: $output $stderr"
	[ "$status" -eq 1 ]
	[[ $stderr == "smpp repl: one.smpp:1: "*"$1"* ]]
}

@test "requests by name, answers, variables, what comes by itself" {
	start_smsc --receipt DELIVRD:0
	script <<-'END'
		# a comment
		enquire_link
		\expect command_status==0
		submit_sm destination_addr=491701 short_message="hi \x21" \
			registered_delivery=1	# goes on
		\expect command_status==ESME_ROK and message_id==1
		\let id=message_id
		\wait 10s command_id==deliver_sm
		\expect receipt.id==$id and receipt.stat==DELIVRD
		\repeat 2 submit_sm destination_addr=4917$i
		\again
		\again 2
	END
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == '-> enquire_link seq 2, 16 bytes' ]]
	[[ ${lines[1]} == '<- enquire_link_resp seq 2 ESME_ROK  '*ms ]]
	[[ $output == *'<- submit_sm_resp seq 3 ESME_ROK  id 1  '* ]]
	[[ $output == *'<- deliver_sm seq 1  receipt 1  DELIVRD  err 000, answered'* ]]
	[[ $output == *'-> submit_sm seq 6, '*'-> enquire_link seq 7, '* ]]
	grep -q '491701' smsc.out
	grep -q '49172' smsc.out
	grep -q 'hi !' smsc.out
}

@test "a pipe, -j, and its records taken back" {
	start_smsc
	printf 'enquire_link\n\\expect command_status==0\nunbind\n' |
		smpp repl "127.0.0.1:$port" -j >out.json
	[ "$(jq -r '.dir + " " + .command_id_name' out.json)" = \
		'out enquire_link
in enquire_link_resp
out unbind
in unbind_resp' ]
	smpp repl "127.0.0.1:$port" -j >out.json \
		<<<'submit_sm destination_addr=49 short_message="x # y"'
	jq -c 'select(.dir=="out")' out.json | smpp repl "127.0.0.1:$port" -j |
		jq -s -e 'any(.text=="x # y")'
	run -0 --separate-stderr smpp repl "127.0.0.1:$port" -F '%{command_id_name}\n' \
		<<<enquire_link
	[ "$output" = "enquire_link
enquire_link_resp" ]
}

@test "what is expected and does not come: file, line, exit status" {
	start_smsc
	script <<-'END'
		enquire_link

		\expect command_status==ESME_RINVMSGLEN
		enquire_link
	END
	[ "$status" -eq 1 ]
	said 'smpp repl: script.smpp:3: expected command_status==ESME_RINVMSGLEN, got ESME_ROK'
	[ "${#lines[@]}" -eq 2 ]
	script --keep-going <<-'END'
		\expect command_status==0
		enquire_link
		\expect command_status==1 or sequence_number==7
		\let x=nothing
		enquire_link
	END
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 4 ]
	[[ $stderr == *':1: nothing was sent yet'*':3: expected command_status==1 or sequence_number==7, got enquire_link_resp ESME_ROK'*':4: no nothing in enquire_link_resp ESME_ROK' ]]
	script -j <<<'\wait 1ms command_id==deliver_sm'
	[ "$status" -eq 1 ]
	tail -n 1 <<<"$stderr" | jq -e '.type=="error" and .exit==1 and
		.what=="wait" and .file=="script.smpp" and .line==1'
	script <<<'\expect comand_status==0'
	[ "$status" -eq 2 ]
	[[ $stderr == *"script.smpp:1: \\expect: no name 'comand_status'"*"^" ]]
}

@test "lines that are wrong" {
	fails "no PDU or command 'sumbit_sm'; did you mean 'submit_sm'?" sumbit_sm
	fails "no PDU or command '\\conect'; did you mean '\\connect'?" '\conect'
	fails "did you mean '\\bind'?" bind
	fails "no PDU or command 'xyzzy'" xyzzy
	fails "no field 'mesage_id' in query_sm; did you mean 'message_id'?" \
		'query_sm mesage_id=1'
	fails "broadcast_sm: not in SMPP 3.4" broadcast_sm
	# shellcheck disable=SC2016
	fails "no variable 'id'; \\\$ is a dollar sign" 'query_sm message_id=$id'
	fails "not connected" enquire_link
	fails "octets are pairs of hexadecimal digits" '\raw 0x00'
	fails "HEX is missing" '\drip 5s'
	fails "a time is wanted" '\wait'
	fails "'tr' is none of tx, rx, trx" '\bind tr'
	fails "no setting 'auto_enquir'; did you mean 'auto_enquire'?" \
		'\set auto_enquir off'
	fails "auto_enquire: on or off, not 'no'" '\set auto_enquire no'
	fails "unexpected 'now'" '\close now'
	fails "nothing was sent yet" '\again'
	fails "lines in lines, 16 deep" '\i one.smpp'
	fails "no name for a variable" '\let 1x=1'
	fails "NAME=KEY" '\let x'
	fails "exit status 3" '\! exit 3'
	fails "JSON: column 14" '{"type":"pdu",'
	fails "nothing is called 'submitsm'; did you mean 'submit_sm'?" \
		'help submitsm'
	run -9 --separate-stderr smpp repl -f nowhere.smpp
	[[ $stderr == "smpp repl: nowhere.smpp: No such file"* ]]
	run -9 smpp repl <<<'\i nowhere.smpp'
	run -1 smpp repl < <(printf 'help\0quit\n')
	run -0 smpp repl </dev/null
}

@test "lies go out octet by octet as they are" {
	start_peer drain
	script --no-bind --keep-going --response-timeout 1ms <<-'END'
		submit_sm destination_addr=49 short_message="hi" !sm_length=200
		query_sm message_id=7 !source_addr=hex:41 ~source_addr_npi +hex:00ff
		enquire_link !command_length=17 !command_id=0xff sequence_number=9
		enquire_link tlv.0x1400=hex:0102 tlv.0x1400.!length=9
		\raw 0001 02
		\raw 00000010 00000015 00000000 00000063 00000010 80000015 00000000 00000001
		\drip 00000010000000150000000000000064 1ms
		submit_sm_resp message_id=77 sequence_number=5
	END
	[ "$status" -eq 3 ]
	stop "$pid"
	[ "$(sed -n 's/^in //p' peer.out | tr -d '\n')" = "$(echo \
		00000025000000040000000000000001 00 0000 00 0000 3439 00 \
		00 00 00 00 00 00 00 00 00 c8 6869 \
		00000016000000030000000000000002 3700 00 41 00ff \
		00000011000000ff0000000000000009 \
		00000016000000150000000000000003 140000090102 \
		000102 00000010000000150000000000000063 \
		00000010800000150000000000000001 \
		00000010000000150000000000000064 \
		00000013800000040000000000000005 373700 | tr -d ' ')" ]
	[[ $output == *'-> submit_sm seq 1, 37 bytes, sm_length lies (200, really 2)'* ]]
	[[ $output == *'-> 3 octets 000102'* ]]
	[[ $output == *', an octet each 1ms'* ]]
	[[ $stderr == *':1: no submit_sm_resp within 1ms from 127.0.0.1:'* ]]
}

@test "text= and values with anything in them" {
	start_smsc
	script -j <<-'END'
		submit_sm destination_addr=49 text="Grüße"
		\expect command_status==0
		\let x="a \" b \\ c # d $"
		submit_sm destination_addr=49 text=$x
		submit_sm destination_addr=49 text="<$x> ${x}\$x"
		\let n=7
		submit_sm destination_addr=$n
	END
	[ "$status" -eq 0 ]
	jq -r 'select(.dir=="out") | .destination_addr + " " + .text' \
		<<<"$output" >got
	diff got - <<-'END'
		49 Grüße
		49 a " b \ c # d $
		49 <a " b \ c # d $> a " b \ c # d $$x
		7 
	END
}

@test "settings: answers that are not given by themselves" {
	start_peer bind ok pdu=0x15,0,5 pdu=6,0,6 drain
	script <<-'END'
		\set auto_enquire off
		\set auto_unbind off
		\set timing off
		\set
		enquire_link
		\wait 10s command_id==unbind
		enquire_link_resp
		unbind_resp command_status=ESME_RSYSERR
		\close
	END
	[ "$status" -eq 0 ]
	[[ $output == *'auto_enquire    off  answer enquire_link by itself'* ]]
	[[ $output == *'<- enquire_link seq 5
<- unbind seq 6
-> enquire_link_resp seq 5 ESME_ROK, 16 bytes
-> unbind_resp seq 6 ESME_RSYSERR, 16 bytes'* ]]
	stop "$pid"
	[ "$(sed -n 's/^in //p' peer.out | tail -n +3 | tr -d '\n')" = \
		"00000010800000150000000000000005$(
		)00000010800000060000000800000006" ]
	start_peer bind mo=7,hi wait=80000005 ok mo=8,yo drain
	script <<-'END'
		\wait 10s sequence_number==7
		\set auto_deliver off
		enquire_link
		\wait 10s sequence_number==8
		\expect text==yo
		deliver_sm_resp command_status=ESME_RX_T_APPN
	END
	[ "$status" -eq 0 ]
	[[ $output == *'-> deliver_sm_resp seq 8 ESME_RX_T_APPN'* ]]
}

@test "what does not fit a request, what is no SMPP, and the end" {
	start_peer bind ok again read hex=00000010800000040000000000000009 \
		as=0x80000003,= hex=485454502f312e31203430300d0a drain
	script --keep-going --response-timeout 2s <<-'END'
		\raw 00000010000000150000000000000007
		\expect sequence_number==7
		enquire_link
		enquire_link
		\wait 10s closed
		enquire_link
	END
	[ "$status" -eq 3 ]
	[[ $output == *'<! enquire_link_resp seq 7 ESME_ROK, answers a request again'* ]]
	[[ $output == *'<! submit_sm_resp seq 9 ESME_ROK, answers no request'* ]]
	[[ $output == *'<! query_sm_resp seq 3 ESME_ROK'*', is not the response of its request'* ]]
	[[ $output == *'<! 14 octets 485454502f'* ]]
	[[ $stderr == *'== this looks like an HTTP'* ]]
	said 'smpp repl: script.smpp:6: not connected' ||
		[[ $stderr == *'script.smpp:6: not connected'* ]]
}

@test "an answer is found among however much else comes" {
	start_peer bind read burst=400 pdu=0x80000004,0,2,373700 drain
	script --response-timeout 2s -q <<-'END'
		submit_sm destination_addr=49 short_message=hi
		\expect command_id==submit_sm_resp and message_id==77
		\again
	END
	[ "$status" -eq 3 ]
	said "smpp repl: script.smpp:3: no submit_sm_resp within 2s from 127.0.0.1:$port"
	yes '{"source_addr":"1","destination_addr":"2","text":"x"}' |
		head -n 1500 >mo.jsonl
	start_smsc --mo mo.jsonl --mo-rate 300 \
		--rule 'command_id==submit_sm -> delay=900ms'
	script -q <<-'END'
		submit_sm destination_addr=49 short_message=hi
		\wait 900ms
		\expect command_status==0
		\repeat 2 submit_sm destination_addr=49
		\expect command_status==0
		\wait 900ms
		\expect command_id==submit_sm_resp and sequence_number==4
	END
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a bind is answered by a name without an end" {
	start_peer body=6d63 drain
	script <<<'\close'
	[ "$status" -eq 0 ]
	[[ $stderr == *"bind_transceiver_resp has no NUL behind its system_id"* ]]
	[[ $stderr == *"== bound trx to 'mc'"* ]]
}

@test "an enquire_link of a line is one request of many" {
	start_peer bind drain
	script --keep-going --response-timeout 100ms <<-'END'
		enquire_link
		\drip 00000010000000150000000000000064 20ms
		\wait 400ms
		enquire_link
	END
	[ "$status" -eq 3 ]
	[[ $stderr == *':1: no enquire_link_resp within'*':4: no enquire_link_resp within'* ]]
	[[ $stderr != *lost* ]]
}

@test "exit statuses of the connection" {
	run -4 --separate-stderr smpp repl 127.0.0.1:1 <<<enquire_link
	[[ $stderr == "smpp repl: connect to 127.0.0.1:1: "* ]]
	start_peer status=0x0e
	script </dev/null
	[ "$status" -eq 5 ]
	start_peer read close
	script </dev/null
	[ "$status" -eq 7 ]
	start_peer status=0x0e drain
	script --no-bind <<<'\bind tx'
	[ "$status" -eq 5 ]
	[[ $stderr == *':1: bind refused: ESME_RINVPASWD (0x0000000e)'* ]]
	start_peer bind read close
	script <<<'submit_sm destination_addr=1'
	[ "$status" -eq 3 ]
	[[ $stderr == *':1: no submit_sm_resp: the connection is lost' ]]
	start_peer bind close
	script <<-'END'
		\wait 10s closed
		enquire_link
	END
	[ "$status" -eq 7 ]
	run -2 smpp repl @nobody
	run -2 smpp repl --smpp-version 7
	start_peer bind drain
	SECONDS=0
	script -t 300ms <<<'\wait 1h'
	[ "$status" -eq 1 ]
	[ "$SECONDS" -lt 15 ]
	said 'smpp repl: script.smpp:1: the time limit is over'
}

@test "files: results elsewhere, a capture, a script of the session" {
	start_smsc
	cat >inner.smpp <<<'\expect command_status==ESME_ROK'
	script <<-'END'
		\record "the session.smpp"
		\trace session.pcap
		\o results
		submit_sm destination_addr=49 \
		    short_message="one"
		\let id=message_id
		\i inner.smpp
		query_sm message_id=$id
		\raw 00000010000000ff0000000000000007
		\wait 10s command_id==generic_nack
		\o
		\trace
		enquire_link
		\! echo from the shell
		\record
		enquire_link
	END
	[ "$status" -eq 0 ]
	[ "$(grep -c submit_sm results)" -eq 2 ]
	[[ ${lines[0]} == '-> enquire_link seq '* ]]
	[[ $output == *'from the shell'* ]]
	[ "$(head -c 4 session.pcap | od -An -tx1 | tr -d ' ')" != '' ]
	sed 's/==ESME_.*/==X/' 'the session.smpp' >got
	diff got - <<-'END'
		submit_sm destination_addr=49     short_message="one"
		\expect command_status==X
		\let id=message_id
		\i inner.smpp
		query_sm message_id=$id
		\expect command_status==X
		\raw 00000010000000ff0000000000000007
		\expect command_status==X
		\wait 10s command_id==generic_nack
		enquire_link
		\expect command_status==X
	END
	sed -i '/wait/d' 'the session.smpp'
	run -0 smpp repl "127.0.0.1:$port" -f 'the session.smpp'
	run -9 smpp repl <<<'\o no/such/file'
	run -9 smpp repl <<<'\trace no/such/file'
	run -9 smpp repl <<<'\record no/such/file'
}

@test "the SMSC's side as a script, both sides captured alike" {
	cat >mc.smpp <<-'END'
		\listen 127.0.0.1:0
		\wait 10s command_id==bind_transmitter
		bind_transmitter_resp system_id=mc
		\wait 10s command_id==submit_sm
		\expect short_message==6869
		\let seq=sequence_number
		submit_sm_resp message_id=m$seq
		\wait 10s closed
	END
	start mc smpp repl -f mc.smpp --trace mc.pcap
	wait_line mc.err 'listening on'
	port=$(sed -n 's/.*listening on .*://p' mc.err)
	script -b tx --trace esme.pcap <<-'END'
		submit_sm destination_addr=49 short_message=hi
		\expect message_id==m2
	END
	[ "$status" -eq 0 ]
	wait_exit "$pid"
	grep -q '<- submit_sm seq 2  - -> 49  "hi"' mc.out
	[ "$(stat -c %s mc.pcap)" -gt 400 ]
	[ "$(stat -c %s mc.pcap)" -eq "$(stat -c %s esme.pcap)" ]
}

@test "help, and what is shown of what passed" {
	start_smsc
	script <<-'END'
		help cancel_sm
		help \expect
		help ESME_RTHROTTLED
		help tlv.sar_msg_ref_num
		help data_coding
		help tlv 0x424
		help exit 3
		help
		enquire_link
		\show
		\show 2
		\x
		enquire_link
	END
	[ "$status" -eq 0 ]
	[[ $output == *'Fields in 3.4:'*'string 1-65'* ]]
	[[ $output == *'\expect EXPR'* ]]
	[[ $output == *'0x00000058'* ]]
	[[ $output == *'0x020c'* ]]
	[[ $output == *'message_payload  0x0424'* ]]
	[[ $output == *'exit status 3'* ]]
	[[ $output == *'0004  80000015  command_id       enquire_link_resp'* ]]
	[ "$(grep -c '0004  00000015  command_id       enquire_link' \
		<<<"$output")" -eq 2 ]
	script -q <<<enquire_link
	[ -z "$output$stderr" ]
	script --raw <<<enquire_link
	[[ $output == *'   00000010800000150000000000000002'* ]]
}

# bats test_tags=slow
@test "the keep-alive, and the SMSC that stays silent" {
	start_peer bind drain
	script --enquire-link 100ms --response-timeout 200ms <<-'END'
		\wait 20s closed
	END
	[ "$status" -eq 0 ]
	[[ $stderr == *'lost: no enquire_link_resp in time'* ]]
	[ -z "$output" ]
}

@test "INT ends a script as it ends everything else" {
	start_peer bind drain
	start repl smpp repl "127.0.0.1:$port" -v -f <(echo 'enquire_link
\wait 1h')
	wait_line repl.out '-> enquire_link seq 2'
	kill -INT "$pid"
	kill -INT "$pid"
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	grep -q 'stopped before enquire_link_resp came' repl.err
}

@test "the page has the script that stands among the examples" {
	diff "$root/man/examples/first-check.smpp" <(
		sed -n '/first-check/,/^\.Ed/p' "$root/man/smpp-repl.1" |
			sed '1,/^\.Bd/d; /^\.Ed/d; s/\\e/\\/g'
	)
	local f
	for f in "$root"/man/examples/*.smpp; do
		grep -q "${f##*/}" "$root/man/smpp-repl.1"
	done
}

@test "the examples, against the simulator" {
	start_smsc
	for f in "$root"/man/examples/*.smpp; do
		echo "$f"
		opts=()
		[[ $f != */bind-states.smpp ]] || opts=(--no-bind)
		[[ $f != */broadcast.smpp ]] || opts=(--smpp-version 5.0)
		run -0 smpp repl "127.0.0.1:$port" "${opts[@]}" -f "$f"
	done
}

@test "-n says the settings, connects to nothing, runs nothing" {
	run -0 --separate-stderr smpp repl 127.0.0.1:1 -n <<<nonsense
	[ -z "$output" ]
	[[ $stderr == *"== port             1  (TARGET)"* ]]
	[[ $stderr == *"== bind             trx  (built-in)"* ]]
	run -0 --separate-stderr smpp repl --dry-run -p 2 <<<nonsense
	[[ $stderr == *"== port             2  (option)"* ]]
}
