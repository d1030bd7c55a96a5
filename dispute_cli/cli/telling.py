"""An answer or an error told: one JSON object or human text, then the exit code. Nothing is asked of the service here."""

import shutil
import sys
from contextlib import suppress
from typing import Any

import msgspec

from .. import answers as a
from ..questions import Look, Schema
from .options import Colour
from .output import Untold, coloured, complain, on_terminal, say, say_json
from .settings import Settings

PROBLEMS = a.Error(code="store_unusable", exit=7, rule=None, message="", hint="Restore a backup: the store is not what was written.")


def tell(answer: a.Answer, settings: Settings, expression: Any) -> int:
    """Tell an answer, and return its exit code."""
    error = problems(answer)
    if settings.json:
        say_answer(merged(answer, error) if error else msgspec.json.encode(answer), expression)
    else:
        tell_people(answer, settings)
    if error is None:
        return 0
    complain(f"error: {error.message}\nhint: {error.hint}\n")
    return error.exit


def problems(answer: a.Answer) -> a.Error | None:
    """What `verify` found is an answer and an error in one."""
    if not isinstance(answer, a.Verified) or not answer.problems:
        return None
    count = len(answer.problems)
    return msgspec.structs.replace(PROBLEMS, message=f"the store has {count} problem{'s' if count > 1 else ''}.")


def merged(answer: a.Answer, error: a.Error) -> bytes:
    return msgspec.json.encode({**msgspec.to_builtins(answer), "ok": False, "error": error})


def say_answer(data: bytes, expression: Any) -> None:
    """Print JSON, or what the query finds in it."""
    if expression is not None:
        from .query import found

        data = found(expression, data)
    say_json(data)


def tell_people(answer: a.Answer, settings: Settings) -> None:
    """Print what people read: the answer, then its warnings on standard error."""
    from .printing import lay_out, paint
    from .text import INFORMATION, blocks
    from .visible import visible

    if not (settings.quiet and isinstance(answer, INFORMATION)):
        width = shutil.get_terminal_size().columns if on_terminal(sys.stdout) else None
        say(lay_out(blocks(answer), coloured(settings.color, sys.stdout), width))
    if not settings.quiet:
        mark = paint("warning", "yellow", coloured(settings.color, sys.stderr))
        complain("".join(f"{mark} [{warning.code}]: {visible(warning.message)}\n" for warning in answer.warnings))


def tell_script(shell: str) -> int:
    """Print a completion script: text in any case, a shell reads it."""
    from .completion import script

    say(script(shell))
    return 0


def tell_schema(question: Schema, expression: Any) -> int:
    """Print the JSON Schema of a shape, bare: that is what it is for."""
    from ..book import schema

    say_answer(msgspec.json.encode(schema(question.name or "")), expression)
    return 0


def tell_failure(error: BaseException, words: str | None, json: bool, colour: Colour, recorded: bool) -> int:
    """Tell an error: the line for people in any case, and the object for scripts."""
    from .failures import failed, lines

    answer = failed(error, words, recorded)
    if json:
        with suppress(Untold):  # standard output may be gone: the line below and the exit code tell it
            say_json(msgspec.json.encode(answer))
    complain(lines(answer.error, error, colour))
    return answer.error.exit


def asked(spoken: Any, settings: Settings) -> Any:
    """The list in the order that suits its reader: the most urgent first on a terminal, by id elsewhere."""
    if isinstance(spoken, Look) and spoken.id is None and spoken.sort is None and not settings.json and on_terminal(sys.stdout):
        return msgspec.structs.replace(spoken, sort="due")
    return spoken
