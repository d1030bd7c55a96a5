"""The use cases: a command is decided and made durable, the clock is moved, a question is answered. Knows core and store; no terminal, no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from . import answers as a
from . import questions as q
from . import reading, views
from .core import commands as c
from .core.advice import Advice, on_command
from .core.decide import consent_needed, create, decide
from .core.events import Event, EvidenceAdded
from .core.evolve import Unsound
from .core.lifecycle import check_actor, possible
from .core.malformed import Malformed
from .core.moment import Moment
from .core.money import NoCurrency
from .core.policy import Policy, as_data, fingerprint
from .core.refusal import ConsentNeeded, Fault, Refusal, Refused
from .keys import Enclosed, KeyConflict, Options, fingerprint_of, replay_of
from .reading import NoSuchThing
from .session import Loaded, Session, begun
from .store import Head, Key, Locked, Overtaken, StoreUnusable, is_shared

if TYPE_CHECKING:
    from types import TracebackType

    from .recorded import Kept
    from .sharing import Crew
    from .steps import Watch
    from .store import Desk, Store, View

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LISTS = ("status", "events", "ledger", "deadlines")
"""Questions that, without an id, ask for everything there is."""
TRIES = 12
"""How often a command is begun anew where other writers are quicker each time."""
MOST = 10_000
"""Rows of one answer that are held in memory where its reader takes one after the other."""


class Service:
    """The use cases on one store."""

    def __init__(
        self,
        store: Store,
        wall: Callable[[], datetime],
        policies: Callable[[str], Policy],
        watch: Watch | None = None,
        crew: Crew = lambda more: nullcontext(),
    ) -> None:
        self.store = store
        self.shared = store if is_shared(store) else None
        """The same, where many may write it at once."""
        self.wall = wall
        self.policies = policies
        self.watch = watch
        """Told now and then how far long work has come; None where nobody looks."""
        self.crew = crew

    def execute(self, command: c.Spoken, options: Options = Options(), enclosed: Enclosed = Enclosed()) -> a.Done | a.DoneOnLines:
        """Decide a command under the lock, make its events durable, and return what is so now; again where another writer was quicker."""
        for _ in range(TRIES):
            try:
                return self.execute_once(command, options, enclosed)
            except Overtaken as fault:
                last = fault
        raise Locked(f"other writers were quicker {TRIES} times: {last}")

    def execute_once(self, command: c.Spoken, options: Options, enclosed: Enclosed) -> a.Done | a.DoneOnLines:
        with self.writing(c.name_of(command), command.id) as (desk, session):
            target = self.target(desk)
            if not session.go_on(target):
                from .ticking import fire_first

                fire_first(session, None if options.dry_run else desk, target)
            answer = execute(session, command, options, enclosed, self.policies, desk.keep)
            if not options.dry_run:
                session.flush(desk)
        return answer

    def ask(self, question: q.Asked, options: Options = Options()) -> a.Answer:
        """Answer a question; those that write take the lock."""
        if isinstance(question, q.Tick):
            return self.tick(question, options)
        if c.name_of(question) not in reading.ANSWERS:
            from . import keeping

            return keeping.answer(self.store, question, options.dry_run, self.watch)
        with self.reading() as session:
            return reading.answer(session, question)

    def stream(self, question: q.Asked, options: Options = Options()) -> a.Answer | a.Streamed:
        """Answer as `ask` does, for a reader who takes one row after the other: more than a few are told as they are read."""
        if self.shared:  # there others' events may come in between
            return self.ask(question, options)
        if isinstance(question, q.Tick):
            from .recorded import Kept, Recorded

            kept = Kept(MOST)
            ticked = self.tick(question, options, kept)
            return a.Streamed(ticked, {"events": Recorded(self.reading, q.Events(since=kept.first - 1), kept.last)}) if kept.overflowed else ticked
        if c.name_of(question) not in LISTS or getattr(question, "id", None) is not None:
            return self.ask(question, options)
        from . import streaming

        with ExitStack() as held:
            session = held.enter_context(self.reading())
            lists = streaming.lists(session, question, MOST)
            if lists is None:
                return reading.answer(session, question)
            return a.Streamed(lists.answer, lists.rows, held.pop_all())

    def tick(self, question: q.Tick, options: Options = Options(), kept: Kept | None = None) -> a.Ticked:
        """Move the clock: alone, or where a store is shared with whoever helps, those first who began before."""
        from . import sharing
        from .ticking import tick_durably

        sharing.check_workers(self.shared, options)
        while self.shared and sharing.is_shared(options):
            with self.shared.join("tick") as desk:
                if desk.running:
                    sharing.work(desk, self.watch)
                    continue
                session = Session(desk)
                with told_when(session):
                    return sharing.begin(session, desk, question, options, self.target(desk), self.crew, self.watch)
        with self.writing("tick") as (desk, session):
            return tick_durably(session, desk, question, options, self.target(desk), self.watch, kept)

    def follow(self, question: q.Events, wait: Callable[[], None]) -> Iterator[dict[str, Any]]:
        """Tell the events asked for, then those recorded since, again and again; `wait` is called when there are no more for now."""
        seen = question.since
        while True:
            settled = self.shared.settled() if self.shared else None  # first: what is opened afterwards shows all of it
            with self.reading() as session:
                last = max(seen, session.seq if settled is None else settled)
                yield from (event for event in reading.told_events(session, replace(question, since=seen)) if event["seq"] <= last)
                seen = last
            wait()

    def beginning(self, prefix: str, limit: int) -> list[reading.Known]:
        """Return some of the orders whose ids begin so."""
        with self.reading() as session:
            return reading.beginning(session, prefix, limit)

    def export(self, question: q.EvidenceExport) -> tuple[a.Exported, bytes]:
        """Return an evidence file's bytes, unchanged (V4)."""
        with self.reading() as session:
            return reading.export(session, question)

    @contextmanager
    def writing(self, command: str, order: str | None = None) -> Iterator[tuple[Desk, Session]]:
        """Take the lock in the name of a command; where it is about one order, and many may write at once, that order's alone."""
        with self.taken(command, order) as desk:
            session = Session(desk)
            with told_when(session):
                yield desk, session

    def taken(self, command: str, order: str | None) -> AbstractContextManager[Desk]:
        if self.shared is None:
            return self.store.write(command)
        from . import sharing

        return sharing.taken(self.shared, command, order, self.target)

    def target(self, view: View) -> datetime:
        """Where the clock should be: on a wall clock at the real now, never back (K1)."""
        return max(view.now, self.wall()) if view.head.clock == "wall" else view.now

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open for reading; on a wall clock now is now."""
        with self.store.read() as view:
            session = Session(view, self.target(view))
            with told_when(session):
                yield session


class told_when:
    """Whatever refuses inside says at which instant; what no command can have written is damage. A class, for it stands around every line of a batch."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(fault, (Refused, NoSuchThing, KeyConflict)):
            fault.now = fault.now or self.session.now
        if isinstance(fault, (Unsound, NoCurrency)):
            raise StoreUnusable(f"every hash fits, and yet what is recorded cannot be: {fault}") from fault


