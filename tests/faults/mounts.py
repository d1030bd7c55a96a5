"""File systems mounted for a test; where that is not possible the test is skipped aloud."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(at: Path, *options: str) -> Iterator[Path]:
    """Mount something at a folder, made where there is none."""
    at.mkdir(exist_ok=True)
    run("mount", *options, str(at))
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)  # what was judged in this process may still have files open


@contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """Let a folder be of a file system that is read-only."""
    with mounted(folder, "--bind", str(folder)):
        run("mount", "-o", "remount,ro,bind", str(folder))
        yield


@contextmanager
def image(path: Path, at: Path) -> Iterator[Path]:
    """Mount a file that is a disk, as one that writes nothing by itself."""
    with mounted(at, "-o", "loop,commit=600,noauto_da_alloc", str(path)):
        yield at


def make_image(path: Path) -> Path:
    """Make a file that is an empty disk."""
    with open(path, "wb") as file:
        file.truncate(16 << 20)
    run("mkfs.ext4", "-q", "-F", str(path))
    return path


def run(*command: str) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        pytest.skip(f"no disk can be made here: {error}")
    if ran.returncode:
        pytest.skip(f"nothing can be mounted here: {ran.stderr.strip() or command}")
