"""THE table: who may do what in which status (MAY), what is told instead where nothing is allowed (INSTEAD), and where each fact leads (LEADS_TO)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct

from . import commands as c
from . import events as e
from . import guards as g
from .deadlines import EVIDENCE, REVIEW, Deadline, deadlines
from .moment import Moment
from .order import Order
from .policy import Policy
from .refusal import Fault, Refusal, refuse
from .words import Actor, Cause, Kind, Status

BUYER, SELLER, PLATFORM, CLOCK = Actor
PROTECTED, AWAITING_SELLER, AWAITING_BUYER, AWAITING_RETURN, RETURN_SHIPPED, ESCALATED, SETTLING, CLOSED = Status


class Row(Struct, frozen=True, dict=True):
    """In a status: this actor may give this command, if every guard agrees; what lapses it when it passes in silence."""

    actor: Actor
    does: type[c.Command] | Kind
    """A command, or for the clock the deadline that fires."""
    guards: tuple[g.Guard, ...] = ()
    lapses: tuple[Kind, ...] = ()

    @cached_property
    def words(self) -> str:
        """The subcommand's words, or the deadline's kind."""
        return self.does.value if isinstance(self.does, Kind) else c.name_of(self.does)


def shipping(*lapses: Kind) -> tuple[Row, ...]:
    return Row(SELLER, c.Ship, (), lapses), Row(PLATFORM, c.Deliver, (g.undelivered,), lapses)


def extending(*lapses: Kind) -> tuple[Row, ...]:
    return (
        Row(BUYER, c.ExtendProtection, (g.protection_runs, g.nothing_requested, g.extension_left), (Kind.PROTECTION, *lapses)),
        Row(SELLER, c.ExtendProtection, (g.protection_runs, g.request_known, g.extension_left), (Kind.PROTECTION, *lapses)),
    )


def proving(*lapses: Kind) -> tuple[Row, ...]:
    return Row(BUYER, c.AddEvidence, (), lapses), Row(SELLER, c.AddEvidence, (), lapses)


TALKING = (Row(BUYER, c.SendMessage), Row(SELLER, c.SendMessage), Row(PLATFORM, c.SendMessage))

MAY: dict[Status, tuple[Row, ...]] = {
    PROTECTED: (
        Row(BUYER, c.Confirm, (), (Kind.PROTECTION,)),
        Row(BUYER, c.OpenDispute, (g.opening_begun, g.opening_left), (Kind.PROTECTION,)),
        *extending(),
        *shipping(Kind.PROTECTION),
        *TALKING,
        Row(CLOCK, Kind.PROTECTION),
    ),
    AWAITING_SELLER: (
        Row(SELLER, c.Accept, (), (Kind.SELLER_RESPONSE,)),
        Row(SELLER, c.Respond, (), (Kind.SELLER_RESPONSE,)),
        Row(BUYER, c.EditDispute, (), (Kind.SELLER_RESPONSE,)),
        Row(BUYER, c.Cancel, (), (Kind.SELLER_RESPONSE,)),
        Row(BUYER, c.Escalate, (g.escalation_open, g.escalation_left), (Kind.SELLER_RESPONSE,)),
        Row(SELLER, c.Escalate, (g.either_escalates, g.escalation_open, g.escalation_left), (Kind.SELLER_RESPONSE,)),
        *proving(Kind.SELLER_RESPONSE),
        *extending(Kind.SELLER_RESPONSE),
        *shipping(),
        *TALKING,
        Row(CLOCK, Kind.PROTECTION),
        Row(CLOCK, Kind.SELLER_RESPONSE),
    ),
    AWAITING_BUYER: (
        Row(BUYER, c.Accept, (), (Kind.BUYER_RESPONSE,)),
        Row(BUYER, c.EditDispute, (), (Kind.BUYER_RESPONSE,)),
        Row(BUYER, c.Escalate, (g.escalation_left,), (Kind.BUYER_RESPONSE,)),
        Row(SELLER, c.Escalate, (g.either_escalates, g.escalation_left), (Kind.BUYER_RESPONSE,)),
        Row(BUYER, c.Cancel, (), (Kind.BUYER_RESPONSE,)),
        Row(SELLER, c.Accept, (g.demand_beats_offer,), (Kind.BUYER_RESPONSE,)),
        Row(SELLER, c.Respond, (g.answer_left,), (Kind.BUYER_RESPONSE,)),
        *proving(Kind.BUYER_RESPONSE),
        *extending(Kind.BUYER_RESPONSE),
        *shipping(),
        *TALKING,
        Row(CLOCK, Kind.PROTECTION),
        Row(CLOCK, Kind.BUYER_RESPONSE),
    ),
    AWAITING_RETURN: (
        Row(BUYER, c.SendReturn, (), (Kind.RETURN_SEND,)),
        Row(BUYER, c.Cancel, (), (Kind.RETURN_SEND,)),
        *proving(Kind.RETURN_SEND),
        *extending(Kind.RETURN_SEND),
        *shipping(Kind.RETURN_SEND),
        *TALKING,
        Row(CLOCK, Kind.PROTECTION),
        Row(CLOCK, Kind.RETURN_SEND),
    ),
    RETURN_SHIPPED: (
        Row(SELLER, c.AcknowledgeReturn, (), (Kind.RETURN_ACKNOWLEDGE,)),
        Row(SELLER, c.RefuseReturn, (), (Kind.RETURN_ACKNOWLEDGE,)),
        Row(BUYER, c.Cancel, (), (Kind.RETURN_ACKNOWLEDGE,)),
        *proving(Kind.RETURN_ACKNOWLEDGE),
        *extending(Kind.RETURN_ACKNOWLEDGE),
        *shipping(),
        *TALKING,
        Row(CLOCK, Kind.PROTECTION),
        Row(CLOCK, Kind.RETURN_ACKNOWLEDGE),
    ),
    ESCALATED: (
        Row(PLATFORM, c.Rule, (g.review_begun,), (Kind.REVIEW,)),
        Row(PLATFORM, c.RequestEvidence, (g.window_lengthens,), (Kind.REVIEW,)),
        Row(SELLER, c.Accept, (g.concedable,), (Kind.REVIEW,)),
        Row(BUYER, c.Cancel, (), (Kind.REVIEW,)),
        Row(BUYER, c.AddEvidence, (g.window_open,), (Kind.EVIDENCE, Kind.REVIEW)),
        Row(SELLER, c.AddEvidence, (g.window_open,), (Kind.EVIDENCE, Kind.REVIEW)),
        *shipping(Kind.REVIEW),
        *TALKING,
        Row(CLOCK, Kind.EVIDENCE),
        Row(CLOCK, Kind.REVIEW),
    ),
    SETTLING: (
        *shipping(Kind.PAYOUT),
        *TALKING,
        Row(CLOCK, Kind.PAYOUT),
    ),
    CLOSED: TALKING,
}

MAY_PEOPLE = {status: tuple((row, row.words) for row in rows if row.actor is not CLOCK) for status, rows in MAY.items()}
"""The rows that are not the clock's, with their words."""

