"""Bugs planted in the product, one at a time: the machine must catch each within an eighth of the steps that every run of the tests takes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli.core import events as e
from dispute_cli.core import evolve, lifecycle, money
from dispute_cli.core.policy import days

from .machine import run
from .test_machine import CI_STEPS, SHARDS

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def one_second_late(patch: Patch) -> None:
    patch.setattr("dispute_cli.core.decide.opening.days", lambda number: days(number) + timedelta(seconds=1))


def a_lost_minor_unit(patch: Patch) -> None:
    patch.setattr(money, "share", lambda total, weights: tuple(total * weight // sum(weights) for weight in weights))


def remainders_to_the_later_line(patch: Patch) -> None:
    share = money.share
    patch.setattr(money, "share", lambda total, weights: share(total, weights[::-1])[::-1])


def a_worse_offer_passes(patch: Patch) -> None:
    patch.setattr("dispute_cli.core.decide.answering.betters", lambda new, old: True)


def protection_survives_escalation(patch: Patch) -> None:
    changes: dict[Any, Any] = evolve.CHANGES
    change = changes[e.Escalated]
    patch.setitem(changes, e.Escalated, lambda order, event, status: replace(change(order, event, status), protection=order.protection))


def no_ruling_pays_the_whole(patch: Patch) -> None:
    patch.setattr("dispute_cli.core.decide.claim.unruled", lambda order, policy: order.total)


def an_edit_is_never_possible(patch: Patch) -> None:
    patch.setattr("dispute_cli.views.allowed", lambda *given: tuple(row for row in lifecycle.allowed(*given) if row.command != "edit"))


def nothing_ever_lapses(patch: Patch) -> None:
    patch.setattr(lifecycle, "until", lambda *given: None)


def a_key_runs_twice(patch: Patch) -> None:
    patch.setattr("dispute_cli.service.replay_of", lambda *given: None)


def a_payout_on_day_eleven(patch: Patch) -> None:
    patch.setattr("dispute_cli.core.decide.settlement.payout_days", lambda *given: 11)


def nobody_is_asked(patch: Patch) -> None:
    patch.setattr("dispute_cli.service.consent_needed", lambda *given: None)


def advice_is_never_strict(patch: Patch) -> None:
    patch.setattr("dispute_cli.service.check_strict", lambda *given: None)


PLANTED: dict[Plant, str] = {
    one_second_late: "'seller_response', 'at'",
    a_lost_minor_unit: "'delivery':",
    remainders_to_the_later_line: "'delivery':",
    a_worse_offer_passes: "N8",
    protection_survives_escalation: "'protection', 'at'",
    no_ruling_pays_the_whole: "default",
    an_edit_is_never_possible: "'possible':",
    nothing_ever_lapses: "'possible':",
    a_key_runs_twice: "replayed=True",
    a_payout_on_day_eleven: "a payout day out of bounds",
    nobody_is_asked: "exit=4",
    advice_is_never_strict: "'strict': True",
}
"""Each with what the failure must name."""


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: str(plant.__name__))
def test_the_machine_catches_a_planted_bug(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=re.escape(PLANTED[plant])):
        run(0, CI_STEPS // SHARDS, shrink=False)
