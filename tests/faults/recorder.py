"""A disk that keeps what was synced and nothing else, rebuilt from strace's log: what a power cut may leave at any moment. No store is known here.

Harder than any file system: a file falls back to the bytes of its last sync, a folder to the names of its own.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

SYSCALLS = ("mkdir", "openat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename", "link", "unlink", "rmdir")
FOLLOW = ("-y", "-s", "1000000", "-e", f"trace={','.join(SYSCALLS)}")
"""The options of strace that let a log tell everything."""
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += \d+", re.MULTILINE)
_OF = re.compile(r"\d+<([^>]*)>")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


class File:
    def __init__(self, data: bytes = b"") -> None:
        self.now, self.synced = bytearray(data), data

    def put(self, data: bytes, at: int) -> None:
        self.now[len(self.now) : at] = bytes(max(0, at - len(self.now)))
        self.now[at : at + len(data)] = data

    def cut(self, size: int) -> None:
        self.now[size:] = bytes(max(0, size - len(self.now)))

    def sync(self) -> None:
        self.synced = bytes(self.now)


class Folder:
    def __init__(self, names: dict[str, "File | Folder"] | None = None) -> None:
        self.now = names or {}
        self.sync()

    def sync(self) -> None:
        self.synced = dict(self.now)


def loaded(path: Path) -> Folder:
    """A folder as it lies on a real disk, all of it synced."""
    return Folder({entry.name: loaded(entry) if entry.is_dir() else File(entry.read_bytes()) for entry in path.iterdir()})


def save(folder: Folder, path: Path) -> None:
    """Make what is left after the cut."""
    path.mkdir(parents=True)
    for name, node in folder.synced.items():
        if isinstance(node, File):
            (path / name).write_bytes(node.synced)
        else:
            save(node, path / name)


class Recorder:
    """A folder's disk, and what the calls of a log do to it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.root = loaded(folder)

    def moments(self, log: str) -> Iterator[tuple[str, str]]:
        """Do the calls one after the other; yield the name of each, done, and what it was done to."""
        for call, given in _CALL.findall(log):
            named = [self._inside(text) for text in _TEXT.findall(given)]
            of = _OF.match(given)
            on = self._inside(of[1]) if of and call != "openat" else named[0]
            self._do(call, given, on, named)
            yield call, on

    def told(self, name: str) -> int:
        """How many lines were written to a file by now."""
        file = self._find(name)
        assert isinstance(file, File)
        return file.now.count(b"\n")

    def _inside(self, path: str) -> str:
        return path.removeprefix(str(self.path)).lstrip("/")

    def _do(self, call: str, given: str, on: str, named: list[str]) -> None:
        match call:
            case "mkdir":
                self._home(on).now[_last(on)] = Folder()
            case "openat":
                self._open(on, given)
            case "rename" | "link":
                self._home(named[1]).now[_last(named[1])] = self._find(on)
                if call == "rename":
                    del self._home(on).now[_last(on)]
            case "unlink" | "rmdir":
                del self._home(on).now[_last(on)]
            case "fsync" | "fdatasync":
                self._find(on).sync()
            case _:
                self._change(call, given, self._home(on).now.setdefault(_last(on), File()))  # a stream was opened before the log begins

    def _change(self, call: str, given: str, file: "File | Folder") -> None:
        assert isinstance(file, File)
        number = int(given.rpartition(", ")[2])
        text = _TEXT.search(given)
        data = codecs.escape_decode(text[1].encode())[0] if text else b""
        if call == "ftruncate":
            file.cut(number)
        else:
            file.put(data, len(file.now) if call == "write" else number)

    def _open(self, on: str, given: str) -> None:
        if "O_CREAT" in given:
            self._home(on).now.setdefault(_last(on), File())
        if "O_TRUNC" in given:
            file = self._find(on)
            assert isinstance(file, File)
            file.now.clear()

    def _home(self, path: str) -> Folder:
        found = self._find(path.rpartition("/")[0])
        assert isinstance(found, Folder)
        return found

    def _find(self, path: str) -> "File | Folder":
        found: File | Folder = self.root
        for name in filter(None, path.split("/")):
            assert isinstance(found, Folder)
            found = found.now[name]
        return found


def _last(path: str) -> str:
    return path.rpartition("/")[2]
