#!/usr/bin/env bats
# smpp smsc: what it delivers: receipts in many forms, messages from phones.

load helper

# got NAME: the PDUs of that name it sent, an object a line.
got() {
	jq -c --arg n "$1" 'select(.dir=="out" and .command_id_name==$n)' \
		smsc.out
}

# one OPTION...: sends a message that wants a receipt to an SMSC with these
# options and waits for it.
one() {
	start_smsc -j --receipt DELIVRD:0 "$@"
	smpp send "smpp://acme@127.0.0.1:$port" -s ACME -d 4917 -m 'Hi there' \
		-W 10s -q >sent
}

@test "styles of receipts" {
	one --receipt-style text
	[[ $(got deliver_sm | jq -r .text) =~ ^'id:1 sub:001 dlvrd:001 submit date:'[0-9]{10}' done date:'[0-9]{10}' stat:DELIVRD err:000 text:Hi there'$ ]]
	[ "$(got deliver_sm | jq -c .tlvs)" = '[]' ]
	one --receipt-style tlv
	[ "$(got deliver_sm | jq -c '[.text,.receipted_message_id,.message_state]')" \
		= '["","1",2]' ]
	one --receipt-style no-sub,seconds,no-text
	[[ $(got deliver_sm | jq -r .text) =~ ^'id:1 submit date:'[0-9]{12}' done date:'[0-9]{12}' stat:DELIVRD err:000'$ ]]
	one --receipt-style nul
	[[ $(got deliver_sm | jq -r .short_message) == *726500 ]]
	one --receipt-style data-sm
	[[ $(got data_sm | jq -r .text) == id:1\ *stat:DELIVRD* ]]
	run -2 smpp smsc -L :0 --receipt-style pretty
}

@test "ids of receipts that differ from those of responses" {
	id() {
		got deliver_sm | jq -r '.text | split(" ")[0]'
	}
	one --id-format dec10 --receipt-style text,hex
	[ "$(id)" = id:1 ]
	one --id-format hex8 --receipt-style text,decimal
	[ "$(id)" = id:1 ]
	one --receipt-style text,padded
	[ "$(id)" = id:0000000001 ]
	one --id-format uuid --receipt-style upper --seed 3
	[[ $(id) =~ ^id:00000001-[0-9A-F]{4}-4[0-9A-F]{3}-[0-9A-F]{4}-[0-9A-F]{12}$ ]]
	[[ $(got deliver_sm | jq -r .receipted_message_id) == 00000001-* ]]
}

@test "receipts before the response, twice, after another" {
	names() {
		jq -r 'select(.dir=="out") | .command_id_name' smsc.out |
			grep -e deliver -e submit | xargs
	}
	start_smsc -j --receipt-style early --receipt DELIVRD:1h
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -b trx -q
	[ "$(names)" = 'deliver_sm submit_sm_resp' ]
	start_smsc -j --receipt-style twice,intermediate --receipt UNDELIV:0
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -b trx -q
	[ "$(got deliver_sm | jq -r .receipt.stat | xargs)" = \
		'ENROUTE UNDELIV UNDELIV' ]
	[ "$(got deliver_sm | jq -r .esm_class | xargs)" = '32 4 4' ]
	# asked for: half way, by registered_delivery
	start_smsc -j --receipt DELIVRD:2h --time-scale 100000
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -W 10s -q \
		--registered-delivery 17
	[ "$(got deliver_sm | jq -r .receipt.stat | xargs)" = \
		'ENROUTE DELIVRD' ]
}

@test "receipts on another bind" {
	start_smsc -j --receipt DELIVRD:0 --receipt-style other-bind
	start rx smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 \
		--tsv receipt.id
	wait_line smsc.out bind_receiver_resp
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -b trx -q
	wait_exit "$pid"
	[ "$(<rx.out)" = 1 ]
	[ "$(got deliver_sm | jq .session)" = 1 ]
	# there is no other
	one --receipt-style other-bind
	[ "$(got deliver_sm | wc -l)" -eq 1 ]
}

@test "shares of fates are kept, and a seed repeats them" {
	draw() {
		start_smsc -j --seed "$1" \
			--receipt DELIVRD=60,UNDELIV=30,REJECTD=10:0
		for _ in {1..3}; do seq 1 100; done |
			smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 \
				-l -f - -r -q >/dev/null
		smpp listen "smpp://acme@127.0.0.1:$port" -q -C 300 >/dev/null
		stop "$pid"
		got deliver_sm | jq -r '"\(.receipt.id) \(.receipt.stat)"' |
			sort -n
	}
	draw 7 >one
	draw 7 >two
	diff one two
	[ "$(wc -l <one)" -eq 300 ]
	n=$(grep -c DELIVRD one)
	[ "$n" -gt 130 ] && [ "$n" -lt 230 ]
	for bad in DELIVRD=x DELIVRD=0 NOPE=1 DELIVRD,UNDELIV:later; do
		run -2 smpp smsc -L :0 --receipt "$bad"
	done
}

@test "a receiver that says later gets it again, one that refuses does not" {
	start_smsc -j --receipt DELIVRD:0 --receipt-keep --time-scale 1000
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -q
	# shellcheck disable=SC2016 # the command expands it
	smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 --exec 'exit 65' ||
		true
	smpp bind-test "smpp://acme@127.0.0.1:$port" -q
	[ "$(got deliver_sm | wc -l)" -eq 1 ]
	smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -q
	smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 --exec 'exit 75' ||
		true
	run -0 smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1
	[ "$(got deliver_sm | wc -l)" -eq 3 ]
}

