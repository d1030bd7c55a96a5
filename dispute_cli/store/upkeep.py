"""Copies and cleaning: `backup` and `repair`. Neither changes a fact."""

import os
from collections.abc import Iterable, Iterator
from errno import ENOTSUP, EPERM

from ..core.events import EvidenceAdded
from . import blobs
from .disk import discard, make_folder, pieces, sync_folder, write_file
from .lines import CLOSE
from .view import JsonView

_NO_LINKS = (EPERM, ENOTSUP)


def repair(folder: str, view: JsonView, dry_run: bool) -> list[str]:
    """Remove temporary files and evidence that no event names, under the lock; return the paths, in a dry run without removing any."""
    named = {event.hash for event in view.events() if isinstance(event, EvidenceAdded)}
    orphans = [os.path.join(folder, "blobs", hash) for hash in sorted(set(blobs.names(folder)) - named)]
    strays = blobs.leftovers(folder) + orphans
    for path in () if dry_run else strays:
        os.unlink(path)
    return strays


def backup(source: str, view: JsonView, target: str, dry_run: bool) -> None:
    """Copy the document up to its watermark, and the evidence, to a path where nothing stands; FileExistsError otherwise. Writers go on meanwhile.

    The name appears last and whole: a copy cut short is never taken for a store.
    """
    target = os.path.abspath(target)
    folder = target + ".d"
    for path in (target, folder):
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already: a backup never writes over anything")
    if dry_run:
        return
    make_folder(folder)
    make_folder(os.path.join(folder, "blobs"))
    _copy_blobs(source, folder)
    through = os.path.join(folder, blobs.LEFTOVER + "document")
    fd, end = view.file()
    write_file(through, _then(pieces(fd, 0, end), CLOSE))
    _name(through, target)


def _copy_blobs(source: str, target: str) -> None:
    """Copy evidence as it is; what is altered stays so, and `verify` says it of both."""
    for hash in blobs.names(source):
        fd = os.open(os.path.join(source, "blobs", hash), os.O_RDONLY)
        try:
            write_file(os.path.join(target, "blobs", hash), pieces(fd, 0, os.fstat(fd).st_size))
        finally:
            os.close(fd)
    sync_folder(os.path.join(target, "blobs"))


def _name(through: str, target: str) -> None:
    """Give a finished file its name, never over another."""
    try:
        os.link(through, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(through, target)
    discard(through)
    sync_folder(os.path.dirname(target))


def _then(data: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    yield from data
    yield end
