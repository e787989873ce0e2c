# The programs of t/unit print TAP; each must exit 0 with its plan fulfilled.
load helper

# tap_run PROGRAM: runs it, and shows what it printed only if something failed.
tap_run() {
	local out rc=0 plan count
	out=$(cd "$root" && timeout 120 "$1" 2>&1) || rc=$?
	plan=$(sed -n 's/^1\.\.//p' <<<"$out")
	count=$(grep -c -E '^(not )?ok ' <<<"$out") || true
	if [ "$rc" -eq 0 ] && [ "$plan" = "$count" ]; then
		return 0
	fi
	echo "$1: status $rc, planned ${plan:-nothing}, ran $count"
	grep -v '^ok ' <<<"$out"
	return 1
}

@test "unit test programs" {
	local program failed=0
	for program in "$root"/t/unit/*.c; do
		program=$B/t/unit/$(basename "$program" .c)
		tap_run "$program" || failed=1
	done
	[ "$failed" -eq 0 ]
}
