# The library as programs of others see it: headers, pages, the shared object.
load helper

# Everything here goes by the installed tree and pkg-config, not by ours.
setup_file() {
	export DEST=$BATS_FILE_TMPDIR
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$root" B="$B" DESTDIR="$DEST" \
		PREFIX=/p install
}

setup() {
	smpp_setup
	export PKG_CONFIG_SYSROOT_DIR=$DEST
	export PKG_CONFIG_PATH=$DEST/p/lib/pkgconfig
	export LD_LIBRARY_PATH=$DEST/p/lib
	c11="${CC:-cc} -x c -std=c11 -pedantic -Wall -Wextra -Werror"
	cxx17="${CXX:-g++} -x c++ -std=c++17 -pedantic -Wall -Wextra -Werror"
}

# headers: the installed ones, as a program includes them.
headers() {
	(cd "$DEST/p/include" && find smpp -name '*.h' | sort)
}

# build SOURCE PROGRAM: with the compiler of its language, as strict as it is.
build() {
	local flags compile=$c11
	[[ $1 == *.cc ]] && compile=$cxx17
	flags=$(pkg-config --cflags --libs smpp)
	# shellcheck disable=SC2086 # flags are words
	$compile ${CFLAGS:-} -o "$2" "$1" -x none $flags
}

@test "every public header stands alone, in C11 and in C++17" {
	local header flags
	flags=$(pkg-config --cflags smpp)
	[ "$(headers | wc -l)" -gt 40 ]
	for header in $(headers); do
		echo "#include <$header>" >one.c
		# shellcheck disable=SC2086 # flags are words
		$c11 -fsyntax-only $flags one.c
		# shellcheck disable=SC2086 # flags are words
		$cxx17 -fsyntax-only $flags one.c
	done
}

@test "headers meet no macro of a program, and leave none but theirs" {
	local flags word
	flags=$(pkg-config --cflags smpp)
	# shellcheck disable=SC2013 # words are meant
	for word in ERR NAME PDU TLV STATUS SET ENUM BITS RANGE TEXT END FIELD \
		STAT WARN ALPHABET STYLE ALIAS ROW OK DATA NONE ANY P; do
		echo "#define $word(x) no good"
	done >macros.c
	cat >>macros.c <<-'E'
		#include <smpp/smpp.h>
		#ifndef ENUM
		#error gone
		#endif
	E
	# shellcheck disable=SC2086 # flags are words
	$c11 -fsyntax-only $flags macros.c

	# shellcheck disable=SC2086 # flags are words
	$c11 -E -dD $flags macros.c | awk '
		/^# [0-9]+ "/ { ours = $3 ~ "/smpp/" }
		ours && /^#(define|undef)/ && $2 !~ /^SMPP_/' >left
	run ! grep . left
}

@test "smpp.h includes all public headers" {
	diff <(headers | sed 's|^smpp/||' | grep -v '^smpp\.h$') \
		<(sed -n 's/^#include "\(.*\)"$/\1/p' "$root/lib/smpp.h" | sort)
}

@test "programs that were built before run on: t/abi/smpp.abi" {
	[[ ${CFLAGS:-} != *-fsanitize* && $(getconf LONG_BIT) = 64 ]] || skip
	perl "$root/t/abi/abi.pl" "$DEST/p/include" \
		"$DEST/p/lib/libsmpp.so" "${CC:-cc}" -std=c11 >smpp.abi
	run ! grep -v -E -e '^(constant (SMPP|ESME)_|struct smpp_|soname )' \
		-e '^(data|function) .*\<smpp_' smpp.abi
	"$root/t/abi/judge.sh" "$root/t/abi/smpp.abi" smpp.abi
}

@test "what may change in an ABI, and what raises its number" {
	local judge=$root/t/abi/judge.sh
	printf '%s\n' 'constant SMPP_A 1' 'soname libsmpp.so.0' \
		'struct smpp_s size 8' >old
	run -0 "$judge" old old
	[ -z "$output" ]
	{ echo 'constant SMPP_0 0'; cat old; } >new
	run -1 "$judge" old new
	[[ $output == *SMPP_0*"make abi writes it down."* ]]
	sed 's/size 8/size 9/' old >new
	run -2 "$judge" old new
	[[ $output == *"size 8"*"raise ABI"* ]]
	sed -i 's/so\.0/so.1/' new
	run -1 "$judge" old new
}

