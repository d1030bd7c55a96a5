"""A purchase of several products is several orders that are given some commands together (E1)."""

from typing import Any

import pytest

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli import reading
from dispute_cli.core import commands as c
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor
from dispute_cli.reading import NoSuchThing
from tests.given import PHOTO, rule

from .shop import OVERDUE, Shop, unchanged

ON_ONE_LINE: list[tuple[type[c.Command], dict[str, Any]]] = [
    (c.OpenDispute, OVERDUE),
    (c.EditDispute, {"refund": "full"}),
    (c.Cancel, {}),
    (c.Respond, {"reject": True}),
    (c.Accept, {}),
    (c.ExtendProtection, {"days": 3}),
    (c.Escalate, {"confirm": True}),
    (c.AddEvidence, {"link": ("https://a.example/b",)}),
    (c.SendReturn, {"tracking": "R1"}),
    (c.AcknowledgeReturn, {}),
    (c.RefuseReturn, {"reason": "empty"}),
    (c.RequestEvidence, {"party": "buyer"}),
    (c.Rule, {"refund": "0", "reason": "so"}),
]


def statuses(shop: Shop, id: str = "P") -> list[str]:
    return [order.status for order in shop.looks(id)]


@rule("E1", "E2")
def test_a_purchase_is_a_line_for_each_item_with_its_own_escrow() -> None:
    shop = Shop().purchase("P", "Cup=10.00", "Pot=20.00", delivery="3.00", buyer="anna", seller="bob")
    cup, pot = shop.looks()
    assert (cup.id, cup.title, cup.price, cup.delivery, cup.total, cup.balances.escrow) == ("P/1", "Cup", "10.00", "1.00", "11.00", "11.00")
    assert (pot.id, pot.title, pot.price, pot.delivery, pot.total, pot.balances.escrow) == ("P/2", "Pot", "20.00", "2.00", "22.00", "22.00")
    assert {order.buyer for order in (cup, pot)} == {"anna"}


@rule("E1")
@pytest.mark.parametrize(
    ("prices", "delivery", "shares"),
    [
        (("10.00", "10.00", "10.00"), "1.00", ["0.34", "0.33", "0.33"]),
        (("0.01", "0.01"), "0.01", ["0.01", "0.00"]),
        (("10.00", "20.00", "30.00"), "5.00", ["0.83", "1.67", "2.50"]),
        (("1.00", "99.00"), "0", ["0.00", "0.00"]),
    ],
)
def test_delivery_is_shared_by_price_and_nothing_is_lost(prices: tuple[str, ...], delivery: str, shares: list[str]) -> None:
    shop = Shop().purchase("P", *(f"A={price}" for price in prices), delivery=delivery)
    assert [order.delivery for order in shop.looks()] == shares


@rule("E1")
def test_a_command_on_a_purchase_answers_orders_and_one_on_a_line_answers_order() -> None:
    shop = Shop()
    made = shop.give(c.CreateOrder, "P", item=("Cup=10.00", "Pot=20.00"))
    assert isinstance(made, a.DoneOnLines) and [order.id for order in made.orders] == ["P/1", "P/2"]
    shipped = shop.give(c.Ship, "P", tracking="T1")
    assert [event["order"] for event in shipped.events] == ["P/1", "P/2"]
    one = shop.give(c.Ship, "P/2", tracking="T2")
    assert isinstance(one, a.Done) and one.order.tracking == "T2"
    assert [order.tracking for order in shop.looks()] == ["T1", "T2"]


@rule("E1")
def test_a_purchase_of_one_item_is_still_a_line() -> None:
    shop = Shop()
    made = shop.give(c.CreateOrder, "P", item=("Cup=10.00",))
    assert isinstance(made, a.DoneOnLines) and made.orders[0].id == "P/1"
    assert shop.give(c.Ship, "P", tracking="T1").orders[0].tracking == "T1"


@rule("E1")
def test_ten_lines_stand_in_the_order_of_their_numbers() -> None:
    shop = Shop().purchase("P", *(f"Cup {n}=1.00" for n in range(1, 12)))
    assert [order.id for order in shop.looks()] == [f"P/{n}" for n in range(1, 12)]


@rule("E1", "E3")
def test_a_bare_id_acts_on_the_lines_that_are_not_closed() -> None:
    shop = Shop().purchase()
    shop.give(c.Confirm, "P/2")
    answer = shop.give(c.Deliver, "P")
    assert [event["order"] for event in answer.events] == ["P/1", "P/3"]
    shop.give(c.Confirm, "P")
    assert statuses(shop) == ["closed", "closed", "closed"]


@rule("E1")
def test_all_lines_or_none_are_changed() -> None:
    shop = Shop().purchase()
    shop.give(c.Deliver, "P/2")
    refused = shop.refused("E6", c.Deliver, "P")
    assert refused.possible is not None
    assert [order.delivered_at for order in shop.looks()][::2] == [None, None]


@rule("E1", "E3")
def test_a_line_that_refuses_is_told_before_another_line_asks_for_consent() -> None:
    shop = Shop().purchase().missing("P/3")
    with pytest.raises(Exception, match="dispute is open"), unchanged(shop.store):
        shop.give(c.Confirm, "P", yes=False)
    shop.needs_consent("E3", c.Confirm, "P/1")


