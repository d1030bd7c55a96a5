"""However time is cut, into ticks, commits, syncs, windows or by a crash: the same events, times and balances, byte for byte (K3)."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_cli.core import commands as c
from tests.given import rule

from .markets import Market, Splits, copied, played
from .shop import Cut, FailingStore, Shop, after, facts, money, on_disk, unchanged

SIZES = ("ticking.FIRINGS_A_COMMIT", "ticking.COMMITS_A_SYNC", "session.WINDOW", "session.KEPT", "session.ROOM")
BEFORE = "2026-03-01"
"""Every market is laid out before it."""
END = "2026-08-01"


def passed(shop: Shop, splits: list[int], end: str = END) -> Shop:
    """Time passes in several ticks, the last one to the end."""
    for seconds in splits:
        shop.tick(f"{seconds}s")
    return shop if f"{shop.now:%Y-%m-%d}" >= end else shop.tick(to=end)


@rule("K3")
@settings(max_examples=300)
@given(Market, Splits)
def test_any_split_of_a_tick_gives_the_same_bytes(market: list[tuple[str, str]], splits: list[int]) -> None:
    shop = played(market)
    whole, split = passed(copied(shop), []), passed(copied(shop), splits)
    assert facts(whole.store) == facts(split.store)
    assert money(whole.store) == money(split.store)


@rule("K3")
@settings(max_examples=80)
@given(Market)
def test_to_every_next_deadline_is_the_same_as_until_idle(market: list[tuple[str, str]]) -> None:
    shop = played(market)
    whole, stepped = copied(shop).tick(until_idle=True), copied(shop)
    while stepped.ticked(next=True, before=True).next is not None:
        assert stepped.ticked(next=True).fired
    assert facts(whole.store) == facts(stepped.store)


@rule("K3")
@settings(max_examples=6)
@given(Market, Splits)
def test_on_disk_a_split_tick_gives_the_same_bytes(market: list[tuple[str, str]], splits: list[int]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = passed(played(market, on_disk(Path(one), seed=3)), [])
        split = passed(played(market, on_disk(Path(other), seed=3)), splits)
        assert facts(whole.store) == facts(split.store) == facts(passed(played(market), []).store)


@rule("K3")
@settings(max_examples=60)
@given(Market, Splits, st.tuples(*[st.integers(1, 3)] * 4, st.sampled_from([0, 1_500, 1 << 20])))
def test_the_sizes_of_commits_syncs_and_windows_change_nothing(market: list[tuple[str, str]], splits: list[int], sizes: tuple[int, ...]) -> None:
    shop = played(market)
    whole = passed(copied(shop), [])
    with pytest.MonkeyPatch.context() as patch:
        for name, size in zip(SIZES, sizes, strict=True):
            patch.setattr(f"dispute_cli.{name}", size)
        small = passed(copied(shop), splits)
        assert played(market).types() == shop.types()
    assert facts(whole.store) == facts(small.store)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each firing a commit, two commits a sync."""
    monkeypatch.setattr("dispute_cli.ticking.FIRINGS_A_COMMIT", 1)
    monkeypatch.setattr("dispute_cli.ticking.COMMITS_A_SYNC", 2)


def cut_short(market: list[tuple[str, str]], commits: int) -> Shop:
    """A shop whose long tick stopped after so many commits."""
    shop = copied(played(market), FailingStore)
    assert isinstance(shop.store, FailingStore)
    shop.store.left = commits
    with pytest.raises(Cut):
        shop.tick(to=END)
    shop.store.left = 1 << 30
    return shop


MIXED = [("not received", "0s"), ("not received", "0s"), ("defective", "1d"), ("rejected", "0s"), ("return refused", "0s"), ("return sent", "0s")]


