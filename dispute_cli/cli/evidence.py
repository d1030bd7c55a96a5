"""Evidence on the command line: add, list, export. Words into structs, nothing else; files are read in inputs.py."""

from typing import Annotated

from typer import Argument, Option

from ..core.commands import AddEvidence
from ..questions import EvidenceExport, EvidenceList
from .options import Id


def add(
    id: Id,
    file: Annotated[list[str] | None, Argument(metavar="FILE", help="A picture; - reads standard input.", show_default=False)] = None,
    link: Annotated[list[str] | None, Option("--link", metavar="URL", help="Evidence elsewhere; repeat for more.")] = None,
    note: Annotated[str | None, Option("--note", metavar="TEXT", help="What it shows; - reads standard input.")] = None,
) -> AddEvidence:
    """Add pictures and links to the open dispute."""
    return AddEvidence(id=id, file=tuple(file or ()), link=tuple(link or ()), note=note)


def list_records(id: Id) -> EvidenceList:
    """List the evidence on record."""
    return EvidenceList(id=id)


def export(
    id: Id,
    hash: Annotated[str, Argument(metavar="HASH", help="The file's SHA-256, as `evidence list` shows it.")],
    file: Annotated[str, Argument(metavar="FILE", help="Where the bytes go: a new file, or - for standard output.")],
) -> EvidenceExport:
    """Write an evidence file's bytes, unchanged."""
    return EvidenceExport(id=id, hash=hash, file=file)
