#!/usr/bin/perl
# A scripted peer, for what no decent SMPP program does.
#
#	peer.pl listen FIFO STEP...	accepts one connection after the other,
#					runs the steps with each; its port is
#					written to FIFO
#	peer.pl connect PORT STEP...	connects, runs the steps
#	peer.pl stdio LOG STEP...	talks through stdin and stdout, prints
#					to LOG
#
# Steps: read a PDU and print it ("in HEX"; "eof" at the end);
#	read           only that
#	bind           answer with status 0 and sc_interface_version 0x34
#	ok             answer with status 0, message_id "77"
#	body=OCTETS    answer with status 0 and that body
#	status=N       answer with that status and no body
#	nack=N         answer with generic_nack and that status
#	as=ID,SEQ      answer with another command_id or sequence_number (= same)
#	late=S         answer with status 0 after S seconds
#	serve          answer like ok, until the other side closes
#	half           send the first half of an ok answer
#	drip           send an ok answer octet by octet
# Or do not read:
#	again          send the last answer once more
#	hex=OCTETS     send octets
#	pdu=ID,STATUS,SEQ[,BODY]  send a PDU
#	mo=SEQ,TEXT    send deliver_sm from 4917 to ACME
#	mo=SEQ,ESM_CLASS,DATA_CODING,OCTETS  the same
#	burst=N        send N times deliver_sm in one go, numbered from 100
#	wait=PATTERN   read, answering enquire_link, until a PDU in hex matches
#	flood=OCTETS   send them over and over, until nobody takes them
#	fill=N         send N times enquire_link, as fast as they are taken
#	sleep=S        wait
#	until=FIFO     wait until somebody opens FIFO to write
#	drain          print what comes until the other side closes
#	shut, close, rst   end the connection, politely or not
use strict;
use warnings;
use Errno;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(ualarm);

my ($mode, $where, @steps) = @ARGV;
my ($s, $w, $id, $seq, $last, $stopping);
$| = 1;
$SIG{PIPE} = 'IGNORE';
# What the other side sent before it went away is still printed.
$SIG{TERM} = sub { $stopping = 1; ualarm 300_000 };
$SIG{ALRM} = sub { exit 0 };

# Reads as sysread does, whatever signal comes.
sub get_some {
	my $n;
	do {
		$n = sysread $s, $_[0], $_[1], $_[2] // 0;
	} until defined $n || !$!{EINTR};
	return $n;
}

sub get {
	my ($n) = @_;
	my $got = '';
	while (length $got < $n) {
		my $r = get_some($got, $n - length $got, length $got);
		return undef unless $r;
	}
	return $got;
}