def execute(
    session: Session,
    command: c.Spoken,
    options: Options,
    enclosed: Enclosed,
    policies: Callable[[str], Policy],
    keep: Callable[[bytes], str],
) -> a.Done | a.DoneOnLines:
    """Decide a command and lay its events over the session; whoever calls makes them durable."""
    mark = fingerprint_of(command, enclosed) if options.key else ""
    replayed = replay_of(session, options.key, mark)
    if replayed is not None:
        return done(session, command, replayed[1], (), changed=False, replayed=True, dry_run=options.dry_run)
    decision = created(session, command, policies) if type(command) is c.CreateOrder else decided(session, command, options, enclosed)
    events = decision.events
    if events:
        if not options.dry_run:
            keep_files(events, enclosed, keep)
        events = session.number(events)
        for loaded in decision.after:
            session.lay(loaded)
        key = Key(options.key, mark, c.name_of(command), first=events[0].seq, last=events[-1].seq) if options.key else None
        session.record(events, key, decision.policy)
    return done(session, command, events, decision.advice, changed=bool(events), replayed=False, dry_run=options.dry_run)


class Decision(Struct, frozen=True):
    """What a command makes true."""

    events: tuple[Event, ...]
    """Not numbered yet."""
    after: tuple[Loaded, ...]
    """The orders as the events leave them."""
    advice: tuple[Advice, ...] = ()
    policy: Policy | None = None
    """Named by the command: this may be the first that uses it."""


def created(session: Session, command: c.CreateOrder, policies: Callable[[str], Policy]) -> Decision:
    """The payment of an order, or of each line of a purchase."""
    check_actor(command)
    policy = session.default_policy() if command.policy is None else policies(command.policy)
    session.policies.setdefault(fingerprint(policy), policy)
    taken = bool(session.find(command.id) or session.lines(command.id))
    events = create(command, taken, Moment(session.now, policy, session.view.head.seed))
    return Decision(events, tuple(map(begun, events)), policy=policy if command.policy is not None else None)


