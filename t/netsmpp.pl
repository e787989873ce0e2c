#!/usr/bin/perl
# Net::SMPP on the other side.
#
#	netsmpp.pl serve FIFO		an SMSC: takes any bind, answers each
#					submit_sm and sends a receipt if asked
#	netsmpp.pl send PORT MODE TEXT	an ESME: binds (tx, rx, trx), submits,
#					prints what it gets, unbinds
use strict;
use warnings;
use Net::SMPP;

my ($mode, @args) = @ARGV;
$| = 1;

sub cmd { return $Net::SMPP::pdu_tab->{ $_[0]->cmd }{cmd} // $_[0]->cmd }

sub receipt {
	my ($s, $p, $id) = @_;
	$s->deliver_sm(
		source_addr => $p->{destination_addr},
		destination_addr => $p->{source_addr},
		esm_class => 4,
		short_message => "id:$id sub:001 dlvrd:001 " .
		    "submit date:2611211042 done date:2611211043 " .
		    "stat:DELIVRD err:000 text:",
		async => 1);
}

sub serve_one {
	my ($s) = @_;
	my $n = 0;
	while (my $p = $s->read_pdu) {
		my $cmd = $p->cmd;
		if ($cmd == 1 || $cmd == 2 || $cmd == 9) {
			printf "bind %d %s %s %x\n", $cmd, $p->{system_id},
			    $p->{password}, $p->{interface_version};
			my $resp = (undef, 'bind_receiver_resp',
			    'bind_transmitter_resp')[$cmd]
			    // 'bind_transceiver_resp';
			$s->$resp(system_id => 'NetSMPP', seq => $p->seq);
		} elsif ($cmd == 4) {
			my $id = sprintf 'net-%d', ++$n;
			print "submit $p->{source_addr} ",
			    "$p->{destination_addr} $p->{short_message}\n";
			$s->submit_sm_resp(message_id => $id, seq => $p->seq);
			receipt($s, $p, $id) if $p->{registered_delivery};
		} elsif ($cmd == 0x15) {
			$s->enquire_link_resp(seq => $p->seq);
		} elsif ($cmd == 6) {
			print "unbind\n";
			$s->unbind_resp(seq => $p->seq);
			return;
		} elsif ($cmd == 0x80000005) {
			printf "deliver_sm_resp %d\n", $p->status;
		}
	}
}

if ($mode eq 'serve') {
	my $l = Net::SMPP->new_listen('127.0.0.1', port => 0)
	    or die "listen: $!\n";
	open my $ready, '>', $args[0] or die "$args[0]: $!\n";
	print $ready $l->sockport, "\n";
	close $ready;
	while (my $s = $l->accept) {
		serve_one($s);
	}
	exit;
}

my ($port, $bind, $text) = @args;
my %new = (tx => 'new_transmitter', rx => 'new_receiver',
    trx => 'new_transceiver');
my $new = $new{$bind};
my ($s, $r) = Net::SMPP->$new('127.0.0.1', port => $port,
    system_id => 'acme', password => 'secret');
die "bind failed\n" unless $s && $r->status == 0;
print "bound to $r->{system_id}\n";
if ($bind ne 'rx') {
	$r = $s->submit_sm(source_addr => 'ACME',
	    source_addr_ton => 5, destination_addr => '4917',
	    short_message => $text, registered_delivery => 1);
	printf "submit_sm_resp %d %s\n", $r->status, $r->{message_id};
}
printf "enquire_link_resp %d\n", $s->enquire_link->status if $bind eq 'tx';
if ($bind ne 'tx') {
	my $p = $s->read_pdu;
	print "deliver_sm $p->{source_addr} $p->{destination_addr} ",
	    "$p->{esm_class} $p->{short_message}\n";
	$s->deliver_sm_resp(message_id => '', seq => $p->seq);
}
printf "unbind_resp %d\n", $s->unbind->status;
