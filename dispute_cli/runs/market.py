"""A store in memory, and what is done on it by the very service that the commands use: what scenario files and tests in Python share. Nothing is expected here."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from typing import Any

from .. import answers as a
from .. import questions as q
from ..core.evidence import Attachment
from ..core.policy import Policy
from ..enclosing import attach, enclose
from ..keys import Options
from ..policies import load, parse
from ..reading import answer as answer_to
from ..reading import several
from ..service import Service, execute, told_when
from ..store import Head
from ..store.memory import MemoryStore
from ..ticking import catch_up, tick_durably
from .lines import Request


class Market:
    """A store, its simulated clock, and the files that commands may name."""

    def __init__(self, head: Head, files: Mapping[str, bytes], folder: str) -> None:
        self.store = MemoryStore(head)
        self.files = files
        """By the name that commands give; what is not here is looked for in the folder."""
        self.folder = folder
        self.policies = lambda name: policy_of(name, files, folder)
        service = Service(self.store, lambda: datetime.now(UTC), self.policies)
        # One session for all that is done, as a batch has it, never ended: nobody else writes here.
        self.stack = ExitStack()
        self.desk, self.session = self.stack.enter_context(service.writing("test"))

    def do(self, request: Request) -> a.Done | a.DoneOnLines:
        """Give a command."""
        asked: Any = request.asked
        options = Options(consent=request.consent, strict=request.strict, key=request.key)
        enclosed = enclose(asked, self.attach)
        with told_when(self.session):
            catch_up(self.session, self.desk, self.session.now)
            answer = execute(self.session, asked, options, enclosed, self.policies, self.desk.keep)
            self.session.flush(self.desk)
        return answer

    def tick(self, question: q.Tick) -> a.Ticked:
        """Move the clock."""
        with told_when(self.session):
            return tick_durably(self.session, self.desk, question, Options(), self.session.now)

    def ask(self, question: q.Look | q.Events) -> a.Answer:
        """Look at an order, or at events."""
        with told_when(self.session):
            return answer_to(self.session, question)

    def attach(self, path: str) -> Attachment:
        """An evidence file: one that was brought along, or one in the folder."""
        if path in self.files:
            return Attachment(path, len(self.files[path]), self.files[path])
        return attach(os.path.join(self.folder, path), shown=path)

    def page(self, order: str, at: str | None = None) -> a.Order:
        """ORDER as it is now, or at an instant."""
        shown: Any = self.ask(q.Look(id=order, at=at))
        if isinstance(shown, a.ShownLines):
            raise several(order, [line.id for line in shown.orders], "status")
        page: a.Order = shown.order
        return page

    def mark(self) -> tuple[int, datetime]:
        """What is recorded so far, and where the clock stands: what is refused leaves both."""
        return self.store.seq, self.store.now


def policy_of(name: str, files: Mapping[str, bytes], folder: str) -> Policy:
    """A policy as it is named: one that was brought along, a file in the folder, or a shipped one."""
    if name in files:
        return parse(name, files[name])
    return load(os.path.join(folder, name)) if name.endswith(".toml") else shipped(name)


shipped = cache(load)
"""A policy that no file of a scenario is: read once."""
