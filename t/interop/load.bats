#!/usr/bin/env bats
# smpp load, and what npm's smpp and tshark counted.

load ../helper

setup() {
	smpp_setup
	export NODE_SMPP=$B/node_modules/smpp
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
}

@test "a server of npm's smpp got what was sent, with its texts" {
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -s ACME \
		-d '49{seq:000..199}' -m 'load {n}' -R 400 -C 200 --window 100 \
		-j
	jq -e '.sent == 200 and .ok == 200 and .rate_asked == 400' <<<"$output"
	stop "$pid"
	grep '^submit_sm' server.out >got
	for ((i = 0; i < 200; i++)); do
		printf 'submit_sm ACME 49%03d "load %d"\n' $i $((i + 1))
	done | diff - got
}

@test "receipts of npm's smpp are matched, long texts joined" {
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -s ACME -d 1 \
		-m "{n} $(printf 'long text %.0s' {1..30})" -R 200 -C 40 -r -j
	jq -e '.ok == 40 and .receipts == 40 and .receipts_awaited == 0' \
		<<<"$output"
	stop "$pid"
	[ "$(grep -c '^joined 2 ' server.out)" -eq 20 ]
	[ "$(grep -c '^deliver_sm_resp 0$' server.out)" -eq 40 ]
}

@test "latency is what tshark finds in the trace" {
	command -v tshark >/dev/null || skip "no tshark"
	run -0 --separate-stderr smpp load "127.0.0.1:$port" -s ACME -d 1 \
		-m x -R 200 -C 100 --window 100 --trace t.pcap -j
	tshark -r t.pcap -d tcp.port==2775,smpp -T fields \
		-e frame.time_epoch -e smpp.command_id \
		-e smpp.sequence_number 2>/dev/null >packets.txt
	# Service times, in ms; the median of both, which are a thread apart.
	awk '$2 == "0x00000004" { sent[$3] = $1 }
		$2 == "0x80000004" { print ($1 - sent[$3]) * 1000 }' packets.txt |
		sort -n >ms.txt
	[ "$(wc -l <ms.txt)" -eq 100 ]
	jq -e --argjson p50 "$(sed -n 50p ms.txt)" \
		'.service_ms.p50 - $p50 | fabs < 2' <<<"$output"
}
