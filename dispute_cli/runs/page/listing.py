"""What the list's page shows: how many orders stand where, what was asked and refunded, how long it took, what is due. How it looks is in list.html."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ... import answers as a
from ... import reading, views
from ...core import instants, money
from ...core.order import Order, Settlement
from ...core.words import LABELS, Status
from ...session import Session

MOST_ROWS = 1000
"""Orders in the table, the most urgent ones: the sums are of all."""
CLASSES = (1, 5, 10, 20, 40, 80)
"""The days at which a class of durations ends and the next begins."""
DAY = timedelta(days=1)


class Count(NamedTuple):
    """A bar and what it stands for."""

    name: str
    words: str
    orders: int
    share: int
    """Of the longest bar, in thousandths."""


class Refunded(NamedTuple):
    """What the buyers got of what they paid, for one reason in one currency."""

    reason: str
    currency: str
    orders: int
    paid: str
    refund: str
    percent: str
    share: int
    """In thousandths."""


class Told(NamedTuple):
    now: datetime
    clock: datetime
    orders: int
    statuses: list[Count]
    waits: list[Count]
    settled: int
    median: timedelta | None
    """The middle of the times from opening to settlement, the lower one of two."""
    refunds: list[Refunded]
    rows: list[a.Row]


def gather(session: Session, at: str | None) -> Told:
    """All orders that have or had a dispute, as `status` lists them."""
    when = None if at is None else instants.instant(at, "at")
    seen = [loaded.order for id in session.ids(disputed=True) if (loaded := reading.as_of(session, id, when))]
    orders = sorted((order for order in seen if order.disputes), key=reading.urgency)
    waits = sorted(split.settled_at - order.dispute.opened_at for order, split in settled(orders) if order.dispute)
    return Told(
        now=session.now if when is None else when,
        clock=session.now,
        orders=len(orders),
        statuses=statuses(orders),
        waits=classes(waits),
        settled=len(waits),
        median=waits[(len(waits) - 1) // 2] if waits else None,
        refunds=[*refunds(orders)],
        rows=[views.row(order, session.policy(order.policy)) for order in orders[:MOST_ROWS]],
    )


def settled(orders: Sequence[Order]) -> list[tuple[Order, Settlement]]:
    """Those that a dispute brought to an end."""
    return [(order, order.settlement) for order in orders if order.dispute and order.settlement]


def statuses(orders: Sequence[Order]) -> list[Count]:
    counts = Counter(order.status for order in orders)
    return bars([(status, LABELS[status], counts.get(status, 0)) for status in Status])


def classes(waits: Sequence[timedelta]) -> list[Count]:
    """How many took how long, in classes of whole days; none where nothing is settled."""
    ends = [0, *CLASSES]
    counts = Counter(sum(wait // DAY >= end for end in CLASSES) for wait in waits)
    names = [*(span_of(first, last) for first, last in zip(ends, CLASSES, strict=False)), f"{CLASSES[-1]} days or more"]
    return bars([(name, "", counts.get(place, 0)) for place, name in enumerate(names)]) if waits else []


def span_of(first: int, last: int) -> str:
    return f"{first} to {last - 1} days" if first else "less than a day"


def bars(counted: Sequence[tuple[str, str, int]]) -> list[Count]:
    most = max(count for _, _, count in counted) or 1
    return [Count(name, words, count, 1000 * count // most) for name, words, count in counted]


def refunds(orders: Sequence[Order]) -> Iterator[Refunded]:
    """By reason and currency, the most frequent first: the sums are exact, nothing is converted."""
    groups: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for order, split in settled(orders):
        assert order.dispute
        groups[order.dispute.reason, order.currency].append((order.total, split.refund))
    for (reason, currency), amounts in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        paid, refund = (sum(column) for column in zip(*amounts, strict=True))
        share = 1000 * refund // paid
        yield Refunded(reason, currency, len(amounts), money.decimal(paid, currency), money.decimal(refund, currency), f"{share // 10}.{share % 10}", share)
