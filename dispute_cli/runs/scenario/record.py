"""A store's history written as a scenario that passes: who did what when, and what was so after it. It only reads; what was said is found by retelling.py."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from msgspec.structs import fields

from ... import reading
from ...core import commands as c
from ...core import instants, money
from ...core.events import DisputeEdited, DisputeOpened, Event, EvidenceAdded, OfferMade, OrderCreated
from ...core.lifecycle import FACTS
from ...core.order import Order
from ...core.policy import days, fingerprint
from ...enclosing import FILES
from ...retelling import digits, written
from ...session import Loaded, Session
from . import times
from .beats import Beat, bare, beats
from .luggage import Luggage
from .notation import flow, item, mapping

FIRST_LINE = "# yaml-language-server: $schema=./scenario.schema.json"


def record(session: Session, asked: Sequence[str], name: str | None = None) -> str:
    """The text of a scenario that tells the history of these orders; for a purchase's bare id, of all its lines. `name`: the scenario's."""
    ids = list(dict.fromkeys(id for name in asked for id in found(session, name)))
    return "".join(f"{line}\n" for line in Scribe(session, ids).lines(name or title(list(dict.fromkeys(asked)))))


def found(session: Session, id: str) -> list[str]:
    """The order of this id, or the lines of the purchase."""
    ids = [id] if session.find(id) else session.lines(id)
    if not ids:
        raise reading.unknown(session, id)
    return ids


def title(asked: list[str]) -> str:
    """`History of O-1`, `… of O-1 and O-2`, `… of O-1 and 4 more`."""
    return "History of " + " and ".join(asked if len(asked) < 3 else [asked[0], f"{len(asked) - 1} more"])


class Scribe:
    """A scenario in the making."""

    def __init__(self, session: Session, ids: list[str]) -> None:
        self.session, self.ids = session, ids
        self.start = session.view.head.start
        self.luggage = Luggage(session)
        self.payments = sorted((self.payment(id) for id in dict.fromkeys(map(bare, ids))), key=lambda paid: paid[0].seq)
        self.alone = sum(map(len, self.payments)) == 1
        """There is one order: nothing need say which."""
        self.looked: set[str] = set()
        """The orders of which something is expected."""

    def lines(self, name: str) -> Iterator[str]:
        """The file, line by line; what it brings along comes last."""
        head = self.session.view.head
        yield FIRST_LINE
        yield from mapping({"scenario": name})
        yield f"init: {flow({'start': day(self.start), 'seed': str(head.seed), 'policy': self.luggage.policy(self.session.default_policy())})}"
        at_start = [paid for paid in self.payments if paid[0].at == self.start]
        if at_start:
            yield "orders:"
            for paid in at_start:
                yield from item({"id": bare(paid[0].order), **self.terms(paid)}, "  ")
        yield "steps:"
        for step in self.steps():
            yield from item(step, "  ", in_line=False)
        if self.luggage.files:
            yield from mapping({"files": self.luggage.files})

    # Orders

    def payment(self, id: str) -> list[OrderCreated]:
        """What made an order, or all lines of a purchase."""
        made: list[Any] = [self.session.history(line)[0] for line in self.session.lines(id) or [id]]
        return made

    def terms(self, paid: list[OrderCreated]) -> dict[str, Any]:
        """The options that an order or a purchase was made with."""
        first = paid[0]
        of_lines = "/" in first.order
        policy = self.session.policy(first.policy)
        delivery = sum(line.delivery for line in paid)
        command = c.CreateOrder(
            id=bare(first.order),
            price=None if of_lines else written(first.price, first.currency),
            delivery=written(delivery, first.currency) if delivery else "0",
            currency=first.currency,
            buyer=first.buyer,
            seller=first.seller,
            title=None if of_lines else first.title,
            policy=None if fingerprint(policy) == fingerprint(self.session.default_policy()) else self.luggage.policy(policy),
            item=tuple(f"{line.title}={written(line.price, line.currency)}" for line in paid) if of_lines else (),
        )
        by_default = first.at + days(policy.delivery.promised_days)
        return options(command) | ({} if first.deliver_by == by_default else {"deliver_by": self.promised(first)})

    def promised(self, paid: OrderCreated) -> str:
        """The promised day of delivery; days stand for it at the start alone."""
        return times.since(self.start, paid.deliver_by) if paid.at == self.start else day(paid.deliver_by)

    # Steps

    def steps(self) -> Iterator[dict[str, Any]]:
        """Every step with its instant, and a look at each order of which nothing is expected so far."""
        now = self.start
        for at, steps in self.happened():
            for step in steps:
                # What silence means to several orders at one instant comes of the first of their steps.
                yield {key: value for key, value in step.items() if key != "events"} if at == now else {"at": times.since(self.start, at)} | step
                now = at
        for id in self.ids:
            if id not in self.looked:
                yield self.about(id) | self.expected(None, self.seen(id), ())

    def happened(self) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
        """Payments after the start, and beats, each with its steps."""
        paid = [(paid[0].seq, paid[0].at, [self.pay(paid)]) for paid in self.payments if paid[0].at > self.start]
        told = [(beat.turns[0].events[0].seq, beat.at, list(self.step(beat))) for beat in beats(self.session, self.ids)]
        yield from ((at, steps) for _, at, steps in sorted(paid + told, key=itemgetter(0)))

    def pay(self, paid: list[OrderCreated]) -> dict[str, Any]:
        return {str(paid[0].by): {c.name_of(c.CreateOrder): bare(paid[0].order), **self.terms(paid)}}

    def step(self, beat: Beat) -> Iterator[dict[str, Any]]:
        """A command, or silence, and what is so of each order after it; facts of shipping and correspondence change nothing that is looked at."""
        first, last = beat.turns[0], beat.turns[-1]
        if beat.command is None:
            yield self.about(first.order) | {"events": [reading.tag(turn.events[0]) for turn in beat.turns]} | self.expected(first.before, last.after, ())
        elif isinstance(beat.command, FACTS):
            yield self.spoken(beat, beat.command)
        else:
            for turn in beat.turns:
                spoken = self.spoken(beat, beat.command) if turn is first else {}
                yield spoken | self.about(turn.order, beat.command.id if turn is first else None) | self.expected(turn.before, turn.after, turn.events)

    def spoken(self, beat: Beat, command: c.Command) -> dict[str, Any]:
        """A command by whose it is: its words and the id, then its options."""
        said = {c.name_of(command): command.id, **options(command)}
        files = [self.luggage.evidence(event) for event in beat.turns[0].events if isinstance(event, EvidenceAdded) and event.hash]
        if files:
            said[FILES[type(command)]] = escaped(files)
        return {str(command.actor): said | ({"yes": "true"} if beat.yes else {})}

    def about(self, id: str, known: str | None = None) -> dict[str, str]:
        """Which order expectations are about, where it does not go without saying."""
        return {} if self.alone or id == known else {"order": id}

    def expected(self, before: Loaded | None, after: Loaded, events: Sequence[Event]) -> dict[str, Any]:
        """An order's status, the terms that were set, once it is settled why and at what, and its money where that moved."""
        order = after.order
        self.looked.add(order.id)
        expect = [f"status == '{order.status}'", *terms_set(order, events)]
        if order.settlement and not (before and before.order.settlement):
            expect += [f"cause == '{order.cause}'", f"settlement.refund == '{money.decimal(order.settlement.refund, order.currency)}'"]
        return {"expect": expect} | ({} if before and before.balances == after.balances else {"money": balances(after)})

    def seen(self, id: str) -> Loaded:
        seen = self.session.find(id)
        assert seen, f"{id} was found before"
        return seen


