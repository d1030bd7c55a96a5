"""Many commands, one start, one lock: lines in, one result a line out. Lines that are there together share one sync; no result is told before it is durable."""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from .. import answers as a
from .. import book, reading
from .. import questions as q
from ..core import commands as c
from ..core.malformed import Malformed, quote
from ..core.words import Actor
from ..keys import Enclosed, Options, check_key
from ..service import Service, execute, told_when
from ..session import Session
from ..steps import Step, Stopped, Watch
from ..store import Desk
from ..ticking import catch_up, tick, tick_durably

MOST_LINE = 1024 * 1024
"""Characters."""
MOST_WORDS = 256 * 1024
"""Characters of a line that is split into words, which takes the square of its length."""
MOST_BYTES = 4 * (MOST_LINE + 1)
"""More is not kept of a line: so many bytes are too many characters already."""
ESCAPED_HALF = re.compile(r"\\u[dD]")
FAULT = 1
FAILED_IN_PART = 9
ALONE = (q.Tick, q.Verify, q.Repair, q.Backup)
"""What writes by itself, or looks past the session: all before it is made durable and told first."""


class Mode(StrEnum):
    STOP = "stop"
    """At the first failure; what came before stays."""
    ATOMIC = "atomic"
    KEEP_GOING = "keep-going"


class Request(Struct, frozen=True):
    """One line, understood."""

    asked: c.Spoken | q.Asked
    key: str | None = None
    consent: bool = False
    strict: bool = False


class Unparsable(Exception):
    """A line that is no command: exit code 8."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Batch(Struct, frozen=True):
    """What a batch needs of the place where it runs."""

    service: Service
    options: Options
    """Of the whole batch: they hold for every line."""
    mode: Mode
    words: Callable[[list[str]], Request]
    """Understands the words of a command line without `dispute`; `Malformed` where they are wrong."""
    enclose: Callable[[c.Spoken], Enclosed]
    """Reads what a command names: its files, and the language of its text."""
    export: Callable[[q.EvidenceExport, bytes], None]
    """Writes exported bytes where the question says."""
    explain: Callable[[int, Exception, str | None], a.Failed]
    """Makes an error's answer, given the line's number."""
    tell: Callable[[int, Struct], None]
    """Told each line's number and answer, in order."""
    stopped: Callable[[], bool]
    """Whether somebody asked to stop: between two syncs the batch then ends."""
    resume: Callable[[], None]
    """Called before more lines are waited for, when everything was told: what was held back may strike."""
    acting: Actor | None = None
    """Who gives the lines that do not say so themselves."""
    watch: Watch | None = None
    """Told after each line how far it is; None where nobody looks."""


def run(batch: Batch, chunks: Iterable[list[tuple[int, str]]]) -> int:
    """Run the lines; return the exit code. `Stopped` where the batch was asked to stop."""
    line = Runner(batch)
    try:
        with line.stack:
            return run_lines(line, batch, chunks)
    except KeyboardInterrupt as stop:
        raise line.stopped(stop) from stop


def run_lines(line: "Runner", batch: Batch, chunks: Iterable[list[tuple[int, str]]]) -> int:
    for chunk in chunks:
        for number, text in chunk:
            line.one(number, text)
            if line.code and batch.mode is not Mode.KEEP_GOING:
                return line.give_up()
            line.show()
        line.settle()
        if line.code and batch.mode is not Mode.KEEP_GOING:
            return line.code
        if batch.stopped():
            raise KeyboardInterrupt
        batch.resume()
    return line.finish()


