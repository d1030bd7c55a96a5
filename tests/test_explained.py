"""Every rule is explained, and its example shows it: the lines are played in a new store, and the last one proves the rule."""

import hashlib
import shlex
from pathlib import Path
from typing import Any

import pytest

from dispute_cli.core.rules import BOOK
from dispute_cli.explained import BEFORE, EXPLAINED
from tests.cli.shell import midsummer, play, ready
from tests.pictures import PNG
from tests.run import Place, Ran

PICTURE = hashlib.sha256(PNG).hexdigest()

SHOWN: dict[str, Any] = {
    "E2": {"buyer": "-55.00", "seller": "0.00", "escrow": "55.00", "carrier": "0.00"},
    "E4": [["2026-03-02T00:00:00Z", what] for what in ("protection_ended", "settled", "closed")],
    "D11": {"label": "pending the approval of the dispute by the seller", "until": "2026-01-06T00:00:00Z"},
    "D12": {"number": 2, "reopens": 1},
    "V4": [["cup.png", PICTURE], ["cup.png", PICTURE]],
    "V7": [["buyer", "Where is it?", None], ["buyer", "It never came", 1]],
    "N2": {"refund": "20.00", "release": "35.00", "cause": "seller_accepted"},
    "N3": {"refund": "20.00", "release": "35.00", "cause": "seller_silent"},
    "N4": ["accept", "edit", "escalate", "cancel", "add-evidence", "extend-protection", "message"],
    "N5": {"refund": "10.00", "release": "45.00", "cause": "buyer_accepted"},
    "N6": ["protected", ["promise_accepted", "dispute_cancelled"]],
    "N9": "protected",
    "X3": ["A5"],
    "C3": [["2026-01-11T00:00:00Z", "escalated"]],
    "C7": [["2026-03-02T00:00:00Z", "ruled_by_default"], ["2026-03-02T00:00:00Z", "settled"]],
    "T1": {"buyer": "-63.40", "seller": "0.00", "escrow": "55.00", "carrier": "8.40"},
    "T2": [["2026-01-16T00:00:00Z", "return_acknowledged"], ["2026-01-16T00:00:00Z", "settled"]],
    "P1": {
        "refund": "20.00",
        "release": "35.00",
        "cause": "seller_accepted",
        "settled_at": "2026-01-01T00:00:00Z",
        "payout_at": "2026-01-08T00:00:00Z",
        "paid_at": None,
    },
    "P2": [["buyer/buyer", "-55.00"], ["escrow/O-1", "20.00"], ["seller/seller", "35.00"]],
    "P3": "5300",
    "K2": [
        ["2026-01-06T00:00:00Z", "seller_silent"],
        ["2026-01-06T00:00:00Z", "settled"],
        ["2026-01-13T00:00:00Z", "refund_paid"],
        ["2026-01-13T00:00:00Z", "closed"],
    ],
    "K3": [["2026-01-06T00:00:00Z", "seller_silent"], ["2026-01-06T00:00:00Z", "settled"]],
    "K5": {"fired": 0, "next": ["protection", "2026-03-02T00:00:00Z"]},
    "K6": "2026-01-02T12:00:00Z",
    "K7": [["2026-03-02T00:00:00Z", "protection_ended"], ["2026-03-02T00:00:00Z", "extension_lapsed"]],
}
"""What the last line of a rule that causes something prints."""


@pytest.fixture(autouse=True)
def on_a_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.cli.call.wall", midsummer)


def play_example(folder: Path, id: str) -> Ran:
    """Play all but the last line, which must succeed, and return what came of the last."""
    place = ready(folder)
    *first, last = EXPLAINED[id].example
    for line in (*BEFORE, *first):
        assert play(place, line).code == 0, line
    return play(place, last if "--query" in last else f"{last} --json")


def test_every_rule_of_the_book_is_explained_in_its_order() -> None:
    assert list(EXPLAINED) == list(BOOK)
    assert set(SHOWN) == {id for id, row in BOOK.items() if row.kind == "causes"} - {"D10", "C2"}


@pytest.mark.parametrize("id", [id for id, row in BOOK.items() if row.kind == "refuses"])
def test_the_example_of_a_rule_that_refuses_is_refused_by_it(tmp_path: Path, id: str) -> None:
    ran = play_example(tmp_path, id)
    assert (ran.code, ran.error["rule"]) == (8 if id in ("V1", "V2") else 5, id)
    assert {fault["rule"] for fault in ran.error["faults"]} == {id}


@pytest.mark.parametrize("id", SHOWN)
def test_the_example_of_a_rule_that_causes_something_shows_it(tmp_path: Path, id: str) -> None:
    ran = play_example(tmp_path, id)
    assert (ran.code, ran.json) == (0, SHOWN[id])


def test_the_example_of_all_faults_together_shows_them_together(tmp_path: Path) -> None:
    ran = play_example(tmp_path, "D10")
    assert (ran.code, [fault["rule"] for fault in ran.error["faults"]]) == (5, ["D3", "D5", "D8", "D9"])


def test_the_example_of_the_two_steps_ends_with_the_first(tmp_path: Path) -> None:
    ran = play_example(tmp_path, "C2")
    assert (ran.code, ran.error["rule"]) == (4, "C2")
    assert "cup.png" in ran.error["message"]


@pytest.mark.parametrize("id", [id for id, row in BOOK.items() if row.kind == "advises"])
def test_the_example_of_advice_is_answered_with_it(tmp_path: Path, id: str) -> None:
    ran = play_example(tmp_path, id)
    assert ran.code == 0
    assert id in [warning["code"] for warning in ran.json["warnings"]]


def test_one_rule_is_shown_with_its_source_and_lines_to_paste(tmp_path: Path) -> None:
    out = Place(tmp_path).ok("rules", "X1").out
    assert out.startswith("X1  refuses, protection extension\nThe buyer asks for days;")
    assert "\nfigures: protection.extension_most_days = 120\n" in out
    assert f"\nfrom the article: {EXPLAINED['X1'].article}\n" in out
    assert out.endswith("".join(f"{line}\n" for line in (*BEFORE, *EXPLAINED["X1"].example)))


def test_a_rule_on_which_the_article_is_silent_says_so(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert "\nours: the article is silent here\n" in place.ok("rules", "E7").out
    assert place.ok("rules", "E7", "--json").json["rules"][0]["article"] is None


def test_the_book_is_a_table_and_every_rule_in_it_has_both_fields(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.ok("rules").out.startswith("rule\tkind\tsays\tfigures\n")
    told = place.ok("rules", "--json").json["rules"]
    assert [rule["rule"] for rule in told] == list(BOOK)
    assert all(rule["example"] == list(EXPLAINED[rule["rule"]].example) for rule in told)


def test_on_a_terminal_no_line_to_paste_is_broken_but_where_a_shell_takes_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.env["COLUMNS"] = "62"
    shown = place.terminal("rules", "D7").out
    assert EXPLAINED["D7"].example[0].startswith("dispute open")
    assert shlex.split(shown[shown.rindex("dispute open") :].replace("\\\n", "")) == shlex.split(EXPLAINED["D7"].example[0])
