"""A scenario file with what it includes, its shape checked and every part's place kept. Variables are not filled in here, nothing is carried out."""

import binascii
import os
import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from ...core.malformed import guess, quote
from ..lines import MISSING, NULL, UNKNOWN, form
from .model import STEP, Contents, File, Init
from .source import Source, Way, WrongFile, plain, read
from .variables import NAME

MOST_INCLUDED = 20
"""One within the other."""
MOST_READ = 1000
"""Files for one scenario, each as often as it is named."""
STDIN = "-"
Shape = TypeVar("Shape", bound=Struct)


class Part(NamedTuple):
    """A piece of a file, and where it stands."""

    source: Source
    way: Way
    data: Any

    def wrong(self, message: str, *below: str | int, hint: str | None = None) -> WrongFile:
        """The complaint about it, or about what is below it."""
        return self.source.wrong((*self.way, *below), message, hint)


class Document(Struct, frozen=True):
    """A scenario, with what it includes put first."""

    source: Source
    file: File
    folder: str
    """Where it looks for files."""
    init: Init
    vars: dict[str, str]
    files: dict[str, bytes]
    orders: tuple[Part, ...]
    steps: tuple[Part, ...]
    read: int
    """Files that were read for it, itself among them."""


def open_document(source: Source, folder: str, above: tuple[str, ...] = ()) -> Document:
    """Check a file's shape, and put what it includes first."""
    if len(above) > MOST_INCLUDED:
        raise source.wrong(("include",), "files include each other without end.")
    data = plain(source)
    file = shaped(data, File, source, ())
    check_names(source, file)
    inner = included(source, folder, file, above)
    return Document(
        source=source,
        file=file,
        folder=folder,
        init=file.init or next((document.init for document in inner if document.file.init), Init()),
        vars=merged(document.vars for document in inner) | file.vars,
        files=merged(document.files for document in inner) | contents(source, file.files),
        orders=(*(part for document in inner for part in document.orders), *parts(source, "orders", file.orders)),
        steps=(*(part for document in inner for part in document.steps), *parts(source, "steps", file.steps)),
        read=1 + sum(document.read for document in inner),
    )


def includes(file: File) -> tuple[str, ...]:
    return (file.include,) if isinstance(file.include, str) else file.include


def included(source: Source, folder: str, file: File, above: tuple[str, ...]) -> list[Document]:
    """Open what a file includes: two that name the next one twice would be read without end."""
    found: list[Document] = []
    most = MOST_READ
    named: set[str] = set()
    for index, name in enumerate(includes(file)):
        path = os.path.realpath(os.path.join(folder, name))
        if path in named:
            raise source.wrong(("include", index), f"{quote(name)} is included twice.")
        named.add(path)
        found.append(include(source, folder, index, name, above))
        most -= found[-1].read
        if most < 0:
            raise source.wrong(("include",), f"more than {MOST_READ:,} files are included.")
    return found


def include(source: Source, folder: str, index: int, name: str, above: tuple[str, ...]) -> Document:
    """Open a file that is named by another, beside it."""
    path = os.path.join(folder, name)
    way: Way = ("include", index) if not isinstance(source.node(("include",)).value, str) else ("include",)
    if os.path.realpath(path) in above:
        raise source.wrong(way, f"{quote(name)} includes itself.")
    try:
        inner = read(path, os.path.join(os.path.dirname(source.path), name))
    except WrongFile as fault:
        raise source.wrong(way, f"{quote(name)}: {fault.bare}") if not fault.place.line else fault from None
    document = open_document(inner, os.path.dirname(path) or ".", (*above, os.path.realpath(path)))
    if document.file.cases:
        raise inner.wrong(("cases",), "a file that is included has no cases of its own.")
    return document


def merged(many: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for one in many for key, value in one.items()}


def parts(source: Source, name: str, pieces: tuple[dict[str, Any], ...]) -> tuple[Part, ...]:
    found = tuple(Part(source, (name, index), data) for index, data in enumerate(pieces))
    if name == "steps":
        for part in found:
            check_keys(part, part.data, STEP)
    return found


def check_names(source: Source, file: File) -> None:
    """Variables are named as `$name` can name them."""
    for name in file.vars:
        if not NAME.fullmatch(name):
            raise WrongFile(source.key_place(("vars",), name), f"{quote(name)} is no name of a variable: letters, digits and '_', no digit first.")


