"""Where each key of a TOML text stands, and its value. tomllib has read the text before, so it is TOML; what the keys mean is not known here."""

import re
import tomllib
from collections.abc import Callable
from typing import NamedTuple

Way = tuple[str | int, ...]
"""From the top of a text to one of its values: `("reasons", "defective", "refund")`, `("not_modelled", 0, "what")`."""
Span = tuple[int, int]

SPACE = re.compile(r"[ \t]*")
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
WORD = re.compile(r"[A-Za-z0-9_-]+")
BARE = re.compile(r"[^,\]}\r\n#]*")
"""A number, a date, true or false."""


class Spot(NamedTuple):
    """Where a key stands, or the head of a table, or an element of a list; and where its value does."""

    key: Span
    value: Span | None = None


def spots(text: str) -> dict[Way, Spot]:
    """Each key of the text, those of tables that are only implied among them."""
    return Scan(text).run()


class Scan:
    """One walk over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Way, Spot] = {}
        self.counts: dict[Way, int] = {}
        """Arrays of tables, and the number of the last table of each."""

    def run(self) -> dict[Way, Spot]:
        table: Way = ()
        while self.skip(BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self.head()
            else:
                self.pair(table)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> int:
        """Go past what the pattern matches here."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def head(self) -> Way:
        """`[table]` or `[[array of tables]]`."""
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        way = self.table(self.keys(), many)
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        self.note(way, (start, self.at))
        return way

    def table(self, keys: tuple[str, ...], many: bool) -> Way:
        """The way of a table by its head: within an array of tables it is in the last of them."""
        way: Way = ()
        for place, key in enumerate(keys, 1):
            way = (*way, key)
            if many and place == len(keys):
                self.counts[way] = self.counts.get(way, -1) + 1
            if way in self.counts:
                way = (*way, self.counts[way])
        return way

    def keys(self) -> tuple[str, ...]:
        """A key as it is written, with dots between its parts."""
        self.skip(SPACE)
        parts = [self.key()]
        while self.skip(SPACE) < len(self.text) and self.text[self.at] == ".":
            self.at += 1
            self.skip(SPACE)
            parts.append(self.key())
        return tuple(parts)

    def key(self) -> str:
        start = self.at
        self.skip(WORD if WORD.match(self.text, start) else STRING)
        written = self.text[start : self.at]
        return str(tomllib.loads(f"key = {written}")["key"]) if written[:1] in "\"'" else written

    def pair(self, table: Way) -> None:
        start = self.at
        way = (*table, *self.keys())
        self.note(way, (start, start + len(self.text[start : self.at].rstrip())))
        self.at = self.text.index("=", self.at) + 1
        begins = self.skip(SPACE)
        self.value(way)
        self.found[way] = self.found[way]._replace(value=(begins, self.at))

    def value(self, way: Way) -> None:
        if self.text[self.at] == "{":
            self.inside("}", lambda number: self.pair(way))
        elif self.text[self.at] == "[":
            self.inside("]", lambda number: self.element((*way, number)))
        elif STRING.match(self.text, self.at):
            self.skip(STRING)
        else:
            start = self.at
            self.skip(BARE)
            self.at = start + len(self.text[start : self.at].rstrip())

    def inside(self, closing: str, each: Callable[[int], None]) -> None:
        """What stands between brackets, with commas between."""
        self.at += 1
        number = 0
        while self.text[self.skip(BLANK)] != closing:
            if self.text[self.at] == ",":
                self.at += 1
            else:
                each(number)
                number += 1
        self.at += 1

    def element(self, way: Way) -> None:
        start = self.at
        self.note(way, (start, start + 1))
        self.value(way)
        self.found[way] = Spot((start, self.at))

    def note(self, way: Way, span: Span) -> None:
        """Keep where a way is met first, and the tables that it implies."""
        for length in range(1, len(way) + 1):
            self.found.setdefault(way[:length], Spot(span))