def decided(session: Session, command: c.Spoken, options: Options, enclosed: Enclosed) -> Decision:
    """The events of a command on an order, or on the lines of a purchase, and what is worth telling."""
    events: list[Event] = []
    after: list[Loaded] = []
    advice: list[Advice] = []
    questions: list[ConsentNeeded] = []
    lines = addressed(session, command)
    for loaded in lines:
        moment = session.moment(loaded.order, files=enclosed.files, language=enclosed.language)
        new = decide_line(loaded, command, moment, alone=len(lines) == 1)
        after.append(loaded.after(new))
        advice += on_command(loaded.order, after[-1].order, command, moment)
        if question := consent_needed(loaded.order, command, moment):
            questions.append(question)
        events += new
    if advice or questions:
        check_assent(lines[0], session.moment(lines[0].order), questions, advice, command, options)
    return Decision(tuple(events), tuple(after), tuple(advice))


def decide_line(loaded: Loaded, command: c.Spoken, moment: Moment, alone: bool) -> tuple[Event, ...]:
    """Decide for one order; what refuses says what is possible now, and which line it is where the command is about several."""
    order = loaded.order
    try:
        return decide(order, command if command.id == order.id else replace(command, id=order.id), moment)
    except Refused as refused:
        refused.possible = possible(order, moment)
        if isinstance(refused, Refusal) and not alone:
            refused.faults = tuple(replace(fault, message=f"{order.id}: {fault.message}") for fault in refused.faults)
        raise


def check_assent(
    first: Loaded, moment: Moment, questions: list[ConsentNeeded], advice: list[Advice], command: c.Spoken, options: Options
) -> None:
    """Refuse what is advised against, or needs a yes; whatever refuses says what is possible now."""
    try:
        check_strict(advice, options)
        check_consent(questions, advice, command, options)
    except Refused as refused:
        refused.possible = possible(first.order, moment)
        raise


def addressed(session: Session, command: c.Spoken) -> list[Loaded]:
    """The order that a command is about, or the lines of a purchase that are not closed (E1)."""
    found = session.find(command.id)
    if found:
        return [found]
    lines = session.lines(command.id)
    if not lines:
        raise reading.unknown(session, command.id)
    if not isinstance(command, c.ON_ALL_LINES):
        raise reading.several(command.id, lines, c.name_of(command))
    return reading.open_lines(session, lines, every=isinstance(command, c.SendMessage))


def check_strict(advice: list[Advice], options: Options) -> None:
    """With --strict advice becomes refusal."""
    if options.strict and advice:
        told = dict.fromkeys(advice)
        raise Refusal(*(Fault(piece.code, None, piece.message, "Leave --strict out to go on all the same.") for piece in told))


def check_consent(questions: list[ConsentNeeded], advice: list[Advice], command: c.Spoken, options: Options) -> None:
    """Raise what asks for a yes, unless yes was said; escalating is confirmed by its own option (C2)."""
    if not questions or (options.consent and not isinstance(command, c.Escalate)):
        return
    first = questions[0]
    needed = ConsentNeeded(first.rule, " ".join(question.message for question in questions), first.hint)
    needed.warnings = views.warnings(advice)
    raise needed


def keep_files(events: tuple[Event, ...], enclosed: Enclosed, keep: Callable[[bytes], str]) -> None:
    """Make the bytes of evidence durable before the commit that names them (V4)."""
    if enclosed.files and any(isinstance(event, EvidenceAdded) and event.hash for event in events):
        for file in enclosed.files:
            keep(file.data)


def done(
    session: Session, command: c.Spoken, events: Sequence[Event], advice: tuple[Advice, ...], *, changed: bool, replayed: bool, dry_run: bool
) -> a.Done | a.DoneOnLines:
    """The answer to a command: the orders as they are now."""
    common: dict[str, Any] = {
        "command": c.name_of(command),
        "now": session.now,
        "changed": changed,
        "replayed": replayed,
        "dry_run": dry_run,
        "events": views.all_told(events),
        "warnings": views.warnings(advice),
    }
    ids = list(dict.fromkeys([event.order for event in events])) or [command.id]
    orders = tuple([reading.page(session, id) for id in ids])
    if ids == [command.id]:
        return a.Done(order=orders[0], **common)
    return a.DoneOnLines(orders=orders, **common)


# Making a store


def make(
    create_store: Callable[[Head], Any],
    *,
    path: str,
    start: datetime | None,
    seed: int,
    policy: Policy,
    clock: str,
    wall: Callable[[], datetime],
    dry_run: bool = False,
) -> a.Made:
    """`init`: a new store with its head. On a wall clock it starts now unless told."""
    if clock == "wall" and start and start > wall():
        raise Malformed("start", "a wall clock shows the time as it is: it cannot start in the future.")
    began = start or (wall() if clock == "wall" else EPOCH)
    if not dry_run:
        create_store(Head(seed=seed, start=began, clock=clock, policy=as_data(policy)))
    return a.Made(command="init", now=began, changed=True, dry_run=dry_run, store=path, start=began, seed=seed, policy=policy.name, clock=clock)
