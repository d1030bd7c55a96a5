"""Bugs to be caught: a copy of the program with one of them planted. Nothing is run here."""

import shutil
from pathlib import Path

from tests.run import ROOT

BUGS: dict[str, list[tuple[str, str, str]]] = {
    "no file is synced": [
        ("store/disk.py", "        _fdatasync(fd)\n", "        pass\n"),
        ("store/disk.py", "            write_all(fd, piece)\n        os.fsync(fd)\n", "            write_all(fd, piece)\n"),
    ],
    "no folder is synced": [("store/disk.py", "    try:\n        os.fsync(fd)\n    finally:", "    try:\n        pass\n    finally:")],
    "the answer is told before the write": [
        ("store/signals.py", "def drop() -> None:\n", "later: list[object] = []\n\n\ndef drop() -> None:\n    while later:\n        later.pop()()\n"),
        ("store/desk.py", "        try:\n            self._write(data)\n", "        signals.later.append(lambda: (self._write(data), self._acknowledge(batch.places[-1], chain)))\n        return\n        try:\n            self._write(data)\n"),
        ("store/desk.py", "    def interrupted", "    def close(self) -> None:\n        signals.later.insert(0, super().close)\n\n    def interrupted"),
    ],
    "the index goes before the document": [
        ("store/desk.py", "        try:\n            self._write(data)\n", "        at = self._mark.end\n        try:\n            self._acknowledge(batch.places[-1], chain)\n            os.pwrite(self._opened.fd, data, at)\n            return\n"),
    ],
    "a short write is left as it is": [("store/desk.py", "            self._put_back(error)\n", "            self._opened.index.rollback()\n")],
    "a torn end is closed before it is cut": [
        ("store/recover.py", "    os.ftruncate(fd, end + len(CLOSE))\n    for", "    for"),
        ("store/recover.py", "    put(fd, CLOSE, end)\n", "    put(fd, CLOSE, end)\n    os.ftruncate(fd, end + len(CLOSE))\n"),
    ],
    "signals are not held back": [("store/signals.py", "def hold() -> bool:\n", "def hold() -> bool:\n    return False\n")],
    "the lock is not taken": [("store/lock.py", "        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)\n", "        pass\n")],
}  # fmt: skip
"""What is changed: a file, what stands there, what takes its place."""


def plant(bug: str, folder: Path) -> Path:
    """Copy the program into a folder, with a bug."""
    shutil.copytree(ROOT / "dispute_cli", folder / "dispute_cli", ignore=shutil.ignore_patterns("__pycache__"))
    for name, old, new in BUGS[bug]:
        file = folder / "dispute_cli" / name
        text = file.read_text()
        assert text.count(old) == 1, f"{name} has changed: plant {bug!r} anew"
        file.write_text(text.replace(old, new))
    return folder
