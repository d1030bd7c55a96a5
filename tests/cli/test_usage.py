"""What is not understood is usage: exit 2, a line for people, an object for scripts, the command named where it is known."""

import os

import pytest

from dispute_cli.cli import tree
from tests.run import Place

EVERY = ["", *tree.GROUPS, *tree.COMMANDS]


@pytest.mark.parametrize("words", EVERY)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(empty: Place, words: str, option: str) -> None:
    ran = empty(*words.split(), option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: dispute {words}".rstrip())
    assert "--idempotency-key" in ran.out
    assert "completion" not in ran.out or words in ("", "completion")


@pytest.mark.parametrize("words", EVERY)
def test_every_command_tells_the_version(empty: Place, words: str) -> None:
    ran = empty(*words.split(), "--version")
    assert (ran.code, ran.out) == (0, "dispute 0.1.0\n")


def test_every_line_of_help_fits_without_being_cut(empty: Place) -> None:
    assert "..." not in empty("--help").out.replace("[ARGS]...", "")


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        ((), None),
        (("order",), None),
        (("staus",), None),
        (("--bogus",), None),
        (("order", "bogus"), None),
        (("status", "--bogus"), "status"),
        (("order", "ship", "O-1"), "order ship"),
        (("message", "O-1"), "message"),
        (("order", "confirm", "O-1", "O-2"), "order confirm"),
        (("open", "O-1", "--received", "--not-received"), "open"),
        (("edit", "O-1", "--return", "--no-return"), "edit"),
        (("respond", "O-1", "--accept", "--reject"), "respond"),
        (("escalate", "O-1", "--confirm", "--no-thanks"), "escalate"),
        (("status", "--json=1"), "status"),
        (("status", "--sort", "name"), "status"),
        (("status", "--limit", "1_0"), "status"),
        (("status", "--limit", "٣"), "status"),
        (("extend-protection", "O-1", "--days", "-5"), "extend-protection"),
        (("extend-protection", "O-1", "--days", "0"), "extend-protection"),
        (("events", "--type", "settle"), "events"),
        (("init", "--seed", "9" * 30), "init"),
        (("init", "--start", "now"), "init"),
        (("init", "--clock", "atomic"), "init"),
        (("batch", "--atomic", "--keep-going"), "batch"),
        (("completion", "tcsh"), "completion"),
        (("evidence", "export", "O-1", "../..", "x.png"), "evidence export"),
    ],
)
def test_usage_is_told_to_people_and_scripts(dispute: Place, argv: tuple[str, ...], command: str | None) -> None:
    ran = dispute(*argv, "--json")
    assert (ran.code, ran.json["ok"], ran.json["command"], ran.error["code"], ran.error["exit"]) == (2, False, command, "usage", 2)
    assert ran.err.startswith("error: ")
    assert "hint: `dispute" in ran.err
    plain = dispute(*argv)
    assert (plain.code, plain.out) == (2, "")


def test_words_that_are_not_text_are_usage(dispute: Place) -> None:
    ran = dispute("message", "O-1", "\udcff", "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")


def test_a_slip_is_met_with_the_right_word(empty: Place) -> None:
    assert "'status'" in empty("staus").err
    assert "--json" in empty("status", "--jsn").err


def test_a_bare_command_shows_help_and_fails(empty: Place) -> None:
    ran = empty()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: dispute")


@pytest.mark.parametrize("words", ["reasons", "rules", "rules D7", "policy list", "policy show", "lifecycle", "schema", "schema order", "schema commands", "help", "help time", "help open"])
def test_the_book_is_open_without_a_store(empty: Place, words: str) -> None:
    assert empty.ok(*words.split()).out
    assert isinstance(empty.ok(*words.split(), "--json").json, dict)


@pytest.mark.parametrize(
    "words", ["status", "status O-1", "events", "ledger", "deadlines", "tick 1d", "message O-1 x", "verify", "repair", "backup b"]
)
def test_everything_else_names_init(empty: Place, words: str) -> None:
    ran = empty(*words.split(), "--json")
    assert (ran.code, ran.error["code"]) == (7, "store_unusable")
    assert "dispute init" in ran.err
    assert not (empty.folder / "disputes.json").exists()


def test_init_over_a_store_names_force(dispute: Place) -> None:
    ran = dispute("init", "--json")
    assert (ran.code, ran.error["code"]) == (6, "conflict")
    assert "--force" in ran.err
    assert dispute.ok("init", "--force").code == 0
    assert (dispute.folder / "disputes.json.bak").exists()


def test_init_by_force_twice_keeps_what_was_there_and_its_evidence(offered: Place) -> None:
    offered.ok("init", "--force")
    offered.ok("init", "--force", "--seed", "7")
    assert offered.ok("verify", "--store", "disputes.json.bak", "--json").json["problems"] == []
    assert offered.ok("status", "O-1", "--store", "disputes.json.bak", "--json").json["order"]["evidence"]
    offered.ok("order", "create", "O-2", "--price", "1")
    offered.ok("init", "--force")
    offered.ok("status", "O-2", "--store", "disputes.json.bak")


