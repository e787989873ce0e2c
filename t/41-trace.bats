#!/usr/bin/env bats
# --trace: the session as a pcap file.

load helper

@test "the file is pcap, and the owner's alone" {
	start_smsc
	smpp send "127.0.0.1:$port" -d 1 -m x -q --trace x.pcap
	[ "$(od -An -tx1 -N4 x.pcap | tr -d ' ')" = d4c3b2a1 ] ||
		[ "$(od -An -tx1 -N4 x.pcap | tr -d ' ')" = a1b2c3d4 ]
	[ "$(stat -c %a x.pcap)" = 600 ]
	# six PDUs, three packets to begin with and three to end
	[ "$(stat -c %s x.pcap)" -gt $((24 + 12 * 56)) ]
}

@test "passwords are masked, unless asked for" {
	start_smsc
	export SMPP_PASSWORD=secret
	smpp send "127.0.0.1:$port" -d 1 -m x -q --trace x.pcap
	run ! grep -q secret x.pcap
	grep -q '\*\*\*\*\*\*' x.pcap
	smpp send "127.0.0.1:$port" -d 1 -m x -q --trace x.pcap --show-secrets
	grep -q secret x.pcap
}

@test "a file that cannot be written" {
	start_smsc
	run -9 --separate-stderr smpp send "127.0.0.1:$port" -d 1 -m x -q \
		--trace /nonexistent/x
	[[ $stderr == *"--trace: /nonexistent/x: No such file or directory" ]]
	run -9 --separate-stderr smpp send "127.0.0.1:$port" -d 1 -m x -q \
		--trace /dev/full
	[[ $stderr == *"/dev/full: No space left on device" ]]
}
