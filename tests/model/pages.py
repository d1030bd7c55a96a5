"""The model's page of an order: ORDER as the JSON contract has it, with what is possible for whom and until when."""

from typing import Any

from .facts import PAYOUT
from .figures import DAY, Figures, Order, decimal, written
from .gates import OWNERS, allowed
from .moves import answer_left, offer_beats_demand
from .silence import dues, lapse

AMOUNTS = {"price", "delivery", "total", "refund", "release", "amount", "postage"}
INSTANTS = {"paid_at", "deliver_by", "shipped_at", "delivered_at", "ends_at", "at", "opened_at", "escalated_at", "until", "sent_at", "acknowledged_at"}
INSTANTS |= {"settled_at", "payout_at"}


def show(value: Any, currency: str, key: str = "") -> Any:
    """A value as JSON has it: amounts in decimals, instants written."""
    if isinstance(value, dict):
        return {("return" if name == "ret" else name): show(part, currency, name) for name, part in value.items()}
    if isinstance(value, list):
        return [show(part, currency, key) for part in value]
    if value is not None and key in AMOUNTS:
        return decimal(value, currency)
    return written(value) if key in INSTANTS else value


def page(o: Order, now: int, figures: Figures) -> dict[str, Any]:
    """ORDER, without its label and without what each deadline means."""
    currency = o["currency"]
    kept = {key: value for key, value in o.items() if key not in HIDDEN}
    shown: dict[str, Any] = show(kept, currency)
    shown["balances"] = {account: decimal(amount, currency) for account, amount in o["balances"].items()}
    shown["protection"] = {"ends_at": written(o["ends_at"]), "request": show(o["request"], currency)}
    shown["deadlines"] = [{"kind": due.kind, "at": written(due.at), "actor": due.actor} for due in dues(o)]
    shown["possible"] = possible(o, now, figures)
    if o["dispute"]:
        d = shown["dispute"]
        d["demand"] = {"refund": d.pop("refund"), "return": d.pop("return")}
    if o["dispute"] and o["dispute"]["claim"]:
        windows = sorted(o["dispute"]["claim"]["windows"].items())
        shown["dispute"]["claim"]["evidence_windows"] = [{"actor": actor, "until": written(until)} for actor, until in windows]
        del shown["dispute"]["claim"]["windows"]
    return shown


HIDDEN = {"balances", "guarded", "request", "ends_at", "counter", "disputes", "policy"}


def possible(o: Order, now: int, figures: Figures) -> list[list[str | None]]:
    """What each actor may do now with some payload, and when silence ends it."""
    after = [(due.at, met(o, now, due, figures)) for due in dues(o)]
    return sorted([actor, name, written(ends(after, row))] for row in rows(o, now, figures) for actor, name, _ in [row])


def ends(after: list[tuple[int, set[tuple[str, str, str]]]], row: tuple[str, str, str]) -> int | None:
    return min((at for at, rows_then in after if row not in rows_then), default=None)


def met(o: Order, now: int, due: Any, figures: Figures) -> set[tuple[str, str, str]]:
    """What is possible after this one deadline has passed in silence."""
    later = copied(o)
    lapse(later, due, figures, lambda _, at: at + PAYOUT * DAY)
    return rows(later, max(now, due.at), figures)


def copied(part: Any) -> Any:
    """A copy of plain dicts and lists, several times as quick as `deepcopy`."""
    if isinstance(part, dict):
        return {key: copied(value) for key, value in part.items()}
    return [*part] if isinstance(part, list) else part


def rows(o: Order, now: int, figures: Figures) -> set[tuple[str, str, str]]:
    """(actor, command, what it is there): a drop is not a cancel, a concession no acceptance, a window no open door."""
    owned = [(actor, name) for name, actors in OWNERS.items() for actor in actors if name != "order create"]
    owned += [("buyer", "extend-protection"), ("seller", "extend-protection")]
    return {(actor, name, sense(o, name)) for actor, name in owned if allowed(o, name, actor, figures) and fits(o, name, actor, now, figures)}


def sense(o: Order, name: str) -> str:
    claimed = name in ("cancel", "accept", "add-evidence") and o["status"] == "escalated"
    return "claim" if claimed else ""


def fits(o: Order, name: str, actor: str, now: int, figures: Figures) -> bool:
    """Whether some payload would do, the status allowing it."""
    d = o["dispute"]
    match name:
        case "order deliver":
            return o["delivered_at"] is None
        case "respond":
            return answer_left(o)
        case "accept" if actor == "seller" and o["status"] != "escalated":
            return not offer_beats_demand(o)
        case "extend-protection" if actor == "buyer":
            return o["request"] is None
        case "review request-evidence":
            windows = d["claim"]["windows"]
            return any(windows.get(party, 0) < o["counter"][1] for party in ("buyer", "seller"))
        case "review rule":
            return bool(now >= d["claim"]["escalated_at"] + figures["escalation"]["rule_from_days"] * DAY)
    return True
