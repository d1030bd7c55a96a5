"""The clock goes by tick alone, or with the wall; every deadline on the way fires at its own instant (K1–K7)."""

from pathlib import Path
from typing import Any

import pytest

from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.instants import LATEST
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import Refusal
from dispute_cli.session import Session
from dispute_cli.ticking import catch_up
from tests.given import START, rule

from .shop import Shop, after, facts, on_disk, seconds, unchanged


def wall_shop(**more: Any) -> Shop:
    return Shop(clock="wall", **more)


# The forms of a tick


@rule("K4")
@pytest.mark.parametrize(
    ("form", "ends"),
    [
        ({"duration": "36h"}, after(1.5)),
        ({"duration": "P1DT12H"}, after(1.5)),
        ({"duration": "0s"}, after(0)),
        ({"to": "2026-01-03"}, after(2)),
        ({"to": "2026-01-03T02:00:00+02:00"}, after(2)),
        ({"next": True}, after(5)),
        ({"next": True, "before": True}, after(5, -1)),
    ],
)
def test_a_tick_goes_by_each_of_its_forms(form: dict[str, Any], ends: Any) -> None:
    shop = Shop().order().missing()
    answer = shop.ticked(**form)
    assert (answer.from_, answer.to, answer.now, shop.now) == (START, ends, ends, ends)


@rule("K4")
def test_until_idle_the_clock_stays_at_the_last_firing() -> None:
    shop = Shop().order().missing()
    answer = shop.ticked(until_idle=True)
    payout = shop.look().settlement
    assert payout is not None and answer.to == shop.now == payout.paid_at
    assert (answer.fired, answer.next, answer.bounded) == (2, None, False)
    again = shop.ticked(until_idle=True)
    assert (again.changed, again.fired, again.from_, again.to) == (False, 0, shop.now, shop.now)


@rule("K4")
def test_until_idle_says_where_its_bound_ended_it() -> None:
    shop = Shop(start=LATEST - seconds(86_400)).order()
    answer = shop.ticked(until_idle=True)
    assert (answer.changed, answer.fired, answer.bounded) == (False, 0, True)
    assert answer.next is not None and answer.next.kind == "protection"


@rule("K4")
def test_next_goes_to_the_second_before_and_then_to_the_deadline() -> None:
    shop = Shop().order().missing()
    assert shop.ticked(next=True, before=True).fired == 0
    assert shop.ticked(next=True, before=True).changed is False
    answer = shop.ticked(next=True)
    assert (answer.from_, answer.to, answer.fired) == (after(5, -1), after(5), 1)


@rule("K4", "K5")
def test_next_with_nothing_due_changes_nothing() -> None:
    shop = Shop()
    with unchanged(shop.store):
        answer = shop.ticked(next=True)
    assert (answer.ok, answer.changed, answer.fired, answer.next, answer.to) == (True, False, 0, None, START)


@rule("K4")
@pytest.mark.parametrize("forms", [{}, {"duration": "1d", "next": True}, {"to": "2026-01-03", "until_idle": True}, {"before": True}])
def test_a_tick_takes_exactly_one_form(forms: dict[str, Any]) -> None:
    shop = Shop().order()
    with pytest.raises(Malformed), unchanged(shop.store):
        shop.ticked(**forms)


@rule("K1")
def test_the_clock_never_goes_back() -> None:
    shop = Shop().order().tick("2d")
    with pytest.raises(Refusal) as caught, unchanged(shop.store):
        shop.ticked(to="2026-01-02T23:59:59Z")
    assert (caught.value.faults[0].rule, caught.value.faults[0].field, caught.value.now) == ("K1", "to", after(2))
    assert shop.ticked(to="2026-01-03").changed is False


@rule("K5")
def test_a_tick_that_fires_nothing_says_what_is_next() -> None:
    answer = Shop().order().missing().ticked("1d")
    assert (answer.changed, answer.fired, answer.events) == (True, 0, ())
    assert answer.next is not None and (answer.next.order, answer.next.kind, answer.next.at, answer.next.actor) == ("O-1", "seller_response", after(5), "seller")
    assert answer.next.means


