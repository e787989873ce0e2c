#!/bin/sh
# deps.sh build|check|fuzz|interop...: installs with apt what these need and
# what is missing. It looks for the thing itself, not for a package: a command
# or library that came from elsewhere is as good. Nothing missing, no network.
set -eu

missing=

# want PACKAGE PROBE...: PACKAGE is missing if PROBE fails.
want() {
	package=$1
	shift
	"$@" </dev/null >/dev/null 2>&1 || missing="$missing $package"
}

has() {
	command -v "$1"
}

# compiles HEADER: whether a program that includes HEADER builds.
compiles() {
	dir=$(mktemp -d)
	printf '#include <%s>\nint main(void) { return 0; }\n' "$1" \
		>"$dir/a.c"
	rc=0
	"${CC:-cc}" -o "$dir/a" "$dir/a.c" || rc=$?
	rm -r "$dir"
	return $rc
}

gnu_parallel() {
	parallel --version | grep 'GNU parallel'
}

fuzzer_links() {
	dir=$(mktemp -d)
	echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' >"$dir/a.c"
	rc=0
	clang -fsanitize=fuzzer,address -o "$dir/a" "$dir/a.c" || rc=$?
	rm -r "$dir"
	return $rc
}

for what; do
	case $what in
	build)
		want gcc has "${CC:-cc}"
		want libc6-dev compiles stdio.h
		want pkg-config has pkg-config
		want libjansson-dev pkg-config --exists jansson
		want libinih-dev pkg-config --exists inih
		want libssl-dev pkg-config --exists libssl
		want libreadline-dev pkg-config --exists readline
		want libcsv-dev compiles csv.h
		;;
	check)
		want bats has bats
		want g++ has "${CXX:-g++}"
		want python3 has python3
		want parallel gnu_parallel
		want jq has jq
		want expect has expect
		want openssl has openssl
		want expect has expect
		want libnet-smpp-perl perl -MNet::SMPP -e 1
		want shellcheck has shellcheck
		want mandoc has mandoc
		want cppcheck has cppcheck
		;;
	fuzz)
		want clang has clang
		want libclang-rt-dev fuzzer_links
		;;
	interop)
		want nodejs has node
		want npm has npm
		want tshark has tshark
		;;
	*)
		echo "deps.sh: nothing known about '$what'" >&2
		exit 2
		;;
	esac
done

[ -n "$missing" ] || exit 0
if ! has apt-get >/dev/null; then
	echo "deps.sh: missing:$missing (Debian's names; README.md," \
		"Install, has those of other systems)" >&2
	exit 1
fi
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "installing:$missing" >&2
$sudo apt-get update -q
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
	--no-install-recommends $missing
