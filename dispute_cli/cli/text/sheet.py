"""One order's page as it is looked at on a terminal: the same facts as page.py tells in plain lines, with bars, a timeline and commands to paste."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from ... import answers as a
from ...core.instants import instant
from ...core.words import Kind
from .page import Field, Told, by_turn, ending, heading, mover, paid, shipping, talk, turns
from .shape import EMPTY, Bar, Block, Ink, Paste, Section, Share, Table, length, moment, plain

STARTS: dict[Kind, tuple[str, ...]] = {
    Kind.PROTECTION: ("order_created",),
    Kind.SELLER_RESPONSE: ("dispute_opened", "dispute_edited"),
    Kind.BUYER_RESPONSE: ("offer_made",),
    Kind.RETURN_SEND: ("return_agreed",),
    Kind.RETURN_ACKNOWLEDGE: ("return_sent",),
    Kind.EVIDENCE: ("evidence_requested",),
    Kind.REVIEW: ("escalated",),
    Kind.PAYOUT: ("settled",),
}
"""The kinds of deadline → the events that start their counter."""

DAY = timedelta(days=1)
URGENT = timedelta(hours=48)


def sheet(told: Told) -> list[Block]:
    """The whole page."""
    order = told.order
    blocks: list[Block] = [heading(order), (order.label,), EMPTY, Table((), [*standing(told), *ending(order, told.now), *shipping(order)])]
    for name, part in (
        (dispute_title(order), case(told)),
        ("evidence", [evidence(order.evidence)]),
        ("correspondence", [talk(order)]),
        ("what happened", [timeline(told)]),
        (choices_title(told), [*choices(told)]),
    ):
        if any(not isinstance(block, Table) or block.rows for block in part):
            blocks += [Section(name), *part]
    return blocks


# Where it stands


def standing(told: Told) -> Iterator[Field]:
    """Whose move it is, the counter, and where the money is."""
    order = told.order
    if order.deadlines:
        first = order.deadlines[0]
        yield "move", Ink(mover(first), "bold")
        yield "counter", counter(told, first)
        yield "then", first.means
    yield from later(told)
    yield "money", money(order)
    yield "paid", paid(order)


def later(told: Told) -> Iterator[Field]:
    """What else is due; the end of protection has its own line."""
    for due in told.order.deadlines[1:]:
        if due.kind is not Kind.PROTECTION:
            yield "later", f"{moment(due.at, told.now)}: {due.means}"


def counter(told: Told, due: a.Deadline) -> Bar:
    """How much of a counter is left: `9 days left of 10, until 2026-01-13T00:00:00Z`."""
    now = told.now or due.at
    began = max((instant(event["at"]) for event in told.history if starts(event, due)), default=now)
    left, whole = due.at - now, due.at - began
    shares = (Share(seconds(left), urgency(left)), Share(max(seconds(whole - left), 0), "gone"))
    return Bar(shares, f"{length(left)} left of {of(whole, left)}", until=due.at)


def of(whole: timedelta, left: timedelta) -> str:
    """The length of a counter; the unit is said once where both are whole days."""
    return str(whole.days) if not whole % DAY and not left % DAY else length(whole)


def urgency(left: timedelta) -> str:
    return "urgent" if left < URGENT else "left"


def starts(event: dict[str, Any], due: a.Deadline) -> bool:
    """Whether an event started this counter; each party's evidence has its own."""
    return event["type"] in STARTS[due.kind] and event.get("party", due.actor) == due.actor


def seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def money(order: a.Order) -> Bar:
    """Where what was paid is now; the figures are each account's change since before payment."""
    cash = order.balances
    back = order.settlement.refund if order.settlement and order.settlement.paid_at else "0"
    shares = [
        Share(weight(back), "buyer", f"buyer {cash.buyer}"),
        Share(weight(cash.escrow), "escrow", f"escrow {cash.escrow}"),
        Share(weight(cash.seller), "seller", f"seller {cash.seller}"),
    ]
    if weight(cash.carrier):
        shares.append(Share(weight(cash.carrier), "carrier", f"carrier {cash.carrier}"))
    return Bar(tuple(shares))


