"""What is wrong with a command, a policy or a history by its form alone, before any rule of the book is asked."""

from typing import Any

import pytest
from msgspec import ValidationError, convert, to_builtins
from msgspec.json import schema

from dispute_cli.core import commands as c
from dispute_cli.core.events import Minor
from dispute_cli.core.evolve import Unsound, replay
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.policy import as_data, fingerprint, hash_of
from tests.given import Story, policy_with, rule

TEXTS = {
    "not valid UTF-8 text": "half of a pair: \ud83d",
    "contains a NUL character": "a\0b",
    "a text has at most 65,536": "é" * 32_769,
    "is blank": " \u00a0",
}


@pytest.mark.parametrize("says", TEXTS)
def test_a_text_that_cannot_be_kept_or_says_nothing_is_malformed(says: str) -> None:
    with pytest.raises(Malformed, match=says) as caught:
        c.check_text(TEXTS[says], "reason", required=True)
    assert caught.value.field == "reason"


@pytest.mark.parametrize("text", [None, "x", "é" * 32_768])
def test_a_text_of_64_kib_or_none_at_all_is_well_formed(text: str | None) -> None:
    c.check_text(text, "reason", required=True)


def test_a_text_that_need_not_say_anything_may_be_blank() -> None:
    c.check_text("", "note")


@pytest.mark.parametrize("days", [None, 1, 1_000_000])
def test_a_number_of_days_is_at_least_1_and_at_most_a_million(days: int | None) -> None:
    c.check_days(days)


@pytest.mark.parametrize("days", [-1, 0, 1_000_001])
def test_no_day_and_more_than_a_million_are_no_number_of_days(days: int) -> None:
    with pytest.raises(Malformed, match="no number of days"):
        c.check_days(days)


@pytest.mark.parametrize(
    ("kind", "key", "field", "value"),
    [
        (c.OpenDispute, "return", "with_return", True),
        (c.EditDispute, "return", "with_return", True),
        (c.Respond, "return", "with_return", True),
        (c.RequestEvidence, "from", "party", "buyer"),
        (c.Cancel, "as", "by", "buyer"),
    ],
)
def test_a_command_is_written_with_the_words_of_its_options(kind: type[c.Command], key: str, field: str, value: Any) -> None:
    written = {"id": "O-1", key: value} | ({"refund": "10.00"} if kind is c.Respond else {})
    command = convert({"command": kind.__struct_config__.tag} | written, c.Spoken)
    assert getattr(command, field) == value
    assert to_builtins(command)[key] == value


def test_a_fact_is_kept_with_the_words_of_the_form() -> None:
    story = Story().open().offer("10.00", with_return=True).buyer(c.EditDispute, keep=True)
    kept = {event["type"]: event for event in map(to_builtins, story.events)}
    assert (kept["dispute_opened"]["return"], kept["offer_made"]["return"], kept["dispute_edited"]["return"]) == (False, True, False)


def test_the_schema_says_that_a_kept_amount_counts_minor_units_and_is_never_below_0() -> None:
    assert schema(Minor) == {"type": "integer", "minimum": 0, "description": "minor units of the event's currency"}


@pytest.mark.parametrize("party", ["platform", "clock", "Buyer", ""])
def test_evidence_is_asked_from_buyer_or_seller_alone(party: Any) -> None:
    with pytest.raises(Malformed, match="evidence is asked from buyer or seller") as caught:
        c.RequestEvidence(id="O-1", party=party).check()
    assert caught.value.field == "from"


CONTRADICTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "payout.least_days is above payout.most_days": {"payout": {"least_days": 11, "most_days": 10}},
    "escalation.rule_from_days is not before escalation.review_days": {"escalation": {"rule_from_days": 60, "review_days": 60}},
    "lateness could never be disputed": {"delivery": {"promised_days": 60}, "protection": {"days": 60}},
}


@rule("D4")
@pytest.mark.parametrize("says", CONTRADICTIONS)
def test_a_policy_that_contradicts_itself_is_none(says: str) -> None:
    with pytest.raises(ValueError, match=says):
        policy_with(**CONTRADICTIONS[says])


def test_a_policy_at_the_edge_of_a_contradiction_is_one() -> None:
    policy = policy_with(payout={"least_days": 10, "most_days": 10}, escalation={"rule_from_days": 59, "review_days": 60}, delivery={"promised_days": 59}, protection={"days": 60})
    assert policy.payout.least_days == policy.payout.most_days


def test_a_policy_has_the_same_hash_in_whatever_order_its_keys_were_kept() -> None:
    data = as_data(policy_with())
    assert hash_of(dict(reversed(data.items()))) == hash_of(data) == fingerprint(policy_with())


def test_a_history_that_does_not_begin_with_its_creation_is_unsound() -> None:
    story = Story().open(received=False, reason="wrong_tracking")
    with pytest.raises(Unsound, match="O-1 does not begin with its creation"):
        replay(story.events[1:])


def test_no_history_is_no_order() -> None:
    assert replay([]) is None


@pytest.mark.parametrize(("figures", "most"), [({"evidence": "most_bytes"}, 16_777_216), ({"answering": "seller_days"}, 3650)])
def test_a_policy_stays_within_the_bounds_of_its_figures(figures: dict[str, str], most: int) -> None:
    ((chapter, figure),) = figures.items()
    assert getattr(getattr(policy_with(**{chapter: {figure: most}}), chapter), figure) == most
    for wrong in (0, most + 1):
        with pytest.raises(ValidationError):
            policy_with(**{chapter: {figure: wrong}})


@rule("P3")
def test_an_amount_on_record_is_never_below_zero() -> None:
    assert convert(0, Minor) == 0
    with pytest.raises(ValidationError):
        convert(-1, Minor)
