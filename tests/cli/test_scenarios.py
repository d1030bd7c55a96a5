"""`dispute test`: which tests are run and how, what it prints, its exit codes, its reports."""

import json
import os
import signal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dispute_cli.runs.scenario import suite
from tests.cli.screen import AT_ONCE, beside
from tests.cli.test_imports import loaded
from tests.run import Place
from tests.service.scenarios import EXAMPLE, OPEN, scenario

PASSES = scenario("{tick: 1d, expect: status == 'protected'}", more="tags: [fast]\n")
FAILS = scenario("{name: look, tick: 1d, expect: status == 'closed'}", more="tags: [slow]\n")
WRONG = "scenario: x\nsteps:\n  - {expcet: status}\n"


@pytest.fixture
def place(empty: Place) -> Place:
    """A folder with one scenario of each kind."""
    return put(empty, passes=PASSES, fails=FAILS, wrong=WRONG)


def put(place: Place, **texts: str) -> Place:
    for name, text in texts.items():
        (place.folder / f"{name}.dispute.yaml").write_text(text)
    return place


# What is printed, and the exit codes


def test_the_example_of_the_documentation_passes(empty: Place) -> None:
    ran = put(empty, a=EXAMPLE)("test", "a.dispute.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "3 passed\n", "")


FAILED = """\
failed  T, step 1 (look)
fails.dispute.yaml:6:36: status is "protected"
    6 |   - {name: look, tick: 1d, expect: status == 'closed'}
      |                                    ^^^^^^^^^^^^^^^^^^
  expected  == "closed"
  found     "protected"
  what happened:
    0d  buyer  order paid: 50.00 + 5.00 USD in escrow
  again: dispute test fails.dispute.yaml --from 1 --to 1

0 passed, 1 failed
"""


def test_a_failure_shows_the_line_what_was_found_instead_and_the_story_up_to_there(place: Place) -> None:
    ran = place("test", "fails.dispute.yaml")
    assert (ran.code, ran.out, ran.err) == (20, FAILED, "error: 1 test failed.\n")


def test_the_command_that_shows_a_failure_again_shows_it_again(place: Place) -> None:
    ran = place("test", "fails.dispute.yaml")
    again = ran.out.split("again: dispute ")[1].splitlines()[0].split()
    assert place(*again).out == ran.out
    put(place, fails=FAILS.replace("1d", "$days"))
    (place.folder / "my vars.yaml").write_text("days: 2d\nother: x\n")
    argv = ("test", "fails.dispute.yaml", "--vars-file", "my vars.yaml", "--var", "days=1d")
    told = "again: dispute test fails.dispute.yaml --vars-file 'my vars.yaml' --var days=1d --from 1 --to 1"
    assert told in place(*argv).out
    place(*argv, "--report-tap", "r.tap")
    assert told in (place.folder / "r.tap").read_text()


def test_a_wrong_file_is_told_with_its_line_and_a_caret(place: Place) -> None:
    ran = place("test", "wrong.dispute.yaml")
    assert ran.code == 8 and ran.err == "error: 1 scenario file is wrong.\n"
    assert ran.out == "wrong.dispute.yaml:3:6: unknown field 'expcet' (did you mean 'expect'?)\n    3 |   - {expcet: status}\n      |      ^^^^^^\n\n0 passed, 1 file is wrong\n"


def test_a_wrong_file_weighs_more_than_a_failure_and_the_others_still_run(place: Place) -> None:
    ran = place("test", ".")
    assert ran.code == 8 and ran.out.endswith("1 passed, 1 failed, 1 file is wrong\n")
    assert place("test", "passes.dispute.yaml", "fails.dispute.yaml").code == 20


def test_text_of_a_scenario_is_shown_visibly(empty: Place) -> None:
    put(empty, a=scenario('{name: "\\e[31m", expect: "title == \'\u202e\'"}').replace("scenario: T", 'scenario: "[red]\\a"'))
    out = empty("test", "a.dispute.yaml").out
    assert "[red]\\x07, step 1 (\\x1b[31m)" in out and "\\u202e" in out and not {"\x1b", "\x07", "\u202e"} & set(out)


# Which files


def titles(place: Place, *argv: str) -> list[str]:
    """The files of the tests that are meant, by their first letters."""
    told = place.ok("test", *argv, "--list", "--json").json["tests"]
    return [Path(test["file"]).name.partition(".")[0] + (f"[{test['case']}]" if test["case"] else "") for test in told]


def test_files_folders_and_patterns_are_taken_in_their_order_each_file_once(empty: Place) -> None:
    put(empty, b=PASSES, a=PASSES, c=PASSES)
    (empty.folder / "deep" / "er").mkdir(parents=True)
    (empty.folder / "deep" / "er" / "d.dispute.yaml").write_text(PASSES)
    (empty.folder / "deep" / "other.yaml").write_text("no scenario")
    assert titles(empty, ".") == ["a", "b", "c", "d"]
    assert titles(empty, "c.dispute.yaml", ".", "a.dispute.yaml") == ["c", "a", "b", "d"]
    assert titles(empty, "[ab].dispute.yaml") == ["a", "b"]
    assert titles(empty, "**/d*.yaml") == ["d"]
    assert titles(empty, "d*p") == ["d"]


def test_the_files_of_the_working_folder_are_told_by_their_bare_names_unless_they_look_like_options(empty: Place) -> None:
    put(empty, **{"a": WRONG, "-b": WRONG})
    told = empty("test", ".", "--json").json["files"]
    assert [file["file"] for file in told] == ["./-b.dispute.yaml", "a.dispute.yaml"]


def test_standard_input_is_read_for_a_dash(empty: Place) -> None:
    assert empty("test", "-", stdin=PASSES.encode()).out == "1 passed\n"
    ran = empty("test", "-", stdin=WRONG.encode())
    assert ran.code == 8 and ran.out.startswith("-:3:6: unknown field 'expcet'")


@pytest.mark.parametrize(("path", "told"), [("none.dispute.yaml", "no such file."), ("*.none", "no file is named so."), ("empty", "there is no *.dispute.yaml in this folder.")])
def test_what_names_no_file_is_told_and_is_no_success(place: Place, path: str, told: str) -> None:
    (place.folder / "empty").mkdir()
    ran = place("test", path, "passes.dispute.yaml")
    assert ran.code == 8 and f"{path}: {told}\n" in ran.out and ran.out.endswith("1 passed, 1 file is wrong\n")


def test_a_folder_that_cannot_be_searched_to_its_end_by_a_link_in_a_circle_is_searched_once(place: Place) -> None:
    (place.folder / "again").symlink_to(".")
    assert len(titles(place, "*s.dispute.yaml")) == 2


# Which tests


def test_tags_choose(empty: Place) -> None:
    put(empty, a=EXAMPLE, b=PASSES)
    assert titles(empty, ".", "--tags", "silence and not customs") == ["a[overdue]", "a[wrong tracking]"]
    assert titles(empty, ".", "--tags", "customs or fast") == ["a[held at customs]", "b"]
    assert titles(empty, ".", "--tags", "not (silence or x)") == ["b"]


@pytest.mark.parametrize("tags", ["", "and", "a b", "(a", "a)", "not", "a or", "((((" * 100])
def test_tags_that_are_none_are_usage(place: Place, tags: str) -> None:
    ran = place("test", ".", "--tags", tags)
    assert ran.code == 2 and "names no tests" in ran.err


def test_a_case_chooses(empty: Place) -> None:
    put(empty, a=EXAMPLE)
    assert titles(empty, ".", "--case", "overdue") == ["a[overdue]"]


@pytest.mark.parametrize("choice", [("--tags", "none"), ("--case", "none")])
def test_choosing_nothing_is_no_success(place: Place, choice: tuple[str, str]) -> None:
    ran = place("test", "passes.dispute.yaml", *choice)
    assert ran.code == 2 and "no test has the" in ran.err


def test_listing_runs_none(empty: Place) -> None:
    ran = put(empty, a=EXAMPLE, b=FAILS).ok("test", ".", "--list")
    assert ran.out.splitlines() == [
        "test\ttags\tsteps\tplace", "Silent seller [overdue]\tsilence refund\t4\ta.dispute.yaml:28", "Silent seller [wrong tracking]\tsilence refund\t4\ta.dispute.yaml:29",
        "Silent seller [held at customs]\tsilence refund customs\t4\ta.dispute.yaml:30", "T\tslow\t1\tb.dispute.yaml:1",
    ]  # fmt: skip


# Variables


VARIABLE = scenario("{at: $day, expect: \"'$text' == 'a=b'\"}", more="vars: {day: 1d, text: x}\n")


def test_variables_are_set_by_options_and_by_a_file_of_which_the_options_weigh_more(empty: Place) -> None:
    put(empty, a=VARIABLE)
    (empty.folder / "v.yaml").write_text("text: c\nday: 2d\n")
    assert empty("test", ".").code == 20
    assert empty("test", ".", "--var", "text=a=b", "--var", "day=3d").code == 0
    assert empty("test", ".", "--vars-file", "v.yaml").code == 20
    assert empty("test", ".", "--vars-file", "v.yaml", "--var", "text=a=b").code == 0


@pytest.mark.parametrize(("text", "code"), [("- a\n", 8), ("a: [b]\n", 8), ("a: b: c\n", 8), (None, 8)])
def test_a_file_of_variables_that_is_none_is_a_wrong_file(place: Place, text: str | None, code: int) -> None:
    if text is not None:
        (place.folder / "v.yaml").write_text(text)
    ran = place("test", "passes.dispute.yaml", "--vars-file", "v.yaml")
    assert ran.code == code and ran.err.startswith("error: v.yaml")


@pytest.mark.parametrize("var", ["x", "=x", ""])
def test_a_variable_without_a_name_or_a_value_is_usage(place: Place, var: str) -> None:
    assert place("test", ".", "--var", var).code == 2


def test_a_variable_that_no_file_uses_is_usage(empty: Place) -> None:
    put(empty, a=VARIABLE, b=PASSES, c=scenario("{at: $other}", more="cases: [{case: a, other: 1d}]\n"), d=scenario("{at: 1d}", more="vars: {plain: x}\n"))
    ran = empty("test", ".", "--var", "txt=y")
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", "error: nothing uses the variable 'txt'. Did you mean 'text'?")
    before = (empty.folder / "a.dispute.yaml").read_text()
    assert empty("test", ".", "--var", "txt=y", "--update").code == 2 and (empty.folder / "a.dispute.yaml").read_text() == before
    assert empty("test", ".", "--var", "other=2d", "--var", "plain=y", "--var", "text=a=b", "--jobs", "2").code == 0
    assert empty("test", "a.dispute.yaml", "b.dispute.yaml", "--var", "plain=y").code == 2
    (empty.folder / "v.yaml").write_text("for_others: c\ntext: a=b\n")
    assert empty("test", "a.dispute.yaml", "--vars-file", "v.yaml").code == 0, "a file of variables is for many"
    put(empty, e=WRONG)
    assert empty("test", ".", "--var", "txt=y").code == 8, "the file that is wrong may use it"


# Steps


STEPS = scenario("{name: one, expect: status == 'x'}", "{name: two, at: 31d, " + OPEN + "}", "{name: three, expect: status == 'y'}", "{at: 1d, expect: status == 'z'}")


def test_steps_before_the_first_are_done_without_looking_and_those_after_the_last_not_at_all(empty: Place) -> None:
    put(empty, a=STEPS)
    assert empty("test", ".").out.startswith("failed  T, step 1 (one)")
    assert empty("test", ".", "--from", "two").out.startswith("failed  T, step 3 (three)")
    assert empty("test", ".", "--from", "2", "--to", "two").out == "1 passed\n"
    assert empty("test", ".", "--from", "four").code == 2
    backwards = empty("test", ".", "--from", "three", "--to", "2")
    assert backwards.code == 2 and backwards.err.startswith("error: --to 2 comes before --from three: no step of a.dispute.yaml is both.\n")
    assert "it has 4 steps" in empty("test", ".", "--to", "5").err


def test_a_report_replaces_an_earlier_one_and_nothing_else(place: Place) -> None:
    place.ok("init")
    store = place.bytes()
    for form in ("junit", "tap", "json", "html"):
        asked = ("test", "passes.dispute.yaml", f"--report-{form}")
        assert [place(*asked, f"report.{form}").code for _ in range(2)] == [0, 0]
        (place.folder / "empty").write_bytes(b"")
        assert place(*asked, "empty").code == 0
        refused = place(*asked, "disputes.json")
        assert refused.code == 2 and "is no earlier report" in refused.err
    assert place.bytes() == store


# Many


def test_several_processes_print_the_same_bytes_as_one(empty: Place) -> None:
    put(empty, **{f"f{number:02}": (PASSES, FAILS, WRONG, EXAMPLE)[number % 4] for number in range(12)})
    one = empty.process("test", ".", "--json", "--jobs", "1", "--report-junit", "one.xml", "--report-html", "one.html")
    two = empty.process("test", ".", "--json", "--jobs", "2", "--report-junit", "two.xml", "--report-html", "two.html")
    assert one == two and one.json["passed"] == 3 + 9
    for form in ("xml", "html"):
        assert (empty.folder / f"one.{form}").read_bytes() == (empty.folder / f"two.{form}").read_bytes()


def killed(*asked: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_told_and_not_waited_for(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    put(empty, a=PASSES, b=PASSES)
    monkeypatch.setattr(suite, "of_file", killed)
    ran = empty("test", ".", "--jobs", "2", "--json")
    assert ran.code == 1 and "terminated abruptly" in ran.out + ran.err


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1.5"])
def test_jobs_are_a_whole_number(place: Place, jobs: str) -> None:
    ran = place("test", "passes.dispute.yaml", "--jobs", jobs)
    assert ran.code == 2 and "--jobs" in ran.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_with_fail_fast_nothing_runs_after_the_first_failure(empty: Place, jobs: str) -> None:
    put(empty, a=PASSES, b=FAILS + "cases: [{case: x}, {case: y}]\n", c=FAILS)
    ran = empty.process("test", ".", "--fail-fast", "--json", "--jobs", jobs)
    assert ran.code == 20 and [test["outcome"] for test in ran.json["tests"]] == ["passed", "failed"]
    put(empty, a=WRONG)
    assert empty("test", ".", "--fail-fast").out.endswith("0 passed, 1 file is wrong\n")


def test_the_store_of_each_test_is_kept_and_sound(empty: Place) -> None:
    put(empty, a=EXAMPLE, b=FAILS)
    assert empty("test", ".", "--keep-store", "kept/here").code == 20
    kept = sorted(path.name for path in (empty.folder / "kept" / "here").iterdir() if path.is_file())
    assert kept == ["a-held-at-customs-30.json", "a-overdue-28.json", "a-wrong-tracking-29.json", "b-1.json"]
    for name in kept:
        assert empty.ok("verify", "--store", f"kept/here/{name}", "--json").json["problems"] == []
    assert empty.ok("status", "O-1", "--store", "kept/here/a-overdue-28.json", "--json").json["order"]["status"] == "closed"


def test_stores_of_files_of_one_name_are_told_apart_by_their_folder(empty: Place) -> None:
    for folder in ("x", "y"):
        (empty.folder / folder).mkdir()
        put(empty, **{f"{folder}/a": PASSES})
    empty.ok("test", "x", "y", "--keep-store", "kept")
    assert sorted(path.name for path in (empty.folder / "kept").glob("*.json")) == ["x-a-1.json", "y-a-1.json"]


def test_a_folder_that_holds_something_is_no_place_for_stores(place: Place) -> None:
    ran = place("test", ".", "--keep-store", ".")
    assert ran.code == 2 and "is not empty" in ran.err


# JSON


def test_with_json_there_is_one_object_of_the_published_shape(place: Place) -> None:
    ran = place("test", ".", "--json")
    schema = place.ok("schema", "test").json
    assert ran.code == 8 and ran.out.count("\n") == 1
    Draft202012Validator(schema).validate(ran.json)
    assert (ran.error["code"], ran.error["exit"]) == ("invalid_file", 8)
    assert (ran.json["ok"], ran.json["command"], ran.json["passed"], ran.json["failed"], ran.json["wrong"]) == (False, "test", 1, 1, 1)
    (failure,) = (test["failures"][0] for test in ran.json["tests"] if test["outcome"] == "failed")
    assert (failure["line"], failure["column"], failure["found"]) == (6, 36, '"protected"')


def test_a_query_is_asked_of_it(place: Place) -> None:
    assert place("test", ".", "--query", "tests[?outcome=='failed'].scenario | [0]").out == '"T"\n'


def test_one_object_is_told_also_when_all_passed(place: Place) -> None:
    assert place.ok("test", "passes.dispute.yaml", "--json").json["ok"] is True


# Reports


def test_reports_are_written_beside_what_is_printed(place: Place) -> None:
    names = {"junit": "r.xml", "tap": "r.tap", "json": "r.json", "html": "r.html"}
    ran = place("test", ".", "--json", *(word for form, name in names.items() for word in (f"--report-{form}", name)))
    texts = {form: (place.folder / name).read_text() for form, name in names.items()}
    assert {**json.loads(texts["json"]), "error": ran.json["error"]} == ran.json
    assert texts["junit"].startswith("<?xml") and texts["tap"].startswith("TAP version 14\n") and texts["html"].startswith("<!doctype html>")


def test_a_report_goes_over_an_older_one_and_its_link_and_mode_stay(place: Place) -> None:
    old = place.folder / "old.xml"
    old.write_text("<?xml" + "x" * 100_000)
    old.chmod(0o600)
    (place.folder / "r.xml").symlink_to("old.xml")
    place("test", ".", "--report-junit", "r.xml")
    assert (place.folder / "r.xml").is_symlink() and "x" * 9 not in old.read_text() and old.stat().st_mode & 0o777 == 0o600


def test_a_report_can_go_into_a_stream(place: Place) -> None:
    ran = place.process("test", "passes.dispute.yaml", "--report-tap", "/dev/stderr")
    assert (ran.code, ran.err) == (0, "TAP version 14\n1..1\n# passes.dispute.yaml\nok 1 - T\n")


def test_a_report_that_cannot_be_written_is_told(place: Place) -> None:
    ran = place("test", "passes.dispute.yaml", "--report-junit", "none/r.xml")
    assert ran.code == 2 and "'none/r.xml' cannot be written: no such file or directory." in ran.err


# Rewriting


def test_what_differs_is_rewritten_counted_and_then_passes(place: Place) -> None:
    ran = place.ok("test", "fails.dispute.yaml", "passes.dispute.yaml", "--update")
    assert ran.out == "2 passed, 1 expectation rewritten\n"
    assert (place.folder / "fails.dispute.yaml").read_text() == FAILS.replace("'closed'", "'protected'")
    assert place.ok("test", "fails.dispute.yaml", "--update", "--json").json["updated"] == 0


def test_what_is_left_is_told_with_the_reason(empty: Place) -> None:
    put(empty, a=scenario("{deadlines: {protection: $due}}", more="vars: {due: 3d}\n"))
    ran = empty("test", ".", "--update", "--report-html", "r.html", "--report-tap", "r.tap")
    assert ran.code == 20 and "\n  not rewritten: it holds a variable\n" in ran.out
    assert "<dt>not rewritten</dt><dd>it holds a variable</dd>" in (empty.folder / "r.html").read_text()
    assert "not rewritten: it holds a variable" in (empty.folder / "r.tap").read_text()
    assert "not rewritten" not in empty("test", ".").out


def test_a_file_whose_name_is_no_text_is_told(place: Place) -> None:
    Path(f"{place.folder}/\udcff.dispute.yaml").write_text(WRONG)
    for argv in ((), ("--json",)):
        ran = place("test", ".", *argv)
        assert ran.code == 8 and "udcff.dispute.yaml" in ran.out


# Machines


def test_in_a_workflow_each_failure_and_each_wrong_file_is_annotated_at_its_place(place: Place) -> None:
    place.env["GITHUB_ACTIONS"] = "true"
    marks = [line for line in place("test", ".").err.splitlines() if line.startswith("::")]
    assert marks == [
        '::error file=fails.dispute.yaml,line=6,col=36,title=T::status is "protected"%0Aexpected: == "closed"%0Afound: "protected"',
        "::error file=wrong.dispute.yaml,line=3,col=6,title=dispute test::unknown field 'expcet' (did you mean 'expect'?)",
    ]


def test_elsewhere_nothing_is_annotated(place: Place) -> None:
    assert "::" not in place("test", ".").err


def test_progress_is_drawn_on_a_terminal_and_erased(place: Place) -> None:
    ran, written = beside(place, "test", ".", "--json", code=AT_ONCE)
    assert ran.code == 8 and "test" in written and "33% 1 test" in written
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h") > 0


def test_what_a_report_needs_is_loaded_only_when_it_is_asked_for(place: Place) -> None:
    plain = loaded(place, "test", "passes.dispute.yaml")
    assert not {name for name in plain if name.partition(".")[0] in ("jinja2", "rich")} and "dispute_cli.runs.scenario.reports.page" not in plain
    assert "jinja2" in loaded(place, "test", "passes.dispute.yaml", "--report-html", "r.html")