@rule("E1", "A1")
def test_a_line_that_refuses_is_told_before_the_advice_about_another() -> None:
    shop = Shop().purchase().missing("P/2")
    shop.offered("P/2").give(c.Escalate, "P/2", confirm=True)
    shop.refused("V6", c.SendMessage, "P", text="Siehe https://a.example", language="de", strict=True)
    refused = shop.refused("A1", c.SendMessage, "P", text="Wo ist das Paket?", language="de", strict=True)
    assert len(refused.faults) == 1


@rule("E1", "V7")
def test_a_message_goes_to_every_line_closed_or_not() -> None:
    shop = Shop().purchase()
    shop.give(c.Confirm, "P/1")
    answer = shop.give(c.SendMessage, "P", text="Thank you")
    assert [len(order.messages) for order in answer.orders] == [1, 1, 1]


@rule("E1", "E6", "E3")
def test_when_all_lines_are_closed_their_own_rule_refuses() -> None:
    shop = Shop().purchase()
    shop.give(c.Confirm, "P")
    shop.refused("E6", c.Ship, "P", tracking="T9")
    shop.refused("E6", c.Deliver, "P")
    shop.refused("E3", c.Confirm, "P")
    assert shop.give(c.SendMessage, "P", text="Bye").changed


@rule("E1", "W1")
@pytest.mark.parametrize(("kind", "fields"), ON_ONE_LINE, ids=lambda value: c.name_of(value) if isinstance(value, type) else "")
def test_anything_else_with_a_bare_id_is_refused_before_the_actor_and_names_the_lines(kind: type[c.Command], fields: dict[str, Any]) -> None:
    shop = Shop().purchase()
    refused = shop.refused("E1", kind, "P", actor=Actor.CLOCK, **fields)
    assert refused.hint is not None and "P/1, P/2, P/3" in refused.hint


@rule("E1", "W1")
def test_a_wrong_actor_on_all_lines_is_refused() -> None:
    Shop().purchase().refused("W1", c.Ship, "P", actor=Actor.BUYER, tracking="T1")


@rule("E1")
@pytest.mark.parametrize("first", ["order", "purchase"])
@pytest.mark.parametrize("second", ["order", "purchase"])
def test_no_id_is_used_twice_as_order_or_purchase(first: str, second: str) -> None:
    shop = Shop()
    getattr(shop, first)("X")
    fields: dict[str, Any] = {"price": "1.00"} if second == "order" else {"item": ("Cup=1.00",)}
    shop.refused("E1", c.CreateOrder, "X", **fields)
    shop.tick(until_idle=True)
    shop.refused("E1", c.CreateOrder, "X", **fields)


@rule("E1")
def test_ids_are_told_apart_by_letter_case_and_a_bare_prefix_is_another_id() -> None:
    shop = Shop().order("x").order("X").purchase("P").order("P-1").order("Pa")
    assert len(shop.looks("P")) == 3
    assert shop.listed(all=True) == ["P-1", "P/1", "P/2", "P/3", "Pa", "X", "x"]


@rule("E1")
@pytest.mark.parametrize("id", ["O-2", "P/4", "O-1/1", "p"])
def test_an_unknown_id_is_no_such_thing_for_commands_and_questions(id: str) -> None:
    shop = Shop().order("O-1").purchase("P")
    for question in (q.Look(id=id), q.Events(id=id), q.Ledger(id=id), q.EvidenceList(id=id)):
        with pytest.raises(NoSuchThing) as caught:
            shop.ask(question)
        assert caught.value.now == shop.now
    with pytest.raises(NoSuchThing), unchanged(shop.store):
        shop.give(c.Cancel, id, actor=Actor.SELLER)


@rule("E1")
def test_reading_a_purchase_reads_every_line() -> None:
    shop = Shop().purchase()
    shop.give(c.OpenDispute, "P/1", files=(PHOTO,), received=True, reason="defective", refund="1.00", message="Broken")
    shop.missing("P/2")
    assert [row.type for row in shop.ask(q.EvidenceList(id="P/1")).evidence] == ["png"]
    assert {event["order"] for event in shop.told("P")} == {"P/1", "P/2", "P/3"}
    assert [event["seq"] for event in shop.told("P")] == sorted(event["seq"] for event in shop.told("P"))
    accounts = {balance.account for balance in shop.ask(q.Ledger(id="P")).balances}
    assert {"escrow/P/1", "escrow/P/2", "escrow/P/3"} <= accounts


@rule("E1")
def test_evidence_is_asked_for_by_the_line() -> None:
    shop = Shop().purchase()
    for question in (q.EvidenceList(id="P"), q.EvidenceExport(id="P", hash="0" * 64, file="photo.png")):
        with pytest.raises(Refusal, match="several lines") as refused, shop.service.reading() as session:
            reading.ANSWERS["evidence list"](session, question) if isinstance(question, q.EvidenceList) else reading.export(session, question)
        assert [fault.rule for fault in refused.value.faults] == ["E1"]


@rule("E1")
def test_a_line_reads_alone() -> None:
    shop = Shop().purchase()
    assert {event["order"] for event in shop.told("P/2")} == {"P/2"}
    assert shop.look("P/2").title == "Pot"


@rule("E1", "D1")
def test_lines_are_disputed_each_for_itself() -> None:
    shop = Shop().purchase().missing("P/2")
    assert statuses(shop) == ["protected", "awaiting_seller", "protected"]
    shop.tick("5d")
    assert statuses(shop) == ["protected", "settling", "protected"]


@rule("E1")
def test_a_purchase_larger_than_the_session_keeps_in_memory_is_shipped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.session.KEPT", 1)
    shop = Shop().purchase()
    assert len(shop.give(c.Ship, "P", tracking="T1").events) == 3
