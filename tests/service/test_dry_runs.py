"""A dry run answers as if done and writes nothing: no event, no evidence, no clock."""

from pathlib import Path
from typing import Any

import pytest

from dispute_cli import keeping
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.keys import Options
from dispute_cli.service import make
from tests.given import DEFECTIVE, PHOTO, POLICY, START, rule

from .shop import OVERDUE, Shop, on_disk, unchanged

COMMANDS: list[tuple[str, type[c.Command], dict[str, Any]]] = [
    ("O-2", c.CreateOrder, {"price": "3.00"}),
    ("P", c.CreateOrder, {"item": ("Cup=1.00", "Pot=2.00"), "delivery": "1.00"}),
    ("O-1", c.Ship, {"tracking": "T1"}),
    ("O-1", c.Confirm, {}),
    ("O-1", c.SendMessage, {"text": "hello"}),
    ("O-1", c.OpenDispute, OVERDUE),
    ("O-1", c.OpenDispute, DEFECTIVE | {"files": (PHOTO,)}),
]


@pytest.fixture(params=["memory", "disk"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(on_disk(tmp_path) if request.param == "disk" else None).order()


@rule("D10")
@pytest.mark.parametrize(("id", "kind", "fields"), COMMANDS, ids=lambda value: c.name_of(value) if isinstance(value, type) else "")
def test_a_dry_run_answers_as_if_done(shop: Shop, id: str, kind: type[c.Command], fields: dict[str, Any]) -> None:
    with unchanged(shop.store):
        dry = shop.give(kind, id, dry_run=True, **fields)
    done = shop.give(kind, id, **fields)
    assert (dry.dry_run, done.dry_run, dry.changed) == (True, False, True)
    assert (dry.now, dry.events, dry.warnings) == (done.now, done.events, done.warnings)
    for name in ("order", "orders"):
        assert getattr(dry, name, None) == getattr(done, name, None)


@rule("V4")
def test_a_dry_run_keeps_no_evidence(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order()
    shop.give(c.OpenDispute, files=(PHOTO,), dry_run=True, **DEFECTIVE)
    assert not list(tmp_path.glob("**/blobs/*"))
    shop.opened()
    assert len(list(tmp_path.glob("**/blobs/*"))) == 1


@rule("D10")
def test_a_dry_run_is_refused_and_asks_for_consent_like_the_real_one(shop: Shop) -> None:
    shop.refused("D9", c.OpenDispute, dry_run=True, **DEFECTIVE)
    shop.needs_consent("E3", c.Confirm, dry_run=True)
    assert shop.look().status == "protected"


@rule("K4")
def test_a_dry_tick_leaves_the_clock(shop: Shop) -> None:
    shop.missing()
    with unchanged(shop.store):
        assert shop.ticked("30d", dry_run=True).fired == 2
        assert shop.ticked("30d", dry_run=True, key="t").fired == 2
    assert shop.now == START
    assert not shop.ticked("30d", key="t").replayed


def test_a_dry_run_of_questions_answers_them(shop: Shop) -> None:
    with unchanged(shop.store):
        assert shop.service.ask(q.Look(id="O-1"), Options(dry_run=True)).ok


def test_a_dry_init_makes_nothing() -> None:
    def never(head: object) -> None:
        raise AssertionError("made")

    answer = make(never, path="x", start=None, seed=4, policy=POLICY, clock="simulated", wall=lambda: START, dry_run=True)
    assert (answer.dry_run, answer.start, answer.seed, answer.policy) == (True, START, 4, "aliexpress")


def test_a_dry_run_of_a_tick_says_that_it_is_one() -> None:
    shop = Shop().order()
    assert [shop.ticked("1d", dry_run=dry).dry_run for dry in (True, False)] == [True, False]


def test_a_dry_run_of_a_repair_says_that_it_is_one(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order()
    assert [keeping.repair(shop.store, dry_run=dry).dry_run for dry in (True, False)] == [True, False]
