"""What to do next, drawn: sensible moves, wild ones, ticks at the edges of deadlines. A die draws; Hypothesis or a seed throws it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tests.pictures import PNG, png

from .facts import OPEN
from .figures import Command, Order, changed, decimal, written
from .gates import OWNERS
from .market import UNTIL, Market
from .pages import possible

T = TypeVar("T")


class Dice:
    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, count: int, of: int = 10) -> bool:
        """True so many times of ten. The simplest throws are False, and must mean what is sensible: Hypothesis likes zeros."""
        return self.below(of) >= of - count


def sample(name: str, data: bytes, wrong: str | None = None, size: int | None = None, fault: str | None = None) -> dict[str, Any]:
    told = {"hash": hashlib.sha256(data).hexdigest(), "name": name.rpartition("/")[2], "type": "png", "size": len(data)}
    return {"name": name, "data": data, "wrong": wrong, "size": len(data) if size is None else size, "fault": fault, "told": told}


FILES = [
    sample("photo.png", PNG), sample("folder/other.PNG", png(1)), sample("again.png", PNG), sample("trailing.png", PNG + b"more"),
    sample("bill.pdf", b"%PDF-1.7", "V1"), sample("empty.png", b"", "V1"), sample("mislabelled.jpg", PNG, "V1"), sample("cut.png", PNG[:-3], "V1"),
    sample("large.png", PNG, "V2", 2_097_153), sample("missing.png", b"", "V1", fault="no such file"),
]  # fmt: skip
"""Files and which rule refuses each."""
GOOD_FILES = 4
MOST_ORDERS = 9
NAMES = ("O-1", "O-2", "P", "Q", "R", "zz", "a.b", "_")
SHELF = {
    "brisk": changed(
        protection={"days": 12, "extension_most_days": 5, "short_days": 3}, delivery={"promised_days": 2}, answering={"seller_days": 2, "buyer_days": 3},
        escalation={"opens": "opening", "claim_basis": "standing", "rule_from_days": 1, "review_days": 4, "no_ruling": "buyer", "evidence_days": 2},
        returns={"send_days": 2, "acknowledge_days": 4, "refused_evidence_days": 9}, payout={"least_days": 1, "most_days": 3},
    ),
    "harsh": changed(escalation={"no_ruling": "seller", "claim_basis": "standing"}, returns={"refused_evidence_days": 90}),
}  # fmt: skip
"""Other policies, with other figures and other choices."""
LINK = "https://example.com/a"
TEXTS = ("It is broken", "Look", f"See {LINK}", "See https://example.com/b.")
LINKS = (LINK, "https://example.com/c", "ftp://example.com/d")
BLANKS = (" ", "\u00a0\u200b")
MALFORMED = ("1e3", "-1", "", "1,00", "0.0001", "1234567890123456", "٣")
DURATIONS = ("0s", "1s", "1h", "1d", "1d", "1d", "2d", "2d", "3d", "5d", "10d", "30d", "1y")


def amounts(o: Order) -> list[str]:
    """Amounts that matter to this order, and those one unit beside them."""
    d = o["dispute"] or {}
    marks = [d.get("refund", o["total"] // 2), (d.get("offer") or {}).get("refund", 1), (d.get("claim") or {}).get("amount", 1), o["total"], 1, 0]
    near = dict.fromkeys(mark + step for mark in marks for step in (0, 1, -1) if mark + step >= 0)
    return [decimal(amount, o["currency"]) for amount in near]


def amount(dice: Dice, o: Order) -> str:
    if dice.chance(1, 40):
        return dice.pick(MALFORMED)
    return ("0" if dice.chance(1, 20) else "") + dice.pick(amounts(o))


def say(dice: Dice, texts: Sequence[str] = TEXTS) -> str:
    return dice.pick(BLANKS) if dice.chance(1, 30) else dice.pick(texts)


def files(dice: Dice) -> tuple[dict[str, Any], ...]:
    if not dice.chance(3):
        return (FILES[dice.below(GOOD_FILES)],)
    return (dice.pick(FILES), FILES[0]) if dice.chance(3) else (dice.pick(FILES),) if dice.chance(5) else ()


def some_links(dice: Dice) -> tuple[str, ...]:
    return (dice.pick(LINKS),) if dice.chance(2) else ()


def form(dice: Dice, o: Order, market: Market) -> Command:
    """A dispute form: mostly one that fits, now and then any."""
    reasons = market.figures_of(o)["reasons"]
    if dice.chance(1):
        c: Command = {"received": dice.pick((None, True, False)), "reason": dice.pick((*reasons, None, "nonsense"))}
        c["refund"] = dice.pick((None, "full", amount(dice, o)))
        return c | {"return": dice.pick((None, True, False)), "message": dice.pick((None, *TEXTS, " "))}
    received = not dice.chance(4)
    fitting = [name for name, reason in reasons.items() if reason["received"] == received]
    c = {"received": received, "reason": dice.pick(fitting), "message": say(dice)}
    return c | ({"refund": "full" if dice.chance(4) else amount(dice, o)} if received or dice.chance(1) else {})


def edited(dice: Dice, o: Order, market: Market) -> Command:
    c = form(dice, o, market)
    if not dice.chance(3):
        # What an answer to an offer must say.
        c["return"] = c.get("refund") in ("full", decimal(o["total"], o["currency"]))
    gone = [key for key in c if dice.chance(3)] if dice.chance(5) else []
    return {key: value for key, value in c.items() if key not in gone} | ({"keep": True} if dice.chance(3) else {})


def answer(dice: Dice, o: Order, market: Market) -> Command:
    c: Command = dice.pick(({"accept": True}, {"reject": True}, {"promise": say(dice)}, {"refund": amount(dice, o)}, {"refund": "full" if dice.chance(1) else amount(dice, o)}))
    c = c | ({"return": True} if dice.chance(3) else {}) | ({"message": say(dice)} if dice.chance(3) else {})
    return c | ({"reject": True} if dice.chance(1, 30) else {})


def days(dice: Dice) -> int:
    return dice.pick((1, 2, 3, 7, 20, 120, 121, 0, 59, 60, 61, 400))


def extension(dice: Dice, o: Order, market: Market) -> Command:
    answers: list[Command] = [{"grant": True}, {"grant": True, "days": days(dice)}, {"deny": True}]
    return dice.pick((*answers, {"deny": True, "grant": True}, {}) if o["request"] else ({"days": days(dice)}, {"days": days(dice)}, *answers))


def added(dice: Dice, o: Order, market: Market) -> Command:
    return {"files": files(dice), "link": some_links(dice)} | ({"note": say(dice)} if dice.chance(4) else {})


def asked(dice: Dice, o: Order, market: Market) -> Command:
    return {"from": dice.pick(("buyer", "seller"))} | ({"days": days(dice)} if dice.chance(5) else {})


def ruled(dice: Dice, o: Order, market: Market) -> Command:
    refund = "full" if dice.chance(2) else amount(dice, o)
    return {"refund": refund, "reason": say(dice)} | ({"early": True} if dice.chance(4) else {})


def sent(dice: Dice, o: Order, market: Market) -> Command:
    return {"tracking": say(dice, ("R1", "R2"))} | ({"postage": amount(dice, o)} if dice.chance(5) else {})


def opened(dice: Dice, o: Order, market: Market) -> Command:
    return form(dice, o, market) | {"files": files(dice), "link": some_links(dice)}


PAYLOADS: dict[str, Callable[[Dice, Order, Market], Command]] = {
    "open": opened, "edit": edited, "respond": answer, "extend-protection": extension, "add-evidence": added,
    "escalate": lambda dice, o, market: dice.pick(({"confirm": True}, {}, {"no_thanks": True}, {"confirm": True, "no_thanks": True})),
    "message": lambda dice, o, market: {"text": say(dice)}, "order ship": lambda dice, o, market: {"tracking": say(dice, ("T1", "T2"))},
    "return send": sent, "return refuse": lambda dice, o, market: {"reason": say(dice)}, "review request-evidence": asked, "review rule": ruled,
}  # fmt: skip


def command_or_purchase(dice: Dice, market: Market) -> Command:
    """An order to pay where too few are running, else a command on one."""
    running = sum(o["status"] != "closed" for o in market.orders.values())
    wanted = not running or dice.chance(1 if running < 3 else 0, 12)
    return purchase(dice, market) if wanted and (not market.orders or len(market.orders) < MOST_ORDERS) else command(dice, market)


def options(dice: Dice) -> dict[str, Any]:
    """How a command is given: mostly with consent, now and then strict or with a key."""
    chosen: dict[str, Any] = {"yes": not dice.chance(2), "strict": dice.chance(1)}
    return chosen | ({"key": dice.pick(("a", "b", "c"))} if dice.chance(1) else {})


def command(dice: Dice, market: Market) -> Command:
    """The next command on an order that is there: mostly one that is possible, by whom it is possible for."""
    id = lively(dice, market)
    o = market.orders[id]
    if not dice.chance(2):
        by, name = sensible(dice, possible(o, market.now, market.figures_of(o)) + EARLY.get(o["status"], []))
    else:
        by, name = dice.pick((None, "buyer", "seller", "platform", "clock")), dice.pick((*tuple(OWNERS)[1:], "extend-protection"))
        id = dice.pick((id, id.partition("/")[0], "unknown", "a/b")) if dice.chance(3) else id
    payload = PAYLOADS[name](dice, o, market) if name in PAYLOADS else {}
    c = {"command": name, "id": id, **payload}
    # Mostly unsaid where it goes without saying; who extends follows from what is said.
    unsaid = (name == "extend-protection" and not dice.chance(2)) or (OWNERS.get(name, ("",))[0] == by and dice.chance(5))
    return c | ({} if by is None or unsaid else {"as": by}) | ({"language": "de"} if dice.chance(1) else {})


def lively(dice: Dice, market: Market) -> str:
    """An order; mostly one with a dispute, seldom one that is closed."""
    running = [id for id, o in sorted(market.orders.items()) if o["status"] != "closed"]
    disputed = [id for id in running if market.orders[id]["status"] in OPEN]
    return dice.pick(([] if dice.chance(3) else disputed) or ([] if dice.chance(1) else running) or sorted(market.orders))


def sensible(dice: Dice, rows: list[Any]) -> tuple[str | None, str]:
    """Who does what: what moves the order is tried more often than what is always possible, and what ends it at once least."""
    moving = [row for row in rows if row[1] not in IDLE]
    going = [row for row in moving if row[1] not in ENDING]
    idle = [row for row in rows if row[1] in IDLE[1:]]
    chosen = dice.pick(idle or rows) if dice.chance(2) else dice.pick((moving if dice.chance(4) else going) or rows)
    return chosen[0], chosen[1]


EARLY: dict[str, list[Any]] = {"escalated": [["platform", "review rule", None]], "awaiting_seller": [["buyer", "escalate", None]], "awaiting_buyer": [["seller", "respond", None]] * 2}
"""What comes later in a status and is worth trying too soon, or is worth trying more often."""
IDLE = ("message", "order ship", "order deliver", "extend-protection", "add-evidence")
"""Possible nearly always."""
ENDING = ("order confirm", "cancel", "accept")


def name(dice: Dice, market: Market) -> str:
    """Mostly an id that is free."""
    free = [id for id in NAMES if id not in market.orders and not market.lines(id)]
    return dice.pick(NAMES if not free or dice.chance(1) else free)


def purchase(dice: Dice, market: Market) -> Command:
    """An order or a purchase to pay."""
    currency = dice.pick(("USD", "USD", "JPY", "KWD"))
    prices = [decimal(dice.pick((5000, 3333, 100, 0 if dice.chance(1) else 1)), currency) for _ in range(1 + dice.below(3))]
    c: Command = {"command": "order create", "id": name(dice, market), "currency": currency, "delivery": decimal(dice.pick((500, 0, 1, 101)), currency)}
    c |= {"price": prices[0]} if len(prices) == 1 and not dice.chance(3) else {"item": tuple(f"Cup={price}" for price in prices)}
    if dice.chance(2):
        c["deliver_by"] = written(market.now + dice.pick((0, 1, -1, 86_400, 60 * 86_400, 60 * 86_400 - 1)))
    return c | ({"policy": dice.pick(sorted(market.shelf))} if dice.chance(2) else {}) | ({"as": "seller"} if dice.chance(1, 20) else {})


def tick(dice: Dice, market: Market) -> Command:
    """A way to move the clock; often to the edge of a deadline."""
    upcoming = market.upcoming()
    if upcoming and dice.chance(4):
        return {"to": written(upcoming[0][0].at + dice.pick((-1, 0, 1)))}
    if dice.chance(1):
        return dice.pick(({"until_idle": True}, {"until": (dice.pick((*market.orders, "unknown")), dice.pick(tuple(UNTIL)))}))
    forms: list[Command] = [{"duration": dice.pick(DURATIONS)}] * 4 + [{"next": True}, {"next": True, "before": True}]
    return dice.pick([*forms, {"to": written(market.now + dice.pick((-1, 0, 86_400)))}, {"duration": "1d", "next": True}])


def respelled(dice: Dice, given: Command) -> Command:
    """The same command in other words, or nearly the same."""
    if dice.chance(2):
        return {**given, "id": dice.pick(NAMES)}
    again = {key: f"0{value}" if key in ("refund", "price") and value[:1].isdigit() else value for key, value in given.items() if value is not None}
    return again | ({"as": OWNERS[given["command"]][0]} if given["command"] in OWNERS and "as" not in given else {})


def told(what: Any) -> Any:
    """A step as it is told: files by their names."""
    if isinstance(what, dict):
        return {key: [file["name"] for file in value] if key == "files" else value for key, value in what.items()}
    return tuple(map(told, what)) if isinstance(what, tuple) else what