# examples PAGE: the programs in it as example-N.c or .cc, and what it says
# they print as example-N.out.
examples() {
	awk '/^\.Bd -literal/ { getline
			if (/^#include/) { n++; ext = "c" }
			else if (prints) ext = "out"
			else ext = ""
			prints = 0
			for (text = ""; !/^\.Ed/; getline) {
				gsub(/\\e/, "\\")
				sub(/^\\&/, "")
				if (/std::/) ext = "cc"
				text = text $0 "\n"
			}
			if (ext != "")
				printf "%s", text >("example-" n "." ext)
		}
		{ prints = /prints:$/ }' "$1"
}

@test "the examples of the pages build, run and print what they say" {
	local page source name count=0
	start_smsc --receipt DELIVRD:0
	for page in "$root"/man/*.3; do
		rm -f example-*
		examples "$page"
		[ -e example-1.c ] || {
			echo "${page##*/}: no example in C"
			return 1
		}
		for source in example-*.c*; do
			name=${source%.*}
			echo "${page##*/}: $source:"
			build "$source" "$name"
			"./$name" 127.0.0.1 "$port" >"$name.got"
			[ ! -e "$name.out" ] || diff "$name.out" "$name.got"
			[[ $source != *.cc ]] || count=$((count + 1))
		done
	done
	[ "$count" -gt 0 ]
}

# bats test_tags=slow
@test "the smallest ESME is short, and ends well without memory" {
	local n rc
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers allocate themselves"
	examples "$root/man/smpp_client.3"
	[ "$(wc -l <example-1.c)" -lt 40 ] && [ "$(wc -l <example-2.cc)" -lt 40 ]
	build example-1.c esme
	start_smsc --receipt DELIVRD:0
	for ((n = 1; n < 500; n++)); do
		rc=0
		timeout "$WAIT" env FAIL_AT="$n" \
			LD_PRELOAD="$B/t/nomem/failmalloc.so" \
			./esme 127.0.0.1 "$port" >out 2>err || rc=$?
		grep -q failmalloc err || break
		[ "$rc" -le 1 ] || {
			echo "allocation $n: status $rc"
			cat err
			return 1
		}
		echo "$n $rc" >>log
	done
	[ "$n" -gt 5 ] && [ "$n" -lt 500 ] && [ "$rc" -eq 0 ]
}

@test "other languages decode and encode through the shared object" {
	[[ ${CFLAGS:-} != *-fsanitize* ]] || skip "sanitizers come first"
	local v hex
	for v in 3.3 3.4 5.0; do
		for hex in "$root/t/pdu/$v"/*.hex; do
			tr -d '\n' <"$hex"
			echo
		done >pdus
		python3 "$root/man/examples/decode.py" "${v/./}" <pdus |
			jq -c . >got
		jq -c 'del(.index, .offset)' "$root/t/pdu/$v"/*.json |
			diff - got
	done

	cat >back.py <<-'E'
		from decode import decode, encode

		def refused(call, argument):
		    try:
		        call(argument)
		    except ValueError as e:
		        return str(e)

		octets = encode({"type": "pdu", "command_id_name": "query_sm",
		                 "message_id": "4711"})
		assert decode(octets)["message_id"] == "4711"
		assert encode(decode(octets)) == octets
		octets = encode({"command_id_name": "data_sm", "tlvs": [
		    {"tag": 0x0424, "value": "00" * 60000}]})
		assert len(octets) > 60000 and encode(decode(octets)) == octets
		assert decode(octets[:7])["errors"][0]["kind"] == "short_header"
		print(refused(decode, b""))
		print(refused(encode, {"command_id_name": "sauce"}))
		print(refused(encode, []))
	E
	PYTHONPATH=$root/man/examples PYTHONDONTWRITEBYTECODE=1 \
		python3 back.py >got
	diff got - <<-'E'
		no octets
		command_id: 'sauce' is neither a number nor a value such as 'bind_receiver'
		an object wanted
	E
}
