"""What each actor could sensibly do with an order now, as whole commands that the rules accept. Pure: an order and a moment in, commands out."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Literal

import msgspec
from msgspec.structs import fields, replace

from .core import commands as c
from .core.decide import decide
from .core.lifecycle import possible
from .core.malformed import Malformed
from .core.moment import Moment
from .core.money import decimal
from .core.order import Dispute, Offer, Order
from .core.refusal import Refusal
from .core.words import Actor

MOST_OF_A_KIND = 2
LINK = "https://example.com/photo.jpg"
"""Stands in for evidence; a file could not, its bytes are not here."""
DAYS = 10

Choice = Callable[[Order, Moment, Actor], Iterable[c.Command]]
"""Payloads for one row of the lifecycle table, the most sensible first; not all of them need be acceptable."""


def moves(order: Order, moment: Moment, most: int = MOST_OF_A_KIND) -> tuple[c.Command, ...]:
    """A few commands for each row that is possible now, in the table's order; what asks for consent comes without it, escalating with it."""
    return tuple(command for row in possible(order, moment) for command in chosen(order, moment, row.actor, row.command, most))


def chosen(order: Order, moment: Moment, actor: Actor, words: str, most: int) -> Iterator[c.Command]:
    """The first of the payloads that the rules accept, each once."""
    said = dict.fromkeys(spoken_by(actor, command) for command in CHOICES[words](order, moment, actor))
    return islice((command for command in said if accepted(order, command, moment)), most)


def spoken_by(actor: Actor, command: c.Command) -> c.Command:
    """The command as this actor gives it: named only where it is another's own."""
    return command if command.actor is actor else replace(command, by=actor)


def accepted(order: Order, command: c.Command, moment: Moment) -> bool:
    """Whether the rules take this very command, now."""
    try:
        return bool(decide(order, command, moment))
    except (Refusal, Malformed):
        return False


def arguments(command: c.Command) -> dict[str, Any]:
    """What a command says, by the keys of a batch line; what it does not say is left out."""
    said = {field.encode_name: getattr(command, field.name) for field in fields(command) if getattr(command, field.name) != field.default}
    return {"id": said.pop("id"), **msgspec.to_builtins(said)}


# Amounts


