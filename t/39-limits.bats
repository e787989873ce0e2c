#!/usr/bin/env bats
# What a peer may take, as smsc has it: a clock that runs fast passes minutes.

load helper

setup() {
	smpp_setup
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers come first"
}

# fast_smsc SPEED [OPTION...]: an SMSC whose time flies.
fast_smsc() {
	local speed=$1
	shift
	CLOCK_SPEED=$speed LD_PRELOAD="$B/t/preload/fastclock.so" \
		start_smsc --receipt none "$@"
}

# client PERL: a client of the SMSC that binds, then runs PERL with its socket
# in $s, and stays until it is told to go by the end of the connection.
client() {
	# shellcheck disable=SC2016 # perl expands it
	start client perl -MIO::Socket::INET -MIO::Select -e '
		$SIG{PIPE} = "IGNORE";
		$s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die;
		print $s pack("N4a*", 27, 9, 0, 1, "slow\0\0\0\x34\0\0\0");
		$s->flush;
		sysread $s, $_, 4096;
		sub enquire { pack "N4", 16, 0x15, 0, $_[0] }
		eval "$ARGV[1]; 1" or die $@;
	' "$port" "$1"
}

@test "a peer that never reads is dropped" {
	fast_smsc 100
	# shellcheck disable=SC2016
	client '$s->blocking(0); $w = IO::Select->new($s); $i = 2; $b = "";
		while ($w->can_write(0.5)) {
			$b .= enquire($i++) while length $b < 65536;
			$n = syswrite $s, $b or last;
			substr $b, 0, $n, "";
		}
		sleep 60'
	# what else is there is long
	wait_line smsc.out 'timeout +no reading of what it gets$' 2>/dev/null
	wait_line smsc.out 'closed +too slow$' 2>/dev/null
	stop "$pid"
	smpp bind-test "127.0.0.1:$port" -q
}

@test "a peer that reads slowly is not" {
	fast_smsc 100
	# shellcheck disable=SC2016
	client '$s->blocking(0); $w = IO::Select->new($s); $i = 2; $b = "";
		$until = time + 3;
		while (time < $until) {
			while ($w->can_write(0)) {
				$b .= enquire($i++) while length $b < 65536;
				$n = syswrite $s, $b or last;
				substr $b, 0, $n, "";
			}
			sysread $s, $_, 1 << 20;
			select undef, undef, undef, 0.05;
		}'
	wait_exit "$pid"
	run ! grep -q timeout smsc.out
}

@test "a PDU that never becomes whole has its peer dropped" {
	fast_smsc 50
	# shellcheck disable=SC2016
	client 'syswrite $s, substr enquire(2), 0, 9;
		$n = sysread $s, $_, 100; print defined $n ? "end $n\n" : $!'
	wait_line smsc.out 'timeout +no the rest of a PDU$'
	wait_exit "$pid"
	[ "$(cat client.out)" = 'end 0' ]
	[ "$(grep -c timeout smsc.out)" -eq 1 ]
}

@test "octets that now and then are one more do not help" {
	fast_smsc 50
	# shellcheck disable=SC2016
	client 'syswrite $s, pack "N", 1000;
		for (1 .. 30) {
			syswrite $s, "\0" or last;
			last if IO::Select->new($s)->can_read(0.1);
		}
		$n = sysread $s, $_, 100; print defined $n ? "end $n\n" : $!'
	wait_exit "$pid"
	[ "$(cat client.out)" = 'end 0' ]
	wait_line smsc.out 'closed +too slow$'
}

@test "after octets that are no SMPP a peer has time to read why" {
	fast_smsc 5
	# shellcheck disable=SC2016
	client 'syswrite $s, "GET / HTTP/1.1\r\n\r\n";
		$n = sysread $s, $_, 100; printf "%08x\n", unpack "x4N", $_;
		$n = sysread $s, $_, 100; print "end $n\n"; sleep 2'
	wait_line smsc.out 'closed +did not close by itself$'
	wait_line client.out 'end 0'
	[ "$(xargs <client.out)" = '80000000 end 0' ]
}

@test "a PDU in pieces is one" {
	fast_smsc 20
	# shellcheck disable=SC2016
	client 'for $c (split //, enquire(2)) {
			syswrite $s, $c;
			select undef, undef, undef, 0.02;
		}
		sysread $s, $_, 100; printf "%08x\n", unpack "x4N", $_'
	wait_exit "$pid"
	[ "$(cat client.out)" = 80000015 ]
}

@test "a peer that does not close after unbind is closed" {
	fast_smsc 5
	# shellcheck disable=SC2016
	client 'syswrite $s, pack "N4", 16, 6, 0, 2;
		sysread $s, $_, 100; printf "%08x\n", unpack "x4N", $_;
		$n = sysread $s, $_, 100; print "end $n\n"'
	wait_exit "$pid"
	[ "$(xargs <client.out)" = '80000006 end 0' ]
	wait_line smsc.out 'closed +did not close by itself$'
}

@test "a peer that sends no bind is closed" {
	fast_smsc 50 --bind-timeout 10s
	# shellcheck disable=SC2016
	start client perl -MIO::Socket::INET -e '
		$s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die;
		$n = sysread $s, $_, 100; print "end $n\n"' "$port"
	wait_exit "$pid"
	wait_line smsc.out 'timeout +no bind$'
	wait_line smsc.out 'closed +timed out$'
}
