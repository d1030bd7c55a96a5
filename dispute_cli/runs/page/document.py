"""Pages as HTML: the templates filled, every text escaped, what cannot be seen made visible. No script, no network, no clock; the same store gives the same bytes."""

import os
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...core.instants import iso_instant
from ...session import Session
from . import listing, order
from .order import Voice


def page(session: Session, id: str | None, at: str | None, voice: Voice) -> bytes:
    """An order's page, a purchase's with all its lines, or without an id the list's."""
    templates = environment(voice)
    if id is None:
        return templates.get_template("list.html").render(told=listing.gather(session, at), length=voice.length).encode()
    return templates.get_template("order.html").render(told=order.gather(session, id, at, voice)).encode()


def environment(voice: Voice) -> Environment:
    found = Environment(
        loader=FileSystemLoader(os.path.dirname(__file__)),
        autoescape=True,
        finalize=shown(voice.visible),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["instant"] = iso_instant
    found.filters["words"] = lambda code: code.replace("_", " ")
    return found


def shown(visible: Callable[[str], str]) -> Callable[[Any], Any]:
    """What every value passes before it is escaped: only the ends of lines stay as they are."""
    return lambda value: value if isinstance(value, Markup | int) else "\n".join(map(visible, str(value).split("\n")))
