"""An order's history as what was said: each command is found by deciding what may have been said until the very events come out. No text is written here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from .core import commands as c
from .core import events as e
from .core import money
from .core.decide import consent_needed, decide
from .core.evidence import Attachment
from .core.evolve import Unsound
from .core.moment import Moment
from .core.order import Order
from .core.refusal import Refusal
from .core.words import Actor
from .enclosing import paths_of
from .session import Loaded, Session, load

Events = Sequence[e.Event]
DAY = timedelta(days=1)


class Turn(Struct, frozen=True):
    """What somebody said of one order, or what silence meant, and what came of it."""

    command: c.Command | None
    """None: nobody said anything, a deadline passed."""
    yes: bool
    """It needs consent."""
    events: tuple[e.Event, ...]
    before: Loaded
    after: Loaded

    @property
    def order(self) -> str:
        return self.events[0].order

    @property
    def at(self) -> datetime:
        return self.events[0].at


def turns(session: Session, history: Events) -> Iterator[Turn]:
    """Everything that happened to an order after its payment."""
    loaded = load(history[:1])
    at = 1
    while loaded and at < len(history):
        turn = retold(session, loaded, history[at:])
        yield turn
        loaded, at = turn.after, at + len(turn.events)


def retold(session: Session, loaded: Loaded, events: Events) -> Turn:
    """The turn that these events begin with; `Unsound` where no rule makes them true."""
    first = events[0]
    if first.by is Actor.CLOCK:
        found = told(events, session.lapse(loaded, first.at))
        if found:
            return Turn(None, False, found, loaded, loaded.after(found))
    for command in SAID.get(type(first), nothing)(loaded.order, first, events):
        moment = moment_of(session, loaded.order, command, events)
        found = told(events, decided(loaded.order, command, moment))
        if found:
            return Turn(command, consent_needed(loaded.order, command, moment) is not None, found, loaded, loaded.after(found))
    raise Unsound(f"{first.order}: nothing that can be said makes event {first.seq} true")


def told(events: Events, made: Events) -> tuple[e.Event, ...]:
    """The beginning of a history that is just what was made; nothing where it is not."""
    begun = tuple(events[: len(made)])
    return begun if [replace(event, seq=0) for event in begun] == list(made) else ()


def decided(order: Order, command: c.Command, moment: Moment) -> Events:
    """What the command makes true; nothing where it is refused."""
    try:
        return decide(order, command, moment)
    except Refusal:
        return ()


def moment_of(session: Session, order: Order, command: c.Command, events: Events) -> Moment:
    """The moment of the command, with what came beside it: the files on record, and the language of its message."""
    records = [event for event in together(events) if is_file(event)][: len(paths_of(command))]
    files = tuple(Attachment(record.name, record.size, session.view.blob(record.hash)) for record in records)
    language = next((event.language for event in together(events) if isinstance(event, e.MessageSent)), None)
    return session.moment(order, events[0].at, files=files, language=language)


# What may have been said


def together(events: Events) -> Iterator[Any]:
    """The first events, as far as one actor made them true at one instant."""
    first = events[0]
    return takewhile(lambda event: (event.by, event.at) == (first.by, first.at), events)


def is_file(event: e.Event) -> bool:
    return isinstance(event, e.EvidenceAdded) and event.hash is not None


def is_link(event: e.Event) -> bool:
    return isinstance(event, e.EvidenceAdded) and event.url is not None


class Speech(NamedTuple):
    """Evidence and a message as they stand one after the other in a history; any of them may be missing."""

    files: tuple[str, ...]
    """Their names."""
    links: tuple[str, ...]
    message: str | None

    def ways(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """How the message may have come about, most links first: its text, and the links that were given beside it, each on a line of its own after it."""
        text = self.message
        for count in range(len(self.links), -1, -1):
            given = "\n".join(self.links[:count])
            if text is not None and count and text == given:
                yield "", self.links[:count]
            elif text is not None and text.endswith(f"\n{given}" if count else ""):
                yield text[: len(text) - len(given) - 1] if count else text, self.links[:count]


def speech(events: Events) -> Speech:
    """What these events begin with; files belong together by their note."""
    begun = list(together(events)) if events else []
    files = [event.name for event in takewhile(lambda event: is_file(event) and event.note == begun[0].note, begun)]
    links = [event.url for event in takewhile(is_link, begun[len(files) :])]
    rest = begun[len(files) + len(links) :]
    message = rest[0].text if rest and isinstance(rest[0], e.MessageSent) else None
    return Speech(tuple(files), tuple(links), message)


def after(events: Events) -> Speech:
    """What follows the first event in the same breath."""
    return speech(list(together(events))[1:])


def amount(order: Order, refund: int) -> str:
    return "full" if refund == order.total else written(refund, order.currency)


def written(minor: int, currency: str) -> str:
    """An amount with all its decimals, as far as an amount may have so many digits."""
    text = money.decimal(minor, currency)
    return text if digits(text) <= money.MOST_DIGITS or "." not in text else text.rstrip("0").rstrip(".")


def digits(amount: str) -> int:
    return sum(map(str.isdigit, amount))


def open_dispute(order: Order, event: e.DisputeOpened, events: Events) -> Iterator[c.Command]:
    heard = after(events)
    refund = amount(order, event.refund) if event.received else None
    for text, link in heard.ways():
        yield c.OpenDispute(
            id=order.id, received=event.received, reason=event.reason, refund=refund, message=text, evidence=heard.files, link=link
        )


def edit(order: Order, event: e.DisputeEdited, events: Events) -> Iterator[c.Command]:
    """What differs from the form that stood; where that is not enough, as in answer to an offer, the rest is kept."""
    dispute = order.dispute
    assert dispute
    said: dict[str, Any] = {}
    if event.received is not dispute.received:
        said["received"] = event.received
    if event.reason != dispute.reason:
        said["reason"] = event.reason
    if event.received and event.refund != dispute.demand.refund:
        said["refund"] = amount(order, event.refund)
    for message in dict.fromkeys((after(events).message, None)):
        for keep in (False, True):
            yield c.EditDispute(id=order.id, message=message, keep=keep, **said)


def respond(order: Order, event: e.OfferMade, events: Events) -> Iterator[c.Command]:
    said: dict[str, Any] = {"promise": event.promise} if event.promise is not None else {"reject": True}
    if event.refund:
        said = {"refund": amount(order, event.refund), "with_return": event.with_return or None}
    for message in dict.fromkeys((after(events).message, None)):
        yield c.Respond(id=order.id, message=message, **said)


def show(order: Order, event: e.EvidenceAdded, events: Events) -> Iterator[c.Command]:
    """Evidence was added, or a message had a link in it."""
    heard = speech(events)
    for _, link in heard.ways():
        if link:
            yield c.AddEvidence(id=order.id, by=event.by, file=heard.files, link=link, note=event.note)
    if heard.files:
        yield c.AddEvidence(id=order.id, by=event.by, file=heard.files, note=event.note)
    elif heard.message is not None:
        yield from speak(order, event, events)


def speak(order: Order, event: e.Event, events: Events) -> Iterator[c.Command]:
    """A message by itself, or the one that comes with an accepted demand."""
    message = speech(events).message
    assert message is not None
    if event.by is Actor.SELLER and any(isinstance(later, e.DemandAccepted) for later in together(events)):
        yield c.Respond(id=order.id, accept=True, message=message)
    yield c.SendMessage(id=order.id, by=event.by, text=message)


def request_evidence(order: Order, event: e.EvidenceRequested, events: Events) -> Iterator[c.Command]:
    """As long as the policy says, or so many days; of a window that ends with the review just enough."""
    party: Any = event.party.value
    for days in (None, -((event.at - event.until) // DAY)):
        yield c.RequestEvidence(id=order.id, party=party, days=days)


def grant(order: Order, event: e.ExtensionGranted, events: Events) -> Iterator[c.Command]:
    asked = order.protection.request
    yield c.ExtendProtection(id=order.id, grant=True, days=None if asked and asked.days == event.days else event.days)


def send(order: Order, event: e.ReturnSent, events: Events) -> Iterator[c.Command]:
    postage = None if event.postage is None else written(event.postage, order.currency)
    yield c.SendReturn(id=order.id, tracking=event.tracking, postage=postage)


def rule(order: Order, event: e.Ruled, events: Events) -> Iterator[c.Command]:
    yield c.Rule(id=order.id, refund=amount(order, event.refund) if event.refund else "0", reason=event.reason, early=event.early)


def nothing(order: Order, event: e.Event, events: Events) -> tuple[c.Command, ...]:
    return ()


SAID: dict[type[e.Fact], Callable[[Order, Any, Events], Iterable[c.Command]]] = {
    e.Shipped: lambda order, event, _: (c.Ship(id=order.id, tracking=event.tracking),),
    e.Delivered: lambda order, event, _: (c.Deliver(id=order.id),),
    e.ReceiptConfirmed: lambda order, event, _: (c.Confirm(id=order.id),),
    e.DisputeOpened: open_dispute,
    e.DisputeEdited: edit,
    e.DisputeCancelled: lambda order, event, _: (c.Cancel(id=order.id),),
    e.ClaimDropped: lambda order, event, _: (c.Cancel(id=order.id),),
    e.MessageSent: speak,
    e.EvidenceAdded: show,
    e.OfferMade: respond,
    e.DemandAccepted: lambda order, event, _: (c.Accept(id=order.id, by=Actor.SELLER),),
    e.OfferAccepted: lambda order, event, _: (c.Accept(id=order.id),),
    e.PromiseAccepted: lambda order, event, _: (c.Accept(id=order.id),),
    e.Escalated: lambda order, event, _: (c.Escalate(id=order.id, confirm=True),),
    e.ClaimConceded: lambda order, event, _: (c.Accept(id=order.id, by=Actor.SELLER),),
    e.EvidenceRequested: request_evidence,
    e.ExtensionRequested: lambda order, event, _: (c.ExtendProtection(id=order.id, days=event.days),),
    e.ExtensionGranted: grant,
    e.ExtensionDenied: lambda order, event, _: (c.ExtendProtection(id=order.id, deny=True),),
    e.ReturnSent: send,
    e.ReturnAcknowledged: lambda order, event, _: (c.AcknowledgeReturn(id=order.id),),
    e.ReturnRefused: lambda order, event, _: (c.RefuseReturn(id=order.id, reason=event.reason),),
    e.Ruled: rule,
}
"""A turn's first event → what may have been said, the likeliest first."""
