"""A batch as the terminal runs it: lines read, files enclosed, each answer one JSON line. The loop itself is runs/batch.py."""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from .. import answers as a
from ..core.commands import Command
from ..core.evidence import STDIN, Attachment
from ..core.malformed import Malformed
from ..keys import Enclosed
from ..policies import InvalidFile
from ..questions import EvidenceExport
from ..runs import batch
from ..store import signals
from . import call, inputs, words
from .errands import RunBatch
from .failures import CutShort, failed, lines
from .output import Untold, complain, on_terminal
from .settings import Settings
from .telling import say_answer

OF_A_LINE = ("acting", "idempotency_key", "yes", "strict", "json", "quiet", "no_input", "color")
"""Options everywhere that a line may carry; those that only change how an answer looks are passed over."""

EVERY = 1000
"""How many lines pass between two words of progress."""


def run(errand: RunBatch, settings: Settings, expression: Any) -> int:
    """Run every line, and return the exit code."""
    if settings.idempotency_key is not None:
        raise Malformed("idempotency_key", "a key belongs to one command: give each line its own.")
    mode = batch.Mode.ATOMIC if errand.atomic else batch.Mode.KEEP_GOING if errand.keep_going else batch.Mode.STOP
    with_all = batch.Batch(
        service=call.service(settings),
        options=call.options(settings),
        mode=mode,
        words=request_of,
        enclose=enclose if errand.file == STDIN else inputs.enclose,
        export=export,
        explain=explain,
        tell=teller(expression),
        stopped=signals.pending,
        resume=signals.restore,
    )
    try:
        return batch.run(with_all, batch.chunks(reader(errand.file)))
    except KeyboardInterrupt as stop:
        raise CutShort from stop


def reader(path: str) -> Callable[[int], bytes]:
    """What reads the lines: as they arrive on standard input, or a file's."""
    if path == STDIN:
        if sys.stdin is None:
            raise Malformed(None, "standard input is closed: there are no lines to read.")
        return lambda most: os.read(sys.stdin.fileno(), most)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        os.read(descriptor, 0)
    except OSError as fault:
        raise InvalidFile(path, f"{(fault.strerror or str(fault)).lower()}.") from None
    return lambda most: os.read(descriptor, most)


def request_of(given: list[str]) -> batch.Request:
    """Understand the words of a line; of the options everywhere only those that belong to one command have a place."""
    if {"-h", "--help", "--version"} & set(given[: given.index("--")] if "--" in given else given):
        raise Malformed(None, "--help and --version have no place in a batch.")
    spoken, options = words.parse(given)
    foreign = [name for name in options if name not in OF_A_LINE]
    if foreign:
        raise Malformed(foreign[0], f"--{foreign[0].replace('_', '-')} belongs to the whole batch, not to one line.")
    if isinstance(spoken, Command) and any(getattr(spoken, name) == STDIN for name in inputs.TEXTS.get(type(spoken), ())):
        raise Malformed(None, "- reads standard input, which a line of a batch does not have.")
    if options.get("acting") is not None:
        spoken = replace(spoken, by=options["acting"])
    return batch.Request(spoken, options.get("idempotency_key"), bool(options.get("yes")), bool(options.get("strict")))


def enclose(command: Command) -> Enclosed:
    """What comes beside a line, where standard input is the lines themselves."""
    enclosed = inputs.enclose(command, lambda path: taken(path) if path == STDIN else inputs.attach(path))
    return enclosed


def taken(path: str) -> Attachment:
    return Attachment(path, 0, b"", "standard input holds the lines of the batch")


def explain(number: int, error: Exception, name: str | None) -> a.Failed:
    """A failed line: its answer, and what people read, with the line's number."""
    answer = failed(error, name, recorded=False)
    complain(f"line {number}: {lines(answer.error, error)}")
    return answer


def teller(expression: Any) -> Callable[[int, Struct], None]:
    """What prints each answer with its line's number; where nobody reads any more, the commands still run to the end."""
    count = progress()

    gone = False

    def tell(number: int, answer: Struct) -> None:
        nonlocal gone
        try:
            if not gone:
                say_answer(b'{"line":%d,' % number + msgspec.json.encode(answer)[1:], expression)
        except Untold as fault:
            gone = isinstance(fault.__cause__, BrokenPipeError)
            if not gone:
                raise
        next(count)

    return tell


def export(question: EvidenceExport, data: bytes) -> None:
    """Write an evidence file; standard output is the answers' own here."""
    if question.file == STDIN:
        raise Malformed("file", "the bytes cannot go among a batch's answers: name a file.")
    call.put(question, data)


def progress() -> Iterator[None]:
    """Say now and then how far it is, on a terminal where the answers go elsewhere."""
    shown = on_terminal(sys.stderr) and not on_terminal(sys.stdout)
    done = 0
    while True:
        done += 1
        if shown and done % EVERY == 0:
            complain(f"{done:,} lines\r")
        yield
