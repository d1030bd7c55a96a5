"""The environment at its worst: DISPUTE_… variables, locale, time zone, terminal, home, working folder, limits."""

import os
import resource
import stat
import subprocess
from collections.abc import Callable

import pytest

from tests.run import Place
from tests.test_executable import DISPUTE

from .judging import done, judge, refused, refused_here, short, snapshot, unseen

GARBAGE = [
    ("DISPUTE_JSON", "maybe", "DISPUTE_JSON is 'maybe': say 1 or 0, true or false, yes or no, on or off"),
    *((f"DISPUTE_{name}", "maybe", f"DISPUTE_{name} is 'maybe'") for name in ("NO_INPUT", "DRY_RUN", "STRICT", "QUIET")),
    *(("DISPUTE_JSON", text, "DISPUTE_JSON is") for text in ("", " 1", "2", "-1", "01", "١", "y", "t", "enabled", "null", "１", "\x1b[31m", "1\n", "x" * 9000)),
    ("DISPUTE_COLOR", "blue", "say auto, always or never"),
    ("DISPUTE_COLOR", "ALWAYS", "say auto, always or never"),
    ("DISPUTE_AS", "thief", "an actor is buyer, seller or platform"),
    ("DISPUTE_AS", "Buyer", "an actor is buyer, seller or platform"),
    ("DISPUTE_LOCK_TIMEOUT", "5", "DISPUTE_LOCK_TIMEOUT"),
    ("DISPUTE_LOCK_TIMEOUT", "-1s", "DISPUTE_LOCK_TIMEOUT"),
    ("DISPUTE_LOCK_TIMEOUT", "inf", "DISPUTE_LOCK_TIMEOUT"),
    ("DISPUTE_LOCK_TIMEOUT", "9" * 400 + "s", "DISPUTE_LOCK_TIMEOUT"),
    ("DISPUTE_IDEMPOTENCY_KEY", "ü", "printable ASCII"),
    ("DISPUTE_IDEMPOTENCY_KEY", "x" * 256, "printable ASCII"),
    ("DISPUTE_QUERY", "((", "JMESPath"),
    ("DISPUTE_QUERY", "(" * 5000, "at most 4,096"),
    ("DISPUTE_FORMAT", "xml", "DISPUTE_FORMAT"),
    ("DISPUTE_STORE", "https://u:hunter2@host/x", "is a URL"),
]  # fmt: skip


def test_a_switch_that_says_maybe_is_usage(dispute: Place) -> None:
    dispute.env["DISPUTE_JSON"] = "maybe"
    refused(dispute, 2, "message", "O-1", "x", says=GARBAGE[0][2])
    assert dispute.process("message", "O-1", "x").code == 2


@pytest.mark.parametrize(("name", "value", "says"), GARBAGE, ids=short)
def test_garbage_in_a_variable_is_usage_and_names_it(dispute: Place, name: str, value: str, says: str) -> None:
    dispute.env[name] = value
    refused_here(dispute, 2, "message", "O-1", "x", says=says)


@pytest.mark.parametrize(
    ("value", "json"),
    [("1", True), ("TRUE", True), ("Yes", True), ("on", True), ("0", False), ("false", False), ("NO", False), ("off", False)],
)
def test_a_switch_may_be_said_in_four_ways(dispute: Place, value: str, json: bool) -> None:
    dispute.env["DISPUTE_JSON"] = value
    assert dispute.ok("status", "O-1").out.startswith("{") is json


@pytest.mark.parametrize("name", ["STORE", "QUERY", "AS", "IDEMPOTENCY_KEY", "LOCK_TIMEOUT", "COLOR", "FORMAT", "FIELDS"])
def test_an_empty_variable_says_nothing(dispute: Place, name: str) -> None:
    dispute.env[f"DISPUTE_{name}"] = ""
    dispute.ok("message", "O-1", "x")


