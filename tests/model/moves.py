"""The model of what each command does to one order and which rules refuse it there; the gate of status and actor is in market.py."""

from collections.abc import Callable
from typing import NamedTuple

from .facts import Draw, acknowledge, agree, count, enclose, escalate, leave_dispute, move, say, settle
from .figures import DAY, Command, Figures, No, Order, minor
from .forms import amount_of, judge_form, links


class Scene(NamedTuple):
    """When a command is given, by whom, under which figures."""

    now: int
    by: str
    figures: Figures
    draw: Draw


Move = Callable[[Order, Command, Scene], list[str]]


def refuse_if(*found: tuple[bool, str]) -> None:
    rules = [rule for wrong, rule in found if wrong]
    if rules:
        raise No(5, *rules)


def refuse_faults(faults: set[str], c: Command) -> None:
    """All faults of one form together; 8 where they are of files alone (D10)."""
    files = {file["wrong"] for file in c.get("files", ()) if file["wrong"]}
    others = faults | ({"V3"} if any(not links(url) for url in c.get("link", ())) else set())
    if files or others:
        raise No(5 if others else 8, *files, *others)


def ship(o: Order, c: Command, s: Scene) -> list[str]:
    o |= {"shipped_at": s.now, "tracking": c["tracking"], "delivered_at": None}
    return ["shipped"]


def deliver(o: Order, c: Command, s: Scene) -> list[str]:
    refuse_if((o["delivered_at"] is not None, "E6"))
    o["delivered_at"] = s.now
    return ["delivered"]


def confirm(o: Order, c: Command, s: Scene) -> list[str]:
    return ["receipt_confirmed", *settle(o, 0, "confirmed", s.now, s.draw)]


def open_dispute(o: Order, c: Command, s: Scene) -> list[str]:
    faults, refund, back = judge_form(o, c, s.now, s.figures, 0)
    refuse_faults(faults, c)
    number = o["disputes"] = o["disputes"] + 1
    o["dispute"] = {"number": number, "opened_at": s.now, "received": c["received"], "reason": c["reason"], "refund": refund, "ret": back}
    o["dispute"] |= {"offer": None, "claim": None, "reopens": number - 1 or None}
    ask_seller(o, s)
    return ["dispute_opened", *enclose(o, s.by, c, c["message"], s.now)]


def ask_seller(o: Order, s: Scene) -> None:
    o["status"] = "awaiting_seller"
    count(o, "seller_response", s.now + s.figures["answering"]["seller_days"] * DAY)


def edit(o: Order, c: Command, s: Scene) -> list[str]:
    """The form anew, with what is kept filled in (N7)."""
    d = o["dispute"]
    given = {key: c[key] for key in ("received", "reason", "refund", "return", "message") if c.get(key) is not None}
    received = given.get("received", d["received"])
    missing = missing_parts(o, c, given, received)
    form = {"message": "kept", "reason": d["reason"], "received": received, **given}
    if received and "refund" not in given:
        form |= {"refund missing": True} if missing else {"minor": d["refund"]}
    if missing and "reason" not in given:
        form["reason missing"] = True
    evidence = sum(piece["by"] == "buyer" for piece in o["evidence"])
    faults, refund, back = judge_form(o, form, s.now, s.figures, evidence)
    if not missing and not faults:
        same = (received, form["reason"], refund, back) == (d["received"], d["reason"], d["refund"], d["ret"])
        faults |= {"N7"} if same and "message" not in given and not c.get("keep") else set()
    refuse_faults(faults | ({"N7"} if missing else set()), c)
    d |= {"received": received, "reason": form["reason"], "refund": refund, "ret": back, "offer": None}
    ask_seller(o, s)
    return ["dispute_edited", *(say(o, s.by, c["message"], s.now) if "message" in given else [])]


def missing_parts(o: Order, c: Command, given: Command, received: bool) -> bool:
    """Whether an answer to an offer leaves out what must be said anew."""
    must = ("reason", "refund", "return") if received else ("reason",)
    return o["status"] == "awaiting_buyer" and not c.get("keep") and any(key not in given for key in must)


def cancel(o: Order, c: Command, s: Scene) -> list[str]:
    if o["status"] != "escalated":
        return ["dispute_cancelled", *leave_dispute(o, s.now, s.draw)]
    claim = o["dispute"]["claim"]
    return ["claim_dropped", *settle(o, claim["amount"] if claim["conceded"] else 0, "concession" if claim["conceded"] else "dropped", s.now, s.draw)]


def respond(o: Order, c: Command, s: Scene) -> list[str]:
    """The seller's answer (N1), or a better one (N8); the whole without a return cannot be bettered, whatever is said."""
    refuse_if((not answer_left(o), "N8"))
    if c.get("accept"):
        refuse_if((offer_beats_demand(o), "N8"))
        said = say(o, s.by, c["message"], s.now) if c.get("message") else []
        return [*said, *accept_demand(o, s)]
    offer = {"refund": amount_of(c, o) or 0, "ret": bool(c.get("return")), "promise": c.get("promise"), "at": s.now}
    refuse_if((bool(offer["refund"] > o["total"] or (offer["ret"] and not (o["dispute"]["received"] and offer["refund"]))), "N1"))
    refuse_if((o["dispute"]["offer"] is not None and not betters(offer, o["dispute"]["offer"]), "N8"))
    o["dispute"]["offer"], o["status"] = offer, "awaiting_buyer"
    count(o, "buyer_response", s.now + s.figures["answering"]["buyer_days"] * DAY)
    return ["offer_made", *(say(o, s.by, c["message"], s.now) if c.get("message") else [])]


