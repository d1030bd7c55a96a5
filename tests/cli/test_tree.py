"""The table of subcommands and the input format hold the same commands."""

from dispute_cli.cli import tree
from dispute_cli.core.commands import Spoken, name_of
from dispute_cli.questions import Asked

ERRANDS = {"init", "batch", "test", "record", "page", "copy", "policy check", "demo", "completion", "help", "config list", "config get", "config set", "config path", "config unset"}


def test_every_command_and_question_can_be_said_on_a_command_line() -> None:
    assert {name_of(kind) for kind in (*Spoken.__args__, *Asked.__args__)} | ERRANDS == set(tree.COMMANDS)
