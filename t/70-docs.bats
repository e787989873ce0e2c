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

@test "every command has its page, and smpp(1) names it" {
	local cmd
	for cmd in $(smpp --list); do
		[ -e "$(page_of "$cmd")" ]
		grep -q "^.It Xr smpp-$cmd 1$" "$(page_of "")"
	done
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
		echo "smpp $cmd:"
		diff <(help_options "$cmd") <(page_options "$(page_of "$cmd")")
	done
}

# help_terms COMMAND TITLE: what --help lists there, as drop, delay=, tlv[=.
help_terms() {
	smpp "$1" --help | sed -n "/^$2:\$/,/^\$/p" | awk '/^  [a-z]/ {
		sub(/=.*/, "=", $1); print $1 }' | sort
}

# page_terms PAGE SECTION: the same of the list items of that section.
page_terms() {
	sed -n "/^\.Sh $2/,/^\.Sh /s/^\.It Cm //p" "$1" | sed 's/ , /\n/' |
		sed 's/ Ns Op = .*/[=/; s/ Ns = .*/=/' | sort
}

@test "smpp-rules(5) and --help have the same actions" {
	[ "$(help_terms smsc 'Actions of rules' | wc -l)" -gt 20 ]
	diff <(help_terms smsc 'Actions of rules') \
		<(page_terms "$root/man/smpp-rules.5" ACTIONS)
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

@test "every page that a page refers to is there" {
	local page ref
	for page in "$root"/man/*.[1-9]; do
		sed -n 's/^\.\(It \)\{0,1\}Xr \(smpp[^ ]*\) \([0-9]\).*/\2.\3/p' \
			"$page" | while read -r ref; do
			[ -e "$root/man/$ref" ] || {
				echo "${page##*/}: no $ref"
				return 1
			}
		done
	done
}

@test "every page of section 3 stands in libsmpp(3), in its list and SEE ALSO" {
	local page name
	for page in "$root"/man/smpp_*.3; do
		name=${page##*/}
		name=${name%.3}
		grep -q -x "\.It Xr $name 3" "$root/man/libsmpp.3" &&
			sed '1,/^\.Sh SEE ALSO/d' "$root/man/libsmpp.3" |
			grep -q "^\.Xr $name 3" || {
			echo "libsmpp.3: no $name"
			return 1
		}
	done
}

@test "no page has a name or a prototype twice" {
	local page
	for page in "$root"/man/*.3; do
		run -0 uniq -d <(sed -n -e 's/^\(\.Nm [^ ]*\).*/\1/p' \
			-e 's/^\.Fn \(smpp_[^ ]* ".*\)/\1/p' "$page" | sort)
		[ -z "$output" ] || {
			echo "${page##*/}: $output"
			return 1
		}
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

# Headers that only files of the library include.
INTERNAL='_int\.h$'

@test "every public header of the library is in a page, and the reverse" {
	diff <(cd "$root/lib" && find . -name '*.h' -printf '%P\n' |
		grep -v -E "$INTERNAL" | sort) \
		<(sed -n 's|^\.In smpp/||p' "$root"/man/*.3 | sort)
}

@test "every public function of the library is in a page, and the reverse" {
	cd "$root/lib"
	find . -name '*.h' -printf '%P\n' | grep -v -E "$INTERNAL" |
		xargs grep -h -o -E '^([a-z][^(]*[ *])?smpp_[a-z0-9_]+\(' |
		sed 's/($//; s/.*[ *]//' | sort -u >"$BATS_TEST_TMPDIR/declared"
	sed -n 's/^\.Fn \(smpp_[^ ]*\) .*/\1/p' "$root"/man/*.3 |
		sort -u >"$BATS_TEST_TMPDIR/described"
	diff "$BATS_TEST_TMPDIR/declared" "$BATS_TEST_TMPDIR/described"
}
