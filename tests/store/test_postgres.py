"""What only a store on PostgreSQL promises: many writers at once, one chain an order, nothing secret told, and a tick that nobody sees half done."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from msgspec.structs import replace

from dispute_cli.core.events import Event
from dispute_cli.store import (
    Commit,
    Key,
    Locked,
    OutcomeUnknown,
    Overtaken,
    Standing,
    StoreExists,
    StoreMissing,
    StoreUnusable,
    postgres,
    signals,
)
from dispute_cli.store.json_log import JsonLogStore
from dispute_cli.store.postgres import PostgresStore, address, export, schema
from dispute_cli.store.postgres.desk import BEGIN, COMMIT, statements, write
from dispute_cli.store.postgres.link import REFUSED, Link, Lost, named, refusal_of

from .facts import HEAD, after, commit, entries, facts, fill, problems, said, shown
from .proxy import Proxy, between
from .server import Server


def spoil(store: PostgresStore, query: str) -> None:
    """Change a table behind the store's back."""
    link = Link(store.address)
    link.connection.execute(query.encode())
    link.close()


@pytest.fixture
def other(tables: PostgresStore, server: Server) -> Iterator[PostgresStore]:
    """The same store, opened by somebody else."""
    found = PostgresStore(server.url(tables.address.schema), 0.05)
    yield found
    found.close()


@pytest.fixture
def proxy(tables: PostgresStore, server: Server) -> Iterator[Proxy]:
    with tempfile.TemporaryDirectory(prefix="dispute-proxy-") as folder, between(Path(folder), server, server.url(tables.address.schema)) as proxy:
        yield proxy


# Where it is


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql://me:secret@host:6000/db?schema=shop", "postgresql://me@host:6000/db?schema=shop"),
        ("postgresql://me@/db?host=/run/pg&password=secret&sslmode=require", "postgresql://me@/db?host=/run/pg"),
        ("postgresql://me:secret@a:1,b:2/db", "postgresql://me@a:1,b:2/db"),
        ("postgresql:///db?password=secret", "postgresql:///db"),
    ],
)
def test_a_url_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert address.read(url).shown == shown


@pytest.mark.parametrize("url", ["postgresql://u:secret@[x/db", "mysql://u:secret@h/d", "postgresql://u@h/d#secret", "postgresql://h/d?schema=A&schema=B", "POSTGRESQL://u:secret@h/d"])
@pytest.mark.parametrize("more", ["", "&schema=pg_secret"])
def test_what_is_no_url_of_a_store_is_not_quoted(url: str, more: str) -> None:
    with pytest.raises(ValueError, match=r"is a URL, and none|names a schema") as refused:
        address.read(url + more)
    assert "secret" not in str(refused.value)


def test_what_a_url_says_reaches_libpq_as_it_is() -> None:
    libpq = pytest.importorskip("psycopg.conninfo")
    found = libpq.conninfo_to_dict(address.read("postgresql://h/d?password=a+b%20c%26&schema=shop&options=-c%20x%3D1").conninfo)
    assert found == {"host": "h", "dbname": "d", "password": "a+b c&", "options": "-c x=1"}


def test_a_url_without_a_host_is_one_of_libpqs(tables: PostgresStore, server: Server) -> None:
    url = f"postgresql:///postgres?user=postgres&host={server.folder}&schema={tables.address.schema}"
    assert facts(PostgresStore(url)) == []


@pytest.mark.parametrize("more", ["&secret=1", "&connect_timeout=secret", "&sslmode=%secret"])
def test_a_url_that_libpq_does_not_take_is_said_to_be_wrong_and_not_quoted(server: Server, more: str) -> None:
    with pytest.raises(StoreUnusable, match="a parameter, a port or a sign that cannot be") as refused, PostgresStore(server.url() + more).read():
        pass
    assert "secret" not in str(refused.value)


