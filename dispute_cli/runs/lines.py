"""A batch's lines: read off the bytes as they arrive, and understood. Nothing is carried out here."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from .. import questions as q
from ..core import commands as c
from ..core.malformed import Malformed, guess, quote
from ..keys import check_key

MOST_LINE = 1024 * 1024
"""Characters."""
MOST_WORDS = 256 * 1024
"""Characters of a line that is split into words, which takes the square of its length."""
MOST_BYTES = 4 * (MOST_LINE + 1)
"""More is not kept of a line: so many bytes are too many characters already."""
PIECE = 256 * 1024
"""Bytes that are read at once: their lines become durable with one sync, and between two of those a batch can be stopped."""
ESCAPED_HALF = re.compile(r"\\u[dD]")


class Request(Struct, frozen=True):
    """One line, understood."""

    asked: c.Spoken | q.Asked
    key: str | None = None
    consent: bool = False
    strict: bool = False


class Misread(Struct, frozen=True):
    """One line that says nothing: why, and the command that it names all the same."""

    fault: Exception
    name: str | None


class Unparsable(Exception):
    """A line that is no command: exit code 8."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def read(text: str, words: Callable[[list[str]], Request]) -> Request | Misread:
    """Read a line; whatever is wrong with it is its own answer, when its turn comes."""
    try:
        return understand(text, words)
    except Exception as fault:
        return Misread(fault, named(text))


def understand(text: str, words: Callable[[list[str]], Request]) -> Request:
    """A JSON object, or the words of a command line; `Unparsable`, or `Malformed` where a value is wrong."""
    if len(text) > MOST_LINE:
        raise Unparsable(f"a line has at most {MOST_LINE:,} characters")
    if not is_text(text):
        raise Unparsable("it is not UTF-8 text")
    if text.startswith("\ufeff"):
        raise Unparsable("it begins with a byte order mark: save the file as plain UTF-8")
    if text.lstrip().startswith("{"):
        return from_json(text)
    if len(text) > MOST_WORDS:
        raise Unparsable(f"a line of words has at most {MOST_WORDS:,} characters: give it as JSON")
    try:
        given = shlex.split(text)
    except ValueError as fault:
        raise Unparsable(f"its quoting does not end: {fault}") from None
    if not any(" ".join(given[:count]) in KINDS for count in (1, 2)) and not given[0].startswith("-"):
        raise Unparsable(f"{quote(given[0])} is no command that stands in a batch")
    return words(given)


def from_json(text: str) -> Request:
    """`{"command":"open","id":"O-1",…,"as":"buyer","key":"…"}`: option names with `_`, amounts as strings."""
    try:
        data = READER.decode(text)
        if ESCAPED_HALF.search(text) and not is_text(json.dumps(data, ensure_ascii=False)):
            raise ValueError("half a character is escaped")
    except RecursionError:
        raise Unparsable("it is nested too deep") from None
    except ValueError as fault:
        raise Unparsable(f"it is not JSON: {fault}") from None
    name = data.get("command")
    if not isinstance(name, str) or name not in KINDS:
        raise Unparsable(f"{json.dumps(name)} is no command that stands in a batch" if "command" in data else 'it names no "command"')
    keys = [data.pop(name) for name in ("key", "idempotency_key") if name in data]
    if len(keys) > 1:
        raise Malformed("key", '"key" and "idempotency_key" are the same: give one of them')
    consent, strict = data.pop("yes", False), data.pop("strict", False)
    try:
        asked: Any = msgspec.convert(data, KINDS[name])
    except msgspec.ValidationError as fault:
        raise malformed(fault, KINDS[name]) from None
    return Request(asked, key_of(keys), check_flag("yes", consent), check_flag("strict", strict))


def is_text(text: str) -> bool:
    """Whether UTF-8 can hold it: no byte that was none, no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


WRONG = re.compile(r"Expected `(.+?)`(?:.*?, got `(.+?)`)?(?: - at `\$\.?(.*)`)?")
UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`")
MISSING = re.compile(r"Object missing required field `(.*?)`")
NULL = " | null"
FORMS = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "null", "array": "a list", "object": "an object"}
"""What JSON holds, by the words that the decoder has for it."""


def malformed(fault: msgspec.ValidationError, kind: Any, nulls: bool = True) -> Malformed:
    """What a value is not: in the command's own words where it says so, else in ours. `nulls`: null is a way to leave a value out."""
    cause, told = fault.__cause__, str(fault)
    if isinstance(cause, Malformed):
        return cause
    if found := UNKNOWN.match(told):
        known = [field.encode_name for field in msgspec.structs.fields(kind)]
        return Malformed(found[1], f"there is no key {quote(found[1])} in this command. {guess(found[1], known)}It takes {', '.join(known)}.")
    if found := MISSING.match(told):
        return Malformed(found[1], f"the key {quote(found[1])} is missing.")
    if found := WRONG.match(told):
        return Malformed(found[3] or None, f"{found[3] or 'a value'} is {form(found[2] or 'something else')}, where {form(found[1] if nulls else found[1].removesuffix(NULL))} is expected.")
    return Malformed(None, f"{told}.")


def form(words: str) -> str:
    return " or ".join(FORMS.get(word.strip(), word.strip()) for word in words.split("|"))


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


READER = json.JSONDecoder(object_pairs_hook=once, parse_constant=never)
"""Made once: that takes as long as reading a line."""

KINDS: dict[str, type[c.Command | q.Question]] = {c.name_of(kind): kind for kind in (*c.Spoken.__args__, *q.Asked.__args__)}
"""What stands in a batch, by the subcommand's words."""


def chunks(read: Callable[[int], bytes]) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines as they arrive, those that are there together in one list; blank lines and `#` lines are passed over.

    A line that is too long comes before its end is there, which may be never.
    """
    number, rest, told = 0, b"", False
    while piece := read(PIECE):
        *whole, rest = (rest + piece).split(b"\n")
        if told and not whole:
            rest = b""
            continue
        if told:
            whole[0] = b""
        told = len(rest) > MOST_BYTES
        yield list(spoken([*whole, rest] if told else whole, number))
        number += len(whole)
        rest = b"" if told else rest
    if rest:
        yield list(spoken([rest], number))


def spoken(lines: list[bytes], before: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, before + 1):
        text = line.decode("utf-8", "surrogateescape")
        if len(text) <= MOST_LINE:
            text = text.strip()
        if text and not text.startswith("#"):
            yield number, text


def named(text: str) -> str | None:
    """The command that a line names although it could not be understood, or None."""
    as_json = text.lstrip().startswith("{")
    if len(text) > (MOST_LINE if as_json else MOST_WORDS):
        return None
    try:
        words = [str(json.loads(text)["command"])] if as_json else shlex.split(text)
    except (ValueError, KeyError, RecursionError):
        return None
    return next((name for count in (1, 2) if (name := " ".join(words[:count])) in KINDS), None)
