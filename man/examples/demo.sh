#!/bin/sh
# A message goes out to an SMSC and its receipt comes back, on this machine.
# Run by make demo; needs smpp on PATH.
set -eu

dir=$(mktemp -d)
smsc=
finish() {
	if [ -n "$smsc" ]; then
		kill "$smsc"
		wait "$smsc" 2>/dev/null || true
	fi
	rm -r "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Shows a command, the words that need it in quotes, then runs it.
run() {
	printf '\n$'
	for word; do
		case $word in
		*[!A-Za-z0-9_./:@+-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
	"$@"
}

# The octets of the first such PDU in the log of the SMSC.
hex_of() {
	sed -n "s/.*\"command_id_name\":\"$1\".*\"hex\":\"\([0-9a-f]*\)\".*/\1/p" \
		"$dir/log" | head -n 1
}

# An SMSC that accepts any login, on a free port, which it tells when ready.
mkfifo "$dir/ready"
printf '$ smpp smsc -L 127.0.0.1:0 --ready-fd 3 -j --raw >log &\n'
smpp smsc -L 127.0.0.1:0 --ready-fd 3 -j --raw 3>"$dir/ready" >"$dir/log" &
smsc=$!
read -r port <"$dir/ready"
port=${port##*:}

run smpp send "smpp://demo@127.0.0.1:$port" -s ACME -d +491701234567 \
	-m 'Hello, world' -W 10s
printf '\nWhat went out, octet by octet:\n'
run smpp decode-hex "$(hex_of submit_sm)"
printf '\nThe receipt that came back:\n'
run smpp decode-hex "$(hex_of deliver_sm)"
printf '\nAnd as JSON, for scripts:\n'
run smpp decode-hex -j "$(hex_of submit_sm)"
