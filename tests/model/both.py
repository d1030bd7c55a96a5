"""Product and model side by side: each is given the same, and everything that can be seen of them is compared. The only place that knows both."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.policy import as_data, from_data
from dispute_cli.core.refusal import ConsentNeeded, Refusal
from dispute_cli.core.words import Actor
from dispute_cli.keys import Enclosed, KeyConflict, Options
from dispute_cli.reading import NoSuchThing
from dispute_cli.service import Service
from dispute_cli.store import Head, Store

from .facts import PAYOUT
from .figures import DAY, Command, Figures, Order, instant, written
from .market import Market, Ticked, Verdict
from .play import told as said

START = 1_767_225_600
"""2026-01-01, in seconds."""
KINDS: dict[str, type[c.Command]] = {c.name_of(kind): kind for kind in c.Spoken.__args__}
FIELDS = {"return": "with_return", "as": "by", "from": "party"}


class Both:
    def __init__(self, store: Store, figures: Figures, shelf: dict[str, Figures]) -> None:
        self.store = store
        policies = {name: from_data(data) for name, data in shelf.items()}
        self.service = Service(store, lambda: datetime.now(UTC), policies.__getitem__)
        self.days: dict[str, int] = {}
        """The payout day of each order, once the product drew it: for ever the same (P1)."""
        self.market = Market(START, figures, shelf, self.draw)
        self.past: list[Market] = []
        """The market as it was at the end of each instant."""
        self.met: set[str] = set()
        """Statuses, event types and quoted rules."""

    def draw(self, o: Order, settled_at: int) -> int:
        return settled_at + self.days.get(o["id"], PAYOUT) * DAY

    # Commands

    def give(self, given: Command, *, dry_run: bool = False, **options: Any) -> Verdict:
        """Give a command to both and hold everything that is told to be the same."""
        seq, told = self.seq(), None
        try:
            told = self.service.execute(spoken(given), options_of(options, dry_run), enclosed(given))
            found = self.verdict(told)
        except (Malformed, NoSuchThing, ConsentNeeded, Refusal, KeyConflict) as no:
            found = refused(no)
            possible = getattr(no, "possible", None)
        judge = self.market.later() if dry_run else self.market
        meant = judge.give(given, **options)
        assert found == meant, differ(given | options, found, meant)
        assert self.seq() == seq + len(meant.events) * (not meant.replayed and not dry_run), "so many events were recorded"
        if told is not None:
            assert told.changed == (bool(meant.events) and not meant.replayed) and told.dry_run == dry_run
            for page in [told.order] if isinstance(told, a.Done) else told.orders:
                same_page(shown(page), judge.page(page.id), given)
                self.met.add(page.status)
        elif possible:
            rows = sorted([row.actor, row.command, iso(row.until)] for row in possible)
            assert rows in [judge.page(id)["possible"] for id in named(judge, given["id"])], (given, rows)
        if given["id"] in self.market.orders and (told is None or dry_run):
            self.look(given["id"])
        self.met |= {*meant.events, *meant.rules}
        return meant

    def seq(self) -> int:
        with self.store.read() as view:
            assert int(view.now.timestamp()) == self.market.now, "the clock"
            return view.seq

    def verdict(self, told: a.Done | a.DoneOnLines) -> Verdict:
        self.learn(told.events)
        return Verdict(0, set(), [event["type"] for event in told.events], {piece.code for piece in told.warnings}, told.replayed)

    def learn(self, events: tuple[dict[str, Any], ...]) -> None:
        """Take the drawn payout day, within the policy's bounds and the same whenever it is drawn."""
        for event in events:
            if event["type"] == "settled" and event["payout_at"]:
                o = self.market.orders[event["order"]]
                days, rest = divmod(instant(event["payout_at"]) - instant(event["at"]), DAY)
                figures = self.market.figures_of(o)["payout"]
                assert not rest and figures["least_days"] <= days <= figures["most_days"], "a payout day out of bounds"
                assert self.days.setdefault(o["id"], days) == days, "another payout day"

    # Time

    def tick(self, form: Command, *, dry_run: bool = False, key: str | None = None) -> Ticked:
        self.past.append(self.market.later())
        try:
            told = self.service.ask(q.Tick(**{**form, "until": form.get("until")}), Options(dry_run=dry_run, key=key))
            assert isinstance(told, a.Ticked)
            self.learn(told.events)
            events = [(event["order"], event["type"]) for event in told.events]
            found = Ticked(0, set(), seconds(told.from_), seconds(told.to), told.fired, events, told.replayed)
        except (Malformed, NoSuchThing, Refusal, KeyConflict) as no:
            told, found = None, Ticked(*refused(no)[:2])
        judge = self.market.later() if dry_run else self.market
        meant = judge.tick(form, key)
        assert found == meant, differ(form, found, meant)
        if told is not None:
            coming = [(id, due.kind, written(due.at), due.actor) for due, id in judge.upcoming()]
            assert (told.next and (told.next.order, told.next.kind, iso(told.next.at), told.next.actor)) == (coming[0] if coming else None)
        for id in self.market.orders:
            self.look(id)
        self.met |= {*(type for _, type in meant.events), *meant.rules}
        return meant

    # Looking

    def look(self, id: str) -> None:
        told = self.service.ask(q.Look(id=id))
        assert isinstance(told, a.Shown)
        same_page(shown(told.order), self.market.page(id), id)

    def look_at(self, id: str, at: int) -> None:
        """The past as it was, the future as silence would make it."""
        then = next((market for market in reversed([*self.past, self.market]) if market.now <= at), None)
        then = then.later() if then else None
        try:
            told = self.service.ask(q.Look(id=id, at=written(at)))
        except NoSuchThing:
            assert then is None or id not in then.orders
            return
        assert isinstance(told, a.Shown) and then is not None
        if told.order.settlement and told.order.settlement.payout_at:
            split = told.order.settlement
            self.days.setdefault(id, (told.order.settlement.payout_at - split.settled_at).days)
        then.pass_to(at)
        same_page(shown(told.order), then.page(id), (id, written(at)))

    def check_ledger(self) -> None:
        """The sum over all accounts is zero in each currency, and the escrows hold what the model says."""
        told = self.service.ask(q.Ledger())
        assert isinstance(told, a.LedgerTold)
        sums: dict[str, float] = {}
        for balance in told.balances:
            sums[balance.currency] = sums.get(balance.currency, 0) + int(balance.amount.replace(".", ""))
            assert not balance.account.startswith("escrow/") or not balance.amount.startswith("-")
        assert not any(sums.values()), sums


