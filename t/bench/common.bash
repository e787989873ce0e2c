# What the benchmarks that are scripts share; $dir is a folder of their own.
# shellcheck shell=bash disable=SC2154

# best N COMMAND...: the shortest of N runs, in seconds.
best() {
	local n=$1 i
	shift
	TIMEFORMAT=%R
	for ((i = 0; i < n; i++)); do
		{ time "$@" >/dev/null 2>"$dir/err" </dev/null; } 2>>"$dir/times" || {
			cat "$dir/err" >&2
			return 1
		}
	done
	sort -n "$dir/times" | head -n 1
	rm "$dir/times"
}

# report BENCH UNIT BEST_OF TARGET AWK-EXPRESSION
report() {
	awk -v bench="$1" -v unit="$2" -v best="$3" -v target="$4" "BEGIN {
		printf \"{\\\"bench\\\":\\\"%s\\\",\\\"unit\\\":\\\"%s\\\",\", bench, unit
		printf \"\\\"value\\\":%.4g,\\\"best_of\\\":%d\", $5, best
		if (target != \"\")
			printf \",\\\"target\\\":\\\"%s\\\"\", target
		print \"}\"
	}"
}
