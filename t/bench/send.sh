#!/usr/bin/env bash
# smpp send --batch with a window of 100, messages a second, beside npm's smpp
# at the same job, against the same SMSC. Lines of JSON are read and results
# are written, which the other does not do.
set -eu

B=${B:-build}
COUNT=100000
dir=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; rm -r "$dir"' EXIT

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/common.bash"

awk -v n=$COUNT 'BEGIN {
	for (i = 0; i < n; i++)
		printf("{\"destination_addr\":\"49170%07d\"," \
			"\"text\":\"Hello %d\"}\n", i, i)
}' >"$dir/batch"

mkfifo "$dir/port"
"$B/smpp" smsc -q -L 127.0.0.1:0 --ready-fd 3 --receipt none \
	3>"$dir/port" 2>/dev/null &
pid=$!
read -r port <"$dir/port"
port=${port##*:}

# rate NAME OPTION...: sets took.
rate() {
	local name=$1
	shift
	took=$(best 5 "$B/smpp" send "smpp://acme@127.0.0.1:$port" -s ACME \
		--batch "$dir/batch" --window 100 "$@")
	report "$name" "thousand/s" 5 "" "$COUNT / $took / 1000"
}

rate "send --batch" -q
plain=$took
rate "send --batch -j" -j
rm -f "$dir/journal"
took=$(best 1 "$B/smpp" send "smpp://acme@127.0.0.1:$port" -s ACME -q \
	--batch "$dir/batch" --window 100 --journal "$dir/journal")
report "send --batch --journal" "thousand/s" 1 "" "$COUNT / $took / 1000"

NODE_SMPP=$(cd "$B" && pwd)/node_modules/smpp
export NODE_SMPP
if [ -d "$NODE_SMPP" ] && command -v node >/dev/null; then
	took=$(best 1 node "${0%/*}/send_npm.js" "$port" "$COUNT" 100)
	report "npm smpp, the same" "thousand/s" 1 "" "$COUNT / $took / 1000"
	report "send --batch / npm smpp" times 1 "> 1" "$took / $plain"
fi
