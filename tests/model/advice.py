"""The model of the advice that concerns a command (A1, A2, A5, A7, A8); codes alone."""

from .figures import DAY, Command, Figures, Order


def advise(before: Order, after: Order, c: Command, by: str, now: int, figures: Figures) -> set[str]:
    name, told = c["command"], set()
    if c.get("language") and name in ("open", "edit", "message"):
        told.add("A1")
    if name in ("open", "edit"):
        told |= of_form(after)
    if name == "cancel" or (name == "accept" and by == "buyer" and before["dispute"]["offer"]["promise"] is not None):
        told |= {"A5"} if is_short(before, now, figures) else set()
    if name == "escalate" and not c.get("confirm") and not c.get("no_thanks"):
        told.add("A7")
    return told


def of_form(o: Order) -> set[str]:
    told = {"A2"} if o["dispute"]["ret"] else set()
    if o["dispute"]["received"]:
        contradicts = o["shipped_at"] is None and o["delivered_at"] is None
    else:
        contradicts = o["delivered_at"] is not None
    return told | ({"A8"} if contradicts else set())


def is_short(o: Order, now: int, figures: Figures) -> bool:
    """Whether little protection is left, or a request waits (X3)."""
    return bool(o["guarded"]) and (o["ends_at"] - now < figures["protection"]["short_days"] * DAY or o["request"] is not None)
