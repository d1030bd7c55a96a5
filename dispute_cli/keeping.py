"""Looking after a store: verify that it is whole, repair strays, back it up. Believes nothing that is derived."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from msgspec import ValidationError

from . import answers as a
from . import questions as q
from .core.currencies import DECIMALS
from .core.events import Event
from .core.evolve import Unsound
from .core.malformed import Malformed
from .session import Loaded, Session, load, sound, standing_of
from .steps import Step, Stopped, Watch
from .store import EVERY, Entry, Problem, Standing, Store, StoreUnusable, View

AT_ONCE = 500
"""Orders."""


def answer(store: Store, question: q.Asked, dry_run: bool, watch: Watch | None = None) -> a.Answer:
    """Look after a store as it is asked."""
    if isinstance(question, q.Verify):
        return verify(store, watch)
    if isinstance(question, q.Repair):
        return repair(store, dry_run)
    assert isinstance(question, q.Backup), "every other question is answered by what is recorded"
    return backup(store, question, dry_run, watch)


def verify(store: Store, watch: Watch | None = None) -> a.Verified:
    """Walk the whole store: chain and shape first, then each order's replay and its money."""
    walk = Walk(watch)
    try:
        for met in store.audit():
            walk.meet(met)
        if not walk.problems:
            with store.read() as view:
                walk.now = view.now
                for problem in order_problems(view, walk.replay):
                    walk.problems.append(problem)
    except KeyboardInterrupt:
        raise walk.stopped() from None
    told = tuple(a.Problem(p.message, p.commit, p.line, p.order) for p in walk.problems)
    return a.Verified(command="verify", now=walk.now, ok=not told, checked=walk.checked, problems=told)


class Walk:
    """What a verification has seen so far."""

    def __init__(self, watch: Watch | None) -> None:
        self.watch = watch
        self.checked = self.replayed = 0
        self.now: datetime | None = None
        self.problems: list[Problem] = []

    def meet(self, met: Entry | Problem) -> None:
        if isinstance(met, Problem):
            self.problems.append(met)
            return
        self.checked += len(met.commit.events)
        self.now = met.commit.now
        if self.watch:
            self.watch(Step("checking lines", self.checked, "events", min(self.checked / met.last, 1.0) if met.last else None))

    def replay(self, events: int) -> None:
        self.replayed += events
        if self.watch:
            self.watch(Step("replaying orders", self.replayed, "events", min(self.replayed / self.checked, 1.0)))

    def stopped(self) -> Stopped:
        count = len(self.problems)
        found = f"{count} problem{'s' if count > 1 else ''} found, the first: {self.problems[0].message}" if count else "no problem found"
        return Stopped(f"interrupted: {self.checked:,} events were checked, {self.replayed:,} of them replayed, and {found}. Nothing was changed.", self.now)


def order_problems(view: View, replayed: Callable[[int], None]) -> Iterator[Problem]:
    """What is wrong with orders although every line is whole; `replayed` is told how many events each of them has."""
    session = Session(view)
    due = {id: at for at, id in view.due(None, EVERY)}
    disputed = set(view.orders(disputed=True))
    for id, events in histories(view):
        try:
            loaded = load(events)
            assert loaded, "it has none"
        except (Unsound, AssertionError, AttributeError, KeyError, TypeError) as fault:
            yield Problem(f"its events do not replay: {fault}", order=id)
            continue
        yield from wrong(session, loaded, Standing(due.get(id), id in disputed))
        replayed(len(events))


def histories(view: View) -> Iterator[tuple[str, list[Event]]]:
    """Each order with its events, by id; some hundred are asked for at once."""
    orders = iter(view.orders())
    while ids := list(islice(orders, AT_ONCE)):
        found = view.histories(ids)
        yield from ((id, found.get(id, [])) for id in ids)


def wrong(session: Session, loaded: Loaded, told: Standing) -> Iterator[Problem]:
    id, standing = loaded.order.id, standing_of(loaded.order)
    if loaded.order.currency not in DECIMALS:
        yield Problem(f"{loaded.order.currency!r} is no currency", order=id)
    if not sound(loaded):
        yield Problem("its postings do not sum to zero, or its escrow is not what it must be", order=id)
    if standing.due != told.due:
        yield Problem("its next deadline is not the one that its events say", order=id)
    if standing.disputed != told.disputed:
        yield Problem("whether it was disputed is not what its events say", order=id)
    try:
        session.policy(loaded.order.policy)
    except (StoreUnusable, ValidationError) as fault:
        yield Problem(f"its policy cannot be had: {fault}", order=id)


def repair(store: Store, dry_run: bool) -> a.Repaired:
    """Remove stray temporary files and orphan blobs, nothing else; a dry run says what it would remove."""
    now = now_of(store)  # first: what is done must not be told as a store that cannot be read
    removed = tuple(store.repair(dry_run))
    return a.Repaired(command="repair", now=now, changed=bool(removed), dry_run=dry_run, removed=removed)


def now_of(store: Store) -> datetime:
    with store.read() as view:
        return view.now


def backup(store: Store, question: q.Backup, dry_run: bool, watch: Watch | None = None) -> a.BackedUp:
    """Write a consistent copy, evidence included, that is itself a store; a dry run only finds out whether it could."""
    copied = copying(watch) if watch else None
    now = now_of(store)
    try:
        store.backup(question.file, dry_run, copied)
    except (FileExistsError, NotADirectoryError) as fault:
        raise Malformed("file", f"{fault}.") from None
    except KeyboardInterrupt:
        raise Stopped("interrupted: no copy was made, and nothing of it is left.") from None
    return a.BackedUp(command="backup", now=now, file=question.file, dry_run=dry_run)


def copying(watch: Watch) -> Callable[[int, int], None]:
    return lambda done, whole: watch(Step("copying", done, "bytes", done / whole))
