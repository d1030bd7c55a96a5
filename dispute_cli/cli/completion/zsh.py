"""Completion for zsh: a function for each command, with `_arguments`."""

from .walk import Option, Spec, Value

HEAD = """#compdef dispute
# Completion for dispute in zsh, written by `dispute completion zsh`: put it as _dispute into a folder of $fpath.
"""

TAIL = """
if [ "$funcstack[1]" = "_dispute" ]; then
    _dispute "$@"
else
    compdef _dispute dispute
fi
"""


def write(specs: list[Spec]) -> str:
    """The whole script."""
    everywhere = "\n".join(f"        {line}" for option in specs[0].options for line in option_lines(option))
    shared = f"\n_dispute_everywhere() {{\n    everywhere=(\n{everywhere}\n    )\n}}\n"
    return HEAD + shared + "".join(branch(spec, specs) if spec.below else leaf(spec) for spec in specs) + TAIL


def branch(spec: Spec, specs: list[Spec]) -> str:
    """The function of the root or a group: offer the words below, or go on in one of them."""
    helps = {node.words: node.help for node in specs}
    below = [(word, f"{spec.words} {word}".strip()) for word in spec.below]
    offers = "\n".join(f"                {quoted(f'{word}:{helps[words]}')}" for word, words in below)
    calls = "\n".join(f"                {word}) {function(words)} ;;" for word, words in below)
    return f"""
{function(spec.words)}() {{
    local curcontext=$curcontext state line
    local -a everywhere commands
    typeset -A opt_args
    _dispute_everywhere
    _arguments -C $everywhere '1: :->command' '*:: :->rest'
    case $state in
        command)
            commands=(
{offers}
            )
            _describe command commands ;;
        rest)
            case $line[1] in
{calls}
            esac ;;
    esac
}}
"""


def leaf(spec: Spec) -> str:
    """The function of a command."""
    lines = [line for option in spec.options for line in option_lines(option)]
    lines += [argument_line(argument, place) for place, argument in enumerate(spec.arguments, 1)]
    arguments = "".join(f" \\\n        {line}" for line in lines)
    return f"\n{function(spec.words)}() {{\n    local -a everywhere\n    _dispute_everywhere\n    _arguments $everywhere{arguments}\n}}\n"


def function(words: str) -> str:
    return "_dispute" + "".join(f"_{word}" for word in words.replace("-", "_").split())


def option_lines(option: Option) -> list[str]:
    """One specification for each name; a name that may be repeated begins with a star."""
    star = "*" if option.value and option.value.many else ""
    return [quoted(f"{star}{name}[{escaped(option.help)}]{taken(option.value)}") for name in option.names]


def argument_line(argument: Value, place: int) -> str:
    return quoted(f"{'*' if argument.many else place}{taken(argument)}")


def taken(value: Value | None) -> str:
    if value is None:
        return ""
    action = f"({' '.join(value.choices)})" if value.choices else "_files" if value.files else " "
    return f":{escaped(value.name)}:{action}"


def escaped(text: str) -> str:
    for sign in "\\[]:":
        text = text.replace(sign, "\\" + sign)
    return text


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