LEADS_TO: dict[type[e.Fact], Status | None] = {
    e.OrderCreated: PROTECTED,
    e.Shipped: None,
    e.Delivered: None,
    e.ReceiptConfirmed: None,
    e.ProtectionEnded: None,
    e.DisputeOpened: AWAITING_SELLER,
    e.DisputeEdited: AWAITING_SELLER,
    e.DisputeCancelled: PROTECTED,
    e.ClaimDropped: None,
    e.MessageSent: None,
    e.EvidenceAdded: None,
    e.OfferMade: AWAITING_BUYER,
    e.DemandAccepted: None,
    e.OfferAccepted: None,
    e.PromiseAccepted: None,
    e.SellerSilent: None,
    e.BuyerSilent: None,
    e.Escalated: ESCALATED,
    e.ClaimConceded: None,
    e.EvidenceRequested: None,
    e.EvidenceClosed: None,
    e.ExtensionRequested: None,
    e.ExtensionGranted: None,
    e.ExtensionDenied: None,
    e.ExtensionLapsed: None,
    e.ReturnAgreed: AWAITING_RETURN,
    e.ReturnSent: RETURN_SHIPPED,
    e.ReturnAcknowledged: None,
    e.ReturnRefused: None,
    e.ReturnOverdue: None,
    e.Ruled: None,
    e.RuledByDefault: None,
    e.Settled: SETTLING,
    e.RefundPaid: None,
    e.Closed: CLOSED,
}
"""Where each fact leads; None: the status stays. Total over the events."""


