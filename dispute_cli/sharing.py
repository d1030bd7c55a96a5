"""Work on a store that many write at once: who takes one order and who the whole, and a tick that several processes and machines carry. Decides nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from operator import attrgetter

from msgspec.structs import replace

from . import answers as a
from . import questions as q
from .core import instants
from .core.events import Event
from .core.evolve import Unsound
from .core.malformed import Malformed
from .keys import Options
from .session import Session, Unbalanced, load, sound, standing_of
from .steps import Step, Stopped, Watch
from .store import Desk, SharedStore, Standing, TickDesk, View
from .ticking import target_of, tick_durably, ticked

CHUNK = 256
"""Orders taken at once."""

Crew = Callable[[int], AbstractContextManager[None]]
"""Sets so many more processes to the tick under way, and waits for them at the end."""
Target = Callable[[View], datetime]
"""Where the clock should be."""


@contextmanager
def taken(store: SharedStore, command: str, order: str | None, target: Target) -> Iterator[Desk]:
    """A desk in the name of a command: an order's own where that is enough, else the whole store's, with the tick done that nobody went on with."""
    if order is not None:
        with store.write_order(command, order) as one:
            if one.running is None and target(one) <= one.now and not one.due(one.now, 1):
                yield one
                return
    with store.write(command) as whole:
        if whole.running:
            work(whole)
        yield whole


def begin(session: Session, desk: TickDesk, question: q.Tick, options: Options, wall: datetime, crew: Crew, watch: Watch | None) -> a.Ticked:
    """Tick with everybody who helps; alone where there is nothing to share (K1–K5)."""
    goal = target_of(session, question, wall)
    if not session.due(goal, 1):
        return tick_durably(session, desk, question, options, wall, watch)
    began = session.now
    desk.begin(goal, question.until_idle)
    with crew(options.workers - 1):
        work(desk, watch)
    events, fired = desk.outcome()
    return ticked(Session(desk), (began, desk.now, fired), events, changed=True, dry_run=False, until_idle=question.until_idle)


def help_out(store: SharedStore) -> None:
    """Take part in the tick that is under way, if there still is one."""
    with store.join("tick") as desk:
        if desk.running:
            work(desk)


def work(desk: TickDesk, watch: Watch | None = None) -> None:
    """Fire what is due of the tick under way, until nothing is left; then the clock moves."""
    running = desk.running
    assert running, "only a tick that is under way is worked on"
    session, done = Session(desk), 0
    while histories := desk.take(CHUNK):
        done += carry(session, desk, histories, running.target)
        if watch:
            watch(Step("tick", done, "deadlines"))
        if desk.interrupted():
            raise left_over(session.now, running.target, done)
    desk.finish()


def carry(session: Session, desk: TickDesk, histories: dict[str, list[Event]], target: datetime) -> int:
    """Make of the orders taken what silence makes of them, and return how many deadlines fired."""
    events: list[Event] = []
    orders: dict[str, Standing] = {}
    count = 0
    for id, history in histories.items():
        turns, orders[id] = silence(session, id, history, target)
        count += len(turns)
        events += (event for turn in turns for event in turn)
    events.sort(key=attrgetter("at", "order"))
    numbers = desk.draw_numbers(len(events))
    desk.put([replace(event, seq=seq) for event, seq in zip(events, numbers, strict=True)], orders, count)
    return count


def silence(session: Session, id: str, history: list[Event], target: datetime) -> tuple[list[tuple[Event, ...]], Standing]:
    """What each deadline of an order up to an instant makes true, one after the other, and how the order stands then."""
    loaded = load(history)
    turns: list[tuple[Event, ...]] = []
    while loaded and (fired := session.lapse(loaded, target)):
        loaded = loaded.after(fired)
        turns.append(fired)
        if not sound(loaded):
            raise Unbalanced(f"{id}: the money does not add up")
    if loaded is None or not turns:
        raise Unsound(f"{id}: it was said to be due by {target}, and nothing is")
    return turns, standing_of(loaded.order)


def left_over(now: datetime, target: datetime, done: int) -> Stopped:
    """A shared tick has no shorter one: its orders are at different instants, so the rest follows before anything else."""
    goal = "all is idle" if target == instants.LATEST else instants.iso_instant(target)
    return Stopped(f"interrupted: {done:,} deadlines fired here and are written. The tick until {goal} goes on with the next `dispute tick`, or command.", now)


def check_workers(store: SharedStore | None, options: Options) -> None:
    """What one process at a time writes has nothing to share; nor has a tick that is recorded whole, under a key, or not at all."""
    if options.workers > 1 and not (store and is_shared(options)):
        raise Malformed("workers", "--workers is for a store on PostgreSQL, and neither for a dry run nor with an idempotency key.")


def is_shared(options: Options) -> bool:
    return not options.dry_run and options.key is None
