#!/usr/bin/perl
# An ESME of Net::SMPP that does everything once, and prints what it gets.
#
#	smsc-net.pl PORT MODE		transmitter, receiver, transceiver
use strict;
use warnings;
use Net::SMPP;

my ($port, $mode) = @ARGV;
$| = 1;
my $new = "new_$mode";
my ($s, $resp) = Net::SMPP->$new('127.0.0.1', port => $port,
	system_id => 'npm', password => 'x') or die 'no bind';
printf "bind %d %s\n", $resp->status, $resp->{system_id};

my @to = (source_addr => 'ACME', destination_addr => '4917');
my @got;

# The response of the last request; what comes meanwhile is kept.
sub answer {
	while (my $p = $s->read_pdu) {
		return $p if $p->cmd & 0x80000000;
		push @got, $p;
		$s->deliver_sm_resp(seq => $p->seq, message_id => '')
		    if $p->cmd == 5;
	}
	die "left\n";
}

sub ask {
	my ($command, @fields) = @_;
	$s->$command(@fields, async => 1);
	my $p = answer();
	printf "%s %d %s\n", $command, $p->status,
	    $p->{message_state} // $p->{message_id} // '';
	return $p;
}

if ($mode ne 'receiver') {
	my $r = ask('submit_sm', @to, short_message => 'one',
		registered_delivery => 1);
	ask('query_sm', message_id => $r->{message_id}, source_addr => 'ACME');
	ask('submit_sm', @to, short_message => '', registered_delivery => 1,
		message_payload => 'x' x 3000);
	$r = ask('submit_sm', @to, short_message => 'later',
		schedule_delivery_time => '371231235959000+');
	ask('cancel_sm', message_id => $r->{message_id},
		source_addr => 'ACME', destination_addr => '4917');
}
while ($mode ne 'transmitter' && @got < 2) {
	my $p = $s->read_pdu or last;
	push @got, $p;
	$s->deliver_sm_resp(seq => $p->seq, message_id => '');
}
for (@got) {
	my $text = $_->{short_message};
	$text =~ s/ submit.*stat:/ /;
	printf "deliver_sm %d %s\n", $_->{esm_class}, $text;
}
$s->unbind(async => 1);
printf "unbind %d\n", answer()->status;
