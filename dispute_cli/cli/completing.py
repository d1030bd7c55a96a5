"""Shell completion on the command line. Words into structs, nothing else; the scripts are written in completions/."""

from typing import Annotated, Literal

from typer import Argument

from .errands import Completion


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish", "powershell"], Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
) -> Completion:
    """Print the completion script of a shell."""
    return Completion(shell=shell)