class Runner:
    """The batch under way: its lock, its session, and the answers that are not durable yet."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.stack = ExitStack()
        self.desk: Desk | None = None
        self.session: Session | None = None
        self.waiting: list[tuple[int, Struct]] = []
        self.code = 0
        self.number = 0
        """Of the line under way."""
        self.told = 0
        """The last line that is durable and told."""

    @property
    def durable(self) -> bool:
        """Lines become durable as they come: neither a dry run nor all or nothing."""
        return not self.batch.options.dry_run and self.batch.mode is not Mode.ATOMIC

    def open(self) -> tuple[Desk, Session]:
        """The session under the lock, taken at the first line that needs a store."""
        if self.desk is None or self.session is None:
            self.desk, self.session = self.stack.enter_context(self.batch.service.writing("batch"))
        return self.desk, self.session

    def one(self, number: int, text: str) -> None:
        """Do one line; its answer waits until it is durable. Every error becomes an answer; what is no known one is told as a fault."""
        self.number = number
        try:
            request = understand(text, self.batch.words)
        except Exception as fault:
            self.fail(number, fault, named(text))
            return
        if self.durable and isinstance(request.asked, ALONE):
            self.settle()
        try:
            self.waiting.append((number, self.perform(request)))
        except Exception as fault:
            self.fail(number, fault, c.name_of(request.asked))

    def fail(self, number: int, fault: Exception, name: str | None) -> None:
        """Answer for a line that failed; after a fault the session is not believed any more."""
        failed = self.batch.explain(number, fault, name)
        self.waiting.append((number, failed))
        self.code = FAILED_IN_PART if self.batch.mode is Mode.KEEP_GOING else failed.error.exit
        if failed.error.exit == FAULT:
            self.settle()
            self.close()

    def perform(self, request: Request) -> Struct:
        asked = request.asked
        if self.batch.acting is not None and asked.by is None:
            asked = replace(asked, by=self.batch.acting)
        whole = self.batch.options
        options = replace(whole, key=request.key, consent=whole.consent or request.consent, strict=whole.strict or request.strict)
        match asked:
            case q.Reasons() | q.Rules() | q.PolicyList() | q.PolicyShow() | q.Lifecycle() | q.Schema():
                return book.answer(asked)
            case q.Verify() | q.Repair() | q.Backup():
                return self.outside(asked)
        desk, session = self.open()
        with told_when(session):
            return self.inside(asked, options, desk, session)

    def inside(self, asked: Any, options: Options, desk: Desk, session: Session) -> Struct:
        """Ask or command in the session, so that each line sees what came before."""
        target = self.batch.service.target(desk)
        match asked:
            case q.Tick():
                return self.tick(asked, options, desk, session, target)
            case q.EvidenceExport():
                if not self.durable:
                    raise misplaced(asked)
                session.see(target)
                exported, data = reading.export(session, asked)
                self.batch.export(asked, data)
                return exported
            case q.Look() | q.Events() | q.Ledger() | q.Deadlines() | q.EvidenceList():
                session.see(target)
                return reading.answer(session, asked)
        catch_up(session, desk if self.durable else None, target)
        return execute(session, asked, options, self.batch.enclose(asked), self.batch.service.policies, desk.keep)

    def tick(self, asked: q.Tick, options: Options, desk: Desk, session: Session, wall: datetime) -> a.Ticked:
        watch = self.show_tick if self.batch.watch else None
        if not self.durable:
            return tick(session, None, asked, options, max(wall, session.now), watch)
        return tick_durably(session, desk, asked, options, wall, watch)

    def outside(self, asked: q.Verify | q.Repair | q.Backup) -> Struct:
        """Look after the store from outside the lock."""
        if not self.durable:
            raise misplaced(asked)
        self.close()
        self.batch.resume()  # all before it is told
        return self.batch.service.ask(asked)

    def settle(self) -> None:
        """Make what was done durable with one sync, then tell the answers; of all or nothing none is told before the end."""
        if self.session and self.desk and self.durable:
            try:
                self.session.flush(self.desk)
            except OSError as fault:
                self.lose(fault)
        if self.batch.mode is not Mode.ATOMIC:
            self.tell()

    def lose(self, fault: OSError) -> None:
        """The disk took nothing of what waited: every answer that told of a change becomes a failure, and the session is believed no more."""
        for place, (number, answer) in enumerate(self.waiting):
            if isinstance(answer, a.Written) and answer.changed:
                failed = self.batch.explain(number, fault, answer.command)
                self.waiting[place] = (number, failed)
                self.code = FAILED_IN_PART if self.batch.mode is Mode.KEEP_GOING else failed.error.exit
        self.close()

    def tell(self) -> None:
        for number, answer in self.waiting:
            self.batch.tell(number, answer)
            self.told = number
        self.waiting.clear()

    def close(self) -> None:
        self.stack.close()
        self.desk = self.session = None

    def give_up(self) -> int:
        """End at a failure: what came before stays, or with --atomic nothing does and the failure alone is told."""
        if self.batch.mode is Mode.ATOMIC:
            self.waiting = self.waiting[-1:]
            self.tell()
        self.settle()
        return self.code

    def finish(self) -> int:
        """End well: with --atomic everything becomes durable now, as one commit."""
        if self.session and self.desk and self.batch.mode is Mode.ATOMIC and not self.batch.options.dry_run:
            self.session.flush_as_one(self.desk)
        self.tell()
        return self.code

    def show(self, at: datetime | None = None) -> None:
        """Say how far it is, to whoever looks."""
        if self.batch.watch:
            self.batch.watch(Step("batch", self.number, "lines", at=at))

    def show_tick(self, step: Step) -> None:
        """Show a long tick by the instant that it reached."""
        self.show(step.at)

    def stopped(self, stop: KeyboardInterrupt) -> Stopped:
        """Say after which line it was stopped, and of a line that was cut short what it did."""
        if not self.durable:
            return Stopped(f"interrupted in line {self.number:,}: nothing was changed.")
        now = self.desk.now if self.desk else None
        after = f"after line {self.told:,}: what was told until then is written" if self.told else "before the first line was done"
        if isinstance(stop, Stopped):
            return Stopped(f"interrupted {after}. Line {self.number:,} was cut short: {stop.message.removeprefix('interrupted: ')}", stop.now or now)
        return Stopped(f"interrupted {after}, nothing else." if self.told else f"interrupted {after}: nothing was changed.", now)


def named(text: str) -> str | None:
    """The command that a line names although it could not be understood, or None."""
    as_json = text.lstrip().startswith("{")
    if len(text) > (MOST_LINE if as_json else MOST_WORDS):
        return None
    try:
        words = [str(json.loads(text)["command"])] if as_json else shlex.split(text)
    except (ValueError, KeyError, RecursionError):
        return None
    return next((name for count in (1, 2) if (name := " ".join(words[:count])) in COMMANDS), None)


def misplaced(asked: q.Asked) -> Malformed:
    """What writes a file cannot stand where nothing may be written before the end, or at all."""
    return Malformed("command", f"'{c.name_of(asked)}' does not stand in a batch that is atomic or a dry run")


# Understanding a line


def understand(text: str, words: Callable[[list[str]], Request]) -> Request:
    """A JSON object, or the words of a command line; `Unparsable`, or `Malformed` where a value is wrong."""
    if len(text) > MOST_LINE:
        raise Unparsable(f"a line has at most {MOST_LINE:,} characters")
    if not is_text(text):
        raise Unparsable("it is not UTF-8 text")
    if text.lstrip().startswith("{"):
        return from_json(text)
    if len(text) > MOST_WORDS:
        raise Unparsable(f"a line of words has at most {MOST_WORDS:,} characters: give it as JSON")
    try:
        given = shlex.split(text)
    except ValueError as fault:
        raise Unparsable(f"its quoting does not end: {fault}") from None
    if not any(" ".join(given[:count]) in COMMANDS for count in (1, 2)) and not given[0].startswith("-"):
        raise Unparsable(f"{quote(given[0])} is no command that stands in a batch")
    return words(given)


def from_json(text: str) -> Request:
    """`{"command":"open","id":"O-1",…,"as":"buyer","key":"…"}`: option names with `_`, amounts as strings."""
    try:
        data = json.loads(text, object_pairs_hook=once, parse_constant=never)
        if ESCAPED_HALF.search(text) and not is_text(json.dumps(data, ensure_ascii=False)):
            raise ValueError("half a character is escaped")
    except (ValueError, RecursionError) as fault:
        raise Unparsable(f"it is not JSON: {fault or 'nested too deep'}") from None
    name = data.get("command")
    if not isinstance(name, str) or name not in COMMANDS:
        raise Unparsable(f"{json.dumps(name)} is no command that stands in a batch" if "command" in data else 'it names no "command"')
    keys = [data.pop(name) for name in ("key", "idempotency_key") if name in data]
    if len(keys) > 1:
        raise Malformed("key", '"key" and "idempotency_key" are the same: give one of them')
    consent, strict = data.pop("yes", False), data.pop("strict", False)
    try:
        asked = msgspec.convert(data, c.Spoken if COMMANDS[name] else q.Asked)
    except msgspec.ValidationError as fault:
        raise malformed(fault) from None
    return Request(asked, key_of(keys), check_flag("yes", consent), check_flag("strict", strict))


def is_text(text: str) -> bool:
    """Whether UTF-8 can hold it: no byte that was none, no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def malformed(fault: msgspec.ValidationError) -> Malformed:
    """What a value is not: in the command's own words where it says so."""
    cause = fault.__cause__
    return cause if isinstance(cause, Malformed) else Malformed(None, str(fault))


