"""The named conditions of the lifecycle table. Each answers None, or the fault that refuses. `possible` asks the very same ones, without a command."""

from collections.abc import Callable
from datetime import datetime

from . import money
from .commands import Command, ExtendProtection, Rule
from .instants import iso_instant
from .moment import Moment
from .order import Claim, Demand, Dispute, Offer, Order, Window
from .policy import Policy, days
from .refusal import Fault
from .words import PARTIES, Actor

Guard = Callable[[Order, Moment, Actor, Command | None], Fault | None]


def say(order: Order, amount: int) -> str:
    """An amount for people: `55.00 USD`."""
    return f"{money.decimal(amount, order.currency)} {order.currency}"


def claim_of(order: Order) -> Claim:
    """The claim of an escalated order."""
    assert order.dispute and order.dispute.claim, f"{order.id} is escalated without a claim"
    return order.dispute.claim


def unruled(order: Order, policy: Policy) -> int:
    """What the end of the review gives without a ruling; never less than a conceded claim (C7)."""
    claim = claim_of(order)
    chosen = {"claim": claim.amount, "buyer": order.total, "seller": 0}[policy.escalation.no_ruling]
    return max(chosen, claim.amount) if claim.conceded else chosen


def window_of(order: Order, actor: Actor) -> Window | None:
    """The evidence window that is open to a party of an escalated order, or None (V6)."""
    return next((window for window in claim_of(order).windows if window.actor is actor), None)


def opens_at(order: Order, policy: Policy) -> datetime | None:
    """From when a dispute may be opened (D1); None while nothing has happened yet that it is counted from."""
    opening = policy.opening
    begins = {"paid": order.paid_at, "shipped": order.shipped_at, "deliver_by": order.deliver_by}[opening.not_before_from]
    return begins and begins + days(opening.not_before_days)


def escalation_ends(dispute: Dispute, until_days: int) -> datetime:
    """From when on a dispute can no longer be escalated (C1)."""
    return dispute.opened_at + days(until_days)


def opening_begun(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    opens = opens_at(order, moment.policy)
    if opens and opens <= moment.now:
        return None
    when = f"from {iso_instant(opens)} on" if opens else "once the parcel is shipped"
    return Fault("D1", None, f"A dispute is opened {when}: not yet.", "Ask the seller first: dispute message.")


def opening_left(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if moment.policy.opening.again or not order.disputes:
        return None
    return Fault("N10", None, "The dispute was cancelled, and this marketplace knows no second one.", None)


def undelivered(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if order.delivered_at is None:
        return None
    return Fault("E6", None, f"delivery of {order.id} is recorded already.", "If the parcel was sent again, record that first: dispute order ship.")


def protection_runs(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if order.protection.runs:
        return None
    return Fault("X1", None, "Protection is over: there is nothing left to extend.", "The dispute goes on without it; a cancel would release the escrow to the seller.")


def nothing_requested(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if order.protection.request is None:
        return None
    return Fault("X1", None, f"A request for {order.protection.request.days} more days is pending: one request at a time.", "The seller answers it with --grant or --deny.")


def extension_left(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    most = moment.policy.protection.extension_most_times
    if most is None or order.protection.extended < most or (isinstance(command, ExtendProtection) and command.deny):
        return None
    times = "once" if most == 1 else f"{most} times"
    return Fault("X1", None, f"Protection is lengthened {times} at most." if most else "Protection is never lengthened here.", None)


def request_known(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    """Denying needs a request, and granting without one names the days."""
    if order.protection.request or not isinstance(command, ExtendProtection) or command.days is not None:
        return None
    return Fault("X1", "days", "No request for more protection is pending.", "Grant unasked with --grant --days N.")


def escalation_open(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if moment.policy.escalation.opens == "opening":
        return None
    return Fault("C1", None, "The seller has not answered yet: a dispute is escalated in answer to an offer.", "Wait for the seller's answer, or for the end of the counter, which resolves the dispute for you.")


def escalation_left(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    until = moment.policy.escalation.until_days
    assert order.dispute
    if until is None or moment.now < escalation_ends(order.dispute, until):
        return None
    return Fault("C1", None, f"A dispute is escalated within {until} days of its opening: they ended {iso_instant(escalation_ends(order.dispute, until))}.", None)


def either_escalates(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if moment.policy.escalation.who == "either":
        return None
    return Fault("W1", "as", "Here the buyer alone escalates.", None)


def demand_beats_offer(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    assert order.dispute
    if not better_for_buyer(order.dispute.offer, order.dispute.demand):
        return None
    return Fault("N8", None, "Your standing offer is better for the buyer than the demand: accepting the demand would take it back.", "Wait for the buyer's answer.")


def answer_left(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    """There is still a better offer to make, or the demand to accept."""
    assert order.dispute
    offer = order.dispute.offer
    assert offer
    if offer.refund < order.total or offer.with_return or not demand_beats_offer(order, moment, actor, command):
        return None
    return Fault("N8", None, "Your standing offer gives the whole without a return: there is no better one.", "Wait for the buyer's answer.")


def better_for_buyer(offer: Offer | None, demand: Demand) -> bool:
    """More money than was demanded, or as much without the return that the demand brings (N8)."""
    if offer is None:
        return False
    return offer.refund > demand.refund or (offer.refund == demand.refund and demand.with_return and not offer.with_return)


def concedable(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    claim = claim_of(order)
    if claim.conceded:
        return Fault("C5", None, "The claim is conceded already.", "The buyer may now drop the dispute and have it settled at the claim.")
    if claim.amount == 0:
        return Fault("C5", None, "The claim is 0: there is nothing to concede.", "Only the platform may rule otherwise.")
    return None


def window_open(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    if moment.policy.escalation.evidence == "open" or window_of(order, actor):
        return None
    return Fault("V6", None, f"Evidence is locked since the escalation, and no request of the platform to the {actor} is open.", "Text messages stay possible: dispute message.")


def window_lengthens(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    """Some party's window could still be opened or lengthened."""
    end = claim_of(order).review_ends_at
    windows = [window_of(order, party) for party in PARTIES]
    if not all(window and window.until >= end for window in windows):
        return None
    return Fault("V6", "from", "Evidence is open to both parties to the end of the review already.")


def review_begun(order: Order, moment: Moment, actor: Actor, command: Command | None) -> Fault | None:
    claim = claim_of(order)
    if moment.now >= claim.rule_from or (isinstance(command, Rule) and command.early):
        return None
    day = moment.policy.escalation.rule_from_days
    return Fault("C6", None, f"The platform rules from day {day} of the review on, which is {claim.rule_from:%Y-%m-%dT%H:%M:%SZ}.", "Move the clock there with dispute tick --to; --early exists for tests.")
