#!/usr/bin/env bats
# Both sides against npm's smpp, which was not written here.

load ../helper

setup() {
	smpp_setup
	export NODE_SMPP=$B/node_modules/smpp
}

@test "send to a server of npm's smpp" {
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
	target=smpp://acme@127.0.0.1:$port
	export SMPP_PASSWORD=secret
	run -0 smpp send "$target" -s ACME -d +4917 -m 'Hello @ _ $' \
		--tsv destination_addr,outcome,message_id
	[ "$output" = $'4917\taccepted\tnpm-1' ]
	run -0 smpp send "$target" -s ACME -d +4917 -m 'Привет' -W 10s --tsv \
		outcome,message_id,id_match,receipt.stat
	[ "$output" = $'accepted\tnpm-2\t-\t-
delivered\tnpm-2\texact\tDELIVRD' ]
	run -0 smpp send "$target" -d 1 -d 2 -d 3 -m x --smpp-version 5.0 \
		--tsv outcome
	[ "${#lines[@]}" -eq 3 ]
	stop "$pid"
	grep -v '^joined' server.out | head -n 7 | diff - <(cat <<-'END'
	bind_transmitter acme secret 52
	submit_sm ACME 4917 "Hello @ _ $"
	unbind
	bind_transceiver acme secret 52
	submit_sm ACME 4917 "Привет"
	deliver_sm_resp 0
	unbind
	END
	)
}

# long TEXT: one that takes several parts in every alphabet.
long() {
	local i
	for i in 1 2 3 4 5 6 7 8 9; do
		printf '%s %d. ' "$1" "$i"
	done
}

@test "long texts, joined by npm's smpp, are what was sent" {
	local method text
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
	for method in udh udh16 sar payload; do
		for text in '안녕하세요, 오늘 저녁 일곱 시에 만나요' \
			'Yağmurlu günde şemsiyeni unutma, İstanbul' \
			'नमस्ते, कल सुबह की ट्रेन देर से आएगी' \
			'مرحبا، القطار يصل في الساعة السابعة' \
			'Party 🎉👍🏽 👩‍👩‍👧‍👦 at 7' \
			'Zürich → São Paulo: 7 €, 안녕, नमस्ते 🎉' \
			'plain text of the default alphabet'; do
			run -0 smpp send "127.0.0.1:$port" -s A -d 1 --tsv \
				outcome --split $method -m "$(long "$text")"
			[ "$output" = accepted ]
			long "$text" >>want
			echo >>want
		done
	done
	stop "$pid"
	grep '^joined' server.out >joined
	cut -d' ' -f3- joined | jq -r . | diff want -
	[ "$(grep -c '^joined 1 ' joined)" -eq 7 ]
}

@test "requests to a server of npm's smpp" {
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
	target=127.0.0.1:$port
	run -0 smpp query "$target" --message-id npm-1 -s ACME
	[ "$output" = "query_sm_resp  ESME_ROK  npm-1  DELIVERED  final\
 2026-11-21 10:43  error 0" ]
	run -0 smpp cancel "$target" --message-id npm-1 -s ACME
	[ "$output" = "cancel_sm_resp  ESME_ROK" ]
	run -1 smpp cancel "$target" --message-id npm-2 -s ACME
	[[ $output == *"refused: ESME_RCANCELFAIL (0x00000011), "* ]]
	run -0 smpp replace "$target" --message-id npm-1 -s ACME \
		-m 'Table @ 20:00' --schedule 2h
	[ "$output" = "replace_sm_resp  ESME_ROK" ]
	run -0 smpp request "$target" data_sm destination_addr=4917 \
		tlv.message_payload='"hi"'
	[ "$output" = "data_sm_resp  ESME_ROK  id npm-d" ]
	run -1 smpp request "$target" submit_multi source_addr=ACME \
		'dest_address=[491701,491702,dl:staff]' short_message=Hi
	[ "$output" = "submit_multi_resp  ESME_ROK  id npm-m  1 of 3 refused
  491702  ESME_RINVDSTADR" ]
	stop "$pid"
	grep -q -x 'query_sm npm-1 ACME' server.out
	grep -q -x 5461626c6520002032303a3030 server.out # @ is 0 in GSM
	grep -q '"dl_name":"staff"' server.out
}

@test "clients of npm's smpp with our SMSC" {
	start_smsc --receipt DELIVRD:0
	client() {
		timeout "$WAIT" node "$root/t/interop/peer.js" send "$port" "$@"
	}
	run -0 client transmitter one two three
	[ "$output" = "bound 0 smpp 80
submit_sm_resp 0 1
submit_sm_resp 0 2
submit_sm_resp 0 3
enquire_link_resp 0
unbind_resp 0" ]
	run -0 client transceiver Hi
	[[ $output == *"submit_sm_resp 0 4"*"deliver_sm 4917 ACME id:"*2* ]]
	stop "$pid"
	grep -q '  submit_sm  ACME -> 4917  "Hi"  id 4$' smsc.out
	run ! grep -e stray -e refused smsc.out
}

@test "listen to a server of npm's smpp" {
	mkfifo ready
	start server node "$root/t/interop/peer.js" deliver ready
	read -r port <ready
	listen() {
		timeout "$WAIT" smpp listen "127.0.0.1:$port" -i acme -q "$@"
	}
	run -0 listen -C 7 --join --tsv type,text
	diff - <(cut -c 1-40 <<<"$output") <<-'END'
	pdu	Hello @ _ $
	pdu	Привет 👋
	pdu	Grüße
	pdu	-
	pdu	pppppppppppppppppppppppppppppppppppp
	message	Часть 1, часть 2
	message	foobar
	END
	# shellcheck disable=SC2016 # the command expands it
	run -0 listen -C 9 --exec 'case $SMS_TEXT in foo) exit 75 ;; esac'
	stop "$pid"
	[ "$(sort server.out | uniq -c | awk '{ print $1, $2, $3 }' | xargs)" = \
		"2 1 0 2 2 0 2 3 0 2 4 0 2 5 0 2 6 0 2 7 0 2 8 0 1 9 0 1 9 100 2 unbind" ]
}