sub take {
	my $head = get(16);
	if (!defined $head) {
		print "eof\n";
		return 0;
	}
	my ($len, $status);
	($len, $id, $status, $seq) = unpack 'N4', $head;
	my $body = $len > 16 ? get($len - 16) : '';
	my $hex = unpack 'H*', $head . ($body // '');
	print "in $hex\n";
	return $hex;
}

sub pdu {
	my ($pid, $status, $pseq, $body) = @_;
	return pack('N4', 16 + length $body, $pid, $status, $pseq) . $body;
}

sub put {
	my ($data) = @_;
	while (length $data) {
		my $n = syswrite $w // $s, $data;
		return unless defined $n;
		substr $data, 0, $n, '';
	}
}

sub body {
	return "peer\0\x02\x10\0\x01\x34" if $id >= 1 && $id <= 2 || $id == 9;
	return "77\0" if $id == 4 || $id == 0x103;
	return "\0" if $id == 5;
	return '';
}

sub ok { return pdu($id | 0x80000000, 0, $seq, body()) }

sub mo {
	my ($pseq, $esm, $dc, $octets) = @_;
	return pdu(5, 0, $pseq, "\0\1\x014917\0\5\0ACME\0" . pack('C', $esm) .
	    "\0\0\0\0\0\0" . pack('CCC', $dc, 0, length $octets) . $octets);
}

sub number { my ($n) = @_; return $n =~ /^0x/ ? hex $n : $n }

my %step = (
	read => sub { take() },
	bind => sub { take() && put($last = ok()) },
	ok => sub { take() && put($last = ok()) },
	body => sub { take() && put($last = pdu($id | 0x80000000, 0, $seq,
	    pack 'H*', $_[0])) },
	status => sub { take() && put($last = pdu($id | 0x80000000,
	    number($_[0]), $seq, '')) },
	nack => sub { take() && put(pdu(0x80000000, number($_[0]), $seq, '')) },
	as => sub {
		my ($other, $number) = split /,/, $_[0];
		take() && put(pdu($other eq '=' ? $id | 0x80000000
		    : number($other), 0, $number eq '=' ? $seq
		    : number($number), body()));
	},
	late => sub { take() && select(undef, undef, undef, $_[0]); put(ok()) },
	serve => sub { put(ok()) while take() },
	half => sub {
		take() or return 0;
		my $data = ok();
		put(substr $data, 0, length($data) / 2);
	},
	drip => sub {
		take() or return 0;
		for my $c (split //, ok()) {
			put($c);
			select(undef, undef, undef, 0.002);
		}
	},
	again => sub { put($last) },
	hex => sub { put(pack 'H*', $_[0]) },
	pdu => sub {
		my ($pid, $status, $pseq, $hex) = split /,/, $_[0];
		put(pdu(number($pid), number($status), number($pseq),
		    pack 'H*', $hex // ''));
	},
	mo => sub {
		my ($pseq, $esm, $dc, $hex) = split /,/, $_[0];
		put(defined $dc ? mo($pseq, number($esm), $dc, pack 'H*', $hex)
		    : mo($pseq, 0, 0, $esm));
	},
	burst => sub {
		put(join '', map { mo(99 + $_, 0, 0, "no $_") } 1 .. $_[0]);
	},
	wait => sub {
		for (;;) {
			my $got = take() or return 0;
			put(ok()) if $id == 0x15;
			last if $got =~ /$_[0]/;
		}
	},
	flood => sub {
		my $data = pack('H*', $_[0]) x 1000;
		while (length $data) {
			my $n = syswrite $s, $data;
			last unless defined $n;
			$data = substr($data, $n) . substr $data, 0, $n;
		}
	},
	fill => sub { put(pdu(0x15, 0, $_, '')) for 1 .. $_[0] },
	sleep => sub { select(undef, undef, undef, $_[0]) },
	until => sub { open my $f, '<', $_[0] or die "$_[0]: $!"; <$f> },
	drain => sub {
		while (get_some(my $data, 65536)) {
			print 'in ', unpack('H*', $data), "\n";
		}
		print "eof\n";
	},
	shut => sub { shutdown $s, 1 },
	close => sub { close $s },
	rst => sub {
		setsockopt $s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
		close $s;
	},
);

sub play {
	setsockopt $s, IPPROTO_TCP, TCP_NODELAY, 1 unless $w;
	for (@steps) {
		my ($name, $arg) = split /=/, $_, 2;
		my $do = $step{$name} or die "peer.pl: no step '$name'\n";
		$do->($arg);
		last unless defined fileno $s;
	}
	close $s;
}

if ($mode eq 'connect') {
	$s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$where")
	    or die "peer.pl: $!\n";
	play();
	exit 0;
}
if ($mode eq 'stdio') {
	open $w, '>&', \*STDOUT or die;
	open STDOUT, '>', $where or die "peer.pl: $where: $!\n";
	$s = \*STDIN;
	play();
	exit 0;
}
my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1:0', Listen => 5)
    or die "peer.pl: $!\n";
open my $ready, '>', $where or die "peer.pl: $where: $!\n";
print $ready $l->sockport, "\n";
close $ready;
while (!$stopping && ($s = $l->accept)) {
	play();
}
