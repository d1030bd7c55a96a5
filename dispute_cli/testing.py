"""Disputes in tests written in Python: a store in memory, its simulated clock, the actors' commands and what they are answered. Public; no rule stands here.

    from dispute_cli.testing import Store          # or the pytest fixture `dispute_store`: a Store() for each test

    def test_silence() -> None:
        store = Store(start="2026-01-01", seed=7)
        store.order("O-1", price="50.00", delivery="5.00")
        with store.refused("D4"):
            store.buyer.open("O-1", received=False, reason="delivery_overdue", message="Never came")
        store.tick("31d")
        store.buyer.open("O-1", received=False, reason="delivery_overdue", message="Never came")
        store.tick("5d")
        assert store.status("O-1").cause == "seller_silent"

Amounts are decimal strings in the order's currency ("50.00"), never floats. Times are given as in scenario files: "36d" from the start, "+5d" from now, or
an instant ("2026-01-31T12:00:00Z"). Answers are the structs of `dispute_cli.answers`, the very ones that `--json` prints (docs/json.md): their amounts are
decimal strings too, their instants `datetime` in UTC. `rule` is an id of the rule book (docs/rules.md, `dispute rules`).

What is not done raises, and then nothing has changed: `Refusal` (a rule says no: `.faults`, each with `.rule`, `.field`, `.message`), `ConsentNeeded`
(give `yes=True`), `NoSuchThing` (no such order), `KeyConflict` (the key was used for something else), `Malformed` (a value is not of its form: `.field`,
`.message`) and `InvalidFile` (a policy that cannot be read).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack

import msgspec

from . import answers, views
from . import questions as q
from .answers import Balances, Done, DoneOnLines, Order, Ticked
from .core import commands as c
from .core import instants
from .core.malformed import Malformed, guess, quote
from .core.policy import as_data
from .core.refusal import ConsentNeeded, Fault, Refusal, Refused
from .core.rules import BOOK
from .core.words import Actor
from .keys import KeyConflict, check_key
from .policies import DEFAULT, InvalidFile
from .reading import NoSuchThing
from .runs.lines import Request, malformed
from .runs.market import Market, policy_of
from .runs.scenario import times
from .runs.scenario.check import rules_of, sentence
from .runs.scenario.play import REFUSALS
from .runs.scenario.timeline import timeline
from .store import Head

__all__ = [
    "Balances", "Commands", "ConsentNeeded", "Done", "DoneOnLines", "Fault", "InvalidFile", "KeyConflict", "Malformed", "NoSuchThing", "Order",
    "Refusal", "Refused", "Refusing", "Store", "Ticked", "answers",
]  # fmt: skip


__tracebackhide__ = True
"""Pytest points at the line of the test that called, not at what is called here."""
T = TypeVar("T")


def told(ask: Callable[[], T]) -> T:
    """The answer; what is not done is raised from here: how the rules came to say no is nothing to a test."""
    try:
        return ask()
    except REFUSALS as refusal:
        raise refusal.with_traceback(None) from None


class Beside(TypedDict, total=False):
    """What any command may be given beside its own options."""

    yes: bool
    """Say yes to whatever the command asks consent for (`escalate` is confirmed by its own option)."""
    strict: bool
    """Advice refuses."""
    key: str
    """Idempotency key: given again with the same command, it is done once."""


class Store:
    """A store of its own in memory, on simulated time. The same calls give the same answers, to the second and the cent."""

    def __init__(self, start: str = "2026-01-01", seed: int = 0, policy: str = DEFAULT, files: Mapping[str, bytes] | None = None) -> None:
        """`start`: an instant or a date. `seed`: draws the days of payouts. `policy`: a shipped one by name, or the path of a TOML file.

        `files`: evidence and policies that are brought along, by the name that commands give; other names are paths, from the working folder.
        """
        self.files: dict[str, bytes] = dict(files or {})
        head = Head(seed=seed, start=instants.instant(start, "start"), clock="simulated", policy=as_data(policy_of(policy, self.files, ".")))
        self._market = Market(head, self.files, ".")
        self.buyer = Commands(self._market, Actor.BUYER)
        """What the buyer does."""
        self.seller = Commands(self._market, Actor.SELLER)
        self.platform = Commands(self._market, Actor.PLATFORM)

    @property
    def now(self) -> datetime:
        """Where the clock stands, in UTC."""
        return self._market.store.now

    # Orders

    def order(
        self, id: str, *, price: str, delivery: str = "0", currency: str = "USD", buyer: str = "buyer", seller: str = "seller",
        title: str | None = None, deliver_by: str | None = None, policy: str | None = None, **beside: Unpack[Beside],
    ) -> Done:  # fmt: skip
        """Pay for an order: price and delivery are in escrow from now on (E1). `deliver_by`: a time, by which it should be there."""
        options = {"price": price, "delivery": delivery, "currency": currency, "buyer": buyer, "seller": seller, "title": title, "policy": policy}
        return self.buyer._one(c.CreateOrder, id, beside, deliver_by=self._instant(deliver_by), **options)

    def purchase(
        self, id: str, items: Sequence[tuple[str, str]], *, delivery: str = "0", currency: str = "USD", buyer: str = "buyer",
        seller: str = "seller", deliver_by: str | None = None, policy: str | None = None, **beside: Unpack[Beside],
    ) -> DoneOnLines:  # fmt: skip
        """Pay for several things at once, each a title and a price: they become the orders `ID/1`, `ID/2` and so on (E1)."""
        item = [f"{title}={price}" for title, price in items]
        options = {"delivery": delivery, "currency": currency, "buyer": buyer, "seller": seller, "policy": policy}
        done = self.buyer._give(c.CreateOrder, id, beside, item=item, deliver_by=self._instant(deliver_by), **options)
        assert isinstance(done, DoneOnLines), "a purchase has lines"
        return done

    # Time

    def tick(
        self, duration: str | None = None, *, to: str | None = None, next: bool = False, before: bool = False, until_idle: bool = False,
        until: tuple[str, str] | None = None,
    ) -> Ticked:  # fmt: skip
        """Move the clock by one of: a duration ("31d", "1d12h"), `to` a time, to the `next` deadline (or one second `before` it), `until_idle`,
        `until` an order and the JMESPath that must hold of it. What falls due on the way happens (K2); the clock never goes back (K1).
        """
        move = q.Tick(duration=duration, to=self._instant(to), next=next, before=before, until_idle=until_idle, until=until)
        answer = told(lambda: self._market.tick(move))
        assert isinstance(answer, Ticked), "a tick is answered so"
        return answer

    # What is so

    def status(self, id: str, at: str | None = None) -> Order:
        """An order as it is now, or at a time: as it was, or as silence would make it. Of a purchase name a line (E1)."""
        instant = self._instant(at)
        return told(lambda: self._market.page(id, instant))

    def money(self, id: str) -> Balances:
        """What an order moved so far, for each party: after payment of 55.00 the buyer is at "-55.00", the escrow at "55.00"."""
        return self.status(id).balances

    def events(self, id: str | None = None, type: Sequence[str] = ()) -> tuple[dict[str, Any], ...]:
        """What is recorded, the oldest first: each an EVENT of docs/json.md. Of one order or purchase; of these types only."""
        answer = told(lambda: self._market.ask(q.Events(id=id, type=tuple(type))))
        assert isinstance(answer, answers.EventsTold), "events are answered so"
        return answer.events

    def timeline(self) -> str:
        """What happened so far, for people: days from the start, who, what. Pytest shows it when a test with `dispute_store` fails."""
        store = self._market.store
        return "\n".join(timeline(views.all_told(store.events()), store.head.start)) if store.seq else ""

    def keep(self, path: str) -> None:
        """Write a JSON store of the same facts to a new file, to be looked at with `dispute --store PATH`."""
        self._market.store.backup(path)

    def refused(self, rule: str) -> "Refusing":
        """`with store.refused("D4"): …`: the command inside must be refused by this rule (or need a consent by it), and nothing may change.

        Raises AssertionError otherwise; afterwards the refusal is in `.refusal` of what `with … as` gives.
        """
        if rule not in BOOK:
            raise Malformed("rule", f"there is no rule {quote(rule)}. {guess(rule, BOOK)}".strip())
        return Refusing(self._market, rule)

    def _instant(self, text: str | None) -> str | None:
        return None if text is None else instants.iso_instant(times.moment(text, self._market.store.head.start, self.now))


class Refusing:
    """What `Store.refused` gives."""

    refusal: Refused
    """What was raised; known after the block."""

    def __init__(self, market: Market, rule: str) -> None:
        self._market = market
        self._rule = rule

    def __enter__(self) -> Self:
        self._mark = self._market.mark()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            raise AssertionError(f"expected to be refused by {self._rule}, but it was done.")
        if not isinstance(error, Refused):
            return False
        if self._rule not in rules_of(error):
            raise AssertionError(f"expected to be refused by {self._rule}, but it was refused otherwise: {sentence(error)}") from error
        if self._market.mark() != self._mark:
            raise AssertionError(f"refused by {self._rule}, and yet something changed: give the refused command alone.") from error
        self.refusal = error
        return True


class Commands:
    """What one actor says. Every actor has every command: the rules say whose it is (W1) and when (W2).

    Each returns what is so now (`.order`), what it caused (`.events`) and what is worth knowing (`.warnings`: advice, each with its rule as `.code`).
    `ship`, `deliver`, `confirm` and `message` given the bare id of a purchase act on its lines, and answer `.orders`. Options are those of the
    command line with `_`, `return` and `from` excepted; evidence is named as in `Store.files`, or by path.
    """

    def __init__(self, market: Market, actor: Actor) -> None:
        self._market = market
        self._actor = actor

    # Facts of shipping

    def ship(self, id: str, *, tracking: str, **beside: Unpack[Beside]) -> Done | DoneOnLines:
        """The seller sent the parcel."""
        return self._give(c.Ship, id, beside, tracking=tracking)

    def deliver(self, id: str, **beside: Unpack[Beside]) -> Done | DoneOnLines:
        """The platform knows that it arrived."""
        return self._give(c.Deliver, id, beside)

    def confirm(self, id: str, **beside: Unpack[Beside]) -> Done | DoneOnLines:
        """The buyer has it, and gives up protection: needs consent (E3)."""
        return self._give(c.Confirm, id, beside)

    # The dispute

    def open(
        self, id: str, *, received: bool | None = None, reason: str | None = None, refund: str | None = None, with_return: bool | None = None,
        message: str | None = None, evidence: Sequence[str] = (), link: Sequence[str] = (), **beside: Unpack[Beside],
    ) -> Done:  # fmt: skip
        """The buyer opens a dispute (D1 to D10). `refund`: an amount, or "full"."""
        form = {"received": received, "reason": reason, "refund": refund, "return": with_return, "message": message}
        return self._one(c.OpenDispute, id, beside, evidence=evidence, link=link, **form)

    def edit(
        self, id: str, *, received: bool | None = None, reason: str | None = None, refund: str | None = None, with_return: bool | None = None,
        message: str | None = None, keep: bool = False, **beside: Unpack[Beside],
    ) -> Done:  # fmt: skip
        """The buyer changes the demand; answering an offer, what is not given stays only with `keep` (N7)."""
        form = {"received": received, "reason": reason, "refund": refund, "return": with_return, "message": message}
        return self._one(c.EditDispute, id, beside, keep=keep, **form)

    def cancel(self, id: str, **beside: Unpack[Beside]) -> Done:
        """The buyer gives the dispute up; where that gives away money too it needs consent (N9, C5)."""
        return self._one(c.Cancel, id, beside)

    def respond(
        self, id: str, *, accept: bool = False, refund: str | None = None, with_return: bool | None = None, reject: bool = False,
        promise: str | None = None, message: str | None = None, **beside: Unpack[Beside],
    ) -> Done:  # fmt: skip
        """The seller answers in one of the ways: accepts, offers an amount (with or without return), rejects, promises."""
        answer = {"accept": accept, "refund": refund, "return": with_return, "reject": reject, "promise": promise, "message": message}
        return self._one(c.Respond, id, beside, **answer)

    def accept(self, id: str, **beside: Unpack[Beside]) -> Done:
        """The buyer accepts the offer (less than demanded needs consent, N5); the seller accepts the demand, or concedes the claim (C4)."""
        return self._one(c.Accept, id, beside)

    def extend_protection(self, id: str, *, days: int | None = None, grant: bool = False, deny: bool = False, **beside: Unpack[Beside]) -> Done:
        """The buyer asks for days; the seller grants, of their own accord too, or denies (X1)."""
        return self._one(c.ExtendProtection, id, beside, days=days, grant=grant, deny=deny)

    def escalate(self, id: str, *, confirm: bool = False, no_thanks: bool = False, **beside: Unpack[Beside]) -> Done:
        """The buyer asks the platform to judge: in two steps, the second with `confirm` (C2)."""
        return self._one(c.Escalate, id, beside, confirm=confirm, no_thanks=no_thanks)

    # Evidence and correspondence

    def add_evidence(self, id: str, *file: str, link: Sequence[str] = (), note: str | None = None, **beside: Unpack[Beside]) -> Done:
        """A party adds pictures and links (V1 to V6)."""
        return self._one(c.AddEvidence, id, beside, file=file, link=link, note=note)

    def message(self, id: str, text: str, **beside: Unpack[Beside]) -> Done | DoneOnLines:
        """Anybody writes to the others."""
        return self._give(c.SendMessage, id, beside, text=text)

    # Returns

    def return_send(self, id: str, *, tracking: str, postage: str | None = None, **beside: Unpack[Beside]) -> Done:
        """The buyer sent the goods back. `postage`: an amount."""
        return self._one(c.SendReturn, id, beside, tracking=tracking, postage=postage)

    def return_acknowledge(self, id: str, **beside: Unpack[Beside]) -> Done:
        """The seller has the goods back."""
        return self._one(c.AcknowledgeReturn, id, beside)

    def return_refuse(self, id: str, *, reason: str, **beside: Unpack[Beside]) -> Done:
        """The seller does not take the return as it came: it becomes a claim."""
        return self._one(c.RefuseReturn, id, beside, reason=reason)

    # The platform's review

    def review_request_evidence(self, id: str, *, party: str, days: int | None = None, **beside: Unpack[Beside]) -> Done:
        """The platform asks "buyer" or "seller" for evidence, for some days."""
        return self._one(c.RequestEvidence, id, beside, days=days, **{"from": party})

    def review_rule(self, id: str, *, refund: str, reason: str, early: bool = False, **beside: Unpack[Beside]) -> Done:
        """The platform decides the claim. `refund`: an amount, or "full"."""
        return self._one(c.Rule, id, beside, refund=refund, reason=reason, early=early)

    def _one(self, kind: type[c.Command], id: str, beside: Beside, **options: Any) -> Done:
        """Give a command that is about one order."""
        done = self._give(kind, id, beside, **options)
        assert isinstance(done, Done), "one order is answered so"
        return done

    def _give(self, kind: type[c.Command], id: str, beside: Beside, **options: Any) -> Done | DoneOnLines:
        for name in sorted(beside.keys() - Beside.__annotations__.keys()):
            raise TypeError(f"`{c.name_of(kind)}` has no option {quote(name)}. {guess(name, (*options, *Beside.__annotations__))}".rstrip())
        given = {name: value for name, value in options.items() if value is not None}
        try:
            asked: Any = msgspec.convert({**given, "id": id, "as": str(self._actor), "command": c.name_of(kind)}, kind)
        except msgspec.ValidationError as error:
            raise malformed(error, kind) from None
        key = beside.get("key")
        request = Request(asked, None if key is None else check_key(key), beside.get("yes", False), beside.get("strict", False))
        return told(lambda: self._market.do(request))
