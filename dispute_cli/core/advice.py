"""Advice (A1–A8): what is worth telling on success or on an order's page. Never an error by itself; `--strict` makes one of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from msgspec import Struct

from . import commands as c
from .deadlines import Deadline, deadlines
from .guards import say
from .instants import iso_instant
from .means import means, unanswered
from .moment import Moment
from .order import Order
from .policy import days
from .words import Actor, Status


class Advice(Struct, frozen=True):
    code: str
    message: str


Check = Callable[[Order, Moment], Iterator[Advice]]

INSTEAD_OF_ESCALATING = "Change the demand with dispute edit, add evidence with dispute add-evidence."
"""What a "no thanks" is pointed to (C2)."""
NEGOTIATING = (Status.AWAITING_SELLER, Status.AWAITING_BUYER)


def language(order: Order, moment: Moment) -> Iterator[Advice]:
    """Of the command's own text."""
    if moment.language:
        yield not_english(moment.language)


def language_of_newest(order: Order, moment: Moment) -> Iterator[Advice]:
    """Of the buyer's newest message on the page."""
    newest = next((message for message in reversed(order.messages) if message.by is Actor.BUYER), None)
    if newest and newest.language:
        yield not_english(newest.language)


def not_english(code: str) -> Advice:
    return Advice("A1", f"The message is not in English (it looks like '{code}'): write English, sellers rarely read other languages and machine translation often does not help.")


def postage(order: Order, moment: Moment) -> Iterator[Advice]:
    dispute = order.dispute
    if not (dispute and dispute.received and dispute.demand.with_return):
        return
    if moment.policy.returns.postage == "seller":
        yield Advice("A2", f"A full refund of received goods: you send them back, the seller pays the return postage, and you get {say(order, dispute.demand.refund)}; a partial refund keeps the goods.")
        return
    kept = f" The standing offer of {say(order, dispute.offer.refund)} keeps the goods." if dispute.offer and dispute.offer.refund and not dispute.offer.with_return else ""
    yield Advice("A2", f"A full refund of received goods: you send them back and pay the return postage, so your net is {say(order, dispute.demand.refund)} less the postage; a partial refund is yours whole and keeps the goods.{kept}")


def low_offer(order: Order, moment: Moment) -> Iterator[Advice]:
    dispute = order.dispute
    if order.status is Status.AWAITING_BUYER and dispute and dispute.offer and dispute.offer.refund < dispute.demand.refund:
        offered = say(order, dispute.offer.refund)
        yield Advice("A3", f"The seller offered {offered} of the {say(order, dispute.demand.refund)} you ask: if you leave it so until {iso_instant(dispute.answer_by)}, {left(order, moment)}.")


def left(order: Order, moment: Moment) -> str:
    """What silence makes of the standing offer."""
    assert order.dispute and order.dispute.offer
    claim = moment.policy.answering.buyer_silent == "escalate"
    return f"it becomes a claim at {say(order, order.dispute.offer.refund)}" if claim else unanswered(order, moment.policy)


def near(order: Order, moment: Moment) -> Iterator[Advice]:
    soon = moment.now + timedelta(hours=moment.policy.warnings.deadline_hours)
    for deadline in deadlines(order):
        if deadline.at <= soon:
            yield Advice("A4", f"{whose(deadline)} until {iso_instant(deadline.at)}: {means(order, deadline, moment.policy)}")


def whose(deadline: Deadline) -> str:
    return "Nobody's move" if deadline.actor is Actor.CLOCK else f"The {deadline.actor}'s move"


def short_protection(order: Order, moment: Moment) -> Iterator[Advice]:
    protection = order.protection
    if not protection.runs:
        return
    if protection.request:
        yield Advice("A5", f"A request for {protection.request.days} more days of protection is pending: wait until the seller has granted it, then close.")
    elif protection.ends_at - moment.now < days(moment.policy.protection.short_days):
        yield Advice("A5", f"Protection ends at {iso_instant(protection.ends_at)}: ask for an extension first (dispute extend-protection), and close only when it is granted.")


def unpaid_seller(order: Order, moment: Moment) -> Iterator[Advice]:
    if order.status is Status.PROTECTED:
        yield Advice("A6", "The seller has not been paid yet, the escrow holds the money: asking the seller for it is useless, a dispute is the way.")


def complete_evidence(order: Order, moment: Moment) -> Iterator[Advice]:
    if moment.policy.escalation.evidence == "locked":
        yield Advice("A7", "Before escalating: is all the evidence there? It cannot be added afterwards.")


def before_escalating(order: Order, moment: Moment) -> Iterator[Advice]:
    if order.status is Status.AWAITING_BUYER or moment.policy.escalation.opens == "opening":
        yield from complete_evidence(order, moment)


def receipt(order: Order, moment: Moment) -> Iterator[Advice]:
    assert order.dispute
    if not order.dispute.received and order.delivered_at:
        yield Advice("A8", f"Opened as not received, but delivery is recorded at {iso_instant(order.delivered_at)}.")
    if order.dispute.received and not (order.shipped_at or order.delivered_at):
        yield Advice("A8", "Opened as received, but neither shipping nor delivery is recorded.")


ALWAYS: tuple[Check, ...] = (near, unpaid_seller)
WHILE_NEGOTIATING: tuple[Check, ...] = (language_of_newest, postage, low_offer, near, short_protection, before_escalating, receipt)


def on_page(order: Order, moment: Moment) -> tuple[Advice, ...]:
    """All that applies to the order now."""
    checks = WHILE_NEGOTIATING if order.status in NEGOTIATING else (language_of_newest, *ALWAYS)
    return tuple(advice for check in checks for advice in check(order, moment))


def on_command(before: Order, after: Order, command: c.Command, moment: Moment) -> tuple[Advice, ...]:
    """What concerns the command: told of the order that it leaves behind, or of the one it would close."""
    match command:
        case c.OpenDispute() | c.EditDispute():
            return tuple(advice for check in (language, postage, receipt) for advice in check(after, moment))
        case c.SendMessage():
            return tuple(language(after, moment))
        case c.Cancel():
            return tuple(short_protection(before, moment))
        case c.Accept() if command.actor is Actor.BUYER and before.dispute and before.dispute.offer and before.dispute.offer.promise is not None:
            return tuple(short_protection(before, moment))
        case c.Escalate(confirm=False, no_thanks=False):
            return tuple(complete_evidence(before, moment))
    return ()
