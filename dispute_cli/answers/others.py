"""The shapes of all answers but those of commands on an order: the clock, lists, verify, tests, policies, settings. Named as `answers.Verified`, as if they stood there."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from ..core.words import Actor, Cause, Kind, Outcome, Status
from . import CONTRACT, Answer, Claim, Deadline, Demand, Evidence, Offer, Written


class OrderDeadline(Struct, frozen=True):
    order: str
    kind: Kind
    at: datetime
    actor: Actor
    means: str


class Row(Struct, frozen=True):
    """An order in the list."""

    id: str
    status: Status
    label: str
    outcome: Outcome | None
    cause: Cause | None
    title: str | None
    buyer: str
    seller: str
    currency: str
    total: str
    opened_at: datetime | None
    reason: str | None
    demand: Demand | None
    offer: Offer | None
    claim: Claim | None
    next_deadline: Deadline | None


class Posting(Struct, frozen=True):
    seq: int
    at: datetime
    order: str
    account: str
    amount: str
    currency: str


class Balance(Struct, frozen=True):
    account: str
    currency: str
    amount: str


class Made(Written, frozen=True, kw_only=True):
    """`init`."""

    store: str
    start: datetime
    seed: int
    policy: str
    clock: str


class Ticked(Written, frozen=True, kw_only=True):
    from_: datetime = field(name="from")
    to: datetime
    fired: int
    """Deadlines."""
    events: tuple[dict[str, Any], ...]
    next: OrderDeadline | None
    bounded: bool = False
    """`--until-idle` ended at its bound, not because nothing was left (K4)."""


class Foreseen(Struct, frozen=True):
    """How an order ends; of one that does not end in the calendar, where it stands then."""

    status: Status
    cause: Cause | None
    refund: str | None
    release: str | None
    settled_at: datetime | None
    paid_at: datetime | None
    """When the buyer has the refund; None where nothing is paid out."""


class Prospect(Struct, frozen=True):
    """A whole command that would be accepted now, and where it leads."""

    actor: Actor
    command: str
    args: dict[str, Any]
    outcome: Foreseen


class Forecast(Answer, frozen=True, kw_only=True):
    """`forecast`: everybody silent afterwards."""

    order: str
    status: Status
    currency: str
    silence: Foreseen
    moves: tuple[Prospect, ...]


class Listed(Answer, frozen=True, kw_only=True):
    """`status` without an id."""

    orders: tuple[Row, ...]
    at: datetime | None = None


class EventsTold(Answer, frozen=True, kw_only=True):
    events: tuple[dict[str, Any], ...]


class Streamed(Struct, frozen=True):
    """An answer whose lists are told row by row as it is written out: there is more than memory should hold."""

    answer: Answer
    """Its lists empty."""
    lists: dict[str, Iterable[Any]]
    """Rows by the list's name, in the order of the answer."""
    held: AbstractContextManager[Any] = nullcontext()
    """What stays open until all is told."""

    @property
    def now(self) -> datetime | None:
        return self.answer.now

    @property
    def changed(self) -> bool:
        return isinstance(self.answer, Written) and self.answer.changed


class LedgerTold(Answer, frozen=True, kw_only=True):
    postings: tuple[Posting, ...]
    balances: tuple[Balance, ...]


class DeadlinesTold(Answer, frozen=True, kw_only=True):
    deadlines: tuple[OrderDeadline, ...]


class EvidenceTold(Answer, frozen=True, kw_only=True):
    evidence: tuple[Evidence, ...]


class Exported(Answer, frozen=True, kw_only=True):
    hash: str
    file: str
    size: int
    dry_run: bool = False


class Problem(Struct, frozen=True):
    message: str
    commit: int | None
    line: int | None
    order: str | None


class Verified(Answer, frozen=True, kw_only=True):
    checked: int
    """Events."""
    problems: tuple[Problem, ...]


