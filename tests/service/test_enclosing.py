"""What comes beside a command: files with all their bytes, or why there are none; languages as they are written."""

from pathlib import Path

import pytest

from dispute_cli.core.evidence import Attachment
from dispute_cli.enclosing import attach, language

GERMAN = "Das Paket ist leider nicht angekommen, und niemand antwortet mir"


def test_a_file_comes_with_its_name_its_size_and_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"png")
    assert attach(str(path)) == Attachment(str(path), 3, b"png")
    assert attach(str(path), "photo.png") == Attachment("photo.png", 3, b"png")


def test_a_file_that_cannot_be_read_comes_with_the_reason_and_no_bytes(tmp_path: Path) -> None:
    assert attach(str(tmp_path / "none"), "none") == Attachment("none", 0, b"", "no such file")
    assert attach(str(tmp_path), "folder") == Attachment("folder", 0, b"", "a folder")


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (f"<{GERMAN}>", "de"), ("The parcel has not arrived, and nobody answers me", None), ("a\x00b", None)])
def test_the_language_of_a_text_is_told_unless_it_is_english_or_unsure(text: str, code: str | None) -> None:
    assert language(text) == code