@rule("K4")
def test_the_clock_cannot_go_past_the_last_instant() -> None:
    shop = Shop(start=LATEST - seconds(10))
    with pytest.raises(Malformed), unchanged(shop.store):
        shop.ticked("11s")
    assert shop.ticked("10s").now == LATEST
    with pytest.raises(Malformed):
        shop.ticked(to="9000-01-01")


# What fires, and in which order


@rule("K2")
def test_a_deadline_has_passed_at_its_own_instant() -> None:
    shop = Shop().order().missing().tick("5d")
    assert shop.look().cause == "seller_silent"
    shop.refused("W2", c.Respond, reject=True)


@rule("K2")
def test_consequences_fire_in_the_same_tick() -> None:
    shop = Shop().order().missing()
    answer = shop.ticked("30d")
    assert [event["type"] for event in answer.events] == ["seller_silent", "settled", "refund_paid", "closed"]
    assert answer.fired == 2
    assert [event["at"] for event in answer.events][:2] == ["2026-01-06T00:00:00Z"] * 2


@rule("K2")
def test_at_one_instant_orders_fire_by_code_point() -> None:
    shop = Shop()
    for id in ("b", "A", "a", "Z", "_", "-", ".", "9", "a.1"):
        shop.order(id)
    answer = shop.ticked("60d")
    ids = list(dict.fromkeys(event["order"] for event in answer.events))
    assert ids == sorted(ids) == ["-", ".", "9", "A", "Z", "_", "a", "a.1", "b"]


@rule("K2", "K7")
def test_at_one_instant_the_kinds_of_one_order_fire_in_their_order_before_the_next_order() -> None:
    shop = Shop().order("O-1").order("O-2").tick("55d").missing("O-1").missing("O-2")
    answer = shop.ticked("5d")
    assert [(event["order"], event["type"]) for event in answer.events] == [
        (order, type) for order in ("O-1", "O-2") for type in ("protection_ended", "seller_silent", "settled")
    ]


@rule("K2", "V6", "T2")
def test_at_one_instant_the_buyers_window_closes_before_the_sellers() -> None:
    shop = Shop().order().opened_whole()
    shop.give(c.Accept, actor="seller")
    shop.give(c.SendReturn, tracking="R1")
    shop.give(c.RefuseReturn, reason="an empty box")
    answer = shop.ticked("7d")
    assert [(event["type"], event["party"]) for event in answer.events] == [("evidence_closed", "buyer"), ("evidence_closed", "seller")]


@rule("K2")
def test_events_of_many_orders_stand_by_instant_whatever_order_they_were_made_in() -> None:
    shop = Shop()
    for number in (5, 3, 4, 1, 2):
        shop.order(f"O-{number}").missing(f"O-{number}").tick("1h")
    events = shop.ticked("20d").events
    assert [(event["at"], event["order"]) for event in events] == sorted((event["at"], event["order"]) for event in events)


@rule("K6")
def test_a_tick_of_24_hours_is_a_day_across_every_daylight_saving() -> None:
    shop = Shop()
    for _ in range(365):
        shop.tick("1d")
    assert shop.now == after(365)


# The wall clock


@rule("K1")
def test_reading_a_wall_store_shows_now_and_writes_nothing() -> None:
    shop = wall_shop().order().missing()
    shop.clock = after(6)
    with unchanged(shop.store):
        assert shop.look().status == "settling"
        assert shop.ask(q.Look(id="O-1")).now == after(6)
        assert shop.ask(q.Look(id="O-1")).order == shop.look(at=after(6))
        assert shop.ask(q.Deadlines()).deadlines[0].kind == "payout"
        assert shop.ask(q.Look()).orders[0].status == "settling"
    assert shop.now == START