def test_where_no_server_answers_nothing_secret_is_said(tmp_path: Path) -> None:
    store = PostgresStore(f"postgresql://me:hunter2@/db?host={tmp_path}")
    with pytest.raises(StoreUnusable, match="cannot be reached") as refused, store.read():
        pass
    assert "hunter2" not in str(refused.value) and refused.value.__cause__ is None


def test_a_database_that_is_not_there_is_said_to_be_missing(server: Server) -> None:
    with pytest.raises(StoreUnusable, match="no such database"), PostgresStore(server.url().replace("/postgres?", "/nowhere?")).read():
        pass


def test_without_tables_there_is_no_store(server: Server) -> None:
    store = PostgresStore(server.url())
    for opened in (store.read(), store.write("x"), store.write_order("x", "O-1"), store.join("tick")):
        with pytest.raises(StoreMissing, match="`dispute init` makes one"), opened:
            pass


def test_a_store_is_made_over_another_only_by_force_and_the_old_tables_are_kept(tables: PostgresStore, server: Server) -> None:
    fill(tables, commit(said(1)))
    url = server.url(tables.address.schema)
    for _ in range(2):
        with pytest.raises(StoreExists, match="--force"):
            postgres.create(url, HEAD)
        with pytest.raises(StoreExists, match="--force"):
            postgres.check_free(url, force=False)
        postgres.check_free(url, force=True)
        postgres.create(url, HEAD, force=True)
        assert facts(tables) == []
    kept = Link(tables.address)
    assert kept.connection.execute(f'SELECT count(*) FROM "{tables.address.schema}.bak".events'.encode()).fetchall() == [(0,)]
    kept.close()


def test_a_schema_with_other_tables_is_left_alone(server: Server) -> None:
    url = server.url()
    schema = address.read(url).schema
    link = Link(address.read(url))
    link.connection.execute(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.mine ()".encode())
    link.close()
    with pytest.raises(StoreUnusable, match="no store of ours"):
        postgres.create(url, HEAD, force=True)


def test_a_newer_version_is_unusable(tables: PostgresStore) -> None:
    spoil(tables, "UPDATE store SET version = 9")
    with pytest.raises(StoreUnusable, match="version 9, this program reads up to 1: a newer"), tables.read():
        pass


def test_a_damaged_head_is_unusable(tables: PostgresStore) -> None:
    spoil(tables, "UPDATE store SET head = '{}'")
    with pytest.raises(StoreUnusable, match="head is damaged"), tables.read():
        pass


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("DELETE FROM clock", "a row that every store has is missing"),
        ("DELETE FROM store", "a row that every store has is missing"),
        ("ALTER TABLE clock RENAME TO watch", "tables of the store are missing"),
        ("DROP TABLE events", "tables of the store are missing"),
    ],
)
def test_what_is_missing_of_a_store_is_damage_and_not_that_there_is_none(tables: PostgresStore, damage: str, says: str) -> None:
    spoil(tables, damage.replace(" clock", f" {tables.address.schema}.clock"))
    for opened in (tables.write("x"), tables.write_order("x", "O-1"), tables.join("tick")):
        with pytest.raises(StoreUnusable, match=f"is damaged: {says}"), opened as desk:
            desk.history("O-1")
    with pytest.raises(StoreUnusable, match=f"is damaged: {says}"), tables.read() as view:
        view.history("O-1")


def test_who_may_not_look_is_not_told_to_make_a_store(tables: PostgresStore, server: Server) -> None:
    spoil(tables, f"CREATE ROLE guest_{tables.address.schema} LOGIN")
    url = server.url(tables.address.schema).replace("postgres@", f"guest_{tables.address.schema}@")
    with pytest.raises(StoreUnusable, match=rf"permission denied for schema {tables.address.schema} \(42501\)"), PostgresStore(url).read():
        pass


