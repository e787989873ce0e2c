#!/usr/bin/env bash
# smpp decode-hex -j, PDUs a second, beside tshark's JSON of the same PDUs.
set -eu

B=${B:-build}
PDUS=1000000
PEER_PDUS=100000
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT

# best N COMMAND...: the shortest of N runs, in seconds.
best() {
	local n=$1 i
	shift
	TIMEFORMAT=%R
	for ((i = 0; i < n; i++)); do
		{ time "$@" >/dev/null 2>"$dir/err" </dev/null; } 2>>"$dir/times" || {
			cat "$dir/err" >&2
			return 1
		}
	done
	sort -n "$dir/times" | head -n 1
	rm "$dir/times"
}

# report BENCH UNIT BEST_OF TARGET AWK-EXPRESSION
report() {
	awk -v bench="$1" -v unit="$2" -v best="$3" -v target="$4" "BEGIN {
		printf \"{\\\"bench\\\":\\\"%s\\\",\\\"unit\\\":\\\"%s\\\",\", bench, unit
		printf \"\\\"value\\\":%.4g,\\\"best_of\\\":%d\", $5, best
		if (target != \"\")
			printf \",\\\"target\\\":\\\"%s\\\"\", target
		print \"}\"
	}"
}

# compare NAME KINDS: PDUs of the first KINDS kinds of the mix, see bench.h.
compare() {
	local form took peer
	if command -v tshark >/dev/null; then
		"$B/t/bench/gen" pcap $PEER_PDUS "$2" >"$dir/pcap"
		peer=$(best 2 tshark -r "$dir/pcap" -d tcp.port==2775,smpp \
			-T json -j smpp)
		report "tshark -T json -j smpp, $1" million/s 2 "" \
			"$PEER_PDUS / $peer / 1e6"
	fi
	for form in hex bin; do
		"$B/t/bench/gen" $form $PDUS "$2" >"$dir/$form"
		took=$(best 3 "$B/smpp" decode-hex -j \
			--in ${form/hex/auto} -f "$dir/$form")
		report "decode-hex -j, $1, $form" million/s 3 ">= 1" \
			"$PDUS / $took / 1e6"
		[ -z "${peer:-}" ] ||
			report "decode-hex -j, $1, $form / tshark" times 2 \
				">= 20" "($PDUS / $took) / ($PEER_PDUS / $peer)"
	done
}

compare submit_sm 1
compare mix 5
