# t/pdu/VERSION/STEM.hex prints as STEM.txt and STEM.json; t/bad/STEM.hex has
# the errors and warnings of STEM.err. A new stem is a new test: make regen
# writes what is printed now, for review.
load helper

failed=0

# expect FILE COMMAND...: COMMAND prints what FILE holds.
expect() {
	local file=$1
	shift
	"$@" >got 2>/dev/null || true
	if [ -n "${REGEN:-}" ]; then
		cp got "$file"
	else
		diff -u "$file" got || failed=1
	fi
}

version_of() {
	basename "$(dirname "$1")"
}

@test "PDUs print as text" {
	for hex in "$root"/t/pdu/*/*.hex; do
		expect "${hex%.hex}.txt" smpp decode-hex \
			--smpp-version "$(version_of "$hex")" -f "$hex"
	done
	[ $failed -eq 0 ]
}

@test "PDUs print as JSON" {
	for hex in "$root"/t/pdu/*/*.hex; do
		expect "${hex%.hex}.json" smpp decode-hex -j \
			--smpp-version "$(version_of "$hex")" -f "$hex"
	done
	[ $failed -eq 0 ]
}

@test "PDUs come back from their JSON, octet for octet" {
	files=()
	for hex in "$root"/t/pdu/*/*.hex; do
		files+=(-f "$hex")
		tr -d '\n' <"$hex"
		echo
	done >want
	smpp decode-hex -j --show-secrets "${files[@]}" >json
	smpp decode-hex -j --raw --show-secrets -f json | jq -r .hex >got
	diff want got
}

# errors_of FILE: level, kind, field, offset and end of each issue.
errors_of() {
	smpp decode-hex -j -f "$1" 2>/dev/null | jq -r '
		(.errors[]? | ["error", .kind, .field, .offset, .end]),
		(.warnings[]? | ["warning", .kind, .field, .offset, .end])
		| join(" ")'
}

@test "what is wrong with bad PDUs" {
	for hex in "$root"/t/bad/*.hex; do
		expect "${hex%.hex}.err" errors_of "$hex"
	done
	[ $failed -eq 0 ]
}
