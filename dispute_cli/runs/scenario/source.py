"""A scenario file's text as a tree in which every part knows its place; every scalar is text. What the parts mean is not known here."""

from collections.abc import Iterator
from typing import Any

import yaml

from ...core.malformed import quote
from ...place import Place
from ...policies import InvalidFile
from ...regular import NotRegular, read_regular

MOST_BYTES = 64 * 1024 * 1024
"""Of one file, with the evidence that it may hold."""
MOST_SIGNS = 1_000_000
"""Lines, commas and whatever else begins a part: a part takes a hundred times the memory of its text."""
MOST_DEPTH = 40

SIGNS = "\n\r,:[{-?"

Way = tuple[str | int, ...]
"""From the top of a file to one of its parts: `("steps", 2, "expect", 0)`."""


class WrongFile(InvalidFile):
    """A scenario file that is wrong: where, and what."""

    def __init__(self, place: Place, message: str, hint: str | None = None) -> None:
        super().__init__(str(place) if place.line else place.file, message, hint)
        self.place: Place = place
        self.bare = message


class Source:
    """One file, read and composed."""

    def __init__(self, path: str, text: str, root: Any) -> None:
        self.path = path
        self.text = text
        self.root = root
        self.lines = text.split("\n")

    def node(self, way: Way) -> Any:
        """The part at a way; the nearest one around it where the way leads nowhere."""
        node = self.root
        for step in way:
            found = below(node, step)
            if found is None:
                break
            node = found
        return node

    def place(self, way: Way) -> Place:
        """Where a part stands."""
        return self.place_of(self.node(way))

    def key_place(self, way: Way, key: str) -> Place:
        """Where a key of the mapping at a way stands, or the mapping."""
        node = self.node(way)
        return self.place_of(next((name for name, _ in node.value if name.value == key), node) if isinstance(node, yaml.MappingNode) else node)

    def place_of(self, node: Any) -> Place:
        start, end = node.start_mark, node.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return self.at(start.line, start.column, width)

    def at(self, line: int, column: int, width: int = 1) -> Place:
        """A place by line and column from 0."""
        excerpt = self.lines[line].rstrip("\r") if line < len(self.lines) else ""
        return Place(self.path, line + 1, column + 1, excerpt, max(width, 1))

    def wrong(self, way: Way, message: str, hint: str | None = None) -> WrongFile:
        return WrongFile(self.place(way), message, hint)


def below(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def read(path: str, shown: str | None = None) -> Source:
    """Read a file; `WrongFile` where it is no YAML as scenarios are written in."""
    shown = shown or path
    try:
        data = read_regular(path, MOST_BYTES + 1)
    except NotRegular as fault:
        raise WrongFile(Place(shown, 0, 0), f"it cannot be read: {fault}.") from None
    return parse(shown, data)


def parse(shown: str, data: bytes) -> Source:
    """Compose a file's bytes."""
    if len(data) > MOST_BYTES:
        raise WrongFile(Place(shown, 0, 0), f"a scenario file has at most {MOST_BYTES:,} bytes.")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start)
        raise WrongFile(Place(shown, line + 1, fault.start - (data.rfind(b"\n", 0, fault.start) + 1) + 1), "it is not UTF-8 text.") from None
    if text.startswith("\ufeff"):
        raise WrongFile(Place(shown, 1, 1), "it begins with a byte order mark: save the file as plain UTF-8.")
    if sum(map(text.count, SIGNS)) > MOST_SIGNS:
        raise WrongFile(Place(shown, 0, 0), f"a scenario file has at most {MOST_SIGNS:,} lines, commas, colons, hyphens and brackets.")
    source = Source(shown, text, None)
    try:
        source.root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as fault:
        raise badly_written(source, fault) from None
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position)
        column = fault.position - (text.rfind("\n", 0, fault.position) + 1)
        raise WrongFile(source.at(line, column), f"the character {quote(chr(fault.character))} may not stand in YAML.") from None
    if source.root is None:
        raise WrongFile(Place(shown, 1, 1), "the file is empty.", "`dispute help scenarios` shows one.")
    return source


def badly_written(source: Source, fault: yaml.MarkedYAMLError) -> WrongFile:
    """What the YAML reader complains about, at its place."""
    mark: Any = fault.problem_mark or fault.context_mark
    told = str(fault.problem or fault.context)
    hint = None
    if "alias" in told:
        told, hint = "aliases (*name) are refused", "Write it out, or use a variable: $name."
    elif "nesting depth" in told:
        told = "it is nested too deep"
    elif "mapping values are not allowed" in told or "'%'" in told:
        hint = "Quote a text that holds ': ' or begins with a special character."
    elif "found another document" in told:
        told = "a file holds one scenario: a second document begins"
    return WrongFile(source.at(mark.line, mark.column) if mark else Place(source.path, 1, 1), f"{told.removesuffix('.')}.", hint)


def plain(source: Source) -> Any:
    """The tree as mappings, lists and texts; `WrongFile` for aliases, tags, keys that stand twice or are no text, and depths."""
    seen: set[int] = set()
    return plain_of(source, source.root, seen, 0)


def plain_of(source: Source, node: Any, seen: set[int], depth: int) -> Any:
    if isinstance(node, yaml.ScalarNode):
        check_node(source, node, seen, "str")
        return node.value
    if depth > MOST_DEPTH:
        raise WrongFile(source.place_of(node), "it is nested too deep.")
    if isinstance(node, yaml.SequenceNode):
        check_node(source, node, seen, "seq")
        return [plain_of(source, part, seen, depth + 1) for part in node.value]
    check_node(source, node, seen, "map")
    return dict(pairs(source, node, seen, depth))


def pairs(source: Source, node: Any, seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    known: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise WrongFile(source.place_of(key), "a key is a text.")
        check_node(source, key, seen, "str")
        if key.value in known:
            raise WrongFile(source.place_of(key), f"the key {quote(key.value)} stands twice.")
        known.add(key.value)
        yield key.value, plain_of(source, value, seen, depth + 1)


def check_node(source: Source, node: Any, seen: set[int], kind: str) -> None:
    """Refuse a part that stands in two places, and one that asks to be read as another type."""
    if id(node) in seen:
        events = yaml.parse(source.text, Loader=yaml.CBaseLoader)
        mark: Any = next(event.start_mark for event in events if isinstance(event, yaml.AliasEvent))
        raise WrongFile(source.at(mark.line, mark.column), "aliases (*name) are refused.", "Write it out, or use a variable: $name.")
    seen.add(id(node))
    if node.tag != f"tag:yaml.org,2002:{kind}":
        raise WrongFile(source.place_of(node), f"tags ({quote(node.tag)}) are refused: every scalar is text.")
