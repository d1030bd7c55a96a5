"""The model of time: an order's deadlines, and what silence at each of them means. No command stands here."""

from typing import NamedTuple

from .facts import Draw, acknowledge, close, escalate, move, settle, unguard, unruled
from .figures import Figures, Order

KINDS = ("protection", "seller_response", "buyer_response", "return_send", "return_acknowledge", "evidence", "review", "payout")
"""In the order in which they fire at one instant (CLI.md)."""
WHOSE = {"seller_response": "seller", "buyer_response": "buyer", "return_send": "buyer", "return_acknowledge": "seller", "review": "platform", "payout": "clock"}


class Due(NamedTuple):
    at: int
    kind: str
    actor: str


def dues(o: Order) -> list[Due]:
    """An order's deadlines, soonest first."""
    found = [Due(o["ends_at"], "protection", "buyer" if o["status"] == "protected" else "clock")] if o["guarded"] else []
    if o["counter"]:
        kind, at = o["counter"]
        found.append(Due(at, kind, WHOSE[kind]))
    claim = o["dispute"] and o["dispute"]["claim"]
    if claim:
        found += [Due(until, "evidence", actor) for actor, until in claim["windows"].items()]
    return sorted(found, key=lambda due: (due.at, KINDS.index(due.kind), due.actor))


def lapse(o: Order, due: Due, figures: Figures, draw: Draw) -> list[str]:
    """What happens when nobody did anything until this deadline."""
    now, dispute = due.at, o["dispute"]
    match due.kind:
        case "protection":
            return end_protection(o, now, draw)
        case "seller_response":
            return ["seller_silent", *settle(o, dispute["refund"], "seller_silent", now, draw)]
        case "buyer_response":
            return escalate(o, "clock", dispute["offer"]["refund"], now, figures)
        case "return_send":
            return ["return_overdue", *settle(o, 0, "return_overdue", now, draw)]
        case "return_acknowledge":
            return acknowledge(o, now, draw)
        case "evidence":
            del dispute["claim"]["windows"][due.actor]
            return ["evidence_closed"]
        case "review":
            return ["ruled_by_default", *settle(o, unruled(o, figures), "default_ruling", now, draw)]
    return pay(o, now)


def end_protection(o: Order, now: int, draw: Draw) -> list[str]:
    told = ["extension_lapsed"] if o["request"] else []
    unguard(o)
    if o["status"] != "protected":
        return ["protection_ended", *told]
    return ["protection_ended", *told, *settle(o, 0, "protection_ended", now, draw)]


def pay(o: Order, now: int) -> list[str]:
    move(o, "escrow", "buyer", o["settlement"]["refund"])
    o["settlement"]["paid_at"] = now
    return ["refund_paid", *close(o)]
