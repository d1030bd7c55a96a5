"""What may be asked without a store: the rule book, reasons, policies, the table, the shapes."""

import msgspec
import pytest

from dispute_cli import answers as a
from dispute_cli import book
from dispute_cli import questions as q
from dispute_cli.core import rules
from dispute_cli.core.lifecycle import LEADS_TO, MAY
from dispute_cli.core.policy import fingerprint
from dispute_cli.policies import load, names
from dispute_cli.reading import NoSuchThing
from tests.given import POLICY, rule

from .shop import Shop


def test_every_rule_is_told_with_its_sentence_and_its_figures() -> None:
    told = book.answer(q.Rules())
    assert isinstance(told, a.RulesTold)
    assert [row.rule for row in told.rules] == [row.id for row in rules.ROWS]
    protection = next(row for row in told.rules if row.rule == "E4")
    assert protection.policy["protection.days"] == {"value": 60, "source": "default"}
    reasons = next(row for row in told.rules if row.rule == "D3")
    assert "defective" in reasons.policy["reasons"]["value"]


def test_one_rule_is_told_alone_and_an_unknown_one_is_no_such_thing() -> None:
    told = book.answer(q.Rules(rule="C8"))
    assert isinstance(told, a.RulesTold) and [row.rule for row in told.rules] == ["C8"]
    for unknown in ("Z9", "c8", ""):
        with pytest.raises(NoSuchThing):
            book.answer(q.Rules(rule=unknown))


@rule("D3")
def test_the_reasons_are_the_policys() -> None:
    told = book.answer(q.Reasons())
    assert isinstance(told, a.ReasonsTold)
    assert [reason.reason for reason in told.reasons] == list(POLICY.reasons)


def test_policies_are_listed_with_the_hash_that_orders_name_them_by() -> None:
    told = book.answer(q.PolicyList())
    assert isinstance(told, a.PoliciesTold)
    assert [policy.name for policy in told.policies] == list(names())
    hashes = {policy.name: policy.hash for policy in told.policies}
    made = Shop().order().told()[0]["policy"]
    assert hashes["aliexpress"] == fingerprint(POLICY) == made


def test_a_policy_is_shown_whole() -> None:
    told = book.answer(q.PolicyShow())
    assert isinstance(told, a.PolicyShown) and told.policy["name"] == "aliexpress"
    named = book.answer(q.PolicyShow(file=("aliexpress",)))
    assert named == told


def test_the_lifecycle_is_the_table_that_decides() -> None:
    told = book.answer(q.Lifecycle())
    assert isinstance(told, a.LifecycleTold)
    assert len(told.moves) == sum(map(len, MAY.values()))
    assert len(told.leads) == len(LEADS_TO)


def test_every_shape_has_a_schema_and_an_unknown_one_is_no_such_thing() -> None:
    told = book.answer(q.Schema())
    assert isinstance(told, a.SchemaTold)
    assert told.names == (*book.SHAPES, "scenario", "commands")
    for name in book.SHAPES:
        assert msgspec.json.encode(book.schema(name))
    with pytest.raises(NoSuchThing):
        book.schema("x")


def test_events_are_described_with_their_amounts_as_texts() -> None:
    facts = book.schema("event")["$defs"]
    assert facts["OfferMade"]["properties"]["refund"] == {"type": "string"}
    assert facts["ReturnSent"]["properties"]["postage"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert facts["OfferMade"]["properties"]["seq"] == {"type": "integer"}


def test_two_policies_differ_where_their_values_do_and_each_says_where_its_own_comes_from() -> None:
    told = book.answer(q.PolicyDiff(file=("aliexpress", "ebay")))
    assert isinstance(told, a.PoliciesCompared) and (told.left, told.right) == ("aliexpress", "ebay")
    ours, theirs = load("aliexpress"), load("ebay")
    found = {row.key: row for row in told.differences}
    assert ours.protection.days != theirs.protection.days
    assert found["protection.days"] == a.Difference(
        "protection.days", ours.protection.days, theirs.protection.days, ours.sources["protection.days"], theirs.sources["protection.days"]
    )
    assert all(row.left != row.right for row in told.differences)
    same = book.answer(q.PolicyDiff(file=("ebay", "ebay")))
    assert isinstance(same, a.PoliciesCompared) and same.differences == ()