class Unmet(Struct, frozen=True):
    """An expectation of a scenario that does not hold."""

    step: int
    """From 1."""
    name: str | None
    file: str
    line: int
    column: int
    excerpt: tuple[str, ...]
    """The line, and a caret below what is meant."""
    message: str
    expected: str
    found: str
    left: str | None = None
    """With `--update`: why it was not rewritten; null where it was not asked to be."""


class Test(Struct, frozen=True):
    """A scenario, or one case of it."""

    file: str
    line: int
    scenario: str
    case: str | None
    tags: tuple[str, ...]
    outcome: Literal["passed", "failed", "listed"]
    steps: int
    """That were carried out; listed: that it has."""
    start: datetime
    failures: tuple[Unmet, ...]
    """Of the step that ended it."""
    events: tuple[dict[str, Any], ...]
    """EVENT, up to where it failed; none of a test that passed."""
    reproduce: str | None
    """The command that runs up to the step that failed alone."""

    @property
    def title(self) -> str:
        return f"{self.scenario} [{self.case}]" if self.case is not None else self.scenario


class WrongFile(Struct, frozen=True):
    """A scenario file that is wrong, and was not run."""

    file: str
    line: int | None
    column: int | None
    excerpt: tuple[str, ...]
    message: str
    hint: str | None

    @property
    def place(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Tested(Answer, frozen=True, kw_only=True):
    """`test`."""

    passed: int
    failed: int
    wrong: int
    """Files."""
    updated: int = 0
    """Expectations that `--update` rewrote."""
    tests: tuple[Test, ...]
    files: tuple[WrongFile, ...]
    """Those that are wrong."""


class Recorded(Answer, frozen=True, kw_only=True):
    """`record`."""

    scenario: str
    """A scenario file's text."""
    file: str | None
    """Where it was written; None: nowhere but here."""
    dry_run: bool = False


class PageWritten(Answer, frozen=True, kw_only=True):
    """`page`."""

    file: str
    size: int
    """Bytes."""
    dry_run: bool = False


class Repaired(Written, frozen=True, kw_only=True):
    removed: tuple[str, ...]


class BackedUp(Answer, frozen=True, kw_only=True):
    file: str
    dry_run: bool = False


class Copied(Answer, frozen=True, kw_only=True):
    """A store brought into another; `from` and `to` as they may be shown, without a password."""

    changed: bool
    dry_run: bool = False
    from_: str = field(name="from")
    to: str
    events: int
    """New in the copy."""
    orders: int
    """Compared, event by event."""


class Reason(Struct, frozen=True):
    reason: str
    received: bool
    evidence: str
    refund: str
    after: str | None
    says: str


class ReasonsTold(Answer, frozen=True, kw_only=True):
    policy: str
    reasons: tuple[Reason, ...]


class RuleTold(Struct, frozen=True):
    rule: str
    chapter: str
    kind: str
    """`refuses`, `causes` or `advises`."""
    sentence: str
    policy: dict[str, Any]
    """The policy's figures that it reads, by dotted key."""
    choices: dict[str, str]
    """What a policy may choose instead, and what the rule says then."""
    article: str | None
    """The sentence of the article that it is drawn from; None: the article is silent, the rule is ours."""
    example: tuple[str, ...]
    """Command lines that show it, the last one above all; in a new store with one order O-1 and a picture cup.png beside it."""
    scenarios: tuple[str, ...]
    """Scenarios that prove it, each as `FILE: NAME`; the files are the project's own, as are its tests."""


class RulesTold(Answer, frozen=True, kw_only=True):
    rules: tuple[RuleTold, ...]


class PolicyTold(Struct, frozen=True):
    name: str
    title: str
    hash: str


class PoliciesTold(Answer, frozen=True, kw_only=True):
    policies: tuple[PolicyTold, ...]


class PolicyShown(Answer, frozen=True, kw_only=True):
    hash: str
    policy: dict[str, Any]
    toml: str | UnsetType = UNSET
    """With `--toml`: the file's own text."""


class Difference(Struct, frozen=True):
    """Where two policies differ."""

    key: str
    """A figure or choice, as `protection.days`; a reason, as `reasons.defective`; or `not_modelled`."""
    left: Any
    """None: not there."""
    right: Any
    left_source: str | None
    right_source: str | None


class PoliciesCompared(Answer, frozen=True, kw_only=True):
    left: str
    """The policies' own names."""
    right: str
    differences: tuple[Difference, ...]


class Move(Struct, frozen=True):
    status: Status
    actor: Actor
    command: str
    guards: tuple[str, ...]
    lapses: tuple[Kind, ...]


class Lead(Struct, frozen=True):
    event: str
    status: Status | None
    """None: the status stays."""


class Turn(Struct, frozen=True):
    """A step of a story: a whole command, or what the clock did."""

    at: datetime
    actor: Actor
    command: str
    """Of the clock: the kind of the deadline that passed."""
    args: dict[str, Any]


class Proved(Struct, frozen=True):
    """A property of a lifecycle."""

    name: str
    sentence: str
    holds: bool
    message: str | None
    """What refutes it."""
    story: tuple[Turn, ...]
    """The shortest that shows it; none where no story leads somewhere."""
    scenario: str | None
    """The story as a scenario file."""


class Cost(Struct, frozen=True):
    """The most that a silence costs: nothing, a part or everything."""

    status: Status
    actor: Actor
    """Who is silent."""
    deadline: Kind
    buyer: str
    """Of what the buyer could have had."""
    seller: str
    """Of what the seller could have had."""


class PolicyChecked(Struct, frozen=True):
    """What was proved of a policy, and what can be told of it in numbers."""

    file: str
    """As it was named: a shipped policy's name, or a path."""
    name: str
    hash: str
    holds: bool
    """Every property does."""
    properties: tuple[Proved, ...]
    states: int
    moves: int
    longest_to_refund: timedelta
    """From any move to the refund, everybody silent afterwards."""
    longest_to_release: timedelta
    """Protection lengthened once at most."""
    most_moves: int
    """That are needed to come anywhere."""
    costs: tuple[Cost, ...]


class PoliciesChecked(Answer, frozen=True, kw_only=True):
    policies: tuple[PolicyChecked, ...]


class Edge(Struct, frozen=True):
    """That something leads from a status to another, under a policy."""

    status: Status
    actor: Actor
    command: str
    """Of the clock: the kind of the deadline that passes."""
    to: Status
    after: str | None
    """How long the clock's counter runs, in words."""


class LifecycleTold(Answer, frozen=True, kw_only=True):
    moves: tuple[Move, ...]
    leads: tuple[Lead, ...]
    policy: str | UnsetType = UNSET
    """With `--draw`: under which the lifecycle was explored."""
    edges: tuple[Edge, ...] | UnsetType = UNSET
    """With `--draw`."""
    drawing: str | UnsetType = UNSET
    """With `--draw`: in the form that was asked for."""


class Setting(Struct, frozen=True):
    key: str
    value: str | bool | None
    origin: str
    """The flag, the variable or the file that says so; `default`: none does."""


class ConfigTold(Answer, frozen=True, kw_only=True):
    settings: tuple[Setting, ...]


class ConfigShown(Answer, frozen=True, kw_only=True):
    setting: Setting


class ConfigWritten(Answer, frozen=True, kw_only=True):
    changed: bool
    dry_run: bool
    key: str
    value: str | None
    """None: the key was taken out."""
    file: str


class SettingsFile(Struct, frozen=True):
    file: str
    exists: bool


class ConfigPaths(Answer, frozen=True, kw_only=True):
    files: tuple[SettingsFile, ...]
    """The weightiest first."""


class Version(Answer, frozen=True, kw_only=True):
    version: str
    contract: str = CONTRACT


class Helped(Answer, frozen=True, kw_only=True):
    """`help`."""

    topic: str | None
    """The topic or the command's words; None: the whole."""
    text: str


class SchemaTold(Answer, frozen=True, kw_only=True):
    """`schema` without a name."""

    names: tuple[str, ...]
