"""One order's page for people: where it stands, whose move it is, the money, the dispute, what was said and shown, what is possible."""

from collections.abc import Iterator
from datetime import datetime

from ... import answers as a
from ...core.words import Actor, Status
from .shape import EMPTY, Block, Ink, Part, Table, When, moment, plain, title

STYLES = {Status.PROTECTED: "green", Status.SETTLING: "cyan", Status.CLOSED: "dim"}
"""The rest waits for somebody: yellow."""

Field = tuple[Part, ...]


def page(order: a.Order, now: datetime | None) -> list[Block]:
    """The whole page."""
    blocks: list[Block] = [heading(order), Table((), [*standing(order, now), *case(order), *ending(order, now), *shipping(order)])]
    for name, table in (
        ("deadlines", deadlines(order, now)),
        ("evidence", evidence(order.evidence)),
        ("correspondence", correspondence(order)),
        ("possible now", possible(order, now)),
    ):
        if table.rows:
            blocks += [EMPTY, title(name), table]
    return blocks


def heading(order: a.Order) -> Block:
    name = f"  {order.title}" if order.title else ""
    return (Ink(order.id, "bold"), name, "  ", Ink(order.status, STYLES.get(order.status, "yellow")))


def standing(order: a.Order, now: datetime | None) -> Iterator[Field]:
    """Where it stands, whose move it is until when, and the money."""
    yield "status", order.label if order.outcome is None else f"{order.label} ({order.outcome}, {order.cause})"
    if order.deadlines:
        first = order.deadlines[0]
        yield "move", "nobody's, the clock runs" if first.actor is Actor.CLOCK else f"the {first.actor}'s"
        yield "counter", When(first.at, now)
        yield "then", first.means
    cash = order.balances
    yield "paid", f"{order.total} {order.currency} ({order.price} + {order.delivery} delivery) by {order.buyer} to {order.seller}"
    carrier = f", carrier {cash.carrier}" if cash.carrier.strip("0.") else ""
    yield "money", f"escrow {cash.escrow}, buyer {cash.buyer}, seller {cash.seller}{carrier}"


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
        yield "protection", f"ends {moment(order.protection.ends_at, now)}"
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
    follows = any(other.dispute is not None and other.at >= message.at for other in order.messages)
    return "before" if follows else "none"


def possible(order: a.Order, now: datetime | None) -> Table:
    return Table(("actor", "command", "until"), [(move.actor, move.command, moment(move.until, now)) for move in order.possible])
