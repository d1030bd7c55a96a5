"""A batch as the terminal runs it: lines read, files enclosed, each answer one JSON line. The loop itself is runs/batch.py."""

import os
import stat
import sys
from collections.abc import Callable

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
from ..runs.lines import Request, chunks
from ..steps import Watch
from ..store import signals
from . import call, inputs, words
from .annotations import annotation
from .errands import RunBatch
from .failures import blocks, failed
from .options import Colour
from .output import Untold, complain
from .progress import Progress, watched
from .settings import Settings, from_flags
from .telling import Query, say_answers, say_aside

OF_A_LINE = ("acting", "idempotency_key", "yes", "strict", "json", "quiet", "no_input", "color")
"""Options everywhere that a line may carry; those that only change how an answer looks are passed over."""


def run(errand: RunBatch, settings: Settings, query: Query | None) -> int:
    """Run every line, and return the exit code."""
    if settings.idempotency_key is not None:
        raise Malformed("idempotency_key", "a key belongs to one command: give each line its own.")
    mode = batch.Mode.ATOMIC if errand.atomic else batch.Mode.KEEP_GOING if errand.keep_going else batch.Mode.STOP
    reader = Reader(errand.file)
    with watched(settings, amid_answers=True) as progress:
        with_all = batch.Batch(
            service=call.service(settings, progress),
            options=call.options(settings),
            mode=mode,
            words=request_of,
            enclose=enclose if errand.file == STDIN else inputs.enclose,
            export=export,
            explain=explainer(errand.file, progress, settings.color),
            put=put,
            tell=teller(query),
            stopped=signals.pending,
            resume=signals.restore,
            acting=settings.acting,
            watch=reader.watch(progress) if progress else None,
        )
        return batch.run(with_all, chunks(reader))


class Reader:
    """What reads the lines, as they arrive on standard input or a file's, and knows how much of a file is read."""

    def __init__(self, path: str) -> None:
        self.descriptor = descriptor_of(path)
        found = os.fstat(self.descriptor)
        self.size = found.st_size if path != STDIN and stat.S_ISREG(found.st_mode) else 0
        self.done = self.read = 0

    def __call__(self, most: int) -> bytes:
        self.done = self.read
        data = os.read(self.descriptor, most)
        self.read += len(data)
        return data

    def watch(self, progress: Progress) -> Watch:
        """Pass a batch's steps on, with the share of the file that was read before the lines now under way."""
        return lambda step: progress(replace(step, share=min(self.done / self.size, 1.0)) if self.size else step)


def descriptor_of(path: str) -> int:
    if path == STDIN:
        if sys.stdin is None:
            raise Malformed(None, "standard input is closed: there are no lines to read.")
        return sys.stdin.fileno()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        os.read(descriptor, 0)
    except OSError as fault:
        raise InvalidFile(path, f"{(fault.strerror or str(fault)).lower()}.") from None
    return descriptor


def request_of(given: list[str]) -> Request:
    """Understand the words of a line; of the options everywhere only those that belong to one command have a place."""
    if {"-h", "--help", "--version"} & set(given[: given.index("--")] if "--" in given else given):
        raise Malformed(None, "--help and --version have no place in a batch.")
    spoken, options = words.parse(given)
    foreign = [name for name in options if name not in OF_A_LINE]
    if foreign:
        raise Malformed(foreign[0], f"--{foreign[0].replace('_', '-')} belongs to the whole batch, not to one line.")
    if isinstance(spoken, Command) and any(getattr(spoken, name) == STDIN for name in inputs.TEXTS.get(type(spoken), ())):
        raise Malformed(None, "- reads standard input, which a line of a batch does not have.")
    said = from_flags(options)
    if "as" in said:
        spoken = replace(spoken, by=said["as"])
    return Request(spoken, said.get("idempotency_key"), said.get("yes", False), said.get("strict", False))


def enclose(command: Command) -> Enclosed:
    """What comes beside a line, where standard input is the lines themselves."""
    return inputs.enclose(command, lambda path: taken(path) if path == STDIN else inputs.attach(path))


def taken(path: str) -> Attachment:
    return Attachment(path, 0, b"", "standard input holds the lines of the batch")


def explainer(file: str, progress: Progress | None, colour: Colour) -> Callable[[int, Exception, str | None], a.Failed]:
    """What makes a failed line's answer, and says what people read, with the line's number, where progress stood."""

    def explain(number: int, error: Exception, name: str | None) -> a.Failed:
        answer = failed(error, name, recorded=False)
        if progress:
            progress.erase()
        say_aside(blocks(answer.error, error, f"line {number}: "), colour)
        complain(annotation(answer.error, name, None if file == STDIN else file, number))
        return answer

    return explain


def put(number: int, answer: Struct) -> bytes:
    """An answer's JSON with its line's number."""
    return b'{"line":%d,' % number + msgspec.json.encode(answer)[1:]


def teller(query: Query | None) -> Callable[[list[bytes]], None]:
    """What prints the answers; where nobody reads any more, the commands still run to the end."""
    gone = False

    def tell(answers: list[bytes]) -> None:
        nonlocal gone
        try:
            if not gone:
                say_answers(answers, query)
        except Untold as fault:
            gone = isinstance(fault.__cause__, BrokenPipeError)
            if not gone:
                raise

    return tell


def export(question: EvidenceExport, data: bytes) -> None:
    """Write an evidence file; standard output is the answers' own here."""
    if question.file == STDIN:
        raise Malformed("file", "the bytes cannot go among a batch's answers: name a file.")
    call.put(question, data)
