"""Expectations that differ, rewritten in place: which they are, by playing again until no more can be mended. How a text is written in YAML is told in rewriting.py."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from ...place import Place
from ...replacing import replace_file
from .check import Failure
from .document import Document, Part
from .play import Result
from .rewriting import at, put, rewritten
from .source import Source, Way, WrongFile
from .trial import Trial

Spot = tuple[str, Way]
"""A part of a file: the file's real path, and the way to it."""
Edits = dict[Spot, str]
Results = Callable[[Document], Iterable[Result]]
DEPTH = 2
"""Steps of the way to a step: `("steps", 3)`."""


def update(documents: Sequence[Document], results: Results) -> int:
    """Rewrite the expectations that differ in the documents' files; return how many."""
    edits = settled(documents, results)
    sources = {path_of(part): part.source for document in documents for part in document.steps}
    return sum(rewrite(source, {way: text for (file, way), text in edits.items() if file == path}) for path, source in sources.items())


def settled(documents: Sequence[Document], results: Results) -> Edits:
    """What is to be written where. Played again after each change, since a test shows its next difference only once this one is gone.

    A place where tests want different texts is left as it stands, also where that is seen only later: each place is changed once and given up once
    at most, so this ends.
    """
    edits: Edits = {}
    given_up: set[Spot] = set()
    changed: set[Spot] = set()
    waiting = list(documents)
    while waiting:
        wanted: dict[Spot, set[str]] = {}
        for document in waiting:
            for spot, text in differences(document, edits, changed, results):
                wanted.setdefault(spot, set()).add(text)
        changed = wanted.keys() - given_up
        for spot in changed:
            if spot in edits or len(wanted[spot]) > 1:
                edits.pop(spot, None)
                given_up.add(spot)
            else:
                (edits[spot],) = wanted[spot]
        waiting = [document for document in documents if files_of(document) & {file for file, _ in changed}]
    return edits


def differences(document: Document, edits: Edits, changed: set[Spot], results: Results) -> list[tuple[Spot, str]]:
    """Where a document's tests do not hold, and the text that would; of one that cannot be run after the last changes, these, to be given up."""
    try:
        return [*wanted_by(results(edited(document, edits)))]
    except WrongFile:
        return [(spot, edits[spot]) for spot in changed & edits.keys() if spot[0] in files_of(document)]


def wanted_by(results: Iterable[Result]) -> Iterator[tuple[Spot, str]]:
    """A text with a variable in it is nobody's to replace: it holds what others hold as well."""
    for result in results:
        for failure in result.failures:
            part = result.trial.steps[failure.step - 1]
            if failure.instead is not None and failure.way and not holds_variable(part, failure.way):
                yield (path_of(part), (*part.way, *failure.way)), failure.instead


def holds_variable(part: Part, way: Way) -> bool:
    return "$" in str(at(part.data, way))


def left(trial: Trial, failure: Failure) -> str:
    """Why an expectation was not rewritten."""
    if failure.way and holds_variable(trial.steps[failure.step - 1], failure.way):
        return "it holds a variable"
    if failure.instead is None:
        return "it is no comparison with a value" if "expect" in failure.way else "no other text there would hold"
    return "other tests need it otherwise, or it would not be read back as it is meant"


def edited(document: Document, edits: Edits) -> Document:
    """The document as if its files were rewritten."""
    inside: dict[Spot, list[tuple[Way, str]]] = {}
    for (file, way), text in edits.items():
        inside.setdefault((file, way[:DEPTH]), []).append((way[DEPTH:], text))
    return replace(document, steps=tuple(edited_part(part, inside.get((path_of(part), part.way), [])) for part in document.steps))


def edited_part(part: Part, edits: list[tuple[Way, str]]) -> Part:
    data: Any = part.data
    for way, text in edits:
        data = put(data, way, text)
    return part._replace(data=data)


def files_of(document: Document) -> set[str]:
    return set(map(path_of, document.steps))


def path_of(part: Part) -> str:
    return os.path.realpath(part.source.path)


def rewrite(source: Source, edits: dict[Way, str]) -> int:
    """Write a file anew with what differs; return how much of it did."""
    text, count = rewritten(source, edits)
    if count:
        try:
            replace_file(source.path, text.encode())
        except OSError as fault:
            raise WrongFile(Place(source.path, 0, 0), f"it cannot be rewritten: {(fault.strerror or str(fault)).lower()}.") from None
    return count