def half(order: Order, amount: int) -> str:
    """Half of an amount, in whole minor units and never nothing."""
    return decimal(max(amount // 2, 1), order.currency)


def between(order: Order, low: int, high: int) -> Iterator[str]:
    """The middle of two amounts, if one lies strictly between them."""
    if high - low > 1:
        yield decimal((low + high) // 2, order.currency)


def disputed(order: Order) -> Dispute:
    assert order.dispute, f"{order.id} has no dispute"
    return order.dispute


# What can be said, command by command


def bare(kind: type[c.Command]) -> Choice:
    """A command that says nothing but its order."""
    return lambda order, moment, actor: (kind(id=order.id),)


def ship(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.Ship(id=order.id, tracking="LX123456789CN")


def open_dispute(order: Order, moment: Moment, actor: Actor) -> Iterable[c.Command]:
    """Not received, unless delivery is recorded; and received: half where the reason allows a part. The first reason of each family that works now."""
    families = [faulty(order, moment)] if order.delivered_at else [missing(order, moment), faulty(order, moment)]
    return [command for family in families for command in first_accepted(order, moment, family)]


def first_accepted(order: Order, moment: Moment, commands: Iterable[c.Command]) -> list[c.Command]:
    return list(islice((command for command in commands if accepted(order, command, moment)), 1))


def missing(order: Order, moment: Moment) -> Iterator[c.Command]:
    for reason in moment.policy.family(received=False):
        yield c.OpenDispute(id=order.id, received=False, reason=reason, message="It has not arrived")


def faulty(order: Order, moment: Moment) -> Iterator[c.Command]:
    for reason in moment.policy.family(received=True):
        terms = moment.policy.reasons[reason]
        yield c.OpenDispute(
            id=order.id,
            received=True,
            reason=reason,
            refund="full" if terms.refund == "full" else half(order, order.total),
            message="Please look at the photo",
            link=(LINK,) if terms.evidence == "required" else (),
        )


def edit(order: Order, moment: Moment, actor: Actor) -> Iterable[c.Command]:
    """In answer to an offer the demand repeated, met halfway, or lowered to it; before one, less or another reason."""
    dispute = disputed(order)
    if dispute.offer is None:
        return (*lowered(order, dispute), *other_reasons(order, dispute, moment), c.EditDispute(id=order.id, message="Please look at it again"))
    met = [*between(order, dispute.offer.refund, dispute.demand.refund)]
    met += [decimal(dispute.offer.refund, order.currency)] if met else []
    return (c.EditDispute(id=order.id, keep=True), *(c.EditDispute(id=order.id, refund=refund, keep=True) for refund in met))


def lowered(order: Order, dispute: Dispute) -> Iterator[c.Command]:
    if dispute.received:
        yield c.EditDispute(id=order.id, refund=half(order, dispute.demand.refund))


def other_reasons(order: Order, dispute: Dispute, moment: Moment) -> Iterator[c.Command]:
    for reason in moment.policy.family(dispute.received):
        if reason != dispute.reason:
            yield c.EditDispute(id=order.id, reason=reason)


def respond(order: Order, moment: Moment, actor: Actor) -> Iterable[c.Command]:
    """A first answer: yes, or half; later only what betters the standing offer (N8)."""
    dispute = disputed(order)
    if dispute.offer is None:
        return c.Respond(id=order.id, accept=True), c.Respond(id=order.id, refund=half(order, dispute.demand.refund))
    return first_accepted(order, moment, bettering(order, dispute, dispute.offer))


def bettering(order: Order, dispute: Dispute, offer: Offer) -> Iterator[c.Command]:
    """Halfway to the demand, else all of it, else the whole; the return is dropped only where more money does not do."""
    whole = (decimal(amount, order.currency) for amount in (dispute.demand.refund, order.total))
    for refund in (*between(order, offer.refund, dispute.demand.refund), *whole):
        for back in (True, None) if offer.with_return else (None,):
            yield c.Respond(id=order.id, refund=refund, with_return=back)
    yield c.Respond(id=order.id, accept=True)


def extend(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    """The buyer asks, the seller answers, or grants unasked."""
    days = min(DAYS, moment.policy.protection.extension_most_days)
    if actor is Actor.BUYER:
        yield c.ExtendProtection(id=order.id, days=days)
    elif order.protection.request:
        yield c.ExtendProtection(id=order.id, grant=True)
        yield c.ExtendProtection(id=order.id, deny=True)
    else:
        yield c.ExtendProtection(id=order.id, grant=True, days=days)


def escalate(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.Escalate(id=order.id, confirm=True)


def add_evidence(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.AddEvidence(id=order.id, link=(LINK,))


def message(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.SendMessage(id=order.id, text="Where do we stand?")


def send_return(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.SendReturn(id=order.id, tracking="RX123456789CN")


def refuse_return(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    yield c.RefuseReturn(id=order.id, reason="The parcel was empty")


def request_evidence(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    """Of each party: for as long as usual, or longer where its evidence is open already."""
    parties: tuple[Literal["buyer", "seller"], ...] = ("buyer", "seller")
    for party in parties:
        requests = (c.RequestEvidence(id=order.id, party=party, days=days) for days in (None, moment.policy.escalation.review_days))
        yield from first_accepted(order, moment, requests)


def rule(order: Order, moment: Moment, actor: Actor) -> Iterator[c.Command]:
    """The claim as it is frozen, or the middle between it and what else was asked or offered."""
    dispute = disputed(order)
    assert dispute.claim, f"{order.id} has no claim"
    claim, others = dispute.claim.amount, (dispute.demand.refund, dispute.offer.refund if dispute.offer else 0)
    middles = [amount for other in others for amount in between(order, min(claim, other), max(claim, other))]
    for refund in (decimal(claim, order.currency), *middles):
        yield c.Rule(id=order.id, refund=refund, reason="The evidence supports this amount")


OF_EACH: dict[type[c.Command], Choice] = {
    c.Ship: ship,
    c.Deliver: bare(c.Deliver),
    c.Confirm: bare(c.Confirm),
    c.OpenDispute: open_dispute,
    c.EditDispute: edit,
    c.Cancel: bare(c.Cancel),
    c.Respond: respond,
    c.Accept: bare(c.Accept),
    c.ExtendProtection: extend,
    c.Escalate: escalate,
    c.AddEvidence: add_evidence,
    c.SendMessage: message,
    c.SendReturn: send_return,
    c.AcknowledgeReturn: bare(c.AcknowledgeReturn),
    c.RefuseReturn: refuse_return,
    c.RequestEvidence: request_evidence,
    c.Rule: rule,
}
"""Total over what people may do with an order."""
CHOICES = {c.name_of(kind): choice for kind, choice in OF_EACH.items()}