@pytest.mark.parametrize("name", ["YES", "CONFIRM", "yes", "HELP", "VERSION", "", "TRACEBACK"])
def test_no_variable_gives_consent_or_is_in_the_way(offered: Place, name: str) -> None:
    offered.env[f"DISPUTE_{name}"] = "1"
    before = snapshot(offered.folder)
    ran = offered("--json", "accept", "O-1")
    assert (ran.code, ran.error["code"]) == (4, "consent_needed")
    assert snapshot(offered.folder) == before


NO_TEXT = os.fsdecode(b"f\xff")


def test_a_store_named_by_bytes_that_are_no_text_is_only_not_there(dispute: Place) -> None:
    dispute.env["DISPUTE_STORE"] = NO_TEXT
    ran = dispute.process("status")
    assert (ran.code, "no store at" in ran.err, r"f\udcff" in ran.err) == (7, True, True)


def test_a_store_named_by_bytes_that_are_no_text_is_told_to_scripts(dispute: Place) -> None:
    dispute.env["DISPUTE_STORE"] = NO_TEXT
    refused(dispute, 7, "status", says="no store at")


def test_a_folder_named_by_bytes_that_are_no_text_is_told_to_scripts(dispute: Place) -> None:
    (dispute.folder / NO_TEXT).mkdir()
    here = Place(dispute.folder / NO_TEXT)
    refused(here, 7, "status", says="no store at")


def test_in_a_folder_named_by_bytes_that_are_no_text_everything_works(empty: Place) -> None:
    (empty.folder / NO_TEXT).mkdir()
    here = Place(empty.folder / NO_TEXT)
    for line in ("init", "order create O-1 --price 5", "message O-1 x", "verify"):
        assert here.ok(*line.split(), "--json").json["ok"]
    done(here, "status", "O-1")


# Locale, time zone, terminal.

