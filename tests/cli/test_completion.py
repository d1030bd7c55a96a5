"""Completion scripts: the committed ones are the ones written, and bash completes with its own."""

import subprocess
from pathlib import Path

import pytest

from dispute_cli.cli.completion import SHELLS
from tests.run import ROOT, Place


@pytest.mark.parametrize(("shell", "name"), SHELLS.items())
def test_the_committed_script_is_the_one_written(empty: Place, shell: str, name: str) -> None:
    assert empty.ok("completion", shell).out == (ROOT / "completions" / name).read_text(), "run scripts/generate.py"


def test_bash_takes_the_script() -> None:
    assert subprocess.run(["bash", "-n", ROOT / "completions/dispute.bash"], check=False).returncode == 0


def complete(line: str, folder: Path) -> list[str]:
    """What bash offers at the end of a line."""
    words = line.split(" ")
    script = f"""
        source '{ROOT}/completions/dispute.bash'
        COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
        COMP_CWORD={len(words) - 1}
        _dispute 2> /dev/null
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(["bash", "--norc", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("dispute st", ["status"]),
        ("dispute order ", ["create", "ship", "deliver", "confirm"]),
        ("dispute --json order s", ["ship"]),
        ("dispute --store x.json ret", ["return"]),
        ("dispute open O-1 --rec", ["--received"]),
        ("dispute open O-1 --reason deli", ["delivery_overdue"]),
        ("dispute review rule O-1 --reason ", []),
        ("dispute status --sort d", ["due"]),
        ("dispute message O-1 hi --as ", ["buyer", "seller", "platform"]),
        ("dispute status --color a", ["auto", "always"]),
        ("dispute completion z", ["zsh"]),
        ("dispute review request-evidence O-1 --from s", ["seller"]),
        ("dispute add-evidence O-1 cu", ["cup.png"]),
        ("dispute tick --idem", ["--idempotency-key"]),
    ],
)
def test_bash_offers_what_may_follow(tmp_path: Path, line: str, offered: list[str]) -> None:
    (tmp_path / "cup.png").touch()
    assert complete(line, tmp_path) == offered
