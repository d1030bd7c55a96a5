"""A store's history as a scenario, on the command line: written where it belongs. The scenario itself is runs/scenario/record.py's."""

import os

from .. import answers as a
from ..core.malformed import Malformed, quote
from ..replacing import replace_file
from ..runs.scenario.record import record
from . import telling
from .call import service
from .errands import Record
from .output import say_bytes
from .settings import Settings


def run(errand: Record, settings: Settings, query: telling.Query | None) -> int:
    """Record the orders: bare on standard output, or into a new file."""
    if errand.output is not None and os.path.lexists(errand.output):
        raise Malformed("output", f"{quote(errand.output)} exists: name a new file.")
    with service(settings).reading() as session:
        text, now = record(session, errand.id), session.now
    if errand.output is not None and not settings.dry_run:
        write(errand.output, text.encode())
    if errand.output is None and not settings.json:
        say_bytes(text.encode())
        return 0
    answer = a.Recorded(command="record", now=now, scenario=text, file=errand.output, dry_run=settings.dry_run)
    return telling.tell(answer, settings, query, errand)


def write(path: str, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as fault:
        raise Malformed("output", f"{quote(path)} cannot be written: {(fault.strerror or str(fault)).lower()}.") from None
