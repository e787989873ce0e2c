#!/usr/bin/perl
# killed.pl MS COMMAND...: runs COMMAND and kills it after so many milliseconds,
# unless it is done before. Exits as it did, with 137 when it was killed.
use strict;
use warnings;

my $ms = shift @ARGV;
my $pid = fork // die "fork: $!\n";
if ($pid == 0) {
	exec @ARGV or die "$ARGV[0]: $!\n";
}
select undef, undef, undef, $ms / 1000;
kill KILL => $pid;
waitpid $pid, 0;
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
