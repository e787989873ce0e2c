#!/usr/bin/env bats
# Profiles and the order in which settings win.

load helper

setup() {
	smpp_setup
	mkdir -p .config/smpp
}

config() {
	cat >.config/smpp/config
}

# setting NAME ARG...: the value and source of a setting in a dry run.
setting() {
	local name=$1
	shift
	smpp send "$@" -d 1 -m x -n 2>&1 >/dev/null |
		sed -n "s/^== $name  *//p"
}

@test "what a bind says is what was set" {
	start_peer bind serve
	run -0 smpp bind-test "127.0.0.1:$port" -i acme --system-type VMA \
		--address-range '^49' --addr-ton 1 --addr-npi 1 -b rx
	# acme, no password, VMA, 3.4, ton and npi, ^49
	grep -q '^in .\{32\}61636d650000564d4100340101''5e343900$' peer.out
	start_smsc
	run -0 smpp bind-test "127.0.0.1:$port" --source-ip 127.0.0.3
	wait_line smsc.out ' from 127\.0\.0\.3:'
}

@test "a profile is a target by name" {
	config <<-'END'
	# a comment
	[acme]
	host = smsc.example
	port = 2776
	system-id = acme   ; inline
	smpp-version = 5.0
	tls = yes

	[other]
	host = other.example
	tls = no
	END
	[[ $(setting tls @other) == "no  ("* ]]
	[[ $(setting host @acme) == "'smsc.example'  ("*"/.config/smpp/config:3)" ]]
	[[ $(setting port @acme) == "2776  ("*":4)" ]]
	[[ $(setting system-id @acme) == "'acme'  ("* ]]
	[[ $(setting smpp-version @acme) == "5.0  ("* ]]
	[[ $(setting tls @acme) == "yes  ("* ]]
	[[ $(setting host @other) == "'other.example'  ("* ]]
	[ "$(setting port @other)" = "2775  (built-in)" ]
	run -2 --separate-stderr smpp send @nope -d 1 -m x
	[[ $stderr == *"there is no profile 'nope'"*"  hint: it would be in \
$PWD/.config/smpp/config: smpp init writes one" ]]
	run -2 --separate-stderr smpp send @acne -d 1 -m x
	[[ $stderr == *"there is no profile 'acne'; did you mean '@acme'?" ]]
	[ "$(setting tls h)" = "no  (built-in)" ]
	[ "$(setting tls SMPPS://h)" = "yes  (TARGET)" ]
}

@test "the order: option, URL, profile, environment, default, built-in" {
	config <<-'END'
	[default]
	host = default.example
	system-id = default
	system-type = default
	[acme]
	host = smsc.example
	system-id = acme
	END
	[[ $(setting system-id @acme -i opt) == "'opt'  (option)" ]]
	[[ $(setting system-id 'smpp://u@h?system-id=q') == "'u'  (TARGET)" ]]
	export SMPP_SYSTEM_ID=env
	[[ $(setting system-type 'smpp://h?system-type=q') == "'q'  (URL)" ]]
	[[ $(setting system-id @acme) == "'acme'  ("* ]]
	[[ $(setting system-id) == "'env'  (\$SMPP_SYSTEM_ID)" ]]
	unset SMPP_SYSTEM_ID
	[[ $(setting host) == "'default.example'  ("* ]]
	[[ $(setting system-id) == "'default'  ("* ]]
	[[ $(setting system-id h) == "''  (built-in)" ]]
	[[ $(setting system-type @acme) == "''  (built-in)" ]]
	SMPP_TARGET=@acme
	export SMPP_TARGET
	[[ $(setting host) == "'smsc.example'  ("* ]]
	echo '[x]' >other
	echo 'host = h' >>other
	SMPP_CONFIG=other run -0 smpp send @x -d 1 -m x -n -q
	XDG_CONFIG_HOME=/nonexistent run -2 smpp send -d 1 -m x
}

@test "lines that are not understood are errors with their number" {
	bad() {
		config
		run -2 --separate-stderr smpp send @acme -d 1 -m x -n
		[[ $stderr == "smpp send: $HOME/.config/smpp/config:$1" ]]
	}
	bad "2: neither [name] nor key = value" <<<$'[acme]\nnonsense'
	bad "1: neither [name] nor key = value" <<<'[acme'
	bad "2: unknown option 'hots'; did you mean 'host'?" \
		<<<$'[acme]\nhots = x'
	bad "2: '9' is not a value for smpp-version"$'\n'"  hint: \
smpp-version is one of 3.3, 3.4, 5.0" \
		<<<$'[acme]\nsmpp-version = 9'
	bad "3: begins with a blank" <<<$'[acme]\nhost = x\n  y'
	bad "2: longer than 198 characters" \
		<<<$'[acme]\nhost = '"$(printf '%0300d' 0)"
	bad "1: a name longer than 49 characters" \
		<<<"[$(printf '%050d' 0)]"
	config <<<$'[acme]\npassword = x'
	run -2 --separate-stderr smpp send @acme -d 1 -m x -n
	[[ $stderr == *"config:2: no password may stand here"*"hint: "* ]]
	SMPP_CONFIG=/ run -2 --separate-stderr smpp send @acme -d 1 -m x -n
	[[ $stderr == "smpp send: /: Is a directory" ]]
	config <<<$'\xef\xbb\xbf[acme]\r\nhost = x\r'
	[[ $(setting host @acme) == "'x'  ("*config:2\) ]]
	config <<<$'[acme]\nhost = x'
	chmod 000 .config/smpp/config
	[ -r .config/smpp/config ] || run -2 smpp send @acme -d 1 -m x -n
}

@test "password-command and password-file of a profile" {
	start_smsc -j --show-secrets
	echo filed >pw
	chmod 600 pw
	config <<-END
	[cmd]
	host = 127.0.0.1
	port = $port
	password-command = echo made; test -z "\$SMPP_PASSWORD"
	[file]
	host = 127.0.0.1
	port = $port
	password-file = $PWD/pw
	[fail]
	host = 127.0.0.1
	port = $port
	password-command = exit 3
	END
	export SMPP_PASSWORD=env
	smpp send @cmd -d 1 -m x -q
	smpp send @file -d 1 -m x -q
	run -2 --separate-stderr smpp send @fail -d 1 -m x
	[[ $stderr == *"config:12: password-command: exit status 3" ]]
	stop "$pid"
	jq -r 'select(.command_id==2).password' smsc.out >got
	[ "$(xargs <got)" = "made filed" ]
}

@test "a refused bind says where the login came from" {
	start_peer status=14 status=14
	config <<-END
	[acme]
	host = 127.0.0.1
	port = $port
	system-id = acme
	END
	echo "127.0.0.1:$port:acme:pw" >.config/smpp/credentials
	chmod 600 .config/smpp/credentials
	run -5 --separate-stderr smpp bind-test @acme
	[[ $stderr == *"  hint: system_id 'acme' came from \
$PWD/.config/smpp/config:4, password from $PWD/.config/smpp/credentials:1" ]]
	run -5 --separate-stderr smpp bind-test "127.0.0.1:$port"
	[[ $stderr == *"  hint: system_id '' came from nowhere: none given, \
password from nowhere: none found" ]]
}