def test_a_wall_clock_does_not_start_in_the_future(empty: Place) -> None:
    ran = empty("init", "--clock", "wall", "--start", "2999-01-01")
    assert ran.code == 2 and "--start" not in ran.out and "future" in ran.err
    assert empty.ok("init", "--clock", "wall", "--start", "2020-01-01").code == 0


def test_one_policy_is_shown(empty: Place) -> None:
    assert empty("policy", "show", "ebay", "etsy").code == 2


def test_a_backup_into_no_folder_is_usage(dispute: Place) -> None:
    ran = dispute("backup", "nowhere/copy.json")
    assert ran.code == 2 and "there is no folder" in ran.err


def test_an_unknown_order_is_not_found(dispute: Place) -> None:
    ran = dispute("status", "O-9", "--json")
    assert (ran.code, ran.error["code"], ran.json["now"]) == (3, "not_found", "2026-01-01T00:00:00Z")


def test_a_refusal_names_the_rule_and_what_is_possible(dispute: Place) -> None:
    ran = dispute("cancel", "O-1", "--json")
    assert (ran.code, ran.error["rule"], ran.error["faults"][0]["rule"]) == (5, "E5", "E5")
    assert ran.error["possible"]
    assert ran.err.startswith("error [E5]: ")
    assert "possible now for the buyer: order confirm, open, extend-protection until 2026-03-02T00:00:00Z; message" in ran.err


def test_all_faults_of_a_form_come_together(dispute: Place) -> None:
    ran = dispute("open", "O-1", "--json")
    assert ran.code == 5
    assert {fault["rule"] for fault in ran.error["faults"]} >= {"D2", "D3", "D8"}
    assert ran.err.count("error [") == len(ran.error["faults"])


def test_a_fault_of_ours_is_one_line(dispute: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("of ours")

    monkeypatch.setattr("dispute_cli.reading.answer", broken)
    ran = dispute("status", "--json")
    assert (ran.code, ran.error["code"]) == (1, "fault")
    assert "LookupError" in ran.err
    assert "Traceback" not in ran.err
    dispute.env["DISPUTE_TRACEBACK"] = "1"
    assert "Traceback" in dispute("status").err


def test_an_interrupt_is_told(dispute: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dispute_cli.reading.answer", interrupted)
    ran = dispute("status", "--json")
    assert (ran.code, ran.error["code"]) == (130, "interrupted")


def test_a_tick_past_the_calendar_is_usage_and_a_filter_as_long_holds_everything(dispute: Place) -> None:
    dispute.ok("open", "O-1", "--not-received", "--reason", "wrong_tracking", "--message", "Never came")
    assert dispute("tick", "3000000d").code == 2
    assert "O-1" in dispute.ok("status", "--due", "3000000d").out
    assert "O-1" in dispute.ok("deadlines", "--within", "3000000d").out


def test_a_dry_run_of_init_ends_as_the_real_one_would(dispute: Place) -> None:
    assert dispute("init", "--dry-run").code == 6
    assert dispute("init", "--dry-run", "--store", "none/there.json").code == 7
    before = dispute.bytes()
    assert dispute("init", "--dry-run", "--force").code == 0
    assert dispute("init", "--dry-run", "--store", "new.json").code == 0
    assert dispute.bytes() == before
    assert not (dispute.folder / "new.json").exists()


def test_the_hint_names_the_group_where_a_word_was_not_understood(dispute: Place) -> None:
    assert "`dispute order --help` lists the commands." in dispute("order", "crate").err


def test_each_fault_of_a_form_has_its_own_hint(dispute: Place) -> None:
    err = dispute("open", "O-1", "--received", "--reason", "nope").err.splitlines()
    assert sum(line.startswith("hint: ") for line in err) > 1


def test_damage_is_not_forgotten_when_nobody_reads_what_verify_found(dispute: Place) -> None:
    file = dispute.folder / "disputes.json"
    file.write_bytes(file.read_bytes().replace(b"Blue cup", b"Blue mug"))
    reading, writing = os.pipe()
    os.close(reading)
    assert dispute.process("verify", stdout=writing).code == 7
    os.close(writing)


@pytest.mark.parametrize(("argv", "who"), [(("--as", "seller"), "seller"), ((), "buyer")])
def test_who_gives_a_batch_gives_every_line_that_does_not_say(dispute: Place, argv: tuple[str, ...], who: str) -> None:
    dispute.ok("batch", *argv, stdin=b'message O-1 One\n{"command":"message","id":"O-1","text":"Two"}\nmessage O-1 Three --as platform\n')
    events = dispute.ok("events", "--type", "message_sent", "--json").json["events"]
    assert [event["by"] for event in events] == [who, who, "platform"]
