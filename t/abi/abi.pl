#!/usr/bin/env perl
# What programs are built with, as far as it must not change: prototypes, the
# places of members, the values of constants. Prints it, a thing a line.
#
#	abi.pl DIR SO CC...: the installed headers, the shared object, a compiler
use strict;
use warnings;

my ($dir, $so, @cc) = @ARGV;
$ENV{LC_ALL} = 'C';
my (@out, @code);

# What our headers say, behind the preprocessor; tables are counted to them.
sub source {
	my $ours = 0;
	my $text = '';
	open my $f, '-|', @cc, '-E', "-I$dir", "$dir/smpp/smpp.h" or die;
	while (<$f>) {
		if (/^# \d+ "(.*?)"/) {
			$ours = index($1, "$dir/smpp/") == 0;
		} elsif ($ours && !/^#/) {
			$text .= $_;
		}
	}
	close $f or die "abi.pl: the compiler failed\n";
	$text =~ s/\b__extension__\b|_Pragma\s*\(.*?\)//g;
	1 while $text =~ s/__attribute__\s*(\((?:[^()]|(?1))*\))//;
	return $text;
}

sub trim {
	my ($s) = @_;
	$s =~ s/\s+/ /g;
	$s =~ s/^ | $//g;
	$s =~ s/\( /(/g;
	return $s;
}

# Splits at a character that is in no bracket.
sub split_at {
	my ($at, $text) = @_;
	my ($depth, $part, @parts) = (0, '');
	for my $c (split //, $text) {
		$depth++ if $c =~ /[({\[]/;
		$depth-- if $c =~ /[)}\]]/;
		if ($c eq $at && $depth == 0) {
			push @parts, $part;
			$part = '';
		} else {
			$part .= $c;
		}
	}
	return (@parts, $part);
}

# The members of a structure, those of nameless ones within it, too.
sub members {
	my ($body) = @_;
	my @names;
	for my $member (map { trim($_) } split_at(';', $body)) {
		if ($member =~ /^(?:struct|union) \{(.*)\}$/) {
			push @names, members($1);
			next;
		}
		for (split_at(',', $member)) {
			if (/\(\s*\*\s*(\w+)/ || /(\w+)\s*(?:\[.*\]\s*)*$/) {
				push @names, $1;
			}
		}
	}
	return @names;
}

# Has a line be printed by the program that is compiled at the end.
sub show {
	my ($format, @values) = @_;
	push @code, sprintf '	printf("%s\\n", %s);', $format, join ', ', @values;
}

sub enumerators {
	my ($body) = @_;
	for (split_at(',', $body)) {
		# How many there are is nobody's to rely on.
		next if !/^\s*(\w+)/ || $1 =~ /_(COUNT|END)$/;
		show("constant $1 %lld", "(long long)$1");
	}
}

sub structure {
	my ($name, $body) = @_;
	show("struct $name size %zu", "sizeof(struct $name)");
	show("struct $name.$_ at %zu size %zu", "offsetof(struct $name, $_)",
	    "sizeof(((struct $name *)0)->$_)") for members($body);
}

# Takes a thing off the front of the text.
sub declarations {
	my ($text) = @_;
	my $braces = qr/(\{(?:[^{}]|(?-1))*\})/;
	while ($text =~ /\S/) {
		if ($text =~ s/^\s*static inline[^{;]*$braces//) {
			next;
		} elsif ($text =~ s/^\s*enum\s*(\w*)\s*$braces\s*;//) {
			enumerators(substr $2, 1, -1);
		} elsif ($text =~ s/^\s*struct\s+(\w+)\s*$braces\s*;//) {
			structure($1, substr $2, 1, -1);
		} elsif ($text =~ s/^\s*([^{};]*);//) {
			my $what = trim($1);
			push @out, "function $what" if $what =~ /\)$/;
			push @out, "data $what" if $what =~ s/^extern //;
		} else {
			die "abi.pl: not understood: ", substr($text, 0, 200);
		}
	}
}

# Numbers that are macros, and stay.
sub macros {
	my %number;
	open my $f, '-|', @cc, '-E', '-dD', "-I$dir", "$dir/smpp/smpp.h" or die;
	while (<$f>) {
		delete $number{$1} if /^#undef (\w+)/;
		$number{$1} = 1 if /^#define (SMPP_\w+) .*\d/ &&
		    !/SMPP_VERSION|["{]/;
	}
	close $f or die;
	show("constant $_ %lld", "(long long)($_)") for sort keys %number;
}

# Compiles and runs what has been collected.
sub run {
	open my $f, '>', "$dir/abi.c" or die;
	print $f "#include <smpp/smpp.h>\n#include <stdio.h>\n",
	    "int main(void)\n{\n", map({ "$_\n" } @code), "return 0;\n}\n";
	close $f or die;
	system(@cc, '-w', "-I$dir", '-o', "$dir/abi", "$dir/abi.c") == 0 or die;
	return split /\n/, `$dir/abi`;
}

# The sizes of data count: a program has a copy of them.
sub sizes {
	my @lines;
	for (`nm -D -S --defined-only $so`) {
		my (undef, $size, $type, $name) = split;
		push @lines, sprintf 'data %s size %d', $name, hex $size
		    if defined $name && $type =~ /^[BDRV]$/;
	}
	return @lines;
}

sub soname {
	return `readelf -d $so` =~ /soname: \[(.*)\]/ ? $1 : '';
}

declarations(source());
macros();
print "$_\n" for sort "soname " . soname(), @out, run(), sizes();
