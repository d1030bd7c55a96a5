"""What an order's page shows, gathered from a session: where it stands, what was said and shown, what happened, what can be done. How it looks is in order.html."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ... import answers as a
from ... import reading, turns, views
from ...core import instants
from ...core.advice import on_page
from ...core.events import Event
from ...core.links import check_link
from ...core.words import Actor
from ...sentences import sentence
from ...session import Loaded, Session
from . import plot
from .course import Counter, counters, money, silence

ELSEWHERE = ("message_sent", "evidence_added")
"""Events that have their own part of the page."""


class Voice(NamedTuple):
    """What the command line lends, so that a page speaks as it does."""

    visible: Callable[[str], str]
    """Escapes what cannot be seen."""
    pasted: Callable[[a.Choice], str]
    """A command line for a shell."""
    length: Callable[[timedelta], str]
    """`5 days`."""
    urgency: Callable[[timedelta], str]
    """`urgent` where little is left."""


class Gauge(NamedTuple):
    """How much of a counter is left."""

    left: str
    whole: str
    share: int
    """In thousandths."""
    urgent: bool


class Exhibit(NamedTuple):
    """A piece of evidence."""

    record: a.Evidence
    words: str
    """What it is, for those who cannot see it."""
    picture: str | None
    """The bytes as a data: URI; None for a link, and for a file that stands on the page already."""
    same: int | None
    """The number of the exhibit with the very same bytes."""
    followed: bool
    """It is a link that may be one on the page."""


class Letter(NamedTuple):
    message: a.Message
    name: str | None
    """The author's; None: the platform has none."""
    place: str
    """`before the dispute`, `dispute 1`, `after the dispute`; nothing where there never was one."""


class Turn(NamedTuple):
    at: datetime
    by: str
    words: str
    expected: bool
    """It is not recorded: silence brings it."""


class Way(NamedTuple):
    """A move that is possible, with command lines that make it."""

    command: str
    until: datetime | None
    lines: list[str]


class Sheet(NamedTuple):
    """One order line."""

    order: a.Order
    advice: tuple[a.Warning, ...]
    gauge: Gauge | None
    exhibits: list[Exhibit]
    letters: list[Letter]
    turns: list[Turn]
    silence: list[Turn]
    ways: list[tuple[Actor, list[Way]]]
    timeline: plot.Timeline
    money: plot.Flow


class Told(NamedTuple):
    """A page: an order, or the lines of a purchase."""

    id: str
    now: datetime
    """The instant that it shows."""
    clock: datetime
    """The store's."""
    sheets: list[Sheet]


def gather(session: Session, id: str, at: str | None, voice: Voice) -> Told:
    """The order, or every line of the purchase, now or at an instant."""
    when = None if at is None else instants.instant(at, "at")
    seen = reading.found(session, id, when)
    return Told(id, session.now if when is None else when, session.now, [sheet(session, loaded, when, voice) for loaded in seen])


def sheet(session: Session, loaded: Loaded, at: datetime | None, voice: Voice) -> Sheet:
    order, now = reading.shown(session, loaded, at), session.now if at is None else at
    happened = [*turns.history(session, order.id, now)]
    coming = [*silence(session, happened)]
    ran = counters(happened)
    return Sheet(
        order=order,
        advice=views.warnings(on_page(loaded.order, session.moment(loaded.order, at))),
        gauge=gauge(order, ran, now, voice),
        exhibits=[*exhibits(session, order.evidence)],
        letters=[*letters(order)],
        turns=[*told(happened)],
        silence=[*told(coming)],
        ways=ways(order, [*turns.choices(session, loaded.order, at)], voice),
        timeline=plot.timeline(happened, coming, ran, now),
        money=plot.flow(money([*happened, *coming]), plot.span(happened, coming, ran, now), order.currency),
    )


def gauge(order: a.Order, ran: Sequence[Counter], now: datetime, voice: Voice) -> Gauge | None:
    """Of the counter that ends first."""
    if not order.deadlines:
        return None
    first = order.deadlines[0]
    began = next((one.began for one in reversed(ran) if one.ended is None and (one.kind, one.due) == (first.kind, first.at)), now)
    left, whole = first.at - now, first.at - began
    return Gauge(voice.length(left), voice.length(whole), 1000 * left // whole if whole else 0, voice.urgency(left) == "urgent")


# What was shown and said


def exhibits(session: Session, records: Sequence[a.Evidence]) -> Iterator[Exhibit]:
    """Every record; the same bytes stand on the page once."""
    shown: dict[str, int] = {}
    for number, record in enumerate(records, 1):
        words = f"{record.name or record.url}, given by the {record.by} on {instants.iso_instant(record.at)}"
        if record.hash is None:
            yield Exhibit(record, words, None, None, record.url is not None and check_link(record.url) is None)
        elif record.hash in shown:
            yield Exhibit(record, words, None, shown[record.hash], False)
        else:
            shown[record.hash] = number
            yield Exhibit(record, words, embedded(session.view.blob(record.hash), record.type), None, False)


def embedded(data: bytes, type: str | None) -> str:
    return f"data:image/{type};base64,{b64encode(data).decode()}"


def letters(order: a.Order) -> Iterator[Letter]:
    """All correspondence in one order, none left out; what came before the dispute is marked (V7)."""
    names = {Actor.BUYER: order.buyer, Actor.SELLER: order.seller}
    last = max((number for number, message in enumerate(order.messages) if message.dispute is not None), default=None)
    for number, message in enumerate(order.messages):
        outside = "" if last is None else "before the dispute" if number < last else "after the dispute"
        yield Letter(message, names.get(message.by), outside if message.dispute is None else f"dispute {message.dispute}")


# What happened, and what can be done


def told(events: Sequence[Event]) -> Iterator[Turn]:
    for event in map(turns.told, events):
        if event["type"] not in ELSEWHERE:
            yield Turn(instants.instant(event["at"]), event["by"], sentence(event), event["seq"] is None)


def ways(order: a.Order, choices: Sequence[a.Choice], voice: Voice) -> list[tuple[Actor, list[Way]]]:
    """Each move that is possible, by actor; whose move it is comes first."""
    mover = order.deadlines[0].actor if order.deadlines else None
    moves = sorted(order.possible, key=lambda move: (move.actor is not mover, list(Actor).index(move.actor)))
    lines = {(one.actor, one.command): [voice.pasted(choice) for choice in choices if (choice.actor, choice.command) == (one.actor, one.command)] for one in choices}
    return [
        (actor, [Way(move.command, move.until, lines.get((actor, move.command), [])) for move in group])
        for actor, group in groupby(moves, attrgetter("actor"))
    ]
