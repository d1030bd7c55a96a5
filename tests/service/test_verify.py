"""What `verify` finds in lines that are whole and yet make no sense, and what the keeping of a store does besides."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import keeping
from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core import events as e
from dispute_cli.core.words import Actor
from dispute_cli.keeping import backup
from dispute_cli.session import Unbalanced, standing_of
from dispute_cli.steps import Step, Stopped
from dispute_cli.store import Commit, Problem, Standing
from dispute_cli.store.json_log import JsonLogStore
from tests.given import PHOTO, START, Story, rule

from .shop import Shop, after, commit_of, facts, on_disk, settled, unchanged


@pytest.fixture(params=["memory", "disk"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    return Shop(on_disk(tmp_path) if request.param == "disk" else None)


def paid(**figures: Any) -> e.RefundPaid:
    paid: dict[str, Any] = {"refund": 100, "currency": "USD", "buyer": "buyer"}
    return e.RefundPaid(0, START, "O-1", Actor.CLOCK, **paid | figures)


CLOSED = e.Closed(0, START, "O-1", Actor.CLOCK)

WRONG: dict[str, tuple[tuple[e.Event, ...], str]] = {
    "more is released than was held": ((settled(release=5501),), "escrow"),
    "more is refunded than was held": ((settled(release=0, refund=9999), paid(refund=9999)), "escrow"),
    "closed with money left in escrow": ((settled(release=5400), CLOSED), "escrow"),
    "refunded in another order's name": ((paid(refund=5600),), "do not replay"),
    "a return that was never agreed": ((e.ReturnAcknowledged(0, START, "O-1", Actor.SELLER),), "do not replay"),
    "an offer without a dispute": ((e.OfferMade(0, START, "O-1", Actor.SELLER, 1, False, None, "USD", after(9)),), "do not replay"),
    "evidence closed without a claim": ((e.EvidenceClosed(0, START, "O-1", Actor.CLOCK, Actor.BUYER),), "do not replay"),
}


@rule("P2")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_whole_commit_of_wrong_money_or_impossible_facts_is_found(shop: Shop, wrong: str) -> None:
    facts, says = WRONG[wrong]
    shop.order()
    append(shop, *facts, standing=Standing(None, False))
    found = shop.ask(q.Verify())
    assert not found.ok and {problem.order for problem in found.problems} == {"O-1"}
    assert says in found.problems[0].message


def test_lines_behind_a_problem_are_counted_and_their_orders_left_alone(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order().opened()
    shop.order("O-2")
    for blob in (tmp_path / "disputes.json.d/blobs").iterdir():
        blob.unlink()
    found = shop.ask(q.Verify())
    assert ["evidence" in problem.message for problem in found.problems] == [True]
    assert found.checked == shop.ask(q.Events()).events[-1]["seq"]


def append(shop: Shop, *facts: e.Event, standing: Standing) -> None:
    with shop.store.write("by hand") as desk:
        desk.append([commit_of(desk, *facts, orders={"O-1": standing})])


@rule("K2")
@pytest.mark.parametrize("due", [None, after(59), after(61)])
def test_a_commit_that_names_a_wrong_deadline_is_found(shop: Shop, due: Any) -> None:
    shop.order()
    append(shop, e.Shipped(0, START, "O-1", Actor.SELLER, "T"), standing=Standing(due, False))
    assert [problem.message for problem in shop.ask(q.Verify()).problems] == ["its next deadline is not the one that its events say"]


def test_a_commit_that_hides_a_dispute_is_found(shop: Shop) -> None:
    story = Story().open(received=False, reason="wrong_tracking")
    shop.order()
    append(shop, *story.last, standing=replace(standing_of(story.order), disputed=False))
    assert shop.listed() == []
    assert [problem.order for problem in shop.ask(q.Verify()).problems] == ["O-1"]


def test_an_order_whose_policy_is_nowhere_is_found(shop: Shop) -> None:
    made = replace(Story().events[0], policy="f" * 64)
    append(shop, made, standing=Standing(after(60), False))
    found = shop.ask(q.Verify())
    assert len(found.problems) == 1 and "policy" in found.problems[0].message


@rule("V4")
@pytest.mark.parametrize("harm", [lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes()[:-1] + b"\0")])
def test_evidence_that_is_gone_or_altered_is_found(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    shop = Shop(on_disk(tmp_path)).order().opened()
    harm(next(tmp_path.glob("**/blobs/*")))
    found = shop.ask(q.Verify())
    assert not found.ok and found.problems[0].order == "O-1"


@rule("P2")
def test_a_sound_store_has_no_problems_and_says_how_many_events_it_has(shop: Shop) -> None:
    shop.order().opened().tick("3d").order("O-2").tick(until_idle=True)
    shop.give(c.CreateOrder, "P", item=("Cup=1.00", "Pot=2.00"))
    with unchanged(shop.store):
        found = shop.ask(q.Verify())
    assert (found.ok, found.problems, found.checked, found.now) == (True, (), len(shop.told()), shop.now)


def test_an_empty_store_is_sound(shop: Shop) -> None:
    found = shop.ask(q.Verify())
    assert (found.ok, found.checked) == (True, 0)


def test_money_that_does_not_add_up_is_never_written(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.order()
    monkeypatch.setattr("dispute_cli.service.decide", lambda order, command, moment: (settled(release=9999),))
    with pytest.raises(Unbalanced), unchanged(shop.store):
        shop.give(c.Confirm)


# Keeping


def test_a_backup_is_a_store_with_the_same_facts(shop: Shop, tmp_path: Path) -> None:
    shop.order().opened().tick("2d")
    target = tmp_path / "copies" / "copy.json"
    target.parent.mkdir()
    answer = shop.ask(q.Backup(file=str(target)))
    assert (answer.file, answer.now) == (str(target), shop.now)
    copy = JsonLogStore(str(target))
    assert facts(copy) == facts(shop.store)
    hash = shop.look().evidence[0].hash
    assert hash is not None and Shop(copy).service.export(q.EvidenceExport(id="O-1", hash=hash, file="-"))[1] == PHOTO.data
    assert Shop(copy).tick("10d").look() == shop.tick("10d").look()


def test_a_repair_removes_orphans_and_nothing_else(shop: Shop) -> None:
    shop.order().opened()
    with shop.store.write("by hand") as desk:
        orphan = desk.keep(b"nobody names this")
    before = facts(shop.store)
    answer = shop.ask(q.Repair())
    assert answer.changed and len(answer.removed) == 1 and answer.removed[0].endswith(orphan)
    assert not shop.ask(q.Repair()).changed
    assert facts(shop.store) == before and shop.ask(q.Verify()).ok


def test_a_commit_of_a_clock_alone_is_sound(shop: Shop) -> None:
    with shop.store.write("by hand") as desk:
        desk.append([Commit(now=desk.now + timedelta(days=1))])
    assert shop.ask(q.Verify()).now == after(1)


def test_a_backup_that_is_interrupted_leaves_nothing_of_a_copy(tmp_path: Path) -> None:
    shop = Shop(on_disk(tmp_path)).order()
    before = sorted(path.name for path in tmp_path.iterdir())

    def stop(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Stopped, match="interrupted: no copy was made, and nothing of it is left"):
        backup(shop.store, q.Backup(file=str(tmp_path / "copy.json")), dry_run=False, watch=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_verification_that_is_stopped_says_how_far_it_came_and_what_it_found() -> None:
    walk = keeping.Walk(None)
    said = []
    for problem in ("rotten", "gone"):
        said.append(walk.stopped().message)
        walk.problems.append(Problem(problem))
    said.append(walk.stopped().message)
    start, rest = "interrupted: 0 events were checked, 0 of them replayed, and ", ". Nothing was changed."
    assert said == [f"{start}{found}{rest}" for found in ("no problem found", "1 problem found, the first: rotten", "2 problems found, the first: rotten")]