def undisputed(order: Order) -> bool:
    return order.dispute is None


def escalated(order: Order) -> bool:
    return order.status is ESCALATED


def claimed(order: Order) -> bool:
    return order.dispute is not None and order.dispute.claim is not None


def ended(*causes: Cause) -> Callable[[Order], bool]:
    return lambda order: order.cause in causes


def always(order: Order) -> bool:
    return True


OF_A_CLAIM = (EVIDENCE, REVIEW)
SHIPPING = (c.Ship, c.Deliver)
FACTS = (*SHIPPING, c.SendMessage, c.AddEvidence)
MOVING = tuple({row.does for rows in MAY.values() for row in rows if not isinstance(row.does, Kind)} - set(FACTS))

INSTEAD: tuple[tuple[tuple[type[c.Command], ...], Callable[[Order], bool], str, str, str | None], ...] = (
    (MOVING, ended(Cause.RULING, Cause.DEFAULT_RULING), "C8", "The ruling is final: nothing follows it but the payout.", None),
    ((c.Cancel, c.EditDispute, c.Accept, c.Respond), undisputed, "E5", "There is no dispute: outside one nobody can refund or cancel a paid order.", "While protection runs the buyer may open one: dispute open."),
    ((c.OpenDispute,), ended(Cause.DROPPED), "C5", "The claim was dropped and the escrow released: there is no second dispute.", None),
    ((c.OpenDispute,), ended(Cause.CANCELLED), "N10", "The dispute was cancelled after protection had ended, and the escrow released: it cannot be opened again.", None),
    ((c.OpenDispute,), ended(*Cause), "D1", "The order is settled: a dispute is opened only while protection runs.", None),
    ((c.OpenDispute,), always, "D1", "A dispute is open already: only one at a time.", "Change it with dispute edit, or cancel it first."),
    ((c.Confirm,), ended(*Cause), "E3", "The order is settled: the escrow is released once, never twice.", None),
    ((c.Confirm,), always, "E3", "A dispute is open: receipt cannot be confirmed.", "Accept the offer or cancel the dispute first."),
    ((c.Escalate,), escalated, "C5", "The dispute is escalated already: the buyer can only drop it.", "Drop it with dispute cancel."),
    ((c.EditDispute, c.Respond), escalated, "C4", "The claim is frozen: neither party can change it, only the platform may rule otherwise.", "The seller may concede it: dispute accept --as seller."),
    ((c.Accept,), escalated, "C5", "The dispute is escalated: there is no offer to accept any more, the buyer can only drop it.", "If the seller concedes, dispute cancel settles at the claim."),
    ((c.AddEvidence,), claimed, "V6", "Evidence is locked: the claim is settled.", "Text messages stay possible: dispute message."),
    ((c.AddEvidence,), always, "V5", "Evidence is added while a dispute is open.", "Text messages stay possible: dispute message."),
    ((c.ExtendProtection,), always, "X2", "Protection has ended with the escalation or the settlement: there is nothing to extend.", None),
    (SHIPPING, always, "E6", "The order is closed: nothing of shipping is recorded any more.", None),
)
"""What is told where the status does not allow a command: the first that fits, else W2."""

TABLE = {(status, row.actor, row.does): row for status, rows in MAY.items() for row in rows}


def givers() -> dict[type[c.Command] | Kind, tuple[Actor, ...]]:
    """Who may ever give each command, in the table's order."""
    found: dict[type[c.Command] | Kind, dict[Actor, None]] = {c.CreateOrder: {BUYER: None}}
    for _, actor, does in TABLE:
        found.setdefault(does, {})[actor] = None
    return {does: tuple(actors) for does, actors in found.items()}


ACTORS = givers()


def gate(order: Order, command: c.Command, moment: Moment) -> None:
    """Raise a refusal unless the actor (W1), the status (W2 or what names the case more closely) and the guards allow the command."""
    kind, actor = type(command), command.actor
    does = command.kind if type(command) is c.Lapse else kind
    row = TABLE.get((order.status, actor, does))
    if row is None or kind in NARROWER:  # a row for the actor answers W1 already
        check_actor(command, moment.policy)
    if row is None:
        raise Refusal(instead(order, command))
    for guard in row.guards:
        fault = guard(order, moment, actor, command)
        if fault:
            raise Refusal(fault)


