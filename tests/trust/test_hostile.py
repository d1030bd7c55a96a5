"""Paths and settings that mean harm: shown visibly, refused where they cannot be, and never obeyed."""

from pathlib import Path

import pytest

from tests.run import Place

from .tree import bound, tree


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "here").mkdir()
    return Place(tmp_path / "here")


@pytest.mark.parametrize("name", ["a\nb", "\x1b]0;x\x07", "\u202e", "x" * 200, " ", "a b?mode=ro&x#%00.json", "[bold]", "'\"`$(id)"], ids=ascii)
def test_a_store_of_any_name_works_and_its_name_is_shown_visibly(place: Place, name: str) -> None:
    place.ok("init", "--store", name)
    place.ok("order", "create", "O-1", "--price", "5", "--store", name)
    for argv in (("status",), ("verify",), ("init",), ("backup", "copy.json"), ("backup", "copy.json"), ("status", "--json")):
        ran = place(*argv, "--store", name)
        shown = ran.out + ran.err
        assert not any(steers(char) for char in shown.replace("\n", "").replace("\t", "")), (argv, shown)
        assert "a\nb" not in shown.replace("\\n", ""), argv


def steers(char: str) -> bool:
    """It steers a terminal, or is not to be seen."""
    return ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u200b" or 0xD800 <= ord(char) < 0xE000


@pytest.mark.parametrize("length", [255, 4095, 4096, 5000, 100_000])
def test_a_path_that_is_too_long_is_refused(place: Place, length: int) -> None:
    path = ("d" * 200 + "/") * (length // 201) + "x" * (length % 201)
    for argv in (("status",), ("order", "create", "N-1", "--price", "5"), ("init",), ("verify",)):
        ran = place(*argv, "--store", path, "--json")
        assert ran.code == 7 or (length < 4096 and ran.code in (0, 1, 7)), (argv, ran.code, ran.err[-200:])


def test_a_path_through_a_folder_that_may_not_be_entered_is_refused(place: Place) -> None:
    (place.folder / "closed").mkdir()
    place.ok("init", "--store", "closed/d.json")
    (place.folder / "closed").chmod(0)
    before = tree(place.folder)
    for argv in (("status",), ("order", "create", "N-1", "--price", "5"), ("verify",), ("init",)):
        ran = bound(place, *argv, "--store", "closed/d.json")
        assert ran.code == 7 and "closed/d.json" in ran.error["message"], (argv, ran)
    assert tree(place.folder) == before


HOSTILE = {
    "consent": "yes = true\n",
    "confirmation": "confirm = true\n",
    "another store": 'store = "../../theirs.json"\n',
    "a device": 'store = "/dev/zero"\n',
    "an address": 'store = "https://example.org/x"\n',
    "a command": 'store = "$(touch owned)"\n',
    "a wait without end": 'lock_timeout = "999999999999d"\n',
    "a negative wait": 'lock_timeout = "-1s"\n',
    "a key with a newline": 'idempotency_key = "a\\nb"\n',
    "an escape": 'query = "\\u001b[31m"\n',
    "a query without end": f'query = "{"(" * 5000}"\n',
    "an unknown key": "exec = 'id'\n",
    "nesting": "a = " + "[" * 5000 + "]" * 5000 + "\n",
    "no text": "\xff\xfe",
    "too much": "#" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_settings_in_a_strange_folder_give_no_consent_and_reach_nothing_else(place: Place, text: str) -> None:
    place.ok("init")
    place.ok("order", "create", "O-1", "--price", "5.00")
    place.ok("status")
    (place.folder / "dispute.toml").write_bytes(text.encode("latin-1"))
    before = tree(place.folder.parent)
    ran = place("order", "confirm", "O-1", "--json")
    assert ran.code in (2, 4, 7), ran
    assert "\x1b" not in ran.out + ran.err
    assert tree(place.folder.parent) == before