def terms_set(order: Order, events: Sequence[Event]) -> Iterator[str]:
    """The money that is demanded or offered from these events on."""
    dispute = order.dispute
    if dispute and dispute.demand.refund and any(isinstance(event, (DisputeOpened, DisputeEdited)) for event in events):
        yield f"dispute.demand.refund == '{money.decimal(dispute.demand.refund, order.currency)}'"
    if dispute and dispute.offer and dispute.offer.refund and any(isinstance(event, OfferMade) for event in events):
        yield f"dispute.offer.refund == '{money.decimal(dispute.offer.refund, order.currency)}'"


def balances(seen: Loaded) -> dict[str, str]:
    """What an order moved so far; the carrier only where it has something, and no sum of more digits than an amount has."""
    sums = seen.balances
    parties = {"buyer": sums.buyer, "seller": sums.seller, "escrow": sums.escrow} | ({"carrier": sums.carrier} if sums.carrier else {})
    told = {party: written(amount, seen.order.currency) for party, amount in parties.items()}
    return {party: amount for party, amount in told.items() if digits(amount) <= money.MOST_DIGITS}


def options(command: c.Command) -> dict[str, Any]:
    """What a command says beside its id, as a scenario writes it."""
    said = ((field.encode_name, getattr(command, field.name), field.default) for field in fields(command))
    return {name: escaped(value) for name, value, default in said if name not in ("id", "as") and value != default}


def escaped(value: Any) -> Any:
    """A value as text, with its dollar signs doubled: one of a list stands alone."""
    if isinstance(value, (list, tuple)):
        return escaped(value[0]) if len(value) == 1 else [escaped(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value).replace("$", "$$")


def day(at: datetime) -> str:
    """An instant, as a date where it is one."""
    return instants.iso_instant(at).removesuffix("T00:00:00Z")
