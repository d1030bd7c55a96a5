"""What is generated is current: docs, completions, the currency table, and the answers that the README shows."""

import os

import pytest

from scripts.generate import PAGES, ROOT


@pytest.mark.parametrize("path", PAGES)
def test_a_generated_file_is_current(path: str) -> None:
    with open(os.path.join(ROOT, path), encoding="utf-8", newline="") as file:
        assert file.read() == PAGES[path](), f"{path} is not current: make generate"
