"""The shapes of all questions but the most frequent, and the union of every one. Named as `questions.Verify`, as if they stood there."""

from typing import Literal

from ..core import instants
from ..core.commands import check_id
from ..core.malformed import Malformed
from . import Events, Look, Question, Tick, check_optional_id


class Forecast(Question, frozen=True, tag="forecast"):
    """Where silence, and each move possible now, leads one order if everybody stays silent afterwards."""

    id: str

    def check(self) -> None:
        check_id(self.id)


class Ledger(Question, frozen=True, tag="ledger"):
    id: str | None = None

    def check(self) -> None:
        check_optional_id(self.id)


class Deadlines(Question, frozen=True, tag="deadlines"):
    within: str | None = None
    """A duration."""

    def check(self) -> None:
        if self.within is not None:
            instants.duration(self.within, "within")


class EvidenceList(Question, frozen=True, tag="evidence list"):
    id: str

    def check(self) -> None:
        check_id(self.id)


class EvidenceExport(Question, frozen=True, tag="evidence export"):
    id: str
    hash: str
    """SHA-256, 64 lower-case hexadecimal digits."""
    file: str
    """Where the bytes go; `-` is standard output; an existing file is refused."""

    def check(self) -> None:
        check_id(self.id)
        if len(self.hash) != 64 or set(self.hash) - set("0123456789abcdef"):
            raise Malformed("hash", "a HASH is the 64 lower-case hexadecimal digits that `evidence list` shows")


class Verify(Question, frozen=True, tag="verify"):
    pass


class Repair(Question, frozen=True, tag="repair"):
    pass


class Backup(Question, frozen=True, tag="backup"):
    file: str


class Reasons(Question, frozen=True, tag="reasons"):
    pass


class Rules(Question, frozen=True, tag="rules"):
    rule: str | None = None


class PolicyList(Question, frozen=True, tag="policy list"):
    pass


class PolicyShow(Question, frozen=True, tag="policy show"):
    file: tuple[str, ...] = ()
    """Name or path; none: the default policy."""
    toml: bool = False
    """The file's own text: what to begin another one with."""

    def check(self) -> None:
        if len(self.file) > 1:
            raise Malformed("file", "one policy is shown: policy diff compares two.")


class PolicyDiff(Question, frozen=True, tag="policy diff"):
    file: tuple[str, ...] = ()
    """Two names or paths."""

    def check(self) -> None:
        if len(self.file) != 2:
            raise Malformed("file", f"two policies are compared, and {len(self.file)} {'is' if len(self.file) == 1 else 'are'} named")


class Lifecycle(Question, frozen=True, tag="lifecycle"):
    file: tuple[str, ...] = ()
    """Name or path of the policy to draw it under; none: the default one."""
    draw: Literal["text", "mermaid", "dot"] | None = None
    """None: the table as it stands in the code, which no policy changes."""

    def check(self) -> None:
        if len(self.file) > 1:
            raise Malformed("file", "a lifecycle is drawn under one policy.")
        if self.file and self.draw is None:
            raise Malformed("draw", "a policy goes with --draw: the table itself is the same under every one.")


class Schema(Question, frozen=True, tag="schema"):
    name: str | None = None


Asked = (
    Look
    | Tick
    | Forecast
    | Events
    | Ledger
    | Deadlines
    | EvidenceList
    | EvidenceExport
    | Verify
    | Repair
    | Backup
    | Reasons
    | Rules
    | PolicyList
    | PolicyShow
    | PolicyDiff
    | Lifecycle
    | Schema
)
"""Every question that may be asked, on a command line or in a batch."""
