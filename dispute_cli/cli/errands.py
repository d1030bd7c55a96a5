"""What may be asked of the command line alone, beside the commands and questions of a store: make one, run many lines, play the demo, print completions."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ..core import instants
from ..core.commands import check_id
from ..core.malformed import Malformed
from ..questions import Events, Tick, check_optional_id

if TYPE_CHECKING:
    from ..runs.scenario.choice import Choice


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


class RunTests(Errand, frozen=True, tag="test"):
    """Run scenario files."""

    choice: "Choice"
    vars_file: str | None = None
    reports: dict[str, str] = {}
    """Form → where it is written."""


class Record(Errand, frozen=True, tag="record"):
    """Write the history of orders as a scenario."""

    id: tuple[str, ...]
    output: str | None = None
    """A new file; None: standard output."""

    def __post_init__(self) -> None:
        for id in self.id:
            check_id(id)


class WritePage(Errand, frozen=True, tag="page"):
    """An order's page, or the list, as one HTML file."""

    output: str
    """A new file; `-`: standard output."""
    id: str | None = None
    at: str | None = None
    """An instant."""

    def __post_init__(self) -> None:
        check_optional_id(self.id)
        if self.at is not None:
            instants.instant(self.at, "at")


class CheckPolicies(Errand, frozen=True, tag="policy check"):
    file: tuple[str, ...] = ()
    """Names or paths; none: the default policy."""
    save: str | None = None
    """A new file for the first story that refutes something, as a scenario."""


class Demo(Errand, frozen=True, tag="demo"):
    """It plays in a folder of its own, and leaves nothing."""


class Help(Errand, frozen=True, tag="help"):
    topic: tuple[str, ...] = ()
    """A topic, or the words of a command; none: the whole."""


class Follow(Errand, frozen=True, tag="events"):
    """Tell events as they are recorded, until interrupted."""

    question: Events


class CrewedTick(Errand, frozen=True, tag="tick"):
    """A tick that several processes carry."""

    question: Tick
    workers: int


class CopyStore(Errand, frozen=True, tag="copy"):
    """Bring one store's facts into another."""

    source: str
    target: str


class ConfigList(Errand, frozen=True, tag="config list"):
    """Every setting, and where it comes from."""


class ConfigGet(Errand, frozen=True, tag="config get"):
    key: str


class ConfigSet(Errand, frozen=True, tag="config set"):
    key: str
    value: str
    user: bool = False
    """In the user's file, not in this folder's."""


class ConfigUnset(Errand, frozen=True, tag="config unset"):
    key: str
    user: bool = False


class ConfigPath(Errand, frozen=True, tag="config path"):
    """Where settings files are looked for."""


class TellTree(Errand, frozen=True, tag="schema"):
    """The command tree as JSON, for tools."""


IN_SPITE_OF_FILES = (Completion, Help, ConfigSet, ConfigUnset, ConfigPath)
"""What mends settings or says how to: it works although a settings file cannot be read."""
