#compdef nube
# zsh completion for nube(1)
_nube()
{
    local -a lines values shown
    local line value
    lines=("${(@f)$(command nube completion words -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    case ${lines[1]} in
    files) _files; return ;;
    dirs) _files -/; return ;;
    esac
    for line in "${(@)lines[2,-1]}"; do
        value=${line%%$'\t'*}
        [[ -n $value ]] || continue
        values+=("$value")
        shown+=("$value${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
    done
    (( $#values )) || return 1
    if [[ ${values[1]} == *= ]]; then
        compadd -S '' -l -d shown -a values
    else
        compadd -l -d shown -a values
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _nube "$@"
else
    compdef _nube nube
fi
