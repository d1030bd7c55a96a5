"""Events told from the store as they are written out, where there are more than memory should hold. Nothing is decided or recorded here."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import takewhile
from typing import Any

from .core.events import Event
from .questions import Events
from .reading import told_events
from .session import Session


class Recorded:
    """The events that a question asks for, up to a `seq`: told anew from the store each time they are gone through."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Session]], question: Events, last: int) -> None:
        self.reading, self.question, self.last = reading, question, last

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with self.reading() as session:
            yield from takewhile(lambda event: event["seq"] <= self.last, told_events(session, self.question))


class Kept:
    """The events of a tick as it goes; of more than `most` none, for by the end they are in the store. None: as many as there are."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.events: list[Event] = []
        self.first = self.last = 0
        """`seq` of the first and last event; 0 when there is none."""

    @property
    def overflowed(self) -> bool:
        return self.most is not None and self.last - self.first >= self.most

    def add(self, turn: Sequence[Event]) -> None:
        self.first, self.last = self.first or turn[0].seq, turn[-1].seq
        if self.overflowed:
            self.events.clear()
        else:
            self.events += turn
