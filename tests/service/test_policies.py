"""A store is made once, with its policy; an order keeps the policy that it was made under for ever."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dispute_cli import questions as q
from dispute_cli.core import commands as c
from dispute_cli.core.policy import Policy, fingerprint
from dispute_cli.policies import FOLDER, InvalidFile, load, names
from dispute_cli.runs.batch import Mode
from dispute_cli.service import EPOCH, make
from dispute_cli.store import Entry, Head, StoreExists
from dispute_cli.store.json_log import create
from tests.given import POLICY, START, policy_with, rule

from .lines import batch
from .shop import OVERDUE, Shop, after, on_disk

QUICK = replace(policy_with(answering={"seller_days": 1}, protection={"days": 40}), name="quick")
SLOW = replace(policy_with(answering={"seller_days": 9}), name="slow")


def made(**more: Any) -> tuple[Any, Head]:
    heads: list[Head] = []
    told: dict[str, Any] = {"path": "x.json", "start": None, "seed": 0, "policy": POLICY, "clock": "simulated", "wall": lambda: after(99)}
    return make(heads.append, **told | more), heads[0]


@rule("K1")
def test_a_store_starts_at_its_epoch_with_seed_0_unless_told() -> None:
    answer, head = made()
    assert (answer.now, answer.start, answer.seed, answer.policy, answer.clock) == (EPOCH, EPOCH, 0, "aliexpress", "simulated")
    assert (head.start, head.seed, head.clock, head.schema) == (EPOCH, 0, "simulated", 1)


@rule("K1")
@pytest.mark.parametrize(("start", "clock", "began"), [(None, "wall", after(99)), (START, "wall", START), (after(5), "simulated", after(5))])
def test_a_store_starts_where_it_is_told_or_now_on_the_wall(start: Any, clock: str, began: Any) -> None:
    answer, head = made(start=start, clock=clock)
    assert (answer.start, head.start) == (began, began)


def test_a_store_is_not_made_over_another(tmp_path: Path) -> None:
    path = str(tmp_path / "disputes.json")
    told: dict[str, Any] = {"path": path, "start": None, "seed": 0, "policy": POLICY, "clock": "simulated", "wall": lambda: START}
    make(lambda head: create(path, head), **told)
    with pytest.raises(StoreExists):
        make(lambda head: create(path, head), **told)


@rule("P1")
def test_the_seed_decides_the_payout_days_and_nothing_else() -> None:
    ids = [f"O-{n}" for n in range(12)]
    paid = [{id: payout_of(Shop(seed=seed), id) for id in ids} for seed in (1, 1, 2)]
    assert paid[0] == paid[1] != paid[2]
    assert {(at - after(5)).days for days in paid for at in days.values()} <= {7, 8, 9, 10}
    together = Shop(seed=1)
    for id in reversed(ids):
        together.order(id).missing(id)
    together.tick("5d")
    assert {id: settlement_of(together, id) for id in ids} == paid[0]


def payout_of(shop: Shop, id: str) -> Any:
    return settlement_of(shop.order(id).missing(id).tick("5d"), id)


def settlement_of(shop: Shop, id: str) -> Any:
    settlement = shop.look(id).settlement
    assert settlement is not None
    return settlement.payout_at


# An order's own policy


@rule("D11")
@pytest.mark.parametrize("on", ["memory", "disk"])
def test_each_order_is_under_its_own_policy(tmp_path: Path, on: str) -> None:
    shop = Shop(on_disk(tmp_path) if on == "disk" else None)
    shop.shelf |= {"quick": QUICK, "slow": SLOW}
    shop.order("a").order("b", policy="quick").order("c", policy="slow")
    for id in "abc":
        shop.missing(id)
    assert [(due.order, due.at) for due in shop.ask(q.Deadlines()).deadlines if due.kind == "seller_response"] == [("b", after(1)), ("a", after(5)), ("c", after(9))]
    assert [shop.look(id).protection.ends_at for id in "abc"] == [after(60), after(40), after(60)]


@pytest.mark.parametrize("on", ["memory", "disk"])
def test_a_policy_that_changes_afterwards_changes_no_order_made_before(tmp_path: Path, on: str) -> None:
    shop = Shop(on_disk(tmp_path) if on == "disk" else None)
    shop.shelf["mine"] = QUICK
    shop.order("before", policy="mine")
    shop.shelf["mine"] = SLOW
    shop.order("after", policy="mine").missing("before").missing("after")
    del shop.shelf["mine"]
    assert [(due.order, due.at) for due in shop.ask(q.Deadlines()).deadlines if due.kind == "seller_response"] == [("before", after(1)), ("after", after(9))]
    assert shop.tick("3d").look("before").cause == "seller_silent"
    assert shop.ask(q.Verify()).ok


def test_a_policy_file_edited_afterwards_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = (Path(FOLDER) / "aliexpress.toml").read_text()
    file.write_text(text.replace("seller_days = 5", "seller_days = 2"))
    shop = Shop(on_disk(tmp_path)).order(policy=str(file))
    file.write_text("this is no policy any more")
    assert shop.missing().look().deadlines[0].at == after(2)
    with pytest.raises(InvalidFile):
        shop.order("O-2", policy=str(file))


def test_the_stores_own_policy_is_the_one_it_was_made_with() -> None:
    shop = Shop(policy=QUICK).order().missing()
    assert shop.look().deadlines[0].at == after(1)
    assert shop.give(c.CreateOrder, "O-2", price="1", policy="aliexpress").order.protection.ends_at == after(60)


def test_an_order_names_its_policy_by_hash_and_the_commit_that_first_uses_it_holds_it() -> None:
    shop = Shop()
    shop.shelf["quick"] = QUICK
    shop.order("a").order("b", policy="quick")
    hashes = [event["policy"] for event in shop.told()]
    assert hashes == [fingerprint(POLICY), fingerprint(QUICK)]
    commits = [met.commit for met in shop.store.audit() if isinstance(met, Entry)]
    assert [list(commit.policies) for commit in commits] == [[], [fingerprint(QUICK)]]


def test_a_policy_is_known_to_the_later_lines_of_an_atomic_batch() -> None:
    shop = Shop()
    shop.shelf["quick"] = QUICK
    open = OVERDUE | {"command": "open", "id": "b"}
    assert batch(shop, {"command": "order create", "id": "b", "price": "1", "policy": "quick"}, open, mode=Mode.ATOMIC).code == 0
    assert Shop(shop.store).look("b").deadlines[0].at == after(1)


def test_another_policy_does_not_rub_off_on_the_next_order_of_a_batch() -> None:
    shop = Shop()
    shop.shelf["quick"] = QUICK
    create = {"command": "order create", "price": "1"}
    assert batch(shop, create | {"id": "a", "policy": "quick"}, create | {"id": "b"}).code == 0
    assert [shop.look(id).protection.ends_at for id in "ab"] == [after(40), after(60)]


def test_a_refused_creation_keeps_no_policy() -> None:
    shop = Shop()
    shop.shelf["quick"] = QUICK
    shop.order("a").refused("E1", c.CreateOrder, "a", price="1", policy="quick")
    shop.refused("E6", c.CreateOrder, "b", price="1", policy="quick", deliver_by="2026-02-15")
    assert shop.give(c.CreateOrder, "b", price="1", deliver_by="2026-02-15").changed


def test_every_shipped_policy_runs_an_order() -> None:
    for name in names():
        policy: Policy = load(name)
        shop = Shop(policy=policy).order().tick(until_idle=True)
        assert shop.look().cause == "protection_ended"
