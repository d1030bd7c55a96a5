"""One builder for every test of the command line: argv in, exit code and streams out, in a folder of its own.

dispute = Place(tmp_path)
ran = dispute("order", "create", "O-1", "--price", "50.00")      # in this process
assert ran.code == 0
dispute.process("status", "O-1", stdout=full)                    # in a process of its own, where descriptors matter
dispute.terminal("accept", "O-1", typed="y\\n")                  # with a terminal on all three streams
"""

import contextlib
import fcntl
import io
import json
import os
import pty
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from dispute_cli.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
START = (sys.executable, "-c", "from dispute_cli.cli.main import main; main()")
HERE = ("DISPUTE_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "CI", "XDG_CONFIG_HOME", "PYTHONIOENCODING")
"""Beginnings of the names of variables that must not leak into a test."""


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return self.json["error"]


class Place:
    """A folder in which commands run, and the environment they see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {"XDG_CONFIG_HOME": str(folder / "config"), "TERM": "xterm"}

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(HERE)}
        return {**kept, **self.env, "PYTHONPATH": str(ROOT)}

    def __call__(self, *argv: str, stdin: bytes = b"") -> Ran:
        """Run in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        given = self.folder / ".stdin"
        given.write_bytes(stdin)
        before, here = dict(os.environ), os.getcwd()
        with given.open() as source, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            sys.stdin, old = source, sys.stdin
            os.chdir(self.folder)
            os.environ.clear()
            os.environ.update(self.environment())
            try:
                code = main(list(argv))
            finally:
                os.chdir(here)
                os.environ.clear()
                os.environ.update(before)
                sys.stdin = old
        given.unlink()
        return Ran(code, text_of(out), text_of(err))

    def process(self, *argv: str, stdin: bytes = b"", **more: Any) -> Ran:
        """Run in a process of its own."""
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        ran = subprocess.run([*START, *argv], input=stdin, cwd=self.folder, env=self.environment(), timeout=60, check=False, **streams)
        return Ran(ran.returncode, (ran.stdout or b"").decode(errors="replace"), (ran.stderr or b"").decode(errors="replace"))

    def forked(self, *argv: str, stdin: bytes = b"") -> Ran:
        """Run in a process of its own that is forked from this one: descriptors, environment and end are its own, but nothing is imported anew."""
        streams = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115
        streams[0].write(stdin)
        streams[0].seek(0)
        child = os.fork()
        if child == 0:
            self.become(argv, [stream.fileno() for stream in streams])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = [(stream.seek(0), stream.read().decode(errors="replace"))[1] for stream in streams[1:]]
        for stream in streams:
            stream.close()
        return Ran(code, *texts)

    def become(self, argv: tuple[str, ...], descriptors: list[int]) -> NoReturn:
        """Be the command, in a fork."""
        code = 70
        try:
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target)
            sys.stdin, sys.stdout, sys.stderr = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")  # noqa: SIM115
            os.chdir(self.folder)
            os.environ.clear()
            os.environ.update(self.environment())
            sys.argv = ["dispute", *argv]
            main()
        finally:
            os._exit(code)

    def terminal(self, *argv: str, typed: str = "", stderr: Any = None) -> Ran:
        """Run with a terminal on all three streams, where `typed` answers the question; what is shown comes back as `out`. `stderr`: elsewhere."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*START, *argv], cwd=self.folder, env=self.environment(), stdin=theirs, stdout=theirs, stderr=theirs if stderr is None else stderr,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )  # fmt: skip
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 65536):
                shown += piece
                if typed and b"[y/N]" in shown:
                    os.write(ours, typed.encode())
                    typed = ""
        os.close(ours)
        return Ran(process.wait(60), shown.decode().replace("\r\n", "\n"), "")

    def ok(self, *argv: str, **more: Any) -> Ran:
        """Run what must succeed."""
        ran = self(*argv, **more)
        assert ran.code == 0, ran
        return ran

    def bytes(self) -> bytes:
        """The store as it lies on disk."""
        return (self.folder / "disputes.json").read_bytes()


def text_of(stream: io.TextIOWrapper) -> str:
    data = stream.buffer
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode()
