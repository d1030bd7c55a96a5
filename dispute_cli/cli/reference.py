"""What is so without any order, on the command line: reasons, rules, policies, lifecycle, schema. Words into structs, nothing else."""

from typing import Annotated, Literal

from typer import Argument, Option

from ..questions import Lifecycle, PolicyDiff, PolicyList, PolicyShow, Reasons, Rules, Schema
from .errands import CheckPolicies, Help, TellTree


def reasons() -> Reasons:
    """List the reasons to open a dispute for."""
    return Reasons()


def rules(rule: Annotated[str | None, Argument(metavar="RULE", help="Only this rule, as D7.", show_default=False)] = None) -> Rules:
    """Show the rule book."""
    return Rules(rule=rule)


def list_policies() -> PolicyList:
    """List the policies that come with dispute."""
    return PolicyList()


def show_policy(
    file: Annotated[list[str] | None, Argument(metavar="NAME|FILE", help="The policy.", show_default=False)] = None,
    toml: Annotated[bool, Option("--toml", help="Print the file itself: what to begin another one with.")] = False,
) -> PolicyShow:
    """Show every number and choice of a policy."""
    return PolicyShow(file=tuple(file or ()), toml=toml)


def diff_policies(file: Annotated[list[str], Argument(metavar="NAME|FILE", help="The two policies.", show_default=False)]) -> PolicyDiff:
    """Show where two policies differ, and where each figure comes from."""
    return PolicyDiff(file=tuple(file))


def check_policy(
    file: Annotated[list[str] | None, Argument(metavar="NAME|FILE", help="The policies.", show_default=False)] = None,
    save: Annotated[str | None, Option("--save", metavar="SCENARIO", help="Write the story that refutes one as a scenario.")] = None,
) -> CheckPolicies:
    """Prove that a policy has no traps, or show the shortest story into one."""
    return CheckPolicies(file=tuple(file or ()), save=save)


def lifecycle(
    file: Annotated[list[str] | None, Argument(metavar="NAME|FILE", help="The policy to draw it under.", show_default=False)] = None,
    draw: Annotated[Literal["text", "mermaid", "dot"] | None, Option("--draw", metavar="FORM", help="Draw where everything leads: text, mermaid or dot.")] = None,
) -> Lifecycle:
    """Show who may do what in which status, and where it leads."""
    return Lifecycle(file=tuple(file or ()), draw=draw)


def schema(name: Annotated[str | None, Argument(metavar="NAME", help="The shape; commands: the command line itself.", show_default=False)] = None) -> Schema | TellTree:
    """Print the JSON Schema of a shape, or the names."""
    return TellTree() if name == "commands" else Schema(name=name)


def help_topic(
    topic: Annotated[list[str] | None, Argument(metavar="TOPIC", help="A topic, or the words of a command.", show_default=False)] = None,
) -> Help:
    """Show a topic, or the help of a command."""
    return Help(topic=tuple(topic or ()))
