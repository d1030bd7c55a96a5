"""A store's history as a scenario, on the command line: written where it belongs. The scenario itself is runs/scenario/record.py's."""

from .. import answers as a
from ..runs.scenario.record import record
from . import telling
from .call import service
from .errands import Record
from .output import say_bytes
from .settings import Settings
from .writing import check_new, write


def run(errand: Record, settings: Settings, query: telling.Query | None) -> int:
    """Record the orders: bare on standard output, or into a new file."""
    if errand.output is not None:
        check_new("output", errand.output)
    with service(settings).reading() as session:
        text, now = record(session, errand.id), session.now
    if errand.output is not None and not settings.dry_run:
        write("output", errand.output, text.encode())
    if errand.output is None and not settings.json:
        say_bytes(text.encode())
        return 0
    answer = a.Recorded(command="record", now=now, scenario=text, file=errand.output, dry_run=settings.dry_run)
    return telling.tell(answer, settings, query, errand)
