"""An answer or an error told: one JSON object or human text, then the exit code. Nothing is asked of the service here."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from .. import answers as a
from ..answers import encode
from ..core.commands import name_of
from ..questions import Look
from .options import BOOKS, Colour, Format
from .output import Untold, coloured, complain, fancy, on_terminal, say, say_json, say_json_in_parts, say_json_lines
from .places import shown as named
from .settings import Settings

if TYPE_CHECKING:
    from ..questions import Schema

JUDGES = ("verify", "test", "policy check")
"""Commands whose answer may be an error too."""
AT_ONCE = 500
"""Rows told together where there are very many."""


class Query(Struct, frozen=True):
    """What is asked of the JSON answer."""

    expression: Any
    raw: bool
    """A string is written bare, a list one a line."""


def is_bare(spoken: Any) -> bool:
    """Whether a JSON Schema is asked for, which is told as it is."""
    return name_of(spoken) == "schema" and spoken.name is not None


def exit_of(answer: a.Answer | a.Streamed) -> int:
    """The exit code of an answer."""
    error = problems(answer)
    return error.exit if error else 0


def tell(answer: a.Answer | a.Streamed, settings: Settings, query: Query | None, spoken: Any = None) -> int:
    """Tell the answer to what was spoken, and return its exit code."""
    if not isinstance(answer, a.Answer):
        with answer.held:
            say_json_in_parts(streamed(answer))
        return 0
    error = problems(answer)
    if settings.json:
        say_answer(merged(answer, error) if error else encoded(answer, spoken, settings), query)
    elif settings.format or settings.fields:
        tell_list(answer, spoken, settings)
    else:
        tell_people(answer, settings)
    if error is None:
        return 0
    from .annotations import annotation, of_tests
    from .failures import blocks

    say_aside(blocks(error, Exception()), settings.color)
    complain(of_tests(answer) if isinstance(answer, a.Tested) else annotation(error, answer.command))
    return error.exit


def problems(answer: a.Answer | a.Streamed) -> a.Error | None:
    """What `verify` or `test` found is an answer and an error in one."""
    if not isinstance(answer, a.Answer) or answer.command not in JUDGES:
        return None
    if isinstance(answer, a.Tested):
        return unmet(answer)
    if isinstance(answer, a.PoliciesChecked):
        return refuted(answer)
    if not isinstance(answer, a.Verified) or not answer.problems:
        return None
    count = len(answer.problems)
    message = f"the store has {count} problem{'s' if count > 1 else ''}."
    return a.Error("store_unusable", 7, None, message, "Restore a backup: the store is not what was written.")


def refuted(answer: a.PoliciesChecked) -> a.Error | None:
    """A policy with a trap is no file to build on."""
    names = [policy.file for policy in answer.policies if not policy.holds]
    if not names:
        return None
    stories = any(one.scenario for policy in answer.policies for one in policy.properties)
    hint = "--save FILE writes the first story that shows it as a scenario." if stories else "No story leads there: that is what is wrong."
    return a.Error("invalid_file", 8, None, f"{', '.join(names)}: not every property holds.", hint)


def unmet(answer: a.Tested) -> a.Error | None:
    """A wrong file weighs more than an expectation that failed."""
    if answer.wrong:
        return a.Error("invalid_file", 8, None, f"{answer.wrong:,} scenario file{'s are' if answer.wrong > 1 else ' is'} wrong.", None)
    if answer.failed:
        return a.Error("expectation_failed", 20, None, f"{answer.failed:,} test{'s' if answer.failed > 1 else ''} failed.", None)
    return None


def merged(answer: a.Answer, error: a.Error) -> bytes:
    return encode({**msgspec.to_builtins(answer), "ok": False, "error": error})


def encoded(answer: a.Answer, spoken: Any, settings: Settings) -> bytes:
    if not settings.fields:
        return encode(answer)
    from .rows import narrowed

    return narrowed(answer, spoken, settings.fields)


def streamed(answer: a.Streamed) -> Iterator[bytes]:
    """The very JSON that the whole answer would be, a part at a time."""
    rest = encode(answer.answer)
    for name, rows in answer.lists.items():
        parts = row_parts(iter(rows))
        first = next(parts)  # before the first byte: a store that cannot be read again is told alone
        before, empty, rest = rest.partition(b'"%s":[' % name.encode())
        yield before + empty + first
        yield from parts
    yield rest


def row_parts(rows: Iterator[Any]) -> Iterator[bytes]:
    """The rows between a list's brackets, some hundred at a time; at least one part, which may be empty."""
    some = list(islice(rows, AT_ONCE))
    yield encode(some)[1:-1]
    while some := list(islice(rows, AT_ONCE)):
        yield b"," + encode(some)[1:-1]


