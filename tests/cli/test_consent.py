"""Consent: asked for at a terminal alone, never given by silence, by a setting or under CI."""

import pytest

from tests.run import Place


def status(dispute: Place) -> str:
    return str(dispute.ok("status", "O-1", "--json").json["order"]["status"])


def test_without_a_terminal_nothing_changes(offered: Place) -> None:
    before = offered.bytes()
    ran = offered("accept", "O-1", "--json")
    assert (ran.code, ran.error["code"], ran.error["rule"]) == (4, "consent_needed", "N5")
    assert "--yes" in ran.err
    assert offered.bytes() == before


def test_yes_gives_consent(offered: Place) -> None:
    offered.ok("accept", "O-1", "--yes")
    assert status(offered) == "settling"


def test_a_yes_at_the_terminal_gives_consent(offered: Place) -> None:
    ran = offered.terminal("accept", "O-1", typed="y\n")
    assert ran.code == 0, ran
    assert "Go on? [y/N]" in ran.out
    assert status(offered) == "settling"


@pytest.mark.parametrize("typed", ["\n", "n\n", "yep\n", "\x04"])
def test_anything_else_is_no(offered: Place, typed: str) -> None:
    ran = offered.terminal("accept", "O-1", typed=typed)
    assert ran.code == 4, ran
    assert status(offered) == "awaiting_buyer"


@pytest.mark.parametrize("option", ["--no-input", "--json"])
def test_nobody_is_asked_who_said_so(offered: Place, option: str) -> None:
    ran = offered.terminal("accept", "O-1", option, typed="y\n")
    assert ran.code == 4, ran
    assert "Go on?" not in ran.out


@pytest.mark.parametrize(("ci", "code"), [("true", 4), ("1", 4), ("false", 0), ("", 0)])
def test_nobody_is_asked_under_ci(offered: Place, ci: str, code: int) -> None:
    offered.env["CI"] = ci
    assert offered.terminal("accept", "O-1", typed="y\n").code == code


def test_an_interrupt_at_the_question_changes_nothing(offered: Place) -> None:
    assert offered.terminal("accept", "O-1", typed="\x03").code == 130
    assert status(offered) == "awaiting_buyer"


def test_escalating_is_confirmed_in_its_own_way(offered: Place) -> None:
    assert offered("escalate", "O-1", "--yes").code == 4
    assert offered("escalate", "O-1", "--no-thanks").code == 0
    assert status(offered) == "awaiting_buyer"
    assert offered.terminal("escalate", "O-1", typed="n\n").code == 4
    assert status(offered) == "awaiting_buyer"
    assert offered.terminal("escalate", "O-1", typed="y\n").code == 0
    assert status(offered) == "escalated"


def test_a_no_thanks_is_pointed_to_edit_and_add_evidence(offered: Place) -> None:
    instead = "Change the demand with dispute edit, add evidence with dispute add-evidence."
    assert offered.ok("escalate", "O-1", "--no-thanks").out.splitlines()[-1] == instead
    assert instead in " ".join(offered.terminal("escalate", "O-1", typed="n\n").out.split())
    assert instead not in offered.ok("escalate", "O-1", "--confirm").out


def test_confirming_escalates_in_one_call(offered: Place) -> None:
    offered.ok("escalate", "O-1", "--confirm")
    assert status(offered) == "escalated"


def test_what_is_worth_knowing_is_told_with_the_question(offered: Place) -> None:
    ran = offered("escalate", "O-1", "--json")
    assert (ran.code, [warning["code"] for warning in ran.json["warnings"]]) == (4, ["A7"])
    assert "warning [A7]" in offered("escalate", "O-1").err


def test_on_a_terminal_it_is_told_before_the_question(offered: Place) -> None:
    out = offered.terminal("escalate", "O-1", typed="y\n").out
    assert out.index("warning [A7]") < out.index("Go on? [y/N]")


def test_who_says_no_is_not_told_again_how_to_say_yes(offered: Place) -> None:
    out = offered.terminal("accept", "O-1", typed="n\n").out
    assert "You did not say yes: nothing was changed." in out
    assert "--yes" not in out


def test_nobody_is_asked_where_the_question_would_not_be_seen(offered: Place) -> None:
    with open(offered.folder / "log", "wb") as log:
        ran = offered.terminal("accept", "O-1", typed="y\n", stderr=log)
    assert (ran.code, status(offered)) == (4, "awaiting_buyer")