def test_who_may_only_read_is_told_so_when_he_writes(tables: PostgresStore, server: Server) -> None:
    fill(tables, commit(said(1)))
    reader = PostgresStore(server.url(tables.address.schema) + "&options=-c%20default_transaction_read_only%3Don")
    assert facts(reader) == [said(1)]
    with pytest.raises(StoreUnusable, match="25006"), reader.write_order("x", "O-1"):
        pass
    with pytest.raises(StoreUnusable, match="25006"), reader.write("x") as desk:
        desk.append([commit(said(2))])
    assert facts(tables) == [said(1)]


def test_the_files_of_the_tables_are_numbered_without_a_gap() -> None:
    assert [file.name for file in schema.FILES] == [f"{number:03}.sql" for number in range(1, schema.VERSION + 1)]


# Side by side


def test_commands_on_different_orders_do_not_wait_for_each_other(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1, "A"), said(2, "B/1")))
    with tables.write_order("message", "A") as one, other.write_order("message", "B/2") as two:
        [first], [second] = one.draw_numbers(1), two.draw_numbers(1)
        two.append([commit(replace(said(2, "B/1"), seq=second))])
        one.append([commit(replace(said(2, "A"), seq=first))])
    with tables.read() as view:
        assert [(event.seq, event.order) for event in view.events()] == [(1, "A"), (2, "B/1"), (3, "A"), (4, "B/1")]
    assert problems(tables) == []


def test_a_second_command_on_a_purchase_waits_and_names_who_holds_it(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1, "A/1"), said(2, "A/2")))
    with tables.write_order("message", "A/1"):
        with pytest.raises(Locked, match=r"session \d+ \(`dispute message A`\) has held postgresql://\S+ for \d+ s"), other.write_order("open", "A/2"):
            pass
        with pytest.raises(Locked, match="dispute message A"), other.write("batch"):
            pass
        with pytest.raises(Locked, match="dispute message A"), other.join("tick"):
            pass
    with other.write("batch"), pytest.raises(Locked, match="dispute batch"), tables.write_order("open", "A/2"):
        pass
    with tables.write_order("open", "A/2"):
        pass


def test_who_makes_an_order_that_another_made_meanwhile_is_overtaken(tables: PostgresStore, other: PostgresStore) -> None:
    with tables.write_order("order create", "A") as late, other.write_order("order create", "A") as early:
        assert (late.history("A"), early.lines("A")) == ([], [])
        early.append([commit(said(next(iter(early.draw_numbers(1))), "A"))])
        with pytest.raises(Overtaken):
            late.append([commit(said(next(iter(late.draw_numbers(1))), "A"))])
    assert [event.seq for event in facts_of(tables)] == [2]


def test_a_key_that_was_taken_meanwhile_is_overtaken(tables: PostgresStore, other: PostgresStore) -> None:
    with tables.write_order("x", "A") as late, other.write_order("x", "B") as early:
        early.append([commit(said(next(iter(early.draw_numbers(1))), "B"), keys=(Key("k", "f", "x"),))])
        with pytest.raises(Overtaken):
            late.append([commit(said(next(iter(late.draw_numbers(1))), "A"), keys=(Key("k", "g", "x"),))])
    with tables.read() as view:
        found = view.key("k")
    assert found and found[0].fingerprint == "f"


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_what_the_server_could_not_serialize_is_overtaken(tables: PostgresStore, state: str) -> None:
    fill(tables, commit(said(1)))
    spoil(tables, f"CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE SQLSTATE ''{state}''; END'")
    spoil(tables, "CREATE TRIGGER late BEFORE INSERT ON events EXECUTE FUNCTION late()")
    with tables.write_order("x", "O-1") as desk, pytest.raises(Overtaken, match=state):
        desk.append([commit(said(next(iter(desk.draw_numbers(1)))))])
    assert facts(tables) == [said(1)]


def test_numbers_that_were_drawn_and_not_used_are_gaps(tables: PostgresStore) -> None:
    with tables.write_order("x", "A") as desk:
        assert (list(desk.draw_numbers(3)), list(desk.draw_numbers(0))) == ([1, 2, 3], [])
    with tables.write("x") as whole:
        assert (whole.seq, list(whole.draw_numbers(2))) == (3, [4, 5])
        whole.append([commit(said(4), said(5))])
    assert [event.seq for event in facts_of(tables)] == [4, 5]
    assert problems(tables) == []


