"""One opening of a store: its orders as states, and what was decided but is not written yet laid over what is. Knows events and time, decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, reduce
from heapq import heappop, heappush, merge
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from .core.commands import Lapse
from .core.deadlines import soonest
from .core.decide import decide
from .core.events import Event
from .core.evolve import Unsound, evolve, replay
from .core.ledger import Balances, balances
from .core.moment import Moment
from .core.order import Order
from .core.policy import Policy, as_data, fingerprint, from_data, hash_of
from .core.words import Actor, Kind, Status
from .store import EVERY, Commit, Key, Standing

if TYPE_CHECKING:
    from .shelf import Shelf
    from .store import Desk, View

CLOCK, EVIDENCE, CLOSED = Actor.CLOCK, Kind.EVIDENCE, Status.CLOSED
FIRINGS_A_COMMIT = 16
"""Small enough that reading one order never decodes a long line."""
COMMITS_A_SYNC = 256
WINDOW = 4096
KEPT = 9_000
"""Orders held in memory at most, as values."""
ROOM = 48 << 20
"""Bytes of those that a tick lays aside until it needs them again."""


class Unbalanced(Exception):
    """New events would break what is always true of money; nothing is written."""


class Loaded(Struct, frozen=True, array_like=True, gc=False):
    """An order and what it moved so far."""

    order: Order
    balances: Balances

    def after(self, events: Sequence[Event]) -> Loaded:
        """The order after more facts, with its money."""
        return Loaded(reduce(evolve, events, self.order), balances(events, self.balances))


def load(events: Sequence[Event]) -> Loaded | None:
    """Fold an order's history; None when there is none."""
    order = replay(events)
    return Loaded(order, balances(events)) if order else None


def begun(event: Event) -> Loaded:
    """An order that its first fact makes."""
    return Loaded(evolve(None, event), balances((event,)))


