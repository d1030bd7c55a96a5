"""docs/features.md is true: every command in its tables runs, in order, and ends as it is said to."""

import re
import subprocess
from pathlib import Path

import pytest

from scripts.readme import BIN
from tests.pictures import PNG
from tests.run import ROOT, Place

PAGE = (ROOT / "docs" / "features.md").read_text()
CHAPTERS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
COMMAND = re.compile(r"`((?:[A-Z_]+=|dispute|echo|timeout|sed)[^`]*)`(?: \(exit (\d+)\))?")


def commands(chapter: str) -> list[tuple[str, int]]:
    """The commands of a chapter's table, each with the exit code that it is said to have."""
    rows = [line for line in CHAPTERS[chapter].splitlines() if line.startswith("| ")][1:]
    found = [(command.replace("\\|", "|"), int(code or 0)) for row in rows for command, code in COMMAND.findall(row.rpartition(" | ")[2])]
    assert len(found) >= len(rows)
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_command_ends_as_it_is_said_to(empty: Place, chapter: str) -> None:
    empty.ok("init")
    empty.ok("order", "create", "O-1", "--price", "50.00", "--delivery", "5.00", "--title", "Blue cup")
    empty.ok("open", "O-1", "--received", "--reason", "defective", "--refund", "20", "--message", "Broken", "--link", "https://example.com/a")
    (empty.folder / "cup.png").write_bytes(PNG)
    (empty.folder / "lines.txt").write_text("message O-1 One\nstatus O-1\n")
    for command, code in commands(chapter):
        ended = run(command, empty.folder)
        assert ended.returncode == code, (command, ended.stdout, ended.stderr)
        assert b"Traceback" not in ended.stderr, command


def run(command: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8"}
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
