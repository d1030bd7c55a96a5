"""One order's page in plain lines: where it stands, whose move it is, the money, the dispute, what was said and shown, what happened, what is possible."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from ... import answers as a
from ...core.words import Actor, Kind, Status
from ...sentences import sentence
from .shape import EMPTY, Block, Ink, Part, Paste, Table, When, moment, plain, title

STYLES = {Status.PROTECTED: "green", Status.SETTLING: "cyan", Status.CLOSED: "bold"}
WAITING = "yellow"
"""Of every other status: it waits for somebody."""

ELSEWHERE = ("message_sent", "evidence_added")
"""Events that have their own part of the page."""

Field = tuple[Part, ...]


class Told(NamedTuple):
    """What a page is made of."""

    order: a.Order
    now: datetime | None
    """The instant that it shows."""
    elsewhen: bool
    """That is not the store's now."""
    history: tuple[dict[str, Any], ...]
    moves: tuple[a.Choice, ...]


def page(told: Told) -> list[Block]:
    """The whole page."""
    order, now = told.order, told.now
    blocks: list[Block] = [heading(order), Table((), [*standing(order, now), *case(order), *ending(order, now), *shipping(order)])]
    for name, table in (
        ("deadlines", deadlines(order, now)),
        ("evidence", evidence(order.evidence)),
        ("correspondence", correspondence(order)),
        ("history", history(told)),
        ("possible now", possible(order, now)),
        ("next", choices(told)),
    ):
        if table.rows:
            blocks += [EMPTY, title(name), table]
    return blocks


def heading(order: a.Order) -> Block:
    """The title comes last: it is somebody's text."""
    return (Ink(order.id, "bold"), "  ", Ink(order.status, STYLES.get(order.status, WAITING)), f"  {order.title}" if order.title else "")


def standing(order: a.Order, now: datetime | None) -> Iterator[Field]:
    """Where it stands, whose move it is until when, and the money."""
    yield "status", order.label if order.outcome is None else f"{order.label} ({order.outcome}, {order.cause})"
    if order.deadlines:
        first = order.deadlines[0]
        yield "move", mover(first)
        yield "counter", When(first.at, now)
        yield "then", first.means
    cash = order.balances
    yield "paid", paid(order)
    carrier = f", carrier {cash.carrier}" if cash.carrier.strip("0.") else ""
    yield "money", f"escrow {cash.escrow}, buyer {cash.buyer}, seller {cash.seller}{carrier}"


def mover(due: a.Deadline) -> str:
    return "nobody's, the clock runs" if due.actor is Actor.CLOCK else f"the {due.actor}'s"


def paid(order: a.Order) -> str:
    return f"{order.total} {order.currency} ({order.price} + {order.delivery} delivery) by {order.buyer} to {order.seller}"


def case(order: a.Order) -> Iterator[Field]:
    """The dispute: what is wrong, what is asked, offered and claimed."""
    dispute = order.dispute
    if dispute is None:
        return
    again = f", reopens {dispute.reopens}" if dispute.reopens else ""
    yield "dispute", f"{dispute.number}{again}, opened {plain(dispute.opened_at)}"
    yield "reason", f"{dispute.reason} ({'received' if dispute.received else 'not received'})"
    yield "demand", goods(dispute.demand.refund, order.currency, dispute.demand.with_return)
    offer, claim = dispute.offer, dispute.claim
    if offer:
        yield "offer", f"promise: {offer.promise}" if offer.promise else goods(offer.refund, order.currency, offer.with_return)
    if claim:
        conceded = ", conceded by the seller" if claim.conceded else ""
        yield "claim", f"{claim.amount} {order.currency}, escalated by the {claim.by} {plain(claim.escalated_at)}{conceded}"
        for window in claim.evidence_windows:
            yield "evidence", f"open to the {window.actor} until {plain(window.until)}"


def goods(refund: str, currency: str, with_return: bool) -> str:
    return f"{refund} {currency}, {'the goods go back' if with_return else 'no return'}"


