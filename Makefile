# smpp: the command-line SMPP toolkit. `make help` lists the targets.
# Settings for this machine go to config.mk, which is never committed.

VERSION := $(shell awk '/define SMPP_VERSION_(MAJOR|MINOR|PATCH) / { \
	v = v s $$3; s = "." } END { print v }' lib/base/version.h)
# The number of libsmpp.so: a program built against one of another number does
# not start. t/abi/smpp.abi says when it has to be raised.
ABI = 0
B ?= build
PREFIX ?= /usr/local
-include config.mk
MAKEFLAGS += --no-print-directory

# What the library and the program link with, as pkg-config calls it.
PKGS = jansson
CMD_PKGS = inih readline

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wno-missing-field-initializers
HARDEN = -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(CFLAGS) $(WARN) $(HARDEN) \
	$(if $(WERROR),-Werror) -Ilib -Icmd $(CPPFLAGS) -MMD -MP
LIB_LIBS = $(shell pkg-config --libs $(PKGS)) -lm -pthread
LIBS = $(shell pkg-config --libs $(PKGS) $(CMD_PKGS)) -lcsv -lm -pthread

LIB = $(patsubst %.c,$B/%.o,$(wildcard lib/*/*.c))
CMD = $(patsubst %.c,$B/%.o,$(wildcard cmd/*.c cmd/*/*.c))
UNIT = $(patsubst %.c,$B/%,$(wildcard t/unit/*.c))
FUZZ = $(patsubst %.c,$B/%,$(wildcard t/fuzz/fuzz_*.c))

all: $B/smpp ## build the program (the default)

$B/smpp: $B/cmd/main.o $B/cmd.a $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$B/libsmpp.a: $(LIB)

# The same as a shared object, which exports what public headers declare
# (base/decls.h). The program does not use it: a start has to be quick.
SO = libsmpp.so.$(ABI)
PIC = $(LIB:$B/%=$B/pic/%)
$B/$(SO): $(PIC)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SO) \
		$(if $(findstring sanitize,$(CFLAGS)),,-Wl,-z,defs) \
		-o $@ $^ $(LIB_LIBS)
	ln -sf $(SO) $B/libsmpp.so
$B/pic/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden \
		-fno-semantic-interposition -c -o $@ $<

# The public headers as they are installed: they find each other beside
# themselves, so that no include directory of a program is taken for ours.
PUBLIC = $(filter-out %_int.h,$(wildcard lib/*.h lib/*/*.h))
HEADERS = $(PUBLIC) $(addprefix lib/,$(sort $(shell \
	sed -n 's/^\#include "\(.*\.def\)"/\1/p' $(PUBLIC))))
INCLUDES = $(HEADERS:lib/%=$B/include/smpp/%)
$B/include/smpp/%: lib/%
	@mkdir -p $(@D)
	sed 's|^#include "\([a-z]*/\)|#include "$(if $(findstring \
		/,$*),../)\1|' $< >$@
$B/cmd.a: $(filter-out $B/cmd/main.o,$(CMD))
%.a:
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$B/lib/%.o: WARN += -Wconversion
$B/t/%.o: CPPFLAGS += -I.
$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Test programs may use the parts of the commands too; main.c stays out.
$B/t/unit/%: $B/t/unit/%.o $B/cmd.a $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Its allocations fail when it wants them to.
$B/t/unit/mcnomem: LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc \
	-Wl,--wrap=reallocarray

# The targets are called by our replay of files, or by libFuzzer.
$B/t/fuzz/fuzz_%: $B/t/fuzz/fuzz_%.o $(if $(LIBFUZZER),,$B/t/fuzz/replay.o) \
		$B/cmd.a $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(LIBFUZZER) -o $@ $^ $(LIBS)

$B/t/fuzz/dict: $B/t/fuzz/dict.o $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.SECONDARY:
-include $(shell find $B -name '*.d' 2>/dev/null)

demo: ## build, then a message goes out and its receipt comes back
	@t/tools/deps.sh build
	@$(MAKE) -s
	@PATH="$$(cd $B && pwd):$$PATH" man/examples/demo.sh

