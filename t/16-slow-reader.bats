# What a slow reader of standard output or error holds up, and what not.
load helper

# Nothing here may hang, whatever it is that waits.
export BATS_TEST_TIMEOUT=100

# unread FILE: makes FILE a pipe that descriptor 7 will read, when it likes.
unread() {
	mkfifo "$1"
	exec 8<>"$1"
	exec 7<"$1"
}

# full_pipe FILE: the same, without room for a single octet.
full_pipe() {
	unread "$1"
	perl -e 'use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK);
		1 while syswrite(STDOUT, "\0" x 4096)' >"$1"
}

# started OPTION...: an SMSC on port $port whose output goes to the files that
# $out and $err name, opened already when they are pipes.
started() {
	mkfifo ready
	smpp smsc -L 127.0.0.1:0 --ready-fd 9 --receipt none "$@" </dev/null \
		>"$out" 2>"$err" 9>ready 3>&- 7>&- 8>&- &
	pid=$!
	pids+=("$pid")
	read -r -t "$WAIT" port <ready
	exec 8>&-
}

# loaded N: N messages are sent and answered, as fast as it goes.
loaded() {
	timeout "$WAIT" smpp load "127.0.0.1:${port##*:}" -i a -s A -d 49 \
		-m hello -R max --window 100 -C "$1" -q -j 7>&- |
		jq -e --argjson n "$1" '.ok == $n' >/dev/null
}

# dropped FILE: how many records were, as FILE says at the end.
dropped() {
	grep ' dropped, ' "$1" | tail -n 1 | sed 's/.*dropped, //; s/ in all//'
}

@test "an SMSC whose output nobody reads goes on, drops and counts" {
	local out=pipe err=err n=60000 rc=0
	unread pipe
	started -j
	loaded $n
	wait_line err 'smpp smsc: standard output is read too slowly: [0-9]'
	loaded $n
	kill -TERM $pid
	wait_exit $pid || rc=$?
	[ $rc -eq 143 ]
	# Each PDU in either direction, the four of bind and unbind, too.
	cat <&7 >records
	[ $(($(grep -c '}$' records) + $(dropped err))) -eq $((4 * n + 8)) ]
	[ "$(grep -c '}$' records)" -gt 50 ]
	sed '$d' records | jq -e -n 'all(inputs; .type == "pdu")' >/dev/null
	# As often as once a second and at the end, not more.
	[ "$(grep -c dropped, err)" -le $((SECONDS + 2)) ]
}

@test "lines of people and formats are dropped whole, too" {
	local out=pipe err=err n=60000 form
	for form in -v "--tsv command_id_name,sequence_number,hex --raw"; do
		rm -f pipe ready
		unread pipe
		# shellcheck disable=SC2086 # these are words
		started $form
		loaded $n
		loaded $n
		loaded $n
		kill -TERM $pid
		wait_exit $pid || true
		cat <&7 >records
		[ "$(dropped err)" -gt 1000 ]
		[ -n "$(tail -c 1 records)" ] && sed -i '$d' records
		run ! grep -v -E $'^([0-9:]{8}  #[0-9]+ |[a-z_]+\t[0-9]+\t[0-9a-f]+$)' \
			records
	done
}

@test "what is read again is written, and a gap is whole records" {
	local out=pipe err=err n=60000 more=0
	unread pipe
	started -j
	loaded $n
	wait_line err dropped
	cat <&7 >records 3>&- &
	until grep -q '"session":\([2-9]\|[1-9][0-9]\).*"unbind_resp"' records; do
		loaded 10
		more=$((more + 1))
		[ $more -lt 99 ]
	done
	kill -TERM $pid
	wait_exit $pid || true
	wait $!
	[ $(($(wc -l <records) + $(dropped err))) -eq \
		$((2 * n + 4 + more * 24)) ]
	jq -e -n 'all(inputs; .type == "pdu")' records >/dev/null
}

@test "an SMSC whose output is closed ends by PIPE, also while it is held up" {
	local out=pipe err=err rc=0
	unread pipe
	started -j
	loaded 1000
	exec 7>&-
	wait_exit $pid || rc=$?
	[ $rc -eq 141 ]
	run ! grep -v '^==' err
}

@test "a full disk ends an SMSC with its own status" {
	local out=/dev/full err=err rc=0
	started -j
	loaded 1 || true
	wait_exit $pid || rc=$?
	[ $rc -eq 9 ]
	grep -q 'standard output: No space left on device' err
}

@test "-o FILE waits for its reader, and loses nothing" {
	local out=/dev/null err=err n=30000 load
	unread pipe
	started -j -o pipe
	loaded $n 3>&- &
	load=$!
	read -r -t "$WAIT" line <&7
	[[ $line == *bind_transmitter* ]]
	cat <&7 >records 3>&- &
	wait $load
	kill -TERM $pid
	wait_exit $pid || true
	wait $!
	[ "$(wc -l <records)" -eq $((2 * n + 3)) ]
	run ! grep dropped, err
}