def ending(order: a.Order, now: datetime | None) -> Iterator[Field]:
    """Protection, an agreed return, and the settlement."""
    if order.settlement is None:
        runs = any(due.kind is Kind.PROTECTION for due in order.deadlines)
        yield "protection", f"ends {moment(order.protection.ends_at, now)}" if runs else "over"
    if request := order.protection.request:
        yield "extension", f"{request.days} days asked for {plain(request.at)}"
    if back := order.returning:
        sent = f", sent {plain(back.sent_at)}, tracking {back.tracking}" if back.sent_at else ""
        postage = f", postage {back.postage}" if back.postage else ""
        there = f", acknowledged {plain(back.acknowledged_at)}" if back.acknowledged_at else ""
        yield "return", f"agreed refund {back.refund} {order.currency}{sent}{postage}{there}"
    if split := order.settlement:
        yield "settlement", f"{split.refund} to the buyer, {split.release} to the seller ({split.cause}), {plain(split.settled_at)}"
        if split.paid_at:
            yield "payout", f"paid {plain(split.paid_at)}"
        elif split.payout_at:
            yield "payout", moment(split.payout_at, now)


def shipping(order: a.Order) -> Iterator[Field]:
    if order.shipped_at:
        yield "shipped", f"{plain(order.shipped_at)}, tracking {order.tracking}"
    yield ("delivered", plain(order.delivered_at)) if order.delivered_at else ("deliver by", plain(order.deliver_by))


def deadlines(order: a.Order, now: datetime | None) -> Table:
    return Table(("kind", "at", "move", "then"), [(due.kind, moment(due.at, now), due.actor, due.means) for due in order.deadlines])


def evidence(records: tuple[a.Evidence, ...]) -> Table:
    rows = [
        (plain(r.at), r.by, str(r.dispute), r.type or r.kind, r.url or r.name or "", size(r.size), r.hash or "", r.note or "")
        for r in records
    ]
    return Table(("at", "by", "dispute", "type", "name", "bytes", "hash", "note"), rows)


def size(count: int | None) -> str:
    return "" if count is None else str(count)


def correspondence(order: a.Order) -> Table:
    """Every message in one order; what came before the dispute is marked (V7)."""
    return Table(("at", "by", "dispute", "text"), [(plain(m.at), m.by, when(order, m), m.text) for m in order.messages])


def when(order: a.Order, message: a.Message) -> str:
    if message.dispute is not None:
        return str(message.dispute)
    return "before" if before_dispute(order, message) else "none"


def before_dispute(order: a.Order, message: a.Message) -> bool:
    return message.dispute is None and any(other.dispute is not None and other.at >= message.at for other in order.messages)


def talk(order: a.Order) -> Table:
    """Every message for a terminal: only what stands outside the dispute is marked."""
    return Table((), [(plain(m.at), m.by, f"{outside(order, m)}{m.text}") for m in order.messages])


def outside(order: a.Order, message: a.Message) -> str:
    if message.dispute is not None or order.dispute is None:
        return ""
    return "before the dispute: " if before_dispute(order, message) else "outside the dispute: "


def turns(told: Told) -> Iterator[tuple[str, str, str, bool]]:
    """When, who, what happened, and whether it is only what silence would bring."""
    for event in told.history:
        if event["type"] not in ELSEWHERE:
            yield event["at"], event["by"], sentence(event), event["seq"] is None


def history(told: Told) -> Table:
    return Table((), [(at, by, "in silence" if expected else "recorded", what) for at, by, what, expected in turns(told)])


def possible(order: a.Order, now: datetime | None) -> Table:
    return Table(("actor", "command", "until"), [(move.actor, move.command, moment(move.until, now)) for move in order.possible])


def choices(told: Told) -> Table:
    """Commands to paste."""
    return Table((), [(choice.actor, Paste(choice.command, choice.args)) for choice in by_turn(told)])


def by_turn(told: Told) -> list[a.Choice]:
    """What can be done next, by actor; whose move it is comes first."""
    mover = told.order.deadlines[0].actor if told.order.deadlines else None
    return sorted(told.moves, key=lambda choice: (choice.actor is not mover, list(Actor).index(choice.actor)))
