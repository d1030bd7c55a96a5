"""Completion for fish: a line for each word and option, shown where a function says the command line is."""

from .walk import Option, Spec, Value

HEAD = """# Completion for dispute in fish, written by `dispute completion fish`:
#   dispute completion fish > ~/.config/fish/completions/dispute.fish

function __dispute_path
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case {valued}
                set skip 1
            case '-*'
            case '*'
                if test -z "$path"; or contains -- "$path" {groups}
                    set path (string trim -- "$path $word")
                end
        end
    end
    echo $path
end

function __dispute_at
    test (__dispute_path) = "$argv"
end

complete -c dispute -f
"""


def write(specs: list[Spec]) -> str:
    """The whole script."""
    root, *nodes = specs
    valued = sorted({name for spec in specs for option in spec.options if option.value for name in option.names})
    helps = {node.words: node.help for node in nodes}
    lines = [option_line("", option) for option in root.options]
    for spec in specs:
        for word in spec.below:
            lines.append(f"{at(spec.words)} -a {word} -d {quoted(helps[f'{spec.words} {word}'.strip()])}")
        lines += [option_line(at(spec.words), option) for option in spec.options if spec.words]
        lines += [f"{at(spec.words)} {taken(argument)}" for argument in spec.arguments if argument.choices or argument.files]
    head = HEAD.format(valued=" ".join(valued), groups=" ".join(node.words for node in nodes if node.below))
    return head + "\n".join(lines) + "\n"


def at(words: str) -> str:
    condition = f"__dispute_at {words}".strip() if words else 'test -z "(__dispute_path)"'
    return f"complete -c dispute -n {quoted(condition)}"


def option_line(where: str, option: Option) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    value = f" {taken(option.value)}" if option.value else ""
    return f"{where or 'complete -c dispute'} {names}{value} -d {quoted(option.help)}"


def taken(value: Value) -> str:
    if value.choices:
        return f"-x -a {quoted(' '.join(value.choices))}"
    return "-r -F" if value.files else "-x"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
