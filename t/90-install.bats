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
	[ -f $p/lib/libsmpp.so ] && [ -L $p/lib/libsmpp.so ]
	[ -f $p/include/smpp/smpp.h ] && [ -f $p/include/smpp/smpp/pdu.h ] && [ -f $p/lib/pkgconfig/smpp.pc ]
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

@test "a program builds against the installed library, either, and runs" {
	smpp_make install
	export PKG_CONFIG_SYSROOT_DIR=$PWD/dest
	export PKG_CONFIG_PATH=$PWD/dest/opt/smpp/lib/pkgconfig
	cat >enquire.c <<-'E'
		#include <stdio.h>
		#include <smpp/smpp.h>

		int
		main(void)
		{
			static const uint8_t wire[16] = {
			    0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 1};

			printf("%d\n", smpp_frame(wire, sizeof(wire), 4096));
			return 0;
		}
	E
	local lib=$PWD/dest/opt/smpp/lib
	# shellcheck disable=SC2046,SC2086 # flags are words
	${CC:-cc} -std=c11 ${CFLAGS:-} -o shared enquire.c \
		$(pkg-config --cflags --libs smpp)
	[ "$(LD_LIBRARY_PATH=$lib ./shared)" = 16 ]
	readelf -d shared | grep -q 'NEEDED.*\[libsmpp\.so\.[0-9]*\]'
	# shellcheck disable=SC2046,SC2086 # flags are words
	${CC:-cc} -std=c11 ${CFLAGS:-} -o static enquire.c \
		$(pkg-config --cflags smpp) "$lib/libsmpp.a"
	[ "$(./static)" = 16 ]
}
