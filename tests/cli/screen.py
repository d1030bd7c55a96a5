"""What is to be seen on a terminal after all that was written to it, and runs whose standard error alone is one."""

import contextlib
import io
import os
import pty
import re
import subprocess
import sys

from tests.run import Place, Ran

AT_ONCE = (
    "from dispute_cli import ticking; from dispute_cli.cli import progress; from dispute_cli.cli.main import main\n"
    "ticking.FIRINGS_A_COMMIT, progress.PATIENCE, progress.BETWEEN = 1, 0, 0\n"
)
"""Nobody waits: everything is drawn from the first step on."""


class Terminal(io.StringIO):
    """What is written to a terminal, and what is to be seen on it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    @property
    def screen(self) -> list[str]:
        return screen(self.getvalue())


class Ascii(Terminal):
    encoding = "ascii"

    def write(self, text: str) -> int:
        return super().write(text.encode("ascii").decode())


def screen(written: str) -> list[str]:
    """The lines that stand on a terminal after all this: newlines, returns, lines erased and the cursor moved up."""
    lines, row, column = [""], 0, 0
    for piece in re.findall(r"\x1b\[[?0-9;]*[a-zA-Z]|\r|\n|[^\x1b\r\n]+", written):
        if piece == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\r":
            column = 0
        elif piece == "\x1b[2K":
            lines[row] = ""
        elif up := re.fullmatch(r"\x1b\[(\d+)A", piece):
            row -= int(up[1])
        elif not piece.startswith("\x1b"):
            lines[row] = lines[row].ljust(column)[:column] + piece + lines[row][column + len(piece) :]
            column += len(piece)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def beside(place: Place, *argv: str, code: str = AT_ONCE, stdin: bytes = b"") -> tuple[Ran, str]:
    """Run with standard output in a pipe and a terminal on standard error; return what is told, and what was written to the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code + "main()", *argv], cwd=place.folder, env=place.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs
    )  # fmt: skip
    os.close(theirs)
    out, _ = process.communicate(stdin, timeout=60)
    written = b""
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 65536):
            written += piece
    os.close(ours)
    return Ran(process.returncode, out.decode(), ""), written.decode()
