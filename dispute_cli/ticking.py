"""The clock moved: every deadline on the way fires, written as it goes or as one (K1–K5). What silence means is the core's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from . import answers as a
from . import questions as q
from . import reading, views
from .core import instants
from .core.events import Event
from .core.lifecycle import changes
from .core.malformed import Malformed, quote
from .core.refusal import refuse
from .keys import Options, fingerprint_of, replay_of
from .session import COMMITS_A_SYNC, FIRINGS_A_COMMIT, Loaded, Session
from .steps import Step, Stopped, Watch
from .store import Desk, Key

if TYPE_CHECKING:
    from .recorded import Kept


def catch_up(session: Session, desk: Desk | None, target: datetime) -> None:
    """Go on to an instant before anything else happens, and fire what is due by then (K1)."""
    if not session.go_on(target):
        fire_first(session, desk, target)


def fire_first(session: Session, desk: Desk | None, target: datetime) -> None:
    """Fire what is due before a command."""
    try:
        for _ in advance(session, desk, max(target, session.now)):
            pass
    except Stopped as stop:
        raise Stopped(f"{stop.message} The command itself was not carried out.", stop.now) from None
    session.now = max(session.now, target)


def tick_durably(
    session: Session, desk: Desk, question: q.Tick, options: Options, wall: datetime, watch: Watch | None = None, kept: Kept | None = None
) -> a.Ticked:
    """Tick and write: as it goes, or with a key as one commit, so that it is recorded whole or not at all."""
    as_it_goes = not options.dry_run and options.key is None
    answer = tick(session, desk if as_it_goes else None, question, options, wall, watch, kept if as_it_goes else None)
    if not options.dry_run:
        session.flush_as_one(desk)
    return answer


def tick(
    session: Session, desk: Desk | None, question: q.Tick, options: Options, wall: datetime, watch: Watch | None = None, kept: Kept | None = None
) -> a.Ticked:
    """Move the clock and fire what is due (K1–K5); without a desk everything stays laid over the session."""
    from .recorded import Kept

    mark = fingerprint_of(question) if options.key else ""
    replayed = replay_of(session, options.key, mark)
    if replayed is not None:
        return ticked_again(session, replayed, options)
    began = session.now
    target = target_of(session, question, wall)
    kept = kept or Kept()
    fired = 0
    for turn in advance(session, desk, target, watch):
        fired += 1
        kept.add(turn)
    if not question.until_idle:
        move_clock(session, target)
    if options.key is not None:
        session.record((), tick_key(options.key, mark, (began, session.now, fired), kept.events, session.seq))
    if desk:
        session.flush(desk)
    changed = session.now > began or fired > 0
    return ticked(session, (began, session.now, fired), kept.events, changed=changed, dry_run=options.dry_run, until_idle=question.until_idle)


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
        raise Malformed("duration", q.FORMS)
    if question.duration is not None:
        return instants.later(session.now, instants.duration(question.duration))
    if question.to is not None:
        return not_back(session, instants.instant(question.to, "to"))
    if question.until_idle:
        return instants.LATEST
    if question.until is not None:
        return awaited(session, *question.until)
    soonest = session.due(instants.LATEST, 1)
    if not soonest:
        return session.now
    return soonest[0][0] - timedelta(seconds=1) if question.before else soonest[0][0]


def awaited(session: Session, id: str, text: str) -> datetime:
    """The first instant from now at which an expression holds of an order, if everybody stays silent (K4)."""
    expression = q.expression(text)
    for at, loaded in turns(session, reading.one(session, id, "tick")):
        if expression.holds(msgspec.json.encode(reading.shown(session, loaded, at))):
            return at
    raise refuse("K4", f"It never comes true of {id} before all is idle: {quote(text)}.", f"Look at what is: dispute status {id} --json.", "until")


def turns(session: Session, loaded: Loaded) -> Iterator[tuple[datetime, Loaded]]:
    """An order now, and at each later instant at which anything of it changes if everybody stays silent."""
    at: datetime | None = session.now
    while at is not None and at <= instants.LATEST:
        loaded = session.projected(loaded, at)
        yield at, loaded
        at = min((other for other in changes(loaded.order, session.policy(loaded.order.policy)) if other > at), default=None)


def not_back(session: Session, target: datetime) -> datetime:
    if target < session.now:
        raise refuse("K1", f"The clock stands at {instants.iso_instant(session.now)} and never goes back.", "Look at the past with dispute status --at.", "to")
    return target


def advance(session: Session, desk: Desk | None, target: datetime, watch: Watch | None = None) -> Iterator[tuple[Event, ...]]:
    """Fire every deadline up to an instant and yield each one's events, writing as it goes: cut short, it is a shorter tick (K3)."""
    way = Way(session, target) if watch else None
    chunk: list[Event] = []
    for done, fired in enumerate(session.firings(target), 1):
        chunk += fired
        if done % FIRINGS_A_COMMIT == 0:
            session.record(tuple(chunk))
            chunk = []
            if watch and way:
                watch(way.step(done))
            if desk and len(session.pending) >= COMMITS_A_SYNC:
                session.flush(desk)
                if desk.interrupted():
                    raise cut_short(session, done, target)
        yield fired
    if chunk:
        session.record(tuple(chunk))


class Way:
    """How far a tick has come, asked after each commit: by the clock, or until all is idle by the orders that nothing is due for any more."""

    def __init__(self, session: Session, target: datetime) -> None:
        self.session, self.target = session, target
        self.began = session.now
        self.due = sum(1 for _ in session.all_due(None)) if target == instants.LATEST else 0
        self.idle = 0

    def step(self, done: int) -> Step:
        self.idle += sum(standing.due is None for standing in self.session.pending[-1].orders.values())
        return Step("tick", done, "deadlines", self.share(), self.session.now)

    def share(self) -> float | None:
        if self.due:
            return self.idle / self.due
        if self.session.now < self.target:
            return (self.session.now - self.began) / (self.target - self.began)
        return None  # how many are due at the last instant itself nobody has counted


def cut_short(session: Session, fired: int, target: datetime) -> Stopped:
    """What is written stays, and is a shorter tick; the words say how to make the rest of it."""
    rest = "" if session.view.head.clock == "wall" else " --until-idle" if target == instants.LATEST else f" --to {instants.iso_instant(target)}"
    written = f"{fired:,} deadline{'s' if fired > 1 else ''} fired; all of it is written"
    return Stopped(f"interrupted: the clock stands at {instants.iso_instant(session.now)}, {written}. `dispute tick{rest}` goes on from there.", session.now)


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
