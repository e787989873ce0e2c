#!/usr/bin/env bash
# smpp decode-hex -j, PDUs a second, beside tshark's JSON of the same PDUs.
set -eu

B=${B:-build}
PDUS=1000000
PEER_PDUS=100000
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/common.bash"

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