def weight(amount: str) -> int:
    """An amount in minor units; all of an order have the same decimals."""
    return int(amount.replace(".", ""))


# The dispute


def dispute_title(order: a.Order) -> str:
    dispute = order.dispute
    if dispute is None:
        return "no dispute"
    again = f" (reopens {dispute.reopens})" if dispute.reopens else ""
    return f"dispute {dispute.number}{again}: {dispute.reason}, {'received' if dispute.received else 'not received'}"


def case(told: Told) -> list[Block]:
    """What is asked, offered and claimed, side by side."""
    dispute = told.order.dispute
    return [sides(dispute, told.order.currency), *remarks(dispute, told)] if dispute else []


def sides(dispute: a.Dispute, currency: str) -> Table:
    """The amounts over what goes with them."""
    offer, claim = dispute.offer, dispute.claim
    amounts = (dispute.demand.refund, offer.refund if offer and not offer.promise else None, claim.amount if claim else None)
    promised = "a promise" if offer and offer.promise else "none"
    told = [Ink(f"{amount} {currency}" if amount is not None else other, "bold") for amount, other in zip(amounts, ("", promised, "none"), strict=True)]
    terms = (parcel(dispute.demand), parcel(offer) if offer and not offer.promise else "", conceded(claim) if claim else "")
    return Table(("demand", "offer", "claim"), [tuple(told), terms])


def parcel(terms: a.Demand | a.Offer) -> str:
    return "the goods go back" if terms.with_return else "no return"


def conceded(claim: a.Claim) -> str:
    return "conceded by the seller" if claim.conceded else "not conceded"


def remarks(dispute: a.Dispute, told: Told) -> Iterator[Block]:
    """What the three sides cannot hold: a promise's words, how the claim came about, who may still show evidence."""
    if dispute.offer and dispute.offer.promise:
        yield (f"promise: {dispute.offer.promise}",)
    if claim := dispute.claim:
        begins = next((f"; the platform rules from {event['rule_from']}" for event in reversed(told.history) if event["type"] == "escalated"), "")
        yield (f"escalated by the {claim.by} {plain(claim.escalated_at)}{begins}",)
        for window in claim.evidence_windows:
            yield (f"evidence is open to the {window.actor} until {plain(window.until)}",)


def evidence(records: Sequence[a.Evidence]) -> Table:
    """One record a row: what it is, its hash, its note."""
    return Table((), [(plain(record.at), record.by, "\n".join(described(record))) for record in records])


def described(record: a.Evidence) -> Iterator[str]:
    name = record.url or record.name or ""
    yield name if record.size is None else f"{record.type}, {record.size:,} bytes: {name}"
    yield from filter(None, (record.hash, record.note))


# What happened, and what can be done


def timeline(told: Told) -> Table:
    """The turns of the order; what silence would bring is said to be so."""
    rows: list[tuple[str | Ink, ...]] = []
    before = ("", "")
    for at, by, what, expected in turns(told):
        same = (at, by) == before
        rows.append(("" if same else at, "" if same else by, f"in silence: {what}" if expected else what))
        before = (at, by)
    return Table((), rows)


def choices_title(told: Told) -> str:
    return f"what could be done at {plain(told.now)}" if told.elsewhen else "what you can do next"


def choices(told: Told) -> Iterator[Block]:
    """Commands to paste, by actor; whose move it is comes first."""
    mover = told.order.deadlines[0].actor if told.order.deadlines else None
    for actor, moves in groupby(by_turn(told), attrgetter("actor")):
        yield (Ink(f"the {actor}", "bold"), ", whose move it is" if actor is mover else "")
        yield from (Paste(choice.command, asking(choice)) for choice in moves)


def asking(choice: a.Choice) -> dict[str, Any]:
    """On a terminal escalating asks before it is done (C2): its second step is not pasted."""
    return {name: value for name, value in choice.args.items() if name != "confirm"}
