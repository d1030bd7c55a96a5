"""Disks and folders that the system will not read or write: told, and the old store intact. Skipped aloud where that cannot be arranged."""

import errno
import os
import resource
import shlex
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.run import START, Place, Ran

from .judging import judge, snapshot

# What the system refuses.


def unprivileged(place: Place, *argv: str) -> Ran:
    """Run without root's leave to pass over file modes; as anybody else modes bind anyway."""
    if os.geteuid() != 0:
        return place.process("--json", *argv)
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
    return under(place, drop, *argv)


def mounted(place: Place, script: str, *argv: str) -> Ran:
    """Run with something mounted, seen by nobody else."""
    return under(place, ("unshare", "-m", "sh", "-c", f'{script} && exec "$@"', "sh"), *argv)


def under(place: Place, before: tuple[str, ...], *argv: str) -> Ran:
    """Run by another program; skipped aloud where that cannot do its part here."""
    tried = subprocess.run([*before, "true"], cwd=place.folder, capture_output=True, check=False) if shutil.which(before[0]) else None
    if tried is None or tried.returncode:
        pytest.skip(f"{before[0]} cannot do this here: {tried.stderr.decode().strip() if tried else 'it is not installed'}")
    command = [*before, *START, "--json", *argv]
    ran = subprocess.run(
        command, cwd=place.folder, env=place.environment(), capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=60
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def test_a_store_of_mode_000_is_refused(dispute: Place) -> None:
    before = snapshot(dispute.folder)
    (dispute.folder / "disputes.json").chmod(0)
    for argv in (("status",), ("message", "O-1", "x")):
        judge(unprivileged(dispute, *argv), 7, "Permission denied")
    (dispute.folder / "disputes.json").chmod(0o600)
    assert snapshot(dispute.folder) == before


@pytest.fixture
def sealed(dispute: Place) -> Iterator[Place]:
    """A store whose folders and files may only be read."""
    paths = [path for path in dispute.folder.rglob("*") if path.name != "config"]
    for path in (*paths, dispute.folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    yield dispute
    for path in (dispute.folder, *paths):
        path.chmod(0o700)


def test_in_a_read_only_folder_reading_works_and_writing_is_told(sealed: Place) -> None:
    before = snapshot(sealed.folder)
    ran = unprivileged(sealed, "status", "O-1")
    assert (ran.code, ran.json["order"]["title"]) == (0, "Blue cup")
    judge(unprivileged(sealed, "message", "O-1", "x"), 1, "Permission denied")
    judge(unprivileged(sealed, "init", "--store", "new.json"), 1, "Permission denied")
    assert snapshot(sealed.folder) == before


def test_on_a_read_only_file_system_reading_works_and_writing_is_told(dispute: Place) -> None:
    before = snapshot(dispute.folder)
    sealed = f'mount --bind "{dispute.folder}" "{dispute.folder}" && mount -o remount,ro,bind "{dispute.folder}" && cd "{dispute.folder}"'
    ran = mounted(dispute, sealed, "status", "O-1")
    assert (ran.code, ran.json["order"]["title"]) == (0, "Blue cup")
    judge(mounted(dispute, sealed, "message", "O-1", "x"), 1, os.strerror(errno.EROFS))
    assert snapshot(dispute.folder) == before


def test_on_a_full_disk_nothing_is_changed(dispute: Place) -> None:
    """The store lies on a file system of a few pages, of which the last is filled."""
    (dispute.folder / "small").mkdir()
    script = f"""
        mount -t tmpfs -o size=1m none small && cp -a disputes.json disputes.json.d small && cd small || exit 1
        [ "$1" = true ] && exit
        {shlex.join([*START, "status", "-q"])} > status && head -c 49152 /dev/zero > rest
        cat /dev/zero > full 2> why
        rm rest
        "$@"; code=$?
        cmp disputes.json ../disputes.json && exit $code
    """
    ran = under(dispute, ("unshare", "-m", "sh", "-c", script, "sh"), "message", "O-1", "x" * 65_536)
    judge(ran, 1, "bytes could be written")


def test_a_file_grown_to_its_limit_is_told_and_nothing_is_changed(dispute: Place) -> None:
    for _ in range(4):
        dispute.ok("message", "O-1", "x" * 60_000)
    limit = len(dispute.bytes()) + 100

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    before = dispute.bytes()
    ran = dispute.process("--json", "message", "O-1", "x" * 60_000, preexec_fn=bound)
    assert ran.code == 1, ran
    assert "outcome_unknown" not in ran.error
    assert "bytes could be written" in ran.err
    assert dispute.bytes() == before


def test_a_store_that_is_itself_a_mount_is_told_where_it_would_be_replaced(dispute: Place) -> None:
    before = dispute.bytes()
    script = "touch at.json && mount --bind disputes.json at.json"
    ran = mounted(dispute, script, "init", "--force", "--store", "at.json")
    judge(ran, 1, os.strerror(errno.EBUSY))
    assert "mount" in ran.error["hint"]
    assert dispute.bytes() == before
