"""The store that is one JSON document, which stock TinyDB opens, and grows by one line a commit. The protocol's methods; each step has its own module.

In the usual case a reader takes no lock and mends nothing: what only writers need is imported where they begin.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from typing import TYPE_CHECKING

from . import Copied, Entry, Head, OutcomeUnknown, Problem, StoreExists, StoreMissing, StoreUnusable, Tell
from .disk import discard, make_folder, open_document, pieces, place, read_at, sync_folder, unusual, write_file
from .lines import CLOSE, seal_head
from .view import JsonView, Opened, Paths, glance

if TYPE_CHECKING:
    from .desk import JsonDesk

LOCK_TIMEOUT = 10.0
"""Seconds."""

MOST_HEAD = 256 * 1024
"""Bytes: a longer document than that has commits."""

_UNWRITABLE = (EACCES, EPERM, EROFS, ENOSPC, EDQUOT)


def boot_id() -> str | None:
    """Return what is different after each start of the system, or None where it does not tell."""
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            return file.read().decode("ascii").strip()
    except OSError:
        return None


def tell_aloud(message: str) -> None:
    """Say what was mended, on stderr."""
    print(message, file=sys.stderr)


class JsonLogStore:
    """A `Store` in a JSON document at `path`, with a folder `path.d` for its lock, index and evidence.

    `lock_timeout` in seconds; `boot_id` returns what is different after each start of the system; `tell` hears what was mended.
    """

    def __init__(
        self, path: str, lock_timeout: float = LOCK_TIMEOUT, boot_id: Callable[[], str | None] = boot_id, tell: Tell = tell_aloud
    ) -> None:
        try:
            real = os.path.realpath(path)
        except FileNotFoundError as error:
            raise StoreUnusable(f"{path} cannot be reached: the working folder is gone") from error
        self.paths = Paths(real, real + ".d")
        self.lock_timeout = lock_timeout
        self.boot_id = boot_id
        self.tell = tell

    @contextmanager
    def read(self) -> Iterator[JsonView]:
        """Open for reading, in the usual case without a lock; `StoreMissing`, `StoreUnusable`, or `Locked` where the index waits for a writer."""
        shown = JsonView(self.paths, self._open_to_read(), lambda: self._open_to_read(anew=True))
        try:
            yield shown
        finally:
            shown.close()

    @contextmanager
    def write(self, command: str) -> "Iterator[JsonDesk]":
        """Open for writing; OSError where the disk will not be written."""
        from .blobs import sweep

        with self._desk(command) as desk:
            sweep(self.paths.folder)
            yield desk

    def audit(self) -> Iterator[Entry | Problem]:
        from .audit import audit

        return audit(self.paths, self.boot_id() or "", self.lock_timeout)

    def repair(self, dry_run: bool = False) -> list[str]:
        from . import upkeep

        with self._desk("repair") as desk:
            return upkeep.repair(self.paths.folder, desk, dry_run)

    def backup(self, target: str, dry_run: bool = False, copied: Copied | None = None) -> None:
        from . import upkeep

        with self.read() as shown:
            upkeep.backup(self.paths.folder, shown, target, dry_run, copied)

    @contextmanager
    def _desk(self, command: str) -> "Iterator[JsonDesk]":
        """Take the lock, and settle what stands there."""
        from .desk import JsonDesk

        os.close(open_document(self.paths.document))
        with self._locked(command):
            desk = JsonDesk(self.paths, self._settle(), lambda: self._settle(anew=True))
            try:
                yield desk
            finally:
                desk.close()

    def _open_to_read(self, anew: bool = False) -> Opened:
        """Glance; where that is not enough bring the index up to date as a writer would, or scan where nothing may be written."""
        boot = self.boot_id() or ""
        opened = None if anew else glance(self.paths, boot)
        if opened is not None:
            return opened
        from . import recover

        os.close(open_document(self.paths.document))
        try:
            with self._locked("read"):
                return recover.held(self._settle(anew))
        except OSError as error:
            if error.errno not in _UNWRITABLE:
                raise
            return recover.scan(self.paths, boot, self.tell)

    def _settle(self, anew: bool = False) -> Opened:
        from .recover import settle

        return settle(self.paths, self.boot_id() or "", self.tell, anew)

    @contextmanager
    def _locked(self, command: str) -> Iterator[None]:
        from . import lock

        make_folder(self.paths.folder)
        with lock.hold(self.paths.lock, command, self.lock_timeout):
            yield


def create(
    path: str, head: Head, force: bool = False, lock_timeout: float = LOCK_TIMEOUT, boot_id: Callable[[], str | None] = boot_id, tell: Tell = tell_aloud
) -> JsonLogStore:
    """Make a store, durably; `StoreExists` where a file is, unless `force`, which keeps the old document and its evidence as `path.bak`."""
    from . import blobs, index, recover

    store = JsonLogStore(path, lock_timeout, boot_id, tell)
    _refuse(store.paths.document, force)
    with store._locked("init"):
        _refuse(store.paths.document, force)
        blobs.sweep(store.paths.folder)
        _set_aside(store.paths)
        index.remove(store.paths.index)
        sync_folder(store.paths.folder)
        _begin(store.paths, head)
        try:
            sync_folder(os.path.dirname(store.paths.document))
            recover.settle(store.paths, boot_id() or "", lambda _: None).close()
        except Exception as error:
            raise OutcomeUnknown(f"the new store may be there or not ({error}): look at `events`") from error
    return store


def check_free(path: str, force: bool) -> None:
    """Refuse what `create` would refuse, and make nothing."""
    _refuse(JsonLogStore(path).paths.document, force)


def _refuse(path: str, force: bool) -> None:
    """Refuse to make a store where something stands, or in a folder that is not there."""
    parent = os.path.dirname(path)
    if not os.path.isdir(parent):
        raise StoreMissing(f"there is no folder {parent} to make a store in")
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnusable(f"a store cannot be made at {path}: {error.strerror}") from error
    kind = unusual(found)
    if kind is not None:
        raise StoreUnusable(f"{path} is {kind}: a store cannot be made there")
    if not force:
        raise StoreExists(f"there is a store at {path}: `--force` makes a new one and keeps the old document as {path}.bak")


def _set_aside(paths: Paths) -> None:
    """Copy the old document, if there is one, and its evidence; it is replaced only once the copy is durable.

    One without a commit takes no older one's place: `init --force` twice loses nothing.
    """
    from . import blobs, index

    aside = paths.document + ".bak"
    try:
        fd = os.open(paths.document, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        if not (os.path.isfile(aside) and not os.path.islink(aside) and _is_new(fd)):
            blobs.lend(paths.folder, aside + ".d")
            index.remove(JsonLogStore(aside).paths.index)  # who looked at an older one made it
            place(aside, pieces(fd, 0, os.fstat(fd).st_size), _temporary(paths, "bak"))
    finally:
        os.close(fd)


def _is_new(fd: int) -> bool:
    """Whether a document has no commit: its end follows its first line."""
    size = os.fstat(fd).st_size
    return size <= MOST_HEAD and read_at(fd, size, 0).find(CLOSE[:1]) == size - len(CLOSE)


def _begin(paths: Paths, head: Head) -> None:
    """Put a document without a commit in place: INT, TERM and HUP are held back from then on, until the answer is told."""
    from .signals import hold, restore

    through = _temporary(paths, "document")
    held = False
    try:
        write_file(through, [seal_head(head)[0], CLOSE])
        held = hold()
        os.replace(through, paths.document)
    except OSError:
        discard(through)
        if held:
            restore()
        raise


def _temporary(paths: Paths, name: str) -> str:
    from .blobs import LEFTOVER

    return os.path.join(paths.folder, LEFTOVER + name)
