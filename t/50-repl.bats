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
