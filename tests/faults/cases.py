"""The writing commands that are struck, each with the store that it finds. Nothing is run under strace here, and nothing judged."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dispute_cli.store import blobs
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.lines import CLOSE
from tests.pictures import PNG, png
from tests.run import Place

NOT_RECEIVED = ("--not-received", "--reason", "wrong_tracking", "--message", "Another parcel has this number")
KEYED = ("--idempotency-key", "key-1")
LINES: list[dict[str, object]] = [
    {"command": "order create", "id": "O-7", "price": "10.00"},
    {"command": "message", "id": "O-7", "text": "hello"},
    {"command": "order ship", "id": "O-7", "tracking": "T-7"},
    {"command": "respond", "id": "O-2", "refund": "5.00"},
    {"command": "message", "id": "O-1", "text": "bye"},
]


class Case(NamedTuple):
    """A command, and how its folder is made ready for it."""

    name: str
    argv: tuple[str, ...]
    prepare: Callable[[Place], object]
    repeatable: bool = False
    """It has idempotency keys, or names its end: sent again it must end in the very same events."""
    settled: bool = True
    """The index fits the document when the command comes, as after any command that ended well."""


def nothing(place: Place) -> None:
    """A folder without a store."""


def market(place: Place) -> None:
    """Three orders, two of them disputed, one with evidence."""
    (place.folder / "cup.png").write_bytes(PNG)
    (place.folder / "plate.png").write_bytes(png(7))
    (place.folder / "lines").write_text("".join(json.dumps({**line, "key": f"line-{number}"}) + "\n" for number, line in enumerate(LINES)))
    place.ok("init")
    for id in ("O-1", "O-2", "O-3"):
        place.ok("order", "create", id, "--price", "50.00", "--delivery", "5.00")
    place.ok("open", "O-2", *NOT_RECEIVED)
    place.ok("open", "O-3", *NOT_RECEIVED)
    place.ok("add-evidence", "O-2", "cup.png")


def littered(place: Place) -> None:
    """Beside the market what killed writers left: a temporary file, and evidence that no event names."""
    market(place)
    folder = place.folder / "disputes.json.d"
    blobs.keep(str(folder), png(9))
    (folder / f"{blobs.LEFTOVER}document").write_bytes(b"half")


def torn(place: Place) -> None:
    """A write that a kill cut short."""
    market(place)
    document = place.folder / "disputes.json"
    document.write_bytes(document.read_bytes().removesuffix(CLOSE) + b',\n"7":{"prev":"half')


def unindexed(place: Place) -> None:
    """A whole commit that was written, but never acknowledged: the index is that of before."""
    market(place)
    index = place.folder / "disputes.json.d" / "index.sqlite"
    before = index.read_bytes()
    place.ok("message", "O-3", "never told")
    index.write_bytes(before)


def without_index(place: Place) -> None:
    """No witness, as in a store copied without its folder's index."""
    market(place)
    (place.folder / "disputes.json.d" / "index.sqlite").unlink()


MESSAGE = ("message", "O-1", "hello", *KEYED)
CASES = {
    case.name: case
    for case in (
        Case("init", ("init",), nothing),
        Case("create", ("order", "create", "O-4", "--price", "20.00"), market),
        Case("open", ("open", "O-1", *NOT_RECEIVED, "--evidence", "plate.png", *KEYED), market, repeatable=True),
        Case("respond", ("respond", "O-2", "--refund", "5.00", *KEYED), market, repeatable=True),
        Case("message", MESSAGE, market, repeatable=True),
        Case("tick", ("tick", "--to", "2026-05-01"), market, repeatable=True),
        Case("batch", ("batch", "lines"), market, repeatable=True),
        Case("atomic", ("batch", "lines", "--atomic"), market, repeatable=True),
        Case("backup", ("backup", "copy.json"), market),
        Case("force", ("init", "--force"), market),
        Case("repair", ("repair",), littered),
        Case("torn", MESSAGE, torn, repeatable=True, settled=False),
        Case("unindexed", MESSAGE, unindexed, repeatable=True, settled=False),
        Case("rebuild", MESSAGE, without_index, repeatable=True, settled=False),
    )
}  # fmt: skip


def large(case: Case) -> Case:
    """The same with a document that is longer than anything else, so that a limit on files is the document's alone."""

    def prepare(place: Place) -> None:
        case.prepare(place)
        for number in range(8):
            place.ok("message", "O-3", f"{number}" * 60_000)

    return case._replace(name=f"large {case.name}", prepare=prepare)


LARGE = {case.name: case for case in (large(CASES[name]) for name in ("create", "open", "respond", "message", "tick", "batch", "atomic"))}


def settle(folder: Path) -> None:
    """Let the index fit a document that was copied: another inode makes it build anew."""
    document = folder / "disputes.json"
    if document.exists():
        with JsonLogStore(str(document)).read():
            pass
