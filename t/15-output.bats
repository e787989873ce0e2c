# Forms of output, colour, and when it is written.
load helper

PDU=00000010000000150000000000000001
# deliver_sm from 1 to 2 in Latin-1: "a<ESC>[31mb<tab>c<CSI><DEL>ä<CR><LF>d".
TEXT=00000032000000050000000000000001
TEXT+=0000003100000032000000000000000003000f611b5b33316d6209639b7fe40d0a64

# on_tty COMMAND: what COMMAND prints on a terminal.
on_tty() {
	script -qec "$*" /dev/null </dev/null | tr -d '\r'
}

coloured() {
	grep -q $'\e\[' <<<"$("$@")"
}

@test "colour on a terminal, unless NO_COLOR, TERM or an option say no" {
	export TERM=xterm
	coloured on_tty smpp decode-hex $PDU
	NO_COLOR='' coloured on_tty smpp decode-hex $PDU
	coloured smpp decode-hex --color=always $PDU
	NO_COLOR=1 coloured smpp decode-hex --color always $PDU
	run ! coloured smpp decode-hex $PDU
	run ! coloured on_tty smpp decode-hex --color=never $PDU
	NO_COLOR=1 run ! coloured on_tty smpp decode-hex $PDU
	TERM=dumb run ! coloured on_tty smpp decode-hex $PDU
	run ! coloured smpp decode-hex --color=always -j $PDU
}

@test "-F and --tsv print keys of the JSON" {
	[ "$(smpp decode-hex -F '%{command_id_name} %{none}\x21\n' $PDU)" = \
		'enquire_link -!' ]
	[ "$(smpp decode-hex --tsv sequence_number,none,tlvs $PDU)" = \
		$'1\t-\t[]' ]
	[ "$(smpp -F '%{index},' decode-hex $PDU$PDU)" = 1,2, ]
	run -2 smpp decode-hex -F x --tsv y $PDU
	run -2 smpp decode-hex -F '%{x' $PDU
}

@test "control characters of a text are escaped, where they harm" {
	local tsv='a\x1b[31mb\tc\x9b\x7fä\r\nd'
	[ "$(smpp decode-hex --tsv text $TEXT)" = "$tsv" ]
	[ "$(on_tty smpp decode-hex --tsv text $TEXT)" = "$tsv" ]
	[ "$(smpp decode-hex -F '%{text}' $TEXT)" = \
		$'a\\x1b[31mb\tc\\x9b\\x7fä\\x0d\nd' ]
	[ "$(on_tty smpp decode-hex -F "'%{text}'" $TEXT)" = \
		'a\x1b[31mb\x09c\x9b\x7fä\x0d\x0ad' ]
	# What the format itself holds is meant.
	[ "$(smpp decode-hex -F '\x1b[1m%{index}\t' $TEXT)" = $'\e[1m1\t' ]
}

@test "a filter writes what it has before it waits" {
	mkfifo in
	smpp decode-hex --tsv sequence_number <in >out 3>&- &
	exec 8>in
	echo $PDU$PDU >&8
	wait_line out 1
	[ "$(cat out)" = $'1\n1' ]
	exec 8>&-
	wait_exit $!
}

@test "a filter ends by PIPE when nobody reads any more" {
	run --separate-stderr bash -c \
		"yes $PDU | smpp decode-hex -j | head -n 1; echo \${PIPESTATUS[1]}"
	[ "${lines[1]}" = 141 ]
	[ "$stderr" = "" ]
}

@test "a full disk ends a filter with its own status" {
	run --separate-stderr bash -c "yes $PDU | head -n 99999 |
		smpp decode-hex >/dev/full"
	[ "$status" -eq 9 ]
	[ "$stderr" = \
		'smpp decode-hex: standard output: No space left on device' ]
	run -9 smpp decode-hex -o /dev/full $PDU
	[ "$output" = 'smpp decode-hex: /dev/full: No space left on device' ]
}

@test "-q keeps data and errors, -v talks on stderr" {
	run --separate-stderr smpp decode-hex -v $PDU
	[[ $stderr == '== '* ]]
	[[ $output != *'== '* ]]
	run --separate-stderr smpp decode-hex -q ${PDU}00
	[[ $output == 'PDU 1'* ]]
	[[ $stderr == 'smpp decode-hex: '* ]]
}
