"""Policies on the command line: shown with their sources, compared, and told where a file of one's own is wrong."""

import json
from pathlib import Path

import pytest

from dispute_cli.policies import FOLDER, load, names
from tests.run import Place

OWN = (Path(FOLDER) / "aliexpress.toml").read_text()
TIMES = "seller_days = 5"


@pytest.mark.parametrize("name", names())
def test_each_figure_is_shown_with_its_source_and_then_what_is_not_modelled(empty: Place, name: str) -> None:
    policy = load(name)
    out = empty.ok("policy", "show", name).out
    assert out.startswith(f"{name}  {policy.title}\nfigure\tvalue\tsource\n")
    assert f"\nprotection.days\t{policy.protection.days}\t{policy.sources['protection.days']}\n" in out
    assert "None" not in out
    told = out.partition("\n\nnot modelled\nwhat\tsource\n")[2].splitlines()
    assert told == [f"{row.what}\t{row.source}" for row in policy.not_modelled]
    shown = empty.ok("policy", "show", name, "--json").json["policy"]
    assert [row["what"] for row in shown["not_modelled"]] == [row.what for row in policy.not_modelled]


def test_all_policies_are_listed_and_told_by_help(empty: Place) -> None:
    assert empty.ok("policy", "list", "--fields", "name").out.split() == ["name", *names()]
    told = empty.ok("help", "policies").out
    assert all(f"\n  {name} " in told for name in names())


def test_two_policies_are_compared_figure_by_figure(empty: Place) -> None:
    ran = empty.ok("policy", "diff", "aliexpress", "ebay", "--json").json
    assert (ran["command"], ran["left"], ran["right"]) == ("policy diff", "aliexpress", "ebay")
    found = {row["key"]: row for row in ran["differences"]}
    assert found["protection.days"] == {
        "key": "protection.days",
        "left": 60,
        "right": 30,
        "left_source": "default",
        "right_source": "a recent third party (M): 30 days, 3 for some goods",
    }
    assert "answering.buyer_days" not in found
    assert (found["reasons.defective"]["left"]["evidence"], found["reasons.defective"]["right"], found["reasons.defective"]["right_source"]) == ("required", None, None)
    assert found["reasons.not_received"]["left"] is None
    chapters = [row["key"].partition(".")[0] for row in ran["differences"]]
    assert chapters.index("reasons") > chapters.index("opening") and chapters[-1] == "not_modelled"
    missing = [row["right"] for row in ran["differences"] if row["key"] == "not_modelled"]
    assert missing == [row.what for row in load("ebay").not_modelled]


def test_a_difference_is_a_row_for_people_and_for_programs(empty: Place) -> None:
    head, first, *_ = empty.ok("policy", "diff", "aliexpress", "ebay").out.splitlines()
    assert head == "figure\taliexpress\tebay\tsource of aliexpress\tsource of ebay"
    assert first == "protection.days\t60\t30\tdefault\ta recent third party (M): 30 days, 3 for some goods"
    rows = empty.ok("policy", "diff", "aliexpress", "paypal", "--fields", "key,left,right", "--format", "csv").out.splitlines()
    assert rows[0] == "key,left,right"
    assert "escalation.until_days,,20" in rows


def test_what_a_policy_leaves_to_the_rule_book_is_a_default(empty: Place) -> None:
    own = OWN.replace("again = true\n", "again = false\n").replace('who = "buyer"\n', 'who = "buyer"\nuntil_days = 9\n').replace("\n[sources]", '\n[sources]\n"escalation.until_days" = "ours"')
    (empty.folder / "mine.toml").write_text(own)
    (empty.folder / "bare.toml").write_text("".join(line for line in OWN.splitlines(keepends=True) if "opening." not in line and not line.startswith(("not_before", "again"))))
    rows = empty.ok("policy", "diff", "mine.toml", "./bare.toml", "--json").json["differences"]
    assert [(row["key"], row["left"], row["right"], row["right_source"]) for row in rows] == [("escalation.until_days", 9, None, None), ("opening.again", False, True, "default")]


def test_equal_policies_have_no_differences(empty: Place) -> None:
    (empty.folder / "same.toml").write_text(OWN.replace('"protection.days" = "default"', '"protection.days" = "ours too"'))
    assert empty.ok("policy", "diff", "aliexpress", "same.toml").out == "no difference\n"
    assert empty.ok("policy", "diff", "aliexpress", "same.toml", "--json").json["differences"] == []
    assert empty.ok("policy", "diff", "ebay", "ebay", "--format", "jsonl").out == ""


@pytest.mark.parametrize("named", [("ebay",), ("ebay", "etsy", "paypal")])
def test_exactly_two_policies_are_compared(empty: Place, named: tuple[str, ...]) -> None:
    ran = empty("policy", "diff", *named)
    assert (ran.code, ran.out) == (2, "")
    assert "two policies are compared" in ran.err
    assert empty("policy", "diff").code == 2


def test_a_policy_that_is_not_there_is_an_invalid_file(empty: Place) -> None:
    ran = empty("policy", "diff", "ebay", "ebya")
    assert (ran.code, ran.out) == (8, "")
    assert "ebya: no such policy." in ran.err and "Did you mean 'ebay'?" in ran.err


def test_policies_are_compared_in_a_batch_too(dispute: Place) -> None:
    ran = dispute("batch", "-", stdin=b'policy diff ebay etsy\n{"command": "policy diff", "file": ["ebay", "ebay"]}\n{"command": "policy diff", "file": ["ebay"]}\n')
    first, second, third = map(json.loads, ran.out.splitlines())
    assert ran.code == 2
    assert first["differences"] and not second["differences"]
    assert (third["ok"], third["line"]) == (False, 3)


@pytest.mark.parametrize("command", [("policy", "show"), ("init", "--policy"), ("policy", "diff", "ebay")])
def test_the_line_is_shown_with_a_caret_and_what_was_meant(empty: Place, command: tuple[str, ...]) -> None:
    (empty.folder / "mine.toml").write_text(OWN.replace(TIMES, "seller_dayz = 5"))
    ran = empty(*command, "mine.toml")
    line = OWN[: OWN.index(TIMES)].count("\n") + 1
    assert (ran.code, ran.out) == (8, "")
    assert ran.err == (
        f"error: mine.toml:{line}:1: unknown field 'seller_dayz' in answering.\n"
        f"   {line} | seller_dayz = 5\n"
        "      | ^^^^^^^^^^^\n"
        "hint: Did you mean 'seller_days'? One of: seller_days, buyer_days, seller_silent, buyer_silent.\n"
    )
    error = empty(*command, "mine.toml", "--json").error
    assert (error["code"], error["message"]) == ("invalid_file", f"mine.toml:{line}:1: unknown field 'seller_dayz' in answering.")


def test_what_a_file_says_is_shown_and_never_obeyed_by_the_terminal(empty: Place) -> None:
    (empty.folder / "mine.toml").write_text('"\\u001b[31m" = 1 # \u202e\n' + OWN)
    ran = empty("policy", "show", "mine.toml")
    assert ran.code == 8
    assert "\x1b" not in ran.err and "\u202e" not in ran.err


def test_a_file_of_ones_own_begins_with_a_shipped_one(empty: Place) -> None:
    text = empty.ok("policy", "show", "ebay", "--toml").out
    (empty.folder / "mine.toml").write_text(text)
    assert empty.ok("policy", "show", "mine.toml", "--json").json["policy"] == empty.ok("policy", "show", "ebay", "--json").json["policy"]
    assert empty.ok("policy", "show", "mine.toml", "--toml", "--json").json["toml"] == text