class Session:
    """A view with a memory: orders by id, policies by hash, and pending commits that its readers see already."""

    def __init__(self, view: View, now: datetime | None = None) -> None:
        self.view = view
        self.now = view.now if now is None else max(now, view.now)
        self.drawn: Callable[[int], Iterable[int]] | None = getattr(view, "draw_numbers", None)  # a check of its protocol takes as long as a whole command
        self.last: int | None = None
        """Of the events that were numbered here; None before the first."""
        self.caught_up = False
        """Nothing is due at the session's now."""
        self.orders: dict[str, Loaded] = {}
        self.new: set[str] = set()
        """Ids of which the view has neither an order nor a purchase, as it was asked of many at once."""
        self.shelf: Shelf[Loaded] | None = None
        """What a tick laid aside of them; whoever finds an order takes it from there."""
        self.goal: datetime | None = None
        """Of the tick under way, else None: what is due by then is asked for again."""
        self.policies: dict[str, Policy] = {}
        self.pending: list[Commit] = []
        self.standing: dict[str, Standing] = {}
        self.purchases: dict[str, list[str]] = {}
        """Line ids by purchase, of the lines that are pending."""
        self.keys: dict[str, Key] = {}

    # Reading

    def find(self, id: str) -> Loaded | None:
        """Return the order as recorded, or None."""
        found = self.orders.get(id)
        if found is None and id not in self.new:
            found = (self.shelf and self.shelf.take(id)) or load(self.view.history(id))
            if found:
                self.remember(id, found)
        return found

    def foresee(self, ids: Iterable[str]) -> None:
        """Ask at once which of the ids that commands are about to name are new, instead of each one several times."""
        unseen = [id for id in dict.fromkeys(ids) if id not in self.orders and id not in self.purchases]
        self.new = set(unseen) - self.view.known(unseen)

    def fetch(self, ids: Iterable[str]) -> None:
        """Load many orders at once, those that are not in memory yet."""
        for id, events in self.view.histories([id for id in ids if not self.remembers(id)]).items():
            found = load(events)
            if found:
                self.remember(id, found)

    def remember(self, id: str, loaded: Loaded) -> None:
        if not self.standing:
            self.shrink()
        self.orders[id] = loaded

    def remembers(self, id: str) -> bool:
        """Whether the order is in memory, as a value or as bytes."""
        return id in self.orders or (self.shelf is not None and id in self.shelf)

    def shrink(self) -> None:
        """Let go of the orders that were loaded first, once there are too many: those just fetched are about to be asked for."""
        if len(self.orders) >= KEPT:
            oldest = islice(self.orders.items(), KEPT // 2)
            if self.goal:
                self.lay_aside(oldest, self.goal)
            self.orders = dict(islice(self.orders.items(), KEPT // 2, None))

    def lay_aside(self, loaded: Iterable[tuple[str, Loaded]], goal: datetime) -> None:
        """Keep as bytes what the tick under way asks for again."""
        from .shelf import Shelf

        self.shelf = self.shelf or Shelf(Loaded, ROOM)
        for id, one in loaded:
            due = soonest(one.order)
            if due and due.at <= goal:
                self.shelf.put(id, one)

    def seen(self, id: str) -> Loaded | None:
        """Return the order as it is at the session's now: deadlines that passed since the record are shown as fired."""
        found, standing = self.find(id), self.standing.get(id)
        if standing and (standing.due is None or standing.due > self.now):
            return found
        return found and self.projected(found, self.now)

    def projected(self, loaded: Loaded, target: datetime) -> Loaded:
        """The order as silence makes it up to an instant; nothing is written."""
        while fired := self.lapse(loaded, target):
            loaded = loaded.after(fired)
        return loaded

    def lines(self, purchase: str) -> list[str]:
        """The line ids of a purchase, those pending included; empty when it has none."""
        recorded = [] if purchase in self.new else self.view.lines(purchase)
        return list(dict.fromkeys([*recorded, *self.purchases.get(purchase, ())]))

    def ids(self, disputed: bool = False, after: str = "") -> Iterator[str]:
        """The order ids greater than `after`, by code point, those pending included."""
        new = sorted(id for id, standing in self.standing.items() if id > after and (standing.disputed or not disputed))
        last = None
        for id in merge(self.view.orders(disputed, after), new):
            if id != last:
                yield id
            last = id

    def events(self, since: int) -> Iterator[Event]:
        """All events after a `seq`, those pending included."""
        yield from self.view.events(since)
        yield from (event for commit in self.pending for event in commit.events if event.seq > since)

    def history(self, id: str) -> list[Event]:
        """An order's events, those pending included."""
        return [*self.view.history(id), *(event for commit in self.pending for event in commit.events if event.order == id)]

    def due(self, until: datetime | None, limit: int) -> list[tuple[datetime, str]]:
        """At most `limit` orders whose next deadline is at or before an instant, soonest first."""
        known = self.view.due(until, limit + len(self.standing))
        new = [(s.due, id) for id, s in self.standing.items() if s.due and (until is None or s.due <= until)]
        return sorted([*(pair for pair in known if pair[1] not in self.standing), *new])[:limit]

    def all_due(self, until: datetime | None) -> Iterator[tuple[datetime, str]]:
        """All orders whose next deadline is at or before an instant (None: any), soonest first."""
        known = iter(self.due(None, EVERY)) if self.standing else self.view.all_due()
        yield from takewhile(lambda pair: until is None or pair[0] <= until, known)

    def recorded(self, key: str) -> tuple[Key, list[Event]] | None:
        """What was recorded under an idempotency key."""
        found = self.keys.get(key)
        if found is None:
            return self.view.key(key)
        assert found.first is not None and found.last is not None, "a session's keys say which events are theirs"
        return found, [event for event in self.events(found.first - 1) if event.seq <= found.last]

    def policy(self, hash: str) -> Policy:
        """The policy of this hash, as it was when an order was made under it."""
        if hash not in self.policies:
            self.policies[hash] = from_data(self.view.head.policy if hash == self.default else self.view.policy(hash))
        return self.policies[hash]

    def default_policy(self) -> Policy:
        """The policy that orders are made under unless they name another."""
        return self.policy(self.default)

    @cached_property
    def default(self) -> str:
        """The hash of the store's own policy."""
        return hash_of(self.view.head.policy)

    def moment(self, order: Order, at: datetime | None = None, **enclosed: Any) -> Moment:
        """The moment of a decision about an order."""
        return Moment(self.now if at is None else at, self.policy(order.policy), self.view.head.seed, **enclosed)

    # What silence means

    def lapse(self, loaded: Loaded, target: datetime) -> tuple[Event, ...]:
        """What the soonest deadline up to an instant makes true, at its own instant; nothing when none has passed."""
        deadline = soonest(loaded.order)
        if deadline is None or deadline.at > target:
            return ()
        party = deadline.actor if deadline.kind is EVIDENCE else None
        command = Lapse(id=loaded.order.id, by=CLOCK, kind=deadline.kind, party=party)
        return decide(loaded.order, command, self.moment(loaded.order, deadline.at))

    def firings(self, target: datetime) -> Iterator[tuple[Event, ...]]:
        """Fire every deadline up to an instant in order of (instant, order, kind), orders and clock going along (K2)."""
        self.goal = target
        try:
            while waiting := self.due(target, WINDOW):
                horizon = waiting[-1] if len(waiting) == WINDOW else None
                self.fetch([id for _, id in waiting])
                waiting.reverse()
                again: list[tuple[datetime, str]] = []
                while waiting or again:
                    at, id = heappop(again) if again and (not waiting or again[0] < waiting[-1]) else waiting.pop()
                    fired, due = self.fire(id, at)
                    if due and due <= target and (horizon is None or (due, id) <= horizon):
                        heappush(again, (due, id))
                    yield fired
        finally:
            self.goal = None

    def go_on(self, target: datetime) -> bool:
        """Go on to an instant; False where something is due by then, or by now, that has to fire first: a wall clock went on, or a long tick was cut short (K1)."""
        target = max(target, self.now)  # a wall clock may step back
        if self.caught_up and target == self.now:
            return True
        self.caught_up = True
        if self.due(target, 1):
            return False
        self.now = target
        return True

    def fire(self, id: str, at: datetime) -> tuple[tuple[Event, ...], datetime | None]:
        """Fire an order's deadline that was found to be due; return what that makes true, and when the order is due again."""
        loaded = self.find(id)
        fired = self.number(self.lapse(loaded, at)) if loaded else ()
        if not loaded or not fired:
            raise Unsound(f"{id}: it was said to be due at {at}, and nothing is")
        standing = self.lay(loaded.after(fired))
        self.now = max(self.now, at)
        return fired, standing.due

    def see(self, now: datetime) -> None:
        """Go on to an instant for those who only look: what passed by then is shown as fired, and fires with the next command."""
        if now > self.now:
            self.now, self.caught_up = now, False

    # Writing

    @property
    def seq(self) -> int:
        """Of the last event, those pending included."""
        return self.view.seq if self.last is None else self.last

    def number(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Give each event the next `seq` of the store."""
        numbers = self.drawn(len(events)) if self.drawn else range(self.seq + 1, self.seq + 1 + len(events))
        numbered = tuple([replace(event, seq=seq) for event, seq in zip(events, numbers, strict=True)])
        self.last = numbered[-1].seq if numbered else self.last
        return numbered

    def lay(self, after: Loaded) -> Standing:
        """Lay an order's new state over the store, and hold it to what is always true: postings sum to zero, no escrow below zero (P2)."""
        order = after.order
        if not sound(after):
            raise Unbalanced(f"{order.id}: the money does not add up")
        if order.id not in self.orders:
            self.note_new(order.id)
            if self.shelf:
                self.shelf.drop(order.id)  # as it was
        self.orders[order.id] = after
        self.standing[order.id] = standing = standing_of(order)
        return standing

    def note_new(self, id: str) -> None:
        """Remember a new order: it and its purchase will be the view's, and until then its line is not."""
        purchase, slash, _ = id.partition("/")
        self.new -= {id, purchase}
        if slash:
            self.purchases.setdefault(purchase, []).append(id)

    def record(self, events: tuple[Event, ...], key: Key | None = None, policy: Policy | None = None) -> None:
        """Lay one more commit over the store; `flush` makes it durable."""
        touched = {event.order: self.standing[event.order] for event in events}
        policies = {} if policy is None or self.holds(policy) else {fingerprint(policy): as_data(policy)}
        keys = () if key is None else (key,)
        if key is not None:
            self.keys[key.key] = key
        self.pending.append(Commit(now=self.now, events=events, orders=touched, keys=keys, policies=policies))

    def holds(self, policy: Policy) -> bool:
        """Whether the store has this policy already: in its head, in a commit, or in one that is pending."""
        hash = fingerprint(policy)
        pending = any(hash in commit.policies for commit in self.pending)
        return pending or hash == self.default or self.view.knows_policy(hash)

    def flush(self, desk: Desk) -> None:
        """Make everything pending durable, with one sync; what a store would not take is not tried again."""
        pending, self.pending = self.pending, []
        if pending:
            desk.append(pending)
        self.forget()

    def flush_as_one(self, desk: Desk) -> None:
        """Make everything pending durable together, or not at all."""
        pending, self.pending = self.pending, []
        if pending:
            desk.append([joined(pending)])
        self.forget()

    def forget(self) -> None:
        self.standing.clear()
        self.purchases.clear()
        self.keys.clear()
        self.shrink()


def sound(loaded: Loaded) -> bool:
    """What is always true of an order's money: it sums to zero, and the escrow is never below zero, empty once closed (P2)."""
    sums = loaded.balances
    held = sums.escrow == 0 if loaded.order.status is CLOSED else sums.escrow >= 0
    return held and sums.buyer + sums.seller + sums.escrow + sums.carrier == 0


def standing_of(order: Order) -> Standing:
    """What the store finds an order by."""
    due = soonest(order)
    return Standing(due.at if due else None, order.disputes > 0)


def joined(commits: list[Commit]) -> Commit:
    """Several commits as one."""
    orders: dict[str, Standing] = {}
    policies: dict[str, dict[str, Any]] = {}
    for commit in commits:
        orders |= commit.orders
        policies |= commit.policies
    return Commit(
        now=commits[-1].now,
        events=tuple(event for commit in commits for event in commit.events),
        orders=orders,
        keys=tuple(key for commit in commits for key in commit.keys),
        policies=policies,
    )
