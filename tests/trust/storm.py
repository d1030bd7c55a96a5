"""Many processes at one store: writers that remember what they were told, readers that look all the while, and the judgement. No test lives here."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import dispute_cli
from tests.pictures import png
from tests.run import ROOT, Place

HAND = """
import importlib, json, os, pkgutil, sys, tempfile
import dispute_cli
from dispute_cli.cli import main as way_in
for module in pkgutil.walk_packages(dispute_cli.__path__, "dispute_cli."):
    if not module.name.endswith(("__main__", "tinydb_view")):
        importlib.import_module(module.name)

def child(argv, streams):
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    sys.stdin = open(0, closefd=False)
    sys.argv = ["dispute", *argv]
    way_in.main()

for line in sys.stdin:
    argv, given = json.loads(line)
    streams = [tempfile.TemporaryFile() for _ in range(3)]
    streams[0].write(given.encode())
    streams[0].seek(0)
    pid = os.fork()
    if not pid:
        child(argv, streams)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    for stream in streams:
        stream.seek(0)
    print(json.dumps([code, *(stream.read().decode() for stream in streams[1:])]), flush=True)
    for stream in streams:
        stream.close()
"""
"""Forks a process for each command line, with all that it imports already there: the way in and the way out are the program's own."""
PATIENCE = ("--lock-timeout", "10m")


class Looked(NamedTuple):
    """What one look at the store told."""

    what: str
    answer: Any
    said: str
    code: int


