"""Completion for bash, without bash-completion: one function that finds the command called and offers what may follow."""

from .walk import Option, Spec

SCRIPT = r"""# Completion for dispute in bash, written by `dispute completion bash`.
#   source <(dispute completion bash)

_dispute() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} path= word i offer= files=
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${{COMP_WORDS[i]}}
        case $word in
            {valued}) ((i++)) ;;
            -*) ;;
            *) case $path in
                '' | {groups}) path=${{path:+$path }}$word ;;
            esac ;;
        esac
    done
    case $path:$prev in
{values}
        *) case $cur in
            -*) case $path in
{options}
                esac
                offer="$offer {everywhere}" ;;
            *) case $path in
{words}
            esac ;;
        esac ;;
    esac
    COMPREPLY=()
    if [[ $offer ]]; then
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$offer" -- "$cur")
    fi
    if [[ $files ]]; then
        compopt -o filenames 2> /dev/null
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
    fi
}}

complete -F _dispute dispute
"""


def write(specs: list[Spec]) -> str:
    """The whole script."""
    root, *nodes = specs
    valued = sorted({name for spec in specs for option in spec.options if option.value for name in option.names})
    values = [line for spec in specs for option in spec.options for line in value_lines(spec, option)]
    options = [f"                    '{node.words}') offer='{' '.join(names(node))}' ;;" for node in nodes if node.options]
    return SCRIPT.format(
        valued=" | ".join(valued),
        groups=" | ".join(node.words for node in nodes if node.below),
        values="\n".join(values),
        options="\n".join(options),
        everywhere=" ".join(names(root)),
        words="\n".join(line for spec in specs for line in word_lines(spec)),
    )


def names(spec: Spec) -> list[str]:
    return [name for option in spec.options for name in option.names]


def value_lines(spec: Spec, option: Option) -> list[str]:
    """What follows an option that takes a value."""
    if option.value is None:
        return []
    path = f"'{spec.words}'" if spec.words else "*"
    return [f"        {path}:{name}) {offered(option.value.choices, option.value.files)} ;;" for name in option.names]


def offered(choices: tuple[str, ...], files: bool) -> str:
    return f"offer='{' '.join(choices)}'" if choices else "files=1" if files else ":"


def word_lines(spec: Spec) -> list[str]:
    """What follows a command's words when it is no option."""
    choices = spec.below or tuple(choice for argument in spec.arguments for choice in argument.choices)
    files = any(argument.files for argument in spec.arguments)
    return [f"                '{spec.words}') {offered(choices, files)} ;;"] if choices or files else []
