# Finding the command, options, help and the ways a call can be wrong.
load helper

# refused STATUS TEXT COMMAND...: fails with nothing on stdout, TEXT on stderr.
refused() {
	local want=$1 text=$2
	shift 2
	run --separate-stderr "$@"
	[ "$status" -eq "$want" ]
	[ "$output" = "" ]
	# shellcheck disable=SC2154
	[[ $stderr == *"$text"* ]] || {
		echo "$stderr"
		return 1
	}
}

@test "the option rows of every command are sound" {
	smpp __selfcheck
}

@test "--version and -V, before and after a command" {
	run --separate-stderr smpp --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^smpp\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "$stderr" = "" ]
	[ "$(smpp -V)" = "$output" ]
	[ "$(smpp help --version)" = "$output" ]
}

@test "every command answers -h and --help, on stdout alone" {
	local cmd
	for cmd in $(smpp --list); do
		run --separate-stderr smpp "$cmd" -h
		[ "$status" -eq 0 ]
		[ "$stderr" = "" ]
		[ "${#lines[@]}" -ge 5 ]
		[ "$(smpp "$cmd" -h | wc -l)" -le 25 ]
		[ "$(smpp "$cmd" --help)" = "$(smpp help "$cmd")" ]
		[ "$(smpp -h "$cmd")" = "$output" ]
		[ "$(smpp "$cmd" x --nonsense -h)" = "$output" ]
	done
}

@test "the short help has two examples" {
	local cmd
	for cmd in $(smpp --list); do
		[ "$(smpp "$cmd" -h | sed '1,/^Examples:/d' |
			grep -c '^  ')" -eq 2 ]
	done
}

@test "help fits 79 columns" {
	local cmd
	for cmd in $(smpp --list); do
		run awk 'length > 79' < <(smpp help "$cmd" && smpp "$cmd" -h)
		[ "$output" = "" ]
	done
}

@test "smpp help and --help of smpp itself name every command" {
	local cmd
	smpp --help >full
	for cmd in $(smpp --list); do
		smpp help | grep -q -E "^  $cmd +[a-z]"
		grep -q -E "^  $cmd +[a-z]" full
	done
}

@test "no command, or an unknown one" {
	refused 2 'no command given' smpp
	refused 2 "unknown command 'xyzzy'" smpp xyzzy
	refused 2 "unknown command 'hepl'; did you mean 'help'?" smpp hepl
	refused 2 "unknown command 'hel'" smpp hel
	refused 2 '{"type":"error","exit":2,"what":"usage",' smpp -j xyzzy
	refused 2 '{"type":"error","exit":2,"what":"usage",' smpp hepl -j
}

@test "unknown, abbreviated and incomplete options" {
	refused 2 "smpp help: unknown option '--verbos'; did you mean '--verbose'?" \
		smpp help --verbos
	refused 2 "unknown option '--verbse'; did you mean '--verbose'?" \
		smpp help --verbse=1
	refused 2 "unknown option '--dest'; did you mean '--destination-addr'?" \
		smpp send --dest 1
	refused 2 "unknown option '--dest-addr'; did you mean '--dest-addr-ton'?" \
		smpp send --dest-addr=1
	refused 2 "unknown option '--text-'; did you mean '--text'?" smpp send --text-
	refused 2 "unknown option '--xy'" smpp send --xy
	refused 2 "unknown option '-Z'" smpp help -qZ
	refused 2 "option '--quiet' takes no value" smpp help --quiet=1
	refused 2 "option '--color' needs a value (WHEN)" smpp help --color
	refused 2 "--color: 'alway' is none of auto, always, never; did you mean 'always'?" \
		smpp help --color=alway
	refused 2 "unexpected argument 'c'" smpp help pdu a c
}

