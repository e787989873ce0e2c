# Completion: what the program offers, and the three shells that ask it.
load helper

# offers WORD...: the candidates for the last word, without their meanings.
offers() {
	smpp __complete -- "$@" | cut -f1
}

@test "commands, with what they do" {
	local cmd
	for cmd in $(smpp --list); do
		smpp __complete -- '' | grep -q -P "^$cmd\t[a-z]"
		[ "$(offers "$cmd" | grep -c -x "$cmd")" -eq 1 ]
		[ "$(offers -q "$cmd" | grep -c -x "$cmd")" -eq 1 ]
	done
	[ "$(offers xyzzy)" = "" ]
	[ "$(offers)" = "" ]
}

@test "hidden commands are not offered, listed or explained" {
	[ "$(offers __)" = "" ]
	run -1 grep __ < <(smpp --list; smpp --help; smpp help)
}

@test "every option of every command, with what it does" {
	local cmd option
	for cmd in $(smpp --list); do
		offers "$cmd" -- >options
		[ -s options ]
		while read -r option; do
			[ "$(offers "$cmd" "$option" | grep -c -x -e "$option")" -eq 1 ]
			smpp "$cmd" --help | grep -q -e " $option\\b"
		done <options
		run -1 grep -P -v '^-.*\t.' < <(smpp __complete -- "$cmd" -)
	done
}

@test "values: words, files, keys" {
	[ "$(offers --color '')" = "$(printf '%s\n' auto always never)" ]
	[ "$(offers --color=al)" = --color=always ]
	[ "$(offers help --color n)" = never ]
	[ "$(offers --output '')" = :files ]
	[ "$(offers -qo x)" = :files ]
	[ "$(offers --tsv type,command_status_)" = type,command_status_name ]
	[ "$(offers -F 'a %{message_id} %{command_status_')" = \
		'a %{message_id} %{command_status_name}' ]
	[ "$(offers -F plain)" = "" ]
}

@test "values of the options of a command" {
	are() {
		local want=$1
		shift
		[ "$(offers "$@" | xargs)" = "$want" ] || {
			echo "$* offers:" && offers "$@"
			return 1
		}
	}
	are '3.3 3.4 5.0' send --smpp-version ''
	are --smpp-version=5.0 listen --smpp-version=5
	are 'tx rx trx' bind-test -b ''
	are international send --addr-ton int
	are isdn request --addr-npi isd
	are 'ucs2 utf8' send -e u
	are auto send --encoding au
	are 'udh udh16' load --split u
	are es send --national e
	are 'none' listen --ack n
	are ESME_RTHROTTLED listen --ack ESME_RTHR
	are DELIVRD,SCHEDULED dlr-parse --only DELIVRD,SC
	are 'mt-detail' dlr-parse --err-set m
	are '10ms 10s 10m 10h' bind-test -t 10
	are '5ms 5m' listen -W 5m
	are none send --connect-timeout ''
	are '600/s 600/m' send -R 600
	are ucs2 send --data-coding uc
	are :files send --cacert ''
	are :files send -f x
	are "" send --host ''
}

@test "profiles, as @NAME where a target goes" {
	local cmd
	mkdir -p .config/smpp
	printf '%s\n' '[acme]' 'host = h' '[lab]' '[acme]' '[default]' \
		'no line' '[x]' >.config/smpp/config
	for cmd in send listen bind-test query; do
		[ "$(offers "$cmd" '' | xargs)" = '@acme @lab @default @x' ]
		[ "$(offers "$cmd" -q @l)" = @lab ]
		[ "$(offers "$cmd" h '')" = "" ]
		[ "$(offers "$cmd" hos)" = "" ]
	done
	[ "$(offers request @a)" = @acme ]
	[ "$(offers request @acme query_s)" = query_sm ]
	[ "$(offers request query_sm @a)" = "" ]
	[ "$(offers init '' | xargs)" = 'acme lab default x' ]
	[ "$(smpp __complete -- send @ 2>&1 >/dev/null)" = "" ]
	SMPP_CONFIG=/nonexistent run -0 offers send ''
	[ "$output" = "" ]
}

@test "the actions of a rule, and what they can be" {
	local rules=(smsc --rule) name
	# all that --help lists, with the '=' of a value that must be given
	diff <(offers "${rules[@]}" 'p=1 -> ' | sed 's/^p=1 -> //') \
		<(smpp smsc --help | sed -n '/^Actions of rules:$/,/^$/{
			/^  [a-z]/!d
			s/^  //; s/[[ ].*//; s/=.*/=/; p
		}')
	[ "$(smpp __complete -- "${rules[@]}" 'p=1 -> tw')" = \
		$'p=1 -> twice\tanswer twice' ]
	[ "$(offers smsc '--rule=p=1->dro')" = '--rule=p=1->drop' ]
	[ "$(offers "${rules[@]}" 'p=1 -> delay=uniform(1s,2s), stat')" = \
		'p=1 -> delay=uniform(1s,2s), status=' ]
	[ "$(offers "${rules[@]}" 'p=1 -> status=ESME_RTHR')" = \
		'p=1 -> status=ESME_RTHROTTLED' ]
	[ "$(offers "${rules[@]}" 'p=1 -> drop,command_id=submit_sm_')" = \
		'p=1 -> drop,command_id=submit_sm_resp' ]
	[ "$(offers "${rules[@]}" 'p=1 -> tlv=user_me')" = \
		'p=1 -> tlv=user_message_reference' ]
	[ "$(offers "${rules[@]}" 'p=1 -> bind=lo')" = 'p=1 -> bind=long' ]
	[ "$(offers "${rules[@]}" 'p=1 -> receipt=ENR')" = \
		'p=1 -> receipt=ENROUTE' ]
	[ "$(offers "${rules[@]}" 'p=1')" = "" ]
	[ "$(offers "${rules[@]}" 'p=1 -> nothing=')" = "" ]
}