def facts_of(store: PostgresStore) -> list[Event]:
    with store.read() as view:
        return list(view.events())


def test_a_follower_is_not_told_of_a_number_while_a_lower_one_may_still_come(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1)))
    assert other.settled() == 1
    with tables.write_order("x", "A") as slow, PostgresStore(other_url(tables), 1).write_order("x", "B") as quick:
        lower, higher = (next(iter(desk.draw_numbers(1))) for desk in (slow, quick))
        quick.append([commit(said(higher, "B"))])
        assert [event.seq for event in facts_of(tables_again(tables))] == [1, higher]
        assert [other.settled() for _ in range(3)] == [1, 1, 1]
        slow.append([commit(said(lower, "A"))])
    assert other.settled() == higher
    assert [event.seq for event in facts_of(other)] == [1, lower, higher]


def other_url(store: PostgresStore) -> str:
    host = dict(pair.split("=", 1) for pair in store.address.conninfo.split("?")[1].split("&"))["host"]
    return f"postgresql://postgres@/postgres?host={host}&schema={store.address.schema}"


def tables_again(store: PostgresStore) -> PostgresStore:
    return PostgresStore(other_url(store), 1)


# When the connection is lost


def test_a_connection_that_broke_between_two_commands_is_made_anew(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1)))
    assert tables._idle is not None
    kill(other, tables._idle.pid)
    fill(tables, commit(said(2)))
    assert facts(tables) == [said(1), said(2)]


def kill(store: PostgresStore, pid: int) -> None:
    with store._link(()) as (link, _):
        link.rows("SELECT pg_terminate_backend(%s, 5000)", pid)


def test_a_connection_lost_before_the_commit_changes_nothing_and_says_so(tables: PostgresStore, other: PostgresStore) -> None:
    with tables.write_order("x", "A") as desk:
        kill(other, desk._link.pid)
        with pytest.raises(StoreUnusable, match="nothing was changed"):
            desk.knows_policy("x")
    assert facts_of(tables) == []


@pytest.mark.parametrize(("where", "events"), [("lost", 1), ("told", 2)])
def test_a_connection_lost_with_the_commit_is_an_unknown_outcome_that_the_key_settles(proxy: Proxy, where: str, events: int) -> None:
    store = PostgresStore(proxy.url, 1)
    fill(store, commit(said(1)))
    with store.write_order("x", "O-1") as desk:
        numbers = list(desk.draw_numbers(1))
        proxy.lose = where
        with pytest.raises(OutcomeUnknown, match="repeat with the same idempotency key"):
            desk.append([commit(said(numbers[0]), keys=(Key("k", "f", "x"),))])
    proxy.lose = None
    assert len(facts_of(store)) == events
    with store.read() as view:
        assert (view.key("k") is not None) == (events == 2)
    store.close()


def test_a_message_that_failed_leaves_its_connection_usable(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1)))
    tables.close()
    with other.write_order("x", "O-1"), pytest.raises(Locked), tables.write_order("x", "O-1"):
        pass
    for number in (1, 2):
        with tables.write_order("x", "O-1") as desk:
            assert desk.history("O-1") == [said(1)], number


# The chain of each order


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE events SET body = replace(body::text, 'hello', 'hallo')::json WHERE position = 2", "event 2 is not what was written"),
        ("UPDATE events SET hash = '\\x00' WHERE position = 1", "event 1 is not what was written"),
        ("DELETE FROM events WHERE position = 2", "event 2 is missing"),
        ("DELETE FROM events WHERE position = 3", "event 3 is missing: 3 were written"),
        ("DELETE FROM events", "event 1 is missing: 3 were written"),
        ("UPDATE clock SET now = '2026-01-01T00:00:02Z'", "event 3 is later than the clock"),
        ("DELETE FROM heads", "how it stands is missing"),
    ],
)
def test_an_audit_names_the_order_and_the_position(tables: PostgresStore, damage: str, says: str) -> None:
    fill(tables, commit(said(1)), commit(said(2)), commit(said(3)))
    assert problems(tables) == []
    spoil(tables, damage)
    [problem] = problems(tables)
    assert problem.order == "O-1" and says in problem.message


