#!/usr/bin/env bats
# TLS: openssl s_server in front of a scripted SMSC.

load helper

# certs: ca.pem signs good.pem (localhost, 127.0.0.1), other.pem, old.pem;
# self.pem signs itself.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	exec 2>openssl.log
	new=(openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
	"${new[@]}" -x509 -days 9 -keyout ca.key -out ca.pem -subj /CN=ca
	"${new[@]}" -x509 -days 9 -keyout self.key -out self.crt \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost
	cat self.crt self.key >self.pem
	sign good subjectAltName=DNS:localhost,IP:127.0.0.1 -days 9
	sign other subjectAltName=DNS:other.example -days 9
	sign old subjectAltName=DNS:localhost -days -1
}

# sign NAME EXTENSION OPTION...
sign() {
	local name=$1 ext=$2
	shift 2
	"${new[@]}" -keyout "$name.key" -out "$name.csr" -subj "/CN=$name"
	openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -out \
		"$name.crt" -extfile <(echo "$ext") "$@"
	cat "$name.crt" "$name.key" >"$name.pem"
}

# server CERT [OPTION...] -- STEP...: a TLS server on $port.
server() {
	local cert=$1 hex options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
		LocalAddr => "127.0.0.1:0", Listen => 1)->sockport')
	rm -f to
	mkfifo to
	# shellcheck disable=SC2016
	start tls bash -c 'exec openssl s_server -quiet -accept "$@" \
		> >(exec perl "$0" stdio peer.out '"$*"' >to) <to' \
		"$root/t/peer.pl" "127.0.0.1:$port" -cert \
		"$BATS_FILE_TMPDIR/$cert.pem" "${options[@]}"
	hex=$(printf ':%04X$' "$port")
	# shellcheck disable=SC2016
	timeout "$WAIT" awk -v hex="$hex" 'BEGIN {
		for (;;) {
			while ((getline <"/proc/net/tcp") > 0)
				if ($2 ~ hex && $4 == "0A")
					exit
			close("/proc/net/tcp")
		}
	}'
}

send() {
	local host=$1
	shift
	run --separate-stderr smpp send "smpps://acme@$host:$port" -s A -d 1 \
		-m Hello --cacert "$BATS_FILE_TMPDIR/ca.pem" \
		--connect-timeout 9s --response-timeout 9s "$@"
}

@test "a message over TLS" {
	server good -- bind ok serve
	send localhost -v
	[ "$status" -eq 0 ]
	[[ $output == "1  accepted  77  "* ]]
	[[ $stderr == *"== connected to 127.0.0.1:$port, TLSv1.3, TLS_"* ]]
	server good -- bind ok serve
	send 127.0.0.1
	[ "$status" -eq 0 ]
	server good -tls1_2 -- bind ok serve
	send localhost -v
	[[ $stderr == *", TLSv1.2, "* ]]
}

@test "what passed under TLS, as -vvv shows it" {
	server good -- bind ok serve
	SMPP_PASSWORD=s3cret send localhost -vvv
	[ "$status" -eq 0 ]
	[[ $stderr == *$'\n'"  short_message "*'"Hello"'$'\n'* ]]
	[[ $stderr == *2a2a2a2a2a2a* ]]
	run ! grep -E 's3cret|733363726574' <<<"$stderr"
}

@test "many PDUs in one record, one PDU in many" {
	server good -- bind ok ok ok serve
	send localhost -d 2 -d 3
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	server good -- drip drip serve
	send localhost
	[ "$status" -eq 0 ]
}

