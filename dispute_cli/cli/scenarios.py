"""Scenario files on the command line. Words into structs, nothing else; testing.py runs them."""

from typing import Annotated

from typer import Argument, Option

from ..core.malformed import Malformed, quote
from ..runs.scenario.choice import Choice
from .errands import Record, RunTests
from .options import whole

CHOOSING, REPORTS = "Which tests", "Reports"


def run_tests(
    path: Annotated[list[str], Argument(metavar="PATH|-", help="Scenario files, folders, patterns; - reads one from standard input.")],
    tags: Annotated[str | None, Option("--tags", metavar="TAGS", help="Only tests with these tags: 'silence and not slow'.", rich_help_panel=CHOOSING)] = None,
    first: Annotated[str | None, Option("--from", metavar="STEP", help="Look from this step on, by name or number; those before are just done.", rich_help_panel=CHOOSING)] = None,
    last: Annotated[str | None, Option("--to", metavar="STEP", help="End with this step.", rich_help_panel=CHOOSING)] = None,
    case: Annotated[str | None, Option("--case", metavar="CASE", help="Only the cases of this name.", rich_help_panel=CHOOSING)] = None,
    listing: Annotated[bool, Option("--list", help="List the tests, run none.", rich_help_panel=CHOOSING)] = False,
    var: Annotated[list[str] | None, Option("--var", metavar="NAME=VALUE", help="Set a variable; repeat for more.")] = None,
    vars_file: Annotated[str | None, Option("--vars-file", metavar="FILE", help="Set variables from a YAML file.")] = None,
    jobs: Annotated[str | None, Option("--jobs", metavar="N", help="Run in so many processes; default: as it is worth it.")] = None,
    fail_fast: Annotated[bool, Option("--fail-fast", help="Stop at the first test that fails or file that is wrong.")] = False,
    keep_store: Annotated[str | None, Option("--keep-store", metavar="DIR", help="Keep each test's store in this new folder.")] = None,
    update: Annotated[bool, Option("--update", help="Rewrite the expectations that differ, in place.")] = False,
    junit: Annotated[str | None, Option("--report-junit", metavar="REPORT", help="Write JUnit XML.", rich_help_panel=REPORTS)] = None,
    tap: Annotated[str | None, Option("--report-tap", metavar="REPORT", help="Write TAP 14.", rich_help_panel=REPORTS)] = None,
    json_report: Annotated[str | None, Option("--report-json", metavar="REPORT", help="Write JSON, of the shape test.", rich_help_panel=REPORTS)] = None,
    html: Annotated[str | None, Option("--report-html", metavar="REPORT", help="Write one HTML page.", rich_help_panel=REPORTS)] = None,
) -> RunTests:
    """Run scenario files: disputes as tests."""
    choice = Choice(
        paths=tuple(path),
        tags=tags,
        case=case,
        variables=dict(map(pair, var or ())),
        first=first,
        last=last,
        jobs=whole(jobs, "jobs"),
        fail_fast=fail_fast,
        listing=listing,
        keep=keep_store,
        update=update,
    )
    reports = {"junit": junit, "tap": tap, "json": json_report, "html": html}
    return RunTests(choice=choice, vars_file=vars_file, reports={form: name for form, name in reports.items() if name is not None})


def record(
    id: Annotated[list[str], Argument(metavar="ID", help="The orders; a purchase's bare id is all its lines.")],
    output: Annotated[str | None, Option("--output", "-o", metavar="FILE", help="Write it to this new file, not to standard output.")] = None,
) -> Record:
    """Write the history of orders as a scenario that passes."""
    return Record(id=tuple(id), output=None if output == "-" else output)


def pair(text: str) -> tuple[str, str]:
    """Split `NAME=VALUE` at its first `=`."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Malformed("var", f"{quote(text)} sets no variable: write --var NAME=VALUE.")
    return name, value
