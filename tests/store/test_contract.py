"""What every store promises, whatever it is made of."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from dispute_cli.store import Commit, Key, Locked, Standing, Store, StoreUnusable
from dispute_cli.store.json_log import JsonLogStore

from .facts import HEAD, START, after, commit, entries, facts, fill, problems, said, shown


def test_a_new_store_has_its_head_its_start_and_nothing_else(store: Store) -> None:
    with store.read() as view:
        assert (view.head, view.now, view.seq) == (HEAD, START, 0)
        assert (view.history("O-1"), view.lines("O-1"), view.due(None, 9), list(view.orders()), list(view.events())) == ([], [], [], [], [])
        assert view.key("k") is None


def test_what_was_appended_is_there_for_the_writer_and_the_next_reader(store: Store) -> None:
    with store.write("x") as desk:
        desk.append([commit(said(1)), commit(said(2, "O-2"), said(3))])
        assert (desk.seq, desk.now, desk.history("O-1")) == (3, after(3), [said(1), said(3)])
    with store.read() as view:
        assert (view.seq, view.now) == (3, after(3))
        assert (view.history("O-1"), view.history("O-2")) == ([said(1), said(3)], [said(2, "O-2")])


def test_a_commit_may_move_the_clock_alone(store: Store) -> None:
    fill(store, Commit(now=after(60)))
    with store.read() as view:
        assert (view.now, view.seq) == (after(60), 0)


def test_the_first_event_is_told_though_the_clock_moved_before_it(store: Store) -> None:
    fill(store, Commit(now=after(1)), commit(said(1)))
    assert facts(store) == [said(1)]


def test_a_writer_whom_nobody_asks_to_stop_is_not_interrupted(store: Store) -> None:
    with store.write("x") as desk:
        desk.append([commit(said(1))])
        assert desk.interrupted() is False


def test_appending_nothing_changes_nothing(store: Store) -> None:
    fill(store, commit(said(1)))
    with store.write("x") as desk:
        desk.append([])
    assert len(entries(store)) == 1


def test_events_are_streamed_from_any_seq_on(store: Store) -> None:
    events = [said(n, f"O-{n % 7}") for n in range(1, 60)]
    fill(store, commit(*events[:20]), *(commit(event) for event in events[20:]))
    with store.read() as view:
        for since in range(61):
            assert [event.seq for event in view.events(since)] == list(range(since + 1, 60))


def test_orders_are_told_by_code_point_and_the_disputed_apart(store: Store) -> None:
    fill(store, commit(said(1, "b")), commit(said(2, "B"), disputed=True), commit(said(3, "a/10")), commit(said(4, ".x")), commit(said(5, "b")))
    with store.read() as view:
        assert list(view.orders()) == [".x", "B", "a/10", "b"]
        assert list(view.orders(disputed=True)) == ["B"]


@pytest.mark.parametrize(
    ("after", "ids"),
    [
        ("", [".x", "B", "B-1", "a/10", "a/2", "b"]),
        ("A", ["B", "B-1", "a/10", "a/2", "b"]),
        ("B", ["B-1", "a/10", "a/2", "b"]),
        ("a/", ["a/10", "a/2", "b"]),
        ("b", []),
        ("é", []),
    ],
)
def test_orders_are_told_from_any_id_on(store: Store, after: str, ids: list[str]) -> None:
    fill(store, commit(*(said(n, id) for n, id in enumerate(["b", "B-1", "a/10", ".x", "a/2", "B"], 1)), disputed=True))
    with store.read() as view:
        assert list(view.orders(after=after)) == list(view.orders(True, after)) == ids


def test_orders_from_an_id_on_are_told_over_many_pages(store: Store) -> None:
    names = [f"O-{n:04}" for n in range(1, 1300)]
    fill(store, commit(*(said(n, name) for n, name in enumerate(names, 1))))
    with store.read() as view:
        assert list(view.orders(after="O-0040")) == names[40:]


def test_orders_from_an_id_on_are_searched_for_not_read_past(tmp_path: Path) -> None:
    from dispute_cli.store.json_log import create
    from dispute_cli.store.lists import DISPUTED, ORDERS

    store = create(str(tmp_path / "a.json"), HEAD)
    with store.read() as view:
        for query in (*ORDERS, *DISPUTED):
            [(*_, step)] = view._all(f"EXPLAIN QUERY PLAN {query}", "O-1", 9)
            assert step.startswith("SEARCH") and "(id>?)" in step


def test_more_orders_than_a_page_are_all_told(store: Store) -> None:
    names = [f"O-{n:04}" for n in range(1, 1300)]
    fill(store, commit(*(said(n, name) for n, name in enumerate(names, 1)), disputed=True))
    with store.read() as view:
        assert list(view.orders()) == list(view.orders(disputed=True)) == names


def test_the_lines_of_a_purchase_come_in_numeric_order(store: Store) -> None:
    ids = ["P/10", "P/2", "P/1", "P", "P/x", "PP/1", "P-/1", "P0"]
    fill(store, commit(*(said(n, id) for n, id in enumerate(ids, 1))))
    with store.read() as view:
        assert view.lines("P") == ["P/1", "P/2", "P/10"]
        assert view.lines("Q") == []


def test_due_orders_come_soonest_first_then_by_id(store: Store) -> None:
    fill(store, commit(said(1, "b"), said(2, "a"), due=after(100)), commit(said(3, "c"), due=after(50)), commit(said(4, "d")))
    with store.read() as view:
        assert view.due(None, 9) == [(after(50), "c"), (after(100), "a"), (after(100), "b")]
        assert view.due(after(100), 2) == [(after(50), "c"), (after(100), "a")]
        assert view.due(after(99), 9) == [(after(50), "c")]
        assert view.due(after(49), 9) == []


def test_a_deadline_moves_and_goes_with_its_order(store: Store) -> None:
    fill(store, commit(said(1), due=after(50)), commit(said(2), due=after(80)))
    with store.write("x") as desk:
        assert desk.due(None, 9) == [(after(80), "O-1")]
        desk.append([commit(said(3))])
        assert desk.due(None, 9) == []


def test_a_key_is_found_with_the_events_of_its_commit(store: Store) -> None:
    key = Key("k", "f", "open")
    fill(store, commit(said(1)), commit(said(2), said(3), keys=(key,)), Commit(now=after(3), keys=(Key("empty", "g", "escalate"),)))
    with store.read() as view:
        assert view.key("k") == (key, [said(2), said(3)])
        assert view.key("empty") == (Key("empty", "g", "escalate"), [])
        assert view.key("other") is None


def test_a_key_may_span_commits_or_a_part_of_one(store: Store) -> None:
    long, part, none = Key("long", "f", "tick", first=1), Key("part", "g", "ship", first=4, last=4), Key("none", "h", "x", first=6, last=5)
    fill(store, commit(said(1)), commit(said(2)), commit(said(3), keys=(long,)), commit(said(4), said(5), keys=(part, none)))
    with store.read() as view:
        assert view.key("long") == (long, [said(1), said(2), said(3)])
        assert view.key("part") == (part, [said(4)])
        assert view.key("none") == (none, [])


def test_a_key_used_twice_is_refused_and_nothing_is_changed(store: Store) -> None:
    fill(store, commit(said(1), keys=(Key("k", "f", "open"),)))
    with store.write("x") as desk:
        with pytest.raises(ValueError, match="twice"):
            desk.append([commit(said(2), keys=(Key("k", "f", "open"),))])
        desk.append([commit(said(2))])
    assert facts(store) == [said(1), said(2)]


def test_a_policy_is_found_by_its_hash(store: Store) -> None:
    policy = {"days": 5, "rate": 0.1, "names": ["a", None, True], "more": {"x": {}}}
    fill(store, Commit(now=START, policies={"h1": policy}), Commit(now=START, policies={"h2": {}}))
    with store.read() as view:
        assert view.policy("h1") == policy
        assert view.policy("h2") == {}
        assert [view.knows_policy(hash) for hash in ("h1", "h2", "h3")] == [True, True, False]
        with pytest.raises(StoreUnusable, match="h3"):
            view.policy("h3")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (commit(said(3)), "missing"),
        (commit(said(1)), "missing"),
        (commit(said(2), now=after(1)), "later than the clock"),
        (Commit(now=START), "goes back"),
        (Commit(now=after(2), events=(said(2),)), "does not name"),
    ],
)
def test_a_commit_that_cannot_follow_is_refused_and_nothing_is_changed(store: Store, bad: Commit, reason: str) -> None:
    fill(store, commit(said(1)))
    with store.write("x") as desk, pytest.raises(ValueError, match=reason):
        desk.append([bad])
    assert facts(store) == [said(1)]


def test_evidence_is_kept_once_and_fetched_by_its_hash(store: Store) -> None:
    with store.write("x") as desk:
        hash = desk.keep(b"png")
        assert hash == desk.keep(b"png") == hashlib.sha256(b"png").hexdigest()
        desk.append([commit(shown(1, hash))])
        assert desk.blob(hash) == b"png"
    with store.read() as view:
        assert view.blob(hash) == b"png"
    assert problems(store) == []


@pytest.mark.parametrize("hash", ["0" * 64, "../../etc/passwd", "A" * 64, "0" * 64 + "\n", ""])
def test_evidence_that_is_not_there_is_unusable(store: Store, hash: str) -> None:
    with store.read() as view, pytest.raises(StoreUnusable):
        view.blob(hash)


@pytest.mark.parametrize("store", ["memory", "json"], indirect=True)
def test_an_audit_tells_each_commit_and_missing_evidence(store: Store) -> None:
    fill(store, commit(said(1)), commit(shown(2, "0" * 64)), Commit(now=after(9)))
    assert [(entry.number, entry.line) for entry in entries(store)] == [(1, 2), (2, 3), (3, 4)]
    assert entries(store)[0].commit == commit(said(1))
    [problem] = problems(store)
    assert (problem.commit, problem.line, problem.order) == (2, 3, "O-1")


def test_repair_removes_only_evidence_that_no_event_names(store: Store) -> None:
    with store.write("x") as desk:
        named, orphan = desk.keep(b"named"), desk.keep(b"orphan")
        desk.append([commit(shown(1, named))])
    removed = store.repair()
    assert len(removed) == 1
    assert removed[0].endswith(orphan)
    assert store.repair() == []
    assert problems(store) == []


def test_a_backup_is_a_store_of_the_same_facts(store: Store, tmp_path: Path) -> None:
    with store.write("x") as desk:
        hash = desk.keep(b"png")
        desk.append([commit(shown(1, hash), due=after(99)), commit(said(2, "O-2"), keys=(Key("k", "f", "open"),))])
    target = str(tmp_path / "copy.json")
    store.backup(target)
    copy = JsonLogStore(target, tell=lambda _: None)
    assert facts(copy) == facts(store)
    assert problems(copy) == []
    with copy.read() as view:
        assert (view.blob(hash), view.due(None, 1), view.head) == (b"png", [(after(99), "O-1")], HEAD)
    with pytest.raises(FileExistsError):
        store.backup(target)


def test_a_second_writer_in_the_same_process_is_locked_out(store: Store) -> None:
    if isinstance(store, JsonLogStore):
        store.lock_timeout = 0
    with store.write("first"), pytest.raises(Locked, match="first"), store.write("second"):
        pass
    with store.write("third"):
        pass


def test_texts_come_back_as_given(store: Store) -> None:
    text = 'quote " backslash \\ "order":"O-2" newline \n nul \0 é 漢 😀 \u202e }}'
    fill(store, commit(said(1, text=text)), commit(said(2, "O-2")))
    assert facts(store) == [said(1, text=text), said(2, "O-2")]


def test_far_deadlines_and_old_ones_come_back_exact(store: Store) -> None:
    far = START.replace(year=9999, month=12, day=31, hour=23, minute=59, second=59)
    old = START.replace(year=1901)
    fill(store, commit(said(1, "far"), due=far), commit(said(2, "old"), due=old))
    with store.read() as view:
        assert view.due(None, 9) == [(old, "old"), (far, "far")]
        assert view.due(far - timedelta(seconds=1), 9) == [(old, "old")]


def test_both_stores_write_the_same_document(tmp_path: Path) -> None:
    from dispute_cli.store.json_log import create
    from dispute_cli.store.memory import MemoryStore

    commits = [commit(said(1)), commit(said(2, "O-2"), keys=(Key("k", "f", "x"),)), Commit(now=after(5), policies={"h": {"a": 1}})]
    memory, disk = MemoryStore(HEAD), create(str(tmp_path / "a.json"), HEAD)
    fill(memory, *commits)
    fill(disk, *commits)
    memory.backup(str(tmp_path / "b.json"))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["commits"]["2"]["keys"] == [{"key": "k", "fingerprint": "f", "command": "x"}]


def test_standings_are_those_of_the_last_commit_that_touched_the_order(store: Store) -> None:
    first = Commit(now=START, orders={"O-1": Standing(after(5), False)})
    second = Commit(now=START, orders={"O-1": Standing(after(9), True)})
    with store.write("x") as desk:
        desk.append([first, second])
    with store.read() as view:
        assert (view.due(None, 9), list(view.orders(True)), view.history("O-1")) == ([(after(9), "O-1")], ["O-1"], [])


def test_which_of_many_ids_are_known_is_told_at_once_as_of_each_alone(store: Store) -> None:
    fill(store, *(commit(said(number, order=f"O-{number}")) for number in range(1, 602)), commit(said(602, order="P/2")), commit(said(603, order="p.1/10")))
    ids = ["O-1", "O-601", "O-602", "O", "o-1", "P", "P/2", "P/1", "P/2/1", "P.", "P/", "p.1", "p.1/1", "p.1/10", "p", "", *(f"Q-{number}" for number in range(600))]
    with store.read() as view:
        assert view.known(ids) == {id for id in ids if view.history(id) or view.lines(id)} == {"O-1", "O-601", "P", "P/2", "p.1", "p.1/10"}
        assert view.known([]) == set()


def test_many_histories_are_read_at_once_as_each_is_alone(store: Store) -> None:
    fill(store, *(commit(said(number, order=f"O-{number % 7}")) for number in range(1, 40)))
    ids = [f"O-{number}" for number in range(9)]
    with store.read() as view:
        found = view.histories(ids)
        assert {id: found.get(id, []) for id in ids} == {id: view.history(id) for id in ids}


def test_every_order_that_is_due_is_told_soonest_first(store: Store) -> None:
    fill(store, *(commit(said(number, order=f"O-{number}"), due=after(9 - number % 3) if number % 4 else None) for number in range(1, 9)))
    with store.read() as view:
        assert list(view.all_due()) == view.due(None, 99) != []
