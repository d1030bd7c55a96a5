"""From an order and a moment to the answers' structs. Copying and writing amounts down; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from . import answers as a
from .core import events as e
from .core import money
from .core import order as o
from .core.advice import Advice
from .core.deadlines import Deadline, deadlines, soonest
from .core.ledger import Balances
from .core.lifecycle import allowed
from .core.means import means
from .core.moment import Moment
from .core.policy import Policy
from .core.words import LABELS


def order(order: o.Order, balances: Balances, moment: Moment) -> a.Order:
    """ORDER: the whole page of one order line. Tuples are made of lists, which are quicker than generators: a batch makes a page for every line."""
    cash, due = cash_of(order), deadlines(order)
    return a.Order(
        id=order.id,
        status=order.status,
        label=LABELS[order.status],
        outcome=order.outcome,
        cause=order.cause,
        buyer=order.buyer,
        seller=order.seller,
        title=order.title,
        currency=order.currency,
        price=cash(order.price),
        delivery=cash(order.delivery),
        total=cash(order.total),
        paid_at=order.paid_at,
        deliver_by=order.deliver_by,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        tracking=order.tracking,
        protection=protection(order.protection),
        dispute=dispute(order.dispute, cash) if order.dispute else None,
        returning=returning(order.returning, cash) if order.returning else None,
        deadlines=tuple([deadline(order, one, moment.policy) for one in due]),
        evidence=tuple(map(evidence, order.evidence)),
        messages=tuple([a.Message(m.by, m.at, m.text, m.dispute) for m in order.messages]),
        possible=allowed(order, moment, due),
        settlement=settlement(order.settlement, cash) if order.settlement else None,
        balances=a.Balances(cash(balances.buyer), cash(balances.seller), cash(balances.escrow), cash(balances.carrier)),
    )


Cash = Callable[[int], str]
"""Writes minor units of one currency as a decimal."""


def cash_of(order: o.Order) -> Cash:
    currency = order.currency
    return lambda minor: money.decimal(minor, currency)


def protection(protection: o.Protection) -> a.Protection:
    request = protection.request
    return a.Protection(protection.ends_at, a.Request(request.days, request.at) if request else None)


def dispute(dispute: o.Dispute, cash: Cash) -> a.Dispute:
    return a.Dispute(
        number=dispute.number,
        opened_at=dispute.opened_at,
        received=dispute.received,
        reason=dispute.reason,
        demand=a.Demand(cash(dispute.demand.refund), dispute.demand.with_return),
        offer=offer(dispute.offer, cash) if dispute.offer else None,
        claim=claim(dispute.claim, cash) if dispute.claim else None,
        reopens=dispute.reopens,
    )


def offer(offer: o.Offer, cash: Cash) -> a.Offer:
    return a.Offer(cash(offer.refund), offer.with_return, offer.promise, offer.at)


def claim(claim: o.Claim, cash: Cash) -> a.Claim:
    windows = tuple(a.Window(window.actor, window.until) for window in claim.windows)
    return a.Claim(cash(claim.amount), claim.escalated_at, claim.by, claim.conceded, windows)


def returning(agreed: o.Return, cash: Cash) -> a.Return:
    postage = None if agreed.postage is None else cash(agreed.postage)
    return a.Return(cash(agreed.refund), agreed.cause, agreed.tracking, postage, agreed.sent_at, agreed.acknowledged_at)


def settlement(split: o.Settlement, cash: Cash) -> a.Settlement:
    return a.Settlement(cash(split.refund), cash(split.release), split.cause, split.settled_at, split.payout_at, split.paid_at)


def evidence(record: o.Evidence) -> a.Evidence:
    return a.Evidence(
        record.hash, record.url, record.kind, record.name, record.format, record.size, record.by, record.at, record.note, record.dispute
    )


def deadline(order: o.Order, due: Deadline, policy: Policy) -> a.Deadline:
    return a.Deadline(due.kind, due.at, due.actor, means(order, due, policy))


def order_deadline(order: o.Order, due: Deadline, policy: Policy) -> a.OrderDeadline:
    return a.OrderDeadline(order.id, due.kind, due.at, due.actor, means(order, due, policy))


def row(order: o.Order, policy: Policy) -> a.Row:
    """An order's row in the list."""
    cash = cash_of(order)
    shown = dispute(order.dispute, cash) if order.dispute else None
    due = soonest(order)
    return a.Row(
        id=order.id,
        status=order.status,
        label=LABELS[order.status],
        outcome=order.outcome,
        cause=order.cause,
        title=order.title,
        buyer=order.buyer,
        seller=order.seller,
        currency=order.currency,
        total=cash(order.total),
        opened_at=shown.opened_at if shown else None,
        reason=shown.reason if shown else None,
        demand=shown.demand if shown else None,
        offer=shown.offer if shown else None,
        claim=shown.claim if shown else None,
        next_deadline=deadline(order, due, policy) if due else None,
    )


def amounts_of(fact: type[e.Fact]) -> tuple[str, ...]:
    """The fields of an event that hold minor units, by their JSON names."""
    return tuple(field.encode_name for field in msgspec.structs.fields(fact) if field.type in (e.Minor, e.Minor | None))


AMOUNTS: dict[type[e.Fact], tuple[str, ...]] = {}
"""Filled as facts are told."""


def told(event: e.Event) -> dict[str, Any]:
    """EVENT: the fact as recorded, its amounts as decimals."""
    data: dict[str, Any] = msgspec.to_builtins(event)
    fact = type(event)
    if fact not in AMOUNTS:
        AMOUNTS[fact] = amounts_of(fact)
    for name in AMOUNTS[fact]:
        if data[name] is not None:
            data[name] = money.decimal(data[name], data["currency"])
    return data


def all_told(events: Iterable[e.Event]) -> tuple[dict[str, Any], ...]:
    return tuple(map(told, events))


def warnings(advice: Iterable[Advice]) -> tuple[a.Warning, ...]:
    return tuple(dict.fromkeys([a.Warning(piece.code, piece.message) for piece in advice]))
