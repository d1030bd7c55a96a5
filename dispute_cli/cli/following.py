"""Events as they are recorded, until somebody stops it: one a line. What an event says is sentences.py."""

import select
import sys
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from ..sentences import sentence
from . import listing
from .call import service
from .errands import Follow
from .options import Format
from .output import Untold, on_terminal, say
from .rows import columns
from .settings import Settings
from .telling import Query, say_answer
from .visible import visible

INTERRUPTED = 130
PAUSE = 100
"""Milliseconds between two looks."""


def run(errand: Follow, settings: Settings, query: Query | None) -> int:
    """Tell event after event; ends when interrupted, or when nobody reads any more."""
    question = errand.question if settings.acting is None else replace(errand.question, by=settings.acting)
    form = settings.format or (Format.TABLE if on_terminal(sys.stdout) else Format.TSV)
    try:
        tell_all(service(settings).follow(question, wait), form, errand, settings, query)
    except KeyboardInterrupt:
        return INTERRUPTED  # how it always ends: nothing to be told of
    return 0


def tell_all(events: Iterator[dict[str, Any]], form: Format, errand: Follow, settings: Settings, query: Query | None) -> None:
    """Each event in the form that was asked for."""
    head = True
    for event in events:
        if settings.json or form is Format.JSONL:
            say_answer(listing.jsonl([event], settings.fields), query)
        elif form is Format.TABLE and not settings.fields:
            say(visible(f"{event['seq']:>6}  {event['at']}  {event['order']}  {event['by']}  {sentence(event)}") + "\n")
        else:
            separated = Format.TSV if form is Format.TABLE else form
            say(listing.separated([event], columns(errand, settings.fields), separated, head))
        head = False


def wait() -> None:
    """A moment, or until whoever reads standard output has gone."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    if output.poll(PAUSE):
        raise Untold("nobody reads standard output any more.") from BrokenPipeError()
