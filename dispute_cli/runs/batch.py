"""Many commands, one start, one lock: lines in, one result a line out. Lines that are there together share one sync; no result is told before it is durable."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from .. import answers as a
from .. import book, reading
from .. import questions as q
from ..core import commands as c
from ..core.malformed import Malformed
from ..core.words import Actor
from ..keys import Enclosed, Options
from ..service import Service, execute, told_when
from ..session import Session
from ..steps import Step, Stopped, Watch
from ..store import Desk
from ..ticking import catch_up, tick, tick_durably
from .lines import Misread, Request, read

FAULT = 1
FAILED_IN_PART = 9
ALONE: set[type[object]] = {q.Tick, q.Verify, q.Repair, q.Backup}
"""What writes by itself, or looks past the session: all before it is made durable and told first."""


class Mode(StrEnum):
    STOP = "stop"
    """At the first failure; what came before stays."""
    ATOMIC = "atomic"
    KEEP_GOING = "keep-going"


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
    put: Callable[[int, Struct], bytes]
    """Puts an answer as it is told, given the line's number: at once, while all that it is made of is at hand."""
    tell: Callable[[list[bytes]], None]
    """Told what was put, in order: at once what became durable together."""
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
        requests = [(number, read(text, batch.words)) for number, text in chunk]
        line.coming = [said.asked.id for _, said in requests if isinstance(said, Request) and isinstance(said.asked, c.Command)]
        for number, said in requests:
            line.one(number, said)
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


class Held(NamedTuple):
    """An answer that waits until it is durable."""

    number: int
    changed: str | None
    """The command of an answer that tells of a change; None where nothing is lost if the disk takes nothing."""
    put: bytes


class Runner:
    """The batch under way: its lock, its session, and the answers that are not durable yet."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.stack = ExitStack()
        self.desk: Desk | None = None
        self.session: Session | None = None
        self.coming: list[str] = []
        """The orders that the lines at hand name, until the session knows of them."""
        self.waiting: list[Held] = []
        self.durable = not batch.options.dry_run and batch.mode is not Mode.ATOMIC
        """Lines become durable as they come: neither a dry run nor all or nothing."""
        self.code = 0
        self.number = 0
        """Of the line under way."""
        self.told = 0
        """The last line that is durable and told."""

    def open(self) -> tuple[Desk, Session]:
        """The session under the lock, taken at the first line that needs a store."""
        if self.desk is None or self.session is None:
            self.desk, self.session = self.stack.enter_context(self.batch.service.writing("batch"))
        if self.coming:
            ids, self.coming = self.coming, []
            self.session.foresee(ids)
        return self.desk, self.session

    def one(self, number: int, said: Request | Misread) -> None:
        """Do one line; its answer waits until it is durable. Every error becomes an answer; what is no known one is told as a fault."""
        self.number = number
        if isinstance(said, Misread):
            self.fail(number, said.fault, said.name)
            return
        if self.durable and type(said.asked) in ALONE:
            self.settle()
        try:
            self.hold(number, self.perform(said))
        except Exception as fault:
            self.fail(number, fault, c.name_of(said.asked))

    def fail(self, number: int, fault: Exception, name: str | None) -> None:
        """Answer for a line that failed; after a fault the session is not believed any more."""
        failed = self.batch.explain(number, fault, name)
        self.hold(number, failed)
        self.code = FAILED_IN_PART if self.batch.mode is Mode.KEEP_GOING else failed.error.exit
        if failed.error.exit == FAULT:
            self.settle()
            self.close()

    def hold(self, number: int, answer: Struct) -> None:
        """Let an answer wait; its structs are let go of at once, for thousands of them would crowd the processor's caches."""
        changed = answer.command if isinstance(answer, a.Written) and answer.changed else None
        self.waiting.append(Held(number, changed, self.batch.put(number, answer)))

    def perform(self, request: Request) -> Struct:
        asked = request.asked
        if self.batch.acting is not None and asked.by is None:
            asked = replace(asked, by=self.batch.acting)
        whole = self.batch.options
        options = replace(whole, key=request.key, consent=whole.consent or request.consent, strict=whole.strict or request.strict)
        if isinstance(asked, q.Question):
            return self.ask(asked, options)
        desk, session = self.open()
        with told_when(session):
            catch_up(session, desk if self.durable else None, self.batch.service.target(desk))
            return execute(session, asked, options, self.batch.enclose(asked), self.batch.service.policies, desk.keep)

    def ask(self, asked: q.Asked, options: Options) -> Struct:
        """Answer what needs no store, or looks past the session, or asks in it."""
        match asked:
            case q.Reasons() | q.Rules() | q.PolicyList() | q.PolicyShow() | q.PolicyDiff() | q.Lifecycle() | q.Schema():
                return book.answer(asked)
            case q.Verify() | q.Repair() | q.Backup():
                return self.outside(asked)
        desk, session = self.open()
        with told_when(session):
            return self.inside(asked, options, desk, session)

    def inside(self, asked: Any, options: Options, desk: Desk, session: Session) -> Struct:
        """Ask in the session, which has seen what came before."""
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
        session.see(target)
        return reading.answer(session, asked)

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
        for place, held in enumerate(self.waiting):
            if held.changed is not None:
                failed = self.batch.explain(held.number, fault, held.changed)
                self.waiting[place] = Held(held.number, None, self.batch.put(held.number, failed))
                self.code = FAILED_IN_PART if self.batch.mode is Mode.KEEP_GOING else failed.error.exit
        self.close()

    def tell(self) -> None:
        if self.waiting:
            self.batch.tell([held.put for held in self.waiting])
            self.told = self.waiting[-1].number
            self.waiting = []

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
        if not self.number:
            with self.batch.service.reading():
                pass  # no line asked whether there is a store
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


def misplaced(asked: q.Asked) -> Malformed:
    """What writes a file cannot stand where nothing may be written before the end, or at all."""
    return Malformed("command", f"'{c.name_of(asked)}' does not stand in a batch that is atomic or a dry run")
