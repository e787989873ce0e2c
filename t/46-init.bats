#!/usr/bin/env bats
# smpp init: what it asks, what it writes, and that nothing is half written.

load helper

# talk COMMAND...: see talk.exp.
talk() {
	WAIT=$WAIT run timeout "$((WAIT * 2))" expect -f "$root/t/talk.exp" "$@"
	output=${output//$'\r'/}
	echo "$output"
}

# init ANSWER...: answers the questions of "smpp init acme" in their order.
init() {
	local prompts=(host: 'TLS (yes, no)' port system_id: version 'bind ('
		password) i=0 answer
	for answer; do
		printf '%s\t%s\n' "${prompts[i++]}" "$answer"
	done >steps
	talk smpp init acme <steps
}

CONFIG=.config/smpp/config
SECRETS=.config/smpp/credentials

@test "a profile from nothing, tried at once" {
	start_peer bind serve
	init 127.0.0.1 '' "$port" acme '' '' s3cret
	[ "$status" -eq 0 ]
	[[ $output == *"TLS (yes, no) [no]: "*"port [2775]: "* ]]
	[[ $output == *"SMPP version (3.3, 3.4, 5.0) [3.4]: "* ]]
	[[ $output == *"== smpp bind-test @acme"*$'\n'"ok  trx to 'peer'"* ]]
	[[ $output == *"== next: smpp send @acme -d NUMBER -m 'Hello'" ]]
	[[ $output != *s3cret* ]]
	diff - "$CONFIG" <<-END
	[acme]
	host = 127.0.0.1
	tls = no
	port = $port
	system-id = acme
	smpp-version = 3.4
	END
	[ "$(<"$SECRETS")" = "127.0.0.1:$port:acme:s3cret" ]
	[ "$(stat -c %a .config/smpp "$CONFIG" "$SECRETS" | xargs)" = \
		'700 600 600' ]
	[ "$(find .config/smpp -type f | wc -l)" -eq 2 ]
	smpp bind-test @acme
	grep -q 61636d65007333637265740 peer.out
}

@test "the name asked for; @ before it; files at other places" {
	start_peer bind serve
	export SMPP_CONFIG=$PWD/there/x/config XDG_CONFIG_HOME=$PWD/xdg
	printf '%s\t%s\n' 'profile [default]' 'no good' 'profile [default]' '' \
		host 127.0.0.1 TLS n port "$port" system_id '' version 5.0 \
		bind rx password '' >steps
	talk smpp init <steps
	[ "$status" -eq 0 ]
	[[ $output == *"  at most 49 letters, digits, "* ]]
	[[ $output == *"ok  rx to "*"== next: smpp listen @default" ]]
	[ "$(stat -c %a there there/x | xargs)" = '700 700' ]
	grep -q -x '\[default\]' there/x/config
	grep -q -x 'bind = rx' there/x/config
	[ "$(<xdg/smpp/credentials)" = "127.0.0.1:$port::" ]
	printf 'stays\tn' >steps
	sed -i 's/^\[default\]/[acme]/' there/x/config
	talk smpp init @acme <<<$'profile \'acme\' is there\tn'
	[ "$status" -eq 1 ]
	[[ $output == *"smpp init: profile 'acme' stays as it is" ]]
}

@test "a bind that is refused: the profile is there to be mended" {
	start_peer status=14
	init 127.0.0.1 '' "$port" acme '' '' wrong
	[ "$status" -eq 5 ]
	[[ $output == *"smpp bind-test: bind refused by 127.0.0.1:$port: \
ESME_RINVPASWD"*"credentials:1"*"== next: smpp init acme changes it, "* ]]
	grep -q -x "port = $port" "$CONFIG"
}

@test "what stands in the files stays, octet for octet" {
	mkdir -p .config/smpp
	printf '%s\r\n' '; mine' '[other]' 'host=x' '' '# of acme:' >"$CONFIG"
	printf '%s\n' '[acme]' '  ' '# why' 'host :old' 'tls= yes' \
		'cacert = ca.pem' 'password-command = x' 'address-range= 49' \
		'' '# the end' '[end]' 'port = 1' '[acme]' 'sni = y' 'port = 7' \
		>>"$CONFIG"
	printf %s 'host = z' >>"$CONFIG"
	printf '%s\n' '# mine' 'h:1:*:w' '*:*:acme:wild' '' >"$SECRETS"
	printf %s 'old:7:acme:last' >>"$SECRETS"
	chmod 600 "$SECRETS"
	start_peer bind serve
	printf '%s\t%s\n' "profile 'acme' is there, $PWD/$CONFIG:9: change it? \
[no]" yes 'host [old]' 127.0.0.1 'TLS (yes, no) [yes]' no 'port [7]' "$port" \
		'system_id: ' acme version '' bind '' \
		"password [that of $PWD/$SECRETS:3]" new >steps
	talk smpp init acme <steps
	[ "$status" -eq 0 ]
	{
		printf '%s\r\n' '; mine' '[other]' 'host=x' '' '# of acme:'
		printf '%s\n' '[acme]' 'host = 127.0.0.1' 'tls = no' \
			"port = $port" 'system-id = acme' 'smpp-version = 3.4' \
			'  ' '# why' 'address-range= 49' '' '# the end' '[end]' \
			'port = 1' '[acme]'
	} | cmp - "$CONFIG"
	printf '%s\n' '# mine' 'h:1:*:w' "127.0.0.1:$port:acme:new" \
		'*:*:acme:wild' '' 'old:7:acme:last' | head -c -1 | cmp - "$SECRETS"
	printf '%s\t%s\n' "is there" y host '' TLS '' port '' system_id '' \
		version '' bind '' "password [that of $PWD/$SECRETS:3]" '' >steps
	cp -r .config before
	talk smpp init acme <steps
	[ "$status" -eq 0 ]
	[[ $output != *"== password in"* ]]
	diff -r before .config
	printf '%s\t%s\n' "is there" y host '' TLS '' port '' system_id '' \
		version '' bind '' "password [that of $PWD/$SECRETS:3]" newer >steps
	talk smpp init acme <steps
	[ "$status" -eq 0 ]
	grep -q -x "127.0.0.1:$port:acme:newer" "$SECRETS"
	[ "$(wc -l <"$SECRETS")" -eq 5 ]
}

@test "odd values arrive as they were typed" {
	local id pw
	while IFS=$'\t' read -r id pw; do
		rm -rf .config
		start_peer bind serve
		init 127.0.0.1 no "$port" "$id" 3.4 trx "$pw"
		[ "$status" -eq 0 ]
		grep -q "^in .\{32\}$(printf '%s\0%s\0' "$id" "$pw" |
			od -An -v -tx1 | tr -d ' \n')" peer.out
		stop "$pid"
	done <<-'END'
	a b  c	a b c
	#id	#pw
	=id=:x	=:=:
	a;b;c	x;
	a:b\c\\	\a:\:\\
	\	\
	"q'`$	$(x)"'
	x*	*
	é	ü
	END
}