@rule("K1")
def test_a_command_on_a_wall_store_first_fires_what_is_due() -> None:
    shop = wall_shop().order("O-1").missing("O-1").order("O-2")
    shop.clock = after(6)
    answer = shop.give(c.SendMessage, "O-2", text="hello")
    assert (answer.now, shop.now) == (after(6), after(6))
    assert [event["type"] for event in answer.events] == ["message_sent"]
    assert shop.types("O-1")[-2:] == ["seller_silent", "settled"]
    assert [event["seq"] for event in shop.told()] == list(range(1, len(shop.told()) + 1))


@rule("K1", "E5")
def test_a_refused_command_on_a_wall_store_leaves_its_bytes_alone(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path, clock="wall")).order().missing()
    shop.clock = after(6)
    refused = shop.refused("W2", c.Cancel)
    assert refused.now == after(6)
    assert refused.possible is not None and {move.command for move in refused.possible} == {"order ship", "order deliver", "message"}


@rule("K1")
def test_the_wall_never_turns_the_clock_back() -> None:
    shop = wall_shop()
    shop.clock = after(6)
    shop.order()
    shop.clock = after(2)
    assert shop.give(c.SendMessage, text="hello").now == after(6)
    assert shop.look().messages[0].at == after(6)


@rule("K1", "K4")
def test_on_a_wall_store_tick_takes_no_form_and_brings_the_clock_up_to_now() -> None:
    shop = wall_shop().order().missing()
    shop.clock = after(20)
    for form in ({"duration": "1d"}, {"to": "2027-01-01"}, {"next": True}, {"until_idle": True}):
        with pytest.raises(Refusal) as caught, unchanged(shop.store):
            shop.ticked(**form)
        assert caught.value.faults[0].rule == "K4"
    answer = shop.ticked()
    assert (answer.from_, answer.to, answer.fired, shop.now) == (START, after(20), 2, after(20))
    assert shop.ticked().changed is False


@rule("K1")
def test_a_wall_store_ends_with_the_facts_of_a_simulated_one() -> None:
    wall, simulated = wall_shop(), Shop()
    for shop in (wall, simulated):
        shop.order().missing()
    wall.clock = after(9)
    simulated.tick("9d")
    for shop in (wall, simulated):
        shop.give(c.SendMessage, text="well?")
    assert facts(wall.store) == facts(simulated.store)


@rule("K1")
def test_a_dry_run_on_a_wall_store_is_as_if_done_and_writes_nothing() -> None:
    shop = wall_shop().order("O-1").missing("O-1")
    shop.clock = after(6)
    with unchanged(shop.store):
        dry = shop.give(c.CreateOrder, "O-2", price="1.00", dry_run=True)
    done = shop.give(c.CreateOrder, "O-2", price="1.00")
    assert (dry.dry_run, dry.order, dry.events) == (True, done.order, done.events)


@rule("K1")
def test_a_question_about_the_past_of_a_wall_store_sees_what_had_passed_by_then() -> None:
    shop = wall_shop().order().missing()
    shop.clock = after(30)
    assert shop.look(at=after(5, -1)).status == "awaiting_seller"
    assert shop.look(at=after(5)).status == "settling"
    assert shop.look(at=after(29)).status == "closed"


@rule("K1")
def test_a_simulated_store_never_looks_at_the_wall() -> None:
    shop = Shop().order()
    shop.clock = after(1000)
    assert shop.look().status == "protected"
    assert shop.give(c.SendMessage, text="hello").now == START


@rule("K1")
def test_a_wall_clock_that_steps_back_lets_no_command_pass_what_a_look_has_seen() -> None:
    shop = wall_shop().order().opened()
    with shop.store.write("batch") as desk:
        session = Session(desk)
        session.see(after(6))
        catch_up(session, desk, after(4.9))
        assert session.now == after(6)
        session.flush(desk)
    assert "seller_silent" in [event["type"] for event in shop.ask(q.Events()).events]
