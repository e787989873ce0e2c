#!/usr/bin/env bats
# smpp repl on a terminal: expect types, and waits for what it sees.

load helper

setup() {
	smpp_setup
	command -v expect >/dev/null || skip 'no expect'
	export TERM=xterm NO_COLOR=1
}

# tty LINES...: runs an expect script. type and key send, see waits for text,
# ends waits for the end and wants this exit status.
tty() {
	cat >lib.exp <<-'END'
		set timeout $env(WAIT)
		set stty_init "rows 24 columns 80"
		log_user 1
		proc fail {what} { puts "\n--- $what"; exit 1 }
		proc see {text} {
			expect {
				-ex $text {}
				timeout { fail "not seen: $text" }
				eof { fail "ended before: $text" }
			}
		}
		proc type {text} { send -- "$text\r" }
		proc key {text} { send -- $text }
		proc ends {status} {
			expect {
				eof {}
				timeout { fail "no end" }
			}
			set got [wait]
			if {[llength $got] > 4} {
				set end [lindex $got 5]
			} else {
				set end [lindex $got 3]
			}
			if {$end ne $status} { fail "ended with $got" }
		}
	END
	{
		echo 'source lib.exp'
		cat
	} >tty.exp
	WAIT=$WAIT run timeout 60 expect -f tty.exp "$port"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "prompt, answers, mistakes, the end" {
	start_smsc
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv
		see "127.0.0.1 BOUND_TRX> "
		type "submit_sm destination_addr=49 short_message=\"hi\" !sm_length=200"
		see "-> submit_sm seq 2, 37 bytes, sm_length lies (200, really 2)"
		see "<- submit_sm_resp seq 2 ESME_RINVMSGLEN"
		see "127.0.0.1 BOUND_TRX> "
		type "query_sm mesage_id=1"
		see "? no field 'mesage_id' in query_sm; did you mean 'message_id'?"
		type "\\raw 00000010000000ff0000000000000007   # unknown"
		see "<- generic_nack seq 7 ESME_RINVCMDID"
		type "submit_sm destination_addr=49 \\"
		see "... "
		type "short_message=two"
		see "-> submit_sm seq 3, 38 bytes"
		type "\\show 3"
		see "short_message"
		see "submit_sm_resp"
		type "\\x"
		see "== fields"
		type "enquire_link"
		see "command_length"
		see "BOUND_TRX> "
		key "\004"
		ends 0
	END
	grep -q 'unbind' smsc.out
}

@test "what comes is shown above the line being typed" {
	mkfifo go
	start_peer bind until=go mo=7,STOP serve
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv
		see "BOUND_TRX> "
		key "enquire_"
		see "enquire_"
		exec true > go
		see "<- deliver_sm seq 7  4917 -> ACME  \"STOP\", answered"
		see "127.0.0.1 BOUND_TRX> enquire_"
		type "link"
		see "-> enquire_link seq 2, 16 bytes"
		see "<- enquire_link_resp seq 2 ESME_ROK"
		type "quit"
		ends 0
	END
	grep -q '^in 0000001180000005000000000000000700' peer.out
}

@test "a lost link keeps the shell, \\connect returns" {
	start_peer bind close
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv
		see "lost: the peer closed the connection"
		see "127.0.0.1 CLOSED> "
		type "enquire_link"
		see "? not connected"
		see "hint: \\connect"
		type "\\connect"
		see "== bound trx"
		type "exit"
		ends 0
	END
	port=1
	tty <<-'END'
		spawn smpp repl 127.0.0.1:1
		see "smpp repl: connect to 127.0.0.1:1"
		see "127.0.0.1 CLOSED> "
		type "\\connect @nobody"
		see "? target: there is no profile 'nobody'"
		see "CLOSED> "
		key "\004"
		ends 0
		spawn smpp repl
		see "smpp CLOSED> "
		key "\004"
		ends 0
	END
}

@test "Ctrl-C clears the line, ends a wait, never the session" {
	start_peer bind drain
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv
		see "BOUND_TRX> "
		key "no such thing"
		see "no such thing"
		key "\003"
		see "^C"
		see "BOUND_TRX> "
		type "enquire_link"
		see "-> enquire_link seq 2"
		see "BOUND_TRX> "
		type "\\expect command_status==0"
		see "command_status==0"
		key "\003"
		see "BOUND_TRX> "
		type "\\wait 1h"
		see "1h"
		key "\003"
		see "BOUND_TRX> "
		type "\\rst"
		see "CLOSED> "
		key "\004"
		ends 0
	END
}

@test "Ctrl-C ends a \\connect that gets no answer" {
	start_peer drain
	tty <<-'END'
		spawn smpp repl -v
		see "smpp CLOSED> "
		type "\\connect 127.0.0.1:$argv"
		see "-> bind_transceiver"
		key "\003"
		see "^C"
		see "127.0.0.1 CLOSED> "
		key "\004"
		ends 0
	END
}

@test "Ctrl-Z stops it, the line is there again afterwards; a new size" {
	start_smsc
	tty <<-'END'
		spawn bash --norc --noediting
		send "PS1='sh''> '\r"
		see "sh> "
		type "smpp repl 127.0.0.1:$argv"
		see "BOUND_TRX> "
		key "enquire_"
		see "enquire_"
		key "\032"
		see "Stopped"
		see "sh> "
		type "fg"
		see "BOUND_TRX> enquire_"
		stty columns 40 < $spawn_out(slave,name)
		type "link"
		see "<- enquire_link_resp seq 2 ESME_ROK"
		type "\\q"
		see "sh> "
		type "exit"
		ends 0
	END
}

@test "TERM ends it politely, and is what it died of" {
	start_smsc
	tty <<-'END'
		set pid [spawn smpp repl 127.0.0.1:$argv]
		see "BOUND_TRX> "
		exec kill -TERM $pid
		ends SIGTERM
	END
	wait_line smsc.out unbind
}

@test "Tab: commands, unset fields with types, values, TLVs, files, hints" {
	mkdir -p .config/smpp
	printf '[acme]\nhost = 127.0.0.1\nport = %s\n' 1 >.config/smpp/config
	touch some-file.smpp
	start_smsc
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv
		see "BOUND_TRX> "
		key "quer\t"
		see "query_sm "
		key "\025submit_sm_\t"
		see "submit_sm_resp "
		key "\025canc\tmess\t"
		see "cancel_sm message_id="
		key "7 m\t"
		key "\025submit_sm source_addr=1 source_addr_\t"
		see "source_addr_ton=  u8            type of number of the sender"
		see "source_addr_npi="
		key "\025submit_sm data_coding=uc\t"
		see "data_coding=ucs2 "
		key "regi\trec\t"
		see "registered_delivery=receipt_"
		key "\025submit_sm tlv.message_pa\t"
		see "tlv.message_payload="
		key "\025submit_sm !sm_le\t"
		see "!sm_length="
		key "\025query_sm message_id=\t"
		see "message_id  string 1-65   the MC's name"
		key "\025\\drip \t"
		see "\\drip HEX TIME  send octets one by one"
		key "\025\\conn\t@ac\t"
		see "\\connect @acme "
		key "\025\\i som\t"
		see "\\i some-file.smpp "
		key "\025\\set auto_en\to\t"
		see "\\set auto_enquire o"
		key "\025\\wait 5s command_id==deliver_sm_\t"
		see "deliver_sm_resp "
		key "\025\\repeat 3 enq\t"
		see "\\repeat 3 enquire_link"
		key "\025help ESME_RTHR\t"
		see "help ESME_RTHROTTLED "
		key "\r"
		see "0x00000058"
		type "help cancel_sm"
		see "Fields in 3.4:"
		see "message_id"
		type "help"
		see "These are of SMPP 3.4:"
		see "\\expect EXPR"
		type "\\q"
		ends 0
	END
}

@test "history: kept for the owner alone, without passwords; replrc, inputrc" {
	mkdir -p .config/smpp
	echo '\set timing off' >.config/smpp/replrc
	# shellcheck disable=SC2016
	printf '$if smpp\n"\\C-t": "enquire_link"\n$endif\n' >.inputrc
	start_smsc
	tty <<-'END'
		spawn smpp repl 127.0.0.1:$argv --no-bind
		see "127.0.0.1 OPEN> "
		type "bind_transceiver system_id=me password=sesame"
		see "<- bind_transceiver_resp seq 1 ESME_ROK"
		see "BOUND_TRX> "
		type "\\connect smpp://me:secret9@127.0.0.1:$argv"
		see "OPEN> "
		key "\024\r"
		see "<- enquire_link_resp seq 1 ESME_ROK\r"
		key "\004"
		ends 0
		spawn smpp repl 127.0.0.1:$argv
		see "BOUND_TRX> "
		key "\033\[A"
		see "enquire_link"
		key "\r"
		see "<- enquire_link_resp seq 2 ESME_ROK\r"
		key "\004"
		ends 0
	END
	[ "$(stat -c %a .local/state/smpp/history)" = 600 ]
	[ "$(cat .local/state/smpp/history)" = "bind_transceiver system_id=me password=********
\\connect smpp://me:********@127.0.0.1:$port
enquire_link" ]
}

@test "both ends by hand, recorded, and played again" {
	tty <<-'END'
		spawn smpp repl
		set mc $spawn_id
		see "smpp CLOSED> "
		type "\\listen 127.0.0.1:0"
		expect -re {listening on 127.0.0.1:([0-9]+)}
		set port $expect_out(1,string)
		see "smsc LISTENING> "
		spawn smpp repl 127.0.0.1:$port --no-bind
		set esme $spawn_id
		see "OPEN> "
		type "\\record session.smpp"
		type "bind_transmitter system_id=me password=pw"
		set spawn_id $mc
		see "<- bind_transmitter seq 1"
		type "bind_transmitter_resp system_id=you"
		see "smsc BOUND_TX> "
		set spawn_id $esme
		see "127.0.0.1 BOUND_TX> "
		type "submit_sm destination_addr=49 short_message=Hi"
		set spawn_id $mc
		see "<- submit_sm seq 2"
		see "-> 49  \"Hi\""
		type "submit_sm_resp message_id=77 command_status=ESME_RTHROTTLED"
		see "-> submit_sm_resp seq 2 ESME_RTHROTTLED"
		type "enquire_link"
		see "<- enquire_link_resp seq 1 ESME_ROK"
		set spawn_id $esme
		see "ESME_RTHROTTLED"
		see "<- enquire_link seq 1, answered"
		type "\\record"
		type "\\close"
		see "CLOSED> "
		type "\\q"
		ends 0
		set spawn_id $mc
		see "lost"
		see "smpp CLOSED> "
		type "\\q"
		ends 0
	END
	[ "$(cat session.smpp)" = 'bind_transmitter system_id=me password=********
\expect command_status==ESME_ROK
submit_sm destination_addr=49 short_message=Hi
\expect command_status==ESME_RTHROTTLED' ]
	[ "$(stat -c %a session.smpp)" = 600 ]
}

@test "40 columns and wide characters: the line is drawn again as it was" {
	mkfifo go
	start_peer bind until=go mo=7,STOP drain
	tty <<-'END'
		set stty_init "rows 24 columns 40"
		encoding system utf-8
		spawn smpp repl 127.0.0.1:$argv
		see "127.0.0.1 BOUND_TRX> "
		key "submit_sm text=\"日本語 Grüße aus Köln und mehr"
		see "本語 Grüße aus Köln und mehr"
		exec true > go
		see "<- deliver_sm seq 7"
		see "127.0.0.1 BOUND_TRX> submit_sm text=\"日"
		see "本語 Grüße aus Köln und mehr"
		type "\""
		see "-> submit_sm seq 2, 87 bytes"
		type "\\q"
		ends 0
	END
}