@test "what cannot be written or sent is asked for again" {
	start_peer bind serve
	long=$(printf '%0300d' 0)
	printf '%s\t%s\n' host '' 'a name or' '' host: 'a b' 'a name or' '' \
		host: '[::1]' 'a name or' '' host: h:1 'a name or' '' \
		host: '#h' 'a name or' '' host: 'smpp://h' 'a name or' '' \
		host: "$long" '255 characters' '' host: "${long:0:198}" \
		'no blanks' '' host: 127.0.0.1 TLS maybe 'yes or no' '' \
		TLS n port 0 'from 1 to' '' port -1 'from 1 to' '' \
		port 65536 'from 1 to' '' port "$port" \
		system_id 1234567890123456 '15 characters' '' \
		system_id '*' '15 characters' '' system_id 'a ;b' 'no blanks' '' \
		system_id ';a' 'no blanks' '' system_id ' a' 'no blanks' '' system_id $'a\eb' 'no control' '' \
		system_id 123456789012345 version 4 '3.3, 3.4 or' '' version 3.3 \
		bind trx 'but not with' '' bind txx 'but not with' '' bind tx \
		password 123456789 '8 characters' '' password 12345678 |
		grep -v -P '^(a name or|yes or no|from 1|15 ch|8 ch|255|3.3,|no |but)' \
		>steps
	talk smpp init acme <steps
	[ "$status" -eq 0 ]
	for text in 'a name or' '255 characters' 'no blanks' 'yes or no' \
		'from 1 to' '15 characters' 'no control' '3.3, 3.4 or 5.0' \
		'but not with 3.3' '8 characters'; do
		[[ $output == *$'\n'"  "*"$text"* ]]
	done
	[ "$(<"$SECRETS")" = "127.0.0.1:$port:123456789012345:12345678" ]
}

