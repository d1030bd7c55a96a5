"""Orders replayed as an audit walks by, the latest held in memory: most of a store is proved in one pass. What is wrong with an order is said elsewhere."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import eq

from .core.events import Event
from .core.evolve import Unsound
from .session import Loaded, load
from .store import Commit, Standing

HELD = 10_000
"""Orders in memory at most."""
AGAIN = 100_000
"""Orders to be read again, by their ids; where there are more all are."""
UNREPLAYABLE = (Unsound, AssertionError, AttributeError, KeyError, TypeError)
"""What facts that cannot follow each other may raise."""

Fits = Callable[[Loaded, Standing], bool]
"""Whether an order is sound, and stands as its last commit says."""


class Replay:
    """Proves an order once it is let go, as it stood then. One that comes back afterwards, or does not fit, is to be read again as a whole."""

    def __init__(self, fits: Fits) -> None:
        self.fits = fits
        self.held: dict[str, tuple[Loaded, Standing]] = {}
        """By id, the one touched last at the end."""
        self.again: set[str] = set()
        self.policies: set[str] = set()
        """Of all orders, by hash."""
        self.begun = array("q")
        """The hash of each order that began: were one twice there, it began twice."""

    def meet(self, commit: Commit) -> None:
        """Go on to a commit."""
        if len(commit.orders) == 1:
            for id, told in commit.orders.items():
                self.go_on(id, commit.events, told)
            return
        facts = by_order(commit.events)
        for id, told in commit.orders.items():
            self.go_on(id, facts.get(id, ()), told)

    def go_on(self, id: str, facts: Sequence[Event], told: Standing) -> None:
        before = self.held.pop(id, None)
        try:
            loaded = before[0].after(facts) if before else load(facts)
        except UNREPLAYABLE:
            loaded = None
        if loaded is None:
            self.doubt(id)
            return
        self.held[id] = loaded, told
        if before is None:
            self.begun.append(hash(id))
            if len(self.held) > HELD:
                self.let_go(HELD // 2)

    def let_go(self, count: int | None = None) -> None:
        """Prove the orders that were touched longest ago, or all, and forget them."""
        for id in list(islice(self.held, count)):
            loaded, told = self.held.pop(id)
            self.policies.add(loaded.order.policy)
            try:
                fits = self.fits(loaded, told)
            except UNREPLAYABLE:
                fits = False
            if not fits:
                self.doubt(id)

    def doubt(self, id: str) -> None:
        if len(self.again) <= AGAIN:
            self.again.add(id)

    def left(self) -> list[str] | None:
        """Let go of all, and return which are to be read again, by id; None for all of them."""
        self.let_go()
        if len(self.again) > AGAIN or has_equals(self.begun):
            return None
        return sorted(self.again)


def has_equals(numbers: Iterable[int]) -> bool:
    ordered = sorted(numbers)
    return any(map(eq, ordered, islice(ordered, 1, None)))


def by_order(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Tell events apart by their order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.order, []).append(event)
    return found
