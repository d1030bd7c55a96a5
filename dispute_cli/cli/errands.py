"""What may be asked of the command line alone, beside the commands and questions of a store: make one, run many lines, play the demo, print completions."""

from typing import Literal

from msgspec import Struct

from ..core import instants
from ..core.malformed import Malformed


class Errand(Struct, frozen=True, kw_only=True, tag_field="command"):
    """Something that has no place in a batch."""


class Init(Errand, frozen=True, tag="init"):
    start: str | None = None
    """An instant; None: the start of 2026, or now on a wall clock."""
    seed: int = 0
    policy: str | None = None
    """Name or path; None: the default policy."""
    clock: Literal["simulated", "wall"] = "simulated"
    force: bool = False

    def __post_init__(self) -> None:
        if self.start is not None:
            instants.instant(self.start, "start")


class Completion(Errand, frozen=True, tag="completion"):
    shell: Literal["bash", "zsh", "fish", "powershell"]


class RunBatch(Errand, frozen=True, tag="batch"):
    file: str = "-"
    """`-` is standard input."""
    atomic: bool = False
    keep_going: bool = False

    def __post_init__(self) -> None:
        if self.atomic and self.keep_going:
            raise Malformed("atomic", "--atomic and --keep-going contradict each other: give one of them.")


class Demo(Errand, frozen=True, tag="demo"):
    """It plays in a folder of its own, and leaves nothing."""
