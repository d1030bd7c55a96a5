"""An idempotency key: the same command again is told, not done; another command under it is a conflict; what was refused is not kept."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.malformed import Malformed
from dispute_cli.core.refusal import Refusal
from dispute_cli.core.words import Actor
from dispute_cli.keys import Enclosed, KeyConflict, Options, check_key, fingerprint_of
from dispute_cli.reading import NoSuchThing
from tests.given import DEFECTIVE, PHOTO, rule
from tests.pictures import png

from .shop import OVERDUE, Shop, after, on_disk, unchanged


@pytest.fixture(params=["memory", "disk"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(on_disk(tmp_path) if request.param == "disk" else None).order()


def test_the_same_command_again_tells_its_events_and_the_order_as_it_is_now(shop: Shop) -> None:
    first = shop.give(c.OpenDispute, key="k", **OVERDUE)
    shop.tick("6d")
    with unchanged(shop.store):
        again = shop.give(c.OpenDispute, key="k", **OVERDUE)
    assert (first.replayed, first.changed, again.replayed, again.changed) == (False, True, True, False)
    assert again.events == first.events
    assert (again.now, again.order.status) == (after(6), "settling")


def test_a_replay_of_a_purchase_answers_its_lines_again(shop: Shop) -> None:
    fields: dict[str, Any] = {"item": ("Cup=1.00", "Pot=2.00")}
    first = shop.give(c.CreateOrder, "P", key="k", **fields)
    shop.give(c.Ship, "P", tracking="T1")
    again = shop.give(c.CreateOrder, "P", key="k", **fields)
    assert isinstance(again, a.DoneOnLines) and again.events == first.events
    assert [order.tracking for order in again.orders] == ["T1", "T1"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.OpenDispute, OVERDUE | {"message": "Another"}),
        (c.OpenDispute, OVERDUE | {"actor": Actor.SELLER}),
        (c.OpenDispute, OVERDUE | {"id": "O-2"}),
        (c.SendMessage, {"text": "hello"}),
    ],
)
def test_another_command_under_a_used_key_is_a_conflict(shop: Shop, kind: type[c.Command], fields: dict[str, Any]) -> None:
    shop.give(c.OpenDispute, key="k", **OVERDUE)
    with pytest.raises(KeyConflict, match="'k' was used for another command \\(open\\)"), unchanged(shop.store):
        shop.give(kind, key="k", **fields)


def test_a_conflict_is_told_before_anything_is_asked_of_the_order(shop: Shop) -> None:
    shop.give(c.OpenDispute, key="k", **OVERDUE)
    for id in ("O-1", "no-such-order"):
        with pytest.raises(KeyConflict) as caught:
            shop.give(c.Cancel, id, key="k", actor=Actor.SELLER)
        assert caught.value.now == shop.now
    with pytest.raises(KeyConflict):
        shop.ticked("1d", key="k")
    with pytest.raises(NoSuchThing):
        shop.give(c.Cancel, "no-such-order", key="l")


def test_a_refused_command_is_not_kept_so_that_the_corrected_one_runs(shop: Shop) -> None:
    with pytest.raises(Refusal):
        shop.give(c.OpenDispute, key="k", **DEFECTIVE)
    answer = shop.give(c.OpenDispute, key="k", files=(PHOTO,), **DEFECTIVE)
    assert answer.changed and not answer.replayed


def test_a_command_that_needs_a_yes_is_not_kept_and_saying_it_is_the_same_command(shop: Shop) -> None:
    shop.needs_consent("E3", c.Confirm, key="k")
    assert shop.give(c.Confirm, key="k").changed
    with unchanged(shop.store):
        assert shop.give(c.Confirm, key="k", yes=False, strict=True).replayed


def test_a_dry_run_keeps_no_key(shop: Shop) -> None:
    shop.give(c.OpenDispute, key="k", dry_run=True, **OVERDUE)
    assert shop.give(c.SendMessage, key="k", text="hello").changed
    dry = shop.give(c.SendMessage, key="k", text="hello", dry_run=True)
    assert (dry.replayed, dry.dry_run) == (True, True)


def test_a_key_is_1_to_255_printable_ascii_characters() -> None:
    assert [check_key(key) for key in ("k", "~ !", "k" * 255)] == ["k", "~ !", "k" * 255]
    for key in ("", "k" * 256, "é", "a\nb"):
        with pytest.raises(Malformed, match="an idempotency key is 1 to 255 printable ASCII characters"):
            check_key(key)


def test_a_key_belongs_to_one_store_and_is_told_apart_by_letter_case(shop: Shop) -> None:
    for key in ("k", "K", "~ !", "k" * 255):
        assert shop.give(c.SendMessage, key=key, text=key).changed
    assert Shop().order().give(c.SendMessage, key="k", text="other").changed


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (c.CreateOrder, {"price": "20", "delivery": "5"}, {"price": "20.00", "delivery": "05.0"}),
        (c.CreateOrder, {"price": "20", "deliver_by": "2026-01-20"}, {"price": "20", "deliver_by": "2026-01-20T02:00:00+02:00"}),
        (c.CreateOrder, {"item": ("Cup=20", "A=B=1")}, {"item": ("Cup=20.00", "A=B=1.0")}),
        (c.Respond, {"refund": "20"}, {"refund": "20.00"}),
        (c.SendReturn, {"tracking": "R", "postage": "8.4"}, {"tracking": "R", "postage": "08.40"}),
        (c.OpenDispute, {"received": False}, {"received": False, "by": Actor.BUYER}),
        (c.ExtendProtection, {"grant": True}, {"grant": True, "by": Actor.SELLER}),
    ],
)
def test_a_command_written_otherwise_is_the_same_command(kind: Any, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint_of(kind(id="O-1", **one)) == fingerprint_of(kind(id="O-1", **other))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (c.Respond, {"refund": "20"}, {"refund": "20.01"}),
        (c.Respond, {"refund": "0"}, {"reject": True}),
        (c.CreateOrder, {"item": ("Cup=20",)}, {"item": ("Cup=21",)}),
        (c.CreateOrder, {"item": ("A=1", "B=2")}, {"item": ("B=2", "A=1")}),
        (c.CreateOrder, {"price": "1"}, {"price": "1", "currency": "EUR"}),
        (c.SendMessage, {"text": "a"}, {"text": "a "}),
        (c.Escalate, {"confirm": True}, {"no_thanks": True}),
        (c.OpenDispute, {"received": False}, {"received": True}),
        (c.OpenDispute, {"link": ("https://a.example",)}, {"link": ("https://b.example",)}),
        (c.Accept, {}, {"by": Actor.SELLER}),
    ],
)
def test_a_command_that_says_something_else_is_another(kind: Any, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint_of(kind(id="O-1", **one)) != fingerprint_of(kind(id="O-1", **other))


def test_no_two_commands_share_a_fingerprint() -> None:
    bare: list[Any] = [c.Cancel, c.Deliver, c.Confirm, c.Accept, c.AcknowledgeReturn, c.OpenDispute, c.EditDispute]
    assert len({fingerprint_of(kind(id="O-1")) for kind in bare}) == len(bare)


@rule("V4")
@pytest.mark.parametrize("kind", [c.OpenDispute, c.AddEvidence])
def test_evidence_counts_by_its_content_not_by_its_path(kind: type[c.Command]) -> None:
    field = "evidence" if kind is c.OpenDispute else "file"
    given: Any = kind
    one, other = (given(id="O-1", **{field: (path,)}) for path in ("a/photo.png", "b/photo.png"))
    assert fingerprint_of(one, Enclosed((PHOTO,))) == fingerprint_of(other, Enclosed((replace(PHOTO, name="b/photo.png"),)))
    assert fingerprint_of(one, Enclosed((PHOTO,))) != fingerprint_of(one, Enclosed((replace(PHOTO, data=png(9)),)))


def test_the_language_found_in_a_text_is_no_part_of_the_command(shop: Shop) -> None:
    shop.give(c.SendMessage, key="k", text="Wo ist es?", language="de")
    assert shop.give(c.SendMessage, key="k", text="Wo ist es?").replayed


@rule("K4")
def test_a_tick_again_tells_its_own_span_and_what_is_next_now(shop: Shop) -> None:
    shop.missing()
    first = shop.ticked("6d", key="t")
    shop.order("O-2")
    with unchanged(shop.store):
        again = shop.ticked("144h", key="t")
    assert (again.replayed, again.changed) == (True, False)
    assert (again.from_, again.to, again.fired, again.events) == (first.from_, first.to, first.fired, first.events)
    assert again.now == after(6) and again.next == first.next
    shop.tick("30d")
    last = shop.ticked("6d", key="t")
    assert (last.from_, last.to, last.now) == (after(0), after(6), after(36))
    assert last.next is not None and last.next.order == "O-2"


@rule("K4")
def test_a_tick_that_fired_nothing_is_kept_too(shop: Shop) -> None:
    first = shop.ticked("1d", key="t")
    again = shop.ticked("1d", key="t")
    assert (first.fired, again.fired, again.events, again.replayed, shop.now) == (0, 0, (), True, after(1))


def test_another_tick_under_a_used_key_is_a_conflict(shop: Shop) -> None:
    shop.ticked("1d", key="t")
    for form in ({"duration": "2d"}, {"next": True}, {"until_idle": True}):
        with pytest.raises(KeyConflict), unchanged(shop.store):
            shop.ticked(**form, key="t")
    with pytest.raises(KeyConflict):
        shop.give(c.SendMessage, key="t", text="hello")


def test_a_key_means_nothing_to_a_question(shop: Shop) -> None:
    shop.give(c.SendMessage, key="k", text="hello")
    assert shop.service.ask(q.Look(id="O-1"), Options(key="k")).ok
