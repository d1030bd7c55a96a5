"""Short ways into the deep: what one order lives through before the dice take over, so that rare statuses are tried as often as common ones."""

from typing import Any

from .figures import Command
from .play import FILES

FORM: dict[str, Any] = {"received": True, "reason": "defective", "message": "It is broken", "files": (FILES[0],)}
PAY: Command = {"command": "order create", "price": "50.00", "delivery": "5.00"}
PART: Command = {"command": "open", "refund": "20.00", **FORM}
WHOLE: Command = {"command": "open", "refund": "full", **FORM}
MISSING: Command = {"command": "open", "received": False, "reason": "wrong_tracking", "message": "Never came"}
AGREE: Command = {"command": "accept", "as": "seller"}
SEND: Command = {"command": "return send", "tracking": "R1", "postage": "8.40"}
REFUSE: Command = {"command": "return refuse", "reason": "an empty box"}
ESCALATE: Command = {"command": "escalate", "confirm": True}
ASK: Command = {"command": "extend-protection", "days": 3}


def offer(**terms: Any) -> Command:
    return {"command": "respond", **terms}


def wait(duration: str) -> Command:
    return {"command": "tick", "duration": duration}


SCRIPTS: tuple[tuple[Command, ...], ...] = (
    (),
    (PART,), (WHOLE,), (MISSING,), (ASK, WHOLE), (wait("11d"), PART, wait("1d")), (wait("59d"), MISSING, ASK, wait("1d")),
    (PART, offer(refund="10.00")), (WHOLE, offer(refund="10.00", **{"return": True})), (MISSING, offer(promise="I send it again")), (PART, offer(reject=True)),
    (wait("59d"), WHOLE, wait("1d"), offer(promise="I send it again")), (wait("58d"), PART, offer(refund="10.00"), wait("2d")),
    (WHOLE, AGREE), (PART, offer(refund="10.00", **{"return": True}), {"command": "accept"}), (wait("59d"), WHOLE, AGREE, wait("1d")),
    (WHOLE, AGREE, SEND), (WHOLE, AGREE, wait("1d"), SEND), (wait("59d"), WHOLE, AGREE, SEND, wait("1d")),
    (WHOLE, AGREE, SEND, REFUSE), (WHOLE, AGREE, SEND, REFUSE, wait("15d")),
    (PART, offer(refund="10.00"), ESCALATE), (PART, offer(refund="10.00"), ESCALATE, AGREE), (PART, offer(reject=True), wait("10d")),
    (PART, offer(refund="10.00"), wait("10d"), wait("15d")), (MISSING, offer(promise="Soon"), ESCALATE, wait("15d")),
    (PART, offer(refund="10.00"), ESCALATE, {"command": "review request-evidence", "from": "buyer"}, {"command": "review request-evidence", "from": "seller", "days": 1}),
    (PART, offer(refund="10.00"), ESCALATE, wait("16d"), {"command": "review rule", "refund": "1.00", "reason": "so"}),
    (PART, AGREE), (MISSING, {"command": "cancel"}),
)  # fmt: skip
"""Each after the payment of the order; what another policy's figures make impossible on the way is simply refused."""
