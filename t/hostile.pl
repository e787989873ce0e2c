#!/usr/bin/perl
# Clients that no SMSC wants, one after the other, and after each an honest
# one, who has to be served all the same.
#
#	hostile.pl PORT		prints TAP
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);

my $port = shift;
my @kept;    # connections that stay open to the end, as long as they can
$| = 1;
$SIG{PIPE} = 'IGNORE';

sub dial {
	return IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
	    || die "connect: $!\n";
}

sub pdu {
	my ($id, $seq, $body) = (@_, '');
	return pack 'N4a*', 16 + length $body, $id, 0, $seq, $body;
}

sub bind_pdu { return pdu($_[0] // 9, 1, "bad\0\0\0\x34\0\0\0") }

sub submit {
	my ($seq, $dest, $tail) = (@_, '');
	return pdu(4, $seq, "\0\0\0A\0\0\0$dest\0\0\0\0\0\0\0\0\0\0\x01x$tail");
}

# Sends as much as is taken within a moment, and does not mind the rest.
sub push_out {
	my ($s, $octets) = @_;
	my $w = IO::Select->new($s);
	$s->blocking(0);
	for (my $at = 0; $at < length $octets;) {
		last unless $w->can_write(0.2);
		my $n = syswrite $s, $octets, 65536, $at;
		last unless $n;
		$at += $n;
	}
	return $s;
}

sub say_it { return push_out(dial(), $_[0]) }

sub bound { return say_it(bind_pdu() . $_[0]) }

# One PDU within a generous time, or nothing.
sub read_pdu {
	my ($s) = @_;
	my $in = '';
	my $r = IO::Select->new($s);
	while (length $in < 4 || length $in < unpack 'N', $in) {
		my $want = (length $in < 4 ? 4 : unpack 'N', $in) - length $in;
		return '' unless $r->can_read(15);
		return '' unless sysread $s, $in, $want, length $in;
	}
	return $in;
}

# A submit_sm with these fields, one that wants a receipt.
sub submit_with {
	my %f = (type => '', from => 'A', to => '4917', at => '', till => '',
		@_);
	return pdu(4, 2, "$f{type}\0\0\0$f{from}\0\0\0$f{to}\0\0\0\0"
	    . "$f{at}\0$f{till}\0\x01\0\0\0\x01x");
}

# Waits for one kind of PDU. Returns its status, undef if it does not come.
sub await {
	my ($s, $want) = @_;
	while ((my $p = read_pdu($s)) ne '') {
		my ($n, $id, $status, $seq) = unpack 'N4', $p;
		return $status if $id == $want;
	}
	return undef;
}

# A client that binds, submits, gets its receipt and leaves as it should.
sub honest {
	my $s = dial();
	syswrite $s, pdu(9, 1, "good\0\0\0\x34\0\0\0") . submit_with();
	return 0 if (await($s, 0x80000004) // 1) != 0;
	return 0 if !defined await($s, 5);
	syswrite $s, pdu(0x80000005, 1, "\0") . pdu(6, 3);
	return defined await($s, 0x80000006);
}

# Has a submit_sm refused with a status.
sub refused {
	my ($want, @with) = @_;
	my $s = bound(submit_with(@with));
	my $got = await($s, 0x80000004) // -1;
	die "@with: $got, not $want\n" if $got != $want;
}

my @cases = (
	'zeros' => sub { say_it("\0" x 4096) },
	'ones' => sub { say_it("\xff" x 4096) },
	'noise' => sub { srand 1;
		say_it(join '', map { chr rand 256 } 1 .. 20000) },
	'HTTP' => sub { say_it("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
	'TLS' => sub { say_it("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03") },
	'SSH' => sub { say_it("SSH-2.0-OpenSSH_9.2\r\n") },
	'length 15' => sub { say_it(pack 'N4', 15, 0x15, 0, 1) },
	'length 4294967295' => sub { say_it(pack 'N4', 0xffffffff, 4, 0, 1) },
	'length 131073' => sub { say_it(pack 'N4', 131073, 4, 0, 1) },
	'length 131072, and nothing' => sub {
		push @kept, say_it(pack 'N4', 131072, 4, 0, 1) },
	'a third of a header, kept open' => sub {
		push @kept, map { say_it("\0\0\0\x10\0") } 1 .. 50 },
	'a bind in single octets, never finished' => sub {
		my $s = dial();
		push_out($s, $_) for split //, substr bind_pdu(), 0, -1;
		push @kept, $s },
	'no bind at all' => sub { push @kept, map { dial() } 1 .. 100 },
	'bind, with a body that is too short' => sub {
		say_it(pdu(9, 1, 'abc')) },
	'bind, with a system_id of 500 octets' => sub {
		say_it(pdu(9, 1, 'x' x 500 . "\0\0\0\x34\0\0\0")) },
	'a thousand binds on one connection' => sub {
		say_it(bind_pdu() x 1000) },
	'submit_sm before the bind' => sub { say_it(submit(1, 1) x 1000) },
	'PDUs of an SMSC' => sub {
		bound(pdu(5, 2, "\0" x 17) . pdu(0x102, 3, "\0" x 6)
		    . pdu(0xb, 4, "\0\0")) },
	'submit_sm as a receiver' => sub {
		say_it(bind_pdu(1) . submit(2, 1) x 100) },
	'responses to nothing' => sub {
		bound(join '', map { pdu(0x80000005, $_, "\0") } 1 .. 2000) },
	'generic_nack without end' => sub {
		bound(pdu(0x80000000, 0) x 5000) },
	'unknown commands' => sub {
		bound(join '', map { pdu($_, $_) } 0x200 .. 0x900) },
	'one sequence number for all' => sub { bound(submit(7, 1) x 2000) },
	'sequence numbers out of range' => sub {
		bound(join '', map { submit($_, 1) }
		    0, 0x80000000, 0xffffffff, 0x7fffffff) },
	'a window of 20000, and no reading' => sub {
		push @kept, bound(join '', map { submit($_, 1) } 2 .. 20001) },
	'enquire_link without end, and no reading' => sub {
		push @kept, bound(pdu(0x15, 5) x 100000) },
	'unbind, and then more' => sub {
		bound(pdu(6, 2) . submit(3, 1) x 1000) },
	'half closed' => sub { my $s = bound(submit(2, 1)); shutdown $s, 1;
		push @kept, $s },
	'strings without end' => sub { bound(pdu(4, 2, 'x' x 300)) },
	'strings longer than their fields' => sub {
		refused(0x0a, from => '1' x 21);
		refused(0x0a, from => '1' x 30);
		refused(0x0b, to => '1' x 30);
		refused(0x15, type => 'x' x 7);
		refused(0x61, at => '1' x 20);
		refused(0x62, till => '1' x 20);
		refused(0x0a, from => 'x' x 60000) },
	'destinations that are too long' => sub {
		my $s = bound(pdu(0x21, 2, "\0\0\0A\0\xfe"
		    . ("\x01\0\0" . '1' x 60 . "\0") x 254 . "\0" x 10));
		my $got = await($s, 0x80000021) // -1;
		die "$got\n" if $got != 0x0b },
	'sm_length too long' => sub {
		bound(pdu(4, 2, "\0\0\0A\0\0\0" . "1\0\0\0\0\0\0\0\0\0\0\xffx")) },
	'TLVs that overrun' => sub {
		bound(submit(2, 1, "\x04\x24\xff\xffx")) },
	'5000 TLVs' => sub { bound(submit(2, 1, "\x14\x00\0\0" x 5000)) },
	'large payloads' => sub { bound(join '', map { pdu(4, $_,
		"\0\0\0A\0\0\0001\0\0\0\0\0\0\0\0\0\0\0\x04\x24\xfd\xe8"
		. 'x' x 65000) } 2 .. 21) },
	'255 destinations that are not there' => sub {
		bound(pdu(0x21, 2, "\0\0\0A\0\xff")) },
	'destinations that are neither' => sub {
		bound(pdu(0x21, 2, "\0\0\0A\0\x02\x07\x09" . "\0" x 20)) },
	'255 destinations, again and again' => sub {
		bound(join '', map { pdu(0x21, $_, "\0\0\0A\0\xfe"
		. "\x01\0\0004917\0" x 254 . "\0" x 10 . "\x01x") } 2 .. 60) },
	'queries and cancels of all kinds' => sub { bound(join '', map {
		pdu(3, $_, "$_\0\0\0A\0") . pdu(8, $_, "\0\0\0\0A\0\0\0z\0")
		} 1 .. 500) },
	'receipts that nobody reads' => sub { push @kept, bound(join '', map {
		pdu(4, $_, "\0\0\0A\0\0\0001\0\0\0\0\0\0\x01\0\0\0\x01x")
		} 2 .. 5000) },
	'large messages to one who does not read' => sub {
		push @kept, say_it(pdu(1, 1, "deaf\0\0\0\x34\0\0\0"));
		push @kept, bound(join '', map { pdu(4, $_, "\0\0\0A\0\0\0"
		    . "deaf\0\0\0\0\0\0\0\0\0\0\0\x04\x24\xfd\xe8"
		    . 'x' x 65000) } 2 .. 1500) },
	'come and gone' => sub { dial() for 1 .. 300 },
	'come, bound and gone' => sub { say_it(bind_pdu()) for 1 .. 300 },
	'reset' => sub { for (1 .. 300) {
		my $s = say_it(bind_pdu() . substr submit(2, 1), 0, 20);
		setsockopt $s, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
		close $s } },
);

while (my ($name, $do) = splice @cases, 0, 2) {
	my $s = eval { $do->(); 1 };
	my $ok = $s && honest();
	printf "%sok - %s%s\n", $ok ? '' : 'not ', $name, $s ? '' : ": $@";
}
