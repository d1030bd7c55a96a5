"""Which tests are meant: tags with `and`, `or`, `not` and brackets. Nothing is read from a file here."""

import re
from collections.abc import Callable

from ...core.malformed import Malformed, quote

WORD = re.compile(r"\s*(\(|\)|[^\s()]+)")
MOST_WORDS = 200
Meant = Callable[[frozenset[str]], bool]

JOINS = ("and", "or", "not")


def is_tag(text: str) -> bool:
    """Whether a tag can be chosen: it is one word, and joins no others."""
    return WORD.fullmatch(text) is not None and text not in (*JOINS, "(", ")") and not text[:1].isspace()


def meant(text: str) -> Meant:
    """Read `silence and not slow`; `Malformed` where it is none."""
    words = WORD.findall(text)
    if not words or len(words) > MOST_WORDS:
        raise complaint(text)
    rest = list(reversed(words))
    test = either(rest, text)
    if rest:
        raise complaint(text)
    return test


def either(rest: list[str], text: str) -> Meant:
    left = both(rest, text)
    while rest and rest[-1] == "or":
        rest.pop()
        left = joined(left, both(rest, text), any)
    return left


def both(rest: list[str], text: str) -> Meant:
    left = one(rest, text)
    while rest and rest[-1] == "and":
        rest.pop()
        left = joined(left, one(rest, text), all)
    return left


def joined(left: Meant, right: Meant, how: Callable[[tuple[bool, bool]], bool]) -> Meant:
    return lambda tags: how((left(tags), right(tags)))


def one(rest: list[str], text: str) -> Meant:
    word = rest.pop() if rest else ")"
    if word == "not":
        inner = one(rest, text)
        return lambda tags: not inner(tags)
    if word == "(":
        inner = either(rest, text)
        if not rest or rest.pop() != ")":
            raise complaint(text)
        return inner
    if word in (")", "and", "or"):
        raise complaint(text)
    return lambda tags: word in tags


def complaint(text: str) -> Malformed:
    return Malformed("tags", f"{quote(text)} names no tests: write tags with and, or, not and brackets, as 'silence and not slow'.")
