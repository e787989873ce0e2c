#!/usr/bin/env bats
# smpp send with many messages, against npm's smpp.

load ../helper

setup() {
	smpp_setup
	export NODE_SMPP=$B/node_modules/smpp
	[ -d "$NODE_SMPP" ] || skip "no smpp from npm"
	mkfifo ready
	start server node "$root/t/interop/peer.js" serve ready
	read -r port <ready
	awk 'BEGIN { for (i = 1; i <= 300; i++)
		printf("{\"destination_addr\":\"%d\",\"text\":\"n %d\"}\n",
			i, i) }' >b
}

# The addresses that the server got, each once.
got() {
	awk '$1 == "submit_sm" { print $3 }' server.out | sort -n | uniq
}

@test "a batch arrives, in order, with all receipts" {
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--window 50 -W 20s --tsv outcome
	[ "$(sort <<<"$output" | uniq -c | xargs)" = \
		"300 accepted 300 delivered" ]
	[[ $stderr == *"300 accepted, 0 refused, 0 unknown, 0 unsent, 300 delivered"* ]]
	diff <(seq 300) <(awk '$1 == "submit_sm" { print $3 }' server.out)
}

@test "killed again and again, nothing is lost" {
	for ((i = 0; i < 6; i++)); do
		perl "$root/t/killed.pl" $((RANDOM % 100 + 20)) smpp send \
			"127.0.0.1:$port" -s A --batch b --journal j -R 1000 \
			>/dev/null 2>&1 || true
	done
	run -0 --separate-stderr smpp send "127.0.0.1:$port" -s A --batch b \
		--journal j
	[[ $stderr == *"== 300 messages: 300 accepted, "* ]]
	[ "$(got | wc -l)" -eq 300 ]
	# 10 of each run at most went twice.
	[ "$(grep -c '^submit_sm' server.out)" -le 360 ]
}
