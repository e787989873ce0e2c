#!/usr/bin/env bats
# What --trace writes, read by tshark, which was not written here.

load ../helper

# dissect FILE FIELD...: what tshark reads, a packet a line.
dissect() {
	local file=$1 fields=()
	shift
	for f; do fields+=(-e "$f"); done
	tshark -r "$file" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE \
		-T fields "${fields[@]}" 2>/dev/null
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
