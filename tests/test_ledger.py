"""The ledger: which fact moves what between whom, and what is left at each step."""

from typing import Any

import pytest

from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.ledger import Posting, all_postings, balances, postings
from tests.given import WHOLE, Story, rule
from tests.rules.states import STATES

MOVING = (e.OrderCreated, e.Settled, e.RefundPaid, e.ReturnSent)


def moved(story: Story, kind: type[e.Fact]) -> list[tuple[str, int]]:
    """The postings of the newest event of this type."""
    event = [event for event in story.events if isinstance(event, kind)][-1]
    return [(posting.account, posting.amount) for posting in postings(event)]


def named(**more: Any) -> Story:
    return Story(id="P-7", buyer="ann", seller="bob", **more)


# Postings


@rule("E2", "P2")
def test_payment_moves_price_and_delivery_from_the_buyer_into_the_orders_escrow() -> None:
    assert moved(named(), e.OrderCreated) == [("buyer/ann", -5500), ("escrow/P-7", 5500)]


@rule("P1", "P2")
def test_settlement_moves_the_release_to_the_seller() -> None:
    assert moved(named().open().seller(c.Accept), e.Settled) == [("escrow/P-7", -3500), ("seller/bob", 3500)]
    assert moved(named().buyer(c.Confirm), e.Settled) == [("escrow/P-7", -5500), ("seller/bob", 5500)]


@rule("P1", "P2")
def test_a_settlement_that_releases_nothing_posts_nothing() -> None:
    assert moved(named().open(**WHOLE).day(5), e.Settled) == []


@rule("P1", "P2")
def test_the_payout_moves_the_refund_back_to_the_buyer() -> None:
    assert moved(named().open().seller(c.Accept).to_the_end(), e.RefundPaid) == [("escrow/P-7", -2000), ("buyer/ann", 2000)]


@rule("T1", "P2")
@pytest.mark.parametrize(("postage", "expected"), [("8.40", [("buyer/ann", -840), ("carrier", 840)]), ("0", []), (None, [])])
def test_the_return_postage_moves_from_the_buyer_to_the_carrier(postage: str | None, expected: list[tuple[str, int]]) -> None:
    story = named().open(**WHOLE).seller(c.Accept).buyer(c.SendReturn, tracking="R1", postage=postage)
    assert moved(story, e.ReturnSent) == expected


@rule("P2", "E5")
@pytest.mark.parametrize("name", STATES)
def test_no_other_fact_moves_money(name: str) -> None:
    events = STATES[name]().to_the_end().events
    assert all(not postings(event) for event in events if not isinstance(event, MOVING))


@rule("P2", "P3")
@pytest.mark.parametrize("name", STATES)
def test_every_movement_is_balanced_in_whole_minor_units_and_never_of_nothing(name: str) -> None:
    for event in STATES[name]().to_the_end().events:
        amounts = [posting.amount for posting in postings(event)]
        assert sum(amounts) == 0 and all(type(amount) is int and amount for amount in amounts)


@rule("P3")
@pytest.mark.parametrize(("currency", "price", "held"), [("JPY", "5500", 5500), ("KWD", "5.500", 5500), ("EUR", "55", 5500)])
def test_postings_are_in_the_orders_currency(currency: str, price: str, held: int) -> None:
    story = Story(currency=currency, price=price, delivery="0").buyer(c.Confirm)
    assert {posting.currency for posting in all_postings(story.events)} == {currency}
    assert balances(story.events).seller == held


@rule("E7", "P3")
def test_the_largest_amounts_are_exact() -> None:
    story = Story(price="9999999999999.99", delivery="9999999999999.99").open(refund="0.01").seller(c.Accept).to_the_end()
    assert balances(story.events).seller == 2 * 999_999_999_999_999 - 1
    assert story.money["seller"] == "19999999999999.97"


# Balances


@rule("P2")
def test_balances_follow_a_story_step_by_step() -> None:
    story = Story().open(**WHOLE).offer("30.00", with_return=True).buyer(c.Accept)
    assert story.money == {"buyer": "-55.00", "seller": "0.00", "escrow": "55.00", "carrier": "0.00"}
    story.buyer(c.SendReturn, tracking="R1", postage="8.40")
    assert story.money == {"buyer": "-63.40", "seller": "0.00", "escrow": "55.00", "carrier": "8.40"}
    story.seller(c.AcknowledgeReturn)
    assert story.money == {"buyer": "-63.40", "seller": "25.00", "escrow": "30.00", "carrier": "8.40"}
    story.to_the_end()
    assert story.money == {"buyer": "-33.40", "seller": "25.00", "escrow": "0.00", "carrier": "8.40"}


@rule("P2")
def test_balances_before_payment_are_nothing() -> None:
    sums = balances([])
    assert (sums.buyer, sums.seller, sums.escrow, sums.carrier) == (0, 0, 0, 0)


@rule("P2")
def test_a_party_that_is_both_buyer_and_seller_by_name_keeps_two_accounts() -> None:
    story = Story(buyer="kim", seller="kim").buyer(c.Confirm)
    accounts: dict[str, int] = {}
    for posting in all_postings(story.events):
        accounts[posting.account] = accounts.get(posting.account, 0) + posting.amount
    assert accounts == {"buyer/kim": -5500, "escrow/O-1": 0, "seller/kim": 5500}


@rule("E1", "P2")
def test_a_lines_id_and_a_name_with_a_slash_stay_whole_in_accounts() -> None:
    story = Story(buyer="a/b", seller="seller/x")
    assert postings(story.events[0])[0] == Posting("buyer/a/b", -5500, "USD")
    assert (story.money["buyer"], story.buyer(c.Confirm).money["seller"]) == ("-55.00", "55.00")
