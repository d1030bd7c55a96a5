"""Scenario files on the command line: run, shown, reported. The run itself is runs/scenario/suite.py."""

from msgspec.structs import replace

from ..core.malformed import Malformed
from ..replacing import replace_file
from ..runs.scenario import suite
from ..runs.scenario.reports import REPORTS
from ..runs.scenario.source import MOST_BYTES
from ..runs.scenario.variables import read_variables
from . import telling
from .errands import RunTests
from .inputs import read_stdin
from .progress import watched
from .settings import Settings


def run(errand: RunTests, settings: Settings, query: telling.Query | None) -> int:
    """Run the tests, write the reports, tell what came of it."""
    choice = errand.choice
    if errand.vars_file is not None:
        choice = replace(choice, variables={**read_variables(errand.vars_file), **choice.variables})
    with watched(settings) as progress:
        tested = suite.run(choice, lambda: read_stdin(MOST_BYTES + 1), progress)
    for form, path in errand.reports.items():
        write(path, REPORTS[form](tested))
    return telling.tell(tested, settings, query, errand)


def write(path: str, data: bytes) -> None:
    try:
        replace_file(path, data)
    except OSError as fault:
        raise Malformed("report", f"{path} cannot be written: {(fault.strerror or str(fault)).lower()}.") from None