def test_a_number_that_stands_twice_is_found(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "A")), commit(said(2, "B")))
    spoil(tables, "UPDATE events SET seq = 1")
    assert [problem.message for problem in problems(tables)] == ["number 1 stands at several events"]


def test_what_is_altered_is_not_told_as_a_fact(tables: PostgresStore) -> None:
    fill(tables, commit(said(1)), commit(said(2, "O-2")))
    spoil(tables, "UPDATE events SET body = replace(body::text, 'hello', 'hallo')::json WHERE id = 'O-1'")
    with tables.read() as view:
        with pytest.raises(StoreUnusable, match="O-1: event 1 is not what was written"):
            view.history("O-1")
        assert view.history("O-2") == [said(2, "O-2")]
    with pytest.raises(StoreUnusable, match="O-1: event 1"), tables.write_order("x", "O-1"):
        pass


def test_evidence_that_was_altered_is_found(tables: PostgresStore) -> None:
    with tables.write("x") as desk:
        hash = desk.keep(b"png")
        desk.append([commit(shown(1, hash))])
    spoil(tables, "UPDATE blobs SET data = 'gif'")
    with tables.read() as view, pytest.raises(StoreUnusable, match="altered"):
        view.blob(hash)
    assert [problem.order for problem in problems(tables)] == ["O-1"]


def test_an_audit_tells_each_order_with_its_events(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "B")), commit(said(2, "A"), said(3, "B")), Commit(now=after(9)))
    assert [(entry.number, [event.seq for event in entry.commit.events]) for entry in entries(tables)] == [(1, [2]), (2, [1, 3])]


# A shared tick


def test_while_a_tick_is_under_way_readers_see_what_was_before_it(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1, "A"), said(2, "B"), due=after(10)))
    with tables.join("tick") as desk:
        desk.begin(after(60), idle=False)
        taken = desk.take(1)
        assert taken == {"A": [said(1, "A")]}
        numbers = list(desk.draw_numbers(1))
        desk.put([replace(said(10, "A"), seq=numbers[0])], {"A": Standing(after(90), False)}, 1)
        with other.read() as view:
            assert (view.now, view.history("A"), len(list(view.events())), view.seq) == (after(2), [said(1, "A")], 2, 2)
            assert view.due(None, 9) == [(after(10), "A"), (after(10), "B")]
        assert other.settled() == 2
        assert problems(other) == []
        assert desk.take(9) == {"B": [said(2, "B")]}
        desk.put([], {"B": Standing(None, False)}, 1)
        assert desk.take(9) == {}
        desk.finish()
        assert [event.order for event in desk.outcome()[0]] == ["A"] and desk.outcome()[1] == 2
    with other.read() as view:
        assert (view.now, len(view.history("A")), view.due(None, 9)) == (after(60), 2, [(after(90), "A")])
    assert other.settled() == 3


def test_those_who_share_a_tick_take_different_orders_and_no_command_comes_between(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(*(said(number, f"O-{number}") for number in range(1, 7)), due=after(10)))
    with tables.join("tick") as one:
        one.begin(after(60), idle=True)
        with other.join("tick") as two:
            assert one.running == two.running
            assert (list(one.take(4)), list(two.take(4))) == (["O-1", "O-2", "O-3", "O-4"], ["O-5", "O-6"])
            third = tables_again(tables)
            with third.write_order("message", "O-9") as desk:
                assert desk.running == one.running
            third.lock_timeout = 0.05
            with pytest.raises(Locked, match="dispute tick"), third.write("batch"):
                pass
    with other.join("tick") as later:
        assert later.running and len(later.take(9)) == 6