def contents(source: Source, files: dict[str, Contents]) -> dict[str, bytes]:
    """The bytes of the files that a scenario brings along."""
    return {name: content(source, name, given) for name, given in files.items()}


def content(source: Source, name: str, given: Contents) -> bytes:
    if (given.text is None) == (given.base64 is None):
        raise source.wrong(("files", name), "a file has either text or base64.")
    if given.text is not None:
        return given.text.encode()
    try:
        return b64decode("".join((given.base64 or "").split()), validate=True)
    except binascii.Error as fault:
        raise source.wrong(("files", name, "base64"), f"it is not base64: {str(fault).lower()}.") from None


# The shape


PATH = re.compile(r" - at `(?:key` in `)?\$(.*)`$")
STEPS = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[\.\.\.\]")
WRONG = re.compile(r"Expected `(.+?)`, got `(.+?)`")
ENUM = re.compile(r"Invalid enum value '?(.*?)'?$")


def shaped(data: Any, kind: type[Shape], source: Source, way: Way) -> Shape:
    """The data as a struct; `WrongFile` at the part that does not fit."""
    try:
        return msgspec.convert(data, kind, strict=False)
    except msgspec.ValidationError as fault:
        raise misshapen(str(fault), data, kind, source, way) from None


def misshapen(told: str, data: Any, kind: type[Struct], source: Source, way: Way) -> WrongFile:
    """What does not fit, where, in our own words."""
    path = PATH.search(told)
    bare = told[: path.start()] if path else told
    steps = [int(step[2]) if step[2] else step[1] or None for step in STEPS.finditer(path[1])] if path else []
    inner = tuple(entry(data, kind, steps[0]) if step is None else step for step in steps)
    at = (*way, *inner)
    if found := UNKNOWN.match(bare):
        return WrongFile(source.key_place(at, found[1]), unknown(found[1], fields_at(kind, inner)))
    if found := MISSING.match(bare):
        return source.wrong(at, f"the field {quote(found[1])} is missing.")
    if found := WRONG.match(bare):
        return source.wrong(at, f"here is {form(found[2])}, where {form(found[1].removesuffix(NULL))} is expected.")
    if found := ENUM.match(bare):
        return WrongFile(source.key_place(at, found[1]), none_of(found[1], values_of(get_type_hints(kind)[str(inner[0])])))
    return source.wrong(at, f"{bare}.")


def fields_at(kind: type[Struct], inner: Way) -> list[str]:
    """The fields that are known at a part of a shape."""
    from .model import Refused

    within: dict[str, type[Struct]] = {"init": Init, "files": Contents, "refused": Refused}
    known = within.get(str(inner[0]), kind) if inner else kind
    return [field.encode_name for field in msgspec.structs.fields(known)]


def entry(data: Any, kind: type[Struct], name: Any) -> str:
    """The first key of a mapping whose value does not fit, where the complaint names none."""
    expected = get_args(get_type_hints(kind)[name])[1]
    found: str = next(key for key, value in data[name].items() if not fits(value, expected))
    return found


def fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def values_of(hint: Any) -> list[str]:
    """The words that a type takes, or its keys."""
    return [value for part in get_args(hint) for value in (get_args(part) if get_origin(part) is Literal else values_of(part))]


def check_keys(part: Part, given: dict[str, Any], known: Iterable[str]) -> None:
    """Raise `WrongFile` at a key that is not known."""
    names = tuple(known)
    for key in given:
        if key not in names:
            raise WrongFile(part.source.key_place(part.way, key), unknown(key, names))


def unknown(key: str, known: Iterable[str]) -> str:
    """`unknown field 'refusd' (did you mean 'refused'?)`, or which there are."""
    names = tuple(known)
    return f"unknown field {quote(key)}" + (likely(key, names) or f": here stand {', '.join(names)}.")


def none_of(word: str, known: Iterable[str]) -> str:
    """`'neded' is none of the values that stand here (did you mean 'needed'?)`, or which there are."""
    words = tuple(known)
    return f"{quote(word)} is none of the values that stand here" + (likely(word, words) or f": {', '.join(words)}.")


def likely(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'refused'?)`; nothing where none is like it."""
    close = guess(word, known)
    return f" ({close[0].lower()}{close[1:].strip()})" if close else ""
