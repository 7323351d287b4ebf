# bash completion for nube(1)
_nube()
{
    local line=${COMP_LINE:0:COMP_POINT} raw gap word i reply quoted=''
    local -a typed=() lines=()
    # The words as they were typed: bash splits at "=" and ":" too.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${line%%[![:space:]]*}
        line=${line#"$gap"}
        word=${COMP_WORDS[i]}
        if [ "$i" -eq "$COMP_CWORD" ]; then word=$line; fi
        if [ -z "$gap" ] && [ "$i" -gt 0 ]; then typed[-1]+=$word; else typed+=("$word"); fi
        line=${line#"$word"}
    done
    raw=${typed[-1]}
    case $raw in [\"\']*) quoted=${raw:0:1} ;; esac
    for i in "${!typed[@]}"; do
        typed[i]=${typed[i]//[\\\"\']/}
    done
    mapfile -t lines < <(nube completion words -- "${typed[@]:1}" 2>/dev/null)
    COMPREPLY=()
    case ${lines[0]-} in
    files | dirs)
        if [ "${lines[0]}" = dirs ]; then compopt -o dirnames; else compopt -o default; fi
        return
        ;;
    esac
    # What is before the last "=" or ":" stays on the line as it is.
    local cur=${typed[-1]} before=''
    case $COMP_WORDBREAKS in *=*) case $cur in *=*) before=${cur%"${cur##*=}"} ;; esac ;; esac
    case $COMP_WORDBREAKS in *:*) case ${cur#"$before"} in *:*) before=${cur%"${cur##*:}"} ;; esac ;; esac
    [ -z "$quoted" ] || before=''
    for reply in "${lines[@]:1}"; do
        reply=${reply%%$'\t'*}
        reply=${reply#"$before"}
        case $reply in *=) compopt -o nospace ;; esac
        case $reply in *[\\\$\`\"\'!]*) [ -z "$quoted" ] || continue ;; esac
        case $reply in *=) ;; *) [ -n "$quoted" ] || printf -v reply %q "$reply" ;; esac
        COMPREPLY+=("$reply")
    done
}
complete -F _nube nube
