"""No command ever asks the network: not for a link, a policy, a store or a picture that is an address."""

import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import PNG
from tests.run import START, Place

OPEN = ("open", "O-1", "--received", "--reason", "defective", "--refund", "1.00", "--message", "It is broken")
BEYOND = ("socket.", "http.", "urllib.", "ftplib.", "smtplib.", "webbrowser.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")
"""Beginnings of the events by which the interpreter tells that somebody reaches beyond this process."""


class Ears:
    """Hears what the interpreter tells; it cannot be taken off again, only be deaf."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.deaf = True
        sys.addaudithook(self.hear)

    def hear(self, event: str, of: tuple[Any, ...]) -> None:
        if not self.deaf and event.startswith(BEYOND):
            self.heard.append(event)


EARS = Ears()


@pytest.fixture
def heard() -> Iterator[list[str]]:
    EARS.heard.clear()
    EARS.deaf = False
    yield EARS.heard
    EARS.deaf = True


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store with an order, and a picture."""
    place = Place(tmp_path)
    (tmp_path / "cup.png").write_bytes(PNG)
    place.ok("init")
    place.ok("order", "create", "O-1", "--price", "5.00")
    return place


SAMPLES: dict[str, tuple[str, ...]] = {
    "init": ("init", "--force"),
    "order create": ("order", "create", "N-1", "--price", "5"),
    "open": (*OPEN, "--evidence", "cup.png", "--link", "https://example.org/x"),
    "add-evidence": ("add-evidence", "O-1", "--link", "http://192.0.2.1/x"),
    "message": ("message", "O-1", "see https://example.org/y, Привет, как дела"),
    "status": ("status", "O-1"),
    "page of all": ("status",),
    "events": ("events",),
    "ledger": ("ledger",),
    "deadlines": ("deadlines",),
    "evidence list": ("evidence", "list", "O-1"),
    "evidence export": ("evidence", "export", "O-1", "0" * 64, "out.png"),
    "respond": ("respond", "O-1", "--reject"),
    "edit": ("edit", "O-1", "--keep", "--message", "https://example.org/z"),
    "cancel": ("cancel", "O-1", "--yes"),
    "order ship": ("order", "ship", "O-1", "--tracking", "https://example.org/t"),
    "tick": ("tick", "1d"),
    "verify": ("verify",),
    "repair": ("repair",),
    "backup": ("backup", "copy.json"),
    "batch": ("batch",),
    "config": ("config", "list"),
    "reasons": ("reasons",),
    "rules": ("rules",),
    "policy": ("policy", "list"),
    "lifecycle": ("lifecycle",),
    "schema": ("schema", "order"),
    "completion": ("completion", "bash"),
    "completing": ("__complete", "bash", "dispute status "),
    "help": ("help",),
    "version": ("--version",),
    "a store at an address": ("status", "--store", "https://example.org/disputes.json"),
    "a policy at an address": ("order", "create", "N-2", "--price", "5", "--policy", "https://example.org/p.toml"),
    "evidence at an address": ("add-evidence", "O-1", "https://example.org/x.png"),
    "a fault": ("status", "nobody"),
}


def test_no_address_that_is_given_is_asked(place: Place, heard: list[str]) -> None:
    for argv in SAMPLES.values():
        ran = place(*argv, stdin=b"message O-1 https://example.org/b\n")
        assert ran.code in (0, 2, 3, 5, 7, 8), (argv, ran)
        assert heard == [], argv


def examples(place: Place) -> Iterator[tuple[str, list[str]]]:
    """What each command's own help shows, but for what goes on for ever or is a shell's."""
    for command in place.ok("schema", "commands").json["commands"]:
        for line in command["examples"]:
            words = shlex.split(line)
            if words[0] == "dispute" and "--follow" not in words and not set(line) & set("|<>$;&"):
                yield command["words"], words[1:]


def test_no_command_asks_the_network_in_its_own_examples(place: Place, heard: list[str]) -> None:
    commands = {command["words"] for command in place.ok("schema", "commands").json["commands"]}
    seen = set()
    for words, argv in examples(place):
        ran = place(*argv, stdin=b"message O-1 hello\n")
        assert ran.code != 1, (argv, ran)
        assert heard == [], argv
        seen.add(words)
    assert commands - seen <= {"completion", "evidence export"}  # their examples are a shell's, or need a hash; SAMPLES has them


def test_one_who_asks_the_network_is_caught(heard: list[str]) -> None:
    socket.socket().close()
    assert heard


def test_the_system_sees_no_command_ask_the_network(place: Place) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not installed")
    log = place.folder / "log"
    for argv in (("init", "--force"), ("order", "create", "O-1", "--price", "5.00"), SAMPLES["open"], ("status", "O-1"), ("backup", "copy.json")):
        command = [strace, "-f", "-qq", "-e", "trace=network", "-o", str(log), *START, *argv]
        ran = subprocess.run(command, cwd=place.folder, env=place.environment(), capture_output=True, check=False)
        if b"PTRACE" in ran.stderr or b"not permitted" in ran.stderr:
            pytest.skip(f"strace cannot look on here: {ran.stderr.decode().strip()}")
        assert ran.returncode == 0, ran
        assert [line for line in log.read_text().splitlines() if "SIG" not in line] == []
