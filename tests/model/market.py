"""A second, naive model of the whole marketplace, written from the rule book: plain dicts and ints, no speed, no sharing with the product."""

from typing import Any, NamedTuple, cast

from .advice import advise
from .figures import DAY, DECIMALS, Command, Figures, No, Order, instant, minor, share
from .forms import check_usage
from .gates import allowed, consent, instead, owners
from .moves import DOES, Scene
from .pages import copied, page
from .silence import KINDS, Due, dues, lapse

ON_ALL_LINES = ("order ship", "order deliver", "order confirm", "message")


class Verdict(NamedTuple):
    """What the model says of a command: the exit code, the rules quoted, and the types of the events."""

    exit: int
    rules: set[str] = set()
    events: list[str] = []
    warnings: set[str] = set()
    replayed: bool = False


class Ticked(NamedTuple):
    """What the model says of a tick: (order, type) of each event."""

    exit: int
    rules: set[str] = set()
    began: int = 0
    now: int = 0
    fired: int = 0
    events: list[tuple[str, str]] = []
    replayed: bool = False


UNTIL: dict[str, Any] = {
    "status == 'closed'": lambda page: page["status"] == "closed",
    "settlement": lambda page: page["settlement"] is not None,
    "possible[?command=='review rule']": lambda page: any(row[1] == "review rule" for row in page["possible"]),
    "protection.request.days > `3`": lambda page: page["protection"]["request"] is not None and page["protection"]["request"]["days"] > 3,
    "status == 'never'": lambda page: False,
}
"""Conditions as JMESPath has them, and as the model does."""


