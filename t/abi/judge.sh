#!/bin/sh
# judge.sh OLD NEW: whether programs that were built with OLD run with NEW, by
# what abi.pl printed. Says what is in the way; 0 when nothing is, 1 when NEW
# only has more, 2 when something went or changed without another soname.
set -eu

gone=$(LC_ALL=C comm -23 "$1" "$2")
new=$(LC_ALL=C comm -13 "$1" "$2")
case $gone in
'')
	[ -n "$new" ] || exit 0
	printf 'new:\n%s\nmake abi writes it down.\n' "$new"
	exit 1
	;;
*soname*)
	exit 1
	;;
*)
	printf 'gone or changed:\n%s\n' "$gone"
	echo 'Programs have to be built again: raise ABI in the Makefile,' \
		'then make abi.'
	exit 2
	;;
esac
