"""What a struck command may leave behind: its exit code and its answer held against the events that are there afterwards."""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dispute_cli.core.events import Event, EvidenceAdded
from dispute_cli.store import Entry, StoreMissing, StoreUnusable, blobs
from dispute_cli.store.json_log import JsonLogStore
from tests.run import Place
from tests.store.facts import facts, problems

from .points import Known
from .stage import Played

Facts = list[Event] | None
"""None where there is no store."""
KEPT = {"lock", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "blobs"}
"""What may stand in a store's folder, beside bytes that were cut off a torn end."""


class Verdict(NamedTuple):
    complaints: list[str]
    """Promises that were broken."""
    lost: int = 0
    """Events that were told, or there before, and are not there."""
    durable: bool = False
    """Events are there that were not told."""


class Expected:
    """What a case may leave: its events before, after each of its commits, and at the end."""

    def __init__(self, known: Known) -> None:
        self.case = known.case
        self.before = events_of(shutil.copytree(known.template, known.whole.parent / "before"))
        self.after = events_of(known.whole)
        self.document = document_of(known.template)
        self.litter = litter(known.template)
        self.answers = told(known.played.out, known.whole)
        self.stages = [self.before, *stages(known.whole, self.before)]
        assert self.after in self.stages

    @property
    def seq(self) -> int:
        return len(self.before or ())


class Left(NamedTuple):
    """What a command left: its exit code, what it told, what is there."""

    expected: Expected
    folder: Path
    code: int
    answers: list[Any]
    document: bytes | None
    """Before a reader mended it."""
    found: Facts

    @property
    def case(self) -> str:
        return self.expected.case.name

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.answers[-1].get("error", {}) if self.answers else {}
        return error

    @property
    def known(self) -> int:
        """How many events were there, or were told."""
        return self.expected.seq + sum(len(answer.get("events", ())) for answer in self.answers)

    @property
    def lost(self) -> int:
        told = {event["seq"] for answer in self.answers for event in answer.get("events", ())}
        acknowledged = [event for event in self.expected.after or () if event.seq in told]
        if self.case != "force":
            acknowledged += self.expected.before or ()
        return sum(event not in (self.found or ()) for event in acknowledged)


def stages(folder: Path, before: Facts) -> list[Facts]:
    """The events as they are after each commit that the case adds."""
    all = [entry.commit.events for entry in store(folder).audit() if isinstance(entry, Entry)]
    whole = [[event for events in all[:count] for event in events] for count in range(len(all) + 1)]
    return [events for events in whole if before is None or len(events) > len(before)] or [whole[-1]]


def judge(expected: Expected, folder: Path, played: Played) -> Verdict:
    """Hold what a command said against what is there; then the store must go on working."""
    document = document_of(folder)
    try:
        found = events_of(folder)
    except (StoreUnusable, OSError) as error:
        return Verdict([f"the store is unreadable: {error}"], lost=expected.seq)
    left = Left(expected, folder, played.code, told(played.out, folder), document, found)
    complaints = [*of_the_events(left), *of_the_code(left), *of_what_is_beside(left)]
    return Verdict(complaints or list(of_the_future(left)), left.lost, len(found or ()) > left.known)


def of_the_events(left: Left) -> Iterator[str]:
    """Whole commits of the uninterrupted run, and all that was told."""
    if left.found not in left.expected.stages:
        yield f"the {len(left.found or ())} events are no whole commits of the uninterrupted run"
    if left.lost:
        yield f"{left.lost} acknowledged events are lost"


def of_the_code(left: Left) -> Iterator[str]:
    """Exit 0: all is there. 2–8, 130, and 1 of known outcome: nothing but what was told. Killed, or of unknown outcome: either."""
    if left.code == 0:
        yield from of_success(left)
    elif left.code in (*range(1, 9), 130):
        if not left.error.get("outcome_unknown"):
            yield from (f"exit {left.code}, {complaint}: {left.error.get('message')}" for complaint in of_failure(left))
    elif left.code != -signal.SIGKILL:
        yield f"exit {left.code}, which nobody expects"


