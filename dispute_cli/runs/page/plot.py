"""Where things stand in the pictures of a page: instants as x, actors and counters as rows, amounts as heights. Whole numbers alone; how they are drawn is in plots.html."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from ... import turns
from ...core import money
from ...core.events import Event
from ...core.instants import iso_instant
from ...core.words import Actor, Kind
from ...sentences import sentence
from .course import Counter, Money

LEFT, WIDTH = 136, 960
"""Where time begins and ends; left of it stand the names of the rows."""
EDGE = 38
ROW, GAP, FOOT = 26, 12, 34
TALL = 120
"""The whole that was paid."""
DAY = timedelta(days=1)
AFTER = 12
"""The part of its time that a picture goes on for."""
MOST_TICKS = 8
DOT = 11
"""Turns of an actor that would stand closer than this are one dot."""
MOST_TOLD, MOST_WORDS = 4, 90
"""Of the turns that are one dot, and of the characters of each: the whole stands in the page's list."""
KINDS = [*Kind]
BRIEF = {"message_sent": "message", "evidence_added": "evidence"}
"""Events whose text stands elsewhere on the page."""


class Span(NamedTuple):
    """The time that a picture shows."""

    first: datetime
    last: datetime
    now: datetime | None
    """What is later is what silence brings; None where it brings nothing any more."""

    def x(self, at: datetime) -> int:
        return LEFT + (WIDTH - LEFT - EDGE) * (at - self.first) // (self.last - self.first)

    @property
    def x_of_now(self) -> int | None:
        return None if self.now is None else self.x(self.now)


class Tick(NamedTuple):
    x: int
    day: int
    """Since payment."""
    date: str


class Row(NamedTuple):
    y: int
    name: str


class Dot(NamedTuple):
    """Turns of one actor at about one time."""

    x: int
    y: int
    actor: Actor
    expected: bool
    """Silence brings them."""
    turns: int
    words: str


class Bar(NamedTuple):
    """A counter: how long it ran, and how long it would still run."""

    x: int
    y: int
    width: int
    rest: int
    words: str


class Timeline(NamedTuple):
    height: int
    words: str
    now: int | None
    ticks: list[Tick]
    rows: list[Row]
    dots: list[Dot]
    bars: list[Bar]


class Area(NamedTuple):
    """What one party holds for some time."""

    x: int
    y: int
    width: int
    height: int
    holder: str
    expected: bool


class Held(NamedTuple):
    """Where the money is from an instant on, in amounts."""

    at: datetime
    escrow: str
    seller: str
    buyer: str
    expected: bool


class Flow(NamedTuple):
    height: int
    whole: str
    """What was paid."""
    words: str
    now: int | None
    ticks: list[Tick]
    areas: list[Area]
    held: list[Held]


