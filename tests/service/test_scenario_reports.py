"""What a run is told as for other programs: JUnit XML, TAP, JSON and a page, the same bytes for the same answer, hostile text as text."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from junitparser import JUnitXml, TestSuite

from dispute_cli import answers as a
from dispute_cli.runs.scenario import suite
from dispute_cli.runs.scenario.choice import Choice
from dispute_cli.runs.scenario.reports import REPORTS

from .scenarios import EXAMPLE, OPENED, run, scenario

HOSTILE = "</pre><script>alert(1)</script> & ]]> {{ 7*7 }} {% x %} # SKIP \\\\ \\e[31m \\a \\u202e \\u200b \\uffff"
STEP = f'{{name: "{HOSTILE}", buyer: {{message: O-1, text: "{HOSTILE}"}}, expect: "messages[0].text == \'<img src=x>\'"}}'
NASTY = scenario(STEP, more='tags: ["<b>"]\n').replace("scenario: T", f'scenario: "{HOSTILE}"')


@pytest.fixture
def tested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> a.Tested:
    """Three that pass, one that fails in two places, one whose texts are hostile, two files that are wrong."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "a": EXAMPLE,
        "b": scenario(OPENED, "{name: look, deadlines: {seller_response: +6d}, money: {buyer: 1.00}}"),
        "c": NASTY,
        "d": "scenario: x\nsteps:\n  - {expcet: status}\n",
    }
    for name, text in texts.items():
        Path(f"{name}.dispute.yaml").write_text(text)
    return suite.run(Choice(paths=(*(f"{name}.dispute.yaml" for name in texts), "none")), lambda: b"")


@pytest.mark.parametrize("form", REPORTS)
def test_the_same_answer_gives_the_same_bytes(tested: a.Tested, form: str) -> None:
    assert REPORTS[form](tested) == REPORTS[form](tested)
    assert not re.search(rb"\btime=|timestamp|duration|hostname", REPORTS[form](tested))


@pytest.mark.parametrize("form", REPORTS)
def test_a_path_that_is_no_text_can_be_told(form: str) -> None:
    told = suite.run(Choice(paths=("\udcff.dispute.yaml",)), lambda: b"")
    assert b"\\udcff" in REPORTS[form](told)


# JUnit


def suites(tested: a.Tested) -> list[TestSuite]:
    read = JUnitXml.fromstring(REPORTS["junit"](tested))
    assert (read.tests, read.failures, read.errors, read.skipped) == (7, 2, 2, 0)
    return list(read)


def test_junit_has_a_suite_for_each_file_and_a_case_for_each_test(tested: a.Tested) -> None:
    found = suites(tested)
    assert [(one.name, one.tests, one.failures, one.errors) for one in found] == [
        ("a.dispute.yaml", 3, 0, 0), ("b.dispute.yaml", 1, 1, 0), ("c.dispute.yaml", 1, 1, 0), ("d.dispute.yaml", 1, 0, 1), ("none", 1, 0, 1),
    ]  # fmt: skip
    assert [case.name for case in found[0]] == ["Silent seller [overdue]", "Silent seller [wrong tracking]", "Silent seller [held at customs]"]


FAILED = """
b.dispute.yaml:7:47: step 2 (look): seller_response is at 36d from the start
    7 |   - {name: look, deadlines: {seller_response: +6d}, money: {buyer: 1.00}}
      |                                               ^^^
  expected  +6d
  found     +5d
b.dispute.yaml:7:68: step 2 (look): buyer is at -55.00, not at 1.00
    7 |   - {name: look, deadlines: {seller_response: +6d}, money: {buyer: 1.00}}
      |                                                                    ^^^^
  expected  buyer 1.00
  found     buyer -55.00

what happened:
  0d   buyer  order paid: 50.00 + 5.00 USD in escrow
  31d  buyer  dispute 1 opened: not received, delivery_overdue, demand 55.00 USD
  31d  buyer  message: Never came

again: dispute test b.dispute.yaml --from 2 --to 2
"""


def test_junit_tells_a_failure_so_that_no_debugger_is_needed(tested: a.Tested) -> None:
    (case,) = suites(tested)[1]
    (failure,) = case.result
    assert failure.message == "step 2 (look): seller_response is at 36d from the start"
    assert failure.text == FAILED


def test_junit_tells_a_wrong_file_as_an_error(tested: a.Tested) -> None:
    wrong, missing = suites(tested)[3:]
    ((error,), (unread,)) = next(iter(wrong)).result, next(iter(missing)).result
    assert error.message == "unknown field 'expcet' (did you mean 'expect'?)"
    assert error.text.splitlines()[1:] == ["d.dispute.yaml:3:6: " + error.message, "    3 |   - {expcet: status}", "      |      ^^^^^^"]
    assert unread.message == "no such file."


