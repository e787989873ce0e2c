#!/usr/bin/env bats
# smpp smsc: who may bind and how much may be sent; TLS; where it listens.

load helper

# try SYSTEM_ID PASSWORD [OPTION...]: a bind-test; prints the status refused
# with, or ok.
try() {
	local id=$1 password=$2
	shift 2
	SMPP_PASSWORD=$password smpp bind-test "smpp://$id@127.0.0.1:$port" \
		-j "$@" 2>/dev/null | jq -r '.command_status_name // "ok"'
}

@test "--user lets nobody else in" {
	echo secret >password
	chmod 600 password
	start_smsc --user acme --user other --password-file password \
		--login-delay 0
	[ "$(try acme secret)" = ok ]
	[ "$(try other secret)" = ok ]
	[ "$(try acme wrong)" = ESME_RINVPASWD ]
	[ "$(try acme secre)" = ESME_RINVPASWD ]
	[ "$(try acme '')" = ESME_RINVPASWD ]
	[ "$(try nobody secret)" = ESME_RINVPASWD ]
	grep -q '^== bind of acme from .*refused: ESME_RINVPASWD' smsc.err
	grep -q 'listening on .*, accepting the accounts it was given' smsc.err
	run ! grep secret smsc.err smsc.out
	chmod 644 password
	run -2 smpp smsc -L :0 --user acme --password-file password
	run -2 smpp smsc -L :0 --password-file password
	run -2 smpp smsc -L :0 --user 1234567890123456
	# without any password one will do
	start_smsc --user acme
	[ "$(try acme anything)" = ok ]
}

@test "HUP reads the accounts again, if they are good" {
	printf '[%s]\npassword = x\n' acme gone >accounts
	chmod 600 accounts
	start_smsc --accounts accounts --login-delay 0
	[ "$(try gone x)" = ok ]
	printf '[%s]\npassword = y\n' acme new >accounts
	kill -HUP "$pid"
	wait_line smsc.err '^== reloaded the accounts, sessions kept'
	[ "$(try acme y)" = ok ]
	[ "$(try acme x)" = ESME_RINVPASWD ]
	[ "$(try new y)" = ok ]
	[ "$(try gone x)" = ESME_RINVPASWD ]
	printf '[acme]\nnonsense = y\n' >accounts
	kill -HUP "$pid"
	wait_line smsc.err '^== the accounts stay as they were'
	grep -q "accounts:2: 'nonsense' is none of" smsc.err
	[ "$(try new y)" = ok ]
	# without files it is heard, and nothing ends
	start_smsc
	kill -HUP "$pid"
	[ "$(try anybody x)" = ok ]
}

@test "a wrong password is answered late" {
	echo secret >password
	chmod 600 password
	start_smsc --user acme --password-file password --login-delay 700ms
	SECONDS=0
	begin=$(date +%s%N)
	[ "$(try acme wrong)" = ESME_RINVPASWD ]
	[ $((($(date +%s%N) - begin) / 1000000)) -ge 700 ]
}

@test "accounts of a file" {
	cat >accounts <<-'END'
	# comments are fine
	[acme]
	password = secret
	modes = tx, rx
	max-binds = 1
	[far]
	from = 192.0.2.0/24, 2001:db8::/32
	[near]
	from = 192.0.2.0/24 127.0.0.0/8
	END
	chmod 600 accounts
	start_smsc --accounts accounts --login-delay 0
	[ "$(try acme secret -b tx)" = ok ]
	[ "$(try acme secret -b trx)" = ESME_RBINDFAIL ]
	[ "$(try far '' -b tx)" = ESME_RBINDFAIL ]
	[ "$(try near '' -b tx)" = ok ]
	[ "$(try else '' -b tx)" = ESME_RINVPASWD ]
	start rx env SMPP_PASSWORD=secret smpp listen \
		"smpp://acme@127.0.0.1:$port"
	wait_line smsc.out bind_receiver
	[ "$(try acme secret -b tx)" = ESME_RALYBND ]
}

