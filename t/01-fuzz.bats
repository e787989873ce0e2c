# Every fuzz target over its corpus and over what once broke it.
load helper

@test "fuzz targets replay their corpora" {
	local target name dirs failed=0
	for target in "$root"/t/fuzz/fuzz_*.c; do
		[ -e "$target" ] || skip "no targets"
		name=$(basename "$target" .c)
		dirs=()
		for dir in "$root"/t/fuzz/{corpus,crash}/"${name#fuzz_}"; do
			[ ! -d "$dir" ] || dirs+=("$dir")
		done
		timeout 120 "$B/t/fuzz/$name" "${dirs[@]}" >"$name.log" 2>&1 || {
			echo "$name: status $?"
			tail -n 40 "$name.log"
			failed=1
		}
	done
	[ "$failed" -eq 0 ]
}
