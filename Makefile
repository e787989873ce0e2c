# smpp: the command-line SMPP toolkit. `make help` lists the targets.

B ?= build
PREFIX ?= /usr/local
-include config.mk

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
HARDEN = -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(CFLAGS) $(WARN) $(HARDEN) -Ilib \
	-MMD -MP $(if $(WERROR),-Werror)

LIB_SRC = $(wildcard lib/*/*.c)
CMD_SRC = $(wildcard cmd/*.c)
LIB_OBJ = $(LIB_SRC:%.c=$B/%.o)
CMD_OBJ = $(CMD_SRC:%.c=$B/%.o)

all: $B/smpp

$B/libsmpp.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$B/smpp: $(CMD_OBJ) $B/libsmpp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson

$B/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Wconversion -c -o $@ $<

$B/cmd/%.o: cmd/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

clean:
	rm -rf $B

.PHONY: all clean
-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d)