@test "an error with -j is one JSON object on stderr" {
	refused 2 '{"type":"error","exit":2,"what":"usage","message":"unknown option '"'--wibble'"'"}' \
		smpp -j --wibble
	refused 2 '"what":"usage"' smpp --wibble --json
	[ "$(jq -r .hint <<<"$(smpp -j 2>&1)")" != null ]
}

@test "options stand before the command, after it, and after words" {
	local want
	want=$(smpp help status 0x58)
	[ "$(smpp -q help status 0x58)" = "$want" ]
	[ "$(smpp help status 0x58 -q)" = "$want" ]
	[ "$(smpp --color never help -- status 0x58)" = "$want" ]
	[ "$(POSIXLY_CORRECT=1 smpp help status 0x58 -q)" = "$want" ]
	refused 2 "unknown command '-q'" smpp help -- -q
}

@test "a link smpp-COMMAND is that command" {
	ln -s "$B/smpp" smpp-help
	ln -s "$B/smpp" smpp-nothing
	[ "$(./smpp-help exit 3)" = "$(smpp help exit 3)" ]
	refused 2 "unknown command 'nothing'" ./smpp-nothing
}

@test "help explains codes by number and by name" {
	smpp help status 0x58 | grep -q '^ESME_RTHROTTLED '
	[ "$(smpp help status 88)" = "$(smpp help status ESME_RTHROTTLED)" ]
	[ "$(smpp help tlv 0x1e)" = "$(smpp help tlv receipted_message_id)" ]
	[ "$(smpp help pdu 4)" = "$(smpp help pdu submit_sm)" ]
	smpp help field esm_class | grep -q udhi
	smpp help exit 6 | grep -q later
	refused 1 "did you mean 'ESME_RTHROTTLED'?" \
		smpp help status ESME_RTHROTLED
	refused 1 "no tlv '0xfffff'" smpp help tlv 0xfffff
	refused 2 'hint: smpp help field esm_class' smpp help esm_class
}

@test "help explains every name that it lists" {
	local topic name
	for topic in status pdu tlv field exit; do
		smpp help "$topic" | awk '{ print $1 }' >names
		[ -s names ]
		while read -r name; do
			smpp help "$topic" "$name" >out
			[ -s out ]
		done <names
	done
}

@test "help fits a terminal of 80 columns, and has whole lines in a pipe" {
	for words in exit tlv status 'field data_coding' 'pdu submit_sm'; do
		script -qec "smpp help $words" /dev/null </dev/null |
			tr -d '\r' >screen
		# shellcheck disable=SC2086
		smpp help $words >piped
		[ "$(awk 'length > 79' screen)" = "" ]
		[ "$(tr -s ' \n' ' ' <screen)" = "$(tr -s ' \n' ' ' <piped)" ]
	done
	[ "$(smpp help exit | wc -l)" -eq 11 ]
}

@test "a full disk and a closed stdout" {
	refused 9 'standard output: No space left on device' \
		bash -c 'smpp --version >/dev/full'
	refused 9 'standard output: Bad file descriptor' \
		bash -c 'smpp --version >&-'
	refused 9 'no/such/dir' smpp --list -o no/such/dir
}

@test "a reader that goes away ends it by PIPE, in silence" {
	mkfifo fifo
	exec 8<>fifo
	exec 9>fifo
	exec 8<&-
	run --separate-stderr bash -c 'smpp help tlv >&9'
	[ "$status" -eq 141 ]
	[ "$stderr" = "" ]
}

@test "-o writes results to a file" {
	smpp --list -o list
	[ "$(cat list)" = "$(smpp --list)" ]
	[ "$(smpp --list -o -)" = "$(smpp --list)" ]
}

@test "the journal gets priorities" {
	run bash -c 'exec 2>err; JOURNAL_STREAM=$(stat -Lc %d:%i err) smpp; cat err'
	[[ $output == '<3>smpp: no command given'* ]]
	JOURNAL_STREAM=1:2 refused 2 'smpp: no command' smpp
}