def betters(new: Order, old: Order) -> bool:
    worse = new["refund"] < old["refund"] or (new["ret"] and not old["ret"])
    promised = new["promise"] is not None and old["promise"] is None and old["refund"] == 0
    return not worse and (new["refund"] > old["refund"] or (old["ret"] and not new["ret"]) or promised)


def answer_left(o: Order) -> bool:
    """Whether the demand may still be accepted, or the standing offer bettered."""
    offer = o["dispute"]["offer"]
    return not offer_beats_demand(o) or offer["refund"] < o["total"] or bool(offer["ret"])


def offer_beats_demand(o: Order) -> bool:
    d, offer = o["dispute"], o["dispute"]["offer"]
    return offer is not None and (offer["refund"] > d["refund"] or (offer["refund"] == d["refund"] and d["ret"] and not offer["ret"]))


def accept(o: Order, c: Command, s: Scene) -> list[str]:
    if s.by == "seller":
        if o["status"] == "escalated":
            o["dispute"]["claim"]["conceded"] = True
            return ["claim_conceded"]
        refuse_if((offer_beats_demand(o), "N8"))
        return accept_demand(o, s)
    offer = o["dispute"]["offer"]
    if offer["promise"] is not None:
        return ["promise_accepted", "dispute_cancelled", *leave_dispute(o, s.now, s.draw)]
    return ["offer_accepted", *agree(o, offer["refund"], offer["ret"], "buyer_accepted", s.now, s.figures, s.draw)]


def accept_demand(o: Order, s: Scene) -> list[str]:
    d = o["dispute"]
    return ["demand_accepted", *agree(o, d["refund"], d["ret"], "seller_accepted", s.now, s.figures, s.draw)]


def extend(o: Order, c: Command, s: Scene) -> list[str]:
    days, request, most = c.get("days"), o["request"], s.figures["protection"]["extension_most_days"]
    refuse_if((bool(days and days > most), "X1"), (bool(c.get("deny") or (c.get("grant") and not days)) and not request, "X1"))
    if c.get("deny"):
        o["request"] = None
        return ["extension_denied"]
    if c.get("grant"):
        o["ends_at"] += (days or request["days"]) * DAY
        o["request"] = None
        return ["extension_granted"]
    refuse_if((request is not None, "X1"))
    o["request"] = {"days": days, "at": s.now}
    return ["extension_requested"]


def escalate_claim(o: Order, c: Command, s: Scene) -> list[str]:
    d = o["dispute"]
    stands = d["offer"]["refund"] if s.figures["escalation"]["claim_basis"] == "standing" and d["offer"] else d["refund"]
    return [] if c.get("no_thanks") else escalate(o, "buyer", stands, s.now, s.figures)


def add_evidence(o: Order, c: Command, s: Scene) -> list[str]:
    refuse_faults(set(), c)
    text = c.get("note") if c.get("link") else None
    return enclose(o, s.by, c, text, s.now, c.get("note"))


def message(o: Order, c: Command, s: Scene) -> list[str]:
    locked = o["status"] == "escalated" and s.by != "platform" and s.by not in o["dispute"]["claim"]["windows"]
    refuse_if((locked and bool(links(c["text"])), "V6"))
    return say(o, s.by, c["text"], s.now)


def send_return(o: Order, c: Command, s: Scene) -> list[str]:
    postage = None if c.get("postage") is None else minor(c["postage"], o["currency"])
    move(o, "buyer", "carrier", postage or 0)
    o["ret"] |= {"tracking": c["tracking"], "postage": postage, "sent_at": s.now}
    o["status"] = "return_shipped"
    count(o, "return_acknowledge", s.now + s.figures["returns"]["acknowledge_days"] * DAY)
    return ["return_sent"]


def acknowledge_return(o: Order, c: Command, s: Scene) -> list[str]:
    return acknowledge(o, s.now, s.draw)


def refuse_return(o: Order, c: Command, s: Scene) -> list[str]:
    told = ["return_refused", *escalate(o, "seller", o["ret"]["refund"], s.now, s.figures)]
    for party in ("buyer", "seller"):
        open_window(o, party, s.figures["returns"]["refused_evidence_days"], s.now)
    return [*told, "evidence_requested", "evidence_requested"]


def open_window(o: Order, party: str, days: int, now: int) -> None:
    """Open evidence to a party, never past the review's end (V6); refused where that lengthens nothing."""
    windows, end = o["dispute"]["claim"]["windows"], o["counter"][1]
    until = min(now + days * DAY, end)
    refuse_if((party in windows and until <= windows[party], "V6"))
    windows[party] = until


def request_evidence(o: Order, c: Command, s: Scene) -> list[str]:
    open_window(o, c["from"], c.get("days") or s.figures["escalation"]["evidence_days"], s.now)
    return ["evidence_requested"]


def rule(o: Order, c: Command, s: Scene) -> list[str]:
    refund, claim = amount_of(c, o) or 0, o["dispute"]["claim"]
    early = s.now < claim["escalated_at"] + s.figures["escalation"]["rule_from_days"] * DAY and not c.get("early")
    refuse_if((refund > o["total"] or (claim["conceded"] and refund < claim["amount"]) or early, "C6"))
    return ["ruled", *settle(o, refund, "ruling", s.now, s.draw)]


DOES: dict[str, Move] = {
    "order ship": ship, "order deliver": deliver, "order confirm": confirm, "open": open_dispute, "edit": edit, "cancel": cancel, "respond": respond, "accept": accept,
    "extend-protection": extend, "escalate": escalate_claim, "add-evidence": add_evidence, "message": message, "return send": send_return,
    "return acknowledge": acknowledge_return, "return refuse": refuse_return, "review request-evidence": request_evidence, "review rule": rule,
}  # fmt: skip
