"""Variables: `$name` in any text stands for a value, `$$` is a dollar sign. Where values come from is not known here."""

import json
import re
from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ...core.malformed import Malformed, guess, quote

NAMED = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})?")
MOST_FILLED = 1 << 24
"""Characters of a text with its variables filled in, and of all variables that are made of others: each may double the one before it."""
TOO_LONG = f"with its variables filled in it has more than {MOST_FILLED:,} characters."
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Later(Exception):
    """A variable that an earlier step captures: its value is known once that step is done."""


class Variables:
    """Values by name, and the names whose values are known only on the way."""

    def __init__(self, values: Mapping[str, Any], captured: Collection[str] = ()) -> None:
        self.values = dict(values)
        self.captured = captured
        self.used: set[str] = set()

    def value(self, name: str) -> Any:
        """The value of a variable; `Later` where it is captured, `Malformed` where nothing defines it."""
        self.used.add(name)
        if name in self.values:
            return self.values[name]
        if name in self.captured:
            raise Later
        known = [*self.values, *self.captured]
        raise Malformed(name, f"there is no variable {quote('$' + name)}. {guess(name, known) or 'Define it under vars, or capture it before.'}".rstrip())

    def fill(self, data: Any) -> Any:
        """The data with every variable in its place: alone it keeps its type, within a text it is text."""
        if isinstance(data, str):
            return self.text(data) if "$" in data else data
        if isinstance(data, dict):
            return {key: self.fill(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.fill(value) for value in data]
        return data

    def text(self, text: str) -> Any:
        alone = NAMED.fullmatch(text)
        if alone and not alone[1]:
            return self.value(name_of(alone))
        values = ["$" if found[1] else as_text(self.value(name_of(found))) for found in NAMED.finditer(text)]
        if len(text) + sum(map(len, values)) > MOST_FILLED:
            raise Malformed(None, TOO_LONG)
        rest = iter(values)
        return NAMED.sub(lambda found: next(rest), text)

    def expression(self, text: str) -> str:
        """A JMESPath expression: outside of quotes a variable is a value of its type, within quotes text."""
        if "$" not in text:
            return text
        parts, quoted = [], ""
        for piece in re.split(r"(\\.|['\"`]|\$\$|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|\$)", text):
            if piece in ("'", '"', "`"):
                quoted = "" if quoted == piece else quoted or piece
            parts.append(self.within(piece, quoted) if piece.startswith("$") else piece)
        return "".join(parts)

    def within(self, piece: str, quoted: str) -> str:
        found = NAMED.match(piece)
        assert found, "it was split at a dollar sign"
        if found[1]:
            return "$" + piece[found.end() :]
        value = self.value(name_of(found))
        rest = piece[found.end() :]
        if quoted:
            return escaped(as_text(value), quoted) + rest
        return "`" + json.dumps(value, ensure_ascii=False).replace("`", "\\`") + "`" + rest


def settled(texts: Mapping[str, str], given: Mapping[str, Any]) -> Variables:
    """The variables of a file, which may be made of each other and of those given, which weigh more; `Malformed` where one has no value."""
    variables = Variables(given)
    named = {name: names_in(text) & texts.keys() - given.keys() for name, text in texts.items() if name not in given}
    try:
        order = list(TopologicalSorter(named).static_order())
    except CycleError as fault:
        names = sorted(set(fault.args[1]))
        told = f"the variables {' and '.join(map(quote, names))} are made of each other." if len(names) > 1 else f"the variable {quote(names[0])} is made of itself."
        raise Malformed(names[0], told) from None
    length = 0
    for name in order:
        try:
            variables.values[name] = variables.fill(texts[name])
            length += len(variables.values[name]) if "$" in texts[name] else 0
            if length > MOST_FILLED:
                raise Malformed(name, TOO_LONG)
        except Malformed as fault:
            raise Malformed(name, fault.message) from None
    return variables


def names_in(text: str) -> set[str]:
    """The variables that a text names."""
    return {name for found in NAMED.finditer(text) if (name := found[2] or found[3])}


def name_of(found: re.Match[str]) -> str:
    name = found[2] or found[3]
    if not name:
        raise Malformed("$", "a dollar sign stands alone: write $name for a variable, $$ for a dollar sign.")
    return name


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def escaped(text: str, quote: str) -> str:
    """The text as it stands between such quotes."""
    if quote == '"':
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return text.replace("\\", "\\\\").replace("'", "\\'") if quote == "'" else text


def read_variables(path: str) -> dict[str, str]:
    """Variables from a file of their own: a mapping of texts."""
    from .source import plain, read

    source = read(path)
    given = plain(source)
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise source.wrong((), "a file of variables is a mapping of names to texts.")
    return given
