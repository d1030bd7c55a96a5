"""What a command makes true: the gate, then the chapter of the rule book that decides it. Events or a refusal come out; nothing changes here."""

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from .. import commands as c
from .. import money
from ..events import Event
from ..lifecycle import check_actor, gate
from ..moment import Moment
from ..order import Order
from .consent import consent_needed

CHAPTERS: dict[type[c.Command], str] = {
    c.Ship: "orders.ship",
    c.Deliver: "orders.deliver",
    c.Confirm: "orders.confirm",
    c.OpenDispute: "opening.open_dispute",
    c.EditDispute: "opening.edit",
    c.Cancel: "answering.cancel",
    c.Respond: "answering.respond",
    c.Accept: "answering.accept",
    c.ExtendProtection: "extension.extend",
    c.Escalate: "claim.escalate",
    c.AddEvidence: "evidence.add",
    c.SendMessage: "evidence.send_message",
    c.SendReturn: "returns.send",
    c.AcknowledgeReturn: "returns.acknowledge",
    c.RefuseReturn: "returns.refuse",
    c.RequestEvidence: "claim.request_evidence",
    c.Rule: "claim.rule",
    c.Lapse: "clock.lapse",
}
"""Which chapter decides each command; total over the commands but `order create`, which has no order yet."""

AMOUNTS = {kind: [name for name in ("refund", "postage") if name in kind.__struct_fields__] for kind in CHAPTERS}
"""The fields of each command that name an amount."""


@cache
def chapter(name: str) -> Callable[..., Iterable[Event]]:
    """The function of a chapter, which is loaded when it is first asked: a command needs one, and a look at an order none."""
    module, _, function = name.partition(".")
    found: Callable[..., Iterable[Event]] = getattr(import_module(f".{module}", __package__), function)
    return found


def decide(order: Order, command: c.Command, moment: Moment) -> tuple[Event, ...]:
    """Return the facts that the command makes true. `Malformed`, or a `Refusal` with every fault of the form."""
    check_decimals(order, command)
    gate(order, command, moment)
    return tuple(chapter(CHAPTERS[type(command)])(order, command, moment))


def create(command: c.CreateOrder, taken: bool, moment: Moment) -> tuple[Event, ...]:
    """Return the payment of an order, or of each line of a purchase (E1). `taken`: the id was used before."""
    check_actor(command)
    return tuple(chapter("orders.create")(command, taken, moment))


def check_decimals(order: Order, command: c.Command) -> None:
    """Raise `Malformed` when an amount has more decimals than the order's currency, whatever else is wrong."""
    for name in AMOUNTS[type(command)]:
        amount = getattr(command, name)
        if amount is not None and amount != "full":
            money.minor(amount, order.currency, name)


__all__ = ["CHAPTERS", "consent_needed", "create", "decide"]
