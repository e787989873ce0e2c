# bash completion of smpp: the program itself knows what may follow.
_smpp()
{
	local word line words=()
	# Bash splits at '=', ':' and '@'; the program wants whole words. Only
	# '@' begins one, too: a profile.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if [[ ${#words[@]} -gt 0 && ( $word == [=:]* ||
			${words[-1]} == *[=:@] ) ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	while IFS= read -r line; do
		if [[ $line == :files ]]; then
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -f -- "$2")
			return
		fi
		line=${line%%$'\t'*}
		[[ $line != *[=.] ]] || compopt -o nospace
		COMPREPLY+=("${line#"${words[-1]%"$2"}"}")
	done < <("$1" __complete -- "${words[@]}" 2>/dev/null)
}
complete -F _smpp smpp