class Storm:
    """A store at which everybody works at once; `product` is the folder of another copy of the program."""

    def __init__(self, place: Place, product: Path | None = None) -> None:
        self.place = place
        self.product = product
        self.acknowledged: list[list[dict[str, Any]]] = []
        """The events of each answer of exit 0."""
        self.refused: list[str] = []
        self.looks: list[Looked] = []
        self.backups: list[str] = []
        self.over = threading.Event()
        self.hands: dict[int, subprocess.Popen[str]] = {}

    def run(self, *argv: str, stdin: str = "") -> tuple[int, str, str]:
        """A process of its own: exit code and streams."""
        hand = self.hand()
        assert hand.stdin and hand.stdout
        hand.stdin.write(json.dumps([["--json", *PATIENCE, *argv], stdin]) + "\n")
        hand.stdin.flush()
        code, out, err = json.loads(hand.stdout.readline())
        return code, out, err

    def hand(self) -> "subprocess.Popen[str]":
        """This thread's own starter of processes."""
        if threading.get_ident() not in self.hands:
            env = {**self.place.environment(), "PYTHONPATH": str(self.product or ROOT)}
            self.hands[threading.get_ident()] = subprocess.Popen(
                [sys.executable, "-c", HAND], cwd=self.place.folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        return self.hands[threading.get_ident()]

    def close(self) -> None:
        for hand in self.hands.values():
            hand.communicate()

    def write(self, *argv: str, stdin: str = "") -> None:
        """One writing command, and what it was told."""
        code, out, err = self.run(*argv, stdin=stdin)
        if code:
            self.refused.append(f"{argv}: {code} {out} {err}")
        answers = [json.loads(line) for line in out.splitlines()]
        told = [answer["events"] for answer in answers if answer["ok"]]
        self.acknowledged += [[event for events in told for event in events]] if "--atomic" in argv else told

    def writer(self, number: int, commands: int, longest: int) -> None:
        """So many commands: one alone, then batches of one, two, … lines, every other one atomic; then again."""
        self.write("order", "create", f"O-{number}", "--price", "10.00", "--delivery", "1.00")
        made, size = 1, 1
        while made < commands:
            self.write("message", f"O-{number}", f"{number}.{made}")
            made += 1
            lines = list(self.lines(number, made, min(size, commands - made)))
            if lines:
                self.write("batch", *(("--atomic",) if size % 2 else ()), stdin="".join(lines))
            made, size = made + len(lines), size % longest + 1

    def lines(self, number: int, made: int, count: int) -> Iterator[str]:
        """Lines of a batch: purchases, whose events stand or fall together, talk, disputes with a picture; the last one time."""
        for each in range(made, made + count):
            if each == made + count - 1 and count % 2:
                yield "tick 1h\n"
                return
            yield (
                f"order create P-{number}-{each} --item Cup=1.00 --item Pot=2.00 --item Jar=3.00\n",
                f"message O-{number} {number}.{each}\n",
                f"open P-{number}-{each - 2}/1 --received --reason defective --refund 0.50 --message x --evidence {number}.png\n",
            )[(each - made) % 3]

    def reader(self, *questions: tuple[str, ...]) -> None:
        """Ask until all is over, each question at least once."""
        while True:
            for question in questions:
                self.look(*question)
            if self.over.is_set():
                return

    def look(self, *question: str) -> None:
        """Ask one question."""
        code, out, err = self.run(*question)
        self.looks.append(Looked(question[0], json.loads(out), err, code))

    def vandal(self) -> None:
        """Take the index away until all is over, whoever is at work, with a look in between."""
        while not self.over.is_set():
            (self.place.folder / "disputes.json.d/index.sqlite").unlink(missing_ok=True)
            self.look("events")

    def backer(self) -> None:
        """Make one backup after another until all is over, and at least two; each is judged when the storm is past."""
        while len(self.backups) < 2 or not self.over.is_set():
            name = f"copy-{len(self.backups)}.json"
            code, out, err = self.run("backup", name)
            self.backups.append(name)
            if code:
                self.refused.append(f"backup: {code} {out} {err}")

    def rage(self, writers: int, commands: int, longest: int = 9, readers: int = 4, beside: tuple[Callable[[], None], ...] = ()) -> None:
        """Everybody at once, until the last writer is done."""
        for number in range(writers):
            (self.place.folder / f"{number}.png").write_bytes(png(number))
        with ThreadPoolExecutor(writers + readers + len(beside)) as pool:
            looking = [pool.submit(self.reader, QUESTIONS[number % len(QUESTIONS)], ("events",)) for number in range(readers)]
            looking += [pool.submit(each) for each in beside]
            try:
                for each in [pool.submit(self.writer, number, commands, longest) for number in range(writers)]:
                    each.result()
            finally:
                self.over.set()
            for look in looking:
                look.result()


QUESTIONS: tuple[tuple[str, ...], ...] = (("status", "--all"), ("ledger",), ("verify",), ("deadlines",))


def faults(storm: Storm) -> list[str]:
    """What is not as promised, in the end and in every look."""
    code, out, _ = storm.run("events")
    if code:
        return [f"the store cannot be read any more: {out}"]
    events = json.loads(out)["events"]
    told = list(of_writers(storm, events))
    told += storm.refused
    told += [fault for name in storm.backups for fault in of_backup(name, events, storm)]
    if storm.run("verify")[0]:
        told.append(f"verify: {storm.run('verify')[1]}")
    return told + [fault for look in storm.looks for fault in of_look(look, events, storm)]


def of_writers(storm: Storm, events: list[dict[str, Any]]) -> Iterator[str]:
    """Everything acknowledged is there once and as it was told, and nothing else."""
    if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
        yield "seq has gaps"
    acknowledged = sorted((event for answer in storm.acknowledged for event in answer), key=lambda event: event["seq"])
    if acknowledged != events:
        yield f"{len(acknowledged)} events were acknowledged, {len(events)} are there, or others"


def of_look(look: Looked, events: list[dict[str, Any]], storm: Storm) -> Iterator[str]:
    """A reader sees a beginning of the log, whole answers only, and sums of zero; nobody tells it of anything to mend but a lost index."""
    if look.code:
        yield f"{look.what}: {look.code} {look.answer}"
        return
    if look.said and "the index was not usable" not in look.said:
        yield f"{look.what} said: {look.said}"
    match look.what:
        case "events":
            seen = look.answer["events"]
            if seen != events[: len(seen)]:
                yield f"a reader saw {len(seen)} events that are not how the log begins"
            if any(answer[0]["seq"] <= len(seen) < answer[-1]["seq"] for answer in storm.acknowledged if answer):
                yield f"a reader saw half of an answer, up to event {len(seen)}"
        case "ledger":
            if any(sums(look.answer["postings"]).values()) or any(sums(look.answer["balances"]).values()):
                yield "a reader saw money that does not sum to zero"
        case "verify":
            if look.answer["problems"]:
                yield f"a reader found {look.answer['problems']}"


def of_backup(name: str, events: list[dict[str, Any]], storm: Storm) -> Iterator[str]:
    """A backup is a sound store, and a beginning of the log that cuts no answer in two."""
    code, out, err = storm.run("events", "--store", name)
    if code:
        yield f"{name}: {code} {out} {err}"
        return
    yield from of_look(Looked("events", json.loads(out), err, code), events, storm)
    code, out, err = storm.run("verify", "--store", name)
    if code:
        yield f"{name}: {code} {out} {err}"


def sums(amounts: list[dict[str, Any]]) -> dict[str, int]:
    """The sum of amounts of each currency, in hundredths."""
    found: dict[str, int] = {}
    for each in amounts:
        found[each["currency"]] = found.get(each["currency"], 0) + int(each["amount"].replace(".", ""))
    return found


def product(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy of the program with bugs planted: (file, old text, new text)."""
    source = Path(dispute_cli.__file__).parent
    shutil.copytree(source, folder / "dispute_cli", ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in changes:
        file = folder / "dispute_cli" / name
        text = file.read_text()
        assert text.count(old) == 1, (name, old)
        file.write_text(text.replace(old, new))
    return folder
