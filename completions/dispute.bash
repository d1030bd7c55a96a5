# Completion for dispute in bash, 3.2 or newer. In ~/.bashrc:
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