def of_success(left: Left) -> Iterator[str]:
    if left.found != left.expected.after:
        yield "exit 0, and the events are not there"
    if left.answers != left.expected.answers:
        yield f"exit 0, and the answer is another: {left.answers}"
    if left.case == "backup" and not (left.folder / "copy.json").exists():
        yield "exit 0, and no copy"


def of_failure(left: Left) -> Iterator[str]:
    """What failed changed nothing; a tick that was cut short says what it did."""
    unchanged = left.found == left.expected.before
    if left.case == "tick" and left.code == 130:
        if unchanged != left.error["message"].endswith("nothing was changed."):
            yield f"and {len(left.found or ())} events are there"
    elif (left.found is None) != (left.expected.before is None) or len(left.found or ()) != left.known:
        yield "and something was changed"
    if unchanged and left.expected.case.settled and left.document != left.expected.document:
        yield "and the document is not as it was"
    if list(left.folder.glob("copy.json*")):
        yield "and something of the copy is left"
    if left.case == "repair" and litter(left.folder) != left.expected.litter:
        yield "and something was removed"


def of_what_is_beside(left: Left) -> Iterator[str]:
    """What a command makes beside the log: a copy, an old document set aside."""
    copy, aside = left.folder / "copy.json", left.folder / "disputes.json.bak"
    if copy.exists() and (events_of(left.folder, copy.name) != left.expected.before or problems(store(left.folder, copy.name))):
        yield "the copy is not whole"
    if left.case == "force" and left.found == [] and document_of(left.folder, aside.name) != left.expected.document:
        yield "the old document was not set aside"


def litter(folder: Path) -> list[str]:
    """What there is to repair."""
    found = [*folder.glob(f"disputes.json.d/{blobs.LEFTOVER}*"), *folder.glob("disputes.json.d/blobs/*")]
    return sorted(path.name for path in found)


def of_the_future(left: Left) -> Iterator[str]:
    """The same command again, then another one; nothing is doubled, `verify` is clean, and `repair` removes what is left over."""
    place = Place(left.folder)
    if left.expected.case.repeatable or left.found == left.expected.before:
        for path in left.folder.glob("copy.json*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        again = place("--json", *left.expected.case.argv)
        if again.code or events_of(left.folder) != left.expected.after:
            yield f"sent again it does not end as the uninterrupted run: {again}"
            return
    ids = {event.order for event in events_of(left.folder) or ()}
    more = place("--json", "message", "O-1", "and on") if "O-1" in ids else place("--json", "order", "create", "O-1", "--price", "5.00")
    if more.code:
        yield f"the next command fails: {more}"
    yield from (f"verify: {problem.message}" for problem in problems(store(left.folder)))
    yield from strays(place)


def strays(place: Place) -> Iterator[str]:
    """What `repair` does not remove, and no event names."""
    place.ok("repair")
    folder = place.folder / "disputes.json.d"
    named = {event.hash for event in events_of(place.folder) or () if isinstance(event, EvidenceAdded)}
    yield from (f"left over: {path.name}" for path in folder.iterdir() if path.name not in KEPT and not path.name.startswith("torn-"))
    yield from (f"left over: {path.name}" for path in folder.glob("blobs/*") if path.name not in named)


def events_of(folder: Path, name: str = "disputes.json") -> Facts:
    try:
        return facts(store(folder, name))
    except StoreMissing:
        return None


def unlocked(log: str) -> list[str]:
    """The calls that change the document while the lock is not held."""
    held, found = False, []
    for line in log.splitlines():
        if "/lock>" in line:
            held = held or bool(re.search(r" flock\(.*LOCK_EX.*\) = 0$", line))
            held = held and " close(" not in line
        elif re.search(r" (pwrite64|ftruncate|fdatasync)\(\d+<[^>]*/disputes\.json>| rename\(.*/disputes\.json\"\)", line) and not held:
            found.append(line)
    return found


def document_of(folder: Path, name: str = "disputes.json") -> bytes | None:
    """The bytes of a document as they lie there."""
    path = folder / name
    return path.read_bytes() if path.exists() else None


def store(folder: Path, name: str = "disputes.json") -> JsonLogStore:
    return JsonLogStore(str(folder / name), tell=lambda _: None)


def told(out: bytes, folder: Path) -> list[Any]:
    """The answers that were told whole, wherever the folder is."""
    lines = out.decode().replace(str(folder), "").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]