@test "what nobody comes for is dropped, or kept" {
	receipts() {
		start_smsc -j --receipt DELIVRD:0 --time-scale 100000 "$@"
		smsc=$pid
		smpp send "smpp://acme@127.0.0.1:$port" -s A -d 1 -m x -r -q
		smpp bind-test "smpp://acme@127.0.0.1:$port" -b tx -q
		kill -USR1 "$smsc"
		wait_line smsc.err '^.*== sessions'
	}
	receipts --receipt-keep
	grep -q '1 waiting, 0 dropped' smsc.err
	receipts
	grep -q '0 waiting, 1 dropped' smsc.err
}

@test "messages from phones, live from a pipe" {
	mkfifo mo
	start_smsc --mo mo -j
	exec 5<>mo
	start rx smpp listen "smpp://acme@127.0.0.1:$port" -q -C 4 \
		--tsv source_addr,destination_addr,data_coding,text
	wait_line smsc.out bind_receiver_resp
	cat >&5 <<-'END'
	{"source_addr":"4917","destination_addr":"SHOP","text":"STOP"}
	# a comment, and what is no message:
	{"source_addr":
	{"nonsense":1}
	{"source_addr":"4917","destination_addr":"SHOP","text":"Привет"}
	{"source_addr":"4917","destination_addr":"SHOP","text":"é","data_coding":3}
	{"command_id":5,"source_addr":"1","destination_addr":"2","short_message":"00ff","data_coding":4}
	END
	wait_exit "$pid"
	exec 5>&-
	diff rx.out - <<-'END'
	4917	SHOP	0	STOP
	4917	SHOP	8	Привет
	4917	SHOP	3	é
	1	2	4	-
	END
	grep -q '^{"type":"error","exit":8,.*mo:3: JSON: ' smsc.err
	grep -q '^{"type":"error","exit":8,.*mo:4: ' smsc.err
	run -9 smpp smsc -L :0 --mo missing
}

@test "long messages from phones: parts, shuffled, lost, in one" {
	jq -nc '{source_addr:"1",destination_addr:"2",text:("Yağmur 1234 "*40)}' \
		>mo.jsonl
	jq -r .text mo.jsonl >want
	# parts OPTION...: the numbers of the parts in the order they come
	parts() {
		start_smsc --mo mo.jsonl -j "$@"
		smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 --join \
			-F '%{text}\n' >joined || true
		stop "$pid"
		diff joined want
		got deliver_sm | jq -r 'if .udh then .udh.ies[0].data[-1:]
			else .sar_segment_seqnum // 0 end' | xargs
	}
	[ "$(parts)" = '1 2 3 4 5 6 7 8' ]
	[ "$(parts --mo-split sar)" = '1 2 3 4 5 6 7 8' ]
	[ "$(parts --mo-split udh16)" = '1 2 3 4 5 6 7 8' ]
	[ "$(parts --mo-split payload)" = 0 ]
	[ "$(parts --mo-shuffle --seed 1 | tr ' ' '\n' | sort | xargs)" = \
		'1 2 3 4 5 6 7 8' ]
	[ "$(parts --mo-shuffle --seed 1)" != '1 2 3 4 5 6 7 8' ]
	start_smsc --mo mo.jsonl --mo-lose 50 --seed 1 -j
	smpp listen "smpp://acme@127.0.0.1:$port" -q -C 1 >/dev/null
	start_smsc --mo mo.jsonl --mo-split none -j
	wait_line smsc.err mo.jsonl:1:
}

@test "who gets a message from a phone" {
	cat >mo <<-'END'
	{"source_addr":"1","destination_addr":"bob","text":"name"}
	{"source_addr":"1","destination_addr":"4917","text":"range"}
	END
	mkfifo go
	start_smsc --mo go -j
	exec 5<>go
	start bob smpp listen "smpp://bob@127.0.0.1:$port" -q -C 1 --tsv text
	start all smpp listen "smpp://eve@127.0.0.1:$port?address-range=%5E49" \
		-q -C 1 --tsv text
	wait_line smsc.out '"system_id":"bob"'
	wait_line smsc.out '"system_id":"eve"'
	wait_line smsc.out '"session":1.*bind_receiver_resp'
	wait_line smsc.out '"session":2.*bind_receiver_resp'
	cat mo >&5
	wait_line bob.out name
	wait_line all.out range
	exec 5>&-
}

@test "a rate for messages from phones; they end with the input" {
	for i in 1 2 3; do
		echo '{"source_addr":"1","destination_addr":"2","text":"x"}'
	done >mo.jsonl
	start_smsc --mo mo.jsonl --mo-rate 5
	begin=$(date +%s%N)
	smpp listen "smpp://acme@127.0.0.1:$port" -q -C 3 >/dev/null
	[ $((($(date +%s%N) - begin) / 1000000)) -ge 350 ]
	mkfifo in ready
	exec 4<>in
	smpp smsc -L :0 --ready-fd 9 --mo - --until-eof -q <in 9>ready 4>&- \
		3>&- &
	pids+=("$!")
	last=$!
	read -r port <ready
	port=${port##*:}
	for i in {1..200}; do cat mo.jsonl; done >&4
	exec 4>&-
	smpp listen "smpp://acme@127.0.0.1:$port" -q -C 600 >/dev/null
	wait_exit "$last"
}
