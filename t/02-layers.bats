# The checks of the architecture: that they see what breaks it.
load helper

# source FILE: a source from stdin, in a tree of its own.
source_file() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
}

# circles: what the check of the objects says of that tree.
circles() {
	local f objects=()
	for f in {lib,cmd}/*.c {lib,cmd}/*/*.c; do
		[ -f "$f" ] || continue
		mkdir -p "out/$(dirname "$f")"
		${CC:-cc} -c -o "out/${f%.c}.o" "$f"
		objects+=("out/${f%.c}.o")
	done
	nm -A "${objects[@]}" | awk -v build=out/ -f "$root/t/tools/circles.awk"
}

@test "objects: a circle of folders is seen, and who makes it" {
	source_file lib/base/a.c <<<'int a(void); int a(void) { return 1; }'
	source_file lib/net/b.c <<<'int a(void), b(void); int b(void) { return a(); }'
	source_file cmd/kit/c.c <<<'int b(void), c(void); int c(void) { return b(); }'
	source_file cmd/main.c <<<'int c(void); int main(void) { return c(); }'
	run -0 circles
	[ -z "$output" ]

	source_file lib/base/a.c <<<'extern int d; int a(void); int a(void) { return d; }'
	source_file cmd/kit/d.c <<<'int d = 1;'
	run -1 circles
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"a circle: lib/base/a.c uses d of cmd/kit/d.c"* ]]
	[[ $output == *"a circle: lib/net/b.c uses a of lib/base/a.c"* ]]
}

@test "objects: in cmd only main.c and registry.c lie in no folder" {
	source_file cmd/main.c <<<'int main(void) { return 0; }'
	source_file cmd/registry.c <<<'int list;'
	run -0 circles
	source_file cmd/more.c <<<'int more;'
	run -1 circles
	[ "$output" = "cmd/more.c lies in no folder" ]
}

@test "includes: each floor has its own" {
	includes() {
		source_file "$1" <<<"#include \"$2\""
		run "$3" awk -f "$root/t/tools/layers.awk" "$1"
	}
	includes cmd/kit/a.c base/err.h -0
	includes cmd/kit/a.c smpp/table.h -1
	[ "$output" = 'cmd/kit/a.c:1: kit may not include smpp: #include "smpp/table.h"' ]
	includes cmd/words/a.c kit/opt.h -0
	includes cmd/words/a.c target/target.h -1
	includes cmd/send/a.c load/load.h -1
	includes cmd/send/a.c registry.h -1
	includes cmd/help/a.c registry.h -0
	includes cmd/main.c help/help.h -0
	includes lib/smpp/a.c net/conn.h -1
}

@test "names: a function, a type and a file stand once" {
	source_file lib/base/a.c <<<$'struct one {\n};\n\nint\nfirst(void)\n{\n}'
	source_file lib/net/b.c <<<$'struct one *\nsecond(void);\n\nint\nsecond(void)\n{\n}'
	run -0 awk -f "$root/t/tools/layers.awk" lib/*/*.c
	source_file lib/net/c.c <<<$'enum one {\n};\n\nstatic int\nfirst(void)\n{\n}'
	run -1 awk -f "$root/t/tools/layers.awk" lib/*/*.c
	[ "$output" = 'lib/net/c.c:1: also in lib/base/a.c: enum one {
lib/net/c.c:5: also in lib/base/a.c: first(void)' ]
	rm lib/net/c.c
	source_file cmd/net/net.c <<<'int third;'
	source_file lib/text/a.c <<<'int fourth;'
	run -1 awk -f "$root/t/tools/layers.awk" {lib,cmd}/*/*.c
	[ "$output" = 'lib/text/a.c:1: also lib/base/a.c: int fourth;' ]
}
