"""A store of about 4 KB whose bytes are spoiled one by one, all that it tells, and the judgement of what it tells afterwards. No test lives here.

The promise that is judged: beside its index a spoiled document is refused (7) or tells the very same; without it, it may also tell an earlier whole
commit, and says so. What differs is always found by `verify`.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from dispute_cli.answers import Problem
from dispute_cli.core import commands as c
from dispute_cli.core.events import EvidenceAdded
from dispute_cli.keeping import verify
from dispute_cli.store import StoreUnusable, View, signals
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.peek import Peek
from tests.service.shop import Shop, on_disk
from tests.store.facts import Kept, write

ALL = os.environ.get("TRUST") == "all"
"""Every point, as in `make corruption` and `make storm`; else the same sample each time."""
SHARDS = 16
"""Into how many parts the points are dealt, so that they spread over processes."""

Answers = dict[str, Any]
"""What a store tells, question by question; None where it is refused."""

LISTS: dict[str, Callable[[View], Any]] = {
    "orders": lambda view: list(view.orders()),
    "disputed": lambda view: list(view.orders(disputed=True)),
    "due": lambda view: view.due(None, 99),
    "due first": lambda view: view.due(view.now + timedelta(days=90), 1),
    "known": lambda view: view.known(["O-1", "O-2", "P", "P/1", "P/3", "Q"]),
    "lines": lambda view: view.lines("P"),
    "key": lambda view: view.key("k-1"),
}
"""What there is: no line of the document says it, so the index must not be believed alone."""

QUESTIONS: dict[str, Callable[[View], Any]] = {
    **LISTS,
    "head": lambda view: (view.head, view.now, view.seq),
    "events": lambda view: list(view.events()),
    "later events": lambda view: list(view.events(since=1)),
    "order": lambda view: view.history("O-1"),
    "line": lambda view: view.history("P/2"),
    "no order": lambda view: view.history("O-2"),
    "several": lambda view: view.histories(["O-1", "P/1", "O-2"]),
    "no key": lambda view: view.key("k-2"),
    "evidence": lambda view: [view.blob(event.hash) for event in view.events() if isinstance(event, EvidenceAdded) and event.hash],
}


def specimen(folder: Path) -> "Specimen":
    """An order with a disputed defect and its photo, a purchase of two lines, an idempotency key."""
    shop = Shop(on_disk(folder, seed=7))
    shop.give(c.CreateOrder, "O-1", price="50.00", delivery="5.00", key="k-1")
    shop.opened().purchase("P", "Cup=1.00", "Pot=2.00", delivery="0.00")
    return Specimen(shop)


class Specimen(Kept):
    """The store's files, to be put back spoiled, and what it told while they were whole."""

    def __init__(self, shop: Shop) -> None:
        assert isinstance(shop.store, JsonLogStore)
        signals.drop()
        self.told: list[str] = []
        shop.store.tell = self.told.append
        super().__init__(shop.store)
        self.blobs = sorted(Path(self.store.paths.folder, "blobs").iterdir())
        self.times = os.stat(self.document)
        self.whole = answers(self.store)
        self.prefixes = [self.whole, *self._prefixes()]

    def _prefixes(self) -> Iterator[Answers]:
        """What is told after each earlier commit; with the last one first."""
        lines = self.bytes.split(b"\n")
        for count in range(len(lines) - 3, -1, -1):
            shown = b"\n".join(lines[: 1 + count]).removesuffix(b",") + b"\n}}"
            self.put(shown, index=False)
            yield answers(self.store)
        self.restore()

    def restore(self) -> None:
        """As it was, its time included: the index fits."""
        self.put(self.bytes)
        self.keep_time()
        self.told.clear()

    def keep_time(self) -> None:
        """Give the document the time that the index knows: as when a bit rots, which no write has changed."""
        os.utime(self.document, ns=(self.times.st_atime_ns, self.times.st_mtime_ns))

    def rot(self, document: bytes) -> Answers:
        """What is told of a document that rotted."""
        self.put(document)
        self.keep_time()
        return answers(self.store)

    def rewrite(self, document: bytes) -> Answers:
        """What is told of a document that somebody wrote beside its index."""
        self.put(document)
        return answers(self.store)

    def bare(self, document: bytes) -> Answers:
        """What is told of a document that lost its index."""
        self.put(document, index=False)
        self.told.clear()
        return answers(self.store)

    def glanced(self) -> Answers:
        """What is told as the files stand, to somebody who may not mend them: no answer comes from what another had built anew."""
        return answers(Peek(self.document))

    def put_spoiled(self, index: bytes) -> None:
        """Put the document as it was beside an index that rotted."""
        self.put(self.bytes, index=False)
        self.keep_time()
        write(self.index, index)


def answers(store: JsonLogStore) -> Answers:
    """Everything that a store tells a reader, opened anew after each refusal: one question does not hide what another would be told."""
    told: Answers = {}
    try:
        while len(told) < len(QUESTIONS):
            with store.read() as view:
                told.update(told_until_refused(view, len(told)))
    except StoreUnusable:
        pass
    return {**dict.fromkeys(QUESTIONS), **told}


def told_until_refused(view: View, first: int) -> Iterator[tuple[str, Any]]:
    for name, question in islice(QUESTIONS.items(), first, None):
        answer = asked(question, view)
        yield name, answer
        if answer is None:
            return


def asked(question: Callable[[View], Any], view: View) -> Any:
    """An answer, None for a refusal; any other error is a wrong answer: exit 1."""
    try:
        return msgspec.json.encode(question(view))
    except StoreUnusable:
        return None
    except Exception as error:
        return f"a fault of ours: {error!r}"


def lies(told: Answers, truth: Answers) -> list[str]:
    """The questions that were answered otherwise than the truth; a refusal is no lie."""
    return [f"{name} {fault(answer)}".rstrip() for name, answer in told.items() if answer is not None and answer != truth[name]]


def fault(answer: Any) -> str:
    return answer if isinstance(answer, str) else ""


def refuses(told: Answers) -> bool:
    return any(answer is None for answer in told.values())


def found(store: JsonLogStore) -> list[Problem]:
    """What `verify` finds; a store that cannot be opened at all is one problem in line 1."""
    try:
        return list(verify(store).problems)
    except StoreUnusable as error:
        return [Problem(str(error), None, 1, None)]


def flip(data: bytes, bit: int) -> bytes:
    """The data with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def dealt(count: int, shard: int, one_of: int) -> range:
    """The points of one shard: all of its own, or where not all are wanted one of so many; an odd step meets every bit of a byte."""
    return range(shard, count, SHARDS if ALL else SHARDS * one_of + 1)