def test_a_backup_of_what_gaps_and_keys_there_are_is_a_sound_log(tables: PostgresStore, tmp_path: Path) -> None:
    with tables.write_order("x", "A") as desk:
        desk.draw_numbers(5)
    with tables.write_order("x", "A") as desk:
        numbers = list(desk.draw_numbers(2))
        desk.append([commit(*(said(number, "A") for number in numbers), keys=(Key("k", "f", "x", first=6, last=7),))])
    with tables.write("tick") as whole:
        whole.append([Commit(now=after(60), keys=(Key("empty", "g", "tick", first=8, last=7),))])
    tables.backup(str(tmp_path / "copy.json"), copied=lambda done, of: None)
    copy = JsonLogStore(str(tmp_path / "copy.json"))
    assert problems(copy) == []
    with copy.read() as view:
        found, none = view.key("k"), view.key("empty")
        assert found and [event.seq for event in found[1]] == [1, 2]
        assert none and (none[1], view.now) == ([], after(60))


# What seldom happens


def test_who_waits_too_long_for_a_key_or_for_a_share_is_told_who_holds_it(tables: PostgresStore, other: PostgresStore) -> None:
    fill(tables, commit(said(1, "A"), due=after(10)))
    with tables.write_order("x", "B") as first, other.write_order("x", "C") as second:
        first._link.rows("INSERT INTO keys VALUES ('k', '{}', 1, 0)")
        with pytest.raises(Locked, match="dispute x B"):
            second.append([commit(said(next(iter(second.draw_numbers(1))), "C"), keys=(Key("k", "f", "x"),))])
    with tables.join("tick") as one:
        one.begin(after(60), idle=False)
        one.take(9)
        with other.join("tick") as two, pytest.raises(Locked, match="dispute tick"):
            two.take(9)


def test_numbers_follow_each_other_unless_others_drew_meanwhile(tables: PostgresStore, other: PostgresStore) -> None:
    with tables.write_order("x", "A") as alone:
        assert list(alone.draw_numbers(3)) == [1, 2, 3]
        assert list(alone.draw_numbers(2)) == [4, 5]
    with tables.write_order("x", "A") as one, other.write_order("x", "B") as two:
        assert (list(one.draw_numbers(2)), list(two.draw_numbers(1))) == ([9, 10], [7])


def test_a_desk_keeps_evidence_and_reads_other_orders(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "P/1"), said(2, "P/2"), said(3, "Q/1")))
    with tables.write_order("x", "P") as one:
        assert (one.lines("P"), one.lines("Q"), one.history("P/2"), one.history("Q/1")) == (["P/1", "P/2"], ["Q/1"], [said(2, "P/2")], [said(3, "Q/1")])
        assert one.blob(one.keep(b"png")) == b"png"
        assert (one.due(None, 9), one.interrupted()) == ([], False)
    assert [orphan for orphan in tables.repair()] == []


def test_a_cut_short_instant_is_behind_and_due_for_every_command(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "A"), said(2, "B"), due=after(10), now=after(10)))
    with tables.write_order("x", "B") as desk:
        assert desk.due(desk.now, 1) == [(after(10), "A")]


def test_orphans_are_named_and_in_a_dry_run_kept(tables: PostgresStore) -> None:
    with tables.write("x") as desk:
        hash = desk.keep(b"orphan")
    assert tables.repair(dry_run=True) == tables.repair() == [hash]
    assert tables.repair() == []


def test_an_event_that_goes_back_is_found(tables: PostgresStore) -> None:
    fill(tables, commit(replace(said(1), at=after(9))), commit(replace(said(2), at=after(1)), now=after(9)), commit(replace(said(3), seq=3), now=after(9)))
    assert [problem.message for problem in problems(tables)] == ["event 2 is earlier than the one before it"]
    spoil(tables, "UPDATE events SET seq = 0 WHERE position = 3")
    assert len(problems(tables)) == 1  # its number stands in its body, which the chain covers


