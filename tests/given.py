"""How the rules are told in tests: a story of one order, played through the core alone, from payment on. Days and instants count from payment.

    story = Story()                                   # 50.00 + 5.00 delivery, paid on day 0
    story.day(31).buyer(OpenDispute, received=False, reason="delivery_overdue", message="Never came")
    story.refused("D1", OpenDispute, received=False, …)
    story.day(36)                                     # silence until then
    assert story.order.cause == "seller_silent"
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli.core import commands as c
from dispute_cli.core import money
from dispute_cli.core.advice import on_command, on_page
from dispute_cli.core.deadlines import deadlines, soonest
from dispute_cli.core.decide import consent_needed, create, decide
from dispute_cli.core.events import Event
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.evolve import evolve, replay
from dispute_cli.core.ledger import all_postings, balances
from dispute_cli.core.lifecycle import possible
from dispute_cli.core.moment import Moment
from dispute_cli.core.order import Claim, Demand, Dispute, Offer, Order, Return, Settlement
from dispute_cli.core.policy import Policy, as_data, from_data
from dispute_cli.core.refusal import ConsentNeeded, Refusal
from dispute_cli.core.words import Actor, Kind
from dispute_cli.policies import load
from tests.pictures import PNG

START = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = load("aliexpress")
PHOTO = Attachment(name="photo.png", size=len(PNG), data=PNG, fault=None)

NOT_RECEIVED: dict[str, Any] = {"received": False, "reason": "delivery_overdue", "message": "Never came"}
DEFECTIVE: dict[str, Any] = {"received": True, "reason": "defective", "refund": "20.00", "message": "It is broken"}
WHOLE: dict[str, Any] = {"received": True, "reason": "defective", "refund": "full", "message": "It is broken"}


def rule(*ids: str) -> pytest.MarkDecorator:
    """Name the rules that a test proves."""
    return pytest.mark.rule(*ids)


def policy_with(**chapters: dict[str, Any]) -> Policy:
    """The default policy with other figures: `policy_with(escalation={"opens": "opening"})`."""
    data = as_data(POLICY)
    for chapter, figures in chapters.items():
        data[chapter] |= figures
    return from_data(data)


def day(number: float, seconds: int = 0) -> datetime:
    """The instant so many days after payment, and so many seconds."""
    return START + timedelta(days=number, seconds=seconds)


class Story:
    """One order and what happens to it."""

    def __init__(self, *, id: str = "O-1", price: str = "50.00", delivery: str = "5.00", policy: Policy = POLICY, seed: int = 0, **more: Any) -> None:
        self.policy, self.seed, self.now = policy, seed, START
        paid = create(c.CreateOrder(id=id, price=price, delivery=delivery, **more), False, self.moment())
        self.events: list[Event] = [replace(event, seq=seq) for seq, event in enumerate(paid, 1)]
        self.order: Order = evolve(None, self.events[0])
        self.last: tuple[Event, ...] = tuple(self.events)

    def moment(self, files: tuple[Attachment, ...] = (), language: str | None = None) -> Moment:
        return Moment(self.now, self.policy, self.seed, files, language)

    # Time

    def day(self, number: float, seconds: int = 0) -> "Story":
        """Let time pass to this day, with what silence means on the way."""
        return self.until(day(number, seconds))

    def until(self, target: datetime) -> "Story":
        """Let time pass to this instant."""
        assert target >= self.now, "a story goes forward"
        self.last = ()
        while (due := soonest(self.order)) and due.at <= target:
            self.now = due.at
            party = due.actor if due.kind is Kind.EVIDENCE else None
            lapse = c.Lapse(id=self.order.id, kind=due.kind, party=party)
            self.last += self.apply(decide(self.order, lapse, self.moment()))
        self.now = target
        return self

    def to_the_end(self) -> "Story":
        """Let time pass until nothing is due."""
        while due := soonest(self.order):
            self.until(due.at)
        return self

    # Commands

    def command(self, kind: type[c.Command], actor: Actor | None = None, **fields: Any) -> c.Command:
        return kind(id=self.order.id, by=actor, **{"party" if name == "from_" else name: value for name, value in fields.items()})

    def give(
        self, kind: type[c.Command], *, actor: Actor | None = None, files: tuple[Attachment, ...] = (), consent: bool = True, language: str | None = None, **fields: Any
    ) -> "Story":
        """Give a command as whom it belongs to; consent is given unless told."""
        command, moment = self.command(kind, actor, **fields), self.moment(files, language)
        events = decide(self.order, command, moment)
        needed = consent_needed(self.order, command, moment)
        if needed and not consent:
            raise needed
        after = self.order
        for event in events:
            after = evolve(after, event)
        self.warnings = [advice.code for advice in on_command(self.order, after, command, moment)]
        self.last = self.apply(events)
        return self

    def buyer(self, kind: type[c.Command], **fields: Any) -> "Story":
        return self.give(kind, actor=Actor.BUYER, **fields)

    def seller(self, kind: type[c.Command], **fields: Any) -> "Story":
        return self.give(kind, actor=Actor.SELLER, **fields)

    def platform(self, kind: type[c.Command], **fields: Any) -> "Story":
        return self.give(kind, actor=Actor.PLATFORM, **fields)

    def open(self, **fields: Any) -> "Story":
        """Open a dispute; by default received, defective, 20.00 of 55.00, one photo; with `received=False` overdue."""
        fields = (NOT_RECEIVED if fields.get("received") is False else DEFECTIVE) | fields
        return self.buyer(c.OpenDispute, files=fields.pop("files", (PHOTO,) if fields["received"] else ()), **fields)

    def offer(self, refund: str = "10.00", **fields: Any) -> "Story":
        return self.seller(c.Respond, refund=refund, **fields)

    def apply(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Number and fold the events, and hold them to what is always true."""
        numbered = tuple(replace(event, seq=seq) for event, seq in zip(events, itertools.count(len(self.events) + 1), strict=False))
        for event in numbered:
            self.order = evolve(self.order, event)
            self.events.append(event)
            assert sum(posting.amount for posting in all_postings(self.events)) == 0
            assert balances(self.events).escrow >= 0
        assert replay(self.events) == self.order
        return numbered

    # What must be true

    def refused(self, rules: str, kind: type[c.Command], **fields: Any) -> Refusal:
        """The command is refused by exactly these rules (`"D3 D8"`), in the book's order, and the story goes on as if never said."""
        before = (self.order, list(self.events))
        with pytest.raises(Refusal) as caught:
            self.give(kind, **fields)
        assert [fault.rule for fault in caught.value.faults] == rules.split()
        assert (self.order, self.events) == before
        return caught.value

    def needs_consent(self, rule: str, kind: type[c.Command], **fields: Any) -> ConsentNeeded:
        """The command asks for a yes by this rule, and nothing changes without it."""
        before = (self.order, list(self.events))
        with pytest.raises(ConsentNeeded) as caught:
            self.give(kind, consent=False, **fields)
        assert caught.value.rule == rule
        assert (self.order, self.events) == before
        return caught.value

    @property
    def dispute(self) -> Dispute:
        assert self.order.dispute
        return self.order.dispute

    @property
    def demand(self) -> Demand:
        return self.dispute.demand

    @property
    def offered(self) -> Offer:
        assert self.dispute.offer
        return self.dispute.offer

    @property
    def claim(self) -> Claim:
        assert self.dispute.claim
        return self.dispute.claim

    @property
    def returning(self) -> Return:
        assert self.order.returning
        return self.order.returning

    @property
    def settlement(self) -> Settlement:
        assert self.order.settlement
        return self.order.settlement

    @property
    def types(self) -> list[str]:
        """The types of the events of the last command or stretch of time."""
        return [str(event.__struct_config__.tag) for event in self.last]

    @property
    def money(self) -> dict[str, str]:
        """The balances, as amounts."""
        sums = balances(self.events)
        return {name: money.decimal(getattr(sums, name), self.order.currency) for name in ("buyer", "seller", "escrow", "carrier")}

    @property
    def deadlines(self) -> dict[str, datetime]:
        return {due.kind.value: due.at for due in deadlines(self.order)}

    @property
    def possible(self) -> set[tuple[str, str]]:
        return {(row.actor.value, row.command) for row in possible(self.order, self.moment())}

    @property
    def advice(self) -> list[str]:
        """The codes on the order's page now."""
        return [piece.code for piece in on_page(self.order, self.moment())]
