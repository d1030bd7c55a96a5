"""A command struck by signals at many moments of its run, each in a copy of a folder and a process of its own. No assertion about what it did."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dispute_cli.store.json_log import JsonLogStore
from tests.run import Place
from tests.service.shop import Shop

POINTS = 16
"""How many moments of each run are struck, spread evenly over all its calls of our functions."""

SWEEP = """
import json, os, shutil, signal, sys
from dispute_cli import ticking
from dispute_cli.cli import batching, main as way_in, tree, words, telling, failures, text, call, keeping, progress
from dispute_cli.store import disk, audit, upkeep
ticking.FIRINGS_A_COMMIT, ticking.COMMITS_A_SYNC, disk.PIECE = 2, 2, 200
read = batching.Reader.__call__
batching.Reader.__call__ = lambda self, most: read(self, 80)
points, again, argv = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
OURS = os.path.dirname(ticking.__file__)

def strike_at(number, name):
    count = 0
    def profile(frame, event, arg):
        nonlocal count
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            count += 1
            if count == number:
                os.kill(os.getpid(), name)
    sys.setprofile(profile)
    return lambda: count

def strike_again(name):
    module, _, function = again.rpartition(".")
    real = getattr(sys.modules[module], function)
    def struck(*given):
        os.kill(os.getpid(), name)
        return real(*given)
    setattr(sys.modules[module], function, struck)

def child(folder, number, name):
    os.chdir(folder)
    for descriptor, file in ((1, "out"), (2, "err")):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
    sys.argv = ["dispute", *argv]
    heed, counted = way_in.heed, []
    way_in.heed = lambda: (heed(), counted.append(strike_at(number, name)))
    if number and again:
        strike_again(name)
    leave = os._exit
    def end(code):
        sys.setprofile(None)
        open("calls", "w").write(str(counted[0]()))
        leave(code)
    os._exit = end
    way_in.main()

def play(folder, number, name=signal.SIGINT):
    shutil.copytree("whole", folder)
    pid = os.fork()
    if not pid:
        child(folder, number, name)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

codes = {"full": play("full", 0)}
calls = int(open("full/calls").read())
for point in range(points):
    name = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[point % 3]
    codes[f"p{point}"] = play(f"p{point}", 1 + point * (calls - 1) // points, name)
print(json.dumps(codes))
"""
"""Forks a child for each point, in a copy of the folder `whole`: the N-th call of a function of ours, once signals are heeded, strikes, and with `again` a named one once more."""


class Run(NamedTuple):
    """One run that was struck at some moment."""

    place: Place
    code: int

    def read(self, name: str) -> str:
        return (self.place.folder / name).read_text()

    @property
    def shop(self) -> Shop:
        return Shop(JsonLogStore(str(self.place.folder / "disputes.json"), tell=lambda _: None))

    @property
    def told(self) -> list[Any]:
        """The JSON on standard output."""
        return [json.loads(line) for line in self.read("out").splitlines()]

    @property
    def message(self) -> str:
        """What people read, which scripts read too."""
        told = self.read("err")
        assert told.startswith("error: interrupted") and told.count("\n") == 1, told
        return told.removeprefix("error: ").rstrip("\n")


def sweep(folder: Path, *argv: str, again: str = "") -> Iterator[Run]:
    """Strike a command at many moments; the first run is the uninterrupted one."""
    given = [sys.executable, "-c", SWEEP, str(POINTS), again, *argv]
    ran = subprocess.run(given, cwd=folder, env=Place(folder).environment(), capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    codes = json.loads(ran.stdout)
    assert set(codes.values()) == {0, 130}, codes
    for name, code in codes.items():
        yield Run(Place(folder / name), code)
