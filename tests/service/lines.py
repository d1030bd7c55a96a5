"""A batch as a test runs it: lines in, what was told out, each answer held to the promise that it is durable when it is told."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import ConsentNeeded, Refusal
from dispute_cli.keys import Enclosed, KeyConflict, Options
from dispute_cli.reading import NoSuchThing
from dispute_cli.runs.batch import Batch, Mode, run
from dispute_cli.runs.lines import Request, Unparsable
from dispute_cli.store import StoreMissing, StoreUnusable
from tests.given import PHOTO

from .shop import Shop

EXITS: tuple[tuple[type[Exception], int], ...] = (
    (Malformed, 2), (NoSuchThing, 3), (ConsentNeeded, 4), (Refusal, 5), (KeyConflict, 6), (StoreUnusable, 7), (StoreMissing, 7), (Unparsable, 8),
)


def explain(number: int, fault: Exception, name: str | None) -> a.Failed:
    exit = next((exit for kind, exit in EXITS if isinstance(fault, kind)), 1)
    rule = fault.faults[0].rule if isinstance(fault, Refusal) else getattr(fault, "rule", None)
    error = a.Error(code=str(exit), exit=exit, rule=rule, message=str(fault), hint=None, possible=getattr(fault, "possible", None))
    return a.Failed(command=name, now=getattr(fault, "now", None), error=error)


def words(given: list[str]) -> Request:
    """The few command lines that these tests say in words."""
    match given:
        case ["order", "create", id, "--price", price]:
            return Request(c.CreateOrder(id=id, price=price))
        case ["message", id, text]:
            return Request(c.SendMessage(id=id, text=text))
        case ["message", id, text, "--idempotency-key", key]:
            return Request(c.SendMessage(id=id, text=text), key=key)
        case ["order", "confirm", id, "--yes"]:
            return Request(c.Confirm(id=id), consent=True)
        case ["tick", duration]:
            return Request(q.Tick(duration=duration))
        case ["status", id]:
            return Request(q.Look(id=id))
    raise Malformed(None, f"not understood: {given}")


def enclose(command: c.Spoken) -> Enclosed:
    names = getattr(command, "evidence", ()) or getattr(command, "file", ())
    return Enclosed(tuple(Attachment(name=name, size=PHOTO.size, data=PHOTO.data) for name in names))


class Heard:
    """What a batch told, and its exit code."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.code: int | None = None
        self.held: dict[int, Any] = {}
        self.answers: list[tuple[int, Any]] = []
        self.exported: list[bytes] = []
        self.promised = True
        """Hold each answer to being durable."""

    def put(self, number: int, answer: Struct) -> bytes:
        self.held[number] = answer
        return str(number).encode()

    def tell(self, answers: list[bytes]) -> None:
        for number in map(int, answers):
            self.hear(number, self.held[number])

    def hear(self, number: int, answer: Struct) -> None:
        self.answers.append((number, answer))
        told = [event["seq"] for event in getattr(answer, "events", ())]
        if self.promised and told:
            with self.shop.store.read() as view:
                assert view.seq >= told[-1], f"line {number} was told before it was durable"

    @property
    def exits(self) -> list[tuple[int, int]]:
        """Line and exit code of each answer."""
        return [(number, 0 if answer.ok else answer.error.exit) for number, answer in self.answers]

    def __getitem__(self, number: int) -> Any:
        return dict(self.answers)[number]


def batch(
    shop: Shop,
    *lines: str | dict[str, Any],
    mode: Mode = Mode.STOP,
    chunk: int = 1000,
    stopped: Callable[[], bool] = lambda: False,
    heard: Heard | None = None,
    **options: Any,
) -> Heard:
    """Run the lines, so many of them there at once."""
    heard = heard or Heard(shop)
    heard.promised = not options.get("dry_run")
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    numbered = list(enumerate(texts, 1))
    chunks: Iterable[list[tuple[int, str]]] = [numbered[at : at + chunk] for at in range(0, len(numbered), chunk)]
    with_all = Batch(
        service=shop.service,
        options=Options(**{"consent": True, **options}),
        mode=mode,
        words=words,
        enclose=enclose,
        export=lambda question, data: heard.exported.append(data),
        explain=explain,
        put=heard.put,
        tell=heard.tell,
        stopped=stopped,
        resume=lambda: None,
    )
    heard.code = run(with_all, chunks)
    return heard
