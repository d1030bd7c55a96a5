"""A run as one HTML page that needs nothing but itself: no script, no network. How it looks is in page.html."""

import os
import re
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from .... import answers as a
from . import story

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_COMPARED = 400
"""Words of a text in which the difference is marked; comparing takes the square of them."""


class Piece(NamedTuple):
    """A part of what was expected or found."""

    text: str
    differs: bool


class Pair(NamedTuple):
    """What was expected and found, told apart."""

    expected: list[Piece]
    found: list[Piece]


def report(tested: a.Tested) -> bytes:
    return template().render(tested=tested, files=list(story.files(tested.tests))).encode()


@cache
def template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(os.path.dirname(__file__)), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )  # fmt: skip
    environment.globals.update(story=story, compared=compared)
    return environment.get_template("page.html")


def compared(failure: a.Unmet) -> Pair:
    """Both texts, with the words marked that are not in the other."""
    texts = story.plain(failure.expected), story.plain(failure.found)
    ours, theirs = (WORDS.findall(text) for text in texts)
    if max(len(ours), len(theirs)) > MOST_COMPARED:
        return Pair(*([Piece(text, True)] for text in texts))
    spans = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    expected = [Piece("".join(ours[first:last]), tag != "equal") for tag, first, last, _, _ in spans if first < last]
    found = [Piece("".join(theirs[first:last]), tag != "equal") for tag, _, _, first, last in spans if first < last]
    return Pair(expected, found)