def test_an_event_of_another_order_is_found(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "A")), commit(said(2, "B")))
    spoil(tables, "UPDATE events SET body = (SELECT body FROM events WHERE id = 'A'), hash = (SELECT hash FROM events WHERE id = 'A') WHERE id = 'B'")
    assert [(problem.order, problem.message) for problem in problems(tables)] == [("B", "event 1 belongs to A"), ("B", "event 1 is missing: 1 were written")][:1]


def test_what_cannot_be_decoded_is_found_and_not_told(tables: PostgresStore) -> None:
    fill(tables, commit(said(1)))
    spoil(tables, "UPDATE events SET body = '{}', hash = sha256('{}')")
    assert ["cannot be read" in problem.message for problem in problems(tables)] == [True]
    with tables.read() as view, pytest.raises(StoreUnusable, match="`dispute verify` says which"):
        list(view.events())


def test_a_refusal_of_the_server_is_told_in_its_words(tables: PostgresStore) -> None:
    link = Link(tables.address)
    with pytest.raises(StoreUnusable, match=r"read-only transaction \(25006\)"):
        link.ask(("BEGIN READ ONLY", ()), ("UPDATE clock SET now = now", ()))
    link.undo()
    with pytest.raises(StoreUnusable, match="22012"):
        link.rows("SELECT 1 / 0")
    link.close()


def test_a_backup_never_writes_over_anything_and_leaves_nothing_when_it_fails(tables: PostgresStore, tmp_path: Path) -> None:
    fill(tables, commit(said(1)))
    target = tmp_path / "copy.json"
    tables.backup(str(target), dry_run=True)
    with pytest.raises(FileExistsError, match="cannot be written"):
        tables.backup(str(tmp_path / "no folder" / "copy.json"))

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tables.backup(str(target), copied=stop)
    assert list(tmp_path.iterdir()) == []
    tables.backup(str(target))
    with pytest.raises(FileExistsError, match="there already"):
        tables.backup(str(target), dry_run=True)


def test_a_lost_connection_while_a_store_is_made_is_an_unknown_outcome(proxy: Proxy) -> None:
    proxy.lose = "lost"
    with pytest.raises(OutcomeUnknown, match="may be there or not"):
        postgres.create(proxy.url, HEAD, force=True)


def test_another_encoding_is_refused(server: Server) -> None:
    link = Link(address.read(server.url()))
    link.connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    link.close()
    with pytest.raises(StoreUnusable, match="not encoded in UTF8"):
        postgres.create(server.url().replace("/postgres?", "/latin?"), HEAD)


def test_without_its_driver_it_says_what_to_install(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnusable, match=r"needs psycopg: pip install 'dispute-cli\[postgres\]'"), PostgresStore(server.url()).read():
        pass


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_why_there_is_no_connection_is_told_in_our_words(number: int) -> None:
    words, why = REFUSED[number]
    assert refusal_of(f'connection failed: FATAL: {words} for "secret"') == why


def test_who_makes_a_store_waits_for_its_writers(tables: PostgresStore, server: Server) -> None:
    with tables.write_order("message", "A"), pytest.raises(Locked, match="dispute message A"):
        postgres.create(server.url(tables.address.schema), HEAD, force=True, lock_timeout=0.01)
    assert facts(tables) == []


def test_a_number_that_goes_back_within_an_order_is_found(tables: PostgresStore) -> None:
    fill(tables, commit(said(1, "B")), commit(said(2, "A")))
    with tables.write("x") as whole:
        later = commit(replace(said(1, "A"), at=after(2)), now=after(2))
        write(whole._link, [BEGIN, *statements(later, whole._tails_of(["A"])), COMMIT])
    assert [problem.message for problem in problems(tables) if problem.order] == ["event 2 has number 1, and the one before it 2"]


