"""Escalation, review, ruling (C1–C8): the frozen claim, evidence on request, the platform's word."""

from collections.abc import Iterator
from datetime import datetime

from .. import commands as c
from .. import events as e
from .. import money
from ..guards import claim_of, say, unruled, window_of
from ..instants import iso_instant
from ..moment import Moment
from ..order import Dispute, Order
from ..policy import days
from ..refusal import refuse
from ..words import PARTIES, Actor, Cause
from .settlement import settle


def escalate(order: Order, command: c.Escalate, moment: Moment) -> Iterator[e.Event]:
    """The second step; the first is the question for consent. No thanks changes nothing (C2)."""
    assert order.dispute
    if not command.no_thanks:
        yield freeze(order, moment, command.actor, basis(order.dispute, moment))


def basis(dispute: Dispute, moment: Moment) -> int:
    """What the buyer's own escalation freezes: the demand, or what stood last (C4)."""
    if moment.policy.escalation.claim_basis == "standing" and dispute.offer:
        return dispute.offer.refund
    return dispute.demand.refund


def freeze(order: Order, moment: Moment, by: Actor, amount: int) -> e.Escalated:
    """The dispute becomes a claim at the amount, and the review begins."""
    escalation = moment.policy.escalation
    return e.Escalated(
        *moment.here(order, by),
        amount=amount,
        currency=order.currency,
        rule_from=moment.now + days(escalation.rule_from_days),
        review_ends_at=moment.now + days(escalation.review_days),
    )


def open_windows(order: Order, moment: Moment, review_ends_at: datetime) -> Iterator[e.Event]:
    """Evidence is open to both for a while after a refused return (T2)."""
    until = min(moment.now + days(moment.policy.returns.refused_evidence_days), review_ends_at)
    for party in PARTIES:
        yield e.EvidenceRequested(*moment.here(order, Actor.CLOCK), party=party, until=until)


def request_evidence(order: Order, command: c.RequestEvidence, moment: Moment) -> Iterator[e.Event]:
    party = Actor(command.party)
    end = claim_of(order).review_ends_at
    number = min(command.days or moment.policy.escalation.evidence_days, moment.policy.escalation.review_days)
    until = min(moment.now + days(number), end)
    standing = window_of(order, party)
    if standing and until <= standing.until:
        raise refuse("V6", f"The {party}'s evidence is open until {iso_instant(standing.until)} already: this would not lengthen it.", "Give more --days.", "days")
    yield e.EvidenceRequested(*moment.here(order, command.actor), party=party, until=until)


def rule(order: Order, command: c.Rule, moment: Moment) -> Iterator[e.Event]:
    claim = claim_of(order)
    refund = order.total if command.refund == "full" else money.minor(command.refund, order.currency, "refund")
    if refund > order.total:
        raise refuse("C6", f"A ruling is at most the whole, {say(order, order.total)}.", field="refund")
    if claim.conceded and refund < claim.amount:
        raise refuse("C6", f"The seller has conceded {say(order, claim.amount)}: a ruling is not below it.", field="refund")
    early = moment.now < claim.rule_from
    yield e.Ruled(*moment.here(order, command.actor), refund=refund, currency=order.currency, reason=command.reason, early=early)
    yield from settle(order, moment, command.actor, refund, Cause.RULING)


def rule_by_default(order: Order, moment: Moment, by: Actor) -> Iterator[e.Event]:
    """No ruling to the end of the review: what the policy says (C7)."""
    refund = unruled(order, moment.policy)
    yield e.RuledByDefault(*moment.here(order, by), refund=refund, currency=order.currency)
    yield from settle(order, moment, by, refund, Cause.DEFAULT_RULING)