@test "what help explains" {
	[ "$(offers help st)" = status ]
	[ "$(offers help status ESME_RTHR)" = ESME_RTHROTTLED ]
	[ "$(offers help pdu submit_sm_)" = submit_sm_resp ]
	[ "$(offers help tlv user_m)" = user_message_reference ]
	[ "$(offers help field esm_c)" = esm_class ]
	[ "$(offers help exit 1 '')" = "" ]
	[ "$(offers help exit | sort -n | tail -1)" = exit ]
	[ "$(offers help exit 1)" = "$(printf '1\n10')" ]
	[ "$(offers help nothing '')" = "" ]
}

@test "after -- there are no options" {
	[ "$(offers help -- -)" = "" ]
	[ "$(offers help -- st)" = status ]
}

# bash_offers LINE: what bash would insert or show at the end of LINE.
bash_offers() {
	bash --norc -c '
		source "$1"
		compopt() { :; }
		line=${2//=/ = }
		read -r -a words <<<"${line//@/ @ }"
		[[ $2 != *" " ]] || words+=("")
		COMP_WORDS=("${words[@]}") COMP_CWORD=$((${#words[@]} - 1))
		word=${words[-1]}
		_smpp smpp "${word#=}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$root/completions/smpp.bash" "$1"
}

@test "bash asks the program" {
	[ "$(bash_offers 'smpp help sta')" = status ]
	[ "$(bash_offers 'smpp --color=al')" = always ]
	[ "$(bash_offers 'smpp --color=')" = "$(offers --color '')" ]
	touch some-file
	[ "$(bash_offers 'smpp -o some-')" = some-file ]
	mkdir -p .config/smpp
	printf '%s\n' '[acme]' '[acorn]' '[lab]' >.config/smpp/config
	[ "$(bash_offers 'smpp send @ac' | xargs)" = 'acme acorn' ]
	[ "$(bash_offers 'smpp send ' | xargs)" = '@acme @acorn @lab' ]
	[ "$(bash_offers 'smpp listen @lab --smpp-version=5')" = 5.0 ]
}

@test "zsh asks the program" {
	command -v zsh >/dev/null || skip 'no zsh'
	# shellcheck disable=SC2016
	run -0 zsh -f -c '
		_describe() { print -l -- $done "open:" $open }
		_smpp() { source $file }
		file=$1 words=(smpp help sta) CURRENT=3
		_smpp
		words=(smpp --color=al) CURRENT=2
		_smpp
	' zsh "$root/completions/_smpp"
	[ "$output" = 'status:what a command_status means
open:
--color=always
open:' ]
}

@test "fish asks the program" {
	command -v fish >/dev/null || skip 'no fish'
	touch some-file
	# shellcheck disable=SC2016
	run -0 fish --no-config -c '
		source $argv[1]
		complete -C "smpp help sta"
		complete -C "smpp --color=al"
		complete -C "smpp send --batch=some-"
		complete -C "smpp send -f some-"
	' "$root/completions/smpp.fish"
	[ "$output" = "$(printf 'status\twhat a command_status means
--color=always\n--batch=some-file\nsome-file')" ]
}

# typed SHELL...: the words that smpp gets when a shell at a prompt, which may
# take a line to be set up first, $setup, is typed a rule with a TAB at its end.
typed() {
	mkdir -p bin
	cat >bin/smpp <<-END
		#!/bin/sh
		[ "\$1" = __complete ] && exec "$B/smpp" "\$@"
		printf '<%s>' "\$@" && echo
	END
	chmod +x bin/smpp
	PATH=$PWD/bin:$PATH setup=$setup timeout "$WAIT" expect -f - -- \
		"$@" <<-'END' | grep -o '<smsc>.*'
		set timeout 10
		spawn -noecho {*}$argv
		expect -re {[#$>] ?}
		send -- "$env(setup); echo re\"\"ady\r"
		expect ready
		send -- "smpp smsc --rule 'p=1 -> twi\t\r"
		expect -re {<smsc>.*\n}
	END
}

@test "an action at a prompt, within quotation marks" {
	local want=$'<smsc><--rule><p=1 -> twice>'
	setup=". $root/completions/smpp.bash"
	[ "$(typed bash --norc -i | tr -d '\r')" = "$want" ]
	if command -v zsh >/dev/null; then
		setup="fpath=($root/completions \$fpath)
			autoload -Uz compinit; compinit -u -D"
		[ "$(typed zsh -f -i | tr -d '\r')" = "$want" ]
	fi
	if command -v fish >/dev/null; then
		setup="source $root/completions/smpp.fish"
		[[ $(typed fish --no-config) == *"$want"* ]]
	fi
}
