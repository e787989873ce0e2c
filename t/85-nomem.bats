# Out of memory at every single allocation: a clean end, never a crash.
load helper

setup() {
	smpp_setup
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers allocate themselves"
}

# sweep COMMAND...: runs it with the first allocation failing, then the second,
# and so on until none fails. It may do without (stdio does), or exit 10.
sweep() {
	local n rc
	for ((n = 1; n < 2000; n++)); do
		rc=0
		timeout "$WAIT" env FAIL_AT="$n" \
			LD_PRELOAD="$B/t/nomem/failmalloc.so" "$@" \
			>out 2>err </dev/null || rc=$?
		grep -q failmalloc err || return 0
		case $rc in
		0 | 10) ;;
		*)
			echo "allocation $n: status $rc: $*"
			cat err
			return 1
			;;
		esac
	done
	echo "still failing at allocation $n: $*"
	return 1
}

@test "help and --list without memory" {
	sweep smpp --list
	sweep smpp help
	sweep smpp --help
}
