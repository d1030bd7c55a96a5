"""What a run of scenarios is told as, for other programs: one function from the answer to the bytes for each form. The same answer gives the same bytes."""

from collections.abc import Callable
from importlib import import_module

from .... import answers as a

Report = Callable[[a.Tested], bytes]


def reported(module: str) -> Report:
    """A report by the module that writes it, which is imported once it is asked for."""

    def write(tested: a.Tested) -> bytes:
        report: Report = import_module(f".{module}", __name__).report
        return report(tested)

    return write


REPORTS: dict[str, Report] = {"junit": reported("junit"), "tap": reported("tap"), "json": reported("object"), "html": reported("page")}
"""Form → how it is written."""

BEGINNINGS = {"junit": b"<?xml", "tap": b"TAP version 14", "json": b'{"schema":"dispute/1"', "html": b"<!doctype html>"}
"""Form → how every report of it begins."""
