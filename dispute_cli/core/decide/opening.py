"""Opening and editing a dispute (D1–D12, N7)."""

from collections.abc import Iterator

from .. import commands as c
from .. import events as e
from .. import money
from ..moment import Moment
from ..order import Dispute, Order
from ..policy import days
from ..refusal import refuse
from ..words import Actor, Status
from .evidence import correspond
from .form import Form, check


def open_dispute(order: Order, command: c.OpenDispute, moment: Moment) -> Iterator[e.Event]:
    form = Form(command.received, command.reason, command.refund, command.with_return, command.message, command.link)
    demand = check(form, order, moment)
    assert command.received is not None and command.reason and command.message
    number = order.disputes + 1
    yield e.DisputeOpened(
        *moment.here(order, command.actor),
        number=number,
        reopens=order.disputes or None,
        received=command.received,
        reason=command.reason,
        refund=demand.refund,
        with_return=demand.with_return,
        currency=order.currency,
        answer_by=moment.now + days(moment.policy.answering.seller_days),
    )
    yield from correspond(order, moment, command.actor, number, command.message, command.link)


def edit(order: Order, command: c.EditDispute, moment: Moment) -> Iterator[e.Event]:
    dispute = order.dispute
    assert dispute
    form = edited(order, dispute, command)
    demand = check(form, order, moment)
    assert form.received is not None and form.reason
    same = (form.received, form.reason, demand) == (dispute.received, dispute.reason, dispute.demand)
    if same and command.message is None and not command.keep:
        raise refuse("N7", "The edit changes nothing.", "Say what changes; in answer to an offer --keep repeats the demand as it stands.")
    yield e.DisputeEdited(
        *moment.here(order, command.actor),
        received=form.received,
        reason=form.reason,
        refund=demand.refund,
        with_return=demand.with_return,
        currency=order.currency,
        answer_by=moment.now + days(moment.policy.answering.seller_days),
    )
    if command.message is not None:
        yield from correspond(order, moment, command.actor, dispute.number, command.message)


def edited(order: Order, dispute: Dispute, command: c.EditDispute) -> Form:
    """The form after the edit: what is not given stays, or must be given anew (N7)."""
    anew = order.status is Status.AWAITING_BUYER and not command.keep
    received = dispute.received if command.received is None else command.received
    reason = None if anew else dispute.reason
    refund = None if anew or not received else money.decimal(dispute.demand.refund, order.currency)
    return Form(
        received=received,
        reason=reason if command.reason is None else command.reason,
        refund=refund if command.refund is None else command.refund,
        wish=command.with_return,
        message=command.message,
        opens=False,
        anew=anew,
        proven=any(record.by is Actor.BUYER for record in order.evidence),
    )
