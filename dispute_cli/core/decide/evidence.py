"""Evidence and correspondence (V1–V7): records of files and links, and the messages that carry them."""

import hashlib
from collections.abc import Iterable, Iterator

from .. import commands as c
from .. import events as e
from ..evidence import Picture, examine
from ..guards import window_open
from ..links import links
from ..moment import Moment
from ..order import Order
from ..refusal import Refusal
from ..words import PARTIES, Actor, Status

OPEN = (Status.AWAITING_SELLER, Status.AWAITING_BUYER, Status.AWAITING_RETURN, Status.RETURN_SHIPPED, Status.ESCALATED)


def open_number(order: Order) -> int | None:
    """The number of the dispute that is open now, or None."""
    return order.dispute.number if order.dispute and order.status in OPEN else None


def add(order: Order, command: c.AddEvidence, moment: Moment) -> Iterator[e.Event]:
    from ..rules import in_order  # a message needs neither of these
    from .form import too_many, unfit_files, unfit_links

    assert order.dispute
    number = order.dispute.number
    faults = [*unfit_files(moment), *too_many(order, moment, command.actor, number), *unfit_links(command.link)]
    if faults:
        raise Refusal(*in_order(faults))
    yield from file_records(order, moment, command.actor, number, command.note)
    yield from link_records(order, moment, command.actor, number, command.link, command.note)
    if command.link:
        yield from say(order, moment, command.actor, number, command.note, command.link)


def send_message(order: Order, command: c.SendMessage, moment: Moment) -> Iterator[e.Event]:
    locked = order.status is Status.ESCALATED and command.actor in PARTIES and links(command.text)
    fault = window_open(order, moment, command.actor, command) if locked else None
    if fault:
        raise Refusal(fault)
    yield from say(order, moment, command.actor, open_number(order), command.text)


def correspond(order: Order, moment: Moment, by: Actor, number: int, text: str, given: tuple[str, ...] = ()) -> Iterator[e.Event]:
    """Record the enclosed files and the links of a form, and send its message."""
    yield from file_records(order, moment, by, number)
    yield from link_records(order, moment, by, number, given)
    yield from say(order, moment, by, number, text, given)


def say(order: Order, moment: Moment, by: Actor, number: int | None, text: str | None, given: tuple[str, ...] = ()) -> Iterator[e.Event]:
    """Send a message with the given links on lines of their own after the text; links inside the text become evidence of a party (V3)."""
    if number is not None and by in PARTIES and text:
        known = {record.url for record in order.evidence if record.by is by and record.dispute == number} | set(given)
        yield from link_records(order, moment, by, number, (url for url in links(text) if url not in known))
    lines = ((text,) if text else ()) + given
    yield e.MessageSent(*moment.here(order, by), text="\n".join(lines), dispute=number, language=moment.language)


def file_records(order: Order, moment: Moment, by: Actor, number: int, note: str | None = None) -> Iterator[e.Event]:
    limits = moment.policy.evidence
    for file in moment.files:
        picture = examine(file, limits.formats, limits.most_bytes)
        assert isinstance(picture, Picture), "a form with an unfit file is refused before"
        yield e.EvidenceAdded(
            *moment.here(order, by),
            dispute=number,
            kind="file",
            hash=hashlib.sha256(file.data).hexdigest(),
            url=None,
            name=picture.name,
            format=picture.format,
            size=picture.size,
            note=note,
        )


def link_records(order: Order, moment: Moment, by: Actor, number: int, urls: Iterable[str], note: str | None = None) -> Iterator[e.Event]:
    here = moment.here(order, by)
    for url in urls:
        yield e.EvidenceAdded(*here, dispute=number, kind="link", hash=None, url=url, name=None, format=None, size=None, note=note)
