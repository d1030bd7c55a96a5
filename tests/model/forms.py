"""The model of what a command must look like before any order is asked (usage, exit 2), and of the dispute form with all its faults (D2–D9, N7)."""

import re
from collections.abc import Callable

from .figures import Command, Figures, No, Order, is_amount, minor

ID = re.compile(r"[A-Za-z0-9_.-]{1,64}(/[1-9][0-9]{0,5})?")
LINK = re.compile(r"https?://[a-z0-9./]+[a-z0-9/]")
BLANK = " \t\u00a0\u200b"
SPOKEN = {"order ship": "tracking", "message": "text", "return send": "tracking", "return refuse": "reason", "review rule": "reason"}
"""The text that a command cannot do without, and that must not be blank."""


def is_blank(text: str) -> bool:
    return not text.strip(BLANK)


def links(text: str | None) -> list[str]:
    return list(dict.fromkeys(LINK.findall(text or "")))


def check_usage(c: Command) -> None:
    """Raise usage where a command is ill formed, whatever the orders are."""
    name, texts = c["command"], [c[key] for key in ("promise", "note") if c.get(key) is not None]
    amounts = [c[key] for key in ("price", "delivery", "refund", "postage") if c.get(key) not in (None, "full")]
    amounts += [item.rpartition("=")[2] for item in c.get("item", ())]
    wrong = (
        not ID.fullmatch(c["id"]),
        not all(map(is_amount, amounts)),
        name in SPOKEN and is_blank(c[SPOKEN[name]]),
        any(map(is_blank, texts)) or (name == "respond" and is_blank(c.get("message") or "x")),
        c.get("days") is not None and not 1 <= c["days"] <= 1_000_000,
        name in CONTRADICTIONS and CONTRADICTIONS[name](c),
    )
    if any(wrong):
        raise No(2)


def answers(c: Command) -> int:
    return sum(bool(c.get(key)) if key in ("accept", "reject") else c.get(key) is not None for key in ("accept", "reject", "refund", "promise"))


CONTRADICTIONS: dict[str, Callable[[Command], bool]] = {
    "order create": lambda c: "/" in c["id"] or (c.get("price") is None) == (not c.get("item")),
    "respond": lambda c: answers(c) != 1 or (c.get("return") is not None and c.get("refund") is None),
    "extend-protection": lambda c: bool(c.get("deny") and (c.get("grant") or c.get("days"))) or not (c.get("deny") or c.get("grant") or c.get("days")),
    "escalate": lambda c: bool(c.get("confirm") and c.get("no_thanks")),
    "add-evidence": lambda c: not c.get("files") and not c.get("link"),
}


def amount_of(c: Command, order: Order) -> int | None:
    """The refund that a form names, in minor units; None where it names none. `minor` is one that an edit keeps."""
    text = c.get("refund")
    if "minor" in c:
        return int(c["minor"])
    return None if text is None else order["total"] if text == "full" else minor(text, order["currency"])


def judge_form(o: Order, c: Command, now: int, figures: Figures, evidence: int) -> tuple[set[str], int | None, bool]:
    """The faults of a whole form, the refund it asks and whether goods go back. `evidence`: pieces of the buyer's that count besides what the form brings."""
    faults: set[str] = set()
    received, reason, amount, back = c.get("received"), figures["reasons"].get(c.get("reason") or ""), amount_of(c, o), c.get("return")
    whole = o["total"]
    if received is None:
        faults.add("D2")
    if "reason missing" in c:
        reason = None
    elif reason is None or (received is not None and reason["received"] != received):
        faults.add("D3")
    elif received is False and reason.get("after") == "deliver_by" and now < o["deliver_by"]:
        faults.add("D4")
    if received is False:
        faults |= {"D7"} if amount not in (None, whole) or back else set()
        amount = whole
    elif received:
        faults |= set() if "refund missing" in c else judge_demand(amount, back, whole, reason)
        brought = len(c.get("files", ())) + len(c.get("link", ())) + len(links(c.get("message")))
        needed = reason is None or not reason["received"] or reason["evidence"] == "required"
        faults |= {"D9"} if needed and not brought + evidence else set()
    if is_blank(c.get("message") or ""):
        faults.add("D8")
    return faults, amount, bool(received and amount == whole)


def judge_demand(amount: int | None, back: bool | None, whole: int, reason: Figures | None) -> set[str]:
    """What is wrong with the amount and the return wish for received goods."""
    if amount is None or not 0 < amount <= whole:
        return {"D5"}
    if reason and reason["received"] and reason["refund"] == "full" and amount < whole:
        return {"D3"}
    return {"D6"} if back is not None and back != (amount == whole) else set()
