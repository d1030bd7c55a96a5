"""`record`: whatever a store's history is, the scenario written from it passes, makes the same events, and is recorded as the same bytes again."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli import retelling
from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.evidence import Attachment
from dispute_cli.core.evolve import Unsound
from dispute_cli.core.policy import Policy, as_data, from_data
from dispute_cli.core.words import Actor
from dispute_cli.policies import parse
from dispute_cli.reading import NoSuchThing
from dispute_cli.runs.scenario import notation, source, trial
from dispute_cli.runs.scenario.luggage import as_toml
from dispute_cli.runs.scenario.play import Result, play
from dispute_cli.runs.scenario.record import record
from dispute_cli.session import Session
from dispute_cli.store import Standing, Store
from tests.given import DEFECTIVE, PHOTO, POLICY, START, policy_with
from tests.pictures import PNG, png

from .histories import Game, facts_of
from .shop import OVERDUE, Shop, commit_of, on_disk, settled

HISTORIES = int(os.environ.get("SOAK_HISTORIES", "240"))
FIRST = int(os.environ.get("SOAK_SEED", "0"))
SHARDS = 8
MOVES = 10


def written(store: Store, *ids: str) -> str:
    with store.read() as view:
        return record(Session(view), ids)


def played(text: str) -> Result:
    [test] = trial.from_text(text.encode())
    return play(test)


def check(store: Store, *ids: str) -> str:
    """The scenario passes, and its store has the very events and is recorded as the very bytes."""
    text = written(store, *ids)
    result = played(text)
    assert not result.failures, (result.failures, text)
    with store.read() as view:
        lines = [line for id in ids for line in view.lines(id) or [id]]
    for id in lines:
        assert facts_of(result.store, id) == facts_of(store, id), text
    assert written(result.store, *ids) == text
    return text


def steps(shop: Shop, *ids: str) -> list[Any]:
    """The steps of the scenario, as data."""
    return list(data(check(shop.store, *ids))["steps"])


def data(text: str) -> Any:
    return source.plain(source.parse("-", text.encode()))


def said(shop: Shop, id: str = "O-1") -> list[dict[str, Any]]:
    """What the actors said, each with who it was; nothing of what is expected."""
    return [{"by": actor, **step[actor]} for step in steps(shop, id) for actor in ("buyer", "seller", "platform") if actor in step]


# Any history


@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_history_is_written_as_a_scenario_that_passes_and_is_written_the_same_again(shard: int) -> None:
    for number in range(shard, HISTORIES, SHARDS):
        game = Game(FIRST * 1_000_000 + number).played(MOVES)
        check(game.store, *game.some())


# The file


def test_a_scenario_reads_as_one_written_by_hand() -> None:
    shop = Shop(seed=7).order(title="Blue cup").tick("31d")
    shop.give(c.OpenDispute, received=False, reason="delivery_overdue", message="Never came")
    shop.tick("30d")
    assert check(shop.store, "O-1") == """\
# yaml-language-server: $schema=./scenario.schema.json
scenario: History of O-1
init: {start: 2026-01-01, seed: 7, policy: aliexpress}
orders:
  - {id: O-1, price: 50.00, delivery: 5.00, title: Blue cup}
steps:
  - at: 31d
    buyer: {open: O-1, received: false, reason: delivery_overdue, message: Never came}
    expect: [status == 'awaiting_seller', dispute.demand.refund == '55.00']
  - at: 36d
    events: [seller_silent]
    expect: [status == 'settling', cause == 'seller_silent', settlement.refund == '55.00']
  - at: 43d
    events: [refund_paid]
    expect: [status == 'closed']
    money: {buyer: 0.00, seller: 0.00, escrow: 0.00}
