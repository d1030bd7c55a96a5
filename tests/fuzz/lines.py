"""Lines of a batch, as a fuzzer sees them: JSON and words, spoiled in their bytes or their structure, run in a market in memory."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from dispute_cli import answers as a
from dispute_cli.cli.batching import put, request_of
from dispute_cli.cli.failures import failed
from dispute_cli.core import commands as c
from dispute_cli.core.evidence import Attachment
from dispute_cli.keys import Enclosed, Options
from dispute_cli.runs.batch import Batch, Mode, run
from tests.given import PHOTO
from tests.service.shop import Shop

from .mutations import as_json, mutated, restructured

AS_JSON: tuple[dict[str, Any], ...] = (
    {"command": "order create", "id": "O-2", "price": "50.00", "delivery": "5.00", "currency": "USD", "title": "Cup", "deliver_by": "2026-02-01"},
    {"command": "order create", "id": "P", "item": ["Cup=10.00", "Pot=20.00"], "delivery": "1.00"},
    {"command": "open", "id": "O-1", "received": True, "reason": "defective", "refund": "20.00", "return": False, "message": "Broken", "evidence": ["a.png"], "link": ["https://a.b/c"]},
    {"command": "edit", "id": "O-1", "reason": "damaged", "refund": "full", "return": True, "keep": True},
    {"command": "respond", "id": "O-1", "refund": "5.00", "return": True, "message": "So"},
    {"command": "respond", "id": "O-1", "promise": "Soon", "as": "seller", "key": "k"},
    {"command": "extend-protection", "id": "O-1", "days": 3},
    {"command": "escalate", "id": "O-1", "confirm": True},
    {"command": "add-evidence", "id": "O-1", "file": ["a.png"], "note": "Look", "as": "seller"},
    {"command": "message", "id": "O-1", "text": "See https://a.b", "as": "platform", "yes": True, "strict": True},
    {"command": "return send", "id": "O-1", "tracking": "R", "postage": "8.40"},
    {"command": "review request-evidence", "id": "O-1", "from": "buyer", "days": 2},
    {"command": "review rule", "id": "O-1", "refund": "0", "reason": "So", "early": True},
    {"command": "tick", "duration": "1d"},
    {"command": "tick", "until": ["O-1", "status == 'closed'"]},
    {"command": "tick", "to": "2026-03-01T00:00:00Z"},
    {"command": "status", "id": "O-1", "at": "2026-02-01", "history": True},
    {"command": "status", "all": True, "due": "30d", "sort": "due", "limit": 3},
    {"command": "events", "id": "O-1", "since": 1, "type": ["settled"]},
    {"command": "evidence export", "id": "O-1", "hash": "0" * 64, "file": "x.png"},
    {"command": "ledger"}, {"command": "deadlines", "within": "9d"}, {"command": "rules", "rule": "D7"}, {"command": "schema", "name": "order"}, {"command": "verify"},
)  # fmt: skip
AS_WORDS = (
    "order create O-3 --price 50.00 --delivery 5.00 --title 'A cup'", "open O-1 --not-received --reason wrong_tracking --message 'Never came' --as buyer",
    "open O-1 --received --reason defective --refund 20.00 --message x --evidence a.png --link https://a.b", "respond O-1 --refund 5.00 --return", "cancel O-1 --yes",
    "tick 30d", "tick --next --before", "tick --until O-1 \"status == 'closed'\"", "status O-1 --at 2026-02-01", "message O-1 hello --idempotency-key k", "accept O-1 --as seller",
    "evidence list O-1", "policy show", "order confirm O-1 --yes", "extend-protection O-1 --grant --days 5 --as seller", "reasons", "escalate O-1 --confirm",
)  # fmt: skip
SEEDS = (*(as_json(line).decode() for line in AS_JSON), *AS_WORDS)
AFRESH = 100
"""Lines until the market begins anew, so that none grows without end."""


def spoil_line(random: Random, line: str, tokens: Sequence[bytes]) -> str:
    """One line: mostly still a command, with one value or word spoiled; no newline in it, however it was spoiled."""
    made = line.encode("utf-8", "surrogateescape")
    if random.random() < 0.25:
        made = mutated(random, made, tokens)
    elif line.startswith("{"):
        made = spoil_value(random, made, tokens)
    else:
        words = made.split(b" ")
        at = random.randrange(min(2, len(words) - 1), len(words))
        made = b" ".join((*words[:at], random.choice((mutated(random, words[at], tokens), random.choice(words), b"")), *words[at + 1 :]))
    return made.decode("utf-8", "surrogateescape").replace("\n", " ").replace("\r", " ").strip() or "x"


def spoil_value(random: Random, line: bytes, tokens: Sequence[bytes]) -> bytes:
    """JSON with something changed besides the command's name; what is no JSON any more is spoiled as bytes."""
    try:
        said = json.loads(line)
        name = said.pop("command")
        changed = restructured(random, said)
        return as_json({"command": name, **changed} if isinstance(changed, dict) else changed)
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError):
        return mutated(random, line, tokens)


class Market:
    """A batch that runs one line at a time, and remembers what it told."""

    def __init__(self) -> None:
        self.count = 0
        self.faults: list[str] = []

    def begin(self) -> Batch:
        shop = Shop().order("O-1").tick("1d")
        return Batch(
            service=shop.service, options=Options(), mode=Mode.KEEP_GOING, words=request_of, enclose=enclose, export=lambda question, data: None,
            explain=self.explain, put=put, tell=lambda answers: None, stopped=lambda: False, resume=lambda: None,
        )  # fmt: skip

    def explain(self, number: int, error: Exception, name: str | None) -> a.Failed:
        answer = failed(error, name, recorded=False)
        if answer.error.exit == 1:
            raise error
        return answer

    def read(self, line: str) -> None:
        if self.count % AFRESH == 0:
            self.batch = self.begin()
        self.count += 1
        run(self.batch, [[(1, line)]])


def enclose(command: c.Spoken) -> Enclosed:
    """Every file that a line names holds the same picture."""
    names = getattr(command, "evidence", ()) or getattr(command, "file", ())
    return Enclosed(tuple(Attachment(name=name, size=PHOTO.size, data=PHOTO.data) for name in names))
