"""The use cases: a command is decided and made durable, the clock is moved, a question is answered. Knows core and store; no terminal, no rule."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from . import answers as a
from . import keeping, reading, views
from . import questions as q
from .core import commands as c
from .core import instants, money
from .core.advice import Advice, on_command
from .core.decide import consent_needed, create, decide
from .core.events import Event, EvidenceAdded
from .core.evidence import Attachment
from .core.lifecycle import check_actor
from .core.malformed import Malformed, quote
from .core.moment import Moment
from .core.policy import Policy, as_data, fingerprint
from .core.refusal import ConsentNeeded, Fault, Refusal, Refused, refuse
from .reading import NoSuchThing
from .session import COMMITS_A_SYNC, FIRINGS_A_COMMIT, Loaded, Session
from .store import Desk, Head, Key, Store, View

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
MOST_KEY = 255


class Options(Struct, frozen=True):
    """What changes how a command is done, not what it says."""

    consent: bool = False
    strict: bool = False
    dry_run: bool = False
    key: str | None = None
    """Idempotency key."""


def check_key(key: str, where: str = "the key") -> str:
    """Raise `Malformed` unless this is an idempotency key: 1 to 255 printable ASCII characters."""
    if not 1 <= len(key) <= MOST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed("idempotency_key", f"{where} is {quote(key)}: an idempotency key is 1 to {MOST_KEY} printable ASCII characters.")
    return key


class Enclosed(Struct, frozen=True):
    """What came beside the command."""

    files: tuple[Attachment, ...] = ()
    language: str | None = None
    """Code of the language of the command's text where it is reliably known not to be English."""


class KeyConflict(Exception):
    """The idempotency key was used for something else: exit code 6."""

    def __init__(self, key: str, command: str) -> None:
        self.message = f"The idempotency key '{key}' was used for another command ({command})."
        self.now: datetime | None = None
        self.hint = "A key belongs to one command for ever: choose a new one."
        super().__init__(self.message)


class Service:
    """The use cases on one store."""

    def __init__(self, store: Store, wall: Callable[[], datetime], policies: Callable[[str], Policy]) -> None:
        self.store = store
        self.wall = wall
        self.policies = policies

    def execute(self, command: c.Spoken, options: Options = Options(), enclosed: Enclosed = Enclosed()) -> a.Done | a.DoneOnLines:
        """Decide a command under the lock, make its events durable, and return what is so now."""
        with self.writing(c.name_of(command)) as (desk, session):
            catch_up(session, None if options.dry_run else desk, self.target(desk))
            answer = execute(session, command, options, enclosed, self.policies, desk.keep)
            if not options.dry_run:
                session.flush(desk)
        return answer

    def ask(self, question: q.Asked, options: Options = Options()) -> a.Answer:
        """Answer a question; those that write take the lock."""
        match question:
            case q.Tick():
                with self.writing("tick") as (desk, session):
                    return tick_durably(session, desk, question, options, self.target(desk))
            case q.Repair():
                return keeping.repair(self.store, options.dry_run)
            case q.Backup():
                return keeping.backup(self.store, question, options.dry_run)
            case q.Verify():
                return keeping.verify(self.store)
        with self.reading() as session:
            return reading.answer(session, question)

    def export(self, question: q.EvidenceExport) -> tuple[a.Exported, bytes]:
        """Return an evidence file's bytes, unchanged (V4)."""
        with self.reading() as session:
            return reading.export(session, question)

    @contextmanager
    def writing(self, command: str) -> Iterator[tuple[Desk, Session]]:
        """Take the lock in the name of a command."""
        with self.store.write(command) as desk:
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
    """Whatever refuses inside says at which instant."""
    try:
        yield
    except (Refused, NoSuchThing, KeyConflict) as fault:
        fault.now = fault.now or session.now
        raise


