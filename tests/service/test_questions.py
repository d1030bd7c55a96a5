"""What is asked of a store: pages now, then and later, the list, events, money, deadlines, evidence. Asking changes nothing."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli import reading
from dispute_cli.core import commands as c
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.words import Actor
from dispute_cli.reading import NoSuchThing
from tests.given import PHOTO, rule
from tests.pictures import png

from .markets import Market, played
from .shop import OVERDUE, Shop, after, on_disk, unchanged, written

# A page at an instant


def storied() -> Shop:
    """Day 0 paid, day 2 opened, day 4 offered, day 6 cancelled, day 8 now."""
    shop = Shop().order().tick("2d").opened().tick("2d").offered(refund="10.00").tick("2d")
    shop.give(c.Cancel)
    return shop.tick("2d")


@rule("N4", "K1")
@pytest.mark.parametrize(
    ("at", "status"),
    [(0, "protected"), (2, "awaiting_seller"), (3.9, "awaiting_seller"), (4, "awaiting_buyer"), (6, "protected"), (8, "protected"), (59.9, "protected"), (60, "closed")],
)
def test_a_page_at_an_instant_is_the_page_of_then(at: float, status: str) -> None:
    shop = storied()
    with unchanged(shop.store):
        assert shop.look(at=after(at)).status == status


@rule("N4")
def test_the_past_has_its_own_possibilities_deadlines_and_money() -> None:
    past = storied().look(at=after(5))
    assert [(due.kind, due.at) for due in past.deadlines] == [("buyer_response", after(14)), ("protection", after(60))]
    assert ("buyer", "accept") in {(move.actor, move.command) for move in past.possible}
    assert past.dispute is not None and past.dispute.offer is not None and past.dispute.offer.refund == "10.00"
    assert (len(past.evidence), len(past.messages), past.balances.escrow) == (1, 1, "55.00")


def test_an_answer_about_an_instant_names_it_and_the_stores_own_now() -> None:
    answer = storied().ask(q.Look(id="O-1", at=written(after(5))))
    assert (answer.at, answer.now) == (after(5), after(8))
    assert storied().ask(q.Look(id="O-1")).at is None
    assert storied().ask(q.Look(at=written(after(5)))).at == after(5)


def test_before_it_existed_an_order_is_no_such_thing() -> None:
    shop = Shop().tick("5d").order()
    with pytest.raises(NoSuchThing) as caught:
        shop.look(at=after(5, -1))
    assert (caught.value.at, caught.value.now) == (after(5, -1), after(5))
    assert shop.look(at=after(5)) == shop.look()
    assert shop.listed(all=True, at=written(after(4))) == []


def test_lines_of_a_purchase_are_shown_at_an_instant() -> None:
    shop = Shop().purchase().tick("1d").missing("P/2").tick("1d")
    assert [order.status for order in shop.looks(at=after(0.5))] == ["protected"] * 3
    assert [order.status for order in shop.looks(at=after(6))] == ["protected", "settling", "protected"]


@pytest.mark.parametrize("at", ["yesterday", "2026-02-30", "2026-01-01T00:00:00", "9999-12-31"])
def test_an_instant_that_is_none_is_malformed(at: str) -> None:
    with pytest.raises(Malformed):
        q.Look(id="O-1", at=at)


@rule("A4", "A6")
def test_advice_on_a_page_belongs_to_the_instant_that_it_shows() -> None:
    shop = Shop().order()
    codes = [{warning.code for warning in shop.ask(q.Look(id="O-1", at=at)).warnings} for at in (None, written(after(58.5)), written(after(61)))]
    assert codes == [{"A6"}, {"A4", "A6"}, set()]


# The list


def market() -> Shop:
    shop = Shop()
    for id, total in (("c", "30.00"), ("a", "20.00"), ("b", "10.00"), ("d", "40.00"), ("e", "5.00")):
        shop.order(id, price=total, delivery="0")
    shop.missing("c").tick("1d")
    shop.opened("a", refund="1.00").offered("a", refund="0").tick("1d").missing("b")
    shop.give(c.Cancel, "b")
    shop.give(c.Confirm, "e")
    return shop


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, ["a", "b", "c"]),
        ({"all": True}, ["a", "b", "c", "d", "e"]),
        ({"sort": "due"}, ["c", "a", "b"]),
        ({"sort": "status"}, ["b", "c", "a"]),
        ({"sort": "opened"}, ["c", "a", "b"]),
        ({"sort": "total"}, ["b", "a", "c"]),
        ({"all": True, "sort": "due"}, ["c", "a", "b", "d", "e"]),
        ({"all": True, "limit": 2}, ["a", "b"]),
        ({"all": True, "sort": "total", "limit": 1}, ["e"]),
        ({"status": "awaiting_buyer"}, ["a"]),
        ({"status": "closed"}, []),
        ({"status": "closed", "all": True}, ["e"]),
        ({"actor": "seller"}, ["c"]),
        ({"actor": "buyer"}, ["a", "b"]),
        ({"actor": "platform"}, []),
        ({"due": "3d"}, ["c"]),
        ({"due": "2d23h"}, []),
        ({"due": "9d"}, ["a", "c"]),
        ({"at": "2026-01-01"}, ["c"]),
        ({"at": "2026-01-07"}, ["a", "b", "c"]),
        ({"at": "2026-01-07", "status": "settling"}, ["c"]),
        ({"at": "2026-01-12", "actor": "platform"}, ["a"]),
    ],
)
def test_the_list_is_filtered_sorted_and_cut(filters: dict[str, Any], ids: list[str]) -> None:
    shop = market()
    with unchanged(shop.store):
        assert shop.listed(**filters) == ids


def test_a_row_shows_the_dispute_and_the_next_deadline() -> None:
    row = next(row for row in market().ask(q.Look()).orders if row.id == "a")
    assert (row.status, row.reason, row.total, row.demand.refund, row.offer.refund, row.claim) == ("awaiting_buyer", "defective", "20.00", "1.00", "0.00", None)
    assert (row.next_deadline.kind, row.next_deadline.at) == ("buyer_response", after(11))


@pytest.mark.parametrize("filters", [{"limit": 0}, {"limit": -1}, {"id": "a", "all": True}, {"id": "a", "sort": "due"}, {"due": "1y"}])
def test_a_list_asked_for_wrongly_is_malformed(filters: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        q.Look(**filters)


# Events


def test_events_are_those_after_a_seq_of_some_types_of_an_order() -> None:
    shop = market()
    everything = shop.told()
    assert [event["seq"] for event in everything] == list(range(1, len(everything) + 1))
    assert shop.told(since=3) == everything[3:]
    assert shop.told(since=len(everything)) == shop.told(since=10**6) == ()
    assert {event["type"] for event in shop.told(type=("offer_made", "closed"))} == {"offer_made", "closed"}
    assert [event["type"] for event in shop.told("b", since=3)] == ["dispute_opened", "message_sent", "dispute_cancelled"]
    assert shop.told("b", since=3, type=("closed",)) == ()


def test_events_tell_amounts_as_decimals_of_their_currency() -> None:
    shop = Shop().order("U").order("J", price="50", delivery="5", currency="JPY").order("K", price="1.234", delivery="0", currency="KWD")
    assert [(event["price"], event["delivery"]) for event in shop.told()] == [("50.00", "5.00"), ("50", "5"), ("1.234", "0.000")]


@pytest.mark.parametrize(("type", "told"), [("opened", "dispute_opened"), ("Closed", "Did you mean 'closed'"), ("lapse", "dispute_opened"), ("", "dispute_opened")])
def test_an_unknown_type_of_event_is_malformed_and_types_are_named(type: str, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        Shop().order().told(type=(type,))


# Money


@rule("P2", "P3")
@settings(max_examples=60)
@given(Market)
def test_the_ledger_sums_to_zero_in_every_currency_and_agrees_with_every_page(drawn: list[tuple[str, str]]) -> None:
    shop = played(drawn).order("J", price="7", delivery="0", currency="JPY").tick("40d")
    answer = shop.ask(q.Ledger())
    assert isinstance(answer, a.LedgerTold)
    for rows in (answer.postings, answer.balances):
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            sums[row.currency] += Decimal(row.amount)
        assert set(sums.values()) == {Decimal(0)}
    held = {balance.account: balance.amount for balance in answer.balances}
    assert [held[f"escrow/{id}"] for id in shop.listed(all=True)] == [shop.look(id).balances.escrow for id in shop.listed(all=True)]


@rule("P2")
def test_the_ledger_of_an_order_has_its_postings_alone() -> None:
    shop = Shop().order("O-1").order("O-2").missing("O-1").tick("30d")
    answer = shop.ask(q.Ledger(id="O-1"))
    assert [(posting.account, posting.amount) for posting in answer.postings] == [
        ("buyer/buyer", "-55.00"), ("escrow/O-1", "55.00"), ("escrow/O-1", "-55.00"), ("buyer/buyer", "55.00"),
    ]
    assert {(balance.account, balance.amount) for balance in answer.balances} == {("buyer/buyer", "0.00"), ("escrow/O-1", "0.00")}


# Deadlines


@rule("K2")
def test_deadlines_stand_in_the_order_in_which_they_fire() -> None:
    shop = Shop().order("b").order("a").tick("55d").missing("b").missing("a")
    told = [(due.order, due.kind, due.at) for due in shop.ask(q.Deadlines()).deadlines]
    assert told == [(order, kind, after(60)) for order in "ab" for kind in ("protection", "seller_response")]


@pytest.mark.parametrize(("within", "count"), [("4d", 0), ("5d", 1), ("59d", 1), ("60d", 3), (None, 3)])
def test_deadlines_within_a_duration_include_its_end(within: str | None, count: int) -> None:
    shop = Shop().order("O-1").order("O-2").missing("O-1")
    assert len(shop.ask(q.Deadlines(within=within)).deadlines) == count


def test_a_closed_order_has_no_deadline() -> None:
    shop = Shop().order()
    shop.give(c.Confirm)
    assert shop.ask(q.Deadlines()).deadlines == ()


# Evidence


@rule("V4")
def test_evidence_is_given_back_unchanged(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order()
    trailing = type(PHOTO)(name="b.png", size=len(png(7)) + 3, data=png(7) + b"\0\xff\n")
    shop.give(c.OpenDispute, files=(PHOTO, trailing), received=True, reason="defective", refund="1.00", message="Broken")
    records = shop.ask(q.EvidenceList(id="O-1")).evidence
    for record, file in zip(records, (PHOTO, trailing), strict=True):
        answer, data = shop.service.export(q.EvidenceExport(id="O-1", hash=record.hash, file="out"))
        assert (data, answer.size, answer.hash) == (file.data, len(file.data), record.hash)


@rule("V4")
def test_the_same_bytes_twice_are_two_records_and_one_file(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order().opened()
    shop.give(c.AddEvidence, file=("photo.png",), files=(PHOTO,))
    assert len(shop.look().evidence) == 2
    assert len(list(tmp_path.glob("**/blobs/*"))) == 1


@rule("V4")
def test_evidence_of_another_order_is_no_such_thing() -> None:
    shop = Shop().order("O-1").opened("O-1").order("O-2")
    hash = shop.look("O-1").evidence[0].hash
    assert hash is not None
    for id, wanted in (("O-2", hash), ("O-1", "0" * 64), ("O-3", hash)):
        with pytest.raises(NoSuchThing) as caught:
            shop.service.export(q.EvidenceExport(id=id, hash=wanted, file="out"))
        assert caught.value.now is not None


@rule("V7")
def test_messages_stand_in_one_order_from_before_the_dispute_to_after_it() -> None:
    shop = Shop().order()
    shop.give(c.SendMessage, text="Where is it?")
    shop.missing()
    shop.give(c.Cancel)
    shop.give(c.SendMessage, text="Thanks", actor="seller")
    assert [(message.by, message.dispute) for message in shop.look().messages] == [("buyer", None), ("buyer", 1), ("seller", None)]


@rule("N4")
def test_no_question_changes_a_byte(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order().opened()
    asked: list[q.Asked] = [
        q.Look(), q.Look(id="O-1"), q.Look(id="O-1", at="2027-01-01"), q.Events(), q.Ledger(), q.Deadlines(), q.EvidenceList(id="O-1"), q.Verify(),
    ]
    for question in asked:
        with unchanged(shop.store):
            assert shop.ask(question).ok


@rule("D12")
def test_the_list_shows_an_order_whose_dispute_was_cancelled_without_one() -> None:
    shop = Shop().order()
    shop.give(c.OpenDispute, **OVERDUE)
    shop.give(c.Cancel)
    row = shop.ask(q.Look()).orders[0]
    assert (row.id, row.status, row.reason, row.demand, row.opened_at) == ("O-1", "protected", None, None, None)


# Questions that are not of their form


@pytest.mark.parametrize(
    ("make", "field", "said"),
    [
        (lambda: q.Look(limit=0), "limit", "give a whole number from 1 on"),
        (lambda: q.Look(history=True), "history", "name the order"),
        (lambda: q.Look(lifecycle=True), "lifecycle", "name the order"),
        (lambda: q.Look(id="O-1", all=True), "id", "leave the id out"),
        (lambda: q.PolicyDiff(file=("ebay",)), "file", "two policies are compared, and 1 is named"),
        (lambda: q.PolicyDiff(file=("ebay", "etsy", "paypal")), "file", "two policies are compared, and 3 are named"),
        (lambda: q.Lifecycle(file=("ebay", "etsy"), draw="text"), "file", "under one policy"),
        (lambda: q.Lifecycle(file=("ebay",)), "draw", "a policy goes with --draw"),
    ],
)
def test_a_question_that_contradicts_itself_is_malformed(make: Callable[[], q.Question], field: str, said: str) -> None:
    with pytest.raises(Malformed, match=said) as caught:
        make()
    assert caught.value.field == field


def test_a_list_may_be_as_short_as_one_row() -> None:
    shop = Shop().order("O-1").order("O-2")
    assert shop.listed(all=True, limit=1) == ["O-1"]


def test_an_order_is_asked_for_with_its_history_and_its_place_in_the_lifecycle() -> None:
    told = Shop().order().opened().ask(q.Look(id="O-1", history=True, lifecycle=True))
    assert [event["type"] for event in told.history] == ["order_created", "dispute_opened", "evidence_added", "message_sent"]
    assert a.Choice(Actor.BUYER, "edit", {"id": "O-1", "refund": "10.00"}) in told.moves
    assert "\n> awaiting_seller\n" in told.lifecycle and told.lifecycle.count(">") == told.lifecycle.count("->") + 1


# An id that does not exist


def test_the_ids_that_differ_in_their_last_letters_are_looked_at_however_many_begin_alike() -> None:
    shop = Shop()
    for number in range(100, 170):
        shop.order(f"O-{number}")
    with shop.service.reading() as session:
        assert {"O-150", "O-159", "O-100"} <= {*reading.neighbours(session, "O-15x")}


def test_of_lines_near_an_unknown_id_their_purchase_is_looked_at_too() -> None:
    with Shop().purchase("P").service.reading() as session:
        assert {"P", "P/1", "P/3"} <= {*reading.neighbours(session, "Q")}


def test_an_order_that_waits_for_nothing_has_no_next_deadline_nor_has_one_that_is_not_there() -> None:
    with Shop().order().tick(until_idle=True).service.reading() as session:
        assert [reading.next_deadline(session, id) for id in ("O-1", "O-2")] == [None, None]