class Market:
    def __init__(self, start: int, figures: Figures, shelf: dict[str, Figures], draw: Any) -> None:
        self.now = start
        self.figures, self.shelf, self.draw = figures, shelf, draw
        self.orders: dict[str, Order] = {}
        self.keys: dict[str, tuple[object, Any]] = {}
        """What was recorded under each idempotency key: the command's mark, and what was told."""

    # Commands

    def give(self, c: Command, *, yes: bool = True, strict: bool = False, key: str | None = None) -> Verdict:
        """Judge a command and, where nothing says no, let it happen."""
        try:
            check_usage(c)
            if key in self.keys:
                return cast(Verdict, self.replay(identity(c), key)._replace(warnings=set()))
            changes, events, warnings, asks = self.decide(c)
            if strict and warnings:
                raise No(5, *warnings)
            if asks and not (yes and c["command"] != "escalate"):
                raise No(4, asks[0])
        except No as no:
            return Verdict(no.exit, no.rules)
        verdict = Verdict(0, events=events, warnings=warnings)
        if events:
            self.orders |= changes
            self.remember(key, identity(c), verdict)
        return verdict

    def decide(self, c: Command) -> tuple[dict[str, Order], list[str], set[str], list[str]]:
        """The changed orders, the events, the advice, and the rules that ask for a yes."""
        if c["command"] == "order create":
            made = self.create(c)
            return made, ["order_created"] * len(made), set(), []
        changes, events, warnings, asks = {}, [], set(), []
        lines = self.addressed(c)
        by = actor(c)
        for amount in (c.get("refund"), c.get("postage")):
            minor(amount if amount not in (None, "full") else "0", lines[0]["currency"])
        if by not in owners(c):
            raise No(5, "W1")
        for before in lines:
            figures = self.figures_of(before)
            if not allowed(before, c["command"], by, figures):
                raise No(5, instead(before, c["command"], by))
            after = copied(before)
            asked = consent(before, c, by)
            events += DOES[c["command"]](after, c, Scene(self.now, by, figures, self.draw))
            changes[before["id"]] = after
            warnings |= advise(before, after, c, by, self.now, figures)
            asks += [asked] if asked else []
        return changes, events, warnings, asks

    def addressed(self, c: Command) -> list[Order]:
        """The order, or the lines that a purchase's bare id means (E1)."""
        if c["id"] in self.orders:
            return [self.orders[c["id"]]]
        lines = self.lines(c["id"])
        if not lines:
            raise No(3)
        if c["command"] not in ON_ALL_LINES:
            raise No(5, "E1")
        running = [line for line in lines if line["status"] != "closed"]
        return lines if c["command"] == "message" else running or lines

    def lines(self, id: str) -> list[Order]:
        found = [order for name, order in self.orders.items() if name.rpartition("/")[0] == id]
        return sorted(found, key=lambda order: int(order["id"].rpartition("/")[2]))

    def figures_of(self, o: Order) -> Figures:
        return self.shelf[o["policy"]] if o["policy"] else self.figures

    def create(self, c: Command) -> dict[str, Order]:
        """A paid order, or a purchase's lines with the delivery shared between them (E1, E2)."""
        currency = c.get("currency", "USD")
        if currency not in DECIMALS:
            raise No(2)
        items = [item.rpartition("=") for item in c.get("item", ())] or [(c.get("title"), "", c["price"])]
        prices, delivery = [minor(price, currency) for _, _, price in items], minor(c.get("delivery", "0"), currency)
        figures = self.shelf[c["policy"]] if c.get("policy") else self.figures
        ends = self.now + figures["protection"]["days"] * DAY
        by = instant(c["deliver_by"]) if c.get("deliver_by") else self.now + figures["delivery"]["promised_days"] * DAY
        if actor(c) != "buyer":
            raise No(5, "W1")
        wrong = {"E1"} if c["id"] in self.orders or self.lines(c["id"]) else set()
        wrong |= {"E7"} if not all(prices) else set()
        wrong |= {"E6"} if not self.now <= by < ends else set()
        if wrong:
            raise No(5, *wrong)
        made = {}
        for number, ((title, _, _), price, part) in enumerate(zip(items, prices, share(delivery, prices), strict=True), 1):
            id = f"{c['id']}/{number}" if c.get("item") else c["id"]
            common = {"id": id, "buyer": c.get("buyer", "buyer"), "seller": c.get("seller", "seller"), "title": title, "currency": currency}
            made[id] = common | paid(price, part, self.now, by, ends) | {"policy": c.get("policy")}
        return made

    # Keys

    def remember(self, key: str | None, mark: object, told: object) -> None:
        if key is not None:
            self.keys[key] = (mark, told)

    def replay(self, mark: object, key: str | None) -> Any:
        """What was told the first time; 6 where the key belongs to something else."""
        known, told = self.keys[key or ""]
        if mark != known:
            raise No(6)
        return told._replace(replayed=True)

    # Time

    def upcoming(self) -> list[tuple[Due, str]]:
        """Every order's deadlines in the order in which they fire (K2)."""
        found = [(due, id) for id, o in self.orders.items() for due in dues(o)]
        return sorted(found, key=lambda pair: (pair[0].at, pair[1], KINDS.index(pair[0].kind), pair[0].actor))

    def pass_to(self, target: int) -> tuple[int, list[tuple[str, str]]]:
        """Let time pass; return how many deadlines fired and (order, type) of each event."""
        fired, events = 0, []
        while (found := self.upcoming()) and found[0][0].at <= target:
            due, id = found[0]
            events += [(id, type) for type in lapse(self.orders[id], due, self.figures_of(self.orders[id]), self.draw)]
            fired += 1
        self.now = target
        return fired, events

    def tick(self, form: Command, key: str | None = None) -> "Ticked":
        """Move the clock by one of its forms (K1, K4); with a key it is done once."""
        began = self.now
        try:
            mark = moved(form)
            if key in self.keys:
                return cast(Ticked, self.replay(mark, key))
            target = self.target(form)
        except No as no:
            return Ticked(no.exit, no.rules)
        fired, events = self.pass_to(target) if target is not None else self.pass_to_the_end()
        told = Ticked(0, began=began, now=self.now, fired=fired, events=events)
        self.remember(key, mark, told)
        return told

    def pass_to_the_end(self) -> tuple[int, list[tuple[str, str]]]:
        fired, events = 0, list[tuple[str, str]]()
        while found := self.upcoming():
            more, told = self.pass_to(found[0][0].at)
            fired, events = fired + more, events + told
        return fired, events

    def target(self, form: Command) -> int | None:
        """The instant that a tick goes to; None for as long as anything is due."""
        if "duration" in form:
            return self.now + seconds(form["duration"])
        if "to" in form:
            return self.not_back(instant(form["to"]))
        if "next" in form:
            found = self.upcoming()
            return max(self.now, found[0][0].at - ("before" in form)) if found else self.now
        return self.first(*form["until"]) if "until" in form else None

    def not_back(self, at: int) -> int:
        if at < self.now:
            raise No(5, "K1")
        return at

    def first(self, id: str, holds: str) -> int:
        """The first instant at which something is true of an order; K4 where it never is."""
        if id not in self.orders:
            raise No(3)
        then = self.later()
        while not UNTIL[holds](then.page(id)):
            coming = [due.at for due, _ in then.upcoming()] + then.ruling_days(id)
            if not coming:
                raise No(5, "K4")
            then.pass_to(min(coming))
        return then.now

    def ruling_days(self, id: str) -> list[int]:
        """The day from which the platform may rule: what is possible changes there without a deadline."""
        o = self.orders[id]
        if o["status"] != "escalated":
            return []
        day = o["dispute"]["claim"]["escalated_at"] + self.figures_of(o)["escalation"]["rule_from_days"] * DAY
        return [day] if day > self.now else []

    def page(self, id: str) -> dict[str, Any]:
        return page(self.orders[id], self.now, self.figures_of(self.orders[id]))

    def later(self) -> "Market":
        """The same market, to be taken into a future of its own."""
        other = Market(self.now, self.figures, self.shelf, self.draw)
        other.orders, other.keys = copied(self.orders), dict(self.keys)
        return other


