"""Long work tells how far it has come to whoever watches, and says where it stands when it is stopped."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from dispute_cli import answers as a
from dispute_cli import questions as q
from dispute_cli.core import money
from dispute_cli.core.malformed import Malformed
from dispute_cli.keeping import backup, verify
from dispute_cli.session import standing_of
from dispute_cli.steps import Step, Stopped
from tests.given import Story

from .shop import Shop, commit_of, on_disk


def watched(shop: Shop) -> list[Step]:
    told: list[Step] = []
    shop.service.watch = told.append
    return told


def test_verifying_counts_events_line_by_line_and_then_those_replayed() -> None:
    shop = Shop().order("O-1").opened("O-1").order("O-2")
    told = watched(shop)
    assert shop.ask(q.Verify()).checked == 5
    assert {step.work for step in told} == {"checking lines", "replaying orders"}
    assert [step.done for step in told if step.work == "replaying orders"] == [5]
    assert told[-1].share == 1.0


@pytest.mark.parametrize(("work", "checked", "replayed"), [("checking lines", 1, 0), ("replaying orders", 2, 2)])
def test_a_verification_that_is_stopped_says_how_far_it_came(work: str, checked: int, replayed: int) -> None:
    shop = Shop().order("O-1").order("O-2")

    def stop(step: Step) -> None:
        if step.work == work:
            raise KeyboardInterrupt

    with pytest.raises(Stopped, match=f"{checked} events were checked, {replayed} of them replayed, and no problem found. Nothing was changed") as caught:
        verify(shop.store, stop)
    assert caught.value.now == shop.now


@pytest.fixture
def every_firing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_cli.ticking.FIRINGS_A_COMMIT", 1)


@pytest.mark.usefixtures("every_firing")
def test_a_tick_tells_how_far_the_clock_came() -> None:
    shop = Shop().order("O-1").tick("10d").order("O-2")
    told = watched(shop)
    shop.tick("100d")
    assert [(step.done, step.share) for step in told] == [(1, 0.5), (2, 0.6)]


@pytest.mark.usefixtures("every_firing")
def test_a_tick_until_idle_tells_how_many_orders_are_due_no_more() -> None:
    shop = Shop().order("O-1").tick("10d").order("O-2")
    told = watched(shop)
    shop.tick(until_idle=True)
    assert [(step.done, step.share) for step in told] == [(1, 0.5), (2, 1.0)]


@pytest.mark.usefixtures("every_firing")
def test_at_the_last_instant_itself_nobody_knows_how_much_is_left() -> None:
    shop = Shop().order("O-1")
    told = watched(shop)
    shop.tick("60d")
    assert [(step.done, step.share) for step in told] == [(1, None)]


def test_ids_that_begin_alike_are_known_with_what_is_due() -> None:
    shop = Shop().order("A-1").order("A-2").order("B-1").tick("60d").order("A")
    known = shop.service.beginning("A", 3)
    assert [(one.id, one.status, one.left is None) for one in known] == [("A", "protected", False), ("A-1", "closed", True), ("A-2", "closed", True)]
    assert [one.id for one in shop.service.beginning("A-", 1)] == ["A-1"]
    assert shop.service.beginning("C", 3) == []


@pytest.mark.parametrize("hash", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64])
def test_a_hash_is_64_small_hexadecimal_digits(hash: str) -> None:
    with pytest.raises(Malformed, match="a HASH is the 64 lower-case hexadecimal digits"):
        q.EvidenceExport(id="O-1", hash=hash, file="-")
    assert q.EvidenceExport(id="O-1", hash="0123456789abcdef" * 4, file="-").file == "-"


def test_an_amount_recorded_in_what_is_no_currency_cannot_be_told() -> None:
    with pytest.raises(money.NoCurrency, match="'XYZ' is no currency"):
        money.decimal(100, "XYZ")


def test_an_order_in_what_is_no_currency_is_found() -> None:
    shop, made = Shop(), replace(Story().events[0], currency="XYZ")
    with shop.store.write("by hand") as desk:
        desk.append([commit_of(desk, made, orders={"O-1": standing_of(Story().order)})])
    assert "'XYZ' is no currency" in [problem.message for problem in shop.ask(q.Verify()).problems]


def test_a_backup_over_anything_is_malformed_and_a_dry_run_makes_none(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order()
    question = q.Backup(file=str(tmp_path / "copy.json"))
    assert backup(shop.store, question, dry_run=True).dry_run and not (tmp_path / "copy.json").exists()
    backup(shop.store, question, dry_run=False)
    with pytest.raises(Malformed, match=r"copy\.json is there already: a backup never writes over anything\.") as caught:
        backup(shop.store, question, dry_run=True)
    assert caught.value.field == "file"


def test_an_answer_that_watched_nothing_is_the_same() -> None:
    answer = Shop().order().ask(q.Verify())
    assert isinstance(answer, a.Verified) and answer.ok
