"""Questions about orders: their pages, the list, events, money, deadlines, evidence. Reads a session, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from . import answers as a
from . import questions as q
from . import views
from .core import events as e
from .core import instants, money
from .core.advice import on_page
from .core.commands import name_of
from .core.deadlines import Deadline, deadlines, firing, soonest
from .core.ledger import Posting, postings
from .core.lifecycle import Possible, possible
from .core.malformed import guess, quote
from .core.order import Order
from .core.refusal import Refusal, refuse
from .core.words import Actor, Status
from .session import Loaded, Session, load

if TYPE_CHECKING:
    from .sorting import Sums

AT_ONCE = 500
"""Orders that are loaded together where all are wanted."""
NEIGHBOURS = 50
"""How many ids are looked at for each beginning of one that does not exist."""


class NoSuchThing(Exception):
    """No such order or thing: exit code 3."""

    def __init__(self, message: str, hint: str | None = None, at: datetime | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.at = at
        """The instant that was asked about, where it was another than now."""
        self.now: datetime | None = None


def unknown(session: Session, id: str) -> NoSuchThing:
    return NoSuchThing(f"There is no order {quote(id)}.", f"{guess(id, neighbours(session, id))}`dispute status --all` lists every order.")


def neighbours(session: Session, id: str) -> Iterator[str]:
    """Some of the ids that begin as this one does, and the purchases of those that are lines: few, however many orders there are."""
    for length in sorted({len(id) - 1, max(len(id) - 2, 0), len(id) // 2, 0}, reverse=True):
        for other in islice(session.ids(after=id[:length]), NEIGHBOURS):
            yield from (other, other.partition("/")[0])


def answer(session: Session, question: q.Asked) -> a.Answer:
    """Answer a question about what is recorded."""
    return ANSWERS[name_of(question)](session, question)


# One order, or a purchase


def found(session: Session, id: str, at: datetime | None = None) -> list[Loaded]:
    """The order of this id, or every line of the purchase, as seen now or at an instant; `NoSuchThing` when there is none."""
    ids = [id] if session.find(id) else session.lines(id)
    if not ids:
        raise unknown(session, id)
    seen = [loaded for id in ids if (loaded := as_of(session, id, at))]
    if not seen:
        raise NoSuchThing(f"{id} did not exist yet.", at=at)
    return seen


def as_of(session: Session, id: str, at: datetime | None) -> Loaded | None:
    """An order as it was at a past instant, or as silence will have made it at a future one; None before it existed."""
    if at is None or at >= session.now:
        loaded = session.find(id)
        return loaded and session.projected(loaded, session.now if at is None else at)
    return past(session, id, at)


def past(session: Session, id: str, at: datetime) -> Loaded | None:
    """What was recorded up to an instant, with what had passed by then."""
    loaded = load([event for event in session.history(id) if event.at <= at])
    return loaded and session.projected(loaded, at)


def open_lines(session: Session, lines: list[str], every: bool) -> list[Loaded]:
    """The lines of a purchase that are not closed; all of them when every one is, so that their own rule refuses (E1)."""
    loaded = [line for id in lines if (line := session.find(id))]
    open = [line for line in loaded if line.order.status is not Status.CLOSED]
    return loaded if every or not open else open


def page(session: Session, id: str) -> a.Order:
    """ORDER as it is now."""
    loaded = session.seen(id)
    assert loaded, f"{id} was just written"
    return shown(session, loaded)


def shown(session: Session, loaded: Loaded, at: datetime | None = None) -> a.Order:
    return views.order(loaded.order, loaded.balances, session.moment(loaded.order, at))


def status(session: Session, question: q.Look) -> a.Answer:
    at = None if question.at is None else instants.instant(question.at, "at")
    if question.id is None:
        return listed(session, question, at)
    seen = found(session, question.id, at)
    advice = [piece for loaded in seen for piece in on_page(loaded.order, session.moment(loaded.order, at))]
    orders = tuple(shown(session, loaded, at) for loaded in seen)
    common: dict[str, Any] = {"command": "status", "now": session.now, "at": at, "warnings": views.warnings(advice)}
    if question.history:
        from .turns import added

        common |= added(session, seen, at)
    if question.lifecycle:
        from .diagrams import drawn, edges

        one(session, question.id, "status --lifecycle")
        policy = session.policy(seen[0].order.policy)
        common["lifecycle"] = drawn(policy, edges(policy), "text", seen[0].order.status)
    if session.find(question.id):
        return a.Shown(order=orders[0], **common)
    return a.ShownLines(orders=orders, **common)


# Ids that begin somehow


class Known(Struct, frozen=True):
    """What tells an order apart from its neighbours."""

    id: str
    status: Status
    left: timedelta | None
    """Until its next deadline; None when nothing is due."""
    possible: tuple[Possible, ...]


def beginning(session: Session, prefix: str, limit: int) -> list[Known]:
    """At most `limit` orders whose ids begin so, by id; as quick among a million orders as among ten."""
    itself = [prefix] if session.find(prefix) else []
    ids = [*itself, *takewhile(lambda id: id.startswith(prefix), islice(session.ids(after=prefix), limit))][:limit]
    session.fetch(ids)
    return [known(session, loaded.order) for id in ids if (loaded := session.seen(id))]


def known(session: Session, order: Order) -> Known:
    due = soonest(order)
    return Known(order.id, order.status, due.at - session.now if due else None, possible(order, session.moment(order)))


# The list


def listed(session: Session, question: q.Look, at: datetime | None) -> a.Listed:
    """All orders that have or had a dispute, or every order, filtered and sorted; by id unless told."""
    return a.Listed(command="status", now=session.now, orders=tuple(told_orders(session, question, at)), at=at)


def told_orders(session: Session, question: q.Look, at: datetime | None) -> Iterator[a.Row]:
    """The rows of the list, one after the other."""
    last = within(session.now if at is None else at, question.due)
    chosen: Iterator[Order] = (loaded.order for loaded in every(session, not question.all, at) if wanted(loaded.order, question, last))
    if question.sort not in (None, "id"):
        chosen = iter(sorted(chosen, key=SORTS[question.sort]))
    yield from (views.row(order, session.policy(order.policy)) for order in islice(chosen, question.limit))


def every(session: Session, disputed: bool, at: datetime | None) -> Iterator[Loaded]:
    """Every order by id, as seen now or at an instant, without those that did not exist yet."""
    ids = session.ids(disputed)
    while some := list(islice(ids, AT_ONCE)):
        if at is None or at >= session.now:
            session.fetch(some)
        yield from (loaded for id in some if (loaded := as_of(session, id, at)))


def within(now: datetime, duration: str | None) -> datetime:
    """The last instant of a span from now on; the end of the calendar where none is given, or a longer one than that."""
    left = instants.LATEST - now
    return now + (left if duration is None else min(left, instants.duration(duration)))


def wanted(order: Order, question: q.Look, last: datetime) -> bool:
    """Does the order pass every filter of the list?"""
    due = soonest(order)
    return (
        (question.all or order.disputes > 0)
        and (question.status is None or order.status is question.status)
        and (question.actor is None or (due is not None and due.actor is question.actor))
        and (question.due is None or (due is not None and due.at <= last))
    )


def urgency(order: Order) -> tuple[bool, Any, str]:
    """Soonest deadline first, orders without one last."""
    due = soonest(order)
    return due is None, due and due.at, order.id


SORTS: dict[str, Callable[[Order], Any]] = {
    "id": lambda order: order.id,
    "due": urgency,
    "status": lambda order: (list(Status).index(order.status), order.id),
    "opened": lambda order: (order.dispute is None, order.dispute and order.dispute.opened_at, order.id),
    "total": lambda order: (order.currency, order.total, order.id),
}


# Events, money, deadlines


def of_order(session: Session, id: str | None) -> Iterator[e.Event]:
    """The events of an order or of a purchase's lines, or of the whole store, by `seq`."""
    if id is None:
        yield from session.events(0)
        return
    ids = [loaded.order.id for loaded in found(session, id)]
    yield from sorted((event for id in ids for event in session.history(id)), key=lambda event: event.seq)