@test "certificates that are not to be trusted: exit 4" {
	server self -- bind ok serve
	send localhost
	[ "$status" -eq 4 ]
	[[ $stderr == "smpp send: localhost:$port: TLS handshake: self"*"
  hint: --cacert FILE says whom to trust; -k trusts anybody" ]]
	server other -- bind ok serve
	send localhost
	[ "$status" -eq 4 ]
	[[ $stderr == *"ostname mismatch"* ]]
	server other -- bind ok serve
	send localhost --sni other.example
	[ "$status" -eq 0 ]
	server old -- bind ok serve
	send localhost
	[ "$status" -eq 4 ]
	[[ $stderr == *"certificate has expired"* ]]
}

@test "-k takes any certificate and says so" {
	server self -- bind ok serve
	send localhost -k
	[ "$status" -eq 0 ]
	[[ $stderr == *"the certificate is not verified (-k)"* ]]
}

@test "a client certificate" {
	server good -Verify 1 -CAfile "$BATS_FILE_TMPDIR/ca.pem" -- bind ok serve
	send localhost --cert "$BATS_FILE_TMPDIR/good.pem"
	[ "$status" -eq 0 ]
	server good -Verify 1 -CAfile "$BATS_FILE_TMPDIR/ca.pem" -- bind ok serve
	send localhost
	[ "$status" -eq 4 ] || [ "$status" -eq 7 ]
	[[ $stderr == *"certificate required"* ]]
}

@test "files of ours that are not what they should be: exit 2, and why" {
	local text
	server good -- bind ok serve
	while IFS=$'\t' read -r text options; do
		read -r -a options <<<"$options"
		send localhost "${options[@]}"
		[ "$status" -eq 2 ]
		# shellcheck disable=SC2053 # a pattern
		[[ $stderr == $text ]]
	done <<-END
	smpp send: /nonexistent: No such file or directory	--cacert /nonexistent
	smpp send: /nonexistent: No such file or directory	--cert /nonexistent
	smpp send: /etc/passwd: no certificate or crl found	--cacert /etc/passwd
	smpp send: */good.crt: no private key that fits	--cert $BATS_FILE_TMPDIR/good.crt
	smpp send: */self.key: no private key that fits	--cert \
		$BATS_FILE_TMPDIR/good.crt --key $BATS_FILE_TMPDIR/self.key
	END
}

@test "TLS below 1.2 is refused" {
	server good -tls1_1 -cipher DEFAULT@SECLEVEL=0 -- bind ok serve
	send localhost
	[ "$status" -eq 4 ]
	[[ $stderr == *"TLS handshake: "* ]]
}

@test "TLS here and none there, and the reverse" {
	start_smsc
	send 127.0.0.1
	[ "$status" -eq 4 ]
	[[ $stderr == *"the peer does not speak TLS"* ]]
	server good -- bind ok serve
	run -7 --separate-stderr smpp send "127.0.0.1:$port" -d 1 -m x \
		--response-timeout 2s
	[[ $stderr == *"hint: a port of TLS may do so, too: then --tls helps" ]]
	start_peer hex=15030300020250 drain
	run -7 --separate-stderr smpp send "127.0.0.1:$port" -d 1 -m x
	[[ $stderr == *"this looks like a TLS alert"* ]]
	[[ $stderr == *"hint: --tls, or smpps:// in place of smpp://" ]]
}

@test "a handshake that goes nowhere" {
	start_peer drain
	send 127.0.0.1 --connect-timeout 200ms
	[ "$status" -eq 4 ]
	[[ $stderr == *"no TLS handshake within 200ms" ]]
	start_peer sleep=0.05 close
	send 127.0.0.1
	[ "$status" -eq 4 ]
	start_peer hex=485454502f312e3120343030 drain
	send 127.0.0.1
	[ "$status" -eq 4 ]
}

@test "messages over TLS, one record for many of them" {
	server good -- bind burst=50 serve
	run -0 --separate-stderr timeout "$WAIT" smpp listen \
		"smpps://acme@localhost:$port" -C 50 -F '%{text}\n' \
		--cacert "$BATS_FILE_TMPDIR/ca.pem"
	[ "${#lines[@]}" -eq 50 ]
	[ "${lines[49]}" = "no 50" ]
	[[ $stderr == "== bound rx to 'peer'"* ]]
	server good -- bind mo=1,Hello close
	run -7 --separate-stderr timeout "$WAIT" smpp listen \
		"smpps://acme@localhost:$port" \
		--cacert "$BATS_FILE_TMPDIR/ca.pem"
	[[ $output == *'"Hello"' ]]
	[[ $stderr == *"connection to 127.0.0.1:$port lost: the peer closed"* ]]
}

@test "a TLS connection lost" {
	server good -- bind read close
	send localhost
	[ "$status" -eq 3 ]
	[[ $stderr == *"the peer closed the connection"* ]]
}

@test "defaults and mistakes" {
	run -0 --separate-stderr smpp send smpps://localhost -d 1 -m x -n
	[[ $stderr == *"== port             3550  (built-in)"* ]]
	run -2 smpp send localhost -k -d 1 -m x
	run -2 smpp send localhost --tls --key x -d 1 -m x
	run -4 --separate-stderr smpp send smpps://127.0.0.1 -d 1 -m x
	[[ $stderr == *"hint: 3550 is the port of smpps by default"* ]]
}

@test "bind-test says the version and watches the certificate" {
	local bad
	probe() {
		server good -- bind ok serve
		run --separate-stderr smpp bind-test \
			"smpps://acme@localhost:$port" \
			--cacert "$BATS_FILE_TMPDIR/ca.pem" "$@"
		echo "exit $status: $output $stderr"
	}
	probe --cert-days 8,2
	[ "$status" -eq 0 ]
	[[ $output == *"  tls TLSv1.3" ]]
	probe --cert-days 30
	[ "$status" -eq 1 ]
	[[ $output == "warning  trx to 'peer'"* ]]
	[[ $stderr == *"the certificate expires in 9.0 days: warning is"* ]]
	probe --cert-days 30,10 --nagios
	[ "$status" -eq 2 ]
	[[ $output == "SMPP CRITICAL - bound trx"*\
", the certificate expires in 9.0 days | "*" cert_days=9.0;30:;10:" ]]
	probe -j
	jq -e '.ok and .tls=="TLSv1.3" and .cert_days>8' <<<"$output"
	probe --prometheus
	grep -q '^smpp_bind_cert_expiry_seconds.* 77[0-9][0-9][0-9][0-9]$' \
		<<<"$output"
	for bad in '' x '1,' ',1' '1,2,3' -1 1.5; do
		run -2 --separate-stderr smpp bind-test h --cert-days="$bad"
		[[ $stderr == *"--cert-days: '$bad' is not DAYS[,DAYS]" ]]
	done
}

@test "repl: PDUs that are decrypted already do not wait for more" {
	server good -- bind burst=200 serve
	run --separate-stderr timeout "$WAIT" smpp repl \
		"smpps://localhost:$port" -F '%{dir} %{sequence_number}\n' \
		--cacert "$BATS_FILE_TMPDIR/ca.pem" \
		< <(echo '\wait 15s sequence_number==299')
	[ "$status" -eq 0 ]
	[[ $output == *'in 100'*'in 299'* ]]
}
