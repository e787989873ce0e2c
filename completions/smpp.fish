# fish completion of smpp: the program itself knows what may follow.
function __smpp_complete
    # A quotation mark that is still open is not part of the word.
    set -l words (commandline -opc) \
        (commandline -ct | string replace -r '^[\'"]' '')
    for line in (command $words[1] __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = :files
            set -l option (string match -r '^--[^=]+=' -- $words[-1])
            printf "$option%s\n" (__fish_complete_path \
                (string replace -- "$option" '' $words[-1]))
        else
            echo $line
        end
    end
end
complete -c smpp -f -a '(__smpp_complete)'