def span(happened: Sequence[Event], coming: Sequence[Event], ran: Sequence[Counter], now: datetime) -> Span:
    """From payment to the last that is known to come, and a little further, so that it is seen where the money stays."""
    first = happened[0].at
    ends = (*(event.at for event in (*happened[-1:], *coming[-1:])), *(one.due for one in ran if one.ended is None))
    last = max(*ends, first + DAY)
    return Span(first, last + (last - first) // AFTER, now if coming else None)


def ticks(span: Span) -> list[Tick]:
    """Every 1, 2, 5, 10, 20 … days, so that there are few."""
    days = (span.last - span.first) // DAY
    step = next(step for size in range(8) for step in (10**size, 2 * 10**size, 5 * 10**size) if days // step < MOST_TICKS)
    return [Tick(span.x(at), day, iso_instant(at)[:10]) for day in range(0, days + 1, step) if (at := span.first + day * DAY)]


# Turns and counters


def timeline(happened: Sequence[Event], coming: Sequence[Event], ran: Sequence[Counter], now: datetime) -> Timeline:
    """A row for each actor with its turns, then one for each kind of counter."""
    shown = span(happened, coming, ran, now)
    names = [*Actor, *dict.fromkeys(map(name_of, sorted(ran, key=lambda one: KINDS.index(one.kind))))]
    rows = {name: Row(ROW * place + ROW // 2 + (GAP if place >= len(Actor) else 0), str(name)) for place, name in enumerate(names)}
    return Timeline(
        height=ROW * len(names) + GAP + FOOT,
        words=described(happened, ran, shown),
        now=shown.x_of_now,
        ticks=ticks(shown),
        rows=[*rows.values()],
        dots=[*dots(happened, shown, rows, expected=False), *dots(coming, shown, rows, expected=True)],
        bars=bars(ran, shown, rows),
    )


def name_of(counter: Counter) -> str:
    """The row of a counter; each party's evidence has its own."""
    kind = counter.kind.replace("_", " ")
    return f"{kind}, {counter.actor}" if counter.kind is Kind.EVIDENCE else kind


def dots(events: Sequence[Event], span: Span, rows: dict[str, Row], expected: bool) -> Iterator[Dot]:
    """One for each actor and time; what cannot be told apart on paper is one."""
    near: dict[tuple[Actor, int], list[Event]] = {}
    for event in events:
        near.setdefault((event.by, span.x(event.at) // DOT), []).append(event)
    for (actor, _), group in near.items():
        yield Dot(span.x(group[0].at), rows[actor].y, actor, expected, len(group), "\n".join(brief(group)))


def brief(events: Sequence[Event]) -> Iterator[str]:
    for event in map(turns.told, events[:MOST_TOLD]):
        yield f"{event['at']}: {(BRIEF.get(event['type']) or sentence(event))[:MOST_WORDS]}"
    if len(events) > MOST_TOLD:
        yield f"and {len(events) - MOST_TOLD:,} more"


def bars(ran: Sequence[Counter], span: Span, rows: dict[str, Row]) -> list[Bar]:
    """One for each counter; of those that look the same, the last."""
    drawn = (bar(one, span, rows[name_of(one)]) for one in ran)
    return [*{(one.x, one.y, one.width, one.rest): one for one in drawn}.values()]


def bar(counter: Counter, span: Span, row: Row) -> Bar:
    x, end = span.x(counter.began), span.x(counter.ended or span.now or counter.due)
    rest = 0 if counter.ended else span.x(counter.due) - end
    return Bar(x, row.y, max(end - x, 1), rest, f"{name_of(counter)}: {lasting(counter)}")


def lasting(counter: Counter) -> str:
    began, due = iso_instant(counter.began), iso_instant(counter.due)
    if counter.ended is None:
        return f"runs since {began} until {due}"
    return f"ran out, {began} to {due}" if counter.ended == counter.due else f"{began} to {iso_instant(counter.ended)}, before its end at {due}"


def described(happened: Sequence[Event], ran: Sequence[Counter], span: Span) -> str:
    """The picture in words."""
    counts = {actor: sum(event.by is actor for event in happened) for actor in Actor}
    acted = ", ".join(f"{count:,} by the {actor}" for actor, count in counts.items() if count)
    running = "; ".join(f"{name_of(one)} {lasting(one)}" for one in ran if one.ended is None)
    return f"From {iso_instant(span.first)} to {iso_instant(span.last)}. Turns so far: {acted}. Counters: {running or 'none runs'}."


# Money


def flow(moved: Sequence[Money], span: Span, currency: str) -> Flow:
    """Who holds what was paid, over time; after now as silence would have it."""
    held = [written(one, currency, span.now is not None and one.at > span.now) for one in moved]
    return Flow(
        height=TALL + FOOT,
        whole=f"{held[0].escrow} {currency}",
        words=" ".join(f"{'In silence, from' if one.expected else 'From'} {iso_instant(one.at)}: {holding(one, currency)}." for one in held),
        now=span.x_of_now,
        ticks=ticks(span),
        areas=[area for one, until in zip(moved, [*(later.at for later in moved[1:]), span.last], strict=True) for area in areas(one, until, span)],
        held=held,
    )


def written(one: Money, currency: str, expected: bool) -> Held:
    escrow, seller, buyer = (money.decimal(part, currency) for part in (one.escrow, one.seller, one.buyer))
    return Held(one.at, escrow, seller, buyer, expected)


def holding(one: Held, currency: str) -> str:
    return f"escrow {one.escrow}, seller {one.seller}, buyer {one.buyer} {currency}"


def areas(one: Money, until: datetime, span: Span) -> Iterator[Area]:
    """The three parts upon each other, from one movement to the next; cut in two at now."""
    whole = one.escrow + one.seller + one.buyer
    edges = [one.at, *([span.now] if span.now and one.at < span.now < until else []), until]
    for first, last in pairwise(edges):
        held = 0
        for holder in ("buyer", "escrow", "seller"):
            low, high = (TALL * part // whole for part in (held, held + getattr(one, holder)))
            held += getattr(one, holder)
            if high > low and last > first:
                yield Area(span.x(first), TALL - high, span.x(last) - span.x(first), high - low, holder, span.now is not None and first >= span.now)
