"""Completion for PowerShell: tables of words, options and choices, and one block that looks them up."""

from .walk import Spec

SCRIPT = """# Completion for dispute in PowerShell, written by `dispute completion powershell`:
#   dispute completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName dispute -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $below = @{{
{below}
    }}
    $options = @{{
{options}
    }}
    $choices = @{{
{choices}
    }}
    $valued = @({valued})
    $path = ''
    $previous = ''
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {{
        if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) {{ break }}
        $word = $element.Extent.Text
        if (-not ($valued -contains $previous) -and -not $word.StartsWith('-') -and $below.ContainsKey($path)) {{
            $path = "$path $word".Trim()
        }}
        $previous = $word
    }}
    $found = if ($choices.ContainsKey("${{path}}:$previous")) {{ $choices["${{path}}:$previous"] }}
    elseif ($choices.ContainsKey(":$previous")) {{ $choices[":$previous"] }}
    elseif ($valued -contains $previous) {{ @() }}
    elseif ($wordToComplete.StartsWith('-')) {{ @($options[$path]) + @($options['']) }}
    else {{ $below[$path] }}
    $found | Where-Object {{ $_ -like "$wordToComplete*" }} | Select-Object -Unique | ForEach-Object {{
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }}
}}
"""


def write(specs: list[Spec]) -> str:
    """The whole script."""
    with_choices = [(spec, option) for spec in specs for option in spec.options if option.value and option.value.choices]
    valued = sorted({name for spec in specs for option in spec.options if option.value for name in option.names})
    return SCRIPT.format(
        below=rows({spec.words: after(spec) for spec in specs if after(spec)}),
        options=rows({spec.words: tuple(name for option in spec.options for name in option.names) for spec in specs if spec.options}),
        choices=rows({f"{spec.words}:{option.names[-1]}": option.value.choices for spec, option in with_choices if option.value}),
        valued=listed(tuple(valued)),
    )


def after(spec: Spec) -> tuple[str, ...]:
    """What follows a command's words when it is no option."""
    return spec.below or tuple(choice for argument in spec.arguments for choice in argument.choices)


def rows(table: dict[str, tuple[str, ...]]) -> str:
    return "\n".join(f"        '{name}' = @({listed(words)})" for name, words in table.items())


def listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
