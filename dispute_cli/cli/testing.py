"""Scenario files on the command line: run, shown, reported. The run itself is runs/scenario/suite.py."""

import os

from msgspec.structs import replace

from ..core.malformed import Malformed, quote
from ..runs.scenario import suite
from ..runs.scenario.reports import BEGINNINGS, REPORTS
from ..runs.scenario.source import MOST_BYTES
from ..runs.scenario.variables import read_variables
from . import telling
from .errands import RunTests
from .inputs import read_stdin
from .progress import watched
from .settings import Settings
from .writing import write


def run(errand: RunTests, settings: Settings, query: telling.Query | None) -> int:
    """Run the tests, write the reports, tell what came of it."""
    choice = errand.choice
    for form, path in errand.reports.items():
        check_place(form, path)
    if errand.vars_file is not None:
        choice = replace(choice, vars_file=errand.vars_file, from_file=read_variables(errand.vars_file))
    with watched(settings) as progress:
        tested = suite.run(choice, lambda: read_stdin(MOST_BYTES + 1), progress)
    for form, path in errand.reports.items():
        write("report", path, REPORTS[form](tested))
    return telling.tell(tested, settings, query, errand)


def check_place(form: str, path: str) -> None:
    """A report goes in place of an earlier one; a file that is none, such as a store, is not written over."""
    if not os.path.isfile(path) or os.path.getsize(path) == 0:
        return
    with open(path, "rb") as file:
        if not file.read(64).startswith(BEGINNINGS[form]):
            raise Malformed(f"report_{form}", f"{quote(path)} exists and is no earlier report of this form: name another file.")