"""


def test_money_that_is_demanded_or_offered_is_expected_where_it_is_said() -> None:
    shop = Shop().order().tick("31d")
    shop.give(c.OpenDispute, received=False, reason="delivery_overdue", message="Never came")
    shop.give(c.Respond, refund="10.00", message="So much")
    shop.give(c.EditDispute, received=False, reason="wrong_tracking", message="Not to me")
    shop.give(c.Respond, promise="reship", message="Wait")
    text = check(shop.store, "O-1")
    assert re.findall(r"dispute\.(\w+)\.refund == '(.*?)'", text) == [("demand", "55.00"), ("offer", "10.00"), ("demand", "55.00")]


def test_a_scenario_may_be_given_a_name() -> None:
    with Shop().order().store.read() as view:
        assert "\nscenario: Silence\n" in record(Session(view), ["O-1"], "Silence")


def test_the_head_of_the_store_is_its_init() -> None:
    policy = policy_with(protection={"days": 90})
    shop = Shop(start=START + timedelta(days=59, hours=12, seconds=5), seed=-3, policy=policy).order()
    found = data(check(shop.store, "O-1"))
    assert found["init"] == {"start": "2026-03-01T12:00:05Z", "seed": "-3", "policy": "aliexpress.toml"}
    assert parse("x", found["files"]["aliexpress.toml"]["text"].encode()) == policy


def test_a_store_on_disk_on_the_wall_clock_is_told_as_far_as_it_is_recorded(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path, clock="wall"))
    shop.order().missing()
    shop.clock += timedelta(days=1, seconds=1)
    shop.give(c.SendMessage, text="Hello")
    shop.clock += timedelta(days=50)
    found = steps(shop, "O-1")
    assert [step.get("at") for step in found] == [None, "1d1s"]
    shop.tick()
    assert [step.get("at") for step in steps(shop, "O-1")] == [None, "1d1s", "5d", "12d"]


def test_an_order_of_which_nothing_is_expected_is_looked_at_once() -> None:
    shop = Shop().order().order("O-2")
    shop.give(c.Ship, tracking="T1")
    assert steps(shop, "O-1") == [
        {"seller": {"order ship": "O-1", "tracking": "T1"}},
        {"expect": ["status == 'protected'"], "money": {"buyer": "-55.00", "seller": "0.00", "escrow": "55.00"}},
    ]
    assert [step.get("order") for step in steps(shop, "O-1", "O-2")] == [None, "O-1", "O-2"]


def test_what_silence_means_to_several_orders_at_one_instant_is_one_move_of_the_clock() -> None:
    shop = Shop().order("A").order("B").missing("A").missing("B").tick("5d")
    shop.give(c.SendMessage, "B", text="So")
    assert [(step.get("at"), step.get("order"), step.get("events")) for step in steps(shop, "A", "B")[2:]] == [
        ("5d", "A", ["seller_silent"]),
        (None, "B", None),
        (None, None, None),
    ]


def test_deadlines_of_one_order_at_one_instant_are_one_step() -> None:
    shop = Shop().order().tick("55d").missing().tick("5d")
    assert steps(shop, "O-1")[-1]["events"] == ["protection_ended", "seller_silent"]


def test_an_unknown_id_is_told() -> None:
    with pytest.raises(NoSuchThing, match="There is no order 'O-9'"):
        written(Shop().order().store, "O-1", "O-9")


def test_an_id_that_is_asked_for_twice_is_told_once() -> None:
    shop = Shop().purchase()
    assert written(shop.store, "P", "P/1", "P") == written(shop.store, "P", "P/1")
    assert data(written(shop.store, "P", "P/1", "P"))["scenario"] == "History of P and P/1"
    assert data(written(shop.order("A").order("B").store, "P", "A", "B"))["scenario"] == "History of P and 2 more"


# Orders and purchases


def test_an_order_is_written_with_what_differs_from_the_usual() -> None:
    shop = Shop().order(currency="KWD", price="5.000", delivery="0", buyer="Ann $", seller="null", title=' "Cup": #1 ', deliver_by="2026-01-21")
    assert data(check(shop.store, "O-1"))["orders"] == [
        {"id": "O-1", "price": "5.000", "currency": "KWD", "buyer": "Ann $$", "seller": "null", "title": ' "Cup": #1 ', "deliver_by": "20d"}
    ]


def test_an_order_made_later_is_a_step() -> None:
    shop = Shop().order("A").tick("3d").order("B", deliver_by="2026-01-21T00:00:01Z").tick("1h").order("C", deliver_by="2026-01-21")
    found = data(check(shop.store, "A", "B", "C"))
    assert [order["id"] for order in found["orders"]] == ["A"]
    assert found["steps"][:2] == [
        {"at": "3d", "buyer": {"order create": "B", "price": "50.00", "delivery": "5.00", "deliver_by": "2026-01-21T00:00:01Z"}},
        {"at": "3d1h", "buyer": {"order create": "C", "price": "50.00", "delivery": "5.00", "deliver_by": "2026-01-21"}},
    ]


def test_policies_of_orders_are_named_or_brought_along_each_under_a_name_of_its_own() -> None:
    shop = Shop()
    shop.shelf = {"one": policy_with(protection={"days": 50}), "two": policy_with(protection={"days": 40}), "odd": odd_policy()}
    for id, policy in (("A", "one"), ("B", "two"), ("C", "aliexpress"), ("D", "odd"), ("E", "one")):
        shop.order(id, policy=policy)
    found = data(check(shop.store, "A", "B", "C", "D", "E"))
    assert [order.get("policy") for order in found["orders"]] == ["aliexpress.toml", "aliexpress-2.toml", None, "policy.toml", "aliexpress.toml"]
    assert list(found["files"]) == ["aliexpress.toml", "aliexpress-2.toml", "policy.toml"]


def odd_policy() -> Policy:
    return from_data(as_data(POLICY) | {"name": "a b/c", "title": 'Odd "\\\n\x07\u2028 \U000e0001 é'})


def test_a_shipped_policy_that_is_not_the_stores_is_named() -> None:
    found = data(check(Shop(policy=policy_with(protection={"days": 90})).order(policy="aliexpress").store, "O-1"))
    assert (found["init"]["policy"], found["orders"][0]["policy"]) == ("aliexpress.toml", "aliexpress")


@pytest.mark.parametrize("policy", [POLICY, odd_policy(), policy_with(evidence={"formats": ("gif",)})], ids=["usual", "odd", "one format"])
def test_a_policy_written_as_toml_is_the_same_policy(policy: Policy) -> None:
    assert parse("x", as_toml(policy).encode()) == policy


def test_amounts_of_very_many_digits_are_written_as_they_can_be_read() -> None:
    shop = Shop().order(price="999999999999999", delivery="9999999999999.99").opened(refund="999999999999999")
    shop.give(c.Accept, actor="seller")
    found = data(check(shop.store, "O-1"))
    assert found["orders"][0] == {"id": "O-1", "price": "999999999999999", "delivery": "9999999999999.99"}
    assert found["steps"][0]["buyer"]["refund"] == "999999999999999"
    assert found["steps"][1]["money"] == {"seller": "9999999999999.99", "escrow": "999999999999999"}


def test_a_purchase_is_made_as_one_and_told_by_its_bare_id_where_all_its_lines_were_meant() -> None:
    shop = Shop().purchase("P", "Cup=A=10.00", "Pot=20.00")
    shop.give(c.Ship, "P", tracking="T1")
    shop.give(c.Deliver, "P/2")
    shop.give(c.SendMessage, "P", text="Hello")
    shop.give(c.Confirm, "P/1")
    shop.give(c.SendMessage, "P", text="Bye")
    shop.give(c.Ship, "P", tracking="T2")
    assert data(check(shop.store, "P"))["orders"] == [{"id": "P", "delivery": "5.00", "item": ["Cup=A=10.00", "Pot=20.00"]}]
    assert [next(iter({key: value for key, value in one.items() if key != "by"}.items())) for one in said(shop, "P")] == [
        ("order ship", "P"), ("order deliver", "P/2"), ("message", "P"), ("order confirm", "P/1"), ("message", "P"), ("order ship", "P/2"),
    ]  # fmt: skip


def test_a_confirmed_purchase_is_looked_at_line_by_line() -> None:
    shop = Shop().purchase("P", "Cup=10.00", "Pot=20.00")
    shop.give(c.Confirm, "P")
    assert [(step.get("buyer"), step["order"], step["expect"][0]) for step in steps(shop, "P")] == [
        ({"order confirm": "P", "yes": "true"}, "P/1", "status == 'closed'"),
        (None, "P/2", "status == 'closed'"),
    ]


def test_one_line_of_a_purchase_brings_the_whole_purchase_but_not_what_happened_to_the_others() -> None:
    shop = Shop().purchase("P", "Cup=10.00", "Pot=20.00").missing("P/1")
    shop.give(c.SendMessage, "P", text="Hello")
    assert said(shop, "P/2") == [{"by": "buyer", "message": "P/2", "text": "Hello"}]
    assert data(written(shop.store, "P/2"))["orders"][0]["item"] == ["Cup=10.00", "Pot=20.00"]


def test_a_purchase_of_one_line_is_one() -> None:
    shop = Shop().purchase("P", "Cup=10.00").missing("P/1").tick("5d")
    assert data(check(shop.store, "P"))["orders"] == [{"id": "P", "delivery": "5.00", "item": "Cup=10.00"}]


# Every command


def given(shop: Shop, kind: type[c.Command], **more: Any) -> Shop:
    shop.give(kind, **more)
    return shop


def fresh() -> Shop:
    return Shop().order()


def offered(**terms: Any) -> Shop:
    return fresh().opened().offered(**terms)


def escalated() -> Shop:
    return given(offered(), c.Escalate, confirm=True)


def returning() -> Shop:
    return given(fresh().opened_whole(), c.Accept, actor="seller")


def sent(**more: Any) -> Shop:
    return given(returning(), c.SendReturn, tracking="R1", **more)


OPENED = {"by": "buyer", "open": "O-1", "received": "true", "reason": "defective", "refund": "20.00", "message": "It is broken", "evidence": "photo.png"}
LINK, OTHER = "https://example.com/a", "https://example.com/b?c=$1&d#e"

FORMS: dict[str, tuple[Callable[[], Shop], dict[str, Any]]] = {
    "ship": (lambda: given(fresh(), c.Ship, tracking="T 1"), {"by": "seller", "order ship": "O-1", "tracking": "T 1"}),
    "deliver": (lambda: given(fresh(), c.Deliver), {"by": "platform", "order deliver": "O-1"}),
    "confirm": (lambda: given(fresh(), c.Confirm), {"by": "buyer", "order confirm": "O-1", "yes": "true"}),
    "open, a part": (lambda: fresh().opened(), OPENED),
    "open, the whole": (lambda: fresh().opened_whole(), OPENED | {"refund": "full"}),
    "open, not received": (lambda: fresh().missing(), {"by": "buyer", "open": "O-1", "received": "false", "reason": "wrong_tracking", "message": "Never came"}),
    "open with links": (
        lambda: given(fresh(), c.OpenDispute, **DEFECTIVE | {"message": f"See {LINK}", "link": (OTHER, LINK)}),
        {key: value for key, value in OPENED.items() if key != "evidence"} | {"message": f"See {LINK}", "link": [OTHER.replace("$", "$$"), LINK]},
    ),
    "open with files": (
        lambda: given(fresh(), c.OpenDispute, files=(PHOTO, Attachment("a/photo.png", len(png(1)), png(1)), PHOTO), evidence=("a", "b", "c"), **DEFECTIVE),
        OPENED | {"evidence": ["photo.png", "2/photo.png", "photo.png"]},
    ),
    "open again": (lambda: given(given(fresh().missing(), c.Cancel), c.OpenDispute, **OVERDUE), {"by": "buyer", "open": "O-1", "received": "false", "reason": "wrong_tracking", "message": "Never came"}),
    "edit": (lambda: given(fresh().opened(), c.EditDispute, refund="15.00"), {"by": "buyer", "edit": "O-1", "refund": "15.00"}),
    "edit to the whole": (lambda: given(fresh().opened(), c.EditDispute, refund="full", message="All"), {"by": "buyer", "edit": "O-1", "refund": "full", "message": "All"}),
    "edit to not received": (
        lambda: given(fresh().opened(), c.EditDispute, received=False, reason="wrong_tracking"),
        {"by": "buyer", "edit": "O-1", "received": "false", "reason": "wrong_tracking"},
    ),
    "edit, a message alone": (lambda: given(fresh().opened(), c.EditDispute, message=f"See {LINK}"), {"by": "buyer", "edit": "O-1", "message": f"See {LINK}"}),
    "edit, kept": (lambda: given(fresh().opened(), c.EditDispute, keep=True), {"by": "buyer", "edit": "O-1", "keep": "true"}),
    "edit in answer to an offer": (
        lambda: given(offered(), c.EditDispute, reason="damaged", refund="19.00", with_return=False),
        {"by": "buyer", "edit": "O-1", "reason": "damaged", "refund": "19.00", "keep": "true"},
    ),
    "cancel": (lambda: given(fresh().missing(), c.Cancel), {"by": "buyer", "cancel": "O-1"}),
    "cancel, giving up a refund": (lambda: given(returning(), c.Cancel), {"by": "buyer", "cancel": "O-1", "yes": "true"}),
    "cancel, a claim": (lambda: given(escalated(), c.Cancel), {"by": "buyer", "cancel": "O-1", "yes": "true"}),
    "cancel, a conceded claim": (lambda: given(given(escalated(), c.Accept, actor="seller"), c.Cancel), {"by": "buyer", "cancel": "O-1"}),
    "respond, a part": (offered, {"by": "seller", "respond": "O-1", "refund": "10.00"}),
    "respond, with return": (lambda: offered(refund="full", with_return=True), {"by": "seller", "respond": "O-1", "refund": "full", "return": "true"}),
    "respond, rejected": (lambda: given(fresh().opened(), c.Respond, reject=True, message="No"), {"by": "seller", "respond": "O-1", "reject": "true", "message": "No"}),
    "respond, a promise": (lambda: given(fresh().opened(), c.Respond, promise="Soon"), {"by": "seller", "respond": "O-1", "promise": "Soon"}),
    "respond, accepted": (
        lambda: given(fresh().opened(), c.Respond, accept=True, message=f"Yes {LINK}"),
        {"by": "seller", "respond": "O-1", "accept": "true", "message": f"Yes {LINK}"},
    ),
    "accept, the demand": (lambda: given(fresh().opened(), c.Accept, actor="seller"), {"by": "seller", "accept": "O-1"}),
    "accept, the whole offer": (lambda: given(offered(refund="20.00"), c.Accept), {"by": "buyer", "accept": "O-1"}),
    "accept, less": (lambda: given(offered(), c.Accept), {"by": "buyer", "accept": "O-1", "yes": "true"}),
    "accept, a promise": (lambda: given(given(fresh().opened(), c.Respond, promise="Soon"), c.Accept), {"by": "buyer", "accept": "O-1", "yes": "true"}),
    "accept, conceding": (lambda: given(escalated(), c.Accept, actor="seller"), {"by": "seller", "accept": "O-1"}),
    "extension asked": (lambda: given(fresh(), c.ExtendProtection, days=3), {"by": "buyer", "extend-protection": "O-1", "days": "3"}),
    "extension granted": (lambda: given(given(fresh(), c.ExtendProtection, days=3), c.ExtendProtection, grant=True), {"by": "seller", "extend-protection": "O-1", "grant": "true"}),
    "extension granted otherwise": (
        lambda: given(given(fresh(), c.ExtendProtection, days=3), c.ExtendProtection, grant=True, days=2),
        {"by": "seller", "extend-protection": "O-1", "days": "2", "grant": "true"},
    ),
    "extension denied": (lambda: given(given(fresh(), c.ExtendProtection, days=3), c.ExtendProtection, deny=True), {"by": "seller", "extend-protection": "O-1", "deny": "true"}),
    "escalate": (escalated, {"by": "buyer", "escalate": "O-1", "confirm": "true"}),
    "evidence, a file": (
        lambda: given(fresh().missing(), c.AddEvidence, files=(PHOTO,), file=("photo.png",), actor="seller"),
        {"by": "seller", "add-evidence": "O-1", "file": "photo.png"},
    ),
    "evidence, a link": (lambda: given(fresh().missing(), c.AddEvidence, link=(LINK,)), {"by": "buyer", "add-evidence": "O-1", "link": LINK}),
    "evidence with a note": (
        lambda: given(fresh().missing(), c.AddEvidence, files=(PHOTO,), file=("photo.png",), link=(LINK,), note=f"As {OTHER}"),
        {"by": "buyer", "add-evidence": "O-1", "file": "photo.png", "link": LINK, "note": f"As {OTHER}".replace("$", "$$")},
    ),
    "message": (lambda: given(fresh(), c.SendMessage, text="Where is it?"), {"by": "buyer", "message": "O-1", "text": "Where is it?"}),
    "message of the platform": (lambda: given(fresh(), c.SendMessage, text="Read the rules", actor="platform"), {"by": "platform", "message": "O-1", "text": "Read the rules"}),
    "message with a link": (lambda: given(fresh().missing(), c.SendMessage, text=f"See {LINK}.", actor="seller"), {"by": "seller", "message": "O-1", "text": f"See {LINK}."}),
    "message of lines": (lambda: given(fresh(), c.SendMessage, text="One\n\n  two: # {x}\n"), {"by": "buyer", "message": "O-1", "text": "One\n\n  two: # {x}\n"}),
    "message of odd characters": (
        lambda: given(fresh(), c.SendMessage, text=" \t\r\x85\u2028\u202e\ufeff\U0001f600\u3164\x1b[31m$x ${y} $$ \n"),
        {"by": "buyer", "message": "O-1", "text": " \t\r\x85\u2028\u202e\ufeff\U0001f600\u3164\x1b[31m$$x $${y} $$$$ \n"},
    ),
    "return sent": (sent, {"by": "buyer", "return send": "O-1", "tracking": "R1"}),
    "return sent, with postage": (lambda: sent(postage="8.40"), {"by": "buyer", "return send": "O-1", "tracking": "R1", "postage": "8.40"}),
    "return acknowledged": (lambda: given(sent(), c.AcknowledgeReturn), {"by": "seller", "return acknowledge": "O-1"}),
    "return refused": (lambda: given(sent(), c.RefuseReturn, reason="Empty"), {"by": "seller", "return refuse": "O-1", "reason": "Empty"}),
    "evidence asked": (lambda: given(escalated(), c.RequestEvidence, party="buyer"), {"by": "platform", "review request-evidence": "O-1", "from": "buyer"}),
    "evidence asked for days": (lambda: given(escalated(), c.RequestEvidence, party="seller", days=3), {"by": "platform", "review request-evidence": "O-1", "from": "seller", "days": "3"}),
    "evidence asked to the end of the review": (
        lambda: given(escalated().tick("50d1s"), c.RequestEvidence, party="seller", days=40),
        {"by": "platform", "review request-evidence": "O-1", "from": "seller", "days": "10"},
    ),
    "ruled": (lambda: given(escalated().tick("16d"), c.Rule, refund="1.00", reason="So"), {"by": "platform", "review rule": "O-1", "refund": "1.00", "reason": "So"}),
    "ruled early": (lambda: given(escalated(), c.Rule, refund="full", reason="So", early=True), {"by": "platform", "review rule": "O-1", "refund": "full", "reason": "So", "early": "true"}),
    "ruled nothing": (lambda: given(escalated().tick("16d"), c.Rule, refund="0", reason="So"), {"by": "platform", "review rule": "O-1", "refund": "0", "reason": "So"}),
}
"""What was done last, and how it is written."""


@pytest.mark.parametrize("form", FORMS)
def test_a_command_is_found_again_in_its_events(form: str) -> None:
    play_it, written_as = FORMS[form]
    assert said(play_it())[-1] == written_as


FORGED: dict[str, tuple[Callable[[], Shop], Callable[[Any], Any]]] = {
    "a settlement": (fresh, lambda events: settled()),
    "silence": (fresh, lambda events: e.Closed(0, START, "O-1", Actor.CLOCK)),
    "an opening": (lambda: given(fresh().missing(), c.Cancel), lambda events: events[1]),
    "an edit": (lambda: given(fresh().missing(), c.EditDispute, keep=True), lambda events: replace(events[-1], answer_by=START)),
    "an offer": (offered, lambda events: replace(events[-1], answer_by=START)),
    "a record": (lambda: given(fresh().missing(), c.AddEvidence, link=(LINK,)), lambda events: events[-2]),
    "a file": (lambda: given(fresh().missing(), c.AddEvidence, files=(PHOTO,), file=("photo.png",)), lambda events: replace(events[-1], dispute=9, note="x")),
    "a message": (lambda: given(fresh(), c.SendMessage, text="Hello"), lambda events: replace(events[-1], dispute=9)),
    "a request": (lambda: given(escalated(), c.RequestEvidence, party="buyer"), lambda events: replace(events[-1], until=START + timedelta(days=8, seconds=1))),
}
"""A history, and what somebody wrote behind it."""


@pytest.mark.parametrize("forgery", FORGED)
def test_a_history_that_no_rule_makes_true_is_damage(forgery: str) -> None:
    play_it, forged = FORGED[forgery]
    shop = play_it()
    with shop.store.write("test") as desk:
        desk.append([commit_of(desk, forged(desk.history("O-1")), orders={"O-1": Standing(None, False)})])
        last = desk.seq
    with pytest.raises(Unsound, match=f"O-1: nothing that can be said makes event {last} true"):
        written(shop.store, "O-1")


def test_files_with_notes_of_their_own_are_commands_of_their_own() -> None:
    shop = fresh().missing()
    for note in ("one", "two", None):
        shop.give(c.AddEvidence, files=(PHOTO,), file=("photo.png",), note=note)
    shop.give(c.SendMessage, text=f"See {LINK}")
    assert [(one.get("note"), one.get("text")) for one in said(shop)[1:]] == [("one", None), ("two", None), (None, None), (None, f"See {LINK}")]


def test_an_offer_and_a_message_of_another_instant_stay_two_steps() -> None:
    shop = offered().tick("1s")
    shop.give(c.SendMessage, text="Well?", actor="seller")
    assert said(shop)[1:] == [{"by": "seller", "respond": "O-1", "refund": "10.00"}, {"by": "seller", "message": "O-1", "text": "Well?"}]


def test_evidence_comes_along_once_and_unchanged() -> None:
    shop = fresh().opened()
    shop.give(c.AddEvidence, files=(PHOTO,), file=("photo.png",))
    [(name, file)] = data(check(shop.store, "O-1"))["files"].items()
    assert name == "photo.png" and set(file) == {"base64"}
    with played(written(shop.store, "O-1")).store.read() as view:
        assert {view.blob(event.hash or "") for event in view.history("O-1") if isinstance(event, e.EvidenceAdded)} == {PNG}


def test_nothing_is_written_to_the_store(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order().missing()
    before = (tmp_path / "disputes.json").read_bytes()
    written(shop.store, "O-1")
    assert (tmp_path / "disputes.json").read_bytes() == before
    assert shop.ask(q.Verify()).problems == ()


# Notation


@pytest.mark.parametrize("text", [
    "", " ", "a", "-", "-1", "- a", "a: b", "a:b", "a:", "a #b", "#a", "a, b", "[a]", "{a", "'a'", "\"a\"", "a'b", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">",
    "~", "null", "---", "...", "? a", "=", "<<", "a\nb", "a\n", "\na", "a\n\n", " a\nb", "a\n b", "a\n\tb", "a \n b", "a\n ", "a\r\nb", "é", "\x00"[1:], "\u00a0", "\u3164", "\U0001f600", "\x7f",
])  # fmt: skip
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    tree = {"scenario": text, "steps": [text, [text, text], {text: text}, {"x": {text: text, "y": [text]}, "long": "x" * 200}]}
    lines = notation.mapping(tree)
    assert source.plain(source.parse("-", "\n".join(lines).encode() + b"\n")) == tree


def test_what_is_too_wide_for_a_line_stands_on_several() -> None:
    wide = {"at": "3d", "buyer": {"open": "O-1", "message": "x" * 120}, "expect": ["a" * 60, "b" * 60], "few": ["a", {"b": "c"}]}
    assert list(notation.item(wide, "  ")) == [
        "  - at: 3d", "    buyer:", "      open: O-1", "      message: " + "x" * 120, "    expect:", "      - " + "a" * 60, "      - " + "b" * 60, "    few: [a, {b: c}]",
    ]  # fmt: skip


def test_what_the_seller_showed_with_a_link_is_retold_as_the_sellers() -> None:
    shop = Shop().order().opened()
    shop.give(c.AddEvidence, actor="seller", link=("https://example.com/a",), files=())
    with shop.service.reading() as session:
        *_, last = retelling.turns(session, session.history("O-1"))
    assert last.command == c.AddEvidence(id="O-1", by=Actor.SELLER, link=("https://example.com/a",))