def test_signals_that_a_failed_write_held_back_are_let_go(tables: PostgresStore) -> None:
    fill(tables, commit(said(1), keys=(Key("k", "f", "x"),)))
    signals.drop()
    with tables.write("x") as whole, pytest.raises(ValueError, match="twice"):
        whole.append([commit(said(2), keys=(Key("k", "f", "x"),))])
    assert signals.hold()


def test_a_new_connection_that_breaks_at_once_is_not_tried_for_ever(tables: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(self: Link, *asked: object) -> None:
        raise Lost("gone")

    tables.close()
    tables.close()
    monkeypatch.setattr(Link, "ask", lost)
    with pytest.raises(StoreUnusable, match="gone"), tables.read():
        pass


def test_a_session_that_was_killed_has_let_go_of_its_locks(tables: PostgresStore, other: PostgresStore) -> None:
    with tables.write("batch") as whole:
        kill(other, whole._link.pid)
        with other.write("x"):
            pass
        with pytest.raises(StoreUnusable, match="nothing was changed"):
            whole.knows_policy("x")


@pytest.mark.parametrize("held", [False, True])
def test_a_backup_of_damaged_evidence_fails_and_leaves_nothing(tables: PostgresStore, tmp_path: Path, held: bool) -> None:
    with tables.write("x") as whole:
        whole.keep(b"png")
    spoil(tables, "UPDATE blobs SET data = 'gif'")
    signals.drop()
    if held:
        signals.hold()
    with pytest.raises(StoreUnusable, match="altered"):
        tables.backup(str(tmp_path / "copy.json"))
    with pytest.raises(FileExistsError, match="cannot be written"):
        tables.backup(str(tmp_path / "nowhere" / "copy.json"))
    assert (list(tmp_path.iterdir()), signals.hold()) == ([], not held)


def test_a_backup_that_is_asked_to_stop_leaves_nothing(tables: PostgresStore, tmp_path: Path) -> None:
    with tables.write("x") as whole:
        for data in (b"one", b"two"):
            whole.keep(data)
    signals.drop()
    with pytest.raises(KeyboardInterrupt):
        tables.backup(str(tmp_path / "copy.json"), copied=lambda done, of: signal.raise_signal(signal.SIGTERM))
    assert list(tmp_path.iterdir()) == []


def test_what_the_server_cannot_do_now_is_told_in_its_words(tables: PostgresStore) -> None:
    with tables._link(()) as (link, _):
        with pytest.raises(StoreUnusable, match="57014"):
            link.ask(("BEGIN", ()), ("SET LOCAL statement_timeout = 1", ()), ("SELECT pg_sleep(9)", ()))
        assert str(named(link, None)).startswith("another session holds postgresql://")


def test_a_backup_of_an_empty_store_is_an_empty_store(tables: PostgresStore, tmp_path: Path) -> None:
    tables.backup(str(tmp_path / "copy.json"))
    assert facts(JsonLogStore(str(tmp_path / "copy.json"))) == []


def test_who_waited_for_an_order_has_a_higher_number_than_who_had_it(tables: PostgresStore, server: Server) -> None:
    fill(tables, commit(said(1, "A")))
    waiting = PostgresStore(server.url(tables.address.schema), 60)
    numbers: list[int] = []

    def wait() -> None:
        with waiting.write_order("x", "A") as late:
            numbers.extend(late.draw_numbers(1))

    thread = Thread(target=wait)
    with tables.write_order("x", "A") as early:
        thread.start()
        watcher = Link(tables.address)
        while not watcher.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            pass
        numbers.extend(early.draw_numbers(5))
    thread.join()
    watcher.close()
    assert numbers == sorted(numbers) and len(numbers) == 6


def test_what_is_removed_of_a_copy_may_never_have_been_there(tmp_path: Path) -> None:
    export._remove(str(tmp_path / "copy.json"), str(tmp_path / "copy.json.d"))
    assert not list(tmp_path.iterdir())
