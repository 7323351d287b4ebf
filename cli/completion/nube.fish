# fish completion for nube(1)
function __nube_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape | string collect)
    set -l lines (command nube completion words -- $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case dirs
            __fish_complete_directories "$current"
        case '*'
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end
complete -c nube -f -a '(__nube_complete)'
