"""Looking after a store: verify that it is whole, repair strays, back it up. Believes nothing that is derived."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from msgspec import ValidationError

from . import answers as a
from . import questions as q
from .core.currencies import DECIMALS
from .core.events import Event
from .core.malformed import Malformed
from .replaying import UNREPLAYABLE, Replay
from .session import Loaded, Session, load, sound, standing_of
from .steps import Step, Stopped, Watch
from .store import Entry, Problem, Standing, Store, StoreUnusable, View

AT_ONCE = 500
"""Orders whose histories are asked for together."""
STANDING = 100_000
"""Orders that it is known of at once how they stand."""


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
                for problem in order_problems(view, walk.replay, walk.replayed):
                    walk.problems.append(problem)
                walk.replayed(max(walk.checked - walk.proved, 0))
    except KeyboardInterrupt:
        raise walk.stopped() from None
    told = tuple(a.Problem(p.message, p.commit, p.line, p.order) for p in walk.problems)
    return a.Verified(command="verify", now=walk.now, ok=not told, checked=walk.checked, problems=told)


class Walk:
    """What a verification has seen so far."""

    def __init__(self, watch: Watch | None) -> None:
        self.watch = watch
        self.checked = self.proved = 0
        """Events."""
        self.replay = Replay(fits)
        self.now: datetime | None = None
        self.problems: list[Problem] = []

    def meet(self, met: Entry | Problem) -> None:
        if isinstance(met, Problem):
            self.problems.append(met)
            return
        self.checked += len(met.commit.events)
        self.now = met.commit.now
        if not self.problems:
            self.replay.meet(met.commit)
        if self.watch:
            self.watch(Step("checking lines", self.checked, "events", min(self.checked / met.last, 1.0) if met.last else None))

    def replayed(self, events: int) -> None:
        self.proved += events
        if self.watch and self.checked:
            self.watch(Step("replaying orders", self.proved, "events", min(self.proved / self.checked, 1.0)))

    def stopped(self) -> Stopped:
        count = len(self.problems)
        found = f"{count} problem{'s' if count > 1 else ''} found, the first: {self.problems[0].message}" if count else "no problem found"
        return Stopped(f"interrupted: {self.checked:,} events were checked, {self.proved:,} of them replayed, and {found}. Nothing was changed.", self.now)


def order_problems(view: View, replay: Replay, replayed: Callable[[int], None]) -> Iterator[Problem]:
    """What is wrong with orders although every line is whole; `replayed` is told how many events each has that is read again."""
    session = Session(view)
    left = replay.left()
    every = left is None or any(policy_fault(session, hash) for hash in replay.policies)
    ids = view.orders() if left is None or every else iter(left)
    while some := list(islice(ids, STANDING)):
        standings = told(view, some)
        for id, events in histories(view, some):
            yield from problems_of(session, id, events, standings[id])
            replayed(len(events))


def problems_of(session: Session, id: str, events: list[Event], told: Standing) -> Iterator[Problem]:
    try:
        loaded = load(events)
        assert loaded, "it has none"
    except UNREPLAYABLE as fault:
        yield Problem(f"its events do not replay: {fault}", order=id)
        return
    yield from wrong(session, loaded, told)


def told(view: View, ids: list[str]) -> dict[str, Standing]:
    """How the store says that some orders stand."""
    asked = set(ids)
    due = {id: at for at, id in view.all_due() if id in asked}
    disputed = asked.intersection(view.orders(disputed=True))
    return {id: Standing(due.get(id), id in disputed) for id in ids}


def histories(view: View, ids: list[str]) -> Iterator[tuple[str, list[Event]]]:
    """Each order with its events; some hundred are asked for at once."""
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        found = view.histories(some)
        yield from ((id, found.get(id, [])) for id in some)


def fits(loaded: Loaded, told: Standing) -> bool:
    """Nothing is wrong with an order itself."""
    return next(wrong_itself(loaded, told), None) is None


def wrong(session: Session, loaded: Loaded, told: Standing) -> Iterator[Problem]:
    yield from wrong_itself(loaded, told)
    fault = policy_fault(session, loaded.order.policy)
    if fault is not None:
        yield Problem(f"its policy cannot be had: {fault}", order=loaded.order.id)


def wrong_itself(loaded: Loaded, told: Standing) -> Iterator[Problem]:
    id, standing = loaded.order.id, standing_of(loaded.order)
    if loaded.order.currency not in DECIMALS:
        yield Problem(f"{loaded.order.currency!r} is no currency", order=id)
    if not sound(loaded):
        yield Problem("its postings do not sum to zero, or its escrow is not what it must be", order=id)
    if standing.due != told.due:
        yield Problem("its next deadline is not the one that its events say", order=id)
    if standing.disputed != told.disputed:
        yield Problem("whether it was disputed is not what its events say", order=id)


def policy_fault(session: Session, hash: str) -> Exception | None:
    try:
        session.policy(hash)
    except (StoreUnusable, ValidationError) as fault:
        return fault
    return None


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
