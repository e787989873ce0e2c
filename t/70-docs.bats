# Man pages and --help say the same.
load helper

# help_options COMMAND...: the options that its --help lists.
help_options() {
	smpp "$@" --help | awk '/^  (-.|    )/ && /^ +-/ {
		for (i = 1; i <= NF && $i ~ /^-/; i++) {
			sub(/,$/, "", $i)
			print $i
			if ($0 ~ /^  -.  / || $(i + 1) !~ /^-/)
				break
		}
	}' | sort -u
}

# page_options PAGE: the options that its list items name.
page_options() {
	sed -n '/^\.It Fl /s///p' "$1" | awk '{
		sub(/^/, "Fl ")
		for (i = 1; i < NF; i++)
			if ($i == "Fl")
				print "-" $(i + 1)
	}' | sort -u
}

page_of() {
	echo "$root/man/smpp${1:+-$1}.1"
}

@test "every page is of a command" {
	local page name
	for page in "$root"/man/smpp-*.1; do
		name=${page##*/smpp-}
		smpp --list | grep -q -x -e "${name%.1}"
	done
}

@test "pages and --help have the same options" {
	local cmd
	[ "$(help_options | wc -l)" -gt 10 ]
	diff <(help_options) <(page_options "$(page_of "")")
	for cmd in $(smpp --list); do
		[ -e "$(page_of "$cmd")" ] || continue
		echo "smpp $cmd:"
		diff <(help_options "$cmd") <(page_options "$(page_of "$cmd")")
	done
}

@test "every page of a command has the sections it should have" {
	local page section
	for page in "$root"/man/smpp*.1; do
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS OUTPUT \
			'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
			grep -q -x "\.Sh $section" "$page" || {
				echo "$page: no $section"
				return 1
			}
		done
	done
}

@test "every exit status is in smpp(1)" {
	local n
	for n in $(smpp help exit | awk '{ print $1 }'); do
		grep -q -x "\.It $n" "$root/man/smpp.1"
	done
}

@test "pages are sound mdoc" {
	command -v mandoc >/dev/null || skip 'no mandoc'
	mandoc -T lint -W warning "$root"/man/*.[1-9]
}

@test "the example of smpp_pdu(3) builds and runs" {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$root/man/smpp_pdu.3" |
		sed -n '/^#include/,/^}/p' | sed 's/\\e/\\/g' >example.c
	# shellcheck disable=SC2086 # flags are words
	${CC:-cc} -std=c11 -Wall -Werror ${CFLAGS:-} -I"$root/lib" \
		-o example example.c "$B/libsmpp.a"
	[ "$(./example)" = 'enquire_link 1' ]
}