def say_answers(answers: Iterable[bytes], query: Query | None) -> None:
    """Print some JSON answers, a line each, or what the query finds in each one."""
    if query is None:
        return say_json_lines(answers)
    for data in answers:
        say_answer(data, query)


def say_answer(data: bytes, query: Query | None) -> None:
    """Print JSON, or what the query finds in it."""
    if query is None:
        return say_json(data)
    from ..query import as_json

    found = query.expression.find(data)
    if query.raw:
        return say("".join(f"{bare(part)}\n" for part in (found if isinstance(found, list) else [found])))
    return say_json(as_json(found))


def bare(part: Any) -> str:
    """A text as it is for a script, made visible for people; anything else as JSON."""
    from ..query import as_json
    from .visible import safe_json, visible

    if not isinstance(part, str):
        return safe_json(as_json(part).decode(), ascii=False)
    return visible(part) if on_terminal(sys.stdout) else part


def tell_list(answer: a.Answer, spoken: Any, settings: Settings) -> None:
    """Print a list in the form that was asked for; where just fields were, a table on a terminal and tab-separated elsewhere."""
    from . import listing
    from .printing import lay_out
    from .rows import columns, rows

    format = settings.format or (Format.TABLE if on_terminal(sys.stdout) else Format.TSV)
    if format in BOOKS and isinstance(answer, a.LedgerTold):
        from .books import journal

        return say(journal(answer, format))
    found = rows(answer, spoken)
    match format:
        case Format.JSONL:
            say_json(listing.jsonl(found, settings.fields)) if found else None
        case Format.TABLE if settings.fields:
            width = shutil.get_terminal_size().columns
            say(lay_out([listing.table(found, settings.fields)], coloured(settings.color, sys.stdout), width))
        case Format.TABLE:
            tell_people(answer, settings)
        case _:
            say(listing.separated(found, columns(spoken, settings.fields), format))


def tell_people(answer: a.Answer, settings: Settings) -> None:
    """Print what people read: the answer, then its warnings on standard error."""
    from .printing import lay_out
    from .text import INFORMATION, blocks

    if not (settings.quiet and isinstance(answer, INFORMATION)):
        drawn = on_terminal(sys.stdout) or settings.format is Format.TABLE
        width = shutil.get_terminal_size().columns if drawn else None
        store = named(settings.store) if settings.store != Settings().store else None
        say(lay_out(blocks(answer), coloured(settings.color, sys.stdout), width, fancy(sys.stdout), store))
    if answer.warnings and not settings.quiet:
        from .text.aside import warned

        say_aside([warned(warning.code, warning.message) for warning in answer.warnings], settings.color)


def say_aside(blocks: list[Any], colour: Colour) -> None:
    """Write lines to standard error, within a terminal's width."""
    from .printing import lay_out

    complain(lay_out(blocks, coloured(colour, sys.stderr), shutil.get_terminal_size().columns if on_terminal(sys.stderr) else None))


def tell_version(json: bool) -> int:
    """Print the version, of the program and of the contract that scripts hold it to."""
    from .. import __version__

    return tell(a.Version(command=None, now=None, version=__version__), Settings(json=json), None)


def tell_script(shell: str) -> int:
    """Print a completion script: text in any case, a shell reads it."""
    from .completion import script

    say(script(shell))
    return 0


def tell_schema(question: Schema, query: Query | None) -> int:
    """Print the JSON Schema of a shape, bare: that is what it is for."""
    say_answer(msgspec.json.encode(schema_of(question.name or "")), query)
    return 0


def schema_of(name: str) -> dict[str, Any]:
    if name == "scenario":
        from ..runs.scenario.schema import schema as of_scenarios

        return of_scenarios()
    from ..book import schema

    return schema(name)


def tell_failure(error: BaseException, words: str | None, json: bool, colour: Colour, recorded: bool) -> int:
    """Tell an error: the line for people in any case, and the object for scripts."""
    from .annotations import annotation
    from .failures import blocks, failed
    from .tree import Unfinished

    answer = failed(error, words, recorded)
    if json:
        with suppress(Untold):  # standard output may be gone: the line below and the exit code tell it
            say_json(encode(answer))
    if isinstance(error, Unfinished):
        complain(f"{error.help}\n")
    else:
        say_aside(blocks(answer.error, error), colour)
    complain(annotation(answer.error, words))
    return answer.error.exit


def asked(spoken: Any, settings: Settings) -> Any:
    """A question as it suits its reader: a page for people with its history, the list on a terminal with the most urgent first."""
    if isinstance(spoken, Look) and spoken.id is not None and not settings.json:
        return msgspec.structs.replace(spoken, history=True)
    for_people = not settings.json and settings.format in (None, Format.TABLE) and on_terminal(sys.stdout)
    if isinstance(spoken, Look) and spoken.id is None and spoken.sort is None and for_people:
        return msgspec.structs.replace(spoken, sort="due")
    return spoken