def events(session: Session, question: q.Events) -> a.Answer:
    return a.EventsTold(command="events", now=session.now, events=tuple(told_events(session, question)))


def told_events(session: Session, question: q.Events) -> Iterator[dict[str, Any]]:
    """The events asked for, one after the other."""
    source = session.events(question.since) if question.id is None else of_order(session, question.id)
    yield from (views.told(event) for event in source if event.seq > question.since and (not question.type or tag(event) in question.type))


def tag(event: e.Event) -> str:
    return str(event.__struct_config__.tag)


def ledger(session: Session, question: q.Ledger) -> a.Answer:
    """Every posting, and the balance of every account (P2)."""
    from .sorting import Sums

    sums = Sums()
    told = tuple(told_postings(session, question, sums))
    return a.LedgerTold(command="ledger", now=session.now, postings=told, balances=tuple(told_balances(sums)))


def told_postings(session: Session, question: q.Ledger, sums: Sums) -> Iterator[a.Posting]:
    """The postings one after the other, summed up as they go."""
    for event in of_order(session, question.id):
        for posting in postings(event):
            sums.add((posting.account, posting.currency), posting.amount)
            yield posted(event, posting)


def told_balances(sums: Sums) -> Iterator[a.Balance]:
    """The balance of every account, once every posting is told."""
    yield from (a.Balance(account, currency, money.decimal(amount, currency)) for (account, currency), amount in sums)


