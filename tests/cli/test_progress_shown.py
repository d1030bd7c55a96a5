"""Progress in processes of its own: drawn on a terminal and erased before the answer; in a pipe, a script or a quiet run nothing at all."""

import sys
from typing import Any

import pytest

from tests.cli.screen import AT_ONCE, beside, screen
from tests.run import Place


@pytest.fixture
def at_once(dispute: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr("tests.run.START", (sys.executable, "-c", AT_ONCE + "main()"))
    dispute.env["COLUMNS"] = "100"
    return dispute


LONG = [("tick", "100d"), ("verify",), ("backup", "copy.json")]


@pytest.mark.parametrize("argv", LONG)
def test_on_a_terminal_it_is_drawn_and_erased_before_the_answer(at_once: Place, argv: tuple[str, ...]) -> None:
    ran = at_once.terminal(*argv)
    assert ran.code == 0 and "% " in ran.out
    assert ran.out.count("\x1b[?25l") == ran.out.count("\x1b[?25h") > 0
    shown = screen(ran.out)
    assert shown and not [line for line in shown if "%" in line]


@pytest.mark.parametrize("argv", LONG)
def test_in_a_pipe_there_is_nothing_at_all(at_once: Place, argv: tuple[str, ...]) -> None:
    assert at_once.process(*argv).err == ""


@pytest.mark.parametrize("argv", LONG)
@pytest.mark.parametrize("silence", [{"CI": "1"}, {"CI": "true"}, {"TERM": "dumb"}, {"DISPUTE_QUIET": "1"}, "--quiet"])
def test_nothing_is_drawn_where_nobody_wants_it(at_once: Place, argv: tuple[str, ...], silence: Any) -> None:
    at_once.env.update(silence if isinstance(silence, dict) else {})
    ran = at_once.terminal(*argv, *([silence] if isinstance(silence, str) else []))
    assert ran.code == 0 and "\x1b[2K" not in ran.out and "\x1b[?25l" not in ran.out


def test_CI_that_says_no_is_none(at_once: Place) -> None:
    at_once.env["CI"] = "false"
    assert "\x1b[?25l" in at_once.terminal("verify").out


def test_a_short_command_on_a_terminal_draws_nothing(dispute: Place) -> None:
    assert "\x1b[?25l" not in dispute.terminal("tick", "1h", "--json").out


def test_a_batch_whose_answers_go_elsewhere_shows_lines_and_leaves_only_what_failed(at_once: Place) -> None:
    (at_once.folder / "lines").write_text("message O-1 one\nmessage O-9 two\nmessage O-1 three\n")
    ran, written = beside(at_once, "batch", "lines", "--keep-going")
    assert ran.code == 9 and ran.out.count("\n") == 3
    assert " 3 lines" in written and "  0% " in written
    assert [line[:14] for line in screen(written)] == ["line 2: error:"] + ["hint: " + line[6:14] for line in screen(written)[1:]]


def test_a_batch_on_standard_input_has_no_bar(at_once: Place) -> None:
    ran, written = beside(at_once, "batch", stdin=b"message O-1 one\nmessage O-1 two\n")
    assert ran.code == 0 and "batch 2 lines" in written and "%" not in written and screen(written) == []


def test_a_batch_that_prints_to_the_terminal_shows_nothing_else(at_once: Place) -> None:
    (at_once.folder / "lines").write_text("message O-1 one\n")
    assert "\x1b[" not in at_once.terminal("batch", "lines").out


STRUCK = AT_ONCE + (
    "import os, signal\nfrom dispute_cli.store import desk\nticking.COMMITS_A_SYNC, sync = 1, desk.sync\n"
    "desk.sync = lambda fd: (os.kill(os.getpid(), signal.SIGINT), sync(fd))\n"
)


def test_it_is_erased_at_ctrl_c_and_only_the_error_stays(at_once: Place) -> None:
    ran, written = beside(at_once, "tick", "100d", "--json", code=STRUCK)
    assert ran.code == 130 and ran.error["code"] == "interrupted"
    assert "% 1 deadline, 2026" in written and written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")
    assert " ".join(" ".join(screen(written)).split()) == f"error: {ran.error['message']}"


def test_it_is_erased_at_an_error(at_once: Place) -> None:
    code = AT_ONCE + "from dispute_cli.store import upkeep\nupkeep._name = lambda *names: open('/dev/full', 'w', 1).write('x\\n')\n"
    ran, written = beside(at_once, "backup", "copy.json", code=code)
    assert ran.code == 1 and " MB" in written
    assert screen(written)[0].startswith("error: ") and not list(at_once.folder.glob("copy.json*"))
