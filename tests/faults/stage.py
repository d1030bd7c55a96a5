"""Where a command is played: a process in which the program is imported already forks a child for each, which strace then follows. Nothing is judged here.

The child runs `main()` as the installed executable does; what it saves is the start. Its system calls on the store are compared with a real start's by a test.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tests.run import ROOT, START, Place

LOG = "strace.log"
OUT, ERR = "told.out", "told.err"

SERVER = """
import json, os, resource, signal, sys, tempfile
from dispute_cli import ticking
from dispute_cli.cli import batching
from dispute_cli.cli.main import main
from dispute_cli.store import disk
ticking.FIRINGS_A_COMMIT, ticking.COMMITS_A_SYNC, disk.PIECE = 2, 2, 2000
read = batching.Reader.__call__
batching.Reader.__call__ = lambda self, most: read(self, 80)

def pose(folder, out="told.out", err="told.err"):
    "Stand on the stage: the streams of the command are files of the folder."
    os.chdir(folder)
    for descriptor, path in ((0, os.devnull), (1, out), (2, err)):
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(fd, descriptor)
        os.close(fd)

def rehearse():
    "Import all that the commands will need."
    for words in ("init", "order create O --price 5", "message O x", "tick 1d", "tick 99d", "backup b.json", "repair", "init --force", "batch lines", "verify", "oops"):
        main(["--json", *words.split()])

def child(posed, gate, folder, argv, out, err, largest):
    pose(folder, out, err)
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    os.write(posed, b"x")
    os.read(gate, 1)
    os.closerange(3, 64)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["dispute", *argv]
    main()

asked, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "lines"), "w").write("order create P --price 5\\nmessage P y\\n")
    pose(folder)
    rehearse()
    os.chdir("/")
print("ready", file=answers, flush=True)
while line := asked.readline():
    gate, open_gate = os.pipe()
    stands, posed = os.pipe()
    pid = os.fork()
    if not pid:
        child(posed, gate, *json.loads(line))
    os.close(posed)
    os.read(stands, 1)
    print(pid, file=answers, flush=True)
    asked.readline()
    os.write(open_gate, b"x")
    for descriptor in (gate, open_gate, stands):
        os.close(descriptor)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)
"""
"""Small commits, pieces and reads, so that a tick, a copy and a batch have several of each."""


class Played(NamedTuple):
    """What a command did before it ended."""

    code: int
    """As the exit code, negative where a signal ended it."""
    out: bytes
    err: bytes
    log: str
    """Of strace; empty where it did not follow."""


class Stage:
    """A process that plays commands of the program found in a folder."""

    def __init__(self, program: Path = ROOT) -> None:
        env = {**Place(Path("/nowhere")).environment(), "PYTHONPATH": str(program)}
        self._server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=program, env=env, text=True)
        assert self._heard() == "ready"

    def play(
        self, folder: Path, argv: Iterable[str], strace: Iterable[str] | None = None, out: str = OUT, err: str = ERR, largest: int | None = None
    ) -> Played:
        """Run a command in a folder, followed by strace when its options are given; no file may grow beyond `largest` bytes."""
        self._say(json.dumps([str(folder), ["--json", *argv], out, err, largest]))
        pid = self._heard()
        follower = follow(pid, folder / LOG, strace) if strace is not None else None
        self._say("go")
        code = int(self._heard())
        if follower is not None:
            follower.communicate()
        return Played(code, said(folder / out), said(folder / err), (folder / LOG).read_text() if follower else "")

    def close(self) -> None:
        self._server.communicate()

    def _say(self, line: str) -> None:
        assert self._server.stdin
        self._server.stdin.write(line + "\n")
        self._server.stdin.flush()

    def _heard(self) -> str:
        assert self._server.stdout
        return self._server.stdout.readline().strip()


def said(path: Path) -> bytes:
    """What a stream's file holds; what a device was told is gone."""
    return path.read_bytes() if path.is_file() else b""


def start(folder: Path, argv: Iterable[str], strace: Iterable[str]) -> Played:
    """Run a command in a process of its own from its first call on, as people do."""
    place = Place(folder)
    traced = ["strace", "-f", "-o", str(folder / LOG), *strace, *START, "--json", *argv]
    env = {**place.environment(), "PYTHONSAFEPATH": "1"}  # as for the script that people call: no module is looked for in their folder
    with open(folder / OUT, "ab") as out, open(folder / ERR, "ab") as err:
        ran = subprocess.run(traced, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False)
    return Played(ran.returncode, said(folder / OUT), said(folder / ERR), (folder / LOG).read_text())


def follow(pid: str, log: Path, options: Iterable[str]) -> "subprocess.Popen[str]":
    """Return once strace has the process in its hands; `Unfollowed` where it cannot."""
    strace = subprocess.Popen(["strace", "-f", "-o", str(log), *options, "-p", pid], stderr=subprocess.PIPE, text=True)
    assert strace.stderr
    says = ""
    while "attached" not in says:
        before, says = says, strace.stderr.readline()
        if not says:
            raise Unfollowed(before.strip())
    return strace


class Unfollowed(Exception):
    """strace may not follow a process here; the text is its own."""


def why_not() -> str | None:
    """Why nothing can be struck here, or None."""
    idle = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    try:
        strace = follow(str(idle.pid), Path(os.devnull), ())
    except (Unfollowed, FileNotFoundError) as error:
        return str(error)
    finally:
        idle.communicate()
    strace.communicate()
    return None
