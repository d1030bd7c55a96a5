"""What went wrong → its code, its exit code and its words: by the one table of codes.py. Nothing is raised here."""

import errno
import os
import traceback
from collections.abc import Iterator

from msgspec import UNSET
from typer import TyperException

from .. import answers as a
from .. import codes
from ..core.instants import iso_instant
from ..core.lifecycle import Possible
from ..core.malformed import Malformed, guess
from ..core.refusal import ConsentNeeded, Fault, Refusal
from ..place import Place
from ..steps import Stopped
from ..store import Locked, OutcomeUnknown, StoreMissing
from .output import Untold
from .text.aside import hinted, warned
from .text.shape import Ink, Line

CODES = {**codes.CODES, TyperException: codes.USAGE}
"""With what only a command line can be: error → exit code."""

CUT_SHORT = "interrupted: what was written so far stays, whole; `dispute status` and `dispute events` show how far it came."

PLAIN: dict[type[BaseException], str] = {
    KeyboardInterrupt: "interrupted: nothing was changed.",
    MemoryError: "there is not enough memory.",
    RecursionError: "something given is nested too deep.",
}
"""What has no words of its own."""


def code_of(error: BaseException) -> tuple[str, int]:
    """The code and the exit code of an error."""
    return codes.USAGE if isinstance(error, TyperException) else codes.code_of(error)


def failed(error: BaseException, words: str | None, recorded: bool) -> a.Failed:
    """An error's answer. `recorded`: something was, or may have been, written before it."""
    at = getattr(error, "at", None) or UNSET
    warnings = getattr(error, "warnings", ())
    return a.Failed(command=words, now=getattr(error, "now", None), error=error_of(error, words, recorded), warnings=warnings, at=at)


def error_of(error: BaseException, words: str | None, recorded: bool) -> a.Error:
    """The error as scripts see it."""
    code, exit = code_of(error)
    refused = error if isinstance(error, (Refusal, ConsentNeeded)) else None
    faults = error.faults if isinstance(error, Refusal) else ()
    return a.Error(
        code=code,
        exit=exit,
        rule=faults[0].rule if faults else getattr(error, "rule", None),
        message=CUT_SHORT if recorded and type(error) is KeyboardInterrupt else message_of(error),
        hint=hint_of(error, words, recorded),
        faults=tuple(map(told, faults)) or None,
        possible=(refused.possible or ()) if refused else None,
        outcome_unknown=isinstance(error, OutcomeUnknown) or (recorded and exit == 1),
    )


def told(fault: Fault) -> a.Fault:
    return a.Fault(fault.rule, fault.field, fault.message)


def message_of(error: BaseException) -> str:
    """What went wrong, as a sentence."""
    if isinstance(error, Stopped):
        return error.message
    if isinstance(error, TyperException):
        return usage(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'the disk'} could not be written or read: {reason(error)}."
    if is_ours(error):
        return f"a fault of ours, not of yours: {type(error).__name__}: {error}"
    plain = next((PLAIN[family] for family in type(error).__mro__ if family in PLAIN), None)
    return plain or str(getattr(error, "message", error))


def place_of(error: BaseException) -> str:
    """The words up to where a command line was not understood: `dispute order`."""
    return str(getattr(getattr(error, "ctx", None), "command_path", "") or "dispute")


def usage(error: TyperException) -> str:
    """What the parser says, with the likeliest of the options that were perhaps meant."""
    likely: list[str] | None = getattr(error, "possibilities", None)
    if likely:
        return f"{getattr(error, 'message', '')}. {guess(getattr(error, 'option_name', ''), likely)}".rstrip()
    return error.format_message().replace("\n\t", " ")


def reason(error: OSError) -> str:
    return error.strerror or str(error)


def is_ours(error: BaseException) -> bool:
    """Whether nothing that was given or that stands on the disk explains it."""
    explained = isinstance(error, (OSError, OutcomeUnknown, Untold)) or any(isinstance(error, family) for family in PLAIN)
    return not explained and code_of(error) == CODES[BaseException]


def hint_of(error: BaseException, words: str | None, recorded: bool) -> str | None:
    """How to go on."""
    if isinstance(error, (TyperException, Malformed)):
        return f"`dispute {words} --help` shows the options." if words else f"`{place_of(error)} --help` lists the commands."
    if isinstance(error, StoreMissing):
        return "--store PATH names another."
    if isinstance(error, OSError) and error.errno == errno.EBUSY:
        return "Something is mounted at this file: keep the store in a folder of its own and mount that."
    if isinstance(error, Locked):
        return "Wait for it, or give a longer --lock-timeout."
    if recorded and code_of(error)[1] == 1:
        return "The command may be recorded: look at `events`, or repeat it with the same idempotency key."
    if is_ours(error):
        return "DISPUTE_TRACEBACK=1 shows where; please report it."
    hint: str | None = getattr(error, "hint", None)
    return hint


def blocks(error: a.Error, cause: BaseException, before: str = "") -> list[Line]:
    """What people read on standard error: what is wrong, how to go on, what is possible now."""
    told = [*faulty(error, cause, before), *excerpt(cause), *(warned(piece.code, piece.message) for piece in getattr(cause, "warnings", ()))]
    if error.hint and not isinstance(cause, Refusal):
        told.append(hinted(error.hint))
    if isinstance(cause, Refusal):
        told += possibilities(error.possible or ())
    if os.environ.get("DISPUTE_TRACEBACK") == "1":
        told += [(line,) for line in "".join(traceback.format_exception(cause)).splitlines()]
    return told


def faulty(error: a.Error, cause: BaseException, before: str) -> Iterator[Line]:
    """What is wrong, each fault with how to go on."""
    faults = cause.faults if isinstance(cause, Refusal) else (Fault(error.rule or "", None, error.message),)
    for fault in faults:
        yield before, Ink("error", "red"), f"{f' [{fault.rule}]' if fault.rule else ''}: {fault.message}"
        if fault.hint:
            yield hinted(fault.hint)


def excerpt(cause: BaseException) -> Iterator[Line]:
    """The line of a given file that is meant, with a caret below it."""
    place: Place | None = getattr(cause, "place", None)
    if place and place.excerpt:
        yield from ((line,) for line in place.pointed())


def possibilities(moves: tuple[Possible, ...]) -> list[Line]:
    """A line for each actor: `possible now for the buyer: accept, edit until 2026-01-13T00:00:00Z; message`."""
    by_actor: dict[str, dict[str, list[str]]] = {}
    for move in moves:
        until = f" until {iso_instant(move.until)}" if move.until else ""
        by_actor.setdefault(move.actor, {}).setdefault(until, []).append(move.command)
    return [
        (f"possible now for the {actor}: " + "; ".join(", ".join(commands) + until for until, commands in groups.items()),)
        for actor, groups in by_actor.items()
    ]