@test "a file of accounts that is no good" {
	bad() {
		printf '%s\n' "$1" >accounts
		chmod 600 accounts
		run -2 --separate-stderr smpp smsc -L :0 --accounts accounts
		[[ $stderr == "smpp smsc: accounts:$2"* ]]
	}
	bad $'[a]\nspeed = 1' "2: 'speed' is none of password, modes, "
	bad $'[a]\nmodes = up' "2: modes: 'up' is not a list of tx, rx, trx"
	bad $'[a]\nfrom = 1.2.3.4/33' "2: from: '1.2.3.4/33' is not a range"
	bad $'[a]\nrate = fast' "2: rate: 'fast' is not a rate"
	bad $'[a]\nwindow = x' "2: window: 'x' is not a number"
	bad $'[1234567890123456]\nrate = 1' "1: a section is a system_id of"
	bad $'password = x' "1: a section is a system_id of"
	bad 'nonsense' "1: neither [name] nor key = value"
	chmod 644 accounts
	run -2 smpp smsc -L :0 --accounts accounts
	run -2 smpp smsc -L :0 --accounts missing
}

@test "rates and windows of accounts" {
	printf '[fast]\nrate = 1/m\nburst = 3\n[full]\nwindow = 4\n' >accounts
	chmod 600 accounts
	start_smsc --accounts accounts
	run -1 smpp send "smpp://fast@127.0.0.1:$port" -s A -d 1 -d 2 -d 3 \
		-d 4 -d 5 -m x -q --tsv outcome,command_status_name || true
	[ "$(grep -c accepted <<<"$output")" -eq 3 ]
	[[ $output == *ESME_RTHROTTLED* ]]
	run -0 smpp request "smpp://fast@127.0.0.1:$port" --smpp-version 5.0 \
		enquire_link
	# ten at once, in one piece: six are too many
	submit=0000002300000004000000000000000200000041000000310000000000000000000000
	many=
	for _ in {1..10}; do many+=$submit; done
	perl "$root/t/peer.pl" connect "$port" \
		hex=0000001b00000002000000000000000166756c6c000000340000 \
		hex="00$many" read read read read read read read read read \
		read read >got
	[ "$(grep -c '8000000400000014' got)" -eq 6 ]
	[ "$(grep -c '8000000400000000' got)" -eq 4 ]
}

@test "TLS, beside plain TCP, with certificates of clients" {
	certificate() {
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -days 1 -subj "/CN=$1" -addext \
			"subjectAltName=IP:127.0.0.1" -keyout "$1.key" \
			-out "$1.pem" 2>/dev/null
	}
	certificate server
	certificate client
	mkfifo ready
	start smsc ready_on ready smpp smsc -L smpp://127.0.0.1:0 \
		-L smpps://127.0.0.1:0 --ready-fd 9 --tls-cert server.pem \
		--tls-key server.key --rule 'destination_addr==2 -> rst'
	{ read -r plain; read -r tls; } <ready
	smpp bind-test "smpp://a@$plain" -q
	run -0 smpp bind-test "smpps://a@$tls" --cacert server.pem
	[[ $output == *"tls TLSv1."* ]]
	text=$(printf 'x%.0s' {1..30000})
	smpp send "smpps://a@$tls" --cacert server.pem -d 1 -q \
		--split payload -m "$text"
	# a reset is none if TLS says goodbye before
	run -3 --separate-stderr smpp send "smpps://a@$tls" \
		--cacert server.pem -d 2 -m x
	[[ $stderr == *'the peer reset the connection'* ]]
	run -4 smpp bind-test "smpps://a@$plain" --cacert server.pem
	run smpp bind-test "smpp://a@$tls" -t 5s
	[ "$status" -ne 0 ]
	smpp bind-test "smpps://a@$tls" --cacert server.pem -q
	grep -q 'listening on .* with TLS' smsc.err
	# one that wants to see certificates; without a scheme it is TLS, too
	start_smsc --tls-cert server.pem --tls-key server.key \
		--tls-ca client.pem
	run smpp bind-test "smpps://a@127.0.0.1:$port" --cacert server.pem \
		-t 5s
	[ "$status" -ne 0 ]
	smpp bind-test "smpps://a@127.0.0.1:$port" --cacert server.pem -q \
		--cert client.pem --key client.key
	run -2 smpp smsc -L smpps://:0
	run -2 smpp smsc -L :0 --tls-key server.key
	run -2 smpp smsc -L :0 --tls-cert server.pem --tls-key client.key
	run -2 smpp smsc -L :0 --tls-cert nothing
}

