"""One call: a struct is carried out by the service, with whoever must be asked in between, and its answer comes back. Nothing is printed here."""

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .. import answers as a
from ..core.commands import Command, Escalate, Spoken
from ..core.malformed import Malformed, quote
from ..core.policy import Policy
from ..core.refusal import ConsentNeeded
from ..keys import Options
from ..questions import (
    Asked,
    Backup,
    EvidenceExport,
    Lifecycle,
    PolicyDiff,
    PolicyList,
    PolicyShow,
    Question,
    Reasons,
    Rules,
    Schema,
    Tick,
    Verify,
)
from ..service import Service, make
from .errands import CopyStore, CrewedTick, Init
from .places import check_free, make_store, open_store, shown
from .settings import Settings

if TYPE_CHECKING:
    from .progress import Progress

OF_THE_BOOK = (Reasons, Rules, PolicyList, PolicyShow, PolicyDiff, Lifecycle, Schema)
"""Questions that need no store."""

LONG = (Tick, Verify, Backup)
"""What may take so long that people want to see it move."""


def carry_out(spoken: Init | CrewedTick | CopyStore | Spoken | Asked, settings: Settings) -> a.Answer | a.Streamed:
    """Do what was said, and return its answer."""
    if settings.acting is not None and isinstance(spoken, (Command, Question)):
        spoken = replace(spoken, by=settings.acting)
    match spoken:
        case Init():
            return begin(spoken, settings)
        case CopyStore():
            return copy(spoken, settings)
        case CrewedTick():
            from .progress import watched

            with watched(settings) as progress:
                return ask(service(settings, progress), spoken.question, replace(options(settings), workers=spoken.workers), settings)
        case Command():
            return execute(service(settings), spoken, settings)
        case EvidenceExport():
            return export(spoken, settings)
    if isinstance(spoken, OF_THE_BOOK):
        from ..book import answer

        return answer(spoken)
    if isinstance(spoken, LONG):
        from .progress import watched

        with watched(settings) as progress:
            return ask(service(settings, progress), spoken, options(settings), settings)
    return ask(service(settings), spoken, options(settings), settings)


def ask(service: Service, question: Asked, options: Options, settings: Settings) -> a.Answer | a.Streamed:
    """Ask the service; what is told as plain JSON is told as it comes."""
    plain = settings.json and settings.query is None and not settings.fields
    return service.stream(question, options) if plain else service.ask(question, options)


def service(settings: Settings, progress: "Progress | None" = None) -> Service:
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
    from . import consent, inputs

    command = inputs.from_stdin(command)
    enclosed = inputs.enclose(command)
    try:
        return service.execute(command, options(settings), enclosed)
    except ConsentNeeded as need:
        if not consent.may_ask(settings):
            raise
        consent.require(need)
    if isinstance(command, Escalate):
        command = replace(command, confirm=True)
    return service.execute(command, options(settings, yes=True), enclosed)


def begin(init: Init, settings: Settings) -> a.Made:
    """Make a store."""
    from ..core.instants import instant
    from ..policies import DEFAULT, load

    if settings.dry_run:
        check_free(settings.store, init.force)
    return make(
        lambda head: make_store(settings.store, head, init.force, settings.lock_timeout, tell),
        path=shown(settings.store),
        start=None if init.start is None else instant(init.start, "start"),
        seed=init.seed,
        policy=load(init.policy or DEFAULT),
        clock=init.clock,
        wall=wall,
        dry_run=settings.dry_run,
    )


def export(question: EvidenceExport, settings: Settings) -> a.Exported:
    """Write an evidence file's bytes to a new file, or to standard output, where nothing else goes then."""
    if question.file == "-" and settings.json:
        raise Malformed("file", "the bytes and a JSON answer cannot both go to standard output: name a file.")
    if os.path.lexists(question.file):
        raise exists(question.file)
    answer, data = service(settings).export(question)
    if not settings.dry_run:
        put(question, data)
    return answer


def copy(errand: CopyStore, settings: Settings) -> a.Copied:
    """Bring one store into another."""
    from ..runs import copying
    from .progress import watched

    source, target = (open_store(place, settings.lock_timeout, tell) for place in (errand.source, errand.target))
    with watched(settings) as progress:
        done = copying.copy(source, target, lambda head: make_store(errand.target, head, False, settings.lock_timeout, tell), progress, settings.dry_run)
    told = (shown(errand.source), shown(errand.target))
    return a.Copied(command="copy", now=done.now, changed=done.new > 0, dry_run=settings.dry_run, events=done.new, orders=done.orders, from_=told[0], to=told[1])


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
