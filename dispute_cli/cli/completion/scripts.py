"""The scripts: each hands its shell the line up to the cursor, and shows what comes back. No word of a command line is known here.

The line is handed over as it is typed, as one argument: each shell cuts it into words in its own way, bash at `=` and `:` too, and nothing
of it may be run. An answer is a line `VALUE<TAB>DESCRIPTION`; `:files` asks the shell for files.
"""

SCRIPTS = {
    "bash": r"""# Completion for dispute in bash, 3.2 or newer. In ~/.bashrc:
#   source <(dispute completion bash)
# Bash 3.2 does not read a <(…); there: eval "$(dispute completion bash)"

_dispute() {
    local value about files= width=0 i
    local -a abouts
    COMPREPLY=()
    while IFS=$'\t' read -r value about; do
        if [[ $value == :files ]]; then
            files=1
            continue
        fi
        # Where = separates words, bash wants what comes after it.
        [[ $COMP_WORDBREAKS == *=* ]] && value=${value#--*=}
        ((${#value} > width)) && width=${#value}
        COMPREPLY+=("$value")
        abouts+=("$about")
    done < <(dispute __complete bash "${COMP_LINE:0:COMP_POINT}" 2> /dev/null)
    if [[ $files ]]; then
        compopt -o filenames 2> /dev/null
        compopt +o nosort 2> /dev/null
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$2")
    elif ((${#COMPREPLY[@]} > 1)) && [[ $COMP_TYPE == 33 || $COMP_TYPE == 63 || $COMP_TYPE == 64 ]]; then
        # They are only listed now, not put into the line: each with its description.
        for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
            [[ ${abouts[i]} ]] || continue
            printf -v value '%-*s  (%s)' "$width" "${COMPREPLY[i]}" "${abouts[i]}"
            COMPREPLY[i]=${value:0:${COLUMNS:-80} - 1}
        done
    fi
}

complete -o nosort -F _dispute dispute 2> /dev/null || complete -F _dispute dispute
""",
    "zsh": r"""#compdef dispute
# Completion for dispute in zsh: put it as _dispute into a folder of $fpath, or in ~/.zshrc, after compinit:
#   source <(dispute completion zsh)

_dispute() {
    local answer value files width=0 i found=1
    local -a values abouts lines form expl
    for answer in ${(f)"$(dispute __complete zsh "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2> /dev/null)"}; do
        if [[ $answer == :files ]]; then
            files=1
            continue
        fi
        value=${answer%%$'\t'*}
        (( $#value > width )) && width=$#value
        values+=("$value")
        abouts+=("${answer[$#value+2,-1]}")
    done
    # Not with _describe: it would put those with the same description into one line, in another order.
    for (( i = 1; i <= $#values; i++ )); do
        value=$values[i]
        [[ -n $abouts[i] ]] && value="${(r:$width:)value}  -- $abouts[i]" form=(-l)
        lines+=("${value[1,COLUMNS-1]}")
    done
    (( $#values )) && _wanted -V offers expl offer compadd $form -d lines -a values && found=0
    [[ -n $files ]] && { compset -P '--*='; _files && found=0 }
    return found
}

if [[ $funcstack[1] == _dispute ]]; then
    _dispute "$@"
else
    compdef _dispute dispute
fi
""",
    "fish": r"""# Completion for dispute in fish:
#   dispute completion fish > ~/.config/fish/completions/dispute.fish

function __dispute_offer
    set -l line (commandline -cp)
    for answer in (dispute __complete fish "$line" 2> /dev/null)
        if test "$answer" = :files
            set -l word (commandline -ct)
            set -l head (string match -r -- '^--[^=]*=' "$word")
            for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' "$word"))
                printf '%s\n' "$head$path"
            end
        else
            printf '%s\n' $answer
        end
    end
end

complete -c dispute -f -k -a '(__dispute_offer)'
""",
    "powershell": r"""# Completion for dispute in PowerShell, not tried in each of its versions. In $PROFILE:
#   dispute completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName dispute -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = $commandAst.Extent.Text.PadRight($length).Substring(0, $length)
    dispute __complete powershell $line 2> $null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if ($value -eq ':files') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}
""",
}
