"""Options everywhere: before and after the subcommand, from flags, environment and files, in their order of weight."""

from pathlib import Path

import pytest

from tests.run import Place


@pytest.mark.parametrize(
    "argv",
    [
        ("--json", "status", "O-1"),
        ("status", "--json", "O-1"),
        ("status", "O-1", "--json"),
        ("--store", "none.json", "status", "O-1", "--store", "disputes.json", "--json"),
    ],
)
def test_an_option_may_stand_before_or_after_the_subcommand(dispute: Place, argv: tuple[str, ...]) -> None:
    ran = dispute(*argv)
    assert (ran.code, ran.json["order"]["id"], ran.err) == (0, "O-1", "")


def test_an_option_may_stand_in_the_middle_of_a_subcommand(dispute: Place) -> None:
    assert dispute("order", "--json", "ship", "O-1", "--tracking", "T1").json["command"] == "order ship"


def test_an_argument_after_a_double_dash_is_no_option(dispute: Place) -> None:
    dispute.ok("order", "create", "--price", "5", "--", "-1")
    assert dispute.ok("--json", "status", "--", "-1").json["order"]["id"] == "-1"
    assert dispute("status", "-1").code == 2


@pytest.mark.parametrize("option", ["--jso", "--stor=x", "--idempotency=k", "--dry", "--no-in"])
def test_an_option_is_never_abbreviated(dispute: Place, option: str) -> None:
    assert dispute("status", option).code == 2


def test_a_query_implies_json(dispute: Place) -> None:
    assert dispute("status", "O-1", "--query", "order.status").out == '"protected"\n'


@pytest.mark.parametrize("name", ["1", "true", "YES", "on"])
def test_the_environment_switches_on(dispute: Place, name: str) -> None:
    dispute.env["DISPUTE_JSON"] = name
    assert dispute("status", "O-1").json["ok"] is True


@pytest.mark.parametrize("name", ["0", "false", "no", "Off"])
def test_the_environment_switches_off(dispute: Place, name: str) -> None:
    dispute.env["DISPUTE_JSON"] = name
    assert dispute("status", "O-1").out.startswith("O-1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISPUTE_JSON", "maybe"),
        ("DISPUTE_NO_INPUT", "2"),
        ("DISPUTE_LOCK_TIMEOUT", "soon"),
        ("DISPUTE_COLOR", "blue"),
        ("DISPUTE_AS", "judge"),
        ("DISPUTE_STORE", "mysql://u:secret@host/db"),
        ("DISPUTE_IDEMPOTENCY_KEY", "ключ"),
        ("DISPUTE_NO_INPUT", ""),
    ],
)
def test_a_bad_variable_is_usage_and_is_named(dispute: Place, name: str, value: str) -> None:
    dispute.env[name] = value
    ran = dispute("status", "O-1")
    assert ran.code == 2
    assert name in ran.err
    assert "secret" not in ran.err


def test_consent_never_comes_from_the_environment(dispute: Place) -> None:
    dispute.env |= {"DISPUTE_YES": "1", "DISPUTE_CONFIRM": "1"}
    assert dispute("order", "confirm", "O-1").code == 4


def settings(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_flag_beats_environment_beats_folder_beats_user_beats_default(empty: Place) -> None:
    def where() -> str:
        return str(empty("init", "--dry-run", "--json").json["store"])

    assert where() == "disputes.json"
    settings(empty.folder / "config/dispute/config.toml", 'store = "user.json"')
    assert where() == "user.json"
    settings(empty.folder / "dispute.toml", 'store = "folder.json"')
    assert where() == "folder.json"
    empty.env["DISPUTE_STORE"] = "environment.json"
    assert where() == "environment.json"
    assert empty("init", "--dry-run", "--json", "--store", "flag.json").json["store"] == "flag.json"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("yes = true", "yes"),
        ("confirm = true", "confirm"),
        ("jsn = true", "jsn"),
        ('json = "true"', "json"),
        ("store = 5", "store"),
        ('lock_timeout = "-1s"', "lock_timeout"),
        ("lock_timeout = inf", "lock_timeout"),
        ("json = true\njson = false", "dispute.toml"),
        ("\ufeffjson = true", "dispute.toml"),
        (f"query = {'[' * 5000}", "dispute.toml"),
        ("x" * 70_000, "dispute.toml"),
    ],
)
def test_a_bad_file_is_usage_and_names_file_and_key(dispute: Place, text: str, named: str) -> None:
    settings(dispute.folder / "dispute.toml", text)
    ran = dispute("status", "O-1")
    assert ran.code == 2
    assert "dispute.toml" in ran.err
    assert named in ran.err


def test_a_settings_file_that_is_a_folder_is_usage(dispute: Place) -> None:
    (dispute.folder / "dispute.toml").mkdir()
    assert dispute("status", "O-1").code == 2


def test_a_file_in_a_strange_folder_never_gives_consent(dispute: Place) -> None:
    settings(dispute.folder / "dispute.toml", "yes = true")
    before = dispute.bytes()
    assert dispute("order", "confirm", "O-1").code == 2
    assert dispute.bytes() == before


@pytest.mark.parametrize(("key", "code"), [("k", 0), ("k" * 255, 0), ("k" * 256, 2), ("", 2), ("a\tb", 2), ("schlüssel", 2)])
def test_a_key_is_printable_ascii(dispute: Place, key: str, code: int) -> None:
    assert dispute("message", "O-1", "Hello", "--idempotency-key", key).code == code


def test_a_repeated_key_is_replayed_and_another_command_conflicts(dispute: Place) -> None:
    first = dispute.ok("message", "O-1", "Hello", "--idempotency-key", "k", "--json").json
    again = dispute.ok("message", "O-1", "Hello", "--idempotency-key", "k", "--json").json
    assert (again["replayed"], again["changed"], again["events"]) == (True, False, first["events"])
    assert dispute("message", "O-1", "Other", "--idempotency-key", "k").code == 6


def test_as_names_the_actor_and_a_wrong_one_is_refused(dispute: Place) -> None:
    assert dispute.ok("message", "O-1", "Hello", "--as", "seller", "--json").json["events"][0]["by"] == "seller"
    assert dispute("order", "ship", "O-1", "--tracking", "T", "--as", "buyer", "--json").error["rule"] == "W1"
    assert dispute("message", "O-1", "Hello", "--as", "judge").code == 2


def test_a_dry_run_writes_nothing(dispute: Place) -> None:
    before = dispute.bytes()
    ran = dispute("message", "O-1", "Hello", "--dry-run", "--json")
    assert (ran.code, ran.json["dry_run"], len(ran.json["events"])) == (0, True, 1)
    assert dispute.bytes() == before


def test_strict_makes_advice_a_refusal(dispute: Place) -> None:
    ran = dispute("message", "O-1", "Bitte senden Sie mir mein Geld zurück", "--strict", "--json")
    assert (ran.code, ran.error["rule"]) == (5, "A1")


def test_a_lock_that_is_held_is_waited_for_so_long(dispute: Place) -> None:
    import fcntl

    with (dispute.folder / "disputes.json.d/lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = dispute("message", "O-1", "Hello", "--lock-timeout", "0s", "--json")
    assert (ran.code, ran.error["code"]) == (6, "conflict")