def test_junit_holds_hostile_text_with_what_cannot_be_seen_as_escapes(tested: a.Tested) -> None:
    (case,) = suites(tested)[2]
    assert case.name == "</pre><script>alert(1)</script> & ]]> {{ 7*7 }} {% x %} # SKIP \\ \\x1b[31m \\x07 \\u202e \\u200b \\uffff"
    assert case.name in case.result[0].text


def test_tests_that_were_only_listed_are_skipped() -> None:
    listed = run(EXAMPLE, listing=True)
    read = JUnitXml.fromstring(REPORTS["junit"](listed))
    assert (read.tests, read.skipped) == (3, 3)
    assert REPORTS["tap"](listed).count(b" # SKIP listed, not run\n") == 3
    assert b"listed" in REPORTS["html"](listed)


# TAP


def test_tap_has_its_version_its_plan_and_a_line_for_each_test(tested: a.Tested) -> None:
    lines = REPORTS["tap"](tested).decode().splitlines()
    assert lines[:2] == ["TAP version 14", "1..7"]
    told = [line for line in lines if line.startswith(("ok", "not ok"))]
    assert [line.partition(" - ")[0] for line in told] == ["ok 1", "ok 2", "ok 3", "not ok 4", "not ok 5", "not ok 6", "not ok 7"]
    assert told[4].endswith("{{ 7*7 }} {% x %} \\# SKIP \\\\ \\\\x1b[31m \\\\x07 \\\\u202e \\\\u200b \\\\uffff")
    assert [line for line in lines if line.startswith("#")] == ["# a.dispute.yaml", "# b.dispute.yaml", "# c.dispute.yaml"]


def test_tap_tells_more_in_a_yaml_block(tested: a.Tested) -> None:
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", REPORTS["tap"](tested).decode(), re.MULTILINE | re.DOTALL)
    first, hostile, wrong, missing = (yaml.safe_load(block) for block in blocks)
    assert (first["message"], first["expected"], first["found"]) == ("seller_response is at 36d from the start", "+6d", "+5d")
    assert (first["at"], first["step"], first["severity"]) == ("b.dispute.yaml:7:47", "step 2 (look)", "fail")
    assert "\n".join(first["detail"]) == FAILED.strip("\n")
    assert "<script>" in hostile["step"] and (wrong["severity"], missing["at"]) == ("error", "none")


# The page


class Page(HTMLParser):
    """The tags of a page, what they refer to, and its text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "action", "style") or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_needs_nothing_but_itself(tested: a.Tested) -> None:
    data = REPORTS["html"](tested)
    page = Page(data)
    assert page.links == [] and not {"script", "link", "img", "iframe"} & set(page.tags)
    assert b"url(" not in data and b"@import" not in data and b"http" not in data.replace(b"http-equiv", b"")
    assert data.startswith(b"<!doctype html>") and b"default-src 'none'" in data


def test_the_page_shows_the_counts_and_every_failure(tested: a.Tested) -> None:
    page = Page(REPORTS["html"](tested))
    words = " ".join(page.text.split())
    assert "3passed 2failed 2files are wrong" in words
    assert page.tags.count("details") == 2 and page.tags.count("input") == 1
    for line in ("7 | - {name: look, deadlines: {seller_response: +6d}", "order paid: 50.00 + 5.00 USD in escrow", "dispute test b.dispute.yaml --from 2 --to 2", "no such file."):
        assert line in words


def test_the_page_marks_what_differs(tested: a.Tested) -> None:
    data = REPORTS["html"](tested).decode()
    assert "<dd>+<del>6d</del></dd>" in data and "<dd>+<ins>5d</ins></dd>" in data


def test_a_long_text_is_marked_as_a_whole() -> None:
    told = run(scenario("{buyer: {message: O-1, text: '%s'}, expect: \"messages[0].text == 'x'\"}" % ("word " * 500 + "end")))
    assert REPORTS["html"](told).count(b"<ins>") == 1


def test_the_page_shows_hostile_text_as_text(tested: a.Tested) -> None:
    page = Page(REPORTS["html"](tested))
    assert page.text.count("</pre><script>alert(1)</script> & ]]> {{ 7*7 }} {% x %} # SKIP \\") >= 2
    assert "<b>" in page.text and not {"\x1b", "\x07", "\u202e", "\u200b"} & set(page.text)


def test_a_run_in_which_all_passed_has_nothing_to_filter() -> None:
    assert b"<input" not in REPORTS["html"](run(EXAMPLE))
