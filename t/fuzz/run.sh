#!/usr/bin/env bash
# run.sh BUILD DICTIONARY SECONDS: libFuzzer over each target of BUILD. New
# inputs stay in the build; one that breaks a target goes to t/fuzz/crash,
# where make check replays it from then on.
set -eu

build=$1 dictionary=$2 seconds=$3

for target in "$build"/t/fuzz/fuzz_*[!.]?; do
	[ "${target%.[od]}" = "$target" ] || continue
	name=${target##*/fuzz_}
	crash=t/fuzz/crash/$name
	found=$build/corpus/$name
	mkdir -p "$crash" "$found"
	seeds=("$crash")
	[ ! -d "t/fuzz/corpus/$name" ] || seeds+=("t/fuzz/corpus/$name")
	rc=0
	"$target" -max_total_time="$seconds" -timeout=5 -max_len=4096 \
		-dict="$dictionary" -artifact_prefix="$crash/" \
		-print_final_stats=1 "$found" "${seeds[@]}" \
		2>"$found.log" || rc=$?
	rmdir "$crash" t/fuzz/crash 2>/dev/null || true
	if [ $rc -ne 0 ]; then
		tail -n 40 "$found.log"
		exit 1
	fi
	awk -v name="$name" '
		/number_of_executed_units/ { runs = $2 }
		/ cov: / { cover = $0; sub(/.* cov: /, "", cover)
			sub(/ .*/, "", cover) }
		END { printf "%s: %d runs, %d edges, no failure\n", name, runs,
			cover }' "$found.log"
done