LOCALES: list[dict[str, str]] = [
    {"LC_ALL": "C"},
    {"LC_ALL": "POSIX", "LANG": ""},
    {"LC_ALL": "xx_YY.nothing"},
    {"LC_ALL": "C", "PYTHONUTF8": "1"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"PYTHONOPTIMIZE": "2"},
    {"PYTHONWARNINGS": "error"},
    {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"},
]


@pytest.mark.parametrize("env", LOCALES, ids=lambda env: " ".join(map("=".join, env.items())))
def test_a_text_passes_unharmed_whatever_the_locale(dispute: Place, env: dict[str, str]) -> None:
    dispute.env |= env
    answer = done(dispute, "message", "O-1", "Grüße 杯 😀", "--json").json
    assert answer["order"]["messages"][0]["text"] == "Grüße 杯 😀"


def test_where_arguments_cannot_be_read_as_text_nothing_is_mangled(dispute: Place) -> None:
    dispute.env |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = dispute.process("--json", "message", "O-1", "Grüße")
    if ran.code == 0:
        assert ran.json["order"]["messages"][0]["text"] == "Grüße"
    else:
        judge(ran, 2, "is not valid UTF-8")
    assert done(dispute, "status", "O-1").out


ZONES = ["", "Nowhere/Nope", "UTC-99:99:99", "../../etc/passwd", "<\x1b[31m>-3", "A\u202eBC5", "x" * 9000]


@pytest.mark.parametrize("zone", ZONES, ids=short)
def test_an_odd_time_zone_changes_no_fact_and_steers_no_terminal(dispute: Place, zone: str) -> None:
    dispute.env["TZ"] = zone
    ran = dispute.terminal("status", "O-1", "--color", "never")
    assert (ran.code, unseen(ran.out), "Traceback" in ran.out) == (0, set(), False)
    assert "2026-03-02T00:00:00Z" in "".join(ran.out.split())


def test_an_odd_time_zone_changes_nothing_in_json(dispute: Place) -> None:
    plain = dispute.process("status", "O-1", "--json").out
    dispute.env["TZ"] = "Asia/Kathmandu"
    assert dispute.process("status", "O-1", "--json").out == plain


WIDTHS = [{"COLUMNS": width} for width in ("0", "-1", "1", "garbage", "99999999999999999999")]
TERMS = [{"TERM": ""}, {"TERM": "\x1b[31m"}, {"TERM": "dumb"}, {"FORCE_COLOR": "0", "NO_COLOR": ""}]


@pytest.mark.parametrize("env", WIDTHS + TERMS, ids=short)
def test_an_odd_terminal_shows_the_page_all_the_same(dispute: Place, env: dict[str, str]) -> None:
    dispute.env |= env
    ran = dispute.terminal("status", "O-1", "--color", "never")
    assert (ran.code, unseen(ran.out), "Traceback" in ran.out) == (0, set(), False)
    assert "O-1" in "".join(ran.out.split())


# Home, folder, limits.


def test_without_a_home_there_are_just_no_settings(dispute: Place) -> None:
    del dispute.env["XDG_CONFIG_HOME"]
    for home in ("", "/nonexistent", "/dev/null", "relative", "~nobody", "x" * 9000, str(dispute.folder / "cup.png")):
        dispute.env["HOME"] = home
        dispute.ok("status", "O-1")
    environment = {name: value for name, value in dispute.environment().items() if name != "HOME"}
    dispute.environment = lambda: environment  # type: ignore[method-assign]  # for this test alone
    done(dispute, "status", "O-1")


@pytest.mark.parametrize("where", ["cup.png", "/dev/null", "", "relative", "/nonexistent", "x" * 9000, "a\nb", "/proc/self/mem"], ids=short)
def test_a_settings_folder_that_is_none_is_passed_over(dispute: Place, where: str) -> None:
    dispute.env["XDG_CONFIG_HOME"] = str(dispute.folder / where) if where == "cup.png" else where
    dispute.ok("status", "O-1")


@pytest.mark.parametrize(("line", "code"), [("rules D7", 0), ("status", 7), ("init", 7)])
def test_a_working_folder_that_is_gone_has_no_store(empty: Place, line: str, code: int) -> None:
    gone = empty.folder / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    ran = empty.process("--json", *line.split(), preexec_fn=leave)
    assert (ran.code, "Traceback" in ran.err) == (code, False), ran


@pytest.mark.parametrize("umask", [0, 0o777, 0o077])
def test_the_mode_of_files_does_not_depend_on_the_umask(empty: Place, umask: int) -> None:
    made = empty.process("init", preexec_fn=lambda: bool(os.umask(umask)))
    assert made.code == 0, made
    modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in empty.folder.rglob("*")}
    assert all(mode & 0o077 == 0 for mode in modes.values()), modes


def bounded(limit: int, most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(limit, (most, most))


@pytest.mark.parametrize("most", [6, 7, 8])
def test_too_few_descriptors_are_told_and_harm_nothing(dispute: Place, most: int) -> None:
    before = snapshot(dispute.folder)
    ran = dispute.process("--json", "message", "O-1", "x", preexec_fn=bounded(resource.RLIMIT_NOFILE, most))
    if ran.code:
        judge(ran, 1)
        assert snapshot(dispute.folder) == before
    done(dispute, "verify")


def test_no_file_of_a_strange_folder_is_ever_imported(dispute: Place) -> None:
    """Named like a library, in the folder where somebody works."""
    for name in ("typer", "msgspec", "rich", "sqlite3", "pendulum", "json", "dispute_cli"):
        (dispute.folder / f"{name}.py").write_text("raise SystemExit(99)\n")
    environment = {name: value for name, value in dispute.environment().items() if name != "PYTHONPATH"}
    ran = subprocess.run([DISPUTE, "status", "O-1"], cwd=dispute.folder, env=environment, capture_output=True, check=False)
    assert (ran.returncode, b"Blue cup" in ran.stdout) == (0, True), ran.stderr