def named(market: Market, id: str) -> list[str]:
    return [id] if id in market.orders else [line["id"] for line in market.lines(id)]


def options_of(options: dict[str, Any], dry_run: bool) -> Options:
    return Options(consent=options.get("yes", True), strict=options.get("strict", False), key=options.get("key"), dry_run=dry_run)


def spoken(given: Command) -> Any:
    """The product's own struct; `Malformed` where it is none."""
    kind = KINDS[given["command"]]
    fields = {FIELDS.get(key, key): value for key, value in given.items() if key not in ("command", "files", "language")}
    if "as" in given:
        fields["by"] = Actor(given["as"])
    if given.get("files"):
        fields["file" if kind is c.AddEvidence else "evidence"] = tuple(file["name"] for file in given["files"])
    return kind(**fields)


def enclosed(given: Command) -> Enclosed:
    files = tuple(Attachment(file["name"], file["size"], file["data"], file["fault"]) for file in given.get("files", ()))
    return Enclosed(files, given.get("language"))


def refused(no: Exception) -> Verdict:
    match no:
        case Malformed():
            return Verdict(2)
        case NoSuchThing():
            return Verdict(3)
        case ConsentNeeded():
            return Verdict(4, {no.rule})
        case Refusal():
            return Verdict(8 if no.invalid_file else 5, {fault.rule for fault in no.faults})
    return Verdict(6)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def iso(at: datetime | None) -> str | None:
    return None if at is None else written(seconds(at))


def shown(page: a.Order) -> dict[str, Any]:
    """ORDER as JSON, without the sentences that are for people."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(page))
    del data["label"]
    for due in data["deadlines"]:
        del due["means"]
    data["possible"] = sorted([row["actor"], row["command"], row["until"]] for row in data["possible"])
    return data


def same_page(found: dict[str, Any], meant: dict[str, Any], given: object) -> None:
    amounts = [int(amount.replace(".", "")) for amount in found["balances"].values()]
    assert sum(amounts) == 0 and not found["balances"]["escrow"].startswith("-")
    wrong = {key: (found.get(key), meant.get(key)) for key in found.keys() | meant.keys() if found.get(key) != meant.get(key)}
    assert not wrong, f"after {said(given)}: product, then model: {wrong}"


def differ(given: object, found: object, meant: object) -> str:
    return f"{said(given)}\nproduct: {found}\nmodel:   {meant}"


def head(figures: Figures) -> Head:
    return Head(seed=0, start=datetime.fromtimestamp(START, UTC), clock="simulated", policy=as_data(from_data(figures)))
