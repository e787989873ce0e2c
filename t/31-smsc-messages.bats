#!/usr/bin/env bats
# smpp smsc: the life of messages, and every operation on them.

load helper

# ask PDU [name=value...]: a request of acme; the answer is a line in $output.
ask() {
	smpp request "smpp://acme@127.0.0.1:$port" ${ver:+--smpp-version $ver} \
		"$@"
}

# send_as SYSTEM_ID OPTION...
send_as() {
	local id=$1
	shift
	smpp send "smpp://$id@127.0.0.1:$port" -q "$@"
}

# received NAME: the PDUs of that name that the SMSC sent, one a line of JSON.
sent() {
	jq -c --arg n "$1" 'select(.dir=="out" and .command_id_name==$n)' \
		smsc.out
}

@test "query_sm finds messages by id and source" {
	start_smsc --receipt UNDELIV:0
	send_as acme -s ACME -d 4917 -m Hi
	run -0 ask query_sm message_id=1 source_addr=ACME
	[[ $output == "query_sm_resp  ESME_ROK  1  UNDELIVERABLE  final "* ]]
	[[ $output == *"error 0" ]]
	run -1 ask query_sm message_id=1 source_addr=OTHER
	[[ $output == *ESME_RQUERYFAIL* ]]
	run -1 ask query_sm message_id=2 source_addr=ACME
	[[ $output == *ESME_RINVMSGID* ]]
}

@test "cancel_sm and replace_sm work on what is not at its end" {
	start_smsc --receipt DELIVRD:0 -j
	later=(--schedule-delivery-time 2h)
	for i in 1 2 3 4; do
		send_as acme -s ACME -d $i -m Hi "${later[@]}"
	done
	send_as acme -s ACME -d 5 -m Hi
	run -0 ask query_sm message_id=1 source_addr=ACME
	[[ $output == *"  ENROUTE"* ]]
	ver=5.0 run -0 ask query_sm message_id=1 source_addr=ACME
	[[ $output == *"  SCHEDULED"* ]]
	run -0 ask cancel_sm message_id=1 source_addr=ACME destination_addr=1
	run -1 ask cancel_sm message_id=1 source_addr=ACME destination_addr=1
	[[ $output == *ESME_RCANCELFAIL* ]]
	run -0 ask query_sm message_id=1 source_addr=ACME
	[[ $output == *"  DELETED  final"* ]]
	# by address: nothing, then number 3 alone
	run -1 ask cancel_sm source_addr=ACME destination_addr=99
	run -0 ask cancel_sm source_addr=ACME destination_addr=3
	run -0 ask query_sm message_id=3 source_addr=ACME
	[[ $output == *DELETED* ]]
	run -0 ask query_sm message_id=4 source_addr=ACME
	[[ $output == *ENROUTE* ]]
	# replaced, and wrongly
	run -1 ask replace_sm message_id=5 source_addr=ACME short_message=x
	[[ $output == *ESME_RREPLACEFAIL* ]]
	run -1 ask replace_sm message_id=4 source_addr=ACME \
		'!schedule_delivery_time=991301000000000+'
	[[ $output == *ESME_RINVSCHED* ]]
	run -0 ask replace_sm message_id=4 source_addr=ACME short_message=new \
		schedule_delivery_time=000000000000000R registered_delivery=1
	run -0 ask query_sm message_id=4 source_addr=ACME
	[[ $output == *DELIVERED* ]]
	# its receipt waits
	smpp listen "smpp://acme@127.0.0.1:$port" -C 1 -q --tsv receipt.id,receipt.text \
		>got
	[ "$(<got)" = $'4\tnew' ]
}