@test "a port that is taken, and by whom" {
	start_smsc
	run -9 --separate-stderr smpp smsc -L "127.0.0.1:$port"
	[[ $stderr == "smpp smsc: listen on 127.0.0.1:$port: Address "* ]]
	[[ $stderr == *"hint: smpp (pid $pid) listens on port $port" ]]
}

@test "connections without a bind, and slow ones, end" {
	start_smsc --bind-timeout 300ms --enquire-link 100ms
	perl "$root/t/peer.pl" connect "$port" drain >got
	[ "$(<got)" = eof ]
	grep -q 'timeout  no bind' smsc.out
	# a bound one is asked whether it is alive
	perl "$root/t/peer.pl" connect "$port" \
		hex=00000017000000020000000000000001000000340000 hex=00 \
		read wait=00000015 >got
	grep -q 00000010000000150000000000000001 got
}

# shellcheck disable=SC2317 # start runs it
@test "without descriptors those go that have no bind" {
	few() {
		ulimit -n 40
		exec smpp smsc -L 127.0.0.1:0 --ready-fd 9 9>ready
	}
	mkfifo ready
	start smsc few
	read -r port <ready
	port=${port##*:}
	perl -MIO::Socket::INET -e '@s = map { IO::Socket::INET->new(
		"127.0.0.1:$ARGV[0]") } 1 .. 60; sysread $s[0], $_, 1;
		print "gone\n"; $| = 1; <STDIN>' "$port" >idle.out &
	pids+=("$!")
	wait_line idle.out gone
	smpp bind-test "127.0.0.1:$port" -q
}

@test "the last descriptor is a session's, and who comes then waits" {
	few() {
		ulimit -n 20
		exec smpp smsc -L 127.0.0.1:0 --ready-fd 9 9>ready
	}
	mkfifo ready
	start smsc few
	smsc=$pid
	read -r port <ready
	port=${port##*:}
	perl -MIO::Socket::INET -e '$| = 1;
		my ($port, $smsc, $bind) = @ARGV;
		sub come {
			my $s = IO::Socket::INET->new("127.0.0.1:$port");
			syswrite $s, pack "H*", $bind;
			return $s;
		}
		sub taken { return grep { -l "/proc/$smsc/fd/$_" } 0 .. 19 }
		while (taken() < 20) {
			push @s, come();
			sysread $s[-1], $_, 26 or die "not served\n";
		}
		my $late = come();
		<STDIN>;
		close shift @s;
		sysread $late, $_, 26 and print "late\n"' \
		"$port" "$smsc" \
		"000000180000000900000000000000016100000034000000" \
		< <(wait_line smsc.err 'waiting until') >bound.out &
	pids+=("$!")
	wait_line bound.out late
}

@test "--until-eof ends with its parent" {
	mkfifo hold ready
	start smsc true
	exec 4<>hold
	smpp smsc -L 127.0.0.1:0 --ready-fd 9 --until-eof <hold 9>ready 4>&- \
		3>&- >eof.out 2>eof.err &
	pid=$!
	pids+=("$pid")
	read -r port <ready
	port=${port##*:}
	smpp bind-test "127.0.0.1:$port" -q 4>&-
	exec 4>&-
	rc=0
	wait_exit "$pid" || rc=$?
	[ "$rc" -eq 0 ]
	# nothing to read is an end, too
	run -0 smpp smsc -L :0 --until-eof -q </dev/null
}

@test "an ESME that listens is called" {
	start_peer "pdu=9,0,1,6100000034000000" read serve
	start smsc smpp smsc -L :0 --outbind "127.0.0.1:$port"
	wait_line peer.out '^in .*0000000b'
	wait_line smsc.out 'bind_transceiver'
	run -4 smpp smsc -L :0 --outbind 127.0.0.1:1
}

@test "--stats prints records" {
	start_smsc -q --stats -j
	smpp send "smpp://a@127.0.0.1:$port" -d 1 -m x -q
	stop "$pid"
	[ "$(jq -rs 'map(select(.type=="stats"))[-1] |
		[.sessions,.accepted,.refused,.stored,.open] | join(" ")' \
		smsc.out)" = "1 1 0 1 0" ]
	start_smsc -q --stats
	stop "$pid"
	grep -q '^stats  open 0  bound 0  accepted 0 ' smsc.out
}
