"""The model of who may do what when: the rule that says no before a form is read (W1, W2 and the rules that name the case more closely), and consent."""

from .facts import OPEN
from .figures import Command, Figures, Order

OWNERS = {
    "order create": ("buyer",), "order ship": ("seller",), "order deliver": ("platform",), "order confirm": ("buyer",), "open": ("buyer",), "edit": ("buyer",),
    "cancel": ("buyer",), "respond": ("seller",), "accept": ("buyer", "seller"), "escalate": ("buyer",), "add-evidence": ("buyer", "seller"),
    "message": ("buyer", "seller", "platform"), "return send": ("buyer",), "return acknowledge": ("seller",), "return refuse": ("seller",),
    "review request-evidence": ("platform",), "review rule": ("platform",),
}  # fmt: skip
"""Who may give a command; the first gives it unless another is named."""
IN = {
    "open": ("protected",), "order confirm": ("protected",), "edit": ("awaiting_seller", "awaiting_buyer"), "respond": ("awaiting_seller", "awaiting_buyer"),
    "cancel": OPEN, "return send": ("awaiting_return",), "return acknowledge": ("return_shipped",), "return refuse": ("return_shipped",),
    "review request-evidence": ("escalated",), "review rule": ("escalated",), "add-evidence": OPEN,
}  # fmt: skip
"""The statuses in which a command may be given, where nothing else counts."""


def owners(c: Command) -> tuple[str, ...]:
    if c["command"] == "extend-protection":
        return ("seller",) if c.get("grant") or c.get("deny") else ("buyer",)
    return OWNERS[c["command"]]


def allowed(o: Order, name: str, by: str, figures: Figures) -> bool:
    """Whether the status allows the command to this actor, whatever it says."""
    status, claim = o["status"], o["dispute"] and o["dispute"]["claim"]
    match name:
        case "order ship" | "order deliver":
            return bool(status != "closed")
        case "message":
            return True
        case "extend-protection":
            return bool(o["guarded"])
        case "escalate":
            return bool(status == "awaiting_buyer") or (status == "awaiting_seller" and figures["escalation"]["opens"] == "opening")
        case "accept" if by == "buyer":
            return bool(status == "awaiting_buyer")
        case "accept":
            return status in ("awaiting_seller", "awaiting_buyer") or bool(status == "escalated" and claim["amount"] and not claim["conceded"])
        case "add-evidence" if status == "escalated":
            return by in claim["windows"]
    return status in IN[name]


def instead(o: Order, name: str, by: str) -> str:
    """The rule that is quoted for a command that the status does not allow (W2)."""
    status, cause, open_now = o["status"], o["cause"], o["status"] in OPEN
    if cause in ("ruling", "default_ruling") and name not in ("order ship", "order deliver", "add-evidence"):
        return "C8"
    match name:
        case "order ship" | "order deliver":
            return "E6"
        case "order confirm":
            return "E3"
        case "open":
            return {"cancelled": "N10", "dropped": "C5"}.get(cause, "D1")
        case "add-evidence":
            return "V6" if o["dispute"] and o["dispute"]["claim"] else "V5"
        case "extend-protection":
            return "X1" if open_now and status != "escalated" else "X2"
        case "cancel" | "edit" | "accept" | "respond" if not o["dispute"]:
            return "E5"
    return instead_of_escalating(name, status)


def instead_of_escalating(name: str, status: str) -> str:
    if status == "escalated" and name in ("edit", "respond"):
        return "C4"
    if status == "escalated" and name in ("escalate", "accept"):
        return "C5"
    return "C1" if (name, status) == ("escalate", "awaiting_seller") else "W2"


def consent(o: Order, c: Command, by: str) -> str | None:
    """The rule for which a yes is needed, seen before the command acts."""
    d = o["dispute"]
    match c["command"]:
        case "order confirm":
            return "E3"
        case "escalate":
            return None if c.get("confirm") or c.get("no_thanks") else "C2"
        case "cancel" if o["status"] == "escalated":
            return None if d["claim"]["conceded"] else "C5"
        case "cancel":
            return "N9" if not o["guarded"] or o["ret"] else None
        case "accept" if by == "buyer":
            offer = d["offer"]
            gives_up = offer["refund"] < d["refund"] or offer["promise"] is not None or (offer["ret"] and not d["ret"])
            if offer["promise"] is not None and not o["guarded"]:
                return "N6"
            return "N5" if gives_up else None
    return None
