# make install, uninstall: what is where, and that a program builds against it.
load helper

# The flags of an outer make must not reach the inner one; build nothing twice.
smpp_make() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$root" B="$B" \
		DESTDIR="$PWD/dest" PREFIX=/opt/smpp "$@"
}

@test "install honours DESTDIR and PREFIX, uninstall removes all of it" {
	smpp_make install LINKS=1
	local p=dest/opt/smpp
	[ -x $p/bin/smpp ] && [ -f $p/lib/libsmpp.a ]
	[ -f $p/include/smpp/smpp/pdu.h ] && [ -f $p/lib/pkgconfig/smpp.pc ]
	[ -f $p/share/man/man1/smpp.1 ]
	[ -f $p/share/doc/smpp/examples/flaky.rules ]
	[ -f $p/share/bash-completion/completions/smpp ]
	[ -f $p/share/zsh/site-functions/_smpp ]
	[ -f $p/share/fish/vendor_completions.d/smpp.fish ]
	for name in $(smpp --list | cut -f 1); do
		"$p/bin/smpp-$name" --help >/dev/null
	done
	[ "$(readlink $p/bin/check_smpp)" = smpp ]

	smpp_make uninstall
	run find dest ! -type d
	[ -z "$output" ]
}

@test "a program builds against the installed library and runs" {
	smpp_make install
	export PKG_CONFIG_SYSROOT_DIR=$PWD/dest
	export PKG_CONFIG_PATH=$PWD/dest/opt/smpp/lib/pkgconfig
	cat >enquire.c <<-'E'
		#include <stdio.h>
		#include "smpp/pdu.h"

		int
		main(void)
		{
			static const uint8_t wire[16] = {
			    0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 1};

			printf("%d\n", smpp_frame(wire, sizeof(wire), 4096));
			return 0;
		}
	E
	# shellcheck disable=SC2046,SC2086 # flags are words
	${CC:-cc} -std=c11 ${CFLAGS:-} -o enquire enquire.c \
		$(pkg-config --cflags --libs smpp)
	run ./enquire
	[ "$output" = 16 ]
}