@test "an SMSC starts and serves while nobody reads what it says" {
	local out=out err=pipe i
	full_pipe pipe
	started -j
	for i in $(seq 400); do
		kill -USR1 $pid
		loaded 1
		[ "$i" -gt 20 ] && break
	done
	kill -TERM $pid
	wait_exit $pid || true
	tr -d '\0' <&7 >said
	[ "$(wc -l <out)" -eq $((21 * 6)) ]
}

@test "lines on standard error that did not fit are counted" {
	local out=out err=pipe i
	unread pipe
	seq -f 'sequence_number==%.0f -> status=8' 1000 >rules
	started -j --rules rules
	for i in $(seq 20); do
		kill -USR1 $pid
		loaded 1 || true
	done
	cat <&7 >said 3>&- &
	wait_line said 'lines dropped$'
	kill -TERM $pid
	wait_exit $pid || true
	wait $!
	run ! grep -v -E '^(==|smpp smsc: )' said
}

@test "listen acknowledges nothing that is not written" {
	local n
	seq -f '{"source_addr":"4917","destination_addr":"A","text":"%.0f"}' \
		5000 >mo
	start_smsc -j --mo mo --receipt-keep
	unread pipe
	smpp listen 127.0.0.1:"$port" -i A -j </dev/null >pipe 2>err 3>&- 7>&- &
	pid=$!
	pids+=("$pid")
	exec 8>&-
	# More than may wait for an answer, then no more.
	head -c 100000 <&7 >records
	wait_line smsc.out '"in",.*deliver_sm_resp'
	kill -KILL $pid
	cat <&7 >>records
	stop "${pids[0]}"
	n=$(grep -c '"dir":"in".*deliver_sm_resp' smsc.out)
	[ "$n" -gt 0 ]
	[ "$n" -le "$(wc -l <records)" ]
	[ "$n" -lt 5000 ]
}

# nonblocking COMMAND...: runs it with outputs that do not wait, as node and
# some shells leave them, the pipes being short.
nonblocking() {
	perl -e 'use Fcntl; for (*STDOUT, *STDERR, *STDIN) {
		fcntl($_, 1031, 4096);
		fcntl($_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK) or die;
	} exec @ARGV' "$@"
}

@test "what does not wait is waited for" {
	local pdu=00000010000000150000000000000001
	yes $pdu | head -n 20000 >hex
	smpp decode-hex -j -f hex >want
	{ nonblocking smpp decode-hex -j -f hex; echo $? >rc; } </dev/null |
		cat >got
	[ "$(cat rc)" -eq 0 ]
	cmp got want
	# Standard error: each line of 5,000 errors.
	yes zz11 | head -n 5000 >hex
	smpp decode-hex --keep-going -f hex 2>want >/dev/null || true
	{ nonblocking smpp decode-hex --keep-going -f hex 2>&1 >/dev/null |
		cat >got; } </dev/null
	cmp got want
	# And standard input.
	{ echo $pdu; perl -e 'select(undef, undef, undef, .2)'; echo $pdu; } |
		nonblocking smpp decode-hex -j >got
	[ "$(wc -l <got)" -eq 2 ]
}

@test "an SMSC takes a socket, as node gives it, for its output" {
	local n=60000
	mkfifo ready
	perl -e 'use Socket; socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0);
		if (!(my $pid = fork)) { close $a; open(STDOUT, ">&", $b); close $b;
			exec @ARGV; } else { open(my $f, ">", "pid"); print $f $pid; }
		close $b; open(my $go, "<", "go"); <$go>;
		while (sysread($a, my $s, 65536)) { print $s; }' \
		smpp smsc -L 127.0.0.1:0 --ready-fd 9 --receipt none -j \
		</dev/null >records 2>err 9>ready 3>&- &
	pids+=($!)
	mkfifo go
	read -r -t "$WAIT" port <ready
	exec 6>go
	loaded $n
	wait_line err dropped
	loaded 10
	kill -TERM "$(cat pid)"
	wait_line err '^== sessions'
	exec 6>&-
	wait_exit "${pids[0]}"
	[ $(($(grep -c '}$' records) + $(dropped err))) -eq $((2 * n + 20 + 8)) ]
}

@test "an SMSC without descriptors left for that says so" {
	local n
	for n in 5 6 7 8 9; do
		run -9 --separate-stderr bash -c "exec </dev/null 3>&- 4>&- \
			5>&- 6>&- 7>&- 8>&- 9>&-; ulimit -n $n
			exec smpp smsc -L 127.0.0.1:0"
		[ "$stderr" = "smpp smsc: epoll: Too many open files" ]
	done
}