def execute(
    session: Session,
    command: c.Spoken,
    options: Options,
    enclosed: Enclosed,
    policies: Callable[[str], Policy],
    keep: Callable[[bytes], str],
) -> a.Done | a.DoneOnLines:
    """Decide a command and lay its events over the session; whoever calls makes them durable."""
    mark = fingerprint_of(command, enclosed)
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
        with possible_at(loaded, moment):
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


def addressed(session: Session, command: c.Spoken) -> list[Loaded]:
    """The order that a command is about, or the lines of a purchase that are not closed (E1)."""
    found = session.find(command.id)
    if found:
        return [found]
    lines = session.lines(command.id)
    if not lines:
        raise reading.unknown(command.id)
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


# Idempotency


def replay_of(session: Session, key: str | None, mark: str) -> tuple[Key, list[Event]] | None:
    """What was recorded under this key for this very command, or None when the key is new."""
    recorded = session.recorded(key) if key is not None else None
    if recorded is None:
        return None
    if recorded[0].fingerprint != mark:
        raise KeyConflict(recorded[0].key, recorded[0].command)
    return recorded


def fingerprint_of(command: c.Spoken | q.Tick, enclosed: Enclosed = Enclosed()) -> str:
    """SHA-256 of the parsed command: with its actor, amounts and times in one way of writing, evidence by content."""
    data = msgspec.to_builtins(command)
    data["as"] = command.actor if isinstance(command, c.Command) else None
    for name, write in NORMAL.items():
        if data.get(name) is not None:
            data[name] = write(data[name])
    for name in ("evidence", "file"):
        if name in data:
            data[name] = [hashlib.sha256(file.data).hexdigest() for file in enclosed.files]
    return hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()


def normal_amount(amount: str) -> str:
    return amount if amount == "full" else money.check(amount)


def normal_item(item: str) -> str:
    title, price = c.split_item(item)
    return f"{title}={money.check(price)}"


NORMAL: dict[str, Callable[[Any], Any]] = {
    "item": lambda items: [normal_item(item) for item in items],
    "price": normal_amount,
    "delivery": normal_amount,
    "refund": normal_amount,
    "postage": normal_amount,
    "deliver_by": lambda text: instants.iso_instant(instants.instant(text)),
    "to": lambda text: instants.iso_instant(instants.instant(text)),
    "duration": lambda text: instants.iso_duration(instants.duration(text)),
}


# Time


def catch_up(session: Session, desk: Desk | None, target: datetime) -> None:
    """Fire what is due before anything else happens: a wall clock went on, or a long tick was cut short (K1)."""
    if session.caught_up and target <= session.now:
        return
    session.caught_up = True
    if session.due(target, 1):
        for _ in advance(session, desk, target):
            pass
    session.now = max(session.now, target)


def tick_durably(session: Session, desk: Desk, question: q.Tick, options: Options, wall: datetime) -> a.Ticked:
    """Tick and write: as it goes, or with a key as one commit, so that it is recorded whole or not at all."""
    as_it_goes = not options.dry_run and options.key is None
    answer = tick(session, desk if as_it_goes else None, question, options, wall)
    if not options.dry_run:
        session.flush_as_one(desk)
    return answer


def tick(session: Session, desk: Desk | None, question: q.Tick, options: Options, wall: datetime) -> a.Ticked:
    """Move the clock and fire what is due (K1–K5); without a desk everything stays laid over the session."""
    mark = fingerprint_of(question)
    replayed = replay_of(session, options.key, mark)
    if replayed is not None:
        return ticked_again(session, replayed, options)
    began = session.now
    target = target_of(session, question, wall)
    events: list[Event] = []
    fired = 0
    for turn in advance(session, desk, target):
        fired += 1
        events += turn
    if not question.until_idle:
        move_clock(session, target)
    if options.key is not None:
        session.record((), tick_key(options.key, mark, (began, session.now, fired), events, session.seq))
    if desk:
        session.flush(desk)
    changed = session.now > began or bool(events)
    return ticked(session, (began, session.now, fired), events, changed=changed, dry_run=options.dry_run, until_idle=question.until_idle)