@test "Ctrl-C and Ctrl-D at any question: nothing written, the echo on" {
	local answers=(h no 1 acme 3.4 any secret) key want n
	# shellcheck disable=SC2016 # the inner shell expands it
	local shell='trap "" INT; "$@"; echo "status $?"; stty -a'
	for key in '^C 130' '^D 2'; do
		want=${key#* } key=${key% *}
		for ((n = 0; n < 7; n++)); do
			talk sh -c "$shell" sh smpp init acme < <(
				paste <(printf '%s\n' host: TLS port system_id \
					version bind password) \
					<(printf '%s\n' "${answers[@]:0:n}" "$key") |
					head -n $((n + 1))
			)
			[[ $output == *$'\n'"status $want"$'\n'* ]]
			[[ $output == *' echo '* ]]
			[ ! -e .config ]
		done
	done
	talk sh -c "$shell" sh smpp send h -d 1 -m x --ask-password \
		<<<$'password: \t^C'
	[[ $output == *$'\n'"status 130"$'\n'*' echo '* ]]
	[[ $output != *'smpp send:'* ]]
}

@test "nobody to ask" {
	for arg in acme @acme --no-input -q; do
		run -2 --separate-stderr smpp init "$arg" </dev/null
		[[ $stderr == 'smpp init: there is nobody to ask: '*"hint: \
write the profile into $PWD/$CONFIG by hand, see smpp-config(5)" ]]
	done
	talk smpp init --no-input </dev/null
	[ "$status" -eq 2 ]
	talk env -u HOME smpp init acme </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *": neither HOME nor XDG_CONFIG_HOME is set" ]]
	talk smpp init 'a b' </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"'a b' cannot be the name of a profile: "* ]]
	[ ! -e .config ]
}

@test "files that are not in order: said before anything is written" {
	mkdir -p .config/smpp
	echo nonsense >"$CONFIG"
	talk smpp init acme </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"config:1: neither [name] nor key = value" ]]
	rm "$CONFIG"
	echo h:1:acme:x >"$SECRETS"
	chmod 644 "$SECRETS"
	init h n 1 acme '' ''
	[ "$status" -eq 2 ]
	[[ $output == *"readable by group or others"*"hint: chmod 600"* ]]
	[ ! -e "$CONFIG" ]
	rm -r .config
	XDG_CONFIG_HOME=/dev/null/x init h n 1 acme '' '' x
	[ "$status" -eq 9 ]
	[[ $output == *"smpp init: /dev/null/x: Not a directory" ]]
}

@test "a symbolic link stays one" {
	mkdir -p .config/smpp dot
	echo '# mine' >dot/config
	ln -s ../../dot/config "$CONFIG"
	start_peer bind serve
	init 127.0.0.1 n "$port" acme '' '' x
	[ "$status" -eq 0 ]
	[ -L "$CONFIG" ]
	[ "$(head -n 3 dot/config)" = $'# mine\n\n[acme]' ]
}
