"""What is offered out of a store: orders and their evidence. It is looked at in passing: no lock, no mending, no write."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from .cursor import Cursor
from .said import Offer

MOST = 200
"""How many orders are offered at once."""


def orders(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """Order ids; for a command that acts those that it can act on now, if there are any."""
    found = service(cursor).beginning(typed, MOST)
    acting = settings(cursor).acting
    ready = [known for known in found if any(p.command == cursor.words and acting in (None, p.actor) for p in known.possible)]
    for known in ready or found:
        yield Offer(known.id, f"{known.status}{left(known.left)}")


def left(span: timedelta | None) -> str:
    """`, 9 days left`: the counter in words, nothing rounded up."""
    from ..text.shape import distance

    return "" if span is None else f", {distance(span).removeprefix('in ')} left"


def hashes(cursor: Cursor, typed: str) -> Iterator[Offer]:
    """The evidence files of the order that was named."""
    from ...questions import EvidenceList

    for record in service(cursor).ask(EvidenceList(id=cursor.arguments[0])).evidence:
        if record.hash is not None:
            yield Offer(record.hash, f"{record.name}, from the {record.by}")


def service(cursor: Cursor) -> Any:
    """The use cases on the store that the line, the environment or a file names."""
    from ...service import Service
    from ...store.peek import Peek
    from ..call import policy, wall
    from ..places import is_url, open_store

    store = settings(cursor).store
    return Service(open_store(store, 0, lambda message: None) if is_url(store) else Peek(store, tell=lambda message: None), wall, policy)


def settings(cursor: Cursor) -> Any:
    from .. import settings

    flags = {"store": cursor.given.get("--store"), "acting": cursor.given.get("--as")}
    if flags["store"]:
        # The shell has not put in yet what these stand for.
        flags["store"] = os.path.expanduser(os.path.expandvars(flags["store"]))
    return settings.read(flags)
