"""A policy's file: what is no policy is told with the path and what is wrong, never half read."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.core.policy import as_data, from_data
from dispute_cli.policies import FOLDER, MOST_BYTES, InvalidFile, figures, load, names, parse
from dispute_cli.regular import NotRegular, read_regular, read_sized
from dispute_cli.runs.scenario.luggage import as_toml

SHIPPED = (Path(FOLDER) / "aliexpress.toml").read_bytes()

WRONG: dict[str, bytes] = {
    "it is not UTF-8 text": SHIPPED + b"# \xff\n",
    "it is nested too deep": b"a = " + b"[" * 100_000,
    "it is not TOML": b"name = \n",
    "unknown field": SHIPPED + b'\n[more]\na = "1"\n',
    "missing required field": b'name = "x"\n',
    "a number in it is too long": b"a = " + b"9" * 5_000 + b"\n",
    "a policy file has at most 262,144 bytes": SHIPPED + b"#" * MOST_BYTES,
}


@pytest.mark.parametrize("says", WRONG)
def test_a_file_that_is_no_policy_is_told_by_its_path(tmp_path: Path, says: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(WRONG[says])
    with pytest.raises(InvalidFile, match=says) as caught:
        load(str(path))
    assert caught.value.path == str(path) and str(caught.value) == caught.value.message


def test_a_file_of_just_the_most_bytes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(SHIPPED + b"#" * (MOST_BYTES - len(SHIPPED)))
    assert load(str(path)) == load("aliexpress")


def test_a_figure_without_its_source_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"".join(line for line in SHIPPED.splitlines(keepends=True) if b"answering.seller_days" not in line))
    with pytest.raises(InvalidFile, match=r"\[sources\] does not say where 'answering.seller_days' comes from") as caught:
        load(str(path))
    assert caught.value.hint == 'Write "default" where it is your own choice.'


@pytest.mark.parametrize("name", names())
def test_every_figure_of_a_shipped_policy_names_its_source(name: str) -> None:
    policy = load(name)
    given = {key for key, value in figures(as_data(policy)) if value is not None}
    assert given <= set(policy.sources)
    assert "reasons" in given and "sources" not in given


MARK = re.compile(r"(article|default)\b|.*\((H|M|L|\?)\)")
"""`article` and `default` for the marketplace of the rule book; else how sure the source is."""


@pytest.mark.parametrize("name", names())
def test_every_source_of_a_shipped_policy_has_a_mark(name: str) -> None:
    policy = load(name)
    for key, source in policy.sources.items():
        assert MARK.match(source), (key, source)
        assert ("(?)" in source) == ("assumption" in source), (key, source)
    assert all(MARK.match(row.source) for row in policy.not_modelled)
    assert policy.not_modelled or name == "aliexpress"


@pytest.mark.parametrize("name", names())
def test_every_key_that_a_shipped_policy_names_a_source_for_is_there(name: str) -> None:
    data = as_data(load(name))
    for key in data["sources"]:
        part = data
        for step in key.split("."):
            assert step in part, key
            part = part[step]


def test_business_days_are_never_silently_days() -> None:
    for policy in map(load, names()):
        if any("business days" in source for source in policy.sources.values()):
            assert any("business days" in row.what for row in policy.not_modelled)
            assert all("at least" in source or "escalated after" in source for source in policy.sources.values() if "business days" in source)


@pytest.mark.parametrize("name", names())
def test_a_policy_written_anew_as_a_file_is_the_same(name: str) -> None:
    assert parse("again.toml", as_toml(load(name)).encode()) == load(name)


NEWER = ("opening", "not_modelled")
NEWER_CHOICES = {
    "protection": ("counted_from", "extension_most_times"),
    "answering": ("seller_silent", "buyer_silent"),
    "escalation": ("who", "until_days", "evidence"),
    "returns": ("postage",),
    "evidence": ("most_files",),
}
"""What a store that was made before policies could say it does not have."""


def test_a_policy_that_was_kept_before_there_was_a_choice_is_read_as_the_rule_book_says() -> None:
    data = as_data(load("aliexpress"))
    old = {key: value for key, value in data.items() if key not in NEWER}
    for chapter, choices in NEWER_CHOICES.items():
        old[chapter] = {key: value for key, value in old[chapter].items() if key not in choices}
    old["reasons"] = {code: {key: value for key, value in reason.items() if key != "return"} for code, reason in old["reasons"].items()}
    assert from_data(old) == load("aliexpress")


def test_a_name_that_no_policy_has_is_told_with_those_there_are() -> None:
    with pytest.raises(InvalidFile, match=r"aliexpres: no such policy\.") as caught:
        load("aliexpres")
    assert caught.value.hint and "'aliexpress'" in caught.value.hint and ", ".join(names()) in caught.value.hint


def nothing(path: Path) -> None: ...


UNREADABLE: dict[str, Callable[[Path], Any]] = {"no such file": nothing, "a folder": Path.mkdir, "a loop of symbolic links": lambda path: path.symlink_to(path)}


@pytest.mark.parametrize("says", UNREADABLE)
def test_what_is_no_regular_file_is_told_by_what_it_is(tmp_path: Path, says: str) -> None:
    path = tmp_path / "own.toml"
    UNREADABLE[says](path)
    with pytest.raises(InvalidFile, match=says):
        load(str(path))


def test_a_path_that_no_file_can_have_is_no_such_file() -> None:
    with pytest.raises(NotRegular, match="no such file"):
        read_regular("a\0b", 1)


def test_of_a_file_no_more_is_read_than_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"abcdef")
    assert read_sized(str(path), 4) == (b"abcd", 6)
    assert read_sized(str(path), 7) == (b"abcdef", 6)
    assert read_regular(str(path), 0) == b""