def check_actor(command: c.Command, policy: Policy | None = None) -> None:
    """Raise a refusal unless this actor may ever give this command under the policy (W1)."""
    actors = owners(command, policy)
    if command.actor not in actors:
        hint = "The buyer asks with --days N, the seller answers with --grant or --deny." if isinstance(command, c.ExtendProtection) else None
        raise refuse("W1", f"The {command.actor} may not give '{c.name_of(command)}': it is the command of the {' or the '.join(actors)}.", hint, "as")


def owners(command: c.Command, policy: Policy | None = None) -> tuple[Actor, ...]:
    """Who may ever give this very command under the policy."""
    narrower = NARROWER.get(type(command))
    return narrower(command, policy) if narrower else ACTORS[command.kind if type(command) is c.Lapse else type(command)]


def of_extension(command: c.ExtendProtection, policy: Policy | None) -> tuple[Actor, ...]:
    """Asking is one party's, answering the other's."""
    return (command.owner,)


def of_escalation(command: c.Escalate, policy: Policy | None) -> tuple[Actor, ...]:
    return (BUYER,) if policy and policy.escalation.who == "buyer" else ACTORS[c.Escalate]


NARROWER: dict[type[c.Command], Callable[[Any, Policy | None], tuple[Actor, ...]]] = {
    c.ExtendProtection: of_extension,
    c.Escalate: of_escalation,
}
"""Commands that fewer may give than the table says: their own words, or the policy, tell who."""


def instead(order: Order, command: c.Command) -> Fault:
    """The rule that names the case most closely, for a command that the status does not allow (W2)."""
    for commands, fits, rule, message, hint in INSTEAD:
        if type(command) in commands and fits(order):
            return Fault(rule, None, message, hint)
    return Fault("W2", None, f"'{c.name_of(command)}' is not possible for the {command.actor} while the order is {order.status}.")


class Possible(Struct, frozen=True, gc=False):
    """What some payload would be accepted for now."""

    actor: Actor
    command: str
    until: datetime | None
    """When it lapses; None when no deadline ends it."""


def possible(order: Order, moment: Moment) -> tuple[Possible, ...]:
    """What people may do now with some payload, in the table's order: the very rows and guards that decide runs."""
    return allowed(order, moment, deadlines(order))


def allowed(order: Order, moment: Moment, due: tuple[Deadline, ...]) -> tuple[Possible, ...]:
    """What is possible, given the order's deadlines."""
    found: list[Possible] = []
    for row, words in MAY_PEOPLE[order.status]:
        if not (row.guards and barred(row, order, moment)):
            found.append(Possible(row.actor, words, until(order, row, due, moment) if row.lapses else None))
    return tuple(found)


def barred(row: Row, order: Order, moment: Moment) -> Fault | None:
    """The fault of the first guard that refuses whatever the row's command says; None when every one agrees."""
    for guard in row.guards:
        if fault := guard(order, moment, row.actor, None):
            return fault
    return None


def until(order: Order, row: Row, due: tuple[Deadline, ...], moment: Moment) -> datetime | None:
    """When the soonest of these deadlines lapses what the row allows; None when none does."""
    for deadline in due:
        if deadline.kind in row.lapses and not (deadline.kind in OF_A_CLAIM and outlived(order, row, deadline, moment)):
            return deadline.at
    return None


def outlived(order: Order, row: Row, deadline: Deadline, moment: Moment) -> bool:
    """Whether what the row allows outlives a deadline of a claim: another party's evidence, or for facts of shipping a review that is paid out."""
    if deadline.kind is EVIDENCE:
        return deadline.actor is not row.actor
    return row.does in SHIPPING and g.unruled(order, moment.policy) > 0  # one of nothing closes the order at once


def changes(order: Order, policy: Policy) -> Iterator[datetime]:
    """The instants at which time alone changes what is, or what is possible: each deadline, and from when the policy lets something begin or end."""
    yield from (deadline.at for deadline in deadlines(order))
    opens = g.opens_at(order, policy)
    if order.status is PROTECTED and opens:
        yield opens
    if order.dispute and policy.escalation.until_days is not None:
        yield g.escalation_ends(order.dispute, policy.escalation.until_days)
    if order.status is ESCALATED:
        yield g.claim_of(order).rule_from