def key_of(given: list[Any]) -> str | None:
    """The line's idempotency key, if it gives one."""
    if not given or given[0] is None:
        return None
    if not isinstance(given[0], str):
        raise Malformed("key", '"key" is a text')
    return check_key(given[0], '"key"')


def check_flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed(name, f'"{name}" is true or false')
    return value


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no key stands twice."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key stands twice")
    return data


def never(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


COMMANDS = {c.name_of(kind): True for kind in c.Spoken.__args__} | {c.name_of(kind): False for kind in q.Asked.__args__}
"""What stands in a batch, by the subcommand's words; true for commands, false for questions."""


# Reading the lines


def chunks(read: Callable[[int], bytes]) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines as they arrive, those that are there together in one list; blank lines and `#` lines are passed over."""
    number, rest = 0, b""
    while piece := read(65536):
        *whole, rest = (rest + piece).split(b"\n")
        rest = rest[:MOST_BYTES]
        yield list(spoken(whole, number))
        number += len(whole)
    if rest:
        yield list(spoken([rest], number))


def spoken(lines: list[bytes], before: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, before + 1):
        text = line.decode("utf-8", "surrogateescape")
        if len(text) <= MOST_LINE:
            text = text.strip()
        if text and not text.startswith("#"):
            yield number, text
