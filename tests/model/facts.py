"""The model of what happens to one order: settling, agreeing, escalating, saying and adding; each returns the types of the events it makes. No refusal stands here."""

from collections.abc import Callable

from .figures import DAY, Command, Figures, Order
from .forms import links

OPEN = ("awaiting_seller", "awaiting_buyer", "awaiting_return", "return_shipped", "escalated")
"""The statuses of an order with an open dispute."""
PAYOUT = 8
"""Days to the payout where nobody asks for the day: the product draws it, and is held to the policy's bounds."""

Draw = Callable[[Order, int], int]
"""The payout instant of an order settled at an instant."""


def count(o: Order, kind: str | None, at: int = 0) -> None:
    """Start the one counter of a status, instead of the one before."""
    o["counter"] = (kind, at) if kind else None


def move(o: Order, giver: str, taker: str, amount: int) -> None:
    o["balances"][giver] -= amount
    o["balances"][taker] += amount


def settle(o: Order, refund: int, cause: str, now: int, draw: Draw) -> list[str]:
    """Fix the split (P1): the seller's part at once, the buyer's some days later."""
    release = o["total"] - refund
    move(o, "escrow", "seller", release)
    payout = draw(o, now) if refund else None
    o["settlement"] = {"refund": refund, "release": release, "cause": cause, "settled_at": now, "payout_at": payout, "paid_at": None}
    o["outcome"], o["cause"] = "released" if not refund else "partially_refunded" if release else "refunded", cause
    unguard(o)
    close_windows(o)
    if payout is None:
        return ["settled", *close(o)]
    o["status"] = "settling"
    count(o, "payout", payout)
    return ["settled"]


def close(o: Order) -> list[str]:
    o["status"] = "closed"
    count(o, None)
    return ["closed"]


def unguard(o: Order) -> None:
    """Protection ends, by its own deadline or by what comes instead of it (X2)."""
    o["guarded"], o["request"] = False, None


def close_windows(o: Order) -> None:
    if o["dispute"] and o["dispute"]["claim"]:
        o["dispute"]["claim"]["windows"] = {}


def leave_dispute(o: Order, now: int, draw: Draw) -> list[str]:
    """What a cancel leads to: protection again, or the release of the escrow (N9)."""
    o["ret"] = None
    if not o["guarded"]:
        return settle(o, 0, "cancelled", now, draw)
    o["status"], o["dispute"] = "protected", None
    count(o, None)
    return []


def agree(o: Order, refund: int, back: bool, cause: str, now: int, figures: Figures, draw: Draw) -> list[str]:
    """An agreed refund, settled or waiting for the goods (N2, N5, T1)."""
    if not back:
        return settle(o, refund, cause, now, draw)
    o["ret"] = {"refund": refund, "cause": cause, "tracking": None, "postage": None, "sent_at": None, "acknowledged_at": None}
    o["status"] = "awaiting_return"
    count(o, "return_send", now + figures["returns"]["send_days"] * DAY)
    return ["return_agreed"]


def escalate(o: Order, by: str, amount: int, now: int, figures: Figures) -> list[str]:
    """Freeze the claim and start the review (C2, C4)."""
    o["dispute"]["claim"] = {"amount": amount, "escalated_at": now, "by": by, "conceded": False, "windows": {}}
    o["status"] = "escalated"
    unguard(o)
    count(o, "review", now + figures["escalation"]["review_days"] * DAY)
    return ["escalated"]


def unruled(o: Order, figures: Figures) -> int:
    """What the end of the review gives (C7), never less than what the seller conceded."""
    claim = o["dispute"]["claim"]
    refund: int = {"claim": claim["amount"], "buyer": o["total"], "seller": 0}[figures["escalation"]["no_ruling"]]
    return max(refund, claim["amount"]) if claim["conceded"] else refund


def acknowledge(o: Order, now: int, draw: Draw) -> list[str]:
    o["ret"]["acknowledged_at"] = now
    return ["return_acknowledged", *settle(o, o["ret"]["refund"], o["ret"]["cause"], now, draw)]


def open_number(o: Order) -> int | None:
    return o["dispute"]["number"] if o["status"] in OPEN else None


def say(o: Order, by: str, text: str, now: int) -> list[str]:
    """A message, and its links as evidence of its author (V3)."""
    return enclose(o, by, {}, text, now)


def known(o: Order, by: str, url: str) -> bool:
    return any((piece["by"], piece["url"], piece["dispute"]) == (by, url, open_number(o)) for piece in o["evidence"])


def record(o: Order, by: str, now: int, *, url: str | None = None, file: Figures | None = None, note: str | None = None) -> list[str]:
    told = file or {"hash": None, "name": None, "type": None, "size": None}
    piece = {**told, "url": url, "kind": "file" if file else "link", "by": by, "at": now, "note": note, "dispute": open_number(o)}
    o["evidence"].append(piece)
    return ["evidence_added"]


def enclose(o: Order, by: str, c: Command, text: str | None, now: int, note: str | None = None) -> list[str]:
    """The evidence of a form (files, option links, links of the text), and its message with each option link on a line of its own."""
    options, disputed = list(c.get("link", ())), open_number(o) is not None and by != "platform"
    told: list[str] = []
    for file in c.get("files", ()):
        told += record(o, by, now, file=file["told"], note=note)
    for url in options:
        told += record(o, by, now, url=url, note=note)
    for url in links(text) if disputed else ():
        told += [] if known(o, by, url) else record(o, by, now, url=url)
    whole = "\n".join(part for part in (text, *options) if part)
    if whole:
        o["messages"].append({"by": by, "at": now, "text": whole, "dispute": open_number(o)})
    return [*told, "message_sent"] if whole else told
