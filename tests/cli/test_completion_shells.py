"""Completion in the real shells, on a terminal: a line and a TAB are typed, and what the screen shows is read. What is offered is in test_completion.py."""

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.run import ROOT, Place

PATIENCE = 30.0
"""Seconds until a shell that says nothing is given up."""

ESCAPES = re.compile(r"\x1b\[[0-9;?>]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0B]|\x1b[=>]|[\r\a]")

START = {"bash": ("bash", "--norc", "--noprofile", "-i"), "zsh": ("zsh", "-f", "-i"), "fish": ("fish", "--no-config", "-i")}
"""Each shell without anybody's own settings."""

COMMITTED = {
    "bash": f"source '{ROOT}/completions/dispute.bash'",
    "zsh": f"fpath=('{ROOT}/completions' $fpath); autoload -Uz compinit; compinit -D -u",
    "fish": f"source '{ROOT}/completions/dispute.fish'",
}
PRINTED = {
    "bash": "source <(dispute completion bash)",
    "zsh": "autoload -Uz compinit; compinit -D -u; source <(dispute completion zsh)",
    "fish": "dispute completion fish | source",
}
"""The two ways in which a shell gets its script."""

PROMPT = {"bash": "PS1='rea''dy> '", "zsh": "PS1='rea''dy> '", "fish": "function fish_prompt; echo -n 'rea''dy> '; end"}
"""A prompt that is not on the screen before a shell shows it: until then the terminal itself echoes what is typed."""


class Terminal:
    """A shell on a terminal of its own. Nothing is slept through: each wait is for what has to come."""

    def __init__(self, shell: str, setup: str, folder: Path, env: dict[str, str]) -> None:
        self.shell = shell
        self.marks = map(chr, count(ord("α")))
        self.shown = ""
        self.stream, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            START[shell], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )  # fmt: skip
        os.close(theirs)
        self.type(f"{setup}; {PROMPT[shell]}\n")
        self.wait_for("ready> ")

    def type(self, keys: str) -> None:
        os.write(self.stream, keys.encode())

    def wait_for(self, text: str) -> None:
        while text not in self.seen:
            ready, _, _ = select.select([self.stream], [], [], PATIENCE)
            assert ready, f"{self.shell} never showed {text!r}: {self.seen!r}"
            piece = os.read(self.stream, 65536).decode(errors="replace")
            if "\x1b[c" in piece or "\x1b[0c" in piece:
                self.type("\x1b[?6c")  # newer shells ask the terminal what it is
            self.shown += piece

    @property
    def seen(self) -> str:
        """What was shown since the line was begun, without what steers the terminal."""
        return ESCAPES.sub("", self.shown)

    def settled(self) -> str:
        """What was shown up to now: keys are taken in turn, so once a new one shows the shell is done with those before."""
        mark = next(self.marks)
        self.type(mark)
        self.wait_for(mark)
        return self.seen.partition(mark)[0]

    def complete(self, line: str, *shown: str) -> str:
        """Type a line and TAB, wait for what has to be shown, and return all that was."""
        self.type("\x15")  # away with the line before
        self.settled()
        self.type("\x15")
        self.shown = ""
        # bash lists at the second TAB what it could not decide at the first.
        self.type(line + ("\t\t" if self.shell == "bash" else "\t"))
        for text in shown:
            self.wait_for(text)
        return self.settled()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.stream)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """O-1 is paid, O-2 disputed, P a purchase of two lines; beside them a picture, one with a blank in its name, and a broken store."""
    place = Place(tmp_path_factory.mktemp("shop"))
    place.ok("init")
    for id in ("O-1", "O-2"):
        place.ok("order", "create", id, "--price", "50.00")
    place.ok("open", "O-2", "--not-received", "--reason", "wrong_tracking", "--message", "It is another parcel")
    for name in ("cup.png", "two cups.png"):
        (place.folder / name).write_bytes(PNG)
    (place.folder / "broken.json").write_text("{]")
    return place


def start(shell: str, setup: str, shop: Place) -> Terminal:
    """A shell in the shop, with a home and a `dispute` of its own."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed: `apt-get install {shell}` and run again")
    home = shop.folder / f"home-{shell}"
    home.mkdir(exist_ok=True)
    program = home / "dispute"
    program.write_text(f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m dispute_cli \"$@\"\n")
    program.chmod(0o755)
    env = {"HOME": str(home), "PATH": f"{home}:/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    return Terminal(shell, setup, shop.folder, env)


@pytest.fixture(scope="module", params=START)
def terminal(request: pytest.FixtureRequest, shop: Place) -> Iterator[Terminal]:
    """A shell that has the committed script."""
    running = start(request.param, COMMITTED[request.param], shop)
    yield running
    running.close()


@pytest.mark.parametrize("shell", START)
def test_the_script_that_is_printed_is_taken_too(shell: str, shop: Place) -> None:
    running = start(shell, PRINTED[shell], shop)
    running.complete("dispute st", "dispute status ")
    running.close()


def test_a_command_is_completed(terminal: Terminal) -> None:
    terminal.complete("dispute st", "dispute status ")


def test_commands_are_listed_each_with_its_sentence(terminal: Terminal) -> None:
    shown = terminal.complete("dispute order ", "create", "Record that the parcel was delivered.", "confirm")
    assert shown.index("create") < shown.index("ship") < shown.index("deliver") < shown.rindex("confirm")


def test_an_option_is_completed(terminal: Terminal) -> None:
    terminal.complete("dispute status --lim", "dispute status --limit ")


def test_ids_are_listed_each_with_its_counter(terminal: Terminal) -> None:
    shown = terminal.complete("dispute status O-", "protected, 60 days left", "awaiting_seller, 5 days left")
    assert re.search(r"O-1 .*O-2 ", shown, re.DOTALL)


def test_only_what_the_command_can_act_on_is_completed(terminal: Terminal) -> None:
    terminal.complete("dispute accept ", "dispute accept O-2 ")


def test_reasons_are_listed_that_fit_each_with_what_it_says(terminal: Terminal) -> None:
    shown = terminal.complete("dispute open O-1 --received --reason ", "defective", "it does not work as it should", "changed_mind")
    assert "wrong_tracking" not in shown


def test_a_value_is_completed_behind_its_option(terminal: Terminal) -> None:
    terminal.complete("dispute open O-1 --reason=del", "--reason=delivery_overdue ")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("dispute add-evidence O-1 cu", "O-1 cup.png "),
        ("dispute add-evidence O-1 tw", "O-1 two\\ cups.png "),
        ("dispute --store=bro", "--store=broken.json"),
        ("dispute open O-1 --evidence cu", "--evidence cup.png "),
    ],
)
def test_a_file_is_completed_where_one_is_wanted(terminal: Terminal, line: str, shown: str) -> None:
    terminal.complete(line, shown)


@pytest.mark.parametrize("line", ["dispute message O-1 ", "dispute review rule O-2 --reason ", "dispute --store broken.json status ", "dispute nonsense "])
def test_nothing_is_shown_where_nothing_is_known(terminal: Terminal, line: str) -> None:
    shown = terminal.complete(line)
    assert shown.count("\n") == 0
    assert shown.rstrip("\a ").endswith(line.rstrip())


def test_what_stands_in_the_line_is_never_run(terminal: Terminal, shop: Place) -> None:
    terminal.complete("dispute message $(touch made) `touch made` --as s", "--as seller ")
    assert not (shop.folder / "made").exists()
