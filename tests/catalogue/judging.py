"""How a bad input is given to the executable and its answer judged: code, rule, words, and a folder in which nothing changed. No input stands here."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import category

from tests.run import Place, Ran

CODES = {
    1: "fault",
    2: "usage",
    3: "not_found",
    4: "consent_needed",
    5: "rule_refused",
    6: "conflict",
    7: "store_unusable",
    8: "invalid_file",
}
DERIVED = ("index.sqlite", "lock")
"""Beginnings of names beside a store that any command may write."""


def refused(place: Place, exit: int, *argv: str, says: str = "", rule: str | None = None, **more: Any) -> Ran:
    """In a process of its own refused with this code, in words that name what is wrong, to scripts and to people alike; and nothing changed."""
    before = snapshot(place.folder)
    ran = begun(place, "--json", *argv, **more)
    judge(ran, exit, says, rule)
    assert snapshot(place.folder) == before
    return ran


def begun(place: Place, *argv: str, **more: Any) -> Ran:
    """In a process of its own; started anew only where what the interpreter itself reads, or other streams, make the difference."""
    anew = set(more) - {"stdin"} or any(name.startswith(("PYTHON", "LC_", "LANG")) for name in place.env)
    return place.process(*argv, **more) if anew else place.forked(*argv, **more)


def refused_here(place: Place, exit: int, *argv: str, says: str = "", rule: str | None = None, stdin: bytes = b"") -> Ran:
    """The same in this process: for the kin of what a process of its own has proved, as a start costs a fifth of a second."""
    before = snapshot(place.folder)
    ran = place("--json", *argv, stdin=stdin)
    judge(ran, exit, says, rule)
    assert snapshot(place.folder) == before
    return ran


def judge(ran: Ran, exit: int, says: str = "", rule: str | None = None) -> None:
    """One object and one complaint that say the same, and no character that a terminal would obey."""
    assert ran.code == exit, ran
    assert ran.out.count("\n") == 1
    assert (ran.json["ok"], ran.error["code"], ran.error["exit"]) == (False, CODES[exit], exit)
    assert says in told(ran)
    assert "error" in ran.err and says in ran.err
    assert rule is None or (ran.error["rule"] == rule and f"error [{rule}]: " in ran.err), ran.error
    assert "Traceback" not in ran.err and "a fault of ours" not in ran.err
    assert not unseen(ran.out + ran.err)


def told(ran: Ran) -> str:
    """All that the error says."""
    faults = [fault["message"] for fault in ran.error.get("faults") or ()]
    return "\n".join([ran.error["message"], *faults])


def done(place: Place, *argv: str, **more: Any) -> Ran:
    """Done, with nothing on either stream that a terminal would obey."""
    ran = begun(place, *argv, **more)
    assert ran.code == 0, ran
    assert not unseen(ran.out + ran.err)
    return ran


def unseen(text: str) -> set[str]:
    """The characters of a text that steer a terminal, or cannot be seen."""
    return {char for char in text if category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\n\t"}


def snapshot(folder: Path) -> dict[str, object]:
    """Everything in a folder, byte for byte, but what is derived or only locks."""
    return {str(path.relative_to(folder)): content(path) for path in sorted(folder.rglob("*")) if not path.name.startswith(DERIVED)}


def content(path: Path) -> object:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return os.readlink(path)
    # A file of mode 000 is looked at only where it can be.
    return path.read_bytes() if stat.S_ISREG(mode) and os.access(path, os.R_OK) else stat.S_IFMT(mode)


def short(value: object) -> str:
    """A name for a test's input that fits on a line."""
    return ascii(value)[:48] if isinstance(value, (str, bytes)) else getattr(value, "__name__", ascii(value))


# What may stand where a file is expected.


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)


def dangling(path: Path) -> None:
    path.symlink_to("nothing-there")


def missing(path: Path) -> None:
    assert not path.exists()


STRANGE: tuple[Callable[[Path], None], ...] = (folder, pipe, zeros, loop, dangling, missing)
