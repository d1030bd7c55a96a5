"""Stores on disk, as a fuzzer sees them: the document's bytes spoiled, or its facts, with hashes that are right again; then opened, read, verified and written."""

import json
import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from dispute_cli import questions as q
from dispute_cli.cli.failures import code_of
from dispute_cli.core import commands as c
from dispute_cli.policies import load
from dispute_cli.service import Service
from dispute_cli.store import signals
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.lines import CLOSE
from tests.given import START
from tests.service.markets import PLAYS
from tests.service.shop import Shop, on_disk

from .mutations import as_json, mutated, restructured

ORDER = "O-1"
LIVED = ("protected", "offered", "escalated", "return sent", "asked for days", "cancelled", "ruled")
"""What the orders of the sound stores lived through."""


class Document(NamedTuple):
    data: bytes
    beside: bool
    """Whether the old index stands beside it."""


def sound(folder: Path) -> tuple[list[bytes], bytes]:
    """Some sound documents, and the index of the first."""
    made = []
    for play in LIVED:
        place = folder / play
        place.mkdir()
        shop = Shop(on_disk(place))
        PLAYS[play](shop.order(ORDER), ORDER)
        signals.drop()
        made.append((place / "disputes.json").read_bytes())
    return made, (folder / LIVED[0] / "disputes.json.d" / "index.sqlite").read_bytes()


def spoil_bytes(random: Random, document: Document, tokens: Sequence[bytes]) -> Document:
    """Bytes spoiled, beside the old index or none."""
    return Document(mutated(random, document.data, tokens), random.random() < 0.5)


def spoil_facts(random: Random, document: Document, tokens: Sequence[bytes]) -> Document:
    """Facts changed, and sealed again as if they had been written so; what is no store any more stays as it is."""
    try:
        return Document(forged(random, document.data), False)
    except (ValueError, KeyError, AttributeError, TypeError):
        return document


def forged(random: Random, data: bytes) -> bytes:
    """One commit's facts changed, and every hash from there on made right."""
    commits = commits_of(data)
    at = random.randrange(len(commits))
    return sealed(data, [*commits[:at], restructured(random, commits[at]), *commits[at + 1 :]])


def commits_of(data: bytes) -> list[dict[str, Any]]:
    """What each commit says besides its hashes."""
    commits = json.loads(data)["commits"].values()
    return [{key: value for key, value in commit.items() if key not in ("prev", "hash")} for commit in commits]


def sealed(data: bytes, commits: list[dict[str, Any]]) -> bytes:
    """The document with other commits, every hash right."""
    hash, lines = json.loads(data)["store"]["1"]["hash"], []
    for number, commit in enumerate(commits, 1):
        start, rest = b'"%d":{"prev":"%s",' % (number, hash.encode()), as_json(commit)[1:]
        hash = sha256(hash.encode() + start + rest).hexdigest()
        lines.append(start + b'"hash":"%s",' % hash.encode() + rest)
    return data.partition(b"\n")[0] + b"\n" + b",\n".join(lines) + CLOSE


def read_store(folder: Path, index: bytes) -> Callable[[Document], object]:
    """What opens a document in this folder, verifies and reads it, and then goes on in one of several ways."""
    store = JsonLogStore(str(folder / "disputes.json"), lock_timeout=5, tell=lambda _: None)
    service = Service(store, lambda: START, load)
    always: tuple[Callable[[], Any], ...] = (lambda: service.ask(q.Verify()), lambda: service.ask(q.Look(id=ORDER, at="2026-06-01", history=True)))
    in_turn: tuple[Callable[[], Any], ...] = (
        lambda: service.ask(q.Tick(duration="100d")),
        lambda: service.execute(c.SendMessage(id=ORDER, text="hello")),
        lambda: service.ask(q.Look(all=True)),
        lambda: service.ask(q.Ledger()),
    )

    def put(document: Document) -> None:
        Path(store.paths.document).write_bytes(document.data)
        for name in ("", "-wal", "-shm"):
            Path(store.paths.index + name).unlink(missing_ok=True)
        if document.beside:
            os.makedirs(store.paths.folder, exist_ok=True)
            Path(store.paths.index).write_bytes(index)

    def read(document: Document) -> None:
        put(document)
        for ask in (*always, in_turn[len(document.data) % len(in_turn)]):
            try:
                ask()
            except Exception as error:
                if code_of(error)[1] == 1:
                    raise
            finally:
                signals.drop()

    return read