@test "times of a message, and a clock that runs faster" {
	start_smsc --time-scale 100000 --receipt DELIVRD:1h -j
	run -0 smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -W 10s \
		--schedule-delivery-time 2h --tsv outcome -q
	[ "${lines[1]}" = delivered ]
	run -1 --separate-stderr smpp send "smpp://acme@127.0.0.1:$port" \
		-s A -d 2 -m x -W 10s \
		--validity-period 30m --tsv outcome,receipt.stat -q
	[ "${lines[1]}" = $'undelivered\tEXPIRED' ]
	# at least three hours lie between the two dates of the first
	[ "$(sent deliver_sm | head -n 1 | jq '
		(.receipt.done_date_iso + "Z" | fromdate) -
		(.receipt.submit_date_iso + "Z" | fromdate)
		| . >= 10740')" = true ]
	run -1 ask submit_sm destination_addr=1 \
		'!validity_period=991301000000000+'
	[[ $output == *ESME_RINVEXPIRY* ]]
	run -1 ask submit_sm destination_addr=1 \
		schedule_delivery_time=200101000000000+
	[[ $output == *ESME_RINVSCHED* ]]
}

@test "submit_multi: lists, and some that are refused" {
	start_smsc --dl staff=1001,1002 --dl one=1 --receipt DELIVRD:0 -j
	run -1 ask submit_multi source_addr=ACME registered_delivery=1 \
		'dest_address=[491701,"",dl:staff,dl:none]' short_message=Hi
	[ "$output" = "submit_multi_resp  ESME_ROK  id 1  2 of 4 refused
  -  ESME_RINVDSTADR
  none  ESME_RINVDLNAME" ]
	run -1 ask submit_multi 'dest_address=[dl:none]' short_message=Hi
	[[ $output == *"ESME_RINVDLNAME"* ]]
	# three receipts, one for each
	smpp listen "smpp://acme@127.0.0.1:$port" -C 3 -q \
		--tsv receipt.id,source_addr | sort >got
	diff got - <<<$'1\t1001\n1\t1002\n1\t491701'
	run -2 smpp smsc -L :0 --dl nothing
	run -2 smpp smsc -L :0 --dl =1
	run -2 smpp smsc -L :0 --dl a=1,,2
}

@test "data_sm, and replace_if_present" {
	start_smsc --receipt DELIVRD:0
	run -0 ask data_sm source_addr=A destination_addr=1 \
		tlv.message_payload='"hi"'
	[ "$output" = "data_sm_resp  ESME_ROK  id 1" ]
	ver=5.0 run -1 ask data_sm source_addr=A destination_addr=1
	[[ $output == *ESME_RMISSINGTLV* ]]
	send_as acme -s A -d 1 -m one --schedule-delivery-time 2h
	send_as acme -s A -d 1 -m two --schedule-delivery-time 2h \
		--replace-if-present-flag 1
	run -0 ask query_sm message_id=2 source_addr=A
	[[ $output == *DELETED* ]]
	run -0 ask query_sm message_id=3 source_addr=A
	[[ $output == *ENROUTE* ]]
	run -1 ask submit_sm destination_addr=1 replace_if_present_flag=2
	[[ $output == *ESME_RINVREPFLAG* ]]
	run -1 ask submit_sm destination_addr=1 priority_flag=9
	[[ $output == *ESME_RINVPRTFLG* ]]
	run -1 ask submit_sm destination_addr=1 short_message=x \
		+hex:042400026869
	[[ $output == *ESME_RTLVNOTALLWD* ]]
}

@test "broadcasts, asked about and ended" {
	start_smsc --receipt DELIVRD:2h
	ver=5.0
	run -0 smpp broadcast "smpp://acme@127.0.0.1:$port" \
		--smpp-version 5.0 -s A --area name:Oslo --content-type \
		1:index --repeat 4 --interval 15m -m Storm
	[[ $output == *'message_id="1"'* ]]
	run -0 ask query_broadcast_sm message_id=1 source_addr=A
	[[ $output == *"tlv.message_state=1"*"hex:004f736c6f"*success=0* ]]
	run -0 ask cancel_broadcast_sm source_addr=A \
		tlv.broadcast_content_type=hex:010000
	run -1 ask cancel_broadcast_sm message_id=1 source_addr=A
	[[ $output == *ESME_RBCASTCANCELFAIL* ]]
	run -0 ask query_broadcast_sm message_id=1 source_addr=A
	[[ $output == *"tlv.message_state=4"*broadcast_end_time* ]]
	run -1 ask query_broadcast_sm message_id=1 source_addr=B
	[[ $output == *ESME_RBCASTQUERYFAIL* ]]
	# a broadcast is no short message
	run -1 ask query_sm message_id=1 source_addr=A
	# rules say what becomes of it, too
	start_smsc --rule 'command_id==broadcast_sm -> receipt=UNDELIV:0'
	smpp broadcast "smpp://acme@127.0.0.1:$port" \
		--smpp-version 5.0 -s A --area name:Oslo --content-type \
		1:index --repeat 4 --interval 15m -m Storm -q
	run -0 ask query_broadcast_sm message_id=1 source_addr=A
	[[ $output == *"tlv.message_state=5"* ]]
}

@test "what only 3.3 can ask" {
	start_smsc --receipt DELIVRD:0
	for i in 1 2 3; do send_as acme -s A -d $i -m "text $i"; done
	ver=3.3
	run -0 ask query_last_msgs source_addr=A no_of_msgs=2
	[[ $output == *'message_ids=[{message_id="3"},{message_id="2"}]'* ]]
	run -1 ask query_last_msgs source_addr=A no_of_msgs=101
	[[ $output == *ESME_RINVNUMMSGS* ]]
	run -0 ask query_msg_details message_id=2 source_addr=A sm_length=4
	[[ $output == *'destination_addr="2"'*hex:74657874*message_state=2* ]]
	run -0 ask param_retrieve param_name=system_id
	[[ $output == *'param_value="smpp"'* ]]
	run -1 ask param_retrieve param_name=nothing
	[[ $output == *ESME_RINVPARAM* ]]
}

@test "v5.0 is told how busy it is" {
	start_smsc
	ver=5.0 run -0 ask submit_sm destination_addr=1 -j
	[ "$(jq .congestion_state <<<"$output")" = 0 ]
	run -0 ask submit_sm destination_addr=1 -j
	[ "$(jq .congestion_state <<<"$output")" = null ]
}

@test "ids in every form, found again" {
	for row in hex:^1$ hex8:^00000001$ dec10:^0000000001$ \
		'uuid:^00000001-....-4...-[89ab]...-............$' \
		'hex64:^00000001.{56}$'; do
		start_smsc --id-format "${row%%:*}" --seed 5
		id=$(send_as acme -s A -d 1 -m x -F '%{message_id}')
		[[ $id =~ ${row#*:} ]]
		ask query_sm message_id="$id" source_addr=A
		run -1 ask query_sm message_id="f${id:1}" source_addr=A
		id=$(smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x \
			--smpp-version 3.3 -q -F '%{message_id}')
		[ "${#id}" -le 8 ]
		stop "$pid"
	done
}

@test "a store that is full forgets what has nothing left to do" {
	start_smsc --store 3 --receipt DELIVRD:1h
	for i in 1 2 3 4; do send_as acme -s A -d $i -m x; done
	run -1 ask query_sm message_id=1 source_addr=A
	run -0 ask query_sm message_id=2 source_addr=A
	# of those that wait for their receipt none is forgotten
	for i in 5 6 7; do send_as acme -s A -d $i -m x -r; done
	run -6 send_as acme -s A -d 8 -m x
	[[ $output == *ESME_RMSGQFUL* ]]
	run -0 ask query_sm message_id=5 source_addr=A
}

@test "a store that one account fills has room for others" {
	start_smsc -q --store 100 --receipt DELIVRD:1h
	run smpp load "smpp://many@127.0.0.1:$port" -s A -d 4917 -m x \
		-R max -C 150 -q --registered-delivery 1 -b trx
	run -6 send_as many -s A -d 8 -m x
	[[ $output == *ESME_RMSGQFUL* ]]
	run -0 send_as acme -s A -d 8 -m x -r
}

@test "a message to a bound client is delivered to it, and echo" {
	start_smsc --receipt DELIVRD:0
	start bob smpp listen "smpp://bob@127.0.0.1:$port" -q -C 2 \
		--tsv source_addr,destination_addr,text
	wait_line smsc.out 'bob  bind_receiver'
	send_as alice -s alice -d bob -m 'Grüße'
	send_as alice -s alice -d bob -m "$(printf 'x%.0s' {1..200})" \
		--split payload
	wait_exit "$pid"
	head -n 1 bob.out | diff - <(printf 'alice\tbob\tGrüße\n')
	[ "$(tail -n 1 bob.out | cut -f 3 | tr -d '\n' | wc -c)" -eq 200 ]
	start_smsc --echo -j
	send_as acme -s A -d 4917 -m back
	run -0 smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 \
		--tsv source_addr,destination_addr,text
	[ "$output" = $'4917\tA\tback' ]
}

@test "an alert_notification follows where set_dpf asked for it" {
	start_smsc --receipt UNDELIV:0 -j
	ask submit_sm source_addr=A destination_addr=4917 tlv.set_dpf=1
	start rx perl "$root/t/peer.pl" connect "$port" \
		hex=0000001b00000001000000000000000161636d6500000034000000 \
		drain
	wait_line smsc.out '"alert_notification"'
	stop "$pid"
	[ "$(sent alert_notification | jq -c '[.source_addr,.esme_addr,.ms_availability_status]')" \
		= '["4917","A",0]' ]
}
