"""The use cases: a command is decided and made durable, the clock is moved, a question is answered. Knows core and store; no terminal, no rule."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from . import answers as a
from . import keeping, reading, sharing, views
from . import questions as q
from .core import commands as c
from .core.advice import Advice, on_command
from .core.decide import consent_needed, create, decide
from .core.events import Event, EvidenceAdded
from .core.evolve import Unsound
from .core.lifecycle import check_actor
from .core.moment import Moment
from .core.money import NoCurrency
from .core.policy import Policy, as_data, fingerprint
from .core.refusal import ConsentNeeded, Fault, Refusal, Refused
from .keys import Enclosed, KeyConflict, Options, fingerprint_of, replay_of
from .reading import NoSuchThing
from .recorded import MOST, Kept, Recorded
from .session import Loaded, Session
from .steps import Watch
from .store import Desk, Head, Key, Locked, Overtaken, SharedStore, Store, StoreUnusable, View
from .ticking import catch_up, tick_durably

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LISTS = (q.Look, q.Events, q.Ledger, q.Deadlines)
"""Questions that, without an id, ask for everything there is."""
TRIES = 12
"""How often a command is begun anew where other writers are quicker each time."""


class Service:
    """The use cases on one store."""

    def __init__(
        self,
        store: Store,
        wall: Callable[[], datetime],
        policies: Callable[[str], Policy],
        watch: Watch | None = None,
        crew: sharing.Crew = lambda more: nullcontext(),
    ) -> None:
        self.store = store
        self.shared = store if isinstance(store, SharedStore) else None
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
            catch_up(session, None if options.dry_run else desk, self.target(desk))
            answer = execute(session, command, options, enclosed, self.policies, desk.keep)
            if not options.dry_run:
                session.flush(desk)
        return answer

    def ask(self, question: q.Asked, options: Options = Options()) -> a.Answer:
        """Answer a question; those that write take the lock."""
        match question:
            case q.Tick():
                return self.tick(question, options)
            case q.Repair():
                return keeping.repair(self.store, options.dry_run)
            case q.Backup():
                return keeping.backup(self.store, question, options.dry_run, self.watch)
            case q.Verify():
                return keeping.verify(self.store, self.watch)
        with self.reading() as session:
            return reading.answer(session, question)

    def stream(self, question: q.Asked, options: Options = Options()) -> a.Answer | a.Streamed:
        """Answer as `ask` does, for a reader who takes one row after the other: more than a few are told as they are read."""
        if self.shared:  # there others' events may come in between
            return self.ask(question, options)
        if isinstance(question, q.Tick):
            kept = Kept(MOST)
            ticked = self.tick(question, options, kept)
            return a.Streamed(ticked, {"events": Recorded(self.reading, q.Events(since=kept.first - 1), kept.last)}) if kept.overflowed else ticked
        if not isinstance(question, LISTS) or getattr(question, "id", None) is not None:
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
        taken = sharing.taken(self.shared, command, order, self.target) if self.shared else self.store.write(command)
        with taken as desk:
            session = Session(desk)
            with told_when(session):
                yield desk, session

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


@contextmanager
def told_when(session: Session) -> Iterator[None]:
    """Whatever refuses inside says at which instant; what no command can have written is damage."""
    try:
        yield
    except (Refused, NoSuchThing, KeyConflict) as fault:
        fault.now = fault.now or session.now
        raise
    except (Unsound, NoCurrency) as fault:
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
    events, advice, policy = decided(session, command, options, enclosed, policies)
    if events:
        if not options.dry_run:
            keep_files(events, enclosed, keep)
        events = session.number(events)
        session.fold(events)
        key = Key(options.key, mark, c.name_of(command), first=events[0].seq, last=events[-1].seq) if options.key else None
        session.record(events, key, policy)
    return done(session, command, list(events), advice, changed=bool(events), replayed=False, dry_run=options.dry_run)


def decided(
    session: Session, command: c.Spoken, options: Options, enclosed: Enclosed, policies: Callable[[str], Policy]
) -> tuple[tuple[Event, ...], tuple[Advice, ...], Policy | None]:
    """The events of a command, what is worth telling, and the policy that it is the first to use."""
    if isinstance(command, c.CreateOrder):
        check_actor(command)
        policy = session.default_policy() if command.policy is None else policies(command.policy)
        session.policies.setdefault(fingerprint(policy), policy)
        taken = bool(session.find(command.id) or session.lines(command.id))
        return create(command, taken, Moment(session.now, policy, session.view.head.seed)), (), policy if command.policy is not None else None
    events: list[Event] = []
    advice: list[Advice] = []
    questions: list[ConsentNeeded] = []
    lines = addressed(session, command)
    for loaded in lines:
        moment = session.moment(loaded.order, files=enclosed.files, language=enclosed.language)
        with possible_at(loaded, moment), line_named(loaded, lines):
            new = decide(loaded.order, line_command(command, loaded), moment)
        advice += on_command(loaded.order, loaded.after(new).order, command, moment)
        questions += filter(None, (consent_needed(loaded.order, command, moment),))
        events += new
    with possible_at(lines[0], session.moment(lines[0].order)):
        check_strict(advice, options)
        check_consent(questions, advice, command, options)
    return tuple(events), tuple(advice), None


def line_command(command: c.Spoken, loaded: Loaded) -> c.Spoken:
    """The command as it is given to one line of a purchase."""
    return command if command.id == loaded.order.id else replace(command, id=loaded.order.id)


@contextmanager
def possible_at(loaded: Loaded, moment: Moment) -> Iterator[None]:
    """Whatever refuses inside says what is possible now."""
    try:
        yield
    except Refused as refused:
        refused.possible = views.offered(loaded.order, moment)
        raise


@contextmanager
def line_named(loaded: Loaded, lines: list[Loaded]) -> Iterator[None]:
    """What refuses one of several lines says which."""
    try:
        yield
    except Refusal as refusal:
        if len(lines) > 1:
            refusal.faults = tuple(replace(fault, message=f"{loaded.order.id}: {fault.message}") for fault in refusal.faults)
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
    if any(isinstance(event, EvidenceAdded) and event.hash for event in events):
        for file in enclosed.files:
            keep(file.data)


def done(
    session: Session, command: c.Spoken, events: list[Event], advice: tuple[Advice, ...], *, changed: bool, replayed: bool, dry_run: bool
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
    ids = list(dict.fromkeys(event.order for event in events)) or [command.id]
    orders = tuple(reading.page(session, id) for id in ids)
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
    began = start or (wall() if clock == "wall" else EPOCH)
    if not dry_run:
        create_store(Head(seed=seed, start=began, clock=clock, policy=as_data(policy)))
    return a.Made(command="init", now=began, changed=True, dry_run=dry_run, store=path, start=began, seed=seed, policy=policy.name, clock=clock)