# Preloaded by t/85-nomem.bats, t/39-limits.bats and t/33-signals.bats.
PRELOAD = $B/t/nomem/failmalloc.so \
	$(patsubst %.c,$B/%.so,$(wildcard t/preload/*.c))
$(PRELOAD): $B/%.so: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

# --- tests ---

check: ## everything that must hold: tests, layers, purity, lint
	$(MAKE) deps
	$(MAKE) WERROR=1 layers purity lint test

check-fast: ## layers, purity and the tests that are not slow
	$(MAKE) WERROR=1 BATS_FLAGS="--filter-tags '!slow'" layers purity test

# The TAP report is counted, whatever bats shows on a terminal.
TALLY = awk '/^not ok/ { f++; next } /^ok .* \# skip/ { s++; next } \
	/^ok/ { p++ } END { printf "%d passed, %d failed", p, f; \
	printf s ? ", " s " skipped\n" : "\n" }'
# They mostly wait, so several files run at a time, where GNU parallel is there.
JOBS ?= 3
PARALLEL = $(if $(shell parallel --version 2>/dev/null | grep 'GNU parallel'),\
	--jobs $(JOBS) --no-parallelize-within-files)
RUN_BATS = @mkdir -p $B/t; B=$B CC="$(CC)" CXX="$(CXX)" CFLAGS="$(CFLAGS)" \
	bats $(BATS_FLAGS) $(PARALLEL) --report-formatter tap -o $B/t $1; \
	rc=$$?; $(TALLY) $B/t/report.tap; exit $$rc

test: $B/smpp $B/$(SO) $(UNIT) $(FUZZ) $(PRELOAD) ## the tests alone, with the build they find
	$(call RUN_BATS,t)

interop: $B/smpp $B/node_modules/smpp ## tests against what others wrote, from npm
	$(call RUN_BATS,t/interop)

$B/node_modules/smpp:
	@t/tools/deps.sh interop
	npm install --prefix $B --no-save --no-audit --no-fund smpp@0.5.1

SAN_asan = address,undefined
SAN_ubsan = undefined
SAN_tsan = thread
asan ubsan tsan: ## the tests under a sanitizer, built in build/asan, ...
	$(MAKE) B=$B/$@ HARDEN= CFLAGS='-O1 -g -fno-omit-frame-pointer \
		-fsanitize=$(SAN_$@) -fno-sanitize-recover=all' test

regen: $B/smpp ## write what t/pdu and t/bad print now, and show the difference
	@B=$B REGEN=1 bats t/25-pdu.bats >$B/regen.log || { cat $B/regen.log; exit 1; }
	@git --no-pager diff -- t/pdu t/bad

# What went or changed needs another ABI; before a first release, remove the file.
abi: $B/$(SO) $(INCLUDES) ## write t/abi/smpp.abi: what programs are built with
	@perl t/abi/abi.pl $B/include $B/$(SO) $(CC) -std=c11 >$B/smpp.abi
	@[ ! -e t/abi/smpp.abi ] || t/abi/judge.sh t/abi/smpp.abi $B/smpp.abi || \
		[ $$? -eq 1 ]
	@cp $B/smpp.abi t/abi/smpp.abi

fuzz: $(FUZZ)

FUZZ_TIME ?= 20
fuzz-run: $B/t/fuzz/dict ## libFuzzer, ASan, UBSan: FUZZ_TIME=20 seconds a target
	@t/tools/deps.sh build fuzz
	$B/t/fuzz/dict >$B/fuzz.dict
	$(MAKE) B=$B/fuzz CC=clang HARDEN= LIBFUZZER=-fsanitize=fuzzer fuzz \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all'
	t/fuzz/run.sh $B/fuzz $B/fuzz.dict $(FUZZ_TIME)

cov: ## the tests with line coverage of each file, built in build/cov
	$(MAKE) B=$B/cov HARDEN= CFLAGS='-O0 -g --coverage' test
	@gcov -n $$(find $B/cov/lib $B/cov/cmd -name '*.gcda') 2>/dev/null | \
		awk -F "[':%]" '/^File/ { file = $$2 } /^Lines/ && file ~ /\.c$$|all/ \
			{ printf "%6.1f %% %s\n", $$2, file; file = "all" }' | sort -n

# --- the architecture and the look, checked ---

C_FILES = $(wildcard lib/*.h lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch] t/*/*.[ch] \
	man/examples/*.c)
SH_FILES = $(wildcard .ci/run t/*.sh t/*/*.sh man/examples/*.sh \
	completions/*.bash)
BATS_FILES = $(wildcard t/helper.bash t/*.bats t/*/*.bats)
MAN_FILES = $(wildcard man/*.[1-9])

layers: $(LIB) $(CMD) ## who includes, calls and needs what: t/tools/*.awk
	@awk -f t/tools/layers.awk $(filter lib/% cmd/%,$(C_FILES))
	@nm -A $(LIB) $(CMD) | awk -v build=$B/ -f t/tools/circles.awk

# The codec neither allocates, formats, reads errno nor keeps state, and all
# names that the library exports start with smpp_.
IMPURE = malloc|calloc|realloc|free|.*printf.*|errno|__errno_location
STATE = \.(t?data|t?bss|data\.rel|data\.rel\.local)
purity: $B/libsmpp.a $B/$(SO) ## what the codec refers to and what the library exports
	@! nm -A -u $B/lib/smpp/*.o | grep -E ' ($(IMPURE))$$'
	@! size -A $B/lib/smpp/*.o | awk '/:$$/ { f = $$1 } $$2 > 0 { \
		print f, $$0 }' | grep -E ' $(STATE) '
	@! nm -A -g --defined-only $B/libsmpp.a | grep -v ' smpp_'
	@! nm -D --defined-only $B/$(SO) | grep -v ' smpp_'

# cppcheck gives up on files that expand our nested tables.
lint: ## clang-format (of version 14), cppcheck, shellcheck, mandoc
	@if clang-format --version 2>/dev/null | grep -q 'version 14\.'; \
		then clang-format -n --Werror $(C_FILES); \
		else echo 'lint: no clang-format 14: layout not checked'; fi
	@cppcheck -q --std=c11 --language=c --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability -Ilib -Icmd -I. \
		--suppress=preprocessorErrorDirective \
		'-Djson_array_foreach(a,i,v)=for(;;)' \
		$(filter %.c,$(C_FILES))
	@shellcheck -x $(SH_FILES)
	@shellcheck -x -e SC2030,SC2031,SC2034,SC2154 $(BATS_FILES) # bats reads
	@$(if $(MAN_FILES),mandoc -T lint -W warning $(MAN_FILES))

# --- figures ---

# bench_*.c and *.sh print one JSON line a figure; bench.c is what they share.
BENCH = $(patsubst %.c,$B/%,$(wildcard t/bench/bench_*.c))
ifneq ($(shell pkg-config --exists libsmpp34 2>/dev/null && echo yes),)
PEER = $B/t/bench/peer_libsmpp34.o
$(PEER): CPPFLAGS += $(shell pkg-config --cflags libsmpp34)
endif
$B/t/bench/%: $B/t/bench/%.o $B/t/bench/bench.o $(PEER) $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(if $(PEER),-lsmpp34) $(LIBS)

bench: $B/smpp $(BENCH) $B/t/bench/gen ## figures, beside other programs where they are there
	@for b in $(BENCH) t/bench/*.sh; do B=$B $$b || exit; done

# --- installing ---

INSTALL = install
D = $(DESTDIR)$(PREFIX)
# Where a completion belongs, under PREFIX: what pkg-config says, or the usual.
COMPLETIONS = $(shell pkg-config --define-variable=prefix=$(PREFIX) \
	--define-variable=datadir=$(PREFIX)/share \
	--variable=completionsdir $1 2>/dev/null || echo $(PREFIX)/share/$2)
BASH_DIR = $(DESTDIR)$(call COMPLETIONS,bash-completion,bash-completion/completions)
FISH_DIR = $(DESTDIR)$(call COMPLETIONS,fish,fish/vendor_completions.d)
ZSH_DIR = $D/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
EXAMPLES = $(filter-out %/demo.sh,$(wildcard man/examples/*))

install: $B/smpp $B/$(SO) $(INCLUDES) ## DESTDIR, PREFIX; LINKS=1 for smpp-send, check_smpp, ...
	$(INSTALL) -d $D/bin $D/lib/pkgconfig $(BASH_DIR) $(FISH_DIR) $(ZSH_DIR)
	$(INSTALL) $B/smpp $D/bin/smpp
	$(INSTALL) -m 644 $B/libsmpp.a $D/lib/libsmpp.a
	$(INSTALL) $B/$(SO) $D/lib/libsmpp.so.$(VERSION)
	ln -sf libsmpp.so.$(VERSION) $D/lib/$(SO)
	ln -sf $(SO) $D/lib/libsmpp.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@PKGS@|$(PKGS)|' \
		smpp.pc.in >$D/lib/pkgconfig/smpp.pc
	for h in $(HEADERS:lib/%=%); do \
		$(INSTALL) -d "$$(dirname $D/include/smpp/$$h)" && \
		$(INSTALL) -m 644 $B/include/smpp/$$h $D/include/smpp/$$h || \
		exit; done
	for m in $(MAN_FILES:man/%=%); do \
		$(INSTALL) -d $D/share/man/man$${m##*.} && \
		$(INSTALL) -m 644 man/$$m $D/share/man/man$${m##*.}/ || exit; done
	$(INSTALL) -d $D/share/doc/smpp/examples
	$(INSTALL) -m 644 $(EXAMPLES) $D/share/doc/smpp/examples/
	$(INSTALL) -m 644 completions/smpp.bash $(BASH_DIR)/smpp
	$(INSTALL) -m 644 completions/smpp.fish $(FISH_DIR)/smpp.fish
	$(INSTALL) -m 644 completions/_smpp $(ZSH_DIR)/_smpp
	$(if $(DESTDIR),,-ldconfig) # so that libsmpp.so is found
	$(if $(LINKS),for l in $(LINK_NAMES); do ln -sf smpp $D/bin/$$l; done)

uninstall: ## remove what install put there
	rm -f $D/bin/smpp $(LINK_NAMES:%=$D/bin/%) $D/lib/libsmpp.a \
		$D/lib/libsmpp.so $D/lib/$(SO) $D/lib/libsmpp.so.$(VERSION) \
		$D/lib/pkgconfig/smpp.pc $(BASH_DIR)/smpp \
		$(FISH_DIR)/smpp.fish $(ZSH_DIR)/_smpp
	rm -f $(foreach m,$(MAN_FILES:man/%=%),\
		$D/share/man/man$(lastword $(subst ., ,$m))/$m)
	rm -rf $D/include/smpp $D/share/doc/smpp

# One link a command; check_smpp is the monitoring plugin, smpp bind-test.
LIST = $(shell $B/smpp --list | cut -f 1)
LINK_NAMES = $(LIST:%=smpp-%) $(if $(filter bind-test,$(LIST)),check_smpp)

dist: ## the committed sources as build/smpp-VERSION.tar.gz
	@mkdir -p $B
	git archive --prefix=smpp-$(VERSION)/ HEAD | gzip -9n \
		>$B/smpp-$(VERSION).tar.gz

deps: ## install with apt what building and testing need and is not there
	@t/tools/deps.sh build check

clean: ## remove everything that was built
	rm -rf $B

help: ## this list
	@awk -F ':.*## ' '/^[a-z].*## / { printf "  %-16s %s\n", $$1, $$2 }' \
		Makefile

.PHONY: all demo check check-fast test regen abi interop asan ubsan \
	tsan cov fuzz fuzz-run layers purity lint bench install uninstall dist deps \
	clean help
