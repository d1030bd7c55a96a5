"""Files that somebody named: read as evidence, written in one piece, and a policy's own text."""

import os
from pathlib import Path

import pytest

from dispute_cli import regular
from dispute_cli.core.words import Status
from dispute_cli.diagrams import FORMS, drawn, edges
from dispute_cli.enclosing import attach
from dispute_cli.policies import InvalidFile, load, span_at, text_of
from dispute_cli.replacing import replace_file


def test_a_disk_that_will_not_read_is_what_is_wrong_with_the_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str, most: int) -> tuple[bytes, int]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(regular, "read_sized", fail)
    assert attach("cup.png").fault == "input/output error"


def test_a_file_is_replaced_whole_with_its_mode_kept_and_its_link_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    replace_file(str(tmp_path / "link"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640
    replace_file(str(tmp_path / "another"), b"first")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", "link", "real"]


def test_what_is_no_regular_file_is_written_into() -> None:
    replace_file(os.devnull, b"nothing of it stays")


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(str(tmp_path / "new"), b"x")
    assert not list(tmp_path.iterdir())


def test_a_shipped_policys_text_is_its_file() -> None:
    assert 'name = "ebay"' in text_of("ebay")


def test_in_an_empty_file_everything_is_missing_at_its_beginning() -> None:
    assert span_at({}, ("protection", "days"), of_key=True) == (0, 1)


def test_a_number_where_a_chapter_is_expected_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('protection = 5\n' + text_of("aliexpress").split("[protection]")[0])
    with pytest.raises(InvalidFile, match=r"own\.toml:1:"):
        load(str(file))


@pytest.mark.parametrize("form", FORMS)
def test_a_place_is_marked_in_every_form(form: str) -> None:
    policy = load("aliexpress")
    told = edges(policy)
    here = Status.ESCALATED
    assert drawn(policy, told, form, here) != drawn(policy, told, form)