def actor(c: Command) -> str:
    return str(c.get("as") or owners(c)[0])


def identity(c: Command) -> object:
    """What makes a command the same command: who says what, amounts by value, files by content."""
    kept = {key: value for key, value in c.items() if key not in ("as", "files", "language") and value not in (None, False, ())}
    for key in ("price", "delivery", "refund", "postage"):
        if kept.get(key) not in (None, "full"):
            kept[key] = trimmed(kept[key])
    kept.setdefault("delivery", "0") if c["command"] == "order create" else None
    files = tuple(file["told"]["hash"] for file in c.get("files", ()))
    return {**kept, "as": actor(c), "file": files, "evidence": files}


def moved(form: Command) -> object:
    """What makes a tick the same tick; usage where it is ill formed."""
    if len(form) - ("before" in form) != 1 or ("before" in form and "next" not in form):
        raise No(2)
    by_value = {"duration": seconds, "to": instant}
    return {key: by_value[key](value) if key in by_value else value for key, value in form.items()}


def seconds(duration: str) -> int:
    """A duration in one unit: `30d`."""
    if duration[-1] not in "dhms" or not duration[:-1].isdigit():
        raise No(2)
    return int(duration[:-1]) * {"d": DAY, "h": 3600, "m": 60, "s": 1}[duration[-1]]


def trimmed(amount: str) -> str:
    whole, _, part = amount.partition(".")
    return f"{whole.lstrip('0')}.{part.rstrip('0')}"


def paid(price: int, delivery: int, now: int, by: int, ends: int) -> Order:
    total = price + delivery
    order = dict.fromkeys(("shipped_at", "delivered_at", "tracking", "request", "dispute", "counter", "return", "settlement", "outcome", "cause"))
    del order["return"]
    return order | {
        "status": "protected", "price": price, "delivery": delivery, "total": total, "paid_at": now, "deliver_by": by, "ends_at": ends, "guarded": True,
        "disputes": 0, "ret": None, "evidence": [], "messages": [], "balances": {"buyer": -total, "escrow": total, "seller": 0, "carrier": 0},
    }  # fmt: skip
