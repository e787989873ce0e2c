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

"$B/t/bench/gen" bin $PDUS >"$dir/bin"
"$B/t/bench/gen" hex $PDUS >"$dir/hex"
bin=$(best 3 "$B/smpp" decode-hex -j --in bin -f "$dir/bin")
hex=$(best 3 "$B/smpp" decode-hex -j -f "$dir/hex")
report "decode-hex -j, hex digits" million/s 3 ">= 1" "$PDUS / $hex / 1e6"
report "decode-hex -j --in bin" million/s 3 ">= 1" "$PDUS / $bin / 1e6"

if command -v tshark >/dev/null; then
	"$B/t/bench/gen" pcap $PEER_PDUS >"$dir/pcap"
	peer=$(best 2 tshark -r "$dir/pcap" -d tcp.port==2775,smpp -T json \
		-j smpp)
	report "tshark -T json -j smpp" million/s 2 "" \
		"$PEER_PDUS / $peer / 1e6"
	report "decode-hex -j, hex digits / tshark" times 2 ">= 20" \
		"($PDUS / $hex) / ($PEER_PDUS / $peer)"
	report "decode-hex -j --in bin / tshark" times 2 ">= 20" \
		"($PDUS / $bin) / ($PEER_PDUS / $peer)"
fi
