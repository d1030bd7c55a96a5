"""One call: a struct is carried out by the service, with whoever must be asked in between, and its answer comes back. Nothing is printed here."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from .. import answers as a
from ..core.commands import Command, Escalate, Spoken, name_of
from ..core.malformed import Malformed, quote
from ..core.policy import Policy
from ..core.refusal import ConsentNeeded
from ..keys import Options
from ..questions import Question
from ..service import Service
from .places import open_store
from .settings import Settings

if TYPE_CHECKING:
    from ..questions import Asked, EvidenceExport
    from .errands import Errand
    from .progress import Progress

OF_THE_BOOK = ("reasons", "rules", "policy list", "policy show", "policy diff", "lifecycle", "schema")
"""Questions that need no store."""

LONG = ("tick", "verify", "backup")
"""What may take so long that people want to see it move."""


def carry_out(spoken: Errand | Spoken | Asked, settings: Settings) -> a.Answer | a.Streamed:
    """Do what was said, and return its answer."""
    if not isinstance(spoken, (Command, Question)):
        from .making import carry_out as carry_errand_out

        return carry_errand_out(spoken, settings)
    if settings.acting is not None:
        spoken = replace(spoken, by=settings.acting)
    if isinstance(spoken, Command):
        return execute(service(settings), spoken, settings)
    return WAYS.get(name_of(spoken), look)(spoken, settings)


def look(question: Asked, settings: Settings) -> a.Answer | a.Streamed:
    """Ask about what is recorded."""
    return ask(service(settings), question, options(settings), settings)


def watch(question: Asked, settings: Settings) -> a.Answer | a.Streamed:
    """Ask what may take long, and show how far it is."""
    from .progress import watched

    with watched(settings) as progress:
        return ask(service(settings, progress), question, options(settings), settings)


def look_up(question: Asked, settings: Settings) -> a.Answer:
    """Ask about the rules themselves."""
    from ..book import answer

    return answer(question)


def ask(service: Service, question: Asked, options: Options, settings: Settings) -> a.Answer | a.Streamed:
    """Ask the service; what is told as plain JSON is told as it comes."""
    plain = settings.json and settings.query is None and not settings.fields
    return service.stream(question, options) if plain else service.ask(question, options)


def service(settings: Settings, progress: Progress | None = None) -> Service:
    """The use cases on the store that is named; what the store says does not get into a line of progress."""

    def tell_store(message: str) -> None:
        if progress:
            progress.erase()
        tell(message)

    def crew(more: int) -> AbstractContextManager[None]:
        from .crew import crew

        return crew(settings.store, settings.lock_timeout, more) if more else nullcontext()

    return Service(open_store(settings.store, settings.lock_timeout, tell_store), wall, policy, progress, crew)


def tell(message: str) -> None:
    """What the store has to say while it works: that it mended something."""
    from .output import complain
    from .visible import visible

    complain(f"note: {visible(message)}\n")


def wall() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def policy(name: str) -> Policy:
    from ..policies import load

    return load(name)


def options(settings: Settings, yes: bool = False) -> Options:
    return Options(consent=settings.yes or yes, strict=settings.strict, dry_run=settings.dry_run, key=settings.idempotency_key)


def execute(service: Service, command: Spoken, settings: Settings) -> a.Answer:
    """Execute a command; where it needs a yes and somebody can be asked, ask between two executions."""
    from . import inputs

    command = inputs.from_stdin(command)
    enclosed = inputs.enclose(command)
    try:
        return service.execute(command, options(settings), enclosed)
    except ConsentNeeded as need:
        from . import consent

        if not consent.may_ask(settings):
            raise
        consent.require(need)
    if isinstance(command, Escalate):
        command = replace(command, confirm=True)
    return service.execute(command, options(settings, yes=True), enclosed)


def export(question: EvidenceExport, settings: Settings) -> a.Exported:
    """Write an evidence file's bytes to a new file, or to standard output, where nothing else goes then."""
    if question.file == "-" and settings.json:
        raise Malformed("file", "the bytes and a JSON answer cannot both go to standard output: name a file.")
    if os.path.lexists(question.file):
        raise exists(question.file)
    answer, data = service(settings).export(question)
    if settings.dry_run:
        return replace(answer, dry_run=True)
    put(question, data)
    return answer


def put(question: EvidenceExport, data: bytes) -> None:
    """Put exported bytes where the question says: a file that is not there yet, whole or not at all."""
    if question.file == "-":
        from .output import say_bytes

        say_bytes(data)
        return
    try:
        descriptor = os.open(question.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise exists(question.file) from None
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
    except BaseException:
        os.unlink(question.file)
        raise


def exists(path: str) -> Malformed:
    return Malformed("file", f"{quote(path)} exists: name a new file.")


WAYS: dict[str, Callable[[Any, Settings], a.Answer | a.Streamed]] = {
    **dict.fromkeys(OF_THE_BOOK, look_up),
    **dict.fromkeys(LONG, watch),
    "evidence export": export,
}
"""The words of a question → how it is answered; any other by a look at what is recorded."""