def tick_key(key: str, mark: str, span: tuple[datetime, datetime, int], events: list[Event], seq: int) -> Key:
    """What is kept of a tick under its key."""
    first, last = (events[0].seq, events[-1].seq) if events else (seq + 1, seq)
    return Key(key, mark, "tick", first=first, last=last, tick=span)


def ticked_again(session: Session, recorded: tuple[Key, list[Event]], options: Options) -> a.Ticked:
    """The answer of a tick that was recorded under its key before: its own span and events, and what is next now."""
    key, events = recorded
    assert key.tick, "only a tick is recorded under a tick's fingerprint"
    return ticked(session, key.tick, events, changed=False, replayed=True, dry_run=options.dry_run)


def move_clock(session: Session, target: datetime) -> None:
    """Move the clock on to the target, in the last commit that is still to be written or in one of its own."""
    if target <= session.now:
        return
    session.now = target
    if session.pending:
        session.pending[-1] = replace(session.pending[-1], now=target)
    else:
        session.record(())


def target_of(session: Session, question: q.Tick, wall: datetime) -> datetime:
    """The instant that a tick goes to (K4)."""
    forms = question.forms()
    if session.view.head.clock == "wall":
        if forms:
            raise refuse("K4", "The store runs on the wall clock: tick takes no form, it brings the clock up to now.", "Say just: dispute tick.")
        return wall
    if forms == 0:
        raise Malformed("duration", "tick takes exactly one of DURATION, --to INSTANT, --next, --until-idle")
    if question.duration is not None:
        return later(session.now, instants.duration(question.duration))
    if question.to is not None:
        return not_back(session, instants.instant(question.to, "to"))
    if question.until_idle:
        return instants.LATEST
    soonest = session.due(instants.LATEST, 1)
    if not soonest:
        return session.now
    return soonest[0][0] - timedelta(seconds=1) if question.before else soonest[0][0]


def later(now: datetime, by: timedelta) -> datetime:
    if by > instants.LATEST - now:
        raise Malformed("duration", f"the clock cannot go past {instants.iso_instant(instants.LATEST)}")
    return now + by


def not_back(session: Session, target: datetime) -> datetime:
    if target < session.now:
        raise refuse("K1", f"The clock stands at {instants.iso_instant(session.now)} and never goes back.", "Look at the past with dispute status --at.", "to")
    return target


def advance(session: Session, desk: Desk | None, target: datetime) -> Iterator[tuple[Event, ...]]:
    """Fire every deadline up to an instant and yield each one's events, writing as it goes: cut short, it is a shorter tick (K3)."""
    chunk: list[Event] = []
    firings = 0
    for fired in session.firings(target):
        chunk += fired
        firings += 1
        if firings == FIRINGS_A_COMMIT:
            session.record(tuple(chunk))
            chunk, firings = [], 0
            if desk and len(session.pending) >= COMMITS_A_SYNC:
                session.flush(desk)
                if desk.interrupted():
                    raise KeyboardInterrupt  # what is written stays, and is a shorter tick
        yield fired
    if chunk:
        session.record(tuple(chunk))


def ticked(
    session: Session,
    span: tuple[datetime, datetime, int],
    events: list[Event],
    *,
    changed: bool,
    dry_run: bool,
    replayed: bool = False,
    until_idle: bool = False,
) -> a.Ticked:
    coming = session.due(None, 1)
    began, ended, fired = span
    return a.Ticked(
        command="tick",
        now=session.now,
        changed=changed,
        replayed=replayed,
        dry_run=dry_run,
        from_=began,
        to=ended,
        fired=fired,
        events=views.all_told(events),
        next=reading.next_deadline(session, coming[0][1]) if coming else None,
        bounded=until_idle and bool(coming),
    )


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