@rule("K3")
@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("commits", range(15))
def test_a_tick_cut_short_after_any_commit_is_a_shorter_tick(commits: int) -> None:
    whole = copied(played(MIXED)).tick(to=END)
    shop = cut_short(MIXED, commits)
    assert facts(whole.store).split(b",", 1)[1].startswith(facts(shop.store).split(b",", 1)[-1].rstrip(b"]"))
    assert facts(shop.tick(to=END).store) == facts(whole.store)


@rule("K3", "K1")
@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("commits", range(15))
def test_a_command_after_a_tick_cut_short_meets_no_deadline_that_passed(commits: int) -> None:
    shop = cut_short(MIXED, commits)
    shorter = copied(played(MIXED)).tick(to=f"{shop.now:%Y-%m-%dT%H:%M:%SZ}")
    for each in (shop, shorter):
        each.give(c.CreateOrder, "new", price="3.00")
        each.tick(to=END)
    assert facts(shop.store) == facts(shorter.store)


@rule("K3")
@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("commits", range(0, 15, 3))
def test_a_question_after_a_tick_cut_short_shows_what_has_passed(commits: int) -> None:
    shop = cut_short(MIXED, commits)
    shorter = copied(played(MIXED)).tick(to=f"{shop.now:%Y-%m-%dT%H:%M:%SZ}")
    for id in shorter.listed(all=True):
        assert shop.look(id) == shorter.look(id)


@rule("K3")
@pytest.mark.usefixtures("one_by_one")
def test_a_tick_with_a_key_is_written_whole_or_not_at_all() -> None:
    shop = copied(played(MIXED), FailingStore)
    assert isinstance(shop.store, FailingStore)
    shop.store.left = 0
    with pytest.raises(Cut):
        shop.ticked(to=END, key="k")
    shop.store.left = 1
    answer = shop.ticked(to=END, key="k")
    assert answer.fired and not answer.replayed and shop.store.left == 0
    assert facts(shop.store) == facts(copied(played(MIXED)).tick(to=END).store)


@rule("K3")
@settings(max_examples=120)
@given(Market, st.sampled_from([{"duration": "0s"}, {"duration": "9d"}, {"to": END}, {"next": True}, {"next": True, "before": True}, {"until_idle": True}]))
def test_a_dry_run_tells_exactly_what_the_tick_then_does(market: list[tuple[str, str]], form: dict[str, Any]) -> None:
    shop = copied(played(market))
    with unchanged(shop.store):
        dry = shop.ticked(**form, dry_run=True)
    done = shop.ticked(**form)
    assert (dry.dry_run, done.dry_run) == (True, False)
    for name in ("now", "changed", "from_", "to", "fired", "events", "next", "bounded"):
        assert getattr(dry, name) == getattr(done, name), name


@rule("K3")
@settings(max_examples=120)
@given(Market, st.integers(0, 120 * 86_400))
def test_the_future_that_status_shows_is_what_the_tick_then_makes(market: list[tuple[str, str]], seconds: int) -> None:
    shop = copied(played(market))
    at = shop.now + (after(0, seconds) - after(0))
    ids = shop.listed(all=True)
    with unchanged(shop.store):
        foreseen = [shop.look(id, at) for id in ids]
        rows = shop.listed(all=True, at=f"{at:%Y-%m-%dT%H:%M:%SZ}", sort="due")
    shop.tick(to=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    assert foreseen == [shop.look(id) for id in ids]
    assert rows == shop.listed(all=True, sort="due")


@rule("K3")
@settings(max_examples=80)
@given(Market, st.data())
def test_the_past_that_status_shows_is_what_was_seen_then(market: list[tuple[str, str]], data: st.DataObject) -> None:
    shop = copied(played(market))
    seen = []
    for _ in range(4):
        shop.tick(f"{data.draw(st.integers(1, 20 * 86_400))}s")
        seen.append((shop.now, [shop.look(id) for id in shop.listed(all=True)]))
    for at, orders in seen:
        assert [shop.look(order.id, at) for order in orders] == orders
