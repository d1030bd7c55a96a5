"""Lines as they are shown to people, played: in this process where they are words alone, by a shell where they need one."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.pictures import PNG
from tests.run import Place, Ran

NEEDS_A_SHELL = re.compile(r"""^(?!dispute )|[<>|$](?=(?:[^'"]|'[^']*'|"[^"]*")*$)|\$\(""")
"""Something but `dispute` first, or what only a shell understands, outside of quotes."""


def play(place: Place, line: str) -> Ran:
    """Run one line, and return what came of it."""
    line = line.replace("\\\n", "")
    if not NEEDS_A_SHELL.search(line):
        return place(*shlex.split(line, comments=True)[1:])
    ran = subprocess.run(["bash", "-c", line], cwd=place.folder, env=shell_environment(place), capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def shell_environment(place: Place) -> dict[str, str]:
    """What a shell needs to find `dispute`."""
    folder = place.folder / ".bin"
    folder.mkdir(exist_ok=True)
    (folder / "dispute").write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -m dispute_cli \"$@\"\n")
    (folder / "dispute").chmod(0o755)
    return {**place.environment(), "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "HOME": str(place.folder)}


SILENT = """\
scenario: Silent seller
tags: [silence]
orders: [{id: O-1, price: 50.00}]
steps:
  - at: 31d
  - buyer: {open: O-1, received: false, reason: delivery_overdue, message: Never came}
  - {tick: 30d, expect: status == 'closed'}
"""


def ready(folder: Path) -> Place:
    """A folder with what examples name: a picture, a text, lines for a batch, scenarios."""
    place = Place(folder)
    (folder / "cup.png").write_bytes(PNG)
    (folder / "text.txt").write_text("It is broken, see the film\n")
    (folder / "lines.txt").write_text('message O-1 "Hello"\norder deliver O-1\n')
    (folder / "tests/scenarios").mkdir(parents=True)
    for name in ("silent.dispute.yaml", "tests/scenarios/silent.dispute.yaml"):
        (folder / name).write_text(SILENT)
    return place


def midsummer() -> datetime:
    """What a wall clock shows in these tests."""
    return datetime(2026, 6, 24, tzinfo=UTC)
