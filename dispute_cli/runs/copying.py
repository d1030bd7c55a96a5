"""One store's facts into another, of any kind: begun, gone on with, and compared order by order at the end. Of stores only their protocol is known.

Events are numbered anew in the copy: stores are the same when each order's events are, without their numbers.
"""

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import NoReturn

from msgspec import Struct
from msgspec.json import encode
from msgspec.structs import replace

from ..core.events import Event, EvidenceAdded
from ..steps import Step, Stopped, Watch
from ..store import Commit, Desk, Head, Key, Problem, Store, StoreExists, StoreMissing, StoreUnusable, View, is_shared

EVENTS_A_SYNC = 4096
COMMITS_A_SYNC = 256
ORDERS_AT_ONCE = 200


class Copy(Struct, frozen=True):
    """What became of a copy."""

    now: datetime
    """The original's clock."""
    new: int
    """Events that were written."""
    orders: int


def copy(source: Store, target: Store, make: Callable[[Head], Store], watch: Watch | None = None, dry_run: bool = False) -> Copy:
    """Bring the target up to the source, which may not be written meanwhile for long; `StoreExists` where it holds something else."""
    with moment(source) as (view, commits):
        target = begun(target, view.head, make, dry_run)
        if dry_run:
            return Copy(view.now, 0, 0)
        with target.write("copy") as desk, ended(desk.events()) as there:
            written = Writing(view, desk, there, watch).run(commits)
        with target.read() as copied:
            return Copy(view.now, written, compared(view, copied, watch))


@contextmanager
def moment(store: Store) -> Iterator[tuple[View, Iterator[Commit]]]:
    """One moment of a store, and the commits that make it."""
    if is_shared(store):
        with store.commits() as found:
            yield found
        return
    with store.read() as view:
        yield view, logged(store, view)


def logged(store: Store, view: View) -> Iterator[Commit]:
    """The commits of a log up to a moment, each of them checked as it is read."""
    seq, now = view.seq, view.now
    for met in store.audit():
        if isinstance(met, Problem):
            raise StoreUnusable(f"the original is not what was written: {met.message}: `dispute verify` tells more")
        if met.commit.now > now or (met.commit.events and met.commit.events[-1].seq > seq):
            return
        yield met.commit


@contextmanager
def ended(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """Events that are perhaps not asked for to the last: what stands behind them is let go before its store is."""
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()


def begun(target: Store, head: Head, make: Callable[[Head], Store], dry_run: bool) -> Store:
    """The target, made where it is not there yet; one with another head is another store."""
    try:
        check_head(target, head)
    except StoreMissing:
        if dry_run:
            return target
        try:
            return make(head)
        except StoreExists:  # another copy has just made it: its lock says who writes first
            check_head(target, head)
    return target


def check_head(target: Store, head: Head) -> None:
    with target.read() as view:
        if encode(view.head) != encode(head):
            other("it began otherwise")


def other(how: str) -> NoReturn:
    raise StoreExists(f"the target is a store already, and not the beginning of this copy: {how}. Name another, or one that is not there yet")


class Writing:
    """The commits on their way: what the target has already is compared, and what it lacks appended."""

    def __init__(self, view: View, desk: Desk, there: Iterator[Event], watch: Watch | None) -> None:
        self.view, self.desk, self.watch = view, desk, watch
        self.whole = view.seq if watch else 0
        self.there = there
        self.next = desk.seq
        self.now = desk.now
        self.numbers = Numbers()
        self.waiting: list[Commit] = []
        self.size = self.done = self.new = 0

    def run(self, commits: Iterable[Commit]) -> int:
        for commit in commits:
            lacking = self.lacking(commit)
            if lacking is not None:
                self.waiting.append(lacking)
                self.size += len(lacking.events)
            self.done += len(commit.events)
            if self.size >= EVENTS_A_SYNC or len(self.waiting) >= COMMITS_A_SYNC:
                self.flush()
        if next(self.there, None) is not None:
            other("it has more events")
        self.flush()
        return self.new

    def lacking(self, commit: Commit) -> Commit | None:
        """What the target lacks of a commit, as a commit of its own; None when it has all."""
        found = list(islice(self.there, len(commit.events)))
        for ours, theirs in zip(commit.events, found, strict=False):
            if bare(ours) != bare(theirs):
                other(f"event {theirs.seq} is another one")
            self.numbers.note(ours.seq, theirs.seq)
        events = tuple(map(self.numbered, commit.events[len(found) :]))
        keys = tuple(self.renumbered(key, commit) for key in commit.keys if self.desk.key(key.key) is None)
        policies = {hash: policy for hash, policy in commit.policies.items() if not self.desk.knows_policy(hash)}
        if not events and not keys and not policies and commit.now <= self.now:
            return None
        self.now = max(self.now, commit.now)
        orders = {id: standing for id, standing in commit.orders.items() if any(event.order == id for event in events)}
        return Commit(now=self.now, events=events, orders=orders, keys=keys, policies=policies)

    def numbered(self, event: Event) -> Event:
        """The event with its number in the target, and the evidence that it names there before it."""
        if isinstance(event, EvidenceAdded) and event.hash is not None:
            self.desk.keep(self.view.blob(event.hash))
        self.next += 1
        self.numbers.note(event.seq, self.next)
        return replace(event, seq=self.next)

    def renumbered(self, key: Key, commit: Commit) -> Key:
        """A key that names its command's events as the target numbers them."""
        first = key.first if key.first is not None else commit.events[0].seq if commit.events else 1
        last = key.last if key.last is not None else commit.events[-1].seq if commit.events else 0
        if last < first:
            return replace(key, first=self.next + 1, last=self.next)
        return replace(key, first=self.numbers.of(first), last=self.numbers.of(last))

    def flush(self) -> None:
        self.desk.append(self.waiting)
        self.new += self.size
        self.waiting, self.size = [], 0
        if self.watch:
            self.watch(Step("copying", self.done, "events", min(self.done / self.whole, 1.0) if self.whole else None))
        if self.desk.interrupted():
            raise Stopped(f"interrupted: {self.done:,} events are in the copy; the same command goes on from there.", self.now)


class Numbers:
    """Numbers of the original → those of the copy, as stretches in which both run on alike."""

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.shifts: list[int] = []

    def note(self, original: int, copied: int) -> None:
        if not self.shifts or self.shifts[-1] != copied - original:
            self.starts.append(original)
            self.shifts.append(copied - original)

    def of(self, original: int) -> int:
        return original + self.shifts[bisect_right(self.starts, original) - 1]


def bare(event: Event) -> Event:
    """An event as it is in every store."""
    return replace(event, seq=0)


def compared(view: View, copied: View, watch: Watch | None) -> int:
    """Compare the events of each order, and return how many orders there are; `StoreUnusable` names the first that differs."""
    ids, others = view.orders(), copied.orders()
    count = 0
    while page := list(islice(ids, ORDERS_AT_ONCE)):
        theirs = list(islice(others, len(page)))
        if page != theirs:
            differs(next((id for id in page if id not in theirs), None) or next(id for id in theirs if id not in page))
        ours, found = view.histories(page), copied.histories(page)
        for id in page:
            if list(map(bare, ours.get(id, ()))) != list(map(bare, found.get(id, ()))):
                differs(id)
        count += len(page)
        if watch:
            watch(Step("comparing", count, "orders"))
    last = next(others, None)
    if last is not None:
        differs(last)
    return count


def differs(id: str) -> NoReturn:
    raise StoreUnusable(f"the copy is not the original: order {id} differs. Was one of them written meanwhile? Copy again, or elsewhere")
