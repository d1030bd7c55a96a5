"""Copies and cleaning: `backup` and `repair`. Neither changes a fact."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from errno import ENOTSUP, EPERM

from ..core.events import EvidenceAdded
from . import Copied, blobs, signals
from .disk import discard, make_folder, new_folder, pieces, sync_folder, write_file
from .lines import CLOSE
from .view import JsonView

_NO_LINKS = (EPERM, ENOTSUP)


def repair(folder: str, view: JsonView, dry_run: bool) -> list[str]:
    """Remove temporary files and evidence that no event names, under the lock; return the paths, in a dry run without removing any.

    INT, TERM and HUP are held back from the first on, until the answer is told.
    """
    named = {event.hash for event in view.events() if isinstance(event, EvidenceAdded)}
    orphans = [os.path.join(folder, "blobs", hash) for hash in sorted(set(blobs.names(folder)) - named)]
    strays = blobs.leftovers(folder) + orphans
    if strays and not dry_run:
        signals.hold()
        for path in strays:
            os.unlink(path)
    return strays


def backup(source: str, view: JsonView, target: str, dry_run: bool, copied: Copied | None = None) -> None:
    """Copy the document up to its watermark, and the evidence, to a path where nothing stands; FileExistsError otherwise. Writers go on meanwhile.

    The name appears last and whole; INT, TERM and HUP are held back, and obeyed between two pieces.
    """
    target = os.path.abspath(target)
    folder = target + ".d"
    for path in (target, folder):
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already: a backup never writes over anything")
    if os.path.realpath(target).startswith(os.path.realpath(source) + os.sep):
        raise FileExistsError(f"{target} would stand in the store's own folder, which keeps nothing of others")
    if not os.path.isdir(os.path.dirname(target)):
        raise NotADirectoryError(f"there is no folder {os.path.dirname(target)} to copy to")
    if dry_run:
        return
    held = signals.hold()
    try:
        _claim(folder)
        _copy(source, view, target, _Copying(_whole(source, view) if copied else 0, copied))
    except Exception:  # an interrupt leaves them held back: who tells it drops them
        if held:
            signals.restore()
        raise


def _claim(folder: str) -> None:
    """Make the copy's folder: from here on it is ours to fill, and to remove."""
    try:
        new_folder(folder)
    except FileExistsError:
        raise FileExistsError(f"{folder} is there already: a backup never writes over anything") from None


def _copy(source: str, view: JsonView, target: str, copying: "_Copying") -> None:
    folder = target + ".d"
    through = os.path.join(folder, blobs.LEFTOVER + "document")
    try:
        sync_folder(os.path.dirname(folder))
        make_folder(os.path.join(folder, "blobs"))
        _copy_blobs(source, folder, copying)
        fd, end = view.file()
        write_file(through, copying.pieces(_then(pieces(fd, 0, end), CLOSE)))
        copying.go_on()
        _name(through, target)
    except BaseException:
        _remove(folder, through)
        raise


class _Copying:
    """How much of a copy is made, told on the way, and where it may be stopped."""

    def __init__(self, whole: int, copied: Copied | None) -> None:
        self.whole, self.copied = whole, copied
        self.done = 0

    def pieces(self, data: Iterable[bytes]) -> Iterator[bytes]:
        for piece in data:
            self.go_on()
            yield piece
            self.done += len(piece)
            if self.copied:
                self.copied(self.done, self.whole)

    def go_on(self) -> None:
        if signals.pending():
            raise KeyboardInterrupt


def _whole(source: str, view: JsonView) -> int:
    """How many bytes there are to copy."""
    return view.file()[1] + len(CLOSE) + sum(os.stat(os.path.join(source, "blobs", hash)).st_size for hash in blobs.names(source))


def _remove(folder: str, through: str) -> None:
    """Remove what there is of a copy, and nothing that somebody else may have put there."""
    with suppress(OSError):
        discard(through)
        for hash in list(blobs.names(folder)):
            os.unlink(os.path.join(folder, "blobs", hash))
        os.rmdir(os.path.join(folder, "blobs"))
    with suppress(OSError):
        os.rmdir(folder)


def _copy_blobs(source: str, target: str, copying: _Copying) -> None:
    """Copy evidence as it is; what is altered stays so, and `verify` says it of both."""
    for hash in blobs.names(source):
        fd = os.open(os.path.join(source, "blobs", hash), os.O_RDONLY)
        try:
            write_file(os.path.join(target, "blobs", hash), copying.pieces(pieces(fd, 0, os.fstat(fd).st_size)))
        finally:
            os.close(fd)
    sync_folder(os.path.join(target, "blobs"))


def _name(through: str, target: str) -> None:
    """Give a finished file its name, never over another; where that fails the name is gone again."""
    linked = _link(through, target)
    try:
        if linked:
            discard(through)
        else:
            os.replace(through, target)
        sync_folder(os.path.dirname(target))
    except OSError:
        discard(target)
        raise


def _link(through: str, target: str) -> bool:
    """Take the name with a link to the file, or where there are no links with an empty file; tell which."""
    try:
        os.link(through, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return False
    return True


def _then(data: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    yield from data
    yield end