def posted(event: e.Event, posting: Posting) -> a.Posting:
    amount = money.decimal(posting.amount, posting.currency)
    return a.Posting(event.seq, event.at, event.order, posting.account, amount, posting.currency)


def all_deadlines(session: Session, question: q.Deadlines) -> a.Answer:
    """Every deadline that runs, in the order in which they would fire."""
    return a.DeadlinesTold(command="deadlines", now=session.now, deadlines=tuple(told_deadlines(session, question)))


def told_deadlines(session: Session, question: q.Deadlines) -> Iterator[a.OrderDeadline]:
    """The deadlines one after the other, all of them known before the first."""
    from .sorting import Sorted

    last = None if question.within is None else within(session.now, question.within)
    found = Sorted(tuple[datetime, str, tuple[datetime, int, Actor], a.OrderDeadline])  # what K2 says of when it fires, before how it is told
    for order in due_orders(session, last):
        for due in deadlines(order):
            if last is None or due.at <= last:
                found.add((due.at, order.id, firing(due), views.order_deadline(order, due, session.policy(order.policy))))
    yield from (told for *_, told in found)


def due_orders(session: Session, last: datetime | None) -> Iterator[Order]:
    """The orders of which something is due up to an instant, as they are seen now."""
    ids = (id for _, id in session.all_due(last))
    while some := list(islice(ids, AT_ONCE)):
        session.fetch(some)
        yield from (loaded.order for id in some if (loaded := session.seen(id)))


def next_deadline(session: Session, id: str) -> a.OrderDeadline | None:
    """The soonest deadline of an order."""
    loaded = session.find(id)
    due: Deadline | None = soonest(loaded.order) if loaded else None
    return views.order_deadline(loaded.order, due, session.policy(loaded.order.policy)) if loaded and due else None


# Evidence


def one(session: Session, id: str, words: str) -> Loaded:
    """The order that a question is about; a purchase's bare id is refused, and its lines named (E1)."""
    loaded = session.seen(id)
    lines = [] if loaded else session.lines(id)
    if lines:
        raise several(id, lines, words)
    if loaded is None:
        raise unknown(session, id)
    return loaded


def several(id: str, lines: list[str], words: str) -> Refusal:
    """What is about one line is refused a purchase's bare id (E1)."""
    return refuse("E1", f"{id} is a purchase of several lines: '{words}' is about one of them.", f"Name the line: {', '.join(lines)}.", "id")


def evidence(session: Session, question: q.EvidenceList) -> a.Answer:
    records = tuple(map(views.evidence, one(session, question.id, name_of(question)).order.evidence))
    return a.EvidenceTold(command="evidence list", now=session.now, evidence=records)


def export(session: Session, question: q.EvidenceExport) -> tuple[a.Exported, bytes]:
    """Return the bytes of a file on an order's record."""
    hashes = {record.hash for record in one(session, question.id, name_of(question)).order.evidence}
    if question.hash not in hashes:
        raise NoSuchThing(f"{question.id} has no evidence of this hash.", f"`dispute evidence list {question.id}` shows what it has.")
    data = session.view.blob(question.hash)
    return a.Exported(command="evidence export", now=session.now, hash=question.hash, file=question.file, size=len(data)), data


def forecast(session: Session, question: q.Forecast) -> a.Answer:
    from . import forecasting

    return forecasting.forecast(session, question)


ANSWERS: dict[str, Callable[[Session, Any], a.Answer]] = {
    "status": status,
    "forecast": forecast,
    "events": events,
    "ledger": ledger,
    "deadlines": all_deadlines,
    "evidence list": evidence,
}
"""The words of a question → what answers it."""
