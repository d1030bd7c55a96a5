"""Systems that read and write a few bytes at a time: all the bytes asked for are there, no others, each at its place."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispute_cli.store import disk, recover, walk


@pytest.fixture
def digits(tmp_path: Path) -> Iterator[int]:
    """An open file of ten digits."""
    path = tmp_path / "digits"
    path.write_bytes(b"0123456789")
    fd = os.open(path, os.O_RDWR)
    yield fd
    os.close(fd)


def test_a_read_that_comes_in_parts_holds_no_more_than_was_asked_for(digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, at: real(fd, min(size, 2), at))
    assert (disk.read_at(digits, 5, 1), disk.read_at(digits, 5, 8)) == (b"12345", b"89")


def test_places_that_are_close_to_each_other_are_read_at_once(digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.pread, []

    def counted(fd: int, size: int, at: int) -> bytes:
        calls.append((at, size))
        return real(fd, size, at)

    monkeypatch.setattr(os, "pread", counted)
    monkeypatch.setattr(disk, "NEAR", 1)
    monkeypatch.setattr(disk, "PIECE", 6)
    assert [*disk.read_spans(digits, [(0, 2), (3, 2), (4, 1), (5, 1), (6, 1), (9, 1)])] == [b"01", b"34", b"4", b"5", b"6", b"9"]
    assert calls == [(0, 6), (6, 1), (9, 1)]
    assert [*disk.read_spans(digits, [])] == []


def test_a_write_that_goes_in_parts_puts_each_behind_the_one_before(digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real(fd, data[:2], at))
    recover.put(digits, b"abcde", 3)
    assert disk.read_at(digits, 99, 0) == b"012abcde89"


def test_bytes_that_stand_on_two_pages_are_seen_together(digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "PIECE", 2)
    pages = walk.Pages(digits, 1)
    assert [pages.peek(at, 3) for at in (1, 2, 6, 8)] == [b"123", b"234", b"678", b"89"]
