#!/usr/bin/env bash
# smpp dlr-parse, lines a second, beside the one-liners that people use.
set -eu

B=${B:-build}
LINES=2000000
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/common.bash"

# Receipts as an SMSC writes them into a log.
awk -v n=$LINES 'BEGIN {
	srand(1)
	split("Hello|Water off on Tuesday|Parcel 42 is at bay 7|", text, "|")
	for (i = 0; i < n; i++) {
		stat = "DELIVRD"
		if (rand() > 0.83)
			stat = rand() > 0.3 ? "UNDELIV" : "EXPIRED"
		ok = stat == "DELIVRD"
		printf("id:%08x sub:001 dlvrd:%s submit date:26112110%02d " \
			"done date:26112111%02d stat:%s err:%s text:%s\n",
			rand() * 2147483647, ok ? "001" : "000", rand() * 60,
			rand() * 60, stat, ok ? "000" : "034",
			text[1 + int(rand() * 4)])
	}
}' >"$dir/log"

# smpp_rate NAME TARGET OPTION...: sets took.
smpp_rate() {
	local name=$1 target=$2
	shift 2
	took=$(best 3 "$B/smpp" dlr-parse "$@" "$dir/log")
	report "dlr-parse $name" million/s 3 "$target" "$LINES / $took / 1e6"
}

# beside NAME COMMAND...: another program at the job of tsv.
beside() {
	local name=$1 other
	shift
	command -v "${name%% *}" >/dev/null || return 0
	other=$(best 1 "$@" "$dir/log")
	report "$name" million/s 1 "" "$LINES / $other / 1e6"
	report "dlr-parse --tsv / $name" times 1 "> 1" "$other / $tsv"
}

smpp_rate -j ">= 2" -j
smpp_rate --summary "" --summary
smpp_rate "" ""
smpp_rate "--tsv id,stat,err" ">= 3" --tsv id,stat,err
tsv=$took

# shellcheck disable=SC2016 # these are programs, not words
{
	beside mawk mawk '{
		match($0, /id:[^ ]*/); id = substr($0, RSTART + 3, RLENGTH - 3)
		match($0, /stat:[^ ]*/); st = substr($0, RSTART + 5, RLENGTH - 5)
		match($0, /err:[^ ]*/); er = substr($0, RSTART + 4, RLENGTH - 4)
		print id "\t" st "\t" er }'
	beside gawk gawk 'match($0, /id:([^ ]*).*stat:([^ ]*).*err:([^ ]*)/, m) {
		print m[1] "\t" m[2] "\t" m[3] }'
	beside perl perl -ne '
		print "$1\t$2\t$3\n" if /id:(\S*).*?stat:(\S*).*?err:(\S*)/'
	beside "sed -E" sed -nE 's/.*id:([^ ]*).*stat:([^ ]*).*err:([^ ]*).*/\1\t\2\t\3/p'
}
