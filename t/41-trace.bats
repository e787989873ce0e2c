#!/usr/bin/env bats
# --trace: the session as a pcap file.

load helper

# dissect FILE FIELD...: what tshark reads, a packet a line.
dissect() {
	local file=$1 fields=()
	shift
	command -v tshark >/dev/null || skip "no tshark"
	for f; do fields+=(-e "$f"); done
	tshark -r "$file" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
		-T fields "${fields[@]}" 2>/dev/null
}

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

@test "tshark reads it as SMPP, with nothing malformed" {
	start_smsc --receipt DELIVRD:0
	smpp send "127.0.0.1:$port" -d 1 -m x -q -W 5s --trace x.pcap
	dissect x.pcap smpp.command_id | sed '/^$/d' | sort >ids
	diff - ids <<-'END'
	0x00000004
	0x00000005
	0x00000006
	0x00000009
	0x80000004
	0x80000005
	0x80000006
	0x80000009
	END
	[ -z "$(dissect x.pcap _ws.malformed tcp.analysis.flags | tr -d '\t\n')" ]
	[ "$(dissect x.pcap ip.checksum.status tcp.checksum.status | sort -u)" \
		= $'1\t1' ]
}

@test "a PDU larger than a packet" {
	start_smsc
	smpp send "127.0.0.1:$port" -d 1 -x "$(printf '%0120000d' 0)" \
		--split payload -q --trace x.pcap
	[ "$(stat -c %s x.pcap)" -gt 60000 ]
	[ "$(dissect x.pcap smpp.command_id | grep -c 0x00000004)" = 1 ]
	[ -z "$(dissect x.pcap _ws.malformed tcp.analysis.flags | tr -d '\t\n')" ]
}

@test "all connections of listen are in one file" {
	start_peer bind close
	run -7 smpp listen "127.0.0.1:$port" -q --trace x.pcap
	[ "$(dissect x.pcap smpp.command_id | sed '/^$/d' | xargs)" = \
		"0x00000001 0x80000001" ]
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
